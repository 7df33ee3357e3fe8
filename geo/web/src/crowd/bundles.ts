/** Flights that share both ends and an actor are one route; at each zoom routes whose ends are near each other are one stream. */

import { meets, unit, type Point, type Rect } from "../layout/plane";
import type { Streams } from "../many/routes";
import type { Mask } from "../many/rows";
import type { Drawing } from "./drawing";
import { Numbered } from "./numbered";

const SLOTS = 7;
/** Ends within one cell of this size, in CSS px, belong together; where that leaves too many lines in view, cells grow. */
const CELL = 24;
const WIDEST_CELL = 400;
const WIDER = 1.7;
const MOST_IN_VIEW = 200;
/** Routes between two chances to let go. */
const STEP = 8192;
/** Zooms whose bundles are kept. */
const KEPT = 12;
/** A bow leaves the box of its ends by an eighth of its length at most. */
const AIR = 1 / 8;

/** Streams to draw: one that leaves the sheet at its side is there once more, on the sheet's other side. */
export interface Seen extends Streams {
  /** Streams without those second drawings, which stand after them. */
  once: number;
  /** The stream of each drawing. */
  same: Int32Array;
  /** Bundle of each route at this zoom, −1 where it starts and ends in one cell; and stream of each bundle, −1 outside the asked part. */
  bundle: Int32Array;
  stream: Int32Array;
}

interface Level { of: Int32Array; size: number; slot: Uint8Array }

export class Bundles {
  readonly size: number;
  /** Flights whose row passes. */
  total = 0;
  private readonly fromX: Float64Array;
  private readonly fromY: Float64Array;
  private readonly toX: Float64Array;
  private readonly toY: Float64Array;
  private readonly slot: Uint8Array;
  private readonly n: Uint32Array;
  /** Route of each flight, −1 where its target has no point. */
  private readonly of: Int32Array;
  private readonly rows: Int32Array;
  /** Flights that pass but have no point to end at. */
  private nowhere = 0;
  private readonly levels = new Map<string, Level>();

  /** `counts` says which rows are drawn at all. */
  constructor(drawing: Drawing, private readonly counts: (row: number) => boolean) {
    const { flights, spots, spot, area, areas, slot } = drawing;
    this.rows = flights.row;
    this.of = new Int32Array(flights.n).fill(-1);
    const known = new Numbered(flights.n);
    const first: number[] = [];
    // An area is flown to at its own point.
    const target = (row: number): number => (spot[row] >= 0 ? spot[row] : area[row] >= 0 ? spots.n + area[row] : -1);
    for (let f = 0; f < flights.n; f++) {
      const row = flights.row[f];
      const to = target(row);
      if (to < 0) continue;
      this.of[f] = known.of(flights.from[f] * SLOTS + slot[row], to);
      if (known.size > first.length) first.push(f);
    }
    const size = this.size = first.length;
    this.fromX = new Float64Array(size);
    this.fromY = new Float64Array(size);
    this.toX = new Float64Array(size);
    this.toY = new Float64Array(size);
    this.slot = new Uint8Array(size);
    this.n = new Uint32Array(size);
    first.forEach((f, i) => {
      const row = flights.row[f];
      const from = flights.from[f];
      const to = target(row);
      const [x, y] = to < spots.n ? [spots.x[to], spots.y[to]] : pair(unit(areas[to - spots.n].at));
      this.toX[i] = x;
      this.toY[i] = y;
      // The short way round: an origin over ±180 stands on the target's side of it.
      this.fromX[i] = spots.x[from] + Math.round(x - spots.x[from]);
      this.fromY[i] = spots.y[from];
      this.slot[i] = slot[row];
    });
    this.count(null);
  }

  count(mask: Mask): void {
    const { n, of, rows } = this;
    n.fill(0);
    this.total = this.nowhere = 0;
    for (let f = 0; f < of.length; f++) {
      const row = rows[f];
      if ((mask && !mask[row]) || !this.counts(row)) continue;
      this.total++;
      if (of[f] < 0) this.nowhere++;
      else n[of[f]]++;
    }
  }

