/** The present picture as plain data, in container px: what the tests of the craft rules read. */

import type { Composition } from "./compose";
import { each } from "./marks";
import type { Rect } from "../layout/plane";
import type { Payload } from "../payload";

export interface Drawn {
  lang: string;
  dark: boolean;
  zoom: number;
  cls: string;
  width: number;
  height: number;
  kmAcross: number;
  frame: { core: Rect; home: boolean };
  symbols: { id: string; site: number; x: number; y: number; d: number; ring: number | null; slot: number; kind: string; status: string; unknown: boolean }[];
  piles: { sites: number[]; x: number; y: number; box: Rect; badge: { x: number; y: number; n: number } | null; open: boolean; events: string[] }[];
  discs: { sites: number[]; x: number; y: number; r: number; shape: string | null }[];
  areas: { ids: string[]; shape: string; slot: number; angle: number; solid: boolean; ink: boolean; quiet: boolean }[];
  arcs: { id: string; event: string; mission: string; site: number; start: [number, number]; control: [number, number]; end: [number, number];
    arrival: number; width: number; sagitta: number; chord: number; cropped: boolean; points: [number, number][] }[];
  labels: { key: string; role: string; text: string[]; box: Rect; anchor: string; rtl: boolean; size: number; leader: [[number, number], [number, number]] | null; site: number | null; numbered: boolean }[];
  scale: { px: number; text: string } | null;
}

const round = (n: number): number => Math.round(n * 100) / 100;

export function describe(c: Composition, payload: Payload, left: number, top: number,
  rest: Pick<Drawn, "lang" | "dark" | "width" | "height" | "scale" | "frame">, now: (label: Composition["labels"][number]) => Composition["labels"][number] | null): Drawn {
  const at = (p: { x: number; y: number }): [number, number] => [round(p.x - left), round(p.y - top)];
  const box = (r: Rect): Rect => [round(r[0] - left), round(r[1] - top), round(r[2] - left), round(r[3] - top)];
  const marks = each(c.marks);
  const siteOf = (id: string): number => payload.marks.find((m) => m.id === id)?.site ?? -1;
  return {
    ...rest,
    zoom: c.zoom, cls: c.cls, kmAcross: c.kmAcross,
    symbols: marks.flatMap((m) => m.glyphs.map((g) => {
      const [x, y] = at(g);
      return { id: g.id, site: siteOf(g.id), x, y, d: round(g.d), ring: g.ring && round(g.ring), slot: g.slot, kind: g.kind, status: g.status, unknown: g.unknown };
    })),
    piles: marks.map((m) => {
      const [x, y] = at(m.stand);
      const badge = m.badge && { x: at(m.badge)[0], y: at(m.badge)[1], n: m.badge.n };
      return { sites: m.sites, x, y, box: box(m.box), badge, open: m.open, events: m.events };
    }),
    discs: marks.flatMap((m) => (m.disc ? [{ sites: m.sites, x: at(m.disc)[0], y: at(m.disc)[1], r: round(m.disc.r), shape: m.disc.shape }] : [])),
    areas: c.hatches.map(({ ids, shape, slot, angle, solid, ink, quiet }) => ({ ids, shape, slot, angle, solid, ink, quiet })),
    arcs: c.arcs.map((a) => {
      const first = a.points[0];
      const last = a.points[a.points.length - 1];
      const length = Math.hypot(last.x - first.x, last.y - first.y) || 1;
      const control = { x: (first.x + last.x) / 2 - ((last.y - first.y) / length) * a.sagitta * 2,
        y: (first.y + last.y) / 2 + ((last.x - first.x) / length) * a.sagitta * 2 };
      return { id: a.id, event: a.event, mission: a.mission, site: a.site, start: at(first), control: at(control), end: at(last),
        arrival: round(a.arrival), width: a.width, sagitta: round(a.sagitta), chord: round(a.chord), cropped: a.crop !== null,
        points: a.points.filter((_, i) => i % 8 === 0 || i === a.points.length - 1).map(at) };
    }),
    labels: c.labels.map(now).filter((l) => l !== null).map((l) => ({
      key: l.key, role: l.role, text: l.block.lines.map((t) => t.text), box: box(l.box), anchor: l.anchor, rtl: l.block.lines[0].rtl,
      size: l.block.lines[0].size, leader: l.leader ? [at(l.leader[0]), at(l.leader[1])] : null, site: l.site ?? null, numbered: l.numbered ?? false,
    })),
  };
}
