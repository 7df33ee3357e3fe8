/** The rows of a crowd: what drawing and filters need is decoded at once, everything else when it is asked for. */

import { unit } from "../layout/plane";
import { NO_DAY, NOWHERE } from "../many/rows";
import type { LonLat } from "../payload";
import type { FacetName } from "../ui/state";
import type { Block } from "./block";
import type { Drawing } from "./drawing";
import { pause, tired } from "./inflate";
import type { CrowdPayload } from "./payload";

/** Values by name, in the order of their codes; `of`: the code of each row. */
export interface Facet { values: string[]; of: Int32Array }

export const OUTSIDE = 2;
export const AREA = 1;
const STATUSES = ["declared", "reported", "contested", "retracted"];
export const RETRACTED = STATUSES.indexOf("retracted");
/** Who has no symbol of their own. */
export const OTHERS = 6;
const INK = 7;
/** Columns of the rows that are decoded at once. */
const EAGER = new Set(["date", "place", "spot", "outcome", "kind", "status", "precision", "actor", "stated", "number"]);
/** Tables that a row leads to, with what a card says of them in each language. */
const LINKED: Record<string, string[]> = {
  date: ["said", "certainty"], place: ["place", "where", "precisely", "local", "how"], actor: ["name"], strikes: ["said"], killed: ["said"],
  aircraft_count: ["said"], origins: ["said"], receipts: [],
};
const TABLES: Record<string, string> = { date: "dates", place: "places", actor: "actors" };
/** As much of it as a line of the list shows. */
const IN_LINE: Record<string, string[]> = { date: ["said"], place: ["place"], actor: ["name"] };
const PLAIN = ["list", "names"];

export const tableOf = (column: string): string => TABLES[column] ?? column;

/** What a text is asked of that has not been read yet. */
export const NOT_READY = new Error("not ready");

/** How much of a row: what its mark is called by, its line in the list, or all of it. */
export type Depth = "mark" | "line" | "card";

async function rest(): Promise<void> {
  if (tired()) await pause();
}

/** Where lines begin whose rows name one origin each. */
async function rowsOrigins(block: Block, rows: Int32Array): Promise<Int32Array> {
  const [origins, from] = [await block.codes("rows", "origins"), await block.codes("origins", "from")];
  return rows.map((row) => from[origins[row]]);
}

export class Store {
  readonly n: number;
  /** Languages of the columns of a text, by its name. */
  private readonly tongues = new Map<string, string[]>();
  private readonly known = new Set<string>();
  /** Hash of every id, where these have to be read; null until then. */
  private hashes: Int32Array | null = null;
  private numbers: Float64Array = new Float64Array();

  private constructor(readonly block: Block, readonly payload: CrowdPayload, readonly drawing: Drawing, readonly facets: Record<FacetName, Facet>,
    /** Row of `dates` of each row. */
    readonly date: Int32Array, readonly days: { first: Int32Array; last: Int32Array }, readonly lon: Float64Array,
    /** Row of `positions` of each of `places`, −1 for what has none of its own. */
    readonly positions: Int32Array) {
    this.n = drawing.n;
    for (const column of block.columns("rows")) {
      const at = column.indexOf("@");
      if (at > 0 && !column.startsWith("x:")) this.tongues.set(column.slice(0, at), [...(this.tongues.get(column.slice(0, at)) ?? []), column.slice(at + 1)]);
    }
  }