  /** The streams of a zoom that a part of the plane may show (world px, when the world is `k` px wide); `sheet` is where there is a map. */
  *gather(k: number, view: Rect, sheet: Rect): Generator<void, Seen> {
    const level = yield* this.level(k, view);
    const { of, size } = level;
    const [fx, fy, tx, ty] = Array.from({ length: 4 }, () => new Float64Array(size));
    const n = new Uint32Array(size);
    let still = 0;
    for (let i = 0; i < this.size; i++) {
      const some = this.n[i];
      if (!some) continue;
      if (i % (2 * STEP) === 2 * STEP - 1) yield;
      const s = of[i];
      if (s < 0) {
        still += some;
        continue;
      }
      n[s] += some;
      fx[s] += this.fromX[i] * some;
      fy[s] += this.fromY[i] * some;
      tx[s] += this.toX[i] * some;
      ty[s] += this.toY[i] * some;
    }
    yield;
    let once = 0;
    let outside = this.nowhere;
    const stream = new Int32Array(size).fill(-1);
    const slots = level.slot.slice();
    const beyond: [stream: number, shift: number][] = [];
    for (let s = 0; s < size; s++) {
      if (s % STEP === STEP - 1) yield;
      const some = n[s];
      if (!some) continue;
      const scale = k / some;
      const [ax, ay, bx, by] = [fx[s] * scale, fy[s] * scale, tx[s] * scale, ty[s] * scale];
      const box = reach(ax, ay, bx, by);
      const shifts = [0, ...(Math.min(ax, bx) < sheet[0] ? [k] : []), ...(Math.max(ax, bx) > sheet[2] ? [-k] : [])];
      const seen = shifts.filter((by) => meets([box[0] + by, box[1], box[2] + by, box[3]], view));
      if (!seen.length) {
        outside += some;
        continue;
      }
      [fx[once], fy[once], tx[once], ty[once], n[once], slots[once]] = [ax + seen[0], ay, bx + seen[0], by, some, slots[s]];
      for (const shift of seen.slice(1)) beyond.push([once, shift - seen[0]]);
      stream[s] = once++;
    }
    const drawn = once + beyond.length;
    const more = <T extends Float64Array | Uint32Array | Uint8Array>(of: T, shifted = false): T => {
      const all = new (of.constructor as new (n: number) => T)(drawn);
      all.set(of.subarray(0, once));
      beyond.forEach(([at, shift], i) => {
        all[once + i] = of[at] + (shifted ? shift : 0);
      });
      return all;
    };
    const same = Int32Array.from({ length: drawn }, (_, i) => (i < once ? i : beyond[i - once][0]));
    return { size: drawn, once, same, fromX: more(fx, true), fromY: more(fy), toX: more(tx, true), toY: more(ty), slot: more(slots), n: more(n), still, outside, bundle: of, stream };
  }

  /** The rows of one stream that pass, in order. */
  rowsOf({ bundle, stream }: Seen, one: number, mask: Mask, most = Infinity): Int32Array {
    const found = new Set<number>();
    for (let f = 0; f < this.of.length && found.size < most; f++) {
      const row = this.rows[f];
      const route = this.of[f];
      if (route >= 0 && bundle[route] >= 0 && stream[bundle[route]] === one && (!mask || mask[row]) && this.counts(row)) found.add(row);
    }
    return Int32Array.from(found).sort();
  }

  /** Which routes belong together at a zoom: cells are fixed to the world, so that panning and filters change none. */
  private *level(k: number, view: Rect): Generator<void, Level> {
    const key = k.toFixed(3);
    const known = this.levels.get(key);
    if (known) return known;
    const level = yield* this.bundled(k, yield* this.cell(k, view));
    for (const oldest of this.levels.keys()) if (this.levels.size >= KEPT) this.levels.delete(oldest);
    this.levels.set(key, level);
    return level;
  }

  /** The least cells that leave no more lines in view than a reader can follow. */
  private *cell(k: number, view: Rect): Generator<void, number> {
    const near = new Int32Array(this.size);
    let size = 0;
    for (let i = 0; i < this.size; i++) {
      if (i % (2 * STEP) === 2 * STEP - 1) yield;
      if (meets(reach(this.fromX[i] * k, this.fromY[i] * k, this.toX[i] * k, this.toY[i] * k), view)) near[size++] = i;
    }
    const known = new Numbered(MOST_IN_VIEW + 1);
    for (let cell = CELL; ; cell *= WIDER) {
      if (cell * WIDER > WIDEST_CELL) return cell;
      const ends = this.cells(k, cell);
      known.clear();
      for (let j = 0; j < size && known.size <= MOST_IN_VIEW; j++) {
        if (j % STEP === STEP - 1) yield;
        const i = near[j];
        const [from, to] = [ends(this.fromX[i], this.fromY[i]), ends(this.toX[i], this.toY[i])];
        if (from !== to) known.of(from * SLOTS + this.slot[i], to);
      }
      if (known.size <= MOST_IN_VIEW) return cell;
    }
  }

  /** The cell of a point: three turns of the globe across, one world high. */
  private cells(k: number, cell: number): (x: number, y: number) => number {
    const scale = k / cell;
    const high = Math.ceil(scale) + 2;
    return (x, y) => Math.floor((x + 1) * scale) * high + Math.floor(y * scale);
  }

  private *bundled(k: number, cell: number): Generator<void, Level> {
    const of = new Int32Array(this.size);
    const slots = new Uint8Array(this.size);
    const known = new Numbered(this.size);
    const ends = this.cells(k, cell);
    for (let i = 0; i < this.size; i++) {
      if (i % STEP === STEP - 1) yield;
      const [from, to] = [ends(this.fromX[i], this.fromY[i]), ends(this.toX[i], this.toY[i])];
      if (from === to) {
        of[i] = -1;
        continue;
      }
      of[i] = known.of(from * SLOTS + this.slot[i], to);
      slots[of[i]] = this.slot[i];
    }
    return { of, size: known.size, slot: slots.subarray(0, known.size) };
  }
}

const pair = ({ x, y }: Point): [number, number] => [x, y];

/** What a bow between two points may cover. */
function reach(ax: number, ay: number, bx: number, by: number): Rect {
  const air = (Math.abs(bx - ax) + Math.abs(by - ay)) * AIR;
  return [Math.min(ax, bx) - air, Math.min(ay, by) - air, Math.max(ax, bx) + air, Math.max(ay, by) + air];
}

/** Runs what could let go without letting go. */
export function exhaust<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
