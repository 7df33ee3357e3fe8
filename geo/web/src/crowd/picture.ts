/** What one zoom shows of very many rows: piles, streams and hatched areas that add up to the rows that pass. World px. */

import { drawHatch } from "../draw/areas";
import type { Brush } from "../draw/brush";
import { Symbols } from "../draw/symbols";
import type { Ground } from "../layer/ground";
import type { Hatch } from "../layer/marks";
import { bow } from "../layout/bows";
import { around, inside, metresToPx, unit, type Point, type Rect } from "../layout/plane";
import type { SizeClass } from "../layout/frame";
import { Sprites } from "../many/paint";
import type { Mask } from "../many/rows";
import { stack, type Stacks } from "../many/stacks";
import { Bundles, exhaust, type Seen } from "./bundles";
import type { Drawing } from "./drawing";
import { drawDiscs, drawPiles, drawStreams, MOST, Numbers, roomOf, type Inks, type Single } from "./paint";
import { Heaps, type Gathered } from "./piles";
import { colourOf, Strokes, type Colour } from "./strokes";

/** So many discs are drawn at most: more would be one grey. */
const DISCS = 400;
/** Piles, or streams, between two chances to let go. */
const STEP = 150;
const RETRACTED = 3;
const OTHERS = 6;
/** How near a pointer must be to a stream. */
const NEAR = 6;

/** What stands on the map as one: `rows` are gathered only when somebody asks. */
export interface Pile {
  count: number;
  first: number;
  x: number;
  y: number;
  /** Half of what it covers. */
  r: number;
  rows(): Int32Array;
}
/** What a zoom shows, in numbers that add up: drawn + outside = pinned; flown + still + away = lines. */
export interface Sums { pinned: number; drawn: number; outside: number; lines: number; flown: number; still: number; away: number; areas: number }
export interface Hit extends Pile { parts: boolean }

/** A hatched area: rows of all answers that are drawn by one outline. */
interface Field { shape: string; at: Point; solid: boolean; /** Whatever the filter. */ all: number; count: number; first: number; slots: Uint32Array; strikes: number; crashes: number }

export class Picture {
  private readonly stacks: Stacks;
  private readonly first: Int32Array;
  private readonly bundles: Bundles;
  private readonly fields: Field[] = [];
  private readonly fieldOf: Int32Array;
  private readonly heaps: Heaps;
  /** Rows of each stack, and the first of them, whatever the filter. */
  private readonly whole: Uint32Array;
  private readonly starts: Int32Array;
  private mask: Mask = null;
  private piles: Gathered | null = null;
  private streams: Seen | null = null;
  /** Of what is painted. */
  private k = 0;
  private view: Rect | null = null;
  private stamped: { theme: Brush["theme"]; dpr: number; sprites: Sprites; slots: Colour[]; land: Colour } | null = null;
  private strokes: Strokes | null = null;
  private readonly symbols: Symbols;
  private readonly paths: readonly Path2D[];

  constructor(private readonly drawing: Drawing, symbols: readonly string[], private readonly hatch: Readonly<Record<string, 45 | 135>>) {
    this.symbols = new Symbols(symbols);
    this.paths = symbols.map((d) => new Path2D(d));
    const { n, spots, slot, status, areas } = drawing;
    // A retracted row is in the list only.
    const spot = drawing.spot.slice();
    for (let row = 0; row < n; row++) if (status[row] === RETRACTED) spot[row] = -1;
    this.stacks = stack(spots, { n, first: drawing.first, last: drawing.last, spot, slot });
    this.first = new Int32Array(this.stacks.size);
    this.heaps = new Heaps(this.stacks);
    this.bundles = new Bundles(drawing, (row) => status[row] !== RETRACTED);
    const byShape = new Map<string, number>();
    this.fieldOf = Int32Array.from(areas, ({ shape, solid, at }) => {
      let field = byShape.get(shape);
      if (field === undefined) {
        byShape.set(shape, (field = this.fields.length));
        this.fields.push({ shape, solid, at: unit(at), all: 0, count: 0, first: -1, slots: new Uint32Array(7), strikes: 0, crashes: 0 });
      }
      return field;
    });
    this.filter(null);
    this.whole = this.stacks.n.slice();
    this.starts = this.first.slice();
    for (const field of this.fields) field.all = field.count;
  }

  /** Whether there is anything to draw beneath the names: areas, or streams. */
  get flows(): boolean {
    return this.fields.length > 0 || this.bundles.size > 0;
  }

