/** What is to be labelled at one zoom: wishes for place(), by group of importance. World px. */

import { MARGIN, sizeClass, type SizeClass } from "../layout/frame";
import { around, avoids, crosses, degrees, grow, holds, inside, join, meets, middle, ray, rect, scaled, unit, EMPTY, type Point, type Rect, type Ring } from "../layout/plane";
import { around8, beside, centred, onLeaders, type Spot } from "../layout/spots";
import type { Wish } from "../layout/place";
import { isRtl, pick, setText, stack, type Block, type Measure, type Role, type Text } from "../layout/type";
import type { Label, Names, Payload } from "../payload";
import type { Arc } from "./arcs";
import type { Ground } from "./ground";
import { badgeBox, isQuiet, type Placement } from "./marks";

export interface NamesInput {
  payload: Payload;
  ground: Ground;
  k: number;
  /** Container size. */
  w: number;
  h: number;
  lang: string;
  measure: Measure;
  home: Rect | null;
  /** Number of an event in the list. */
  number: (id: string) => number;
  marks: readonly (Placement | null)[];
  arcs: readonly Arc[];
  /** Draw names of the base map (not on someone else's tiles). */
  base: boolean;
  /** Marks and lines are drawn in piles and streams. */
  many: boolean;
}

const ARROWS = ["\u2192", "\u2198", "\u2193", "\u2199", "\u2190", "\u2196", "\u2191", "\u2197"];
export const arrowTo = (from: Point, to: Point): string =>
  ARROWS[(Math.round(Math.atan2(to.y - from.y, to.x - from.x) / (Math.PI / 4)) + 8) % 8];

class Writer {
  private readonly cls: SizeClass;
  constructor(readonly input: NamesInput) {
    this.cls = sizeClass(input.w);
  }

  text(names: Names, role: Role, suffix = ""): ReturnType<typeof setText> {
    const { text, lang } = pick(names, this.input.lang);
    return text ? setText(text + suffix, role, lang, this.cls, isRtl(lang, this.input.payload.languages), this.input.measure) : null;
  }

  /** A text over so many lines, as even as its words allow. */
  fold(text: Text, lines = 2): Text[] {
    const words = text.text.split(/[ \u202f]+/);
    if (words.length < lines) return [text];
    const set = (parts: string[]): Text => {
      const part = parts.join(" ");
      return { ...text, text: part, width: Math.ceil(this.input.measure(text.font, part, text.spacing)) };
    };
    let best: Text[] = [text];
    // A bracket torn over two lines costs more than a wider line.
    const widest = (ts: readonly Text[]): number => Math.max(...ts.map((t) => t.width)) + (lines < 3 ? 20 : 8) * ts.filter((t) => t.text.split("(").length !== t.text.split(")").length).length;
    const split = (from: number, left: number, done: Text[]): void => {
      if (left === 1) {
        const whole = [...done, set(words.slice(from))];
        if (widest(whole) < widest(best)) best = whole;
        return;
      }
      for (let to = from + 1; to <= words.length - left + 1; to++) split(to, left - 1, [...done, set(words.slice(from, to))]);
    };
    if (words.length <= 12) split(0, lines, []);
    return best;
  }

  /** The text flat, then over two lines, then three; only what is narrower each time. */
  folds(text: Text): Block[] {
    const blocks: Block[] = [];
    for (const lines of [[text], this.fold(text), this.fold(text, 3)]) {
      const block = stack(lines);
      if (block && (!blocks.length || block.width < blocks[blocks.length - 1].width)) blocks.push(block);
    }
    return blocks;
  }

  plain(text: string, role: Role): ReturnType<typeof setText> {
    return setText(text, role, this.input.lang, this.cls, this.rtl, this.input.measure);
  }

  get rtl(): boolean {
    return isRtl(this.input.lang, this.input.payload.languages);
  }

  key(names: Names): string {
    return pick(names, this.input.lang).text.toLocaleLowerCase(this.input.lang);
  }
}

const px = (at: [number, number], k: number): Point => {
  const p = unit(at);
  return { x: p.x * k, y: p.y * k };
};

/** Candidate points inside a shape, nearest to `at` first. */
function grid(box: Rect, at: Point, n = 9): Point[] {
  const points: Point[] = [at];
  for (let i = 1; i < n; i++) {
    for (let j = 1; j < n; j++) points.push({ x: box[0] + ((box[2] - box[0]) * i) / n, y: box[1] + ((box[3] - box[1]) * j) / n });
  }
  return points.sort((a, b) => Math.hypot(a.x - at.x, a.y - at.y) - Math.hypot(b.x - at.x, b.y - at.y));
}

