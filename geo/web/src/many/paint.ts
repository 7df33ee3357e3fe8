/** What piles are drawn with. */

import { prepareSprite, type Sprite } from "./sprites";
import type { Brush } from "../draw/brush";
import { SLOTS } from "./rows";
import type { Piles } from "./stacks";

/** The least diameter that is drawn, in CSS px. */
const LEAST = 6;

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
