/**
 * Which rows hold the words of a search, in any of their texts and in any language of the page.
 *
 * A value that many rows share is looked at once; what stands row by row is read a piece at a time, and what has been found so far
 * is shown meanwhile. Texts are folded once and kept, a piece as one string, so that a later search only looks through it.
 */

import { fold } from "../ui/query";
import { pause } from "./inflate";
import { decimals } from "./said";
import { tableOf, type Receipt, type Store } from "./store";

/** Rows of a piece, as they stand in the block. */
const PIECE = 1024;
const SLICE_MS = 16;
/** Until it first tells what it has found, and the longest that it then keeps quiet. */
const TELL_MS = 120;
const QUIET_MS = 1000;
/** Characters that are kept folded. */
const MOST_KEPT = 64_000_000;
/** A bit of a number each. */
const MOST_WORDS = 31;
/** Between two texts: no word of a reader's holds it. */
const APART = "\u0001";
const SPLIT = "\ua66e";
const TEXTS = ["title", "note", "against", "aircraft", "weapon"];
const NAMED: Record<string, string[]> = { date: ["said"], place: ["place", "where"], actor: ["name"], origins: ["said"], strikes: ["said"], killed: ["said"], aircraft_count: ["said"] };
/** What else of such a table is looked through, the same in every language. */
const PLAIN = ["edtf", "names"];

/** Texts as `fold` has each of them, in one string. */
export class Folded {
  private readonly whole: string;
  /** Where each text begins, and the end. */
  private readonly starts: Uint32Array;

  constructor(texts: readonly string[]) {
    this.starts = new Uint32Array(texts.length + 1);
    this.whole = asciiFolded(texts.join(APART), this.starts) ?? this.folded(texts);
  }

  private folded(texts: readonly string[]): string {
    const whole = fold(texts.join(SPLIT));
    if (this.part(whole, SPLIT)) return whole;
    // A text that holds what parts them is folded by itself.
    const apart = texts.map((text) => fold(text).split(SPLIT).join(" ")).join(APART);
    this.part(apart, APART);
    return apart;
  }

  /** Finds where each text begins; false where there are not as many as there should be. */
  private part(whole: string, by: string): boolean {
    const { starts } = this;
    const last = starts.length - 1;
    let at = 0;
    for (let i = 1; i < last; i++) {
      at = whole.indexOf(by, at) + 1;
      if (!at) return false;
      starts[i] = at;
    }
    starts[last] = whole.length + 1;
    return whole.indexOf(by, at) < 0;
  }

  get size(): number {
    return this.whole.length;
  }

  /** Sets `bit` in `bits[from + i]` for every text `i` that holds `word`. */
  mark(word: string, bit: number, bits: Uint32Array, from: number): void {
    const { whole, starts } = this;
    let text = 0;
    for (let at = whole.indexOf(word); at >= 0; at = whole.indexOf(word, starts[text])) {
      let [low, high] = [text, starts.length - 2];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= at) low = middle;
        else high = middle - 1;
      }
      bits[from + low] |= bit;
      text = low + 1;
      if (text > starts.length - 2) return;
    }
  }
}

const BLANK = 32;
const NEXT = APART.charCodeAt(0);
/** What `fold` makes of each ASCII character: a blank of what parts words, nothing of an apostrophe. */
const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code).toLowerCase();
  return code === NEXT || /[a-z0-9]/.test(letter) ? letter.charCodeAt(0) : /['`]/.test(letter) ? 0 : BLANK;
});

/** What `fold` makes of text without accents, many times as fast, and where each of its texts begins; null for any other. */
function asciiFolded(text: string, starts: Uint32Array): string | null {
  const bytes = new Uint8Array(text.length);
  const { read, written } = new TextEncoder().encodeInto(text, bytes);
  if (read !== text.length || written !== read) return null;
  const last = starts.length - 1;
  let at = 0;
  let texts = 0;
  for (let i = 0, before = 0; i < bytes.length; i++) {
    const folded = ASCII[bytes[i]];
    if (!folded || (folded === BLANK && before === BLANK)) continue;
    bytes[at++] = before = folded;
    if (folded === NEXT && ++texts < last) starts[texts] = at;
  }
  if (texts >= last) return null;
  starts[last] = at + 1;
  return new TextDecoder().decode(bytes.subarray(0, at));
}

