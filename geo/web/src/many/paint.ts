/** Piles and streams on a canvas. */

import { prepareSprite, type Sprite } from "./sprites";
import type { Brush } from "../draw/brush";
import { face } from "../draw/text";
import { SLOTS } from "./rows";
import type { Piles } from "./stacks";
import type { Streams } from "./routes";

/** Diameters in CSS px: the least that is drawn, and the largest pile's. */
export const LEAST = 6;
export const MOST = 40;
/** From this diameter a pile says its number. */
const SAYS = 22;

/** A pile's diameter: its area is proportional to its number, from `LEAST` for one. */
export function diameter(n: number, most: number): number {
  const per = most > 1 ? Math.min(LEAST * LEAST, (MOST * MOST) / most) : LEAST * LEAST;
  return Math.max(LEAST, Math.sqrt(n * per));
}

/** The widest line; a stream of one is 0.75 px. */
const WIDEST = 6;

export function width(n: number, most: number): number {
  return most > 1 ? 0.75 + (WIDEST - 0.75) * Math.sqrt((n - 1) / Math.max(24, most - 1)) : 0.75;
}

/** Draws the piles, the larger first so that smaller ones stay in reach. */
export function drawPiles(b: Brush, piles: Piles, sprites: Sprites, most: number): void {
  const { ctx } = b;
  const order = new Uint32Array(piles.size);
  for (let i = 0; i < piles.size; i++) order[i] = i;
  order.sort((i, j) => piles.n[j] - piles.n[i] || i - j);
  for (const i of order) {
    const d = diameter(piles.n[i], most);
    const x = piles.x[i] - b.left;
    const y = piles.y[i] - b.top;
    const slot = onlySlot(piles, i);
    if (slot >= 0) {
      const sprite = sprites.of(slot, d);
      ctx.drawImage(sprite.image, x - sprite.half, y - sprite.half, sprite.half * 2, sprite.half * 2);
    } else pie(b, piles, i, x, y, d);
  }
  for (const i of order) {
    const d = diameter(piles.n[i], most);
    if (d < SAYS) break;
    say(b, piles.n[i], piles.x[i] - b.left, piles.y[i] - b.top, d);
  }
}

/** The slot of a pile that has one actor's events alone, else −1. */
export function onlySlot(piles: Piles, i: number): number {
  for (let s = 0; s < SLOTS; s++) if (piles.slots[i * SLOTS + s] === piles.n[i]) return s;
  return -1;
}

export function pie(b: Brush, piles: Piles, i: number, x: number, y: number, d: number): void {
  const { ctx, theme } = b;
  ctx.beginPath();
  ctx.arc(x, y, d / 2 + 1.5, 0, 2 * Math.PI);
  ctx.fillStyle = theme.halo;
  ctx.fill();
  let from = -Math.PI / 2;
  for (let s = 0; s < SLOTS; s++) {
    const part = piles.slots[i * SLOTS + s];
    if (!part) continue;
    const to = from + (2 * Math.PI * part) / piles.n[i];
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.arc(x, y, d / 2, from, to);
    ctx.fillStyle = theme.slots[s];
    ctx.fill();
    from = to;
  }
}

const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

function say(b: Brush, n: number, x: number, y: number, d: number): void {
  const { ctx, theme } = b;
  const text = numbers.format(n);
  ctx.font = face(700, d < 30 ? 11 : 12);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.direction = "ltr";
  ctx.lineWidth = 3;
  ctx.lineJoin = "round";
  ctx.strokeStyle = theme.halo;
  ctx.strokeText(text, x, y + 0.5);
  ctx.fillStyle = theme.ink;
  ctx.fillText(text, x, y + 0.5);
}

/** Symbols of one slot at whole diameters, each drawn once. */
export class Sprites {
  private readonly made = new Map<number, Sprite>();
  constructor(private readonly paths: readonly Path2D[], private readonly b: Brush) {}

  of(slot: number, d: number): Sprite {
    const size = Math.max(LEAST, Math.round(d));
    const key = slot * 100 + size;
    let sprite = this.made.get(key);
    if (!sprite) this.made.set(key, (sprite = prepareSprite(this.paths[slot], size, this.b)(this.b.theme.slots[slot])));
    return sprite;
  }
}

/** Streams, the thin ones first. Those above the `heads` widest have no head: their bow alone, always to the right, says which way. */
export function drawStreams(b: Brush, streams: Streams, most: number, heads = 120): void {
  const { ctx, theme } = b;
  const order = new Uint32Array(streams.size);
  for (let i = 0; i < streams.size; i++) order[i] = i;
  order.sort((i, j) => streams.n[i] - streams.n[j] || i - j);
  const crisp = Math.max(0, streams.size - heads);
  // Thin streams of one look are one path: thousands of strokes would take a second.
  let path: Path2D | null = null;
  let look = "";
  const flush = (): void => {
    if (!path) return;
    const [slot, wide, alpha] = look.split(" ").map(Number);
    ctx.globalAlpha = alpha;
    ctx.lineWidth = wide;
    ctx.strokeStyle = theme.slots[slot];
    ctx.stroke(path);
    path = null;
  };
  ctx.lineCap = "butt";
  const thin = order.subarray(0, crisp);
  const classes = new Map<string, number[]>();
  for (const i of thin) {
    const wide = Math.round(width(streams.n[i], most) * 2) / 2 || 0.5;
    const key = `${streams.slot[i]} ${wide} ${Math.min(0.8, 0.18 + 0.1 * wide)}`;
    const of = classes.get(key);
    if (of) of.push(i);
    else classes.set(key, [i]);
  }
  for (const [key, of] of classes) {
    look = key;
    path = new Path2D();
    for (const i of of) bow(path, streams, i, b);
    flush();
  }
  for (const i of order.subarray(crisp)) {
    const wide = Math.max(1, width(streams.n[i], most));
    const one = new Path2D();
    const tip = bow(one, streams, i, b);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = theme.land;
    ctx.lineWidth = wide + 2;
    ctx.stroke(one);
    ctx.strokeStyle = ctx.fillStyle = theme.slots[streams.slot[i]];
    ctx.lineWidth = wide;
    ctx.stroke(one);
    head(ctx, tip, 6 + wide * 1.6);
  }
  ctx.globalAlpha = 1;
}

interface Tip { x: number; y: number; dx: number; dy: number }

/** One quadratic that bows to the right of its way; gives its end and direction. */
export function bow(path: Path2D, s: Streams, i: number, b: Brush): Tip {
  const [ax, ay, bx, by] = [s.fromX[i] - b.left, s.fromY[i] - b.top, s.toX[i] - b.left, s.toY[i] - b.top];
  const chord = Math.hypot(bx - ax, by - ay);
  const sagitta = chord < 60 ? 0 : Math.min(0.12, 0.06 + (0.04 * chord) / 300);
  const cx = (ax + bx) / 2 - (by - ay) * sagitta * 2;
  const cy = (ay + by) / 2 + (bx - ax) * sagitta * 2;
  path.moveTo(ax, ay);
  if (sagitta) path.quadraticCurveTo(cx, cy, bx, by);
  else path.lineTo(bx, by);
  const l = Math.hypot(bx - cx, by - cy) || 1;
  return { x: bx, y: by, dx: (bx - cx) / l, dy: (by - cy) / l };
}

export function head(ctx: CanvasRenderingContext2D, { x, y, dx, dy }: Tip, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - dx * size - dy * size * 0.4, y - dy * size + dx * size * 0.4);
  ctx.lineTo(x - dx * size + dy * size * 0.4, y - dy * size - dx * size * 0.4);
  ctx.closePath();
  ctx.fill();
}
