/** Which rows pass a filter, and every number that the page writes of them: one pass over the rows' codes. */

import { NO_DAY } from "../many/rows";
import { SECTION_OF } from "../ui/line";
import { FACETS, type FacetName, type State } from "../ui/state";
import { pause, tired } from "./inflate";
import { classes } from "./legend";
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

/** What rows are looked up by, the same under every filter. */
export interface Orders {
  /** Place in the list of each row, and the row at each place. */
  place: Int32Array;
  row: Int32Array;
  /** Section of the list of each row. */
  section: Uint8Array;
  /** What the legend tells rows apart by. */
  explained: Uint16Array;
  /** Rows that do not differ in facets, section and legend are of one sort. */
  sort: Int32Array;
  /** A row of each sort. */
  samples: number[];
}

const rest = async (): Promise<void> => {
  if (tired()) await pause();
};

export async function orders(store: Store): Promise<Orders> {
  const { n, outcome } = store.drawing;
  const explained = classes(store);
  await rest();
  const section = outcome.map((of) => SECTION_OF[of]);
  const sizes = [0, 0, 0];
  for (let i = 0; i < n; i++) sizes[section[i]]++;
  const next = [0, sizes[0], sizes[0] + sizes[1]];
  const [place, row] = [new Int32Array(n), new Int32Array(n)];
  for (let i = 0; i < n; i++) {
    const at = next[section[i]]++;
    place[i] = at;
    row[at] = i;
  }
  const sort = new Int32Array(n);
  let samples: number[] = [0];
  for (const name of FACETS) {
    await rest();
    samples = part(sort, store.facets[name].of, store.facets[name].values.length, samples.length);
  }
  await rest();
  samples = part(sort, section, sizes.length, samples.length);
  await rest();
  samples = part(sort, explained, 1 << 16, samples.length);
  return { place, row, section, explained, sort, samples };
}

/** Parts every sort by one more code of its rows; gives a row of each. */
function part(sort: Int32Array, codes: ArrayLike<number>, size: number, sorts: number): number[] {
  const dense = sorts * size <= 2 ** 22;
  const table = new Int32Array(dense ? sorts * size : 0).fill(-1);
  const index = new Map<number, number>();
  const rows: number[] = [];
  for (let i = 0; i < sort.length; i++) {
    const key = sort[i] * size + codes[i];
    let of = dense ? table[key] : index.get(key) ?? -1;
    if (of < 0) {
      of = rows.push(i) - 1;
      if (dense) table[key] = of;
      else index.set(key, of);
    }
    sort[i] = of;
  }
  return rows;
}

export class Query {
  readonly size: number;

  constructor(private readonly store: Store, private readonly search: Search, readonly orders: Orders) {
    this.size = store.n;
  }

  run(state: State): Found {
    const { store: { date, days, facets, drawing: { tone } }, size, orders: { section, place, sort: of, samples, explained } } = this;
    /** By date: 1 for what the period leaves out. */
    const late = new Uint8Array(days.first.length);
    if (state.from !== null || state.to !== null) for (let d = 0; d < late.length; d++) if (!inTime(days.first[d], days.last[d], state)) late[d] = 1;
    const text = this.search.ask(state.text);
    const unwanted = FACETS.map((name) => this.unwanted(name, state.chosen[name]));
    const bits = Uint8Array.from(samples, (row) => FACETS.reduce((all, name, f) => all | unwanted[f][facets[name].of[row]], 0));
    const mask = new Uint8Array(size);
    const timeless = new Uint32Array(late.length * TONES);
    const dates = new Uint32Array(late.length);
    /** Of each sort, the rows that pass dates and text. */
    const left = new Uint32Array(bits.length);
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
    const legend = new Uint32Array(1 << 16);
    const sections = [0, 0, 0];
    samples.forEach((row, sort) => {
      if (!bits[sort]) {
        sections[section[row]] += left[sort];
        legend[explained[row]] += left[sort];
      }
      for (const name of FACETS) if (!(bits[sort] & ~BIT[name])) counts[name][facets[name].of[row]] += left[sort];
    });
    const rows = new Int32Array(shown);
    const next = [0, sections[0], sections[0] + sections[1]];
    for (let i = 0; i < size; i++) if (mask[i]) rows[next[section[i]]++] = place[i];
    return { mask, rows, sections, classes: legend, timeless, dates, counts };
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
