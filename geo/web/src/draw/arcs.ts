/** Sortie lines: casing, line, head. */

import type { Arc } from "../layer/arcs";
import type { Point } from "../layout/plane";
import { trace, type Brush } from "./brush";

const CASING = 1.5;
/** A line from an area appears over this part of its length: it has no known beginning. */
const FADE = 0.2;

export const headOf = (width: number): { length: number; width: number } => (width === 4 ? { length: 16, width: 13 } : { length: 10, width: 8 });

function withAlpha(colour: string, alpha: number): string | null {
  const m = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  return m && `rgba(${m.slice(1).map((h) => parseInt(h, 16)).join(",")},${alpha})`;
}

/** Colour along a line; one colour where nothing fades. */
function paint(b: Brush, arc: Arc, colour: string): string | CanvasGradient {
  const faint = withAlpha(colour, 0.2);
  if (!arc.fromArea || !faint) return colour;
  const a = arc.points[0];
  const z = arc.points[Math.floor((arc.points.length - 1) * FADE)];
  const gradient = b.ctx.createLinearGradient(a.x - b.left, a.y - b.top, z.x - b.left, z.y - b.top);
  gradient.addColorStop(0, faint);
  gradient.addColorStop(1, colour);
  return gradient;
}

/** Points up to the head's base, and the head. */
function split(arc: Arc): { line: Point[]; head: Point[] } {
  const size = headOf(arc.width);
  const tip = arc.points[arc.points.length - 1];
  let i = arc.points.length - 2;
  while (i > 0 && Math.hypot(arc.points[i].x - tip.x, arc.points[i].y - tip.y) < size.length) i--;
  const from = arc.points[i];
  const d = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const u = { x: (tip.x - from.x) / d, y: (tip.y - from.y) / d };
  const base = { x: tip.x - u.x * size.length, y: tip.y - u.y * size.length };
  const half = size.width / 2;
  // The line ends a little inside the head, so that no gap shows between them.
  return { line: [...arc.points.slice(0, i + 1), { x: base.x + u.x * 2, y: base.y + u.y * 2 }],
    head: [tip, { x: base.x - u.y * half, y: base.y + u.x * half }, { x: base.x + u.y * half, y: base.y - u.x * half }] };
}

export function drawArc(b: Brush, arc: Arc, look: { dim: boolean; strong: boolean }): void {
  const { ctx, theme } = b;
  const { line, head } = split(arc);
  const colour = theme.slots[arc.slot];
  const width = arc.width + (look.strong ? 1 : 0);
  ctx.globalAlpha = look.dim ? 0.35 : 1;
  ctx.lineCap = "butt";
  ctx.lineJoin = "round";
  const outline = new Path2D();
  head.forEach((p, i) => (i ? outline.lineTo(p.x - b.left, p.y - b.top) : outline.moveTo(p.x - b.left, p.y - b.top)));
  outline.closePath();
  ctx.strokeStyle = paint(b, arc, theme.land);
  ctx.lineWidth = width + 2 * CASING;
  trace(ctx, line, b.left, b.top);
  ctx.stroke();
  ctx.strokeStyle = theme.land;
  ctx.lineWidth = 2 * CASING;
  ctx.stroke(outline);
  ctx.strokeStyle = paint(b, arc, colour);
  ctx.lineWidth = width;
  trace(ctx, line, b.left, b.top);
  ctx.stroke();
  ctx.fillStyle = colour;
  ctx.fill(outline);
  ctx.lineCap = "round";
  ctx.globalAlpha = 1;
}

/** A pinned origin: an air base. */
export function drawNode(b: Brush, at: Point, slot: number, dim: boolean): void {
  const { ctx, theme } = b;
  ctx.globalAlpha = dim ? 0.35 : 1;
  ctx.beginPath();
  ctx.arc(at.x - b.left, at.y - b.top, 3.5, 0, 2 * Math.PI);
  ctx.lineWidth = 2 * CASING;
  ctx.strokeStyle = theme.halo;
  ctx.stroke();
  ctx.fillStyle = theme.slots[slot];
  ctx.fill();
  ctx.globalAlpha = 1;
}
