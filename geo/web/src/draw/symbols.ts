/** Glyphs, their casings, stems, badges and focus rings. */

import type { Placement } from "../layer/marks";
import { BADGE, reach, type Glyph } from "../layout/piles";
import type { Brush } from "./brush";
import { face } from "./text";

const CASING = 1.5;
const RING = 2;

interface Look { dim: boolean; hover: boolean; ring: boolean }

export class Symbols {
  private readonly paths: Path2D[];
  constructor(symbols: readonly string[]) {
    this.paths = symbols.map((d) => new Path2D(d));
  }

  /** The slot's path at a diameter, around the glyph's centre. */
  private shape(b: Brush, slot: number, x: number, y: number, d: number): Path2D {
    const path = new Path2D();
    path.addPath(this.paths[slot] ?? this.paths[this.paths.length - 1], new DOMMatrix([d, 0, 0, d, x - b.left, y - b.top]));
    return path;
  }

  draw(b: Brush, g: Glyph, look: Look): void {
    const { ctx } = b;
    ctx.save();
    if (look.dim) ctx.globalAlpha = 0.35;
    ctx.lineJoin = "round";
    if (g.kind === "crash") this.crash(b, g, look);
    else this.symbol(b, g, look);
    ctx.globalAlpha = 1;
    if (look.ring) this.focus(b, g);
    if (g.unknown) this.question(b, g);
    ctx.restore();
  }

  private symbol(b: Brush, g: Glyph, look: Look): void {
    const { ctx, theme } = b;
    const colour = theme.slots[g.slot];
    const more = look.hover ? 1 : 0;
    const line = RING + more;
    if (g.ring !== null) {
      const outer = this.shape(b, g.slot, g.x, g.y, g.ring - RING);
      this.cased(b, outer, line, colour);
    }
    const filled = this.shape(b, g.slot, g.x, g.y, g.d);
    if (g.status === "declared") {
      ctx.strokeStyle = theme.halo;
      ctx.lineWidth = 2 * CASING + 2 * more;
      ctx.stroke(filled);
      ctx.fillStyle = colour;
      ctx.fill(filled);
      if (more) {
        ctx.strokeStyle = colour;
        ctx.lineWidth = 2 * more;
        ctx.stroke(filled);
      }
      return;
    }
    // A ring's stroke stands inside the symbol's size, so that a ring is no bigger than a disc.
    const inner = this.shape(b, g.slot, g.x, g.y, g.d - RING);
    ctx.strokeStyle = theme.halo;
    ctx.lineWidth = line + 2 * CASING;
    ctx.stroke(inner);
    ctx.fillStyle = theme.halo;
    ctx.fill(inner);
    if (g.status === "contested") {
      ctx.save();
      ctx.beginPath();
      ctx.rect(g.x - b.left - g.d, g.y - b.top, 2 * g.d, g.d);
      ctx.clip();
      ctx.fillStyle = colour;
      ctx.fill(inner);
      ctx.restore();
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = line;
    ctx.stroke(inner);
  }

  private cased(b: Brush, path: Path2D, line: number, colour: string): void {
    b.ctx.strokeStyle = b.theme.halo;
    b.ctx.lineWidth = line + 2 * CASING;
    b.ctx.stroke(path);
    b.ctx.strokeStyle = colour;
    b.ctx.lineWidth = line;
    b.ctx.stroke(path);
  }

  /** An ink × in an ink ring. */
  private crash(b: Brush, g: Glyph, look: Look): void {
    const { ctx, theme } = b;
    const r = g.d / 2 - 1;
    const path = new Path2D();
    path.arc(g.x - b.left, g.y - b.top, r, 0, 2 * Math.PI);
    ctx.fillStyle = theme.halo;
    ctx.fill(path);
    const arm = r * 0.5;
    for (const way of [1, -1]) {
      path.moveTo(g.x - b.left - arm, g.y - b.top - arm * way);
      path.lineTo(g.x - b.left + arm, g.y - b.top + arm * way);
    }
    this.cased(b, path, 1.75 + (look.hover ? 1 : 0), theme.ink);
  }

  private question(b: Brush, g: Glyph): void {
    const { ctx, theme } = b;
    ctx.font = face(700, 11);
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    const [x, y] = [g.x - b.left + reach(g) + 1, g.y - b.top - reach(g) + 1];
    ctx.strokeStyle = theme.halo;
    ctx.lineWidth = 3;
    ctx.strokeText("?", x, y);
    ctx.fillStyle = theme.ink;
    ctx.fillText("?", x, y);
  }

  /** Two px of ink outside two of halo, three off the mark. */
  private focus(b: Brush, g: Glyph): void {
    const { ctx, theme } = b;
    const r = reach(g) + 3;
    const circle = (radius: number, colour: string): void => {
      ctx.beginPath();
      ctx.arc(g.x - b.left, g.y - b.top, radius, 0, 2 * Math.PI);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 2;
      ctx.stroke();
    };
    circle(r + 1, theme.halo);
    circle(r + 3, theme.ink);
  }
}

export function drawBadge(b: Brush, badge: NonNullable<Placement["badge"]>, dim: boolean): void {
  const { ctx, theme } = b;
  const [x, y] = [badge.x - b.left, badge.y - b.top];
  ctx.globalAlpha = dim ? 0.35 : 1;
  ctx.beginPath();
  ctx.arc(x, y, BADGE / 2, 0, 2 * Math.PI);
  ctx.fillStyle = theme.halo;
  ctx.fill();
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.font = face(700, 11);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.direction = "ltr";
  ctx.fillStyle = theme.ink;
  ctx.fillText(badge.n > 99 ? "99+" : String(badge.n), x, y + 0.5);
  ctx.globalAlpha = 1;
}

/** From each glyph of an open pile to the true spot. */
export function drawStems(b: Brush, m: Placement): void {
  const { ctx, theme } = b;
  for (const [colour, width] of [[theme.halo, 3], [theme.ink, 1]] as const) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    for (const g of m.glyphs) {
      ctx.moveTo(m.stand.x - b.left, m.stand.y - b.top);
      ctx.lineTo(g.x - b.left, g.y - b.top);
    }
    ctx.stroke();
  }
  ctx.beginPath();
  ctx.arc(m.stand.x - b.left, m.stand.y - b.top, 2, 0, 2 * Math.PI);
  ctx.fillStyle = theme.ink;
  ctx.fill();
}
