/** Which part of the world a view of a given size shows first. Boxes are in world units (see plane.ts). */

import type { Box } from "../payload";
import { EMPTY, join, unit, type Point, type Rect } from "./plane";

export type SizeClass = "S" | "M" | "L";

export const sizeClass = (width: number): SizeClass => (width < 560 ? "S" : width < 1000 ? "M" : "L");
/** How far marks, bows and labels stay from the edge. */
export const MARGIN: Record<SizeClass, number> = { S: 16, M: 24, L: 32 };
/** Targets span at least this part of the view's width or height. */
const CORE_SHARE = 0.25;
export const MAX_ZOOM = 9;
/** Of the room to spare, the part that goes to the side where cropped lines come from. */
const LEAN = 0.8;

export interface View {
  zoom: number;
  centre: Point;
  /** What is seen, in units. */
  box: Rect;
  /** For each start, whether it lies outside the view. */
  cropped: boolean[];
  minZoom: number;
  maxZoom: number;
}

export interface Extent { core: Rect; starts: readonly Point[]; bounds: Rect }

export function unitBox([w, s, e, n]: Box): Rect {
  const a = unit([w, n]);
  const b = unit([e, s]);
  return [a.x, a.y, b.x, b.y];
}

const zoomOf = (k: number): number => Math.log2(k / 256);

/** World width in px at which `box` just fills w × h. */
const filling = (box: Rect, w: number, h: number): number =>
  Math.min(w / Math.max(box[2] - box[0], 1e-9), h / Math.max(box[3] - box[1], 1e-9));

const withPoints = (box: Rect, points: readonly Point[]): Rect =>
  points.reduce((b: Rect, p) => join(b, [p.x, p.y, p.x, p.y]), box);

/** Where the view begins along one axis, held inside the bounds (centred on them when they are smaller). */
const held = (low: number, span: number, from: number, to: number): number =>
  span >= to - from ? (from + to - span) / 2 : Math.max(from, Math.min(low, to - span));

/**
 * The first view. Starts are taken in from the nearest while the core still spans a quarter of the width or height;
 * the others are cropped. `extra` are points that should be seen too: bows, and the edges of symbols.
 */
export function fit(extent: Extent, w: number, h: number, extra: readonly Point[] = []): View {
  const margin = MARGIN[sizeClass(w)];
  const inner = { w: Math.max(40, w - 2 * margin), h: Math.max(40, h - 2 * margin) };
  const { core, bounds } = extent;
  const most = 256 * 2 ** MAX_ZOOM;
  const least = Math.max(w / (bounds[2] - bounds[0]), h / (bounds[3] - bounds[1]));
  const spans = (k: number): boolean =>
    (core[2] - core[0]) * k >= CORE_SHARE * w || (core[3] - core[1]) * k >= CORE_SHARE * h;
  const middle = { x: (core[0] + core[2]) / 2, y: (core[1] + core[3]) / 2 };
  const far = (p: Point): number => Math.hypot(p.x - middle.x, p.y - middle.y);
  const nearest = extent.starts.map((_, i) => i).sort((a, b) => far(extent.starts[a]) - far(extent.starts[b]) || a - b);

  let box = core;
  let taken = 0;
  for (; taken < nearest.length; taken++) {
    const wider = withPoints(box, [extent.starts[nearest[taken]]]);
    const k = filling(wider, inner.w, inner.h);
    if (k < least || !spans(Math.min(k, most))) break;
    box = wider;
  }
  if (extra.length) {
    const wider = withPoints(box, extra);
    if (spans(Math.min(filling(wider, inner.w, inner.h), most))) box = wider;
  }
  // What the story is about comes before a ground that fills the view.
  const k = Math.min(Math.max(filling(box, inner.w, inner.h), Math.min(least, filling(core, inner.w, inner.h))), most);
  const out = nearest.slice(taken).map((i) => extent.starts[i]);
  const pull = out.reduce((sum, p) => ({ x: sum.x + Math.sign(p.x - middle.x), y: sum.y + Math.sign(p.y - middle.y) }),
    { x: 0, y: 0 });
  const low = (axis: 0 | 1, size: number, toward: number): number => {
    const spare = (size - 2 * margin) / k - (box[axis + 2] - box[axis]);
    const share = 0.5 - Math.sign(toward) * LEAN * 0.5;
    return box[axis] - margin / k - Math.max(0, spare) * share;
  };
  const left = held(low(0, w, pull.x), w / k, bounds[0], bounds[2]);
  const top = held(low(1, h, pull.y), h / k, bounds[1], bounds[3]);
  const view: Rect = [left, top, left + w / k, top + h / k];
  const seen = (p: Point): boolean => p.x > view[0] && p.x < view[2] && p.y > view[1] && p.y < view[3];
  return {
    zoom: zoomOf(k),
    centre: { x: left + w / (2 * k), y: top + h / (2 * k) },
    box: view,
    cropped: extent.starts.map((p) => !seen(p)),
    minZoom: zoomOf(Math.min(least, k)),
    maxZoom: MAX_ZOOM,
  };
}

export const frameExtent = (frame: { core: Box; starts: readonly [number, number][]; bounds: Box }): Extent => ({
  core: frame.core[0] <= frame.core[2] ? unitBox(frame.core) : EMPTY,
  starts: frame.starts.map(unit),
  bounds: unitBox(frame.bounds),
});
