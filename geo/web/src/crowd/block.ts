/** Tables of columns as they stand in a page, inert text that `geo/render/crowd/block.py` writes. A column costs nothing until it is asked for. */

import { bytesOf, damaged, inflated, pause, tired } from "./inflate";

/** Where a segment stands: characters from the first after the head's line, and how many. */
type Spot = [offset: number, length: number];

interface Codes { is: "codes"; at: Spot; w: number; by?: string; new?: 1; of?: string; list?: unknown[]; values?: Spot[]; size?: number }
interface Integers { is: "ints"; at: Spot; w: number; delta?: 1; none?: 1; scale?: number }
interface Floats { is: "floats"; at: Spot }
interface Texts { is: "texts"; at: Spot[]; like?: string }
interface Numbered { is: "numbered"; at: Spot; w: number; delta?: 1; none?: 1; prefix: string; pad: number }
export type Column = Codes | Integers | Floats | Texts | Numbered;
/** How a column is stored; texts may be any of "codes", "texts" and "numbered". */
export type Form = Column["is"];

interface Table { n: number; columns: Record<string, Column> }

/** Of a column: its codes, its numbers, all its values, or a chunk of texts or of values by its number. */
type Part = "codes" | "ints" | "values" | number;
/** What of a column was asked for, and what of it is there: what `text` reads from. */
interface Known { asked: Map<Part, Promise<unknown>>; here: Map<Part, unknown> }

/** Rows of one segment of texts, and values of one of a dictionary. */
const CHUNK = 1024;
const MANY = 4096;
const MOST_ROWS = 20_000_000;
/** The most that DEFLATE can make of a byte, and a little for its end. */
const RATIO = 1032;
const SLACK = 64;
/** Inflated bytes of one segment of texts. */
const MOST_TEXT = 256_000_000;
/** Integers up to it are exact, as zigzag of a difference, too. */
const EXACT = 2 ** 51;
/** Rows between two looks at the clock: a millisecond or less. */
const STEP = 65_536;

/** Throws with one plain sentence on whatever does not add up. */
export class Block {
  private readonly tables = new Map<string, { n: number; columns: Map<string, Column> }>();

  private readonly known = new Map<Column, Known>();

  private constructor(private readonly segments: string, tables: Record<string, Table>) {
    for (const [name, table] of Object.entries(tables)) {
      if (!whole(table.n, MOST_ROWS) || !isObject(table.columns)) throw damaged();
      const columns = new Map(Object.entries(table.columns));
      for (const column of columns.values()) this.check(column, table.n, columns, tables);
      this.tables.set(name, { n: table.n, columns });
    }
  }

  /** The text of the element that holds the rows. Nothing is inflated yet. */
  static parse(text: string): Block {
    const end = text.indexOf("\n");
    if (end < 0) throw damaged();
    let head: { v: unknown; tables: Record<string, Table> };
    try {
      head = JSON.parse(text.slice(0, end)) as typeof head;
    } catch {
      throw damaged();
    }
    if (!isObject(head) || head.v !== 1 || !isObject(head.tables)) throw damaged();
    return new Block(text.slice(end + 1), head.tables);
  }

  /** Rows of a table, 0 where there is none. */
  n(table: string): number {
    return this.tables.get(table)?.n ?? 0;
  }

  has(table: string, column: string): boolean {
    return this.tables.get(table)?.columns.has(column) ?? false;
  }

  /** Names of a table's columns, as they were written. */
  columns(table: string): string[] {
    return [...(this.tables.get(table)?.columns.keys() ?? [])];
  }

  /** How a column is stored, null where there is none. */
  form(table: string, column: string): Form | null {
    return this.tables.get(table)?.columns.get(column)?.is ?? null;
  }

  /** Numbers from 0 into `values`, or rows of another table; −1 is none. */
  async codes(table: string, column: string): Promise<Int32Array> {
    const told = this.column(table, column);
    return this.once("codes", told, async () => {
      if (told.is !== "codes") throw new Error(`${table}.${column} has no codes`);
      const by = told.by === undefined ? null : await this.codes(table, told.by);
      return decodedCodes(await this.planes(told.at, this.n(table), told.w), told.w, Boolean(told.new), by, this.most(told));
    });
  }

