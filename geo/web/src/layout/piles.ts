/** What stands at one spot: a symbol, or a pile of at most three glyphs with a badge. Pixels around the spot. */

import type { Mark } from "../payload";
import type { SizeClass } from "./frame";
import type { Point } from "./plane";

const D = 12;
const D_SMALL = 11;
const D_MOST: Record<SizeClass, number> = { S: 36, M: 44, L: 56 };
const CRASH = 16;
export const BADGE = 16;
const SHOWN = 3;
/** More events than this open in the list. */
export const SPREAD_MOST = 8;

/** Area grows with the number; without one the plain size. */
export const diameter = (n: number | null, cls: SizeClass): number =>
  n ? Math.min(D * Math.sqrt(n), D_MOST[cls]) : cls === "S" ? D_SMALL : D;

export interface Glyph {
  id: string;
  /** Offset from the spot. */
  x: number;
  y: number;
  /** Diameter of the filled symbol, and of the ring where a range goes higher. */
  d: number;
  ring: number | null;
  slot: number;
  kind: string;
  status: Mark["status"];
  /** A bare position of unknown precision: a small question mark. */
  unknown: boolean;
}

/** Half of what a glyph takes across, ring and points included. */
export const reach = (g: Pick<Glyph, "d" | "ring">): number => Math.max(g.d, g.ring ?? 0) / 2;

export function glyph(mark: Mark, cls: SizeClass): Glyph {
  const crash = mark.kind === "crash";
  const low = crash ? CRASH : diameter(mark.n?.[0] ?? null, cls);
  const high = crash || !mark.n || mark.n[1] <= mark.n[0] ? null : diameter(mark.n[1], cls);
  return { id: mark.id, x: 0, y: 0, d: low, ring: high !== null && high > low + 1 ? high : null, slot: mark.slot,
    kind: mark.kind, status: mark.status, unknown: mark.precision === "not stated" };
}

/** The marks that a closed pile shows: each actor once before any twice, else in the order of time. */
function chosen(marks: readonly Mark[]): Mark[] {
  if (marks.length <= SHOWN) return marks.slice();
  const seen = new Set<number>();
  const first = marks.filter((m) => !seen.has(m.slot) && seen.add(m.slot));
  const rest = marks.filter((m) => !first.includes(m));
  const keep = new Set([...first, ...rest].slice(0, SHOWN));
  return marks.filter((m) => keep.has(m));
}

/** Closed: side by side, each overlapped by a third, in the order of time from the left. */
export function pile(marks: readonly Mark[], cls: SizeClass): Glyph[] {
  const glyphs = chosen(marks).map((m) => glyph(m, cls));
  let x = 0;
  glyphs.forEach((g, i) => {
    if (i) x += (reach(glyphs[i - 1]) + reach(g)) * (2 / 3);
    g.x = x;
  });
  const first = glyphs[0];
  const last = glyphs[glyphs.length - 1];
  const centre = (first.x - reach(first) + last.x + reach(last)) / 2;
  for (const g of glyphs) g.x -= centre;
  return glyphs;
}

/** Open: on a circle around the spot, clockwise from near the top, turned so that lines come in between (`backs`: where from). */
export function spread(marks: readonly Mark[], cls: SizeClass, backs: readonly number[] = []): Glyph[] {
  const r = Math.max(22, 4 * marks.length);
  const step = (2 * Math.PI) / marks.length;
  const room = (first: number): number => Math.min(...backs.map((back) => {
    const off = (((back - first) % step) + step) % step;
    return Math.min(off, step - off);
  }));
  const firsts = Array.from({ length: 24 }, (_, i) => -Math.PI / 2 + (i % 2 ? 1 : -1) * Math.ceil(i / 2) * (step / 24));
  const first = firsts.reduce((a, b) => (room(b) > room(a) + 1e-9 ? b : a));
  return marks.map((m, i) => {
    const turn = first + step * i;
    return { ...glyph(m, cls), x: r * Math.cos(turn), y: r * Math.sin(turn) };
  });
}

/** Larger below, smaller above; equals in the order of time. */
export const paintOrder = (glyphs: readonly Glyph[]): Glyph[] =>
  glyphs.map((g, i) => [g, i] as const).sort((a, b) => reach(b[0]) - reach(a[0]) || a[1] - b[1]).map(([g]) => g);

/** Distance from a point to the nearest edge of the glyphs; negative within. */
export const clearance = (glyphs: readonly (Point & Pick<Glyph, "d" | "ring">)[], p: Point): number =>
  Math.min(...glyphs.map((g) => Math.hypot(p.x - g.x, p.y - g.y) - reach(g)));
