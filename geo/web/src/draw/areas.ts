/** Hatched areas, origins' tints, and the discs of places known to a radius. */

import type { Hatch, Disc } from "../layer/marks";
import type { Ground } from "../layer/ground";
import type { SizeClass } from "../layout/frame";
import type { Rect } from "../layout/plane";
import { addRings } from "./base";
import type { Brush } from "./brush";

/** A tile whose strokes meet at its edges; whole in device px, or the seams show. */
function tile(colour: string, size: number, width: number, angle: 45 | 135, dpr: number): HTMLCanvasElement {
  const px = Math.round(size * dpr);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = px;
  const ctx = canvas.getContext("2d")!;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width * dpr;
  ctx.beginPath();
  for (const shift of [-px, 0, px]) {
    const [from, to] = angle === 45 ? [px, 0] : [0, px];
    ctx.moveTo(shift - px, from + (angle === 45 ? px : -px));
    ctx.lineTo(shift + 2 * px, to + (angle === 45 ? -px : px));
  }
  ctx.stroke();
  return canvas;
}

/** Spacing and line of a hatch; context is sparser and finer than a strike. */
const hatchOf = (cls: SizeClass, quiet: boolean): { size: number; line: number } => {
  const strike = cls === "S" ? { size: 8, line: 1 } : { size: 10, line: 1.25 };
  return quiet ? { size: strike.size * 2, line: 0.75 } : strike;
};

export const hatchColour = (b: Brush, h: Hatch): string => (h.ink ? b.theme.countryLabel : h.quiet ? b.theme.country : b.theme.slots[h.slot]);

export function drawHatch(b: Brush, ground: Ground, h: Hatch, cls: SizeClass, cut: Rect, look: { dim: boolean; strong: boolean }): void {
  const rings = ground.rings(`shape:${h.shape}`);
  if (!rings.length) return;
  const { ctx } = b;
  const colour = hatchColour(b, h);
  const path = new Path2D();
  addRings(b, path, rings, true);
  const { size, line } = hatchOf(cls, h.quiet);
  const alpha = look.dim ? 0.35 : 1;
  ctx.fillStyle = colour;
  ctx.globalAlpha = alpha * (h.quiet ? b.theme.tint / 2 : b.theme.tint);
  ctx.fill(path, "evenodd");
  ctx.globalAlpha = alpha;
  const pattern = ctx.createPattern(tile(colour, size, line, h.angle, b.dpr), "repeat");
  if (pattern) {
    const real = Math.round(size * b.dpr) / b.dpr;
    // Anchored to the map: neighbours line up and nothing crawls while the reader pans.
    pattern.setTransform(new DOMMatrix([1 / b.dpr, 0, 0, 1 / b.dpr, -(b.left % real), -(b.top % real)]));
    ctx.fillStyle = pattern;
    ctx.fill(path, "evenodd");
  }
  const edge = new Path2D();
  addRings(b, edge, rings, true, cut);
  ctx.strokeStyle = colour;
  ctx.lineWidth = (h.quiet ? 1 : 1.5) + (look.strong ? 1 : 0);
  ctx.setLineDash(h.solid ? [] : [4, 3]);
  ctx.lineCap = h.solid ? "round" : "butt";
  ctx.stroke(edge);
  ctx.setLineDash([]);
  ctx.lineCap = "round";
  ctx.globalAlpha = 1;
}

/** An origin's area: a light tint and no hatch, for a hatch is a strike. */
export function drawOrigin(b: Brush, ground: Ground, shape: string, slot: number, dim: boolean): void {
  const path = new Path2D();
  addRings(b, path, ground.rings(`shape:${shape}`), true);
  b.ctx.fillStyle = b.theme.slots[slot];
  b.ctx.globalAlpha = 0.1 * (dim ? 0.35 : 1);
  b.ctx.fill(path, "evenodd");
  b.ctx.globalAlpha = 1;
}

/** "Somewhere within": a thin outline and a faint tint. */
export function drawDisc(b: Brush, ground: Ground, disc: Disc, dim: boolean): void {
  const { ctx } = b;
  const path = new Path2D();
  if (disc.shape) addRings(b, path, ground.rings(`shape:${disc.shape}`), true);
  else path.arc(disc.x - b.left, disc.y - b.top, disc.r, 0, 2 * Math.PI);
  const colour = disc.slot === null ? b.theme.countryLabel : b.theme.slots[disc.slot];
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.globalAlpha = b.theme.tint * (dim ? 0.35 : 1);
  ctx.fill(path, "evenodd");
  ctx.globalAlpha = dim ? 0.35 : 1;
  ctx.lineWidth = 1;
  ctx.stroke(path);
  ctx.globalAlpha = 1;
}