const clipTo = (box: Rect, home: Rect | null): Rect => (home && meets(box, home)
  ? [Math.max(box[0], home[0]), Math.max(box[1], home[1]), Math.min(box[2], home[2]), Math.min(box[3], home[3])] : box);

/** Where a shape's label belongs: its own point, or the middle of what the first view shows of it. */
function heart(rings: readonly Ring[], at: Point, { k, home }: NamesInput): { seen: Rect; at: Point } {
  const seen = clipTo(scaled(rings.reduce((b, r) => join(b, r.box), EMPTY), k), home);
  const held = (p: Point): boolean => inside(rings, p.x / k, p.y / k);
  if (at.x > seen[0] && at.x < seen[2] && at.y > seen[1] && at.y < seen[3] && held(at)) return { seen, at };
  return { seen, at: grid(seen, middle(seen)).find(held) ?? at };
}

/** Inside a shape where the whole block fits; the best part of the shape that the first view shows. */
function insideShape(rings: readonly Ring[], seen: Rect, at: Point, block: Block, k: number): Spot[] {
  const spots: Spot[] = [];
  for (const p of grid(seen, at, 18)) {
    const spot = { ...centred(p, block, "inside"), block };
    if (holds(rings, scaled(grow(spot.box, 1), 1 / k))) spots.push(spot);
    if (spots.length === ENOUGH) break;
  }
  return spots;
}

/** So many spots are tried within an area before others. */
const ENOUGH = 16;

/** Over a wide shape's edge, its middle within: better than outside of what is far larger than its name. */
function overShape(rings: readonly Ring[], seen: Rect, at: Point, block: Block, k: number, least = 8): Spot[] {
  if ((seen[2] - seen[0]) * (seen[3] - seen[1]) < least * block.width * block.height) return [];
  return grid(seen, at, 12).filter((p) => inside(rings, p.x / k, p.y / k)).slice(0, 4 * ENOUGH).map((p) => ({ ...centred(p, block, "over"), block }));
}

/** Outside a shape and every other one, on a leader that begins just within its edge. */
function outsideShape(rings: readonly Ring[], others: readonly Ring[], at: Point, block: Block, { k, home, w }: NamesInput): Spot[] {
  const inner = home && grow(home, -MARGIN[sizeClass(w)]);
  const spots: Spot[] = [];
  for (let i = 0; i < 16; i++) {
    const turn = -Math.PI / 4 + (i * Math.PI) / 8;
    const d = { x: Math.cos(turn), y: Math.sin(turn) };
    const out = rayOnce(rings, { x: at.x / k, y: at.y / k }, d, i) * k;
    if (!Number.isFinite(out)) continue;
    for (const far of [10, 20, 32]) {
      const edge = { x: at.x + d.x * (out - 5), y: at.y + d.y * (out - 5) };
      const to = { x: at.x + d.x * (out + far), y: at.y + d.y * (out + far) };
      const align = Math.abs(d.x) < 0.3 ? "center" : d.x > 0 ? "left" : "right";
      const free = align === "center" ? to.x - block.width / 2 : align === "left" ? to.x + 2 : to.x - 2 - block.width;
      // Near the view's edge a label above or below slides along, its leader still under it.
      const x = inner && align === "center" ? Math.max(to.x - block.width, inner[0], Math.min(to.x, inner[2] - block.width, free)) : free;
      const y = Math.abs(d.y) > 0.9 ? (d.y > 0 ? to.y : to.y - block.height) : to.y - block.height / 2;
      const box = rect(x, y, block.width, block.height);
      const units = scaled(box, 1 / k);
      const through = [0.3, 0.6, 0.9].some((t) => inside(others, (edge.x + (to.x - edge.x) * t) / k, (edge.y + (to.y - edge.y) * t) / k));
      if (!through && avoids(rings, units) && avoids(others, units)) spots.push({ anchor: "leader", align, box, leader: [edge, to], block });
    }
  }
  return spots.sort((a, b) => length(a.leader!) - length(b.leader!));
}

/** The last rays of each shape: a label in another language leaves it from the same spot. */
const rays = new WeakMap<Ring, { x: number; y: number; out: number[] }>();

