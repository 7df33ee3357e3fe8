/** The columns of a crowd's timeline, from counts by date and colour. */

import { NO_DAY } from "../many/rows";
import { LEFT_OUT, PALE, type Bars, type Counted } from "../ui/timeline";
import { TONES, type Found } from "./query";
import type { Store } from "./store";

const UNDATED = -1;

export class CrowdBars implements Bars<Found> {
  /** By date: first and last bin, and whether an end is open. */
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  private readonly open: Uint8Array;
  private timeless: Uint32Array = new Uint32Array();

  constructor({ days }: Store, private readonly size: number, bin: (day: number) => number) {
    const n = days.first.length;
    this.first = new Int32Array(n).fill(UNDATED);
    this.last = new Int32Array(n).fill(UNDATED);
    this.open = new Uint8Array(n);
    for (let d = 0; d < n; d++) {
      const [first, last] = [days.first[d], days.last[d]];
      if (first === NO_DAY && last === NO_DAY) continue;
      this.first[d] = bin(first === NO_DAY ? last : first);
      this.last[d] = bin(last === NO_DAY ? first : last);
      this.open[d] = first === NO_DAY ? 1 : last === NO_DAY ? 2 : 0;
    }
  }

  keep({ timeless }: Found): void {
    this.timeless = timeless;
  }

  holds(bin: number): boolean {
    const { first, last, timeless } = this;
    for (let d = 0; d < first.length; d++) {
      if (first[d] < 0 || first[d] > bin || last[d] < bin) continue;
      for (let tone = 0; tone < TONES; tone++) if (timeless[TONES * d + tone]) return true;
    }
    return false;
  }

  columns(low: number, high: number, brushed: boolean): Map<number, number>[] {
    const { size, first, last, open, timeless } = this;
    const wide = 2 * PALE;
    const counts = new Uint32Array((size + 1) * wide);
    for (let d = 0; d < first.length; d++) {
      for (let tone = 0; tone < TONES; tone++) {
        const some = timeless[TONES * d + tone];
        if (!some) continue;
        if (first[d] < 0) {
          counts[size * wide + (brushed ? LEFT_OUT : tone)] += some;
          continue;
        }
        // An open date that the period takes in stands at the edge that is nearer.
        const from = open[d] === 1 && first[d] > high ? high : open[d] === 2 && last[d] < low ? low : first[d];
        const pale = open[d] || first[d] !== last[d] ? PALE : 0;
        for (let i = from; i <= from + last[d] - first[d]; i++) counts[i * wide + pale + (i < low || i > high ? LEFT_OUT : tone)] += some;
      }
    }
    return Array.from({ length: size + 1 }, (_, i) => {
      const column = new Map<number, number>();
      for (let key = 0; key < wide; key++) if (counts[i * wide + key]) column.set(key, counts[i * wide + key]);
      return column;
    });
  }

  count({ dates }: Found, low: number, high: number): Counted {
    const bins = new Array<number>(this.size).fill(0);
    let undated = 0;
    for (let d = 0; d < dates.length; d++) {
      if (this.first[d] < 0) undated += dates[d];
      else bins[Math.max(low, Math.min(high, this.first[d]))] += dates[d];
    }
    return { bins, undated };
  }
}