  /** Numbers by row; NaN is none. */
  async ints(table: string, column: string): Promise<Float64Array> {
    const told = this.column(table, column);
    return this.once("ints", told, async () => {
      const n = this.n(table);
      if (told.is === "floats") return decodedFloats(await this.planes(told.at, n, 8), n);
      if (told.is !== "ints" && told.is !== "numbered") throw new Error(`${table}.${column} has no numbers`);
      const scale = told.is === "ints" ? told.scale ?? 1 : 1;
      return decodedInts(await this.planes(told.at, n, told.w), n, told, scale);
    });
  }

  /** The values that codes stand for. */
  async values(table: string, column: string): Promise<unknown[]> {
    const told = this.column(table, column);
    return this.once("values", told, async () => {
      if (told.is !== "codes" || !(told.list || told.values)) throw new Error(`${table}.${column} has no values`);
      if (told.list) return told.list;
      const parts = await Promise.all(told.values!.map((_, part) => this.part(told, part)));
      return parts.flat();
    });
  }

  /** Resolves when `text` answers for these rows in these columns; a column that is not there is passed over. */
  async ready(table: string, columns: readonly string[], rows: Iterable<number>): Promise<void> {
    const wanted = [...rows];
    await Promise.all(columns.filter((column) => this.has(table, column)).map((column) => this.readied(table, column, wanted)));
  }

  /** The value of one row, null for none. Throws where `ready` has not resolved for it. */
  text(table: string, column: string, row: number): unknown {
    const told = this.column(table, column);
    if (!(row >= 0 && row < this.n(table))) throw new Error(`${table} has no row ${row}`);
    if (told.is === "texts") return (this.found(Math.floor(row / CHUNK), told) as unknown[])[row % CHUNK];
    if (told.is === "codes") {
      const code = (this.found("codes", told) as Int32Array)[row]!;
      if (!told.list && !told.values) return code < 0 ? null : code;
      if (code < 0) return null;
      return told.list ? told.list[code] : (this.found(Math.floor(code / MANY), told) as unknown[])[code % MANY];
    }
    const number = (this.found("ints", told) as Float64Array)[row]!;
    if (Number.isNaN(number)) return null;
    return told.is === "numbered" ? told.prefix + String(number).padStart(told.pad, "0") : number;
  }

  /** The values of every row. */
  async all(table: string, column: string): Promise<unknown[]> {
    const told = this.column(table, column);
    const n = this.n(table);
    const out: unknown[] = new Array(n);
    if (told.is === "codes" && told.values) await this.values(table, column);
    for (let from = 0; from < n; from += CHUNK) {
      // Texts are inflated one chunk after the other: nobody waits for a chunk alone.
      await this.readied(table, column, [from]);
      for (let row = from; row < Math.min(n, from + CHUNK); row++) out[row] = this.text(table, column, row);
      if (tired()) await pause();
    }
    return out;
  }

  private async readied(table: string, column: string, rows: readonly number[]): Promise<void> {
    const told = this.column(table, column);
    if (told.is === "texts") {
      const chunks = new Set(rows.map((row) => Math.floor(row / CHUNK)));
      await Promise.all(Array.from(chunks, (chunk) => this.chunk(table, told, chunk)));
    } else if (told.is === "codes") {
      const codes = await this.codes(table, column);
      if (!told.values) return;
      const parts = new Set<number>();
      for (const row of rows) if (codes[row]! >= 0) parts.add(Math.floor(codes[row]! / MANY));
      await Promise.all(Array.from(parts, (part) => this.part(told, part)));
    } else await this.ints(table, column);
  }

  private chunk(table: string, told: Texts, chunk: number): Promise<unknown[]> {
    return this.once(chunk, told, async () => {
      const values = await this.json(told.at[chunk], Math.min(CHUNK, this.n(table) - chunk * CHUNK));
      if (told.like === undefined) return values;
      const others = await this.chunk(table, this.column(table, told.like) as Texts, chunk);
      return values.map((value, i) => likened(value, others[i]));
    });
  }

  private part(told: Codes, part: number): Promise<unknown[]> {
    return this.once(part, told, () => this.json(told.values![part], Math.min(MANY, told.size! - part * MANY)));
  }

  private column(table: string, column: string): Column {
    const found = this.tables.get(table)?.columns.get(column);
    if (!found) throw new Error(`there is no ${table}.${column}`);
    return found;
  }

  private once<T>(part: Part, told: Column, make: () => Promise<T>): Promise<T> {
    let known = this.known.get(told);
    if (!known) this.known.set(told, known = { asked: new Map(), here: new Map() });
    const { asked, here } = known;
    let found = asked.get(part) as Promise<T> | undefined;
    if (!found) {
      found = make().then((made) => {
        here.set(part, made);
        return made;
      });
      asked.set(part, found);
    }
    return found;
  }