function rayOnce(rings: readonly Ring[], from: Point, d: Point, direction: number): number {
  if (!rings.length) return Infinity;
  let known = rays.get(rings[0]);
  if (!known || known.x !== from.x || known.y !== from.y) rays.set(rings[0], (known = { ...from, out: [] }));
  return (known.out[direction] ??= ray(rings, from, d));
}

const length = ([a, b]: [Point, Point]): number => Math.round(Math.hypot(a.x - b.x, a.y - b.y));

const strikeRings = ({ payload, ground }: NamesInput): Ring[] =>
  [...new Set(payload.areas.filter((a) => !isQuiet(a.kind)).map((a) => a.shape))].flatMap((shape) => ground.rings(`shape:${shape}`));

function eventWishes(w: Writer): Wish[] {
  const { payload, ground, k, marks, number, many } = w.input;
  const wishes: Wish[] = [];
  const strikes = [...new Set(payload.areas.filter((a) => !isQuiet(a.kind)).map((a) => a.shape))];
  const hatched = strikeRings(w.input);
  payload.sites.forEach((site, index) => {
    if (!site.area && !marks[index]) return;
    const listed = site.events.map((id) => number(id)).filter((n) => n > 0).join(", ");
    // A bare position has no name: its number in the list stands for it.
    const name = w.text(site.names, "event") ?? w.plain(listed, "event");
    const sub = site.sub && w.text(site.sub, "sub");
    const block = stack([name, sub]);
    if (!name || !block) return;
    const numbers = stack([w.plain(listed, "event")]) ?? block;
    const key = `site ${index}`;
    if (site.area) {
      const shape = payload.areas.find((a) => a.site === index)?.shape;
      const rings = shape ? ground.rings(`shape:${shape}`) : [];
      const { seen, at } = heart(rings, px(site.at, k), w.input);
      const others = strikes.filter((other) => other !== shape).flatMap((other) => ground.rings(`shape:${other}`));
      const folded = stack([...w.fold(name), sub]) ?? block;
      const blocks = [block, folded, stack([name]) ?? block, stack(w.fold(name)) ?? block];
      const spots = (bs: Block[]): Spot[] => [...bs.flatMap((b) => insideShape(rings, seen, at, b, k)), ...[...bs].sort((x, y) => x.width - y.width).flatMap((b) => overShape(rings, seen, at, b, k)),
        ...bs.flatMap((b) => outsideShape(rings, others, at, b, w.input))];
      // On a crowded map a name that finds no room is left out: the list has it.
      const fallback = many ? {} : { fallback: { block: numbers, spots: [...spots([numbers]), centred(at, numbers)] } };
      wishes.push({ key, role: "event", block, spots: spots(blocks), ...fallback, site: index });
      return;
    }
    const mark = marks[index];
    // Two reports of one place that differ in precision share its name as they share its pile.
    const first = mark?.sites.find((other) => w.key(payload.sites[other].names) === w.key(site.names));
    if (!mark || first !== index) return;
    const spots = (b: Block): Spot[] => [...around8(outline(mark), b, w.rtl), ...onLeaders(outline(mark), b, w.rtl)].map((s) => ({ ...s, block: b }));
    const short = stack([name]) ?? block;
    const all = sub ? [...spots(block), ...spots(short)] : spots(block);
    // A name on somebody else's hatch would be read as that area's: such spots come last.
    const apart = (s: Spot): boolean => avoids(hatched, scaled(s.box, 1 / k));
    wishes.push({ key, role: "event", block, spots: [...all.filter(apart), ...all.filter((s) => !apart(s))], fallback: { block: numbers, spots: spots(numbers) }, site: index });
  });
  return wishes;
}

/** The pile with its badge's width beside it: labels begin to the right of the badge. */
function outline({ box, badge, disc, at, stand }: Placement): Rect {
  const pile: Rect = badge ? [box[0], box[1], badgeBox(badge)[2], box[3]] : box;
  // Within a disc the names stand outside it.
  return disc && stand === at ? join(pile, around(at.x, at.y, disc.r)) : pile;
}

/** Of a crowded map: more origins than this go without their names. */
const ORIGINS = 9;

