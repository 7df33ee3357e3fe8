/** Where a label may stand: around a point, on a leader, or centred. Pixels, y down. */

import { grow, meets, rect, type Point, type Rect } from "./plane";
import type { Block } from "./type";

export interface Spot {
  box: Rect;
  align: "left" | "center" | "right";
  /** From the mark's edge to the label. */
  leader?: [Point, Point];
  /** Set otherwise than the wish (over two lines, to fit an area). */
  block?: Block;
  /** Name of the position, for tests and drawn(). */
  anchor: string;
}

const GAP = 4;
const LEADER_MOST = 40;

/** Boxes that are taken, in cells, so that asking stays cheap. */
export class Field {
  private readonly cells = new Map<number, Rect[]>();
  private static readonly CELL = 64;

  copy(): Field {
    const field = new Field();
    for (const [key, cell] of this.cells) field.cells.set(key, cell.slice());
    return field;
  }

  private *keys(r: Rect): Iterable<number> {
    const c = Field.CELL;
    for (let x = Math.floor(r[0] / c); x <= Math.floor(r[2] / c); x++) {
      for (let y = Math.floor(r[1] / c); y <= Math.floor(r[3] / c); y++) yield x * 2 ** 24 + y;
    }
  }

  add(r: Rect): void {
    for (const key of this.keys(r)) {
      const cell = this.cells.get(key);
      if (cell) cell.push(r);
      else this.cells.set(key, [r]);
    }
  }

  /** A line of some width, as many small boxes. */
  addLine(points: readonly Point[], width: number): void {
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      const steps = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / 4));
      for (let s = 0; s <= steps; s++) {
        const x = a.x + ((b.x - a.x) * s) / steps;
        const y = a.y + ((b.y - a.y) * s) / steps;
        this.add([x - width / 2, y - width / 2, x + width / 2, y + width / 2]);
      }
    }
  }

  free(r: Rect, pad = 2): boolean {
    const wide = grow(r, pad);
    for (const key of this.keys(wide)) {
      for (const taken of this.cells.get(key) ?? []) if (meets(taken, wide)) return false;
    }
    return true;
  }
}

/** The eight positions around a mark, in the order of preference of the script. */
export function around8(mark: Rect, block: Block, rtl: boolean): Spot[] {
  const { width: w, height: h } = block;
  const cx = (mark[0] + mark[2]) / 2;
  const cy = (mark[1] + mark[3]) / 2;
  const right = mark[2] + GAP;
  const left = mark[0] - GAP - w;
  // Upper and lower corners: the label's edge stands a little past the mark's middle line.
  const up = Math.min(cy + 3, mark[3]) - h;
  const low = Math.max(cy - 3, mark[1]);
  const spot = (anchor: string, x: number, y: number, align: Spot["align"]): Spot => ({ anchor, align, box: rect(x, y, w, h) });
  const ur = spot("upper right", right, up, "left");
  const lr = spot("lower right", right, low, "left");
  const ul = spot("upper left", left, up, "right");
  const ll = spot("lower left", left, low, "right");
  const above = spot("above", cx - w / 2, mark[1] - GAP - h, "center");
  const below = spot("below", cx - w / 2, mark[3] + GAP, "center");
  const r = spot("right", right, cy - h / 2, "left");
  const l = spot("left", left, cy - h / 2, "right");
  return rtl ? [ul, ll, ur, lr, above, below, l, r] : [ur, lr, ul, ll, above, below, r, l];
}

/** Farther away, joined to the mark by a leader of 10 to 40 px. */
export function onLeaders(mark: Rect, block: Block, rtl: boolean): Spot[] {
  const { width: w, height: h } = block;
  const cx = (mark[0] + mark[2]) / 2;
  const cy = (mark[1] + mark[3]) / 2;
  const rx = (mark[2] - mark[0]) / 2;
  const ry = (mark[3] - mark[1]) / 2;
  const spots: Spot[] = [];
  for (const far of [12, 20, 30, LEADER_MOST - 2]) {
    for (let i = 0; i < 16; i++) {
      const turn = -Math.PI / 4 + ((i % 2 ? 1 : -1) * Math.ceil(i / 2) * Math.PI) / 8;
      const dx = Math.cos(turn) * (rtl ? -1 : 1);
      const dy = Math.sin(turn);
      const from = { x: cx + dx * (rx + 2), y: cy + dy * (ry + 2) };
      const to = { x: from.x + dx * far, y: from.y + dy * far };
      const side = Math.abs(dx) < 0.3 ? "center" : dx > 0 ? "left" : "right";
      const x = side === "center" ? to.x - w / 2 : side === "left" ? to.x + 2 : to.x - 2 - w;
      const y = Math.abs(dy) > 0.9 ? (dy > 0 ? to.y + 2 : to.y - 2 - h) : to.y - h / 2;
      spots.push({ anchor: "leader", align: side, box: rect(x, y, w, h), leader: [from, to] });
    }
  }
  return spots;
}

export const centred = (p: Point, block: Block, anchor = "centre"): Spot => ({
  anchor, align: "center", box: rect(p.x - block.width / 2, p.y - block.height / 2, block.width, block.height),
});

/** Beside a curve: on both sides of its points from 50 to 65 %, then farther along either way. */
export function beside(points: readonly Point[], block: Block, width: number): Spot[] {
  const spots: Spot[] = [];
  const { width: w, height: h } = block;
  const gap = width / 2 + 1.5 + GAP;
  for (const t of [0.55, 0.6, 0.5, 0.65, 0.45, 0.4, 0.7, 0.35, 0.75, 0.3, 0.25]) {
    const i = Math.max(1, Math.min(points.length - 2, Math.round(t * (points.length - 1))));
    const [a, p, b] = [points[i - 1], points[i], points[i + 1]];
    const along = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const n = { x: -(b.y - a.y) / along, y: (b.x - a.x) / along };
    for (const side of n.x >= 0 ? [1, -1] : [-1, 1]) {
      const nx = n.x * side;
      const ny = n.y * side;
      // The box's support towards the line: far enough out that its nearest corner clears the curve.
      const out = gap + (Math.abs(nx) * w) / 2 + (Math.abs(ny) * h) / 2;
      spots.push({ anchor: `beside ${Math.round(t * 100)}`, align: Math.abs(nx) < 0.35 ? "center" : nx > 0 ? "left" : "right",
        box: rect(p.x + nx * out - w / 2, p.y + ny * out - h / 2, w, h) });
    }
  }
  return spots;
}