  /** Spots with an actor each: what piles are made of. */
  get size(): number {
    return this.stacks.size;
  }

  filter(mask: Mask): void {
    this.mask = mask;
    const { stacks, first, fields, fieldOf, drawing: { n, area, slot, kind, crash, strike, status } } = this;
    stacks.n.fill(0);
    first.fill(-1);
    let total = 0;
    const { of } = stacks;
    for (let row = 0; row < n; row++) {
      const s = of[row];
      if (s < 0 || (mask && !mask[row])) continue;
      if (!stacks.n[s]++) first[s] = row;
      total++;
    }
    stacks.total = total;
    for (const field of fields) {
      field.count = field.strikes = field.crashes = 0;
      field.first = -1;
      field.slots.fill(0);
    }
    if (fields.length) {
      for (let row = 0; row < n; row++) {
        if (area[row] < 0 || status[row] === RETRACTED || (mask && !mask[row])) continue;
        const field = fields[fieldOf[area[row]]];
        if (!field.count++) field.first = row;
        field.slots[slot[row]]++;
        if (kind[row] === crash) field.crashes++;
        else if (kind[row] === strike) field.strikes++;
      }
    }
    this.bundles.count(mask);
  }

  /** Paints in steps: areas and streams on the one, piles on the other; `sheet` is where there is a map. */
  *paint(below: Brush, b: Brush, ground: Ground, cls: SizeClass, sheet: Rect, lang: string): Generator<void, void> {
    const view: Rect = [b.left, b.top, b.left + b.width, b.top + b.height];
    const streams = yield* this.bundles.gather(b.k, view, sheet);
    yield;
    const piles = yield* this.heaps.gather(this.stacks.n, this.first, this.stacks.total, b.k, view, MOST[cls]);
    yield;
    yield* this.hatches(below, ground, cls);
    yield* drawStreams(below, streams, greatest(streams.n, streams.once), STEP, sheet, this.inks(below), this.fields.some(({ count }) => count > 0));
    this.discs(b, piles);
    const numbers = new Numbers(lang);
    yield* drawPiles(b, piles, { numbers, sprites: this.stamps(b).sprites, symbols: this.symbols, unit: piles.unit, step: STEP, single: (i) => this.single(piles, i) });
    // On a pile an area's number would be read as the pile's.
    const bare = (x: number, y: number): boolean => piles.x.every((px, i) => Math.hypot(px - x, piles.y[i] - y) > piles.d[i] / 2 + 2);
    for (const { at, count } of [...this.fields].sort((x, y) => y.count - x.count)) {
      if (count > 1 && bare(at.x * b.k, at.y * b.k)) numbers.write(b, count, at.x * b.k, at.y * b.k);
    }
    Object.assign(this, { piles, streams, k: b.k, view });
  }

  /** Symbols and colours of one look and density, made once. */
  private stamps(b: Brush): NonNullable<Picture["stamped"]> {
    const { theme, dpr } = b;
    if (this.stamped?.theme === theme && this.stamped.dpr === dpr) return this.stamped;
    return (this.stamped = { theme, dpr, sprites: new Sprites(this.paths, b), slots: theme.slots.map(colourOf), land: colourOf(theme.land) });
  }

  private inks(b: Brush): Inks {
    const { width, height } = b.ctx.canvas;
    if (this.strokes?.width !== width || this.strokes.height !== height) this.strokes = new Strokes(width, height);
    return { ...this.stamps(b), strokes: this.strokes };
  }

  /** How a pile of one row is drawn: by its status, with a question mark where no precision is stated. */
  private single(piles: Gathered, i: number): Single | null {
    if (piles.n[i] > 1) return null;
    const row = piles.firsts[i];
    const { status, notStated, place, kind, crash } = this.drawing;
    return { status: status[row], unknown: notStated[place[row]] === 1, crash: kind[row] === crash };
  }

  private *hatches(b: Brush, ground: Ground, cls: SizeClass): Generator<void, void> {
    for (const field of this.fields) {
      if (!field.count) continue;
      drawHatch(b, ground, this.hatched(field), cls, [-Infinity, -Infinity, Infinity, Infinity], { dim: false, strong: false });
      yield;
    }
  }

