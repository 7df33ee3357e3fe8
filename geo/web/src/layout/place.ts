/** Gives each label a spot, or gives it up. Same wishes in, same labels out. */

import { join, meets, middle, within, type Rect } from "./plane";
import { Field, type Spot } from "./spots";
import type { Block, Role } from "./type";

export interface Wish {
  key: string;
  role: Role;
  block: Block;
  /** Best first; only spots that are right in themselves (on water, on land, inside an area). */
  spots: Spot[];
  /** An event: when nothing else helps it gets this number for the list, at the best spot left. */
  fallback?: { block: Block; spots: Spot[] };
  /** No other label of this role nearer than this, in x and y. */
  apart?: number;
  /** A dot of its own (a city). */
  dot?: Rect;
  site?: number;
  /** Text set along a course instead of in its box. */
  along?: { points: { x: number; y: number }[] };
}

export interface Placed extends Spot {
  key: string;
  role: Role;
  block: Block;
  site?: number;
  dot?: Rect;
  numbered?: boolean;
  /** False where a second line had to be left out. */
  sub?: boolean;
  along?: Wish["along"];
}

export interface Limits {
  /** What the first view shows and its margin, when the zoom is that view's: no label is cut by its edge. */
  home: { view: Rect; inner: Rect } | null;
  /** Nothing stands outside. */
  bounds: Rect;
  /** Size of a view and the most labels in one. */
  view: [number, number];
  most: number;
}

/** What these say stands nowhere else on the map: they count, but no limit keeps them out. */
const FORCED: ReadonlySet<Role> = new Set<Role>(["event", "place", "line", "crop"]);

const fits = (spot: Spot, field: Field, limits: Limits, dot?: Rect): boolean => {
  const box = dot ? join(spot.box, dot) : spot.box;
  if (!within(box, limits.bounds)) return false;
  if (limits.home && !within(box, limits.home.inner)) {
    // Whole or not at all; and what is marked in the view is not named beyond it.
    if (meets(box, limits.home.view)) return false;
    const from = spot.leader?.[0];
    if (from && meets([from.x, from.y, from.x, from.y], limits.home.view)) return false;
  }
  if (spot.leader && [0.35, 0.6, 0.85].some((t) => {
    const [a, b] = spot.leader!;
    const [x, y] = [a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t];
    return !field.free([x, y, x, y], 1);
  })) return false;
  return field.free(spot.box) && (!dot || field.free(dot, 3));
};

/** Whether one more label here would be one too many in some view. */
function full(box: Rect, placed: readonly Placed[], limits: Limits): boolean {
  const { home, most } = limits;
  if (home && meets(box, home.view)) return placed.filter((p) => meets(p.box, home.view)).length >= most;
  const c = middle(box);
  const [w, h] = limits.view;
  const reach: Rect = [c.x - w, c.y - h, c.x + w, c.y + h];
  return placed.filter((p) => meets(p.box, reach)).length >= most;
}

/**
 * Wishes in groups, most important group first. Within a group of events the one with the fewest free spots goes
 * first; everything else keeps its order. `field` holds marks and lines, and takes every label that is placed.
 */
export function place(groups: readonly (readonly Wish[])[], field: Field, limits: Limits): Placed[] {
  const placed: Placed[] = [];
  const put = (wish: Wish, spot: Spot, block: Block, numbered = false): void => {
    field.add(spot.box);
    if (spot.leader) field.addLine(spot.leader, 2);
    if (wish.dot) field.add(wish.dot);
    placed.push({ ...spot, key: wish.key, role: wish.role, block: spot.block ?? block, site: wish.site, dot: wish.dot, along: wish.along,
      ...(numbered ? { numbered } : {}), ...(spot.block && wish.block.lines.some((l) => l.role === "sub") && !spot.block.lines.some((l) => l.role === "sub") ? { sub: false } : {}) });
  };
  for (const group of groups) {
    const queue = group.map((wish, order) => ({ wish, order, free: wish.fallback ? wish.spots.filter((s) => fits(s, field, limits)).length : 0 }));
    if (group.some((w) => w.fallback)) queue.sort((a, b) => a.free - b.free || a.order - b.order);
    for (const { wish } of queue) {
      const must = !!wish.fallback;
      const spot = wish.spots.find((s) => fits(s, field, limits, wish.dot) &&
        (must || FORCED.has(wish.role) || !full(s.box, placed, limits)) &&
        (!wish.apart || placed.every((p) => p.role !== wish.role || apart(p.box, s.box, wish.apart!))));
      if (spot) put(wish, spot, wish.block);
      else if (wish.fallback) {
        const number = wish.fallback.spots.find((s) => fits(s, field, limits)) ?? wish.fallback.spots[0];
        if (number) put(wish, number, wish.fallback.block, true);
      }
    }
  }
  return placed;
}

function apart(a: Rect, b: Rect, by: number): boolean {
  const p = middle(a);
  const q = middle(b);
  return Math.abs(p.x - q.x) >= by || Math.abs(p.y - q.y) >= by;
}
