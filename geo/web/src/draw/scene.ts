/** One picture: the ground on one canvas, everything of the story on another. */

import type { Composition, Part } from "../layer/compose";
import { labelNow } from "../layer/compose";
import type { Ground } from "../layer/ground";
import { unitBox } from "../layout/frame";
import { unit, meets } from "../layout/plane";
import type { Payload } from "../payload";
import { each } from "../layer/marks";
import { drawArc, drawNode } from "./arcs";
import { drawDisc, drawHatch, drawOrigin } from "./areas";
import { seen, type Brush } from "./brush";
import { Symbols, drawBadge, drawStems } from "./symbols";
import { drawLabel } from "./text";

export interface State {
  selected: string | null;
  hover: string | null;
  visible: (id: string) => boolean;
  parts: ReadonlySet<Part>;
}

export function drawStory(b: Brush, c: Composition, payload: Payload, ground: Ground, symbols: Symbols, state: State): void {
  const { selected, hover } = state;
  const dims = (ids: readonly string[]): boolean => selected !== null && !ids.includes(selected);
  const strong = (ids: readonly string[]): boolean => hover !== null && ids.includes(hover);
  const near = seen(b);
  const cut = unitBox(payload.frame.bounds);
  const flown = state.parts.has("sorties") ? payload.sorties.filter((s) => state.visible(s.event)) : [];
  const eventsFrom = (place: string): string[] => flown.filter((s) => s.origin === place).map((s) => s.event);

  for (const o of payload.origins) {
    const events = eventsFrom(o.place);
    if (o.shape && events.length) drawOrigin(b, ground, o.shape, o.slot, dims(events));
  }
  for (const h of c.hatches) drawHatch(b, ground, h, c.cls, cut, { dim: dims(h.ids), strong: strong(h.ids) });
  for (const m of each(c.marks)) if (m.disc) drawDisc(b, ground, m.disc, dims(m.events));
  for (const arc of c.arcs) drawArc(b, arc, { dim: dims([arc.event]), strong: strong([arc.event]) });
  for (const o of payload.origins) {
    const events = eventsFrom(o.place);
    if (o.shape || !events.length) continue;
    const p = unit(o.at);
    drawNode(b, { x: p.x * b.k, y: p.y * b.k }, o.slot, dims(events));
  }
  for (const label of c.labels) {
    const now = meets(label.box, near) ? labelNow(label, payload, state.visible, state.parts) : null;
    if (now) drawLabel(b, now);
  }
  // The selected site last, so that its open pile covers its neighbours and not the other way round.
  for (const m of each(c.marks).sort((x, y) => Number(x.open) - Number(y.open))) {
    if (m.open) drawStems(b, m);
    for (const g of m.glyphs) {
      symbols.draw(b, g, { dim: !m.open && dims([g.id]), hover: hover === g.id, ring: selected === g.id });
    }
    if (m.badge) drawBadge(b, m.badge, dims(m.events));
  }
}