  /** Rejects with one plain sentence where the data is damaged. */
  static async open(block: Block, payload: CrowdPayload): Promise<Store> {
    const n = block.n("rows");
    const none = (): Int32Array => new Int32Array(n).fill(-1);
    const codes = async (column: string): Promise<Int32Array> => (block.has("rows", column) ? block.codes("rows", column) : none());
    const [date, place, spot, outcomes, kinds, statuses, precisions, actors] = [await codes("date"), await codes("place"), await codes("spot"), await codes("outcome"),
      await codes("kind"), await codes("status"), await codes("precision"), await codes("actor")];
    const days = { first: Int32Array.from(await ints(block, "dates", "first")), last: Int32Array.from(await ints(block, "dates", "last")) };
    const texts = async (table: string, column: string): Promise<string[]> => (block.has(table, column) ? (await block.all(table, column)) as string[] : []);
    const ids = await texts("actors", "id");
    const slots = Uint8Array.from(await ints(block, "actors", "slot"));
    const kindValues = (await block.values("rows", "kind")) as string[];
    const statusValues = (await block.values("rows", "status")) as string[];
    const [crash, strike] = ["crash", "strike"].map((kind) => kindValues.indexOf(kind));
    const statusOf = Uint8Array.from(statusValues, (name) => Math.max(0, STATUSES.indexOf(name)));
    const drawing: Drawing = {
      n, spot, place, crash, strike, first: new Int32Array(n), last: new Int32Array(n), slot: new Uint8Array(n), tone: new Uint8Array(n), outcome: new Uint8Array(n),
      status: new Uint8Array(n), kind: new Uint8Array(n), spots: { n: 0, x: new Float64Array(), y: new Float64Array() }, lat: new Float64Array(),
      radius: Float32Array.from(await ints(block, "places", "radius")), notStated: Uint8Array.from(await texts("places", "precision"), (name) => (name === "not stated" ? 1 : 0)),
      flights: { n: 0, row: new Int32Array(), from: new Int32Array() }, areas: [], area: none(),
    };
    await rest();
    for (let i = 0; i < n; i++) {
      drawing.first[i] = date[i] < 0 ? NO_DAY : days.first[date[i]];
      drawing.last[i] = date[i] < 0 ? NO_DAY : days.last[date[i]];
    }
    await rest();
    for (let i = 0; i < n; i++) {
      const slot = actors[i] < 0 ? OTHERS : slots[actors[i]];
      drawing.slot[i] = slot;
      drawing.tone[i] = kinds[i] === crash ? INK : slot;
    }
    await rest();
    for (let i = 0; i < n; i++) {
      drawing.outcome[i] = outcomes[i];
      drawing.kind[i] = kinds[i];
      drawing.status[i] = statusOf[statuses[i]];
    }
    await rest();
    const [lon, lat] = [await ints(block, "positions", "lon"), await ints(block, "positions", "lat")];
    const [west, , east] = payload.frame.bounds;
    const middle = (west + east) / 2;
    drawing.lat = lat;
    drawing.spots = { n: lon.length, x: new Float64Array(lon.length), y: new Float64Array(lon.length) };
    for (let i = 0; i < lon.length; i++) {
      const { x, y } = unit([turned(lon[i], middle), lat[i]]);
      drawing.spots.x[i] = x;
      drawing.spots.y[i] = y;
      if (!(i & 0xffff)) await rest();
    }
    const positions = block.has("places", "position") ? await block.codes("places", "position") : new Int32Array(block.n("places")).fill(-1);
    if (block.has("places", "shape")) {
      const shapes = await texts("places", "shape");
      const solid = await ints(block, "places", "solid");
      const index = new Map<string, number>();
      const areaOf = Int32Array.from(shapes, (shape, answer) => {
        if (!shape) return -1;
        let area = index.get(shape);
        if (area === undefined) {
          index.set(shape, (area = drawing.areas.length));
          const at = positions[answer];
          const where: LonLat = at < 0 ? [middle, 0] : [turned(lon[at], middle), lat[at]];
          drawing.areas.push({ shape, at: where, solid: Boolean(solid[answer]), answer });
        }
        return area;
      });
      for (let i = 0; i < n; i++) if (outcomes[i] === AREA && drawing.status[i] !== RETRACTED) drawing.area[i] = areaOf[place[i]];
    }
    if (block.n("flights")) {
      const row = Int32Array.from(await block.ints("flights", "row"));
      const from = block.has("flights", "from") ? await block.codes("flights", "from") : await rowsOrigins(block, row);
      drawing.flights = { n: row.length, row, from };
    }
    await rest();
    const actor = actors.some((code) => code < 0) ? { values: [...ids, ""], of: actors.map((code) => (code < 0 ? ids.length : code)) } : { values: ids, of: actors };
    const facets = { actor, kind: { values: kindValues, of: kinds }, status: { values: statusValues, of: statuses },
      precision: { values: (await block.values("rows", "precision")) as string[], of: precisions } };
    const store = new Store(block, payload, drawing, facets, date, days, lon, positions);
    if (!block.has("rows", "id")) store.numbers = await block.ints("rows", "number");
    else if (block.form("rows", "id") === "numbered") await block.ready("rows", ["id"], [0]);
    return store;
  }

  // ---- Ids

  /** Empty where it has not been read yet. */
  id(row: number): string {
    if (!this.block.has("rows", "id")) return `r${this.numbers[row]}`;
    try {
      return this.block.text("rows", "id", row) as string;
    } catch {
      return "";
    }
  }

  /** The row of an id, −1 for none, or for one that has not been read yet. */
  row(id: string): number {
    if (!this.block.has("rows", "id")) return /^r\d+$/.test(id) ? this.numbers.indexOf(+id.slice(1)) : -1;
    const { hashes } = this;
    const asked = hash(id);
    for (let row = 0; row < this.n; row++) if ((!hashes || hashes[row] === asked) && this.id(row) === id) return row;
    return -1;
  }

