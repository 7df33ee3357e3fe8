/** The plane: Web Mercator units (0–1 across the world, y down), pixels at a zoom, boxes and rings. */

import type { LonLat } from "../payload";

export interface Point { x: number; y: number }
/** [left, top, right, bottom]. */
export type Rect = [number, number, number, number];

/** Web Mercator ends here; poleward latitudes are drawn on this edge. */
const MAX_LAT = 85.0511287798;
const EQUATOR_M = 40075016.68557849;

export function unit([lon, lat]: LonLat): Point {
  const phi = (Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180;
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log(Math.tan(Math.PI / 4 + phi / 2)) / (2 * Math.PI) };
}

export function degrees(p: Point): LonLat {
  return [(p.x - 0.5) * 360, (Math.atan(Math.exp((0.5 - p.y) * 2 * Math.PI)) * 360) / Math.PI - 90];
}

/** World width in pixels at a zoom, 256 px tiles. */
export const worldPx = (zoom: number): number => 256 * 2 ** zoom;

/** Pixels for a length on the ground at a latitude, when the world is `k` px wide. */
export const metresToPx = (metres: number, lat: number, k: number): number =>
  (metres * k) / (EQUATOR_M * Math.cos((lat * Math.PI) / 180));

export const rect = (x: number, y: number, w: number, h: number): Rect => [x, y, x + w, y + h];
export const around = (x: number, y: number, r: number): Rect => [x - r, y - r, x + r, y + r];
export const grow = (a: Rect, by: number): Rect => [a[0] - by, a[1] - by, a[2] + by, a[3] + by];
export const meets = (a: Rect, b: Rect): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
export const within = (a: Rect, b: Rect): boolean => a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3];
export const join = (a: Rect, b: Rect): Rect =>
  [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
export const EMPTY: Rect = [Infinity, Infinity, -Infinity, -Infinity];
export const middle = (a: Rect): Point => ({ x: (a[0] + a[2]) / 2, y: (a[1] + a[3]) / 2 });

export function hull(points: Iterable<Point>): Rect {
  let box = EMPTY;
  for (const { x, y } of points) box = join(box, [x, y, x, y]);
  return box;
}

/** A ring or line in units with its own box, so that far ones cost nothing. */
export interface Ring { xy: Float64Array; box: Rect }

export function toRing(lonlat: Float64Array): Ring {
  const xy = new Float64Array(lonlat.length);
  const box: Rect = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    const p = unit([lonlat[i], lonlat[i + 1]]);
    xy[i] = p.x;
    xy[i + 1] = p.y;
    if (p.x < box[0]) box[0] = p.x;
    if (p.y < box[1]) box[1] = p.y;
    if (p.x > box[2]) box[2] = p.x;
    if (p.y > box[3]) box[3] = p.y;
  }
  return { xy, box };
}

/** Numbers of a run of 32 edges. Labels ask a coast of thousands of edges hundreds of times: most runs lie elsewhere. */
const RUN = 64;
const RUNS = new WeakMap<Ring, Float64Array>();