function originWishes(w: Writer): Wish[] {
  const { payload, ground, k, many } = w.input;
  if (many && payload.origins.length > ORIGINS) return [];
  const sites = new Set(payload.sites.map((s) => w.key(s.names)));
  return payload.origins.filter((o) => !sites.has(w.key(o.names))).flatMap((o): Wish[] => {
    const text = w.text(o.names, "place");
    if (!text) return [];
    const blocks = w.folds(text);
    const block = blocks[0];
    const at = px(o.at, k);
    const rings = o.shape ? ground.rings(`shape:${o.shape}`) : [];
    const body = rings.length ? heart(rings, at, w.input) : null;
    const spots = body
      ? [...blocks.flatMap((b) => insideShape(rings, body.seen, body.at, b, k)), ...[...blocks].reverse().flatMap((b) => overShape(rings, body.seen, body.at, b, k, 1)),
        ...blocks.flatMap((b) => outsideShape(rings, [], body.at, b, w.input))]
      : [...around8(rect(at.x - 4, at.y - 4, 8, 8), block, w.rtl), ...onLeaders(rect(at.x - 4, at.y - 4, 8, 8), block, w.rtl)];
    return [{ key: `origin ${o.place}`, role: "place", block, spots }];
  });
}

/** "10 aircraft in total": once a mission, on the longest of its lines that the first view shows. */
function lineWishes(w: Writer): Wish[] {
  const { arcs, home } = w.input;
  const seen = (arc: Arc): Point[] => (home ? arc.points.filter((p) => p.x > home[0] && p.x < home[2] && p.y > home[1] && p.y < home[3]) : arc.points);
  return arcs.flatMap((arc): Wish[] => {
    const text = arc.source.label && w.text(arc.source.label, "line");
    if (!text) return [];
    const blocks = w.folds(text).slice(0, 2);
    const lines = arcs.filter((a) => a.mission === arc.mission && a.site === arc.site)
      .map((a) => ({ a, points: seen(a) })).sort((a, b) => b.points.length * b.a.chord - a.points.length * a.a.chord);
    return [{ key: `line ${arc.mission}`, role: "line", block: blocks[0],
      spots: blocks.flatMap((block) => lines.flatMap(({ a, points }) => (points.length > 8 ? beside(points, block, a.width).map((s) => ({ ...s, block })) : []))) }];
  });
}

/** "from the Gulf ↘", where the first view crops a line. */
function cropWishes(w: Writer): Wish[] {
  const { arcs, home, k } = w.input;
  const hatched = strikeRings(w.input);
  if (!home) return [];
  const edge = grow(home, -MARGIN[sizeClass(w.input.w)]);
  return arcs.flatMap((arc): Wish[] => {
    if (!arc.crop) return [];
    const text = w.text(arc.source.cropLabel, "crop", `\u00a0${arrowTo(arc.crop.at, arc.crop.towards)}`);
    if (!text) return [];
    const blocks = w.folds(text);
    const inner = arc.points.filter((p) => p.x > edge[0] && p.x < edge[2] && p.y > edge[1] && p.y < edge[3]);
    const at = inner[0] ?? arc.crop.at;
    const spots: Spot[] = [];
    const tries = [0, 8, 16, 24, 34, 48].flatMap((far) => blocks.map((block, i) => ({ far, block, cost: far + 14 * i })));
    for (const { far, block } of tries.sort((a, b) => a.cost - b.cost)) {
      const { width, height } = block;
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]]) {
        const x = at.x + dx * (6 + far) - (dx > 0 ? 0 : dx < 0 ? width : width / 2);
        const y = at.y + dy * (6 + far) - (dy > 0 ? 0 : dy < 0 ? height : height / 2);
        const box = rect(Math.max(edge[0], Math.min(edge[2] - width, x)), Math.max(edge[1], Math.min(edge[3] - height, y)), width, height);
        spots.push({ anchor: "crop", align: dx < 0 ? "right" : dx > 0 ? "left" : "center", box, block });
      }
    }
    const apart = spots.filter((s) => avoids(hatched, scaled(s.box, 1 / k)));
    return [{ key: `crop ${arc.id}`, role: "crop", block: blocks[0], spots: apart }];
  });
}

/** Ways off a label's own point, nearest first. */
const SHIFTS = [0, -14, 14, -28, 28, -44, 44].flatMap((dy) => [0, -26, 26, -52, 52, -80, 80].map((dx) => [dx, dy] as const))
  .sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

