/** Everything that one zoom shows, in world px: nothing here depends on where the reader has panned. */

import { MARGIN, sizeClass, unitBox, type SizeClass, type View } from "../layout/frame";
import { around, grow, rect, scaled, unit, worldPx, type Point, type Rect } from "../layout/plane";
import { place, type Limits, type Placed } from "../layout/place";
import { Field } from "../layout/spots";
import { MOST, type Measure } from "../layout/type";
import type { Payload } from "../payload";
import { arcs, type Arc, type Target } from "./arcs";
import type { Ground } from "./ground";
import { reach } from "../layout/piles";
import { QUESTION, badgeBox, each, hatches, placements, type Hatch, type Placement } from "./marks";
import { kmAcross, wishes } from "./names";

export type Part = "strikes" | "sorties" | "areas";

export interface Setting {
  payload: Payload;
  ground: Ground;
  zoom: number;
  w: number;
  h: number;
  lang: string;
  measure: Measure;
  /** The first view, when the zoom is its zoom. */
  home: View | null;
  /** What stands over the first view (buttons, scale, inset): container px. */
  obstacles: readonly Rect[];
  visible: (id: string) => boolean;
  /** The site whose pile is open. */
  open: number | null;
  parts: ReadonlySet<Part>;
  base: boolean;
  number: (id: string) => number;
  /** Marks and lines are drawn in piles and streams by others: neither they nor their names are placed here. */
  many: boolean;
  /** What those piles cover at this zoom: world px. */
  crowd: readonly Rect[];
}

export interface Composition {
  zoom: number;
  k: number;
  cls: SizeClass;
  home: Rect | null;
  hatches: Hatch[];
  marks: (Placement | null)[];
  arcs: Arc[];
  labels: Placed[];
  kmAcross: number;
}


const all = (): boolean => true;

const target = (m: Placement): Target => ({
  glyphs: m.open ? [{ ...m.stand, d: 4, ring: null }]
    : [...m.glyphs, ...(m.badge ? [{ x: m.badge.x, y: m.badge.y, d: 12, ring: null }] : [])],
});

function marksAndArcs(s: Setting, k: number, home: Rect | null, visible: Setting["visible"], open: number | null): Pick<Composition, "marks" | "arcs"> {
  const { payload, ground } = s;
  if (s.many) return { marks: payload.sites.map(() => null), arcs: [] };
  const cls = sizeClass(s.w);
  const on = (part: Part): boolean => s.parts.has(part);
  const closed = placements({ payload, ground, k, cls, visible, open: null });
  const others: Point[] = payload.sites.map((site) => unit(site.at)).map((p) => ({ x: p.x * k, y: p.y * k }));
  const flown = payload.sorties.filter((line) => visible(line.event));
  let marks = closed;
  const targets = (of: readonly (Placement | null)[]): Target[] => {
    const made = new Map(each(of).map((m) => [m, target(m)]));
    return of.map((m) => (m && made.get(m)) ?? { glyphs: [] });
  };
  const places = payload.sites.map((site) => site.place);
  let lines = arcs(flown, targets(closed), places, others, { k, home });
  if (open !== null && closed[open]) {
    const backs = lines.filter((a) => closed[open]!.sites.includes(a.site)).map((a) => ((a.arrival + 180) * Math.PI) / 180);
    marks = placements({ payload, ground, k, cls, visible, open, backs });
    // Lines run on to the true spot between the glyphs, so that none seems to end at one of them.
    lines = arcs(flown, targets(marks), places, others, { k, home });
  }
  return {
    marks: on("strikes") ? marks : marks.map(() => null),
    arcs: on("sorties") ? lines : [],
  };
}

