/** Piles and streams on a canvas, in steps. */

import type { Brush } from "../draw/brush";
import { face } from "../draw/text";
import type { Symbols } from "../draw/symbols";
import type { SizeClass } from "../layout/frame";
import { bow } from "../layout/bows";
import { meets, type Rect } from "../layout/plane";
import { onlySlot, pie, type Sprites } from "../many/paint";
import type { Piles } from "../many/stacks";
import type { Streams } from "../many/routes";
import type { Colour, Curve, Strokes } from "./strokes";

/** Diameter of the greatest pile, in CSS px, by the map's width; and from which on a pile says its number. */
export const MOST: Readonly<Record<SizeClass, number>> = { S: 36, M: 44, L: 56 };
const SAYS = 20;
/** Diameter of one event, by how many piles there are to draw: alone it has a symbol's full size. */
const UNITS: [most: number, d: number][] = [[160, 12], [700, 9], [Infinity, 6]];
/** Up to this size a single event is stamped; above it shows its status. */
const STAMPED = 9;
const STATUSES = ["declared", "reported", "contested"] as const;

export const unitOf = (piles: number): number => UNITS.find(([most]) => piles <= most)![1];

/** A pile's diameter: its area is proportional to its number, from `unit` for one. */
export function diameter(n: number, most: number, unit: number, widest: number): number {
  const per = most > 1 ? Math.min(unit * unit, (widest * widest) / most) : unit * unit;
  return Math.max(unit, Math.sqrt(n * per));
}

export interface Single { status: number; unknown: boolean; crash: boolean }
export interface Look { sprites: Sprites; symbols: Symbols; unit: number; step: number; numbers: Numbers; single(i: number): Single | null }

/** Draws the piles, the larger first so that smaller ones stay in reach; then their numbers. */
export function* drawPiles(b: Brush, piles: Piles & { d: Float64Array }, { sprites, symbols, unit, step, numbers, single }: Look): Generator<void, void> {
  const order = Uint32Array.from({ length: piles.size }, (_, i) => i).sort((i, j) => piles.n[j] - piles.n[i] || i - j);
  let drawn = 0;
  for (const i of order) {
    if (++drawn % step === 0) yield;
    const d = piles.d[i];
    const x = piles.x[i] - b.left;
    const y = piles.y[i] - b.top;
    const slot = onlySlot(piles, i);
    const one = unit > STAMPED ? single(i) : null;
    if (one) {
      symbols.draw(b, { id: "", x: piles.x[i], y: piles.y[i], d: one.crash ? 16 : d, ring: null, slot, kind: one.crash ? "crash" : "strike",
        status: STATUSES[one.status] ?? "reported", unknown: one.unknown }, { dim: false, hover: false, ring: false });
    } else if (slot >= 0) {
      const sprite = sprites.of(slot, d);
      b.ctx.drawImage(sprite.image, x - sprite.half, y - sprite.half, sprite.half * 2, sprite.half * 2);
    } else pie(b, piles, i, x, y, d);
  }
  yield;
  for (const i of order) {
    const d = piles.d[i];
    if (d < SAYS) break;
    numbers.write(b, piles.n[i], piles.x[i], piles.y[i]);
  }
}

/** So many discs have edges at full strength. */
const EDGED = 60;

/** How far each of them may be off: in one piece, so that where many lie on each other the ground is still seen. */
export function drawDiscs({ ctx, theme, left, top }: Brush, discs: readonly { x: number; y: number; r: number }[]): void {
  const path = new Path2D();
  for (const { x, y, r } of discs) {
    path.moveTo(x - left + r, y - top);
    path.arc(x - left, y - top, r, 0, 2 * Math.PI);
  }
  ctx.fillStyle = ctx.strokeStyle = theme.countryLabel;
  ctx.globalAlpha = theme.tint;
  ctx.fill(path);
  ctx.globalAlpha = Math.min(1, EDGED / discs.length);
  ctx.lineWidth = 1;
  ctx.stroke(path);
  ctx.globalAlpha = 1;
}

const formats = new Map<string, Intl.NumberFormat>();

/** How a language writes numbers, in the figures of the page. */
function figuresOf(lang: string): Intl.NumberFormat {
  let format = formats.get(lang);
  if (!format) formats.set(lang, (format = new Intl.NumberFormat(lang, { numberingSystem: "latn" } as Intl.NumberFormatOptions)));
  return format;
}

/** The room that a number takes around its middle. */
export function roomOf(figures: number, x: number, y: number): Rect {
  const half = (figures * FIGURE) / 2 + 1;
  return [x - half, y - SIZE / 2 - 1, x + half, y + SIZE / 2 + 1];
}

const SIZE = 12;
/** Width of a figure, for the room that a number takes. */
const FIGURE = 7;