/** Texts that rows share: by code, folded in pieces. */
interface Shared { codes: Int32Array; n: number; pieces: Folded[]; bits: Uint32Array }

export class Search {
  /** Rows that have been looked at, of all; null when no search is going on. */
  going: { n: number; total: number } | null = null;
  private asked = "";
  private found: Uint8Array | null = null;
  private shared: Shared[] | null = null;
  /** Columns that stand row by row, each with its folded pieces. */
  private columns: { name: string; pieces: (Folded | undefined)[] }[] = [];
  private kept = 0;
  private turn = 0;
  /** Nothing has had to be waited for yet: whoever asks gets what is found. */
  private asking = false;

  /** `progressed` is called when more has been found, and at the end. */
  constructor(private readonly store: Store, private readonly progressed: () => void) {}

  /** By row: 1 where all words have been found so far; null where nothing is searched for. A new text ends the search for the last. */
  ask(text: string): Uint8Array | null {
    const words = [...new Set(fold(text).split(" "))].filter(Boolean).slice(0, MOST_WORDS);
    const asked = words.join(" ");
    if (asked === this.asked) return this.found;
    this.asked = asked;
    const turn = ++this.turn;
    this.going = null;
    this.found = null;
    if (!words.length) return null;
    this.found = new Uint8Array(this.store.n);
    this.going = { n: 0, total: this.store.n };
    this.asking = true;
    void this.run(words, this.found, turn);
    this.asking = false;
    return this.found;
  }

  /** Looks through everything; the first slice before it returns, where all that it takes has been read. */
  private async run(words: readonly string[], found: Uint8Array, turn: number): Promise<void> {
    let until = performance.now() + SLICE_MS;
    const begun = performance.now();
    let told = begun;
    let wait = TELL_MS;
    /** False when a newer search has begun. */
    const rest = async (): Promise<boolean> => {
      await pause();
      until = performance.now() + SLICE_MS;
      return turn === this.turn;
    };
    if (!this.shared) {
      const shared = await this.read();
      if (turn !== this.turn) return;
      this.shared = shared;
      until = performance.now() + SLICE_MS;
    }
    const all = 2 ** words.length - 1;
    for (const { pieces, bits } of this.shared) {
      bits.fill(0);
      for (let i = 0; i < pieces.length; i++) {
        words.forEach((word, w) => pieces[i].mark(word, 1 << w, bits, i * PIECE));
        if (performance.now() > until && !(await rest())) return;
      }
    }
    const { n } = this.store;
    const bits = new Uint32Array(PIECE);
    for (let from = 0; from < n; from += PIECE) {
      const to = Math.min(n, from + PIECE);
      bits.fill(0);
      for (const { codes, bits: of } of this.shared) {
        for (let i = from; i < to; i++) if (codes[i] >= 0) bits[i - from] |= of[codes[i]];
      }
      // The next piece is inflated, which is not this thread's work, while this one is folded.
      const ahead = this.columns.filter(({ pieces }) => !pieces[to / PIECE]).map(({ name }) => name);
      if (to < n) this.store.block.ready("rows", ahead, [to]).catch(() => undefined);
      for (const column of this.columns) {
        const piece = column.pieces[from / PIECE] ?? (await this.piece(column, from, to));
        if (turn !== this.turn) return;
        words.forEach((word, w) => piece.mark(word, 1 << w, bits, 0));
      }
      for (let i = from; i < to; i++) if (bits[i - from] === all) found[i] = 1;
      this.going = { n: to, total: n };
      const now = performance.now();
      if (now <= until) continue;
      if (now - told > wait) {
        this.progressed();
        told = performance.now();
        wait = Math.min(QUIET_MS, 2 * wait);
      }
      if (!(await rest())) return;
    }
    this.going = null;
    if (!this.asking) this.progressed();
  }