function layLabels(s: Setting, k: number, home: Rect | null, drawn: Pick<Composition, "marks" | "arcs">): Placed[] {
  const cls = sizeClass(s.w);
  const field = new Field();
  for (const box of s.crowd) field.add(box);
  for (const m of each(drawn.marks)) {
    for (const g of m.glyphs) {
      const r = reach(g);
      field.add(around(g.x, g.y, r));
      if (g.unknown) field.add(rect(g.x + r, g.y - r - 5, QUESTION, 12));
    }
    if (m.badge) field.add(badgeBox(m.badge));
    if (m.disc && m.disc.r > 6) field.add(around(m.disc.x, m.disc.y, m.disc.r * 0.8));
  }
  for (const arc of drawn.arcs) {
    field.addLine(arc.points, arc.width + 3);
    const tip = arc.points[arc.points.length - 1];
    field.add([tip.x - 7, tip.y - 7, tip.x + 7, tip.y + 7]);
  }
  for (const o of s.payload.origins) {
    if (o.shape || !s.parts.has("sorties")) continue;
    const p = unit(o.at);
    field.add([p.x * k - 4, p.y * k - 4, p.x * k + 4, p.y * k + 4]);
  }
  if (home) for (const o of s.obstacles) field.add(grow([home[0] + o[0], home[1] + o[1], home[0] + o[2], home[1] + o[3]], 4));
  const [events, origins, crops, lines, ...rest] = wishes({ ...s, k, home, marks: drawn.marks, arcs: drawn.arcs });
  const bounds = scaled(unitBox(s.payload.frame.bounds), k);
  const limits: Limits = {
    home: home && { view: home, inner: grow(home, -MARGIN[cls]) },
    bounds: s.base ? bounds : [-Infinity, -Infinity, Infinity, Infinity],
    view: [s.w, s.h], most: MOST[cls],
  };
  // Words at the edge have few places and events some more: whichever order serves both better.
  const orders = crops.length ? [[events, origins, crops, lines], [crops, lines, events, origins], [lines, crops, events, origins]] : [[events, origins, lines], [lines, events, origins]];
  const tried = orders.map((groups) => place([...groups, ...rest], field.copy(), limits));
  const cost = (placed: readonly Placed[]): number =>
    6 * (crops.length + lines.length - placed.filter((p) => p.role === "crop" || p.role === "line").length) +
    placed.reduce((sum, p) => sum + (p.role === "event" ? (p.numbered ? 10 : 0) + (p.anchor === "leader" ? 1 : 0) + (p.sub === false ? 2 : 0) : 0), 0);
  return tried.reduce((a, b) => (cost(b) < cost(a) ? b : a));
}

/** Labels are laid for all events, so that a filter or a selection moves none; those of hidden sites are left out. */
export function compose(s: Setting, kept?: { labels: Placed[] }): Composition {
  const k = worldPx(s.zoom);
  const cls = sizeClass(s.w);
  const home = s.home ? scaled(s.home.box, k) : null;
  const labels = kept?.labels ?? layLabels(s, k, home, marksAndArcs(s, k, home, all, null));
  const shown = marksAndArcs(s, k, home, s.visible, s.open);
  return { zoom: s.zoom, k, cls, home, ...shown, labels,
    hatches: s.parts.has("areas") ? hatches(s.payload, s.visible) : [],
    kmAcross: kmAcross({ payload: s.payload, w: s.w, k }) };
}

/** A label under the reader's filter: null where nothing is left to name, without its count where that counts hidden events. */
export function labelNow(label: Placed, payload: Payload, visible: (id: string) => boolean, parts: ReadonlySet<Part>): Placed | null {
  if (!labelShown(label, payload, visible, parts)) return null;
  if (label.site === undefined || payload.sites[label.site].events.every(visible)) return label;
  return { ...label, block: { ...label.block, lines: label.block.lines.filter((line) => line.role !== "sub") } };
}

function labelShown(label: Placed, payload: Payload, visible: (id: string) => boolean, parts: ReadonlySet<Part>): boolean {
  if (label.site !== undefined) {
    const site = payload.sites[label.site];
    return parts.has(site.area ? "areas" : "strikes") && site.events.some(visible);
  }
  if (label.key.startsWith("line ") || label.key.startsWith("crop ")) {
    const of = label.key.slice(5);
    return parts.has("sorties") && payload.sorties.some((s) => (s.mission === of || s.id === of) && visible(s.event));
  }
  if (label.key.startsWith("origin ")) {
    return parts.has("sorties") && payload.sorties.some((s) => `origin ${s.origin}` === label.key && visible(s.event));
  }
  return true;
}