/** Numbers on the map, the greatest first: one that would stand on another is left out. */
export class Numbers {
  private readonly taken: Rect[] = [];
  private readonly figures: Intl.NumberFormat;

  constructor(lang: string) {
    this.figures = figuresOf(lang);
  }

  /** At a point in world px. */
  write({ ctx, theme, left, top }: Brush, n: number, x: number, y: number): void {
    const text = this.figures.format(n);
    const box = roomOf(text.length, x, y);
    if (this.taken.some((other) => meets(box, other))) return;
    this.taken.push(box);
    ctx.font = face(700, SIZE);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.direction = "ltr";
    ctx.lineJoin = "round";
    ctx.lineWidth = 3;
    ctx.strokeStyle = theme.halo;
    ctx.strokeText(text, x - left, y - top + 0.5);
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, x - left, y - top + 0.5);
  }
}

/** So many streams have an arrow's head; the thinner ones say by their bow, always to the right, which way they go. */
const HEADS = 50;

/** The widest line where there are few; of many even the widest is thin, or nothing else would be seen. */
const WIDEST = 6;
const LEAST_WIDE = 2.5;
const FEW = 80;
/** So many half pixels of width are told apart. */
const LOOKS = 2 * WIDEST + 1;
/** Half of an arrow head's breadth, of its length. */
const HALF_HEAD = 0.4;

/** What streams are painted with: a sheet of the canvas's size, and the theme's colours. */
export interface Inks { strokes: Strokes; slots: readonly Colour[]; land: Colour }

/** Draws the streams, the thin ones first, where there is a map; `over` says that something lies beneath them on the canvas. */
export function* drawStreams(b: Brush, streams: Streams, most: number, step: number, sheet: Rect, { strokes, slots, land }: Inks, over: boolean): Generator<void, void> {
  if (!streams.size) return;
  const { dpr } = b;
  const widest = Math.max(LEAST_WIDE, Math.min(WIDEST, WIDEST * Math.sqrt(FEW / streams.size)));
  const width = (n: number): number => (most > 1 ? 0.75 + (widest - 0.75) * Math.sqrt((n - 1) / Math.max(24, most - 1)) : 0.75);
  strokes.begin([(sheet[0] - b.left) * dpr, (sheet[1] - b.top) * dpr, (sheet[2] - b.left) * dpr, (sheet[3] - b.top) * dpr]);
  const order = Uint32Array.from({ length: streams.size }, (_, i) => i).sort((i, j) => streams.n[i] - streams.n[j] || i - j);
  const crisp = Math.max(0, streams.size - HEADS);
  // Thin streams of one look together.
  const looks = new Map<number, number[]>();
  for (const i of order.subarray(0, crisp)) {
    const look = LOOKS * streams.slot[i] + Math.round(width(streams.n[i]) * 2);
    const of = looks.get(look);
    if (of) of.push(i);
    else looks.set(look, [i]);
  }
  let drawn = 0;
  for (const [look, of] of looks) {
    const wide = (look % LOOKS) / 2;
    const [colour, opacity] = [slots[Math.floor(look / LOOKS)], Math.min(0.8, 0.18 + 0.1 * wide)];
    for (const i of of) {
      strokes.curve(bowed(streams, i, b), wide * dpr, colour, opacity);
      if (++drawn % step === 0) yield;
    }
  }
  for (const i of order.subarray(crisp)) {
    const wide = Math.max(1, width(streams.n[i]));
    const curve = bowed(streams, i, b);
    const colour = slots[streams.slot[i]];
    strokes.curve(curve, (wide + 2) * dpr, land, 1);
    strokes.curve(curve, wide * dpr, colour, 1);
    strokes.triangle(head(curve, (6 + wide * 1.6) * dpr), colour);
    if (++drawn % step === 0) yield;
  }
  yield;
  strokes.put(b.ctx, over);
}

/** One quadratic that bows to the right of its way, in device px. */
function bowed(s: Streams, i: number, { left, top, dpr }: Brush): Curve {
  const [ax, ay, bx, by] = [s.fromX[i] - left, s.fromY[i] - top, s.toX[i] - left, s.toY[i] - top];
  const out = 2 * bow(Math.hypot(bx - ax, by - ay));
  return [ax * dpr, ay * dpr, ((ax + bx) / 2 - (by - ay) * out) * dpr, ((ay + by) / 2 + (bx - ax) * out) * dpr, bx * dpr, by * dpr];
}

/** An arrow head of a length at a curve's end. */
function head([, , cx, cy, x, y]: Curve, size: number): Curve {
  const l = Math.hypot(x - cx, y - cy) || 1;
  const [dx, dy] = [((x - cx) / l) * size, ((y - cy) / l) * size];
  return [x, y, x - dx - dy * HALF_HEAD, y - dy + dx * HALF_HEAD, x - dx + dy * HALF_HEAD, y - dy - dx * HALF_HEAD];
}
