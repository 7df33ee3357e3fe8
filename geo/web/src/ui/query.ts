/** Which events pass a filter: counted on the table of events, whatever of it stands in the document. */

import type { EventTable, Payload } from "../payload";
import { FACETS, type FacetName, type State } from "./state";

/** One bit for each reason to leave an event out. */
const TIME = 1;
const TEXT = 2;
const BIT: Record<FacetName, number> = { actor: 4, kind: 8, status: 16, precision: 32 };

export interface Found {
  /** Rows that pass, in order. */
  rows: number[];
  ids: Set<string>;
  /** Of each facet's values, the events that have it and pass all the other filters. */
  counts: Record<FacetName, number[]>;
  /** Rows that pass everything but the dates. */
  timeless: number[];
}

const LETTERS: Record<string, string> = {
  ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", æ: "ae", œ: "oe", ß: "ss", і: "и", є: "е", ґ: "г", э: "е", ъ: "", ь: "", ў: "у",
  ة: "ه", ۀ: "ه", ە: "ه", ہ: "ه", ھ: "ه", ى: "ي", ی: "ي", ې: "ي", ٱ: "ا", ء: "", ـ: "", ک: "ك", گ: "ك", پ: "ب", چ: "ج", ژ: "ز", ڤ: "ف",
};
const SWAPPED = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
/** Decimal digits of Arabic, Persian and Devanagari writing, by their zero. */
const DIGIT = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g;

/** `text` without what a reader would not call a difference: case, accents, vowel signs, apostrophes, variants of a letter. */
export function fold(text: string): string {
  return text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/\p{M}|['’‘`´ʿʾʻʼʽ]/gu, "").replace(SWAPPED, (c) => LETTERS[c])
    .replace(DIGIT, (c) => String((c.charCodeAt(0) - (c > "\u0900" ? 6 : 0)) & 15)).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** Keys of an event's texts that are searched. */
const SEARCHED = ["title", "place", "where", "who", "against", "aircraft", "weapon", "origin", "note"];

export class Query {
  readonly table: EventTable;
  /** Every event's words, folded; made when somebody first searches. */
  private words: string[] | null = null;

  constructor(private readonly payload: Payload) {
    this.table = payload.events;
  }

  get size(): number {
    return this.table.id.length;
  }

  run(state: State): Found {
    const { table, size } = this;
    const out = new Uint8Array(size);
    if (state.from !== null || state.to !== null) for (let i = 0; i < size; i++) if (!this.inTime(i, state)) out[i] |= TIME;
    const asked = fold(state.text).split(" ").filter(Boolean);
    if (asked.length) {
      const words = this.searchable();
      for (let i = 0; i < size; i++) if (!asked.every((word) => words[i].includes(word))) out[i] |= TEXT;
    }
    for (const name of FACETS) {
      const chosen = state.chosen[name];
      if (!chosen.length) continue;
      const { values, of } = table[name];
      const kept = values.map((value) => chosen.includes(value));
      for (let i = 0; i < size; i++) if (!kept[of[i]]) out[i] |= BIT[name];
    }
    const found: Found = { rows: [], ids: new Set(), timeless: [],
      counts: Object.fromEntries(FACETS.map((name) => [name, table[name].values.map(() => 0)])) as Found["counts"] };
    for (let i = 0; i < size; i++) {
      if (!out[i]) {
        found.rows.push(i);
        found.ids.add(table.id[i]);
      }
      if (!(out[i] & ~TIME)) found.timeless.push(i);
      for (const name of FACETS) if (!(out[i] & ~BIT[name])) found.counts[name][table[name].of[i]]++;
    }
    return found;
  }

  /** Dates that span the limits pass, and open ones that may; the undated do not. */
  private inTime(row: number, { from, to }: State): boolean {
    const [first, last] = [this.table.first[row], this.table.last[row]];
    if (first === null && last === null) return false;
    return !(from !== null && last !== null && last < from) && !(to !== null && first !== null && first > to);
  }

  /** Titles, places, actors, notes and quotes in every language of the page, with all known names of the place. */
  searchable(): string[] {
    if (this.words) return this.words;
    const { payload, table } = this;
    const names = table.names.map((all) => fold(all.join("\n")));
    const all = Object.values(payload.strings);
    this.words = table.id.map((_, i) => {
      const said = new Set<string>();
      for (const strings of all) {
        for (const key of SEARCHED) {
          const text = strings[`e${i + 1}.${key}`];
          if (text) said.add(typeof text === "string" ? text : text[0]);
        }
      }
      return `${fold([...said, ...table.quotes[i]].join("\n"))} ${names[table.place[i]]}`;
    });
    return this.words;
  }
}