  private found(part: Part, told: Column): unknown {
    const found = this.known.get(told)?.here.get(part);
    if (found === undefined) throw new Error("a value was asked for before it was ready");
    return found;
  }

  /** The first code that there is no value for. */
  private most(told: Codes): number {
    if (told.of !== undefined) return this.n(told.of);
    return told.list?.length ?? told.size ?? 2 ** 31 - 1;
  }

  private planes([offset, length]: Spot, n: number, w: number): Promise<Uint8Array> {
    return inflated(this.segments, offset, length, n * w, true);
  }

  /** A JSON array of so many values. */
  private async json(spot: Spot | undefined, size: number): Promise<unknown[]> {
    if (!spot) throw new Error("there is no such row");
    const [offset, length] = spot;
    const bytes = await inflated(this.segments, offset, length, Math.min(MOST_TEXT, bytesOf(length) * RATIO + SLACK), false);
    let found: unknown;
    try {
      found = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch {
      throw damaged();
    }
    if (!Array.isArray(found) || found.length !== size) throw damaged();
    return found;
  }

  /** Refuses a column before memory is taken for it: `n` must be what its segment can hold. */
  private check(column: Column, n: number, columns: Map<string, Column>, tables: Record<string, Table>): void {
    if (!isObject(column)) throw damaged();
    const within = (spot: unknown): spot is Spot =>
      Array.isArray(spot) && whole(spot[0], this.segments.length) && whole(spot[1], this.segments.length - spot[0]);
    const holds = (spot: unknown, w: unknown, most: number): void => {
      if (!within(spot) || !whole(w, most) || w < 1 || n * w > bytesOf(spot[1]) * RATIO + SLACK) throw damaged();
    };
    const segmented = (spots: unknown, size: number, each: number): boolean =>
      Array.isArray(spots) && spots.length === Math.ceil(size / each) && spots.every(within);
    switch (column.is) {
      case "codes":
        holds(column.at, column.w, 4);
        if (!leads(column, "by", columns)) throw damaged();
        if (column.of !== undefined && !isObject(tables[column.of])) throw damaged();
        if (column.list !== undefined && !Array.isArray(column.list)) throw damaged();
        if (column.values === undefined) return;
        if (!whole(column.size, MOST_ROWS) || !segmented(column.values, column.size, MANY)) throw damaged();
        return;
      case "ints":
        holds(column.at, column.w, 7);
        if (column.scale !== undefined && (!whole(column.scale, 1e9) || column.scale < 1)) throw damaged();
        return;
      case "numbered":
        holds(column.at, column.w, 7);
        if (typeof column.prefix !== "string" || !whole(column.pad, 20)) throw damaged();
        return;
      case "floats":
        return holds(column.at, 8, 8);
      case "texts":
        if (!segmented(column.at, n, CHUNK) || !leads(column, "like", columns)) throw damaged();
        return;
      default:
        throw damaged();
    }
  }
}

function isObject(told: unknown): boolean {
  return typeof told === "object" && told !== null && !Array.isArray(told);
}

function whole(told: unknown, most: number): told is number {
  return Number.isInteger(told) && (told as number) >= 0 && (told as number) <= most;
}

/** Whether what a column is read from leads to one of its kind that stands alone. */
function leads(column: Column, key: "by" | "like", columns: Map<string, Column>): boolean {
  let at: { is: string; by?: string; like?: string } | undefined = column;
  for (let steps = 0; at?.is === column.is && steps < columns.size; steps++) {
    if (at[key] === undefined) return true;
    at = columns.get(at[key]!);
  }
  return false;
}

/** Stands in a text for the text of the column that its own is `like`. */
const PLACE = "\x7f";

function likened(value: unknown, other: unknown): unknown {
  if (typeof value === "string") {
    if (!value.includes(PLACE)) return value;
    const text: unknown = Array.isArray(other) ? other[0] : other;
    if (typeof text !== "string") throw damaged();
    return value.replace(PLACE, () => text);
  }
  if (value === null) return null;
  if (Array.isArray(value) && value.length === 1) return value[0];
  if (value !== 0) throw damaged();
  return other;
}

/** Calls `each` with ranges that cover 0 to `n`, resting between them. What is hot in it keeps to its own variables. */
async function inSteps(n: number, each: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < n; from += STEP) {
    if (tired()) await pause();
    each(from, Math.min(n, from + STEP));
  }
}

