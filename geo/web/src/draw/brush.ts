/** A canvas and what every painter needs to know of it. */

import type { Theme } from "../payload";
import type { Point, Rect } from "../layout/plane";

export interface Brush {
  ctx: CanvasRenderingContext2D;
  theme: Theme;
  dark: boolean;
  /** World px of the canvas's corner: painters draw at world minus this. */
  left: number;
  top: number;
  width: number;
  height: number;
  k: number;
  dpr: number;
}

export const seen = (b: Brush): Rect => [b.left, b.top, b.left + b.width, b.top + b.height];

/** A canvas of w × h CSS px whose context draws in CSS px, crisp on dense screens. */
export function prepare(canvas: HTMLCanvasElement, w: number, h: number, dpr: number): CanvasRenderingContext2D {
  const [width, height] = [Math.round(w * dpr), Math.round(h * dpr)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  canvas.style.width = `${w}px`;
  canvas.style.height = `${h}px`;
  const ctx = canvas.getContext("2d")!;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  ctx.clearRect(0, 0, w, h);
  ctx.lineJoin = ctx.lineCap = "round";
  return ctx;
}

export function trace(ctx: CanvasRenderingContext2D, points: readonly Point[], left: number, top: number): void {
  ctx.beginPath();
  points.forEach((p, i) => (i ? ctx.lineTo(p.x - left, p.y - top) : ctx.moveTo(p.x - left, p.y - top)));
}
