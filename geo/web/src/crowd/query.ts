/** Which rows pass a filter, and every number that the page writes of them: one pass over the rows' codes. */

import { NO_DAY } from "../many/rows";
import { SECTION_OF } from "../ui/line";
import { FACETS, type FacetName, type State } from "../ui/state";
import { classes } from "./legend";
import type { Search } from "./search";
import type { Store } from "./store";

/** One bit for each reason to leave a row out. */
const TIME = 1;
const TEXT = 2;
const BIT: Record<FacetName, number> = { actor: 4, kind: 8, status: 16, precision: 32 };
const [ACTOR, KIND, STATUS, PRECISION] = FACETS.map((name) => 63 - BIT[name]);
/** Colours of a timeline's blocks. */
export const TONES = 8;

export interface Found {
  /** By row: 1 for one that passes. */
  mask: Uint8Array;
  /** Places in the list of what passes, ascending. */
  rows: Int32Array;
  /** Of each facet's values, the rows that have it and pass all the other filters. */
  counts: Record<FacetName, Uint32Array>;
  /** Rows that pass, by section of the list. */
  sections: number[];
  /** Rows that pass, by the class that the legend counts. */
  classes: Uint32Array;
  /** Rows that pass everything but the dates: `TONES * date + tone`. */
  timeless: Uint32Array;
  /** Rows that pass, by date. */
  dates: Uint32Array;
}

export class Query {
  readonly size: number;
  /** Place in the list of each row, and the row at each place. */
  readonly place: Int32Array;
  readonly row: Int32Array;
  private readonly section: Uint8Array;
  private readonly starts: number[] = [];
  /** What the legend tells rows apart by. */
  private readonly of: Uint16Array;

  constructor(private readonly store: Store, private readonly search: Search) {
    const { n, outcome } = store.drawing;
    this.size = n;
    this.of = classes(store);
    this.section = outcome.map((of) => SECTION_OF[of]);
    const sizes = [0, 0, 0];
    for (let i = 0; i < n; i++) sizes[this.section[i]]++;
    let start = 0;
    for (const size of sizes) {
      this.starts.push(start);
      start += size;
    }
    this.place = new Int32Array(n);
    this.row = new Int32Array(n);
    const next = this.starts.slice();
    for (let i = 0; i < n; i++) {
      const place = next[this.section[i]]++;
      this.place[i] = place;
      this.row[place] = i;
    }
  }

  run(state: State): Found {
    const { store, size, section, place, of } = this;
    const { actor, kind, status, precision } = store.facets;
    const { tone } = store.drawing;
    const { date, days } = store;
    const [a, k, s, p] = FACETS.map((name) => this.unwanted(name, state.chosen[name]));
    const [aOf, kOf, sOf, pOf] = [actor.of, kind.of, status.of, precision.of];
    const [aCount, kCount, sCount, pCount] = FACETS.map((name) => new Uint32Array(store.facets[name].values.length));
    const t = new Uint8Array(days.first.length);
    if (state.from !== null || state.to !== null) for (let d = 0; d < t.length; d++) if (!inTime(days.first[d], days.last[d], state)) t[d] = TIME;
    const text = this.search.ask(state.text);
    const mask = new Uint8Array(size);
    const legend = new Uint32Array(1 << 16);
    const timeless = new Uint32Array(t.length * TONES);
    const dates = new Uint32Array(t.length);
    const sections = [0, 0, 0];
    let shown = 0;
    for (let i = 0; i < size; i++) {
      const day = date[i];
      const [ai, ki, si, pi] = [aOf[i], kOf[i], sOf[i], pOf[i]];
      const out = t[day] | a[ai] | k[ki] | s[si] | p[pi] | (text && !text[i] ? TEXT : 0);
      if (!out) {
        mask[i] = 1;
        shown++;
        sections[section[i]]++;
        legend[of[i]]++;
        dates[day]++;
      }
      if (!(out & ~TIME)) timeless[TONES * day + tone[i]]++;
      if (!(out & ACTOR)) aCount[ai]++;
      if (!(out & KIND)) kCount[ki]++;
      if (!(out & STATUS)) sCount[si]++;
      if (!(out & PRECISION)) pCount[pi]++;
    }
    const rows = new Int32Array(shown);
    const next = [0, sections[0], sections[0] + sections[1]];
    for (let i = 0; i < size; i++) if (mask[i]) rows[next[section[i]]++] = place[i];
    return { mask, rows, sections, classes: legend, timeless, dates, counts: { actor: aCount, kind: kCount, status: sCount, precision: pCount } };
  }

  /** By value: the facet's bit for what was not chosen. */
  private unwanted(name: FacetName, chosen: readonly string[]): Uint8Array {
    const { values } = this.store.facets[name];
    const wanted = new Set(chosen);
    return Uint8Array.from(values, (value) => (wanted.size && !wanted.has(value) ? BIT[name] : 0));
  }
}

/** Dates that span the limits pass, and open ones that may; the undated do not. */
function inTime(first: number, last: number, { from, to }: State): boolean {
  if (first === NO_DAY && last === NO_DAY) return false;
  return !(from !== null && last !== NO_DAY && last < from) && !(to !== null && first !== NO_DAY && first > to);
}
