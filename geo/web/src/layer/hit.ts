/** What lies under the pointer. World px. */

import { inside, type Point } from "../layout/plane";
import { each } from "./marks";
import { reach } from "../layout/piles";
import type { Composition } from "./compose";
import type { Ground } from "./ground";

export const MOUSE = 24;
export const TOUCH = 44;

function distance(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const t = Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** The event at a point: the nearest symbol, else the nearest line, else the area; `size` is the least target. */
export function hit(c: Composition, ground: Ground, p: Point, size: number): string | null {
  let best: string | null = null;
  let least = Infinity;
  // An open pile lies over everything else.
  const marks = each(c.marks);
  for (const m of marks.sort((a, b) => Number(b.open) - Number(a.open))) {
    for (const g of m.glyphs) {
      const d = Math.hypot(p.x - g.x, p.y - g.y);
      if (d > Math.max(size / 2, reach(g) + 2)) continue;
      const score = m.open ? d - 1000 : d;
      if (score < least) [least, best] = [score, g.id];
    }
    if (m.badge && !best && Math.hypot(p.x - m.badge.x, p.y - m.badge.y) <= size / 2) best = m.glyphs[m.glyphs.length - 1].id;
  }
  if (best) return best;
  for (const arc of c.arcs) {
    for (let i = 1; i < arc.points.length; i++) {
      const d = distance(p, arc.points[i - 1], arc.points[i]);
      if (d <= Math.max(arc.width / 2, size / 4) && d < least) [least, best] = [d, arc.event];
    }
  }
  if (best) return best;
  for (const m of marks) if (m.disc && !m.disc.shape && Math.hypot(p.x - m.disc.x, p.y - m.disc.y) <= m.disc.r) return m.glyphs[0].id;
  for (const label of c.labels) {
    if (label.site === undefined || !(p.x >= label.box[0] && p.x <= label.box[2] && p.y >= label.box[1] && p.y <= label.box[3])) continue;
    const mark = c.marks[label.site];
    const area = c.hatches.find((h) => h.site === label.site);
    if (mark) return mark.glyphs[mark.glyphs.length - 1].id;
    if (area) return area.ids[0];
  }
  for (const h of [...c.hatches].reverse()) if (inside(ground.rings(`shape:${h.shape}`), p.x / c.k, p.y / c.k)) return h.ids[0];
  return null;
}
