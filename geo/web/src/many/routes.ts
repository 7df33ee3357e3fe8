/** Flights that share both ends and an actor are one route; routes whose ends are near each other at a zoom are one stream. */

import type { Rect } from "../layout/plane";
import { SLOTS, type Flights, type Mask, type Rows, type Spots } from "./rows";

export interface Routes {
  size: number;
  /** Ends in units of the plane; the target's x is on the turn of the globe that is nearest to the origin. */
  fromX: Float64Array;
  fromY: Float64Array;
  toX: Float64Array;
  toY: Float64Array;
  slot: Uint8Array;
  n: Uint32Array;
  /** Route of each flight, or −1 when its row stands at no spot. */
  of: Int32Array;
  /** Flights that pass. */
  total: number;
}

export function routes(spots: Spots, rows: Rows, flights: Flights): Routes {
  const known = new Map<number, number>();
  const of = new Int32Array(flights.n);
  const first: number[] = [];
  for (let f = 0; f < flights.n; f++) {
    const row = flights.row[f];
    const to = rows.spot[row];
    if (to < 0) {
      of[f] = -1;
      continue;
    }
    const key = (flights.from[f] * spots.n + to) * SLOTS + rows.slot[row];
    let route = known.get(key);
    if (route === undefined) {
      route = first.length;
      known.set(key, route);
      first.push(f);
    }
    of[f] = route;
  }
  const size = first.length;
  const made: Routes = { size, of, fromX: new Float64Array(size), fromY: new Float64Array(size), toX: new Float64Array(size),
    toY: new Float64Array(size), slot: new Uint8Array(size), n: new Uint32Array(size), total: 0 };
  first.forEach((f, i) => {
    const [from, to] = [flights.from[f], rows.spot[flights.row[f]]];
    made.toX[i] = spots.x[to];
    made.toY[i] = spots.y[to];
    // The short way round: an origin over ±180 stands on the target's side of it.
    made.fromX[i] = spots.x[from] + Math.round(spots.x[to] - spots.x[from]);
    made.fromY[i] = spots.y[from];
    made.slot[i] = rows.slot[flights.row[f]];
  });
  countRoutes(made, flights, null);
  return made;
}

export function countRoutes(made: Routes, flights: Flights, mask: Mask): void {
  made.n.fill(0);
  let total = 0;
  for (let f = 0; f < flights.n; f++) {
    if (made.of[f] < 0 || (mask && !mask[flights.row[f]])) continue;
    made.n[made.of[f]]++;
    total++;
  }
  made.total = total;
}

export interface Streams {
  size: number;
  /** World px. */
  fromX: Float64Array;
  fromY: Float64Array;
  toX: Float64Array;
  toY: Float64Array;
  slot: Uint8Array;
  n: Uint32Array;
  /** Flights that start and end in one cell: they have no line at this zoom, and are counted at their pile. */
  still: number;
  /** Flights whose line lies wholly outside the asked part; `sum(n) + still + outside` is the number that passes. */
  outside: number;
}

/** Ends within one cell of this size, in CSS px, belong together. */
export const BUNDLE = 24;
/** Up to this many routes each keeps its own line. */
export const FREE = 600;

/** Gathers the routes that `view` may show (world px) into streams. */
export function gatherRoutes(made: Routes, k: number, view: Rect, cell = BUNDLE, free = FREE): Streams {
  const { size, fromX, fromY, toX, toY, n } = made;
  const seen = new Int32Array(size);
  let shown = 0;
  let outside = 0;
  const [left, top, right, bottom] = view;
  for (let i = 0; i < size; i++) {
    if (!n[i]) continue;
    const [ax, ay, bx, by] = [fromX[i] * k, fromY[i] * k, toX[i] * k, toY[i] * k];
    // A bow leaves the box of its ends by an eighth of its length at most.
    const air = (Math.abs(bx - ax) + Math.abs(by - ay)) / 8;
    if ((ax < left - air && bx < left - air) || (ax > right + air && bx > right + air) ||
      (ay < top - air && by < top - air) || (ay > bottom + air && by > bottom + air)) outside += n[i];
    else seen[shown++] = i;
  }
  const bundle = shown > free;
  const out: Streams = { size: 0, fromX: new Float64Array(shown), fromY: new Float64Array(shown), toX: new Float64Array(shown),
    toY: new Float64Array(shown), slot: new Uint8Array(shown), n: new Uint32Array(shown), still: 0, outside };
  const known = new Map<number, number>();
  const wide = Math.ceil((3 * k) / cell) + 1;
  const high = Math.ceil(k / cell) + 1;
  let streams = 0;
  for (let j = 0; j < shown; j++) {
    const i = seen[j];
    const [ax, ay, bx, by] = [fromX[i] * k, fromY[i] * k, toX[i] * k, toY[i] * k];
    let at: number | undefined;
    const cells = [Math.floor(ax / cell), Math.floor(ay / cell), Math.floor(bx / cell), Math.floor(by / cell)];
    if (cells[0] === cells[2] && cells[1] === cells[3]) {
      out.still += n[i];
      continue;
    }
    if (bundle) {
      const key = ((((cells[0] + wide / 2) * high + cells[1]) * wide + cells[2] + wide / 2) * high + cells[3]) * SLOTS + made.slot[i];
      at = known.get(key);
      if (at === undefined) known.set(key, streams);
    }
    if (at === undefined) {
      at = streams++;
      out.slot[at] = made.slot[i];
    }
    const some = n[i];
    out.n[at] += some;
    out.fromX[at] += ax * some;
    out.fromY[at] += ay * some;
    out.toX[at] += bx * some;
    out.toY[at] += by * some;
  }
  for (let i = 0; i < streams; i++) {
    const some = out.n[i];
    out.fromX[i] /= some;
    out.fromY[i] /= some;
    out.toX[i] /= some;
    out.toY[i] /= some;
  }
  out.size = streams;
  return out;
}