  private async piece(column: { name: string; pieces: (Folded | undefined)[] }, from: number, to: number): Promise<Folded> {
    const { block } = this.store;
    await block.ready("rows", [column.name], [from]);
    const texts: string[] = [];
    for (let row = from; row < to; row++) texts.push(String(block.text("rows", column.name, row) ?? ""));
    const piece = new Folded(texts);
    if ((this.kept += piece.size) < MOST_KEPT) column.pieces[from / PIECE] = piece;
    return piece;
  }

  /** What rows share, folded. */
  private async read(): Promise<Shared[]> {
    const { store } = this;
    const { block, payload } = store;
    const shared: Shared[] = [];
    const add = async (codes: Int32Array, texts: readonly string[]): Promise<void> => {
      const pieces: Folded[] = [];
      for (let from = 0; from < texts.length; from += PIECE) {
        pieces.push(new Folded(texts.slice(from, from + PIECE)));
        await pause();
      }
      shared.push({ codes, n: texts.length, pieces, bits: new Uint32Array(texts.length) });
    };
    this.columns = [];
    const names = [...TEXTS.flatMap((text) => store.tonguesOf(text).map((code) => `${text}@${code}`)), "id", "time", "quote", "mission", ...payload.crowd.columns.map((header) => `x:${header}`)];
    for (const name of names) {
      const form = block.form("rows", name);
      if (form === "codes") await add(await block.codes("rows", name), (await block.values("rows", name)).map((value) => String(value ?? "")));
      else if (form) this.columns.push({ name, pieces: [] });
    }
    for (const [column, said] of Object.entries(NAMED)) {
      const table = tableOf(column);
      if (!block.has("rows", column) || !block.n(table)) continue;
      const texts = new Array<string>(block.n(table)).fill("");
      for (const name of [...payload.languages.flatMap(({ code }) => said.map((one) => `${one}@${code}`)), ...PLAIN]) {
        if (!block.has(table, name)) continue;
        const values = await block.all(table, name);
        values.forEach((value, i) => {
          const text = Array.isArray(value) ? (value[0] as string) : (value as string | null);
          if (text && !texts[i].includes(text)) texts[i] += `\n${text}`;
        });
        await pause();
      }
      await add(await block.codes("rows", column), texts);
    }
    if (block.has("rows", "receipts")) {
      const lists = (await block.all("receipts", "list")) as (Receipt[] | null)[];
      await add(await block.codes("rows", "receipts"), lists.map((list) => (list ?? []).map(told).join("\n")));
    }
    for (const name of ["kind", "status"] as const) {
      const { values, of } = store.facets[name];
      const said = (value: string): string => payload.languages.map(({ code }) => payload.strings[code]?.[`${name}.${value}`] ?? "").map((one) => (typeof one === "string" ? one : one[0])).join("\n");
      await add(of, values.map(said));
    }
    await this.unnamed(add);
    return shared;
  }

  /** A place that has no name is called by its coordinates. */
  private async unnamed(add: (codes: Int32Array, texts: readonly string[]) => Promise<void>): Promise<void> {
    const { block, payload, drawing: { place, spot, lat }, lon } = this.store;
    const named = new Uint8Array(block.n("places"));
    for (const { code } of payload.languages) {
      if (block.has("places", `place@${code}`)) (await block.all("places", `place@${code}`)).forEach((value, i) => { if (value !== null) named[i] = 1; });
    }
    if (named.every((is) => is)) return;
    const texts: string[] = [];
    for (let i = 0; i < lon.length; i++) {
      texts.push(`${decimals(lat[i])} ${decimals(lon[i])}`);
      if (!(i % PIECE)) await pause();
    }
    await add(spot.map((at, row) => (named[place[row]] ? -1 : at)), texts);
  }
}

/** All that a receipt says. */
function told({ source, quote, publisher, title, translation, url, archived }: Receipt): string {
  const texts = [publisher, title, translation].flatMap((text) => (typeof text === "object" ? Object.values(text) : text ?? []));
  return [source, quote, url, archived, ...texts].filter(Boolean).join("\n");
}
