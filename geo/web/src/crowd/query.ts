/** Which rows pass a filter, and every number that the page writes of them: one pass over the rows' codes. */

import { NO_DAY } from "../many/rows";
import { SECTION_OF } from "../ui/line";
import { FACETS, type FacetName, type State } from "../ui/state";
import type { Search } from "./search";
import type { Store } from "./store";

/** One bit for each facet that leaves a row out. */
const BIT: Record<FacetName, number> = { actor: 1, kind: 2, status: 4, precision: 8 };
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

/** Rows that do not differ in any of several codes are of one sort. */
class Sorts {
  /** Sort of each row. */
  readonly of: Int32Array;
  /** A row of each sort. */
  rows: number[] = [];

  constructor(n: number, columns: readonly { of: ArrayLike<number>; size: number }[]) {
    this.of = new Int32Array(n);
    let sorts = 1;
    for (const { of, size } of columns) sorts = this.part(of, size, sorts);
  }

  /** Parts every sort by one more code; gives the number of sorts. */
  private part(codes: ArrayLike<number>, size: number, sorts: number): number {
    const { of } = this;
    const dense = sorts * size <= 2 ** 22;
    const table = new Int32Array(dense ? sorts * size : 0).fill(-1);
    const index = new Map<number, number>();
    const rows: number[] = [];
    for (let i = 0; i < of.length; i++) {
      const key = of[i] * size + codes[i];
      let sort = dense ? table[key] : index.get(key) ?? -1;
      if (sort < 0) {
        sort = rows.push(i) - 1;
        if (dense) table[key] = sort;
        else index.set(key, sort);
      }
      of[i] = sort;
    }
    this.rows = rows;
    return rows.length;
  }
}

export class Query {
  readonly size: number;
  /** Place in the list of each row, and the row at each place. */
  readonly place: Int32Array;
  readonly row: Int32Array;
  private readonly section: Uint8Array;
  private readonly sorts: Sorts;

  /** `of`: what the legend tells rows apart by. */
  constructor(private readonly store: Store, private readonly search: Search, private readonly of: Uint16Array) {
    const { n, outcome } = store.drawing;
    this.size = n;
    this.section = outcome.map((of) => SECTION_OF[of]);
    const sizes = [0, 0, 0];
    for (let i = 0; i < n; i++) sizes[this.section[i]]++;
    const next = [0, sizes[0], sizes[0] + sizes[1]];
    this.place = new Int32Array(n);
    this.row = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      const place = next[this.section[i]]++;
      this.place[i] = place;
      this.row[place] = i;
    }
    this.sorts = new Sorts(n, [...FACETS.map((name) => ({ of: store.facets[name].of, size: store.facets[name].values.length })),
      { of: this.section, size: sizes.length }, { of, size: 1 << 16 }]);
  }

  run(state: State): Found {
    const { store: { date, days, facets, drawing: { tone } }, size, section, place, sorts } = this;
    /** By date: 1 for what the period leaves out. */
    const late = new Uint8Array(days.first.length);
    if (state.from !== null || state.to !== null) for (let d = 0; d < late.length; d++) if (!inTime(days.first[d], days.last[d], state)) late[d] = 1;
    const text = this.search.ask(state.text);
    const unwanted = FACETS.map((name) => this.unwanted(name, state.chosen[name]));
    const bits = Uint8Array.from(sorts.rows, (row) => FACETS.reduce((all, name, f) => all | unwanted[f][facets[name].of[row]], 0));
    const mask = new Uint8Array(size);
    const timeless = new Uint32Array(late.length * TONES);
    const dates = new Uint32Array(late.length);
    /** Of each sort, the rows that pass dates and text. */
    const left = new Uint32Array(bits.length);
    const of = sorts.of;
    let shown = 0;
    for (let i = 0; i < size; i++) {
      if (text && !text[i]) continue;
      const day = date[i];
      const sort = of[i];
      const bit = bits[sort];
      if (!bit) timeless[TONES * day + tone[i]]++;
      if (late[day]) continue;
      left[sort]++;
      if (bit) continue;
      mask[i] = 1;
      shown++;
      dates[day]++;
    }
    const counts = Object.fromEntries(FACETS.map((name) => [name, new Uint32Array(facets[name].values.length)])) as Found["counts"];
    const classes = new Uint32Array(1 << 16);
    const sections = [0, 0, 0];
    sorts.rows.forEach((row, sort) => {
      if (!bits[sort]) {
        sections[section[row]] += left[sort];
        classes[this.of[row]] += left[sort];
      }
      for (const name of FACETS) if (!(bits[sort] & ~BIT[name])) counts[name][facets[name].of[row]] += left[sort];
    });
    const rows = new Int32Array(shown);
    const next = [0, sections[0], sections[0] + sections[1]];
    for (let i = 0; i < size; i++) if (mask[i]) rows[next[section[i]]++] = place[i];
    return { mask, rows, sections, classes, timeless, dates, counts };
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