  /** Reads what `row` needs; of ids that are numbers nothing. */
  async indexed(): Promise<void> {
    if (this.hashes || !this.block.has("rows", "id") || this.block.form("rows", "id") === "numbered") return;
    const hashes = new Int32Array(this.n);
    for (let row = 0; row < this.n; row++) {
      if (!(row & 1023)) {
        await this.block.ready("rows", ["id"], [row]);
        await rest();
      }
      hashes[row] = hash(this.id(row));
    }
    this.hashes = hashes;
  }

  // ---- What is read when it is asked for

  /** A cell; null for none. Throws `NOT_READY`. */
  cell(table: string, column: string, row: number): unknown {
    if (row < 0 || !this.block.has(table, column)) return null;
    try {
      return this.block.text(table, column, row);
    } catch {
      throw NOT_READY;
    }
  }

  /** The row of another table that a row leads to, −1 for none. */
  link(row: number, column: string): number {
    if (column === "date") return this.date[row];
    if (column === "place") return this.drawing.place[row];
    return (this.cell("rows", column, row) as number | null) ?? -1;
  }

  /** Languages that a text of the rows is there in. */
  tonguesOf(name: string): readonly string[] {
    return this.tongues.get(name) ?? [];
  }

  /** Whether a line, or a card, can be written. */
  holds(row: number, depth: Depth, lang: string): boolean {
    return this.known.has(`${depth} ${lang} ${row}`);
  }

  /** Resolves when the lines, or the cards, of rows can be written in a language. */
  async ready(rows: ArrayLike<number>, depth: Depth, lang: string): Promise<void> {
    const wanted = Array.from(rows).filter((row) => !this.holds(row, depth, lang));
    if (!wanted.length) return;
    const { block } = this;
    const own = depth === "card" ? block.columns("rows").filter((column) => !EAGER.has(column)) : depth === "mark" ? ["time"]
      : ["id", ...this.tonguesOf("title").map((code) => `title@${code}`), "time"];
    await block.ready("rows", [...own, "actor"], wanted);
    const links = depth === "card" ? LINKED : IN_LINE;
    await Promise.all(Object.entries(links).filter(([column]) => block.has("rows", column)).map(async ([column, names]) => {
      const table = tableOf(column);
      const there = new Set(wanted.map((row) => this.link(row, column)).filter((at) => at >= 0));
      await block.ready(table, [...names.map((name) => `${name}@${lang}`), ...PLAIN], there);
      if (column === "receipts") {
        const days = [...there].flatMap((at) => this.receiptsAt(at).flatMap(({ published, accessed }) => [published, accessed])).filter((day): day is number => day !== undefined);
        await block.ready("said", [`published@${lang}`, `accessed@${lang}`], days);
      }
    }));
    for (const row of wanted) this.known.add(`${depth} ${lang} ${row}`);
  }

  receiptsAt(at: number): readonly Receipt[] {
    return (this.cell("receipts", "list", at) as Receipt[] | null) ?? [];
  }

  /** The file's further columns, under their own headers. */
  extras(row: number): [header: string, value: string][] {
    return this.payload.crowd.columns.flatMap((header): [string, string][] => {
      const value = this.cell("rows", `x:${header}`, row);
      return value === null ? [] : [[header, String(value)]];
    });
  }

  /** Rows at the spot, or in the area, of one, itself included. */
  here(row: number): number[] {
    const { spot, area, status, n } = this.drawing;
    const [by, at] = spot[row] !== NOWHERE ? [spot, spot[row]] : [area, area[row]];
    const found: number[] = [];
    if (at >= 0) for (let i = 0; i < n; i++) if (by[i] === at && status[i] !== RETRACTED) found.push(i);
    return found;
  }
}

/** As `geo/render/crowd/rows.py` writes it: texts in the table's language, or by language. */
export interface Receipt {
  source: string;
  publisher?: string | Record<string, string>;
  title?: string | Record<string, string>;
  translation?: string | Record<string, string>;
  /** Rows of `said`. */
  published?: number;
  accessed?: number;
  url?: string;
  archived?: string;
  source_language?: string;
  quote?: string;
  language?: string;
}

async function ints(block: Block, table: string, column: string): Promise<Float64Array> {
  return block.has(table, column) ? block.ints(table, column) : new Float64Array(block.n(table)).fill(NaN);
}

/** A longitude on the turn of the globe that has `middle` at its middle. */
function turned(lon: number, middle: number): number {
  return lon - 360 * Math.round((lon - middle) / 360);
}

function hash(text: string): number {
  let h = 7;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return h;
}