/** Boxes of a ring's runs; an edge belongs to the run of its second end, the edge from last to first to the first run. */
function runs(ring: Ring): Float64Array {
  const known = RUNS.get(ring);
  if (known) return known;
  const { xy } = ring;
  const boxes = new Float64Array(Math.ceil(xy.length / RUN) * 4);
  for (let i = 0, b = 0; i < xy.length; i += RUN, b += 4) {
    let [x, y] = [xy[i ? i - 2 : xy.length - 2], xy[i ? i - 1 : xy.length - 1]];
    const box = [x, y, x, y];
    for (let j = i; j < Math.min(i + RUN, xy.length); j += 2) {
      [x, y] = [xy[j], xy[j + 1]];
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
    boxes.set(box, b);
  }
  RUNS.set(ring, boxes);
  return boxes;
}

/** Even-odd over all rings; on an edge either answer may come. */
export function inside(rings: readonly Ring[], x: number, y: number): boolean {
  let odd = false;
  for (const ring of rings) {
    const { xy, box } = ring;
    if (y < box[1] || y > box[3] || x > box[2]) continue;
    const boxes = runs(ring);
    for (let b = 0, from = 0; from < xy.length; b += 4, from += RUN) {
      if (y < boxes[b + 1] || y > boxes[b + 3] || x > boxes[b + 2]) continue;
      for (let i = from, j = from ? from - 2 : xy.length - 2; i < Math.min(from + RUN, xy.length); j = i, i += 2) {
        if (xy[i + 1] > y !== xy[j + 1] > y &&
          x < ((xy[j] - xy[i]) * (y - xy[i + 1])) / (xy[j + 1] - xy[i + 1]) + xy[i]) odd = !odd;
      }
    }
  }
  return odd;
}

function segmentMeets(ax: number, ay: number, bx: number, by: number, r: Rect): boolean {
  if ((ax < r[0] && bx < r[0]) || (ax > r[2] && bx > r[2]) || (ay < r[1] && by < r[1]) || (ay > r[3] && by > r[3])) return false;
  // The boxes meet; the segment misses only if all four corners lie on one side of its line.
  const [dx, dy] = [bx - ax, by - ay];
  const side = (x: number, y: number): number => Math.sign(dx * (y - ay) - dy * (x - ax));
  const first = side(r[0], r[1]);
  return first === 0 || side(r[2], r[1]) !== first || side(r[2], r[3]) !== first || side(r[0], r[3]) !== first;
}

/** Whether any edge of the lines passes through the box. `closed` joins last to first. */
export function crosses(lines: readonly Ring[], r: Rect, closed = true): boolean {
  for (const line of lines) {
    const { xy, box } = line;
    if (!(box[0] <= r[2] && r[0] <= box[2] && box[1] <= r[3] && r[1] <= box[3])) continue;
    const boxes = runs(line);
    for (let b = 0, from = 0; from < xy.length; b += 4, from += RUN) {
      if (!(boxes[b] <= r[2] && r[0] <= boxes[b + 2] && boxes[b + 1] <= r[3] && r[1] <= boxes[b + 3])) continue;
      for (let i = from || closed ? from : 2, j = i ? i - 2 : xy.length - 2; i < Math.min(from + RUN, xy.length); j = i, i += 2) {
        if (segmentMeets(xy[j], xy[j + 1], xy[i], xy[i + 1], r)) return true;
      }
    }
  }
  return false;
}

/** A box wholly inside the rings. */
export const holds = (rings: readonly Ring[], r: Rect): boolean =>
  !crosses(rings, r) && inside(rings, (r[0] + r[2]) / 2, (r[1] + r[3]) / 2);
/** A box wholly outside the rings. */
export const avoids = (rings: readonly Ring[], r: Rect): boolean =>
  !crosses(rings, r) && !inside(rings, (r[0] + r[2]) / 2, (r[1] + r[3]) / 2);

/** Distance from a point along a unit direction to the first edge; Infinity when there is none. */
export function ray(rings: readonly Ring[], from: Point, d: Point): number {
  let least = Infinity;
  for (const { xy } of rings) {
    for (let i = 0, j = xy.length - 2; i < xy.length; j = i, i += 2) {
      const [ex, ey] = [xy[i] - xy[j], xy[i + 1] - xy[j + 1]];
      const det = ex * d.y - ey * d.x;
      if (!det) continue;
      const [ox, oy] = [xy[j] - from.x, xy[j + 1] - from.y];
      const t = (ex * oy - ey * ox) / det;
      const s = (d.x * oy - d.y * ox) / det;
      if (t > 0 && t < least && s >= 0 && s <= 1) least = t;
    }
  }
  return least;
}

export const scaled = (r: Rect, by: number): Rect => [r[0] * by, r[1] * by, r[2] * by, r[3] * by];