function countryWishes(w: Writer, labels: readonly Label[]): Wish[] {
  const { ground, k } = w.input;
  const land = ground.rings("land");
  const borders = ground.rings("country");
  return labels.flatMap((label): Wish[] => {
    const block = stack([w.text(label.names, "country")]);
    if (!block || (label.room ?? 0) * 2 * (k / 360) < 60) return [];
    const reach = (label.room ?? 0) * (k / 360);
    const clear: Spot[] = [];
    const touching: Spot[] = [];
    for (const at of label.at) {
      const p = px(at, k);
      for (const [dx, dy] of SHIFTS) {
        if (Math.hypot(dx, dy) > Math.max(30, reach)) continue;
        const spot = centred({ x: p.x + dx, y: p.y + dy }, block);
        if (!holds(land, scaled(spot.box, 1 / k))) continue;
        // No border between the country's own point and its name, or the name is the neighbour's.
        if (!crosses(borders, scaled(join(spot.box, [p.x, p.y, p.x, p.y]), 1 / k), false)) clear.push(spot);
        else if (!dx && !dy) touching.push(spot);
        if (clear.length > 2 * ENOUGH) break;
      }
    }
    return [{ key: `country ${w.key(label.names)}`, role: "country", block, spots: [...clear, ...touching] }];
  });
}

function seaWishes(w: Writer, labels: readonly Label[]): Wish[] {
  const { ground, k } = w.input;
  // A sea that is hatched for an event carries that event's name already.
  const hatched = [...new Set(w.input.payload.areas.map((a) => a.shape))].flatMap((shape) => ground.rings(`shape:${shape}`));
  const land = ground.rings("land");
  return labels.flatMap((label): Wish[] => {
    const block = stack([w.text(label.names, "sea")]);
    if (!block || (label.room !== undefined && label.room * 2 * (k / 360) < 90)) return [];
    const spots = label.at.flatMap((at) => {
      const p = px(at, k);
      return [0, -18, 18, -36, 36].flatMap((dy) => [0, -30, 30, -60, 60].map((dx) => centred({ x: p.x + dx, y: p.y + dy }, block)));
    });
    return [{ key: `sea ${w.key(label.names)}`, role: "sea", block, 
      spots: spots.filter((s) => { const r = scaled(grow(s.box, 2), 1 / k); return avoids(land, r) && avoids(hatched, r); }) }];
  });
}

function provinceWishes(w: Writer, labels: readonly Label[]): Wish[] {
  const { ground, k } = w.input;
  // A hatched province carries its event's label.
  const hatched = strikeRings(w.input);
  const land = ground.rings("land");
  return labels.flatMap((label): Wish[] => {
    const block = stack([w.text(label.names, "province")]);
    if (!block || (label.room !== undefined && label.room * 2 * (k / 360) < block.width * 0.8)) return [];
    const spots = label.at.flatMap((at) => {
      const p = px(at, k);
      return [0, -12, 12, -22, 22].map((dy) => centred({ x: p.x, y: p.y + dy }, block));
    });
    return [{ key: `province ${w.key(label.names)}`, role: "province", block, 
      spots: spots.filter((s) => { const r = scaled(s.box, 1 / k); return holds(land, r) && avoids(hatched, r); }) }];
  });
}

const DOT = 4;

/** Half of what piles cover, in CSS px. */
const PILES = [7, 12, 18, 24];

function pointWishes(w: Writer, labels: readonly Label[], role: "city" | "place"): Wish[] {
  const { ground, k } = w.input;
  const land = ground.rings("land");
  return labels.flatMap((label): Wish[] => {
    const block = stack([w.text(label.names, role)]);
    if (!block) return [];
    const p = px(label.at[0], k);
    // On a crowded map a pile stands at the place: its name keeps off it, however wide it is.
    if (role === "place" && w.input.many) return [{ key: `${role} ${w.key(label.names)}`, role, block, spots: PILES.flatMap((r) => around8(around(p.x, p.y, r), block, w.rtl)) }];
    const dot = rect(p.x - DOT / 2, p.y - DOT / 2, DOT, DOT);
    const spots = around8(dot, block, w.rtl);
    // Ports write into the sea, other towns stay on land: no name half on each.
    const whole = spots.filter((s) => { const r = scaled(s.box, 1 / k); return holds(land, r) || avoids(land, r); });
    const all = [...whole, ...spots.filter((s) => !whole.includes(s))];
    return [{ key: `${role} ${w.key(label.names)}`, role, block, dot, spots: role === "place" ? [...all, ...onLeaders(dot, block, w.rtl)] : all,
      ...(role === "city" ? { apart: 120 } : {}) }];
  });
}

