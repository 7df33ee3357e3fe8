/** Symbols, piles, discs and areas as they are drawn at one zoom. World px. */

import type { SizeClass } from "../layout/frame";
import { EMPTY, around, hull, join, metresToPx, scaled, unit, type Point, type Rect } from "../layout/plane";
import { BADGE, SPREAD_MOST, paintOrder, pile, reach, spread, type Glyph } from "../layout/piles";
import type { Mark, Payload } from "../payload";
import type { Ground } from "./ground";

export interface Disc { x: number; y: number; r: number; shape: string | null; slot: number | null }

export interface Placement {
  /** Sites that stand here: one, or several too near each other for this zoom. */
  sites: number[];
  events: string[];
  /** The true spot. */
  at: Point;
  /** Where the pile stands: the spot, or the rim of a wide disc. */
  stand: Point;
  /** In the order of painting; x, y in world px. */
  glyphs: Glyph[];
  badge: { x: number; y: number; n: number } | null;
  /** Stems to the true spot: an open pile. */
  open: boolean;
  disc: Disc | null;
  /** What the closed pile covers, badge apart. */
  box: Rect;
}

/** A question mark stands at a glyph's upper right. */
export const QUESTION = 9;

/** From this radius the symbol leaves the centre of its disc and hangs on the rim. */
const RIM = 24;

function discOf(marks: readonly Mark[], at: Point, lat: number, k: number, ground: Ground): Disc | null {
  const slots = new Set(marks.map((m) => m.slot));
  const slot = slots.size === 1 ? marks[0].slot : null;
  const shape = marks.find((m) => m.shape && ground.rings(`shape:${m.shape}`).length)?.shape ?? null;
  if (shape) {
    const box = scaled(ground.rings(`shape:${shape}`).reduce((b, ring) => join(b, ring.box), EMPTY), k);
    return { x: at.x, y: at.y, r: Math.max(box[2] - box[0], box[3] - box[1]) / 2, shape, slot };
  }
  const metres = Math.max(0, ...marks.map((m) => (m.precision === "not stated" ? 0 : m.radius_m ?? 0)));
  return metres ? { x: at.x, y: at.y, r: metresToPx(metres, lat, k), shape: null, slot } : null;
}

/** The point of the rim farthest from where lines come in; upwards when none do. */
function rim(disc: Disc, arrivals: readonly Point[]): Point {
  const turns = [-90, -45, -135, 0, 180, 45, 135, 90].map((d) => (d * Math.PI) / 180);
  const free = (turn: number): number => Math.min(Infinity, ...arrivals.map((p) => {
    const gap = Math.abs(Math.atan2(p.y - disc.y, p.x - disc.x) - turn) % (2 * Math.PI);
    return Math.min(gap, 2 * Math.PI - gap);
  }));
  const best = turns.find((t) => free(t) > Math.PI / 3) ?? turns.reduce((a, b) => (free(b) > free(a) ? b : a));
  return { x: disc.x + disc.r * Math.cos(best), y: disc.y + disc.r * Math.sin(best) };
}

export interface MarksInput { payload: Payload; ground: Ground; k: number; cls: SizeClass; visible: (id: string) => boolean; open: number | null;
  /** Directions from the open site back along its lines. */ backs?: readonly number[] }

/** Spots nearer than this would hide each other: they share one pile. */
const ONE_PILE = 8;

/** Indices of sites that stand together at this zoom, in the payload's order. */
function together(spots: readonly (Point | null)[]): number[][] {
  const groups: { at: Point; sites: number[] }[] = [];
  spots.forEach((at, site) => {
    if (!at) return;
    const group = groups.find((g) => Math.hypot(g.at.x - at.x, g.at.y - at.y) < ONE_PILE);
    if (group) group.sites.push(site);
    else groups.push({ at, sites: [site] });
  });
  return groups.map((g) => g.sites);
}