  private hatched(field: Field): Hatch {
    const slots = [...field.slots.keys()].filter((slot) => field.slots[slot]);
    const slot = slots.length === 1 && String(slots[0]) in this.hatch ? slots[0] : OTHERS;
    const ink = field.crashes === field.count;
    return { site: -1, ids: [], shape: field.shape, slot, angle: this.hatch[String(slot)] ?? 135, solid: field.solid, ink, quiet: !ink && !field.strikes };
  }

  /** The radius of what stands alone, where it is wider than its symbol. */
  private discs(b: Brush, piles: Gathered): void {
    if (piles.size > DISCS) return;
    const { radius, place, lat } = this.drawing;
    const discs = [];
    for (let i = 0; i < piles.size; i++) {
      if (piles.mixed[i]) continue;
      const metres = radius[place[piles.firsts[i]]];
      if (!(metres > 0)) continue;
      const r = metresToPx(metres, lat[piles.spot[i]], b.k);
      if (2 * r > piles.d[i] + 3) discs.push({ x: piles.x[i], y: piles.y[i], r });
    }
    if (discs.length) drawDiscs(b, discs);
  }

  /** What piles and the numbers of areas cover with no filter in a part of the plane: labels keep off them. */
  boxes(k: number, view: Rect, cls: SizeClass): Rect[] {
    const painted = !this.mask && this.k === k && this.view && covers(this.view, view) ? this.piles : null;
    const piles = painted ?? exhaust(this.heaps.gather(this.whole, this.starts, 0, k, view, MOST[cls]));
    const numbered = this.fields.filter(({ all }) => all > 1).map(({ at, all }) => roomOf(String(all).length, at.x * k, at.y * k));
    return [...Array.from({ length: piles.size }, (_, i) => around(piles.x[i], piles.y[i], piles.d[i] / 2)), ...numbered];
  }

  /** Where a row stands: its own spot, or its area's point. Null where the filter leaves it out. */
  spot(row: number, k: number): Point | null {
    const { stacks, drawing, fields, fieldOf, mask } = this;
    if (mask && !mask[row]) return null;
    const s = stacks.of[row];
    if (s >= 0) return { x: stacks.x[s] * k, y: stacks.y[s] * k };
    const area = drawing.area[row];
    return area < 0 || drawing.status[row] === RETRACTED ? null : scaledTo(fields[fieldOf[area]].at, k);
  }

  /** The pile that a row is painted in, else its own spot. */
  circle(row: number, k: number): Point & { r: number } | null {
    const { piles, stacks } = this;
    const at = this.spot(row, k);
    const s = stacks.of[row];
    const i = at && piles && s >= 0 && this.k === k ? piles.of(s) : -1;
    return i < 0 ? at && { ...at, r: 0 } : { x: piles!.x[i], y: piles!.y[i], r: piles!.d[i] / 2 };
  }