/** What is known of codes between two steps. */
interface Sofar { unseen: number; wrong: boolean }

async function decodedCodes(planes: Uint8Array, w: number, fresh: boolean, by: Int32Array | null, most: number): Promise<Int32Array> {
  const n = planes.length / w;
  const out = new Int32Array(n);
  let known = 0;
  if (by) for (let i = 0; i < n; i++) if (by[i]! >= known) known = by[i]! + 1;
  // One more at the start: rows without a code foretell too.
  const last = by && new Int32Array(known + 1).fill(-1);
  const sofar: Sofar = { unseen: 0, wrong: false };
  await inSteps(n, (from, to) => {
    stored(out, planes, n, w, from, to);
    if (by) foretold(out, from, to, fresh, by, last!, most, sofar);
    else told(out, from, to, fresh, most, sofar);
  });
  if (sofar.wrong) throw damaged();
  return out;
}

/** Numbers of up to four planes. */
function stored(out: Int32Array, planes: Uint8Array, n: number, w: number, from: number, to: number): void {
  for (let i = from; i < to; i++) out[i] = planes[i]!;
  for (let p = 1; p < w; p++) {
    for (let i = from, at = p * n + from; i < to; i++, at++) out[i]! |= planes[at]! << (8 * p);
  }
}

function told(out: Int32Array, from: number, to: number, fresh: boolean, most: number, sofar: Sofar): void {
  let { unseen, wrong } = sofar;
  for (let i = from; i < to; i++) {
    const number = out[i]!;
    const code = number === 0 ? -1 : fresh ? unseen + 1 - number : number - 1;
    if (code >= most || (code < 0 && number !== 0)) wrong = true;
    if (code >= unseen) unseen = code + 1;
    out[i] = code;
  }
  Object.assign(sofar, { unseen, wrong });
}

function foretold(out: Int32Array, from: number, to: number, fresh: boolean, by: Int32Array, last: Int32Array, most: number, sofar: Sofar): void {
  let { unseen, wrong } = sofar;
  for (let i = from; i < to; i++) {
    const number = out[i]! - 1;
    const cell = by[i]! + 1;
    const code = number === -1 ? last[cell]! : number === 0 ? -1 : fresh ? unseen + 1 - number : number - 1;
    if (code >= most || (code < 0 && number > 0) || number < -1) wrong = true;
    if (code >= unseen) unseen = code + 1;
    out[i] = last[cell] = code;
  }
  Object.assign(sofar, { unseen, wrong });
}

async function decodedInts(planes: Uint8Array, n: number, { w, delta, none }: Integers | Numbered, scale: number): Promise<Float64Array> {
  const out = new Float64Array(n);
  const sofar = { before: 0, wrong: false };
  await inSteps(n, (from, to) => {
    for (let i = from; i < to; i++) out[i] = planes[i]!;
    for (let p = 1, unit = 256; p < w; p++, unit *= 256) {
      for (let i = from, at = p * n + from; i < to; i++, at++) out[i]! += planes[at]! * unit;
    }
    unzigzag(out, from, to, Boolean(delta), none ? 1 : 0, scale, sofar);
  });
  if (sofar.wrong) throw damaged();
  return out;
}

function unzigzag(out: Float64Array, from: number, to: number, delta: boolean, less: number, scale: number, sofar: { before: number; wrong: boolean }): void {
  let { before, wrong } = sofar;
  for (let i = from; i < to; i++) {
    const z = out[i]! - less;
    if (z < 0) {
      out[i] = NaN;
      continue;
    }
    const half = Math.floor(z / 2);
    const number = z === 2 * half ? half : -half - 1;
    before = delta ? before + number : number;
    if (Math.abs(before) > EXACT) wrong = true;
    out[i] = before / scale;
  }
  Object.assign(sofar, { before, wrong });
}

async function decodedFloats(planes: Uint8Array, n: number): Promise<Float64Array> {
  const out = new Float64Array(n);
  const bytes = new DataView(out.buffer);
  await inSteps(n, (from, to) => {
    for (let i = from; i < to; i++) {
      for (let p = 0; p < 8; p++) bytes.setUint8(8 * i + p, planes[p * n + i]!);
      out[i] = bytes.getFloat64(8 * i, true);
    }
  });
  return out;
}
