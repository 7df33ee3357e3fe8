/** The columns of a story's timeline: a block an event. */

import type { EventTable } from "../payload";
import type { Found } from "./query";
import { LEFT_OUT, PALE, type Bars, type Counted } from "./timeline";

/** `pale`: it may lie in several bins; or one end of its date is open, and it may lie in any bin `before` or `after`. */
interface Block { row: number; tone: number; first: number; last: number; pale: boolean; before: boolean; after: boolean }

export class Blocks implements Bars<Found> {
  private readonly blocks: Block[] = [];
  private readonly loose: { row: number; tone: number }[] = [];
  /** Rows that pass everything but the dates. */
  private timeless: ReadonlySet<number> = new Set();

  constructor({ first, last, tone }: EventTable, private readonly size: number, bin: (day: number) => number) {
    tone.forEach((of, row) => {
      const [begin, end] = [first[row] ?? last[row], last[row] ?? first[row]];
      if (begin === null || end === null) this.loose.push({ row, tone: of });
      else {
        const [low, high] = [bin(begin), bin(end)];
        const [before, after] = [first[row] === null, last[row] === null];
        this.blocks.push({ row, tone: of, first: low, last: high, pale: low !== high || before || after, before, after });
      }
    });
  }

  keep({ timeless }: Found): void {
    this.timeless = new Set(timeless);
  }

  holds(bin: number): boolean {
    return this.blocks.some(({ row, first, last }) => first <= bin && bin <= last && this.timeless.has(row));
  }

  columns(low: number, high: number, brushed: boolean): Map<number, number>[] {
    const columns = Array.from({ length: this.size + 1 }, () => new Map<number, number>());
    const add = (column: Map<number, number>, key: number): unknown => column.set(key, (column.get(key) ?? 0) + 1);
    for (const { row, tone, pale, before, after, ...block } of this.blocks) {
      if (!this.timeless.has(row)) continue;
      // An open date that the period takes in stands at the edge that is nearer.
      const first = before && block.first > high ? high : after && block.last < low ? low : block.first;
      for (let i = first; i <= first + block.last - block.first; i++) add(columns[i], (pale ? PALE : 0) + (i < low || i > high ? LEFT_OUT : tone));
    }
    for (const { row, tone } of this.loose) if (this.timeless.has(row)) add(columns[this.size], brushed ? LEFT_OUT : tone);
    return columns;
  }

  count({ rows }: Found, low: number, high: number): Counted {
    const bins = new Array<number>(this.size).fill(0);
    const shown = new Set(rows);
    for (const { row, first } of this.blocks) if (shown.has(row)) bins[Math.max(low, Math.min(high, first))]++;
    return { bins, undated: this.loose.filter(({ row }) => shown.has(row)).length };
  }
}