  /** What stands under a point: the nearest pile, else the nearest stream, else an area. */
  hit(p: Point, size: number, ground: Ground): Hit | null {
    const { piles } = this;
    if (!piles) return null;
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < piles.size; i++) {
      const d = Math.hypot(p.x - piles.x[i], p.y - piles.y[i]);
      if (d <= Math.max(size / 2, piles.d[i] / 2 + 2) && d < least) [least, best] = [d, i];
    }
    if (best >= 0) return { ...this.pile(best), parts: piles.mixed[best] === 1 };
    return this.streamAt(p) ?? this.fieldAt(p, ground);
  }

  private streamAt(p: Point): Hit | null {
    const { streams, bundles } = this;
    if (!streams) return null;
    let best = -1;
    let least = NEAR;
    for (let i = 0; i < streams.size; i++) {
      const d = fromBow(p, streams.fromX[i], streams.fromY[i], streams.toX[i], streams.toY[i], least);
      if (d < least) [least, best] = [d, i];
    }
    if (best < 0) return null;
    const stream = streams.same[best];
    const rows = (most?: number): Int32Array => bundles.rowsOf(streams, stream, this.mask, most);
    return { count: streams.n[best], first: rows(1)[0], x: p.x, y: p.y, r: 0, rows: () => rows(), parts: false };
  }

  private fieldAt(p: Point, ground: Ground): Hit | null {
    const at = { x: p.x / this.k, y: p.y / this.k };
    const under = this.fields.filter((field) => field.count && inside(ground.rings(`shape:${field.shape}`), at.x, at.y));
    // Of areas that lie in each other the smallest.
    const size = (field: Field): number => ground.rings(`shape:${field.shape}`).reduce((sum, { box }) => sum + (box[2] - box[0]) * (box[3] - box[1]), 0);
    const field = under.sort((a, b) => size(a) - size(b))[0];
    return field ? { ...this.areaPile(field), parts: false } : null;
  }

  private pile(i: number): Pile {
    const piles = this.piles!;
    return { count: piles.n[i], first: piles.firsts[i], x: piles.x[i], y: piles.y[i], r: piles.d[i] / 2,
      rows: () => this.rowsWhere((row) => this.stacks.of[row] >= 0 && piles.of(this.stacks.of[row]) === i) };
  }

  private areaPile(field: Field): Pile {
    const index = this.fields.indexOf(field);
    const { x, y } = scaledTo(field.at, this.k);
    const { area, status } = this.drawing;
    return { count: field.count, first: field.first, x, y, r: 0,
      rows: () => this.rowsWhere((row) => area[row] >= 0 && status[row] !== RETRACTED && this.fieldOf[area[row]] === index) };
  }

  private rowsWhere(test: (row: number) => boolean): Int32Array {
    const found: number[] = [];
    for (let row = 0; row < this.drawing.n; row++) if ((!this.mask || this.mask[row]) && test(row)) found.push(row);
    return Int32Array.from(found);
  }

  /** The piles and areas of a part of the plane, in the order of time. */
  list(view: Rect): Pile[] {
    const { piles } = this;
    if (!piles) return [];
    const found: Pile[] = [];
    for (let i = 0; i < piles.size; i++) {
      if (piles.x[i] >= view[0] && piles.x[i] <= view[2] && piles.y[i] >= view[1] && piles.y[i] <= view[3]) found.push(this.pile(i));
    }
    for (const field of this.fields) {
      const { x, y } = scaledTo(field.at, this.k);
      if (field.count && x >= view[0] && x <= view[2] && y >= view[1] && y <= view[3]) found.push(this.areaPile(field));
    }
    return found.sort((a, b) => a.first - b.first);
  }

  sums(): Sums {
    const { piles, streams } = this;
    return { pinned: this.stacks.total, drawn: sum(piles?.n, piles?.size), outside: piles?.outside ?? 0, lines: this.bundles.total,
      flown: sum(streams?.n, streams?.once), still: streams?.still ?? 0, away: streams?.outside ?? 0,
      areas: this.fields.reduce((all, { count }) => all + count, 0) };
  }
}

const covers = (a: Rect, b: Rect): boolean => a[0] <= b[0] && a[1] <= b[1] && a[2] >= b[2] && a[3] >= b[3];
const scaledTo = ({ x, y }: Point, k: number): Point => ({ x: x * k, y: y * k });

function greatest(n: Uint32Array, size: number): number {
  let most = 1;
  for (let i = 0; i < size; i++) if (n[i] > most) most = n[i];
  return most;
}

function sum(n: Uint32Array = new Uint32Array(), size = 0): number {
  let all = 0;
  for (let i = 0; i < size; i++) all += n[i];
  return all;
}

/** How far a point is from the bow between two others, to about a pixel; Infinity where that is beyond `near`. */
function fromBow(p: Point, ax: number, ay: number, bx: number, by: number, near: number): number {
  const chord = Math.hypot(bx - ax, by - ay);
  const air = chord / 8 + near;
  if (p.x < Math.min(ax, bx) - air || p.x > Math.max(ax, bx) + air || p.y < Math.min(ay, by) - air || p.y > Math.max(ay, by) + air) return Infinity;
  const out = 2 * bow(chord);
  const cx = (ax + bx) / 2 - (by - ay) * out;
  const cy = (ay + by) / 2 + (bx - ax) * out;
  let least = Infinity;
  const steps = Math.min(64, Math.max(4, Math.ceil(chord / 12)));
  let [qx, qy] = [ax, ay];
  for (let i = 1; i <= steps; i++) {
    const t = i / steps;
    const x = (1 - t) * (1 - t) * ax + 2 * t * (1 - t) * cx + t * t * bx;
    const y = (1 - t) * (1 - t) * ay + 2 * t * (1 - t) * cy + t * t * by;
    const [dx, dy] = [x - qx, y - qy];
    const s = Math.max(0, Math.min(1, ((p.x - qx) * dx + (p.y - qy) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(p.x - qx - s * dx, p.y - qy - s * dy));
    [qx, qy] = [x, y];
  }
  return least;
}