/** The straightest stretch of a course that holds the name. */
function riverWishes(w: Writer, labels: readonly Label[]): Wish[] {
  const { k, home } = w.input;
  return labels.flatMap((label): Wish[] => {
    const block = stack([w.text(label.names, "river")]);
    if (!block || label.at.length < 2) return [];
    const course = label.at.map((at) => px(at, k)).filter((p) => !home || (p.x > home[0] && p.x < home[2] && p.y > home[1] && p.y < home[3]));
    const spots: (Spot & { bend: number; points: Point[] })[] = [];
    for (let i = 0; i < course.length - 1; i++) {
      let sum = 0;
      let j = i;
      while (j + 1 < course.length && sum < block.width + 8) sum += Math.hypot(course[j + 1].x - course[j].x, course[j + 1].y - course[j++].y);
      if (sum < block.width + 8) break;
      let [a, b] = [course[i], course[j]];
      const chord = Math.hypot(b.x - a.x, b.y - a.y);
      if (chord < block.width + 4) continue;
      if (b.x < a.x) [a, b] = [b, a];
      const off = course.slice(i, j + 1).map((p) => ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / chord);
      const above = Math.min(0, ...off);
      const bend = Math.max(...off) - above;
      const slope = Math.atan2(b.y - a.y, b.x - a.x);
      if (bend > 10 || Math.abs(slope) > 1.1) continue;
      const up = { x: Math.sin(slope), y: -Math.cos(slope) };
      const lift = -above + 4 + block.lines[0].down;
      const mid = { x: (a.x + b.x) / 2 + up.x * lift, y: (a.y + b.y) / 2 + up.y * lift };
      const half = { x: (Math.abs(Math.cos(slope)) * block.width + Math.abs(Math.sin(slope)) * block.height) / 2,
        y: (Math.abs(Math.sin(slope)) * block.width + Math.abs(Math.cos(slope)) * block.height) / 2 };
      const d = { x: (Math.cos(slope) * block.width) / 2, y: (Math.sin(slope) * block.width) / 2 };
      spots.push({ anchor: "course", align: "center", bend: bend + Math.abs(slope) * 4,
        box: [mid.x - half.x, mid.y - half.y - 4, mid.x + half.x, mid.y + half.y - 4],
        points: [{ x: mid.x - d.x, y: mid.y - d.y }, { x: mid.x + d.x, y: mid.y + d.y }] });
    }
    spots.sort((a, b) => a.bend - b.bend);
    return spots.slice(0, 12).map((s, i) => ({ key: `river ${w.key(label.names)} ${i}`, role: "river" as const, block, spots: [s], apart: 400, along: { points: s.points } }));
  });
}

/** Wishes by group, most important first, without any that names what a more important one names already. */
export function wishes(input: NamesInput): Wish[][] {
  const w = new Writer(input);
  const { payload } = input;
  const named = new Set([...payload.sites, ...payload.origins].map((x) => w.key(x.names)));
  const role = (r: Label["role"]): Label[] => payload.labels.filter((l) => l.role === r && !named.has(w.key(l.names)))
    .sort((a, b) => Number(b.capital ?? false) - Number(a.capital ?? false) || a.rank - b.rank);
  const groups = [eventWishes(w), originWishes(w), cropWishes(w), lineWishes(w)];
  if (input.base) {
    const wide = kmAcross(input);
    groups.push(pointWishes(w, role("place"), "place"), countryWishes(w, role("country")), seaWishes(w, role("sea")));
    const cities = role("city");
    const towns = new Set(cities.map((l) => w.key(l.names)));
    if (wide < 900) groups.push(provinceWishes(w, role("province").filter((l) => !towns.has(w.key(l.names)))));
    groups.push(pointWishes(w, cities, "city"));
    if (wide < 700) groups.push(riverWishes(w, role("river")));
  }
  return groups;
}

/** Width of the view on the ground, at the middle of the frame. */
export function kmAcross({ payload, w, k }: Pick<NamesInput, "payload" | "w" | "k">): number {
  const [, s, , n] = payload.frame.core;
  const a = unit([0, s]);
  const b = unit([0, n]);
  const lat = degrees({ x: 0.5, y: (a.y + b.y) / 2 })[1];
  return ((w / k) * 40075.017 * Math.cos((lat * Math.PI) / 180));
}