/** Each placement once: several sites may share one. */
export const each = (marks: readonly (Placement | null)[]): Placement[] => [...new Set(marks)].filter((m): m is Placement => m !== null);

/** For each site what stands there; `null` at the index of one that has no mark to draw. */
export function placements({ payload, ground, k, cls, visible, open, backs }: MarksInput): (Placement | null)[] {
  const drawable = payload.sites.map((_, index) => payload.marks.filter((m) => m.site === index && m.status !== "retracted" && visible(m.id)));
  const spots = drawable.map((marks) => (marks.length ? unit(marks[0].at) : null)).map((u) => u && { x: u.x * k, y: u.y * k });
  const out: (Placement | null)[] = payload.sites.map(() => null);
  for (const sites of together(spots)) {
    const ids = new Set(sites.flatMap((i) => drawable[i]));
    const marks = payload.marks.filter((m) => ids.has(m));
    const at = spots[sites[0]]!;
    const closed = pile(marks, cls);
    const half = hull(closed.flatMap((g) => [{ x: g.x - reach(g), y: g.y - reach(g) }, { x: g.x + reach(g), y: g.y + reach(g) }]));
    for (const g of closed) if (g.unknown) half[2] = Math.max(half[2], g.x + reach(g) + QUESTION);
    let disc = discOf(marks, at, marks[0].at[1], k, ground);
    // A symbol stands for a disc narrower than itself.
    if (disc && 2 * disc.r <= half[2] - half[0] + 3) disc = null;
    const starts = payload.sorties.filter((s) => sites.includes(s.site)).map((s) => unit(s.path[Math.floor(s.path.length * 0.8)]));
    const stand = disc && disc.r >= RIM ? rim(disc, starts.map((p) => ({ x: p.x * k, y: p.y * k }))) : at;
    const opened = open !== null && sites.includes(open) && marks.length > 1 && marks.length <= SPREAD_MOST;
    const move = (g: Glyph): Glyph => ({ ...g, x: stand.x + g.x, y: stand.y + g.y });
    const box: Rect = [half[0] + stand.x, half[1] + stand.y, half[2] + stand.x, half[3] + stand.y];
    const n = marks.length;
    const placement: Placement = {
      sites, events: marks.map((m) => m.id), at, stand, disc, open: opened, box,
      glyphs: opened ? spread(marks, cls, backs).map(move) : paintOrder(closed.map(move)),
      badge: n > 1 && !opened ? { x: box[2] + BADGE / 2 - 3, y: box[1] - BADGE / 2 + 3, n } : null,
    };
    for (const site of sites) out[site] = placement;
  }
  return out;
}

export const badgeBox = (b: NonNullable<Placement["badge"]>): Rect => around(b.x, b.y, BADGE / 2 + 1);

export interface Hatch {
  ids: string[];
  site: number;
  shape: string;
  slot: number;
  /** Ink instead of a slot: a crash, or what is no strike. */
  ink: boolean;
  /** No strike: context, drawn thin. */
  quiet: boolean;
  angle: 45 | 135;
  solid: boolean;
}

/** Context and no strike: drawn thin, below the others. */
export const isQuiet = (kind: string): boolean => kind !== "strike" && kind !== "attack";

/** One hatch for each shape and look; several events that would hatch the same ground alike share one. */
export function hatches(payload: Payload, visible: (id: string) => boolean): Hatch[] {
  const made = new Map<string, Hatch>();
  for (const a of payload.areas) {
    if (a.status === "retracted" || !visible(a.id)) continue;
    const quiet = isQuiet(a.kind);
    const key = [a.shape, quiet || a.slot, a.angle].join();
    const known = made.get(key);
    if (known) known.ids.push(a.id);
    else made.set(key, { ids: [a.id], site: a.site, shape: a.shape, slot: a.slot, ink: a.kind === "crash", quiet, angle: a.angle, solid: a.solid });
  }
  // Wide context below, strikes above.
  return [...made.values()].sort((a, b) => Number(b.quiet) - Number(a.quiet));
}
