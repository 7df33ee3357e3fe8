/** Stacks that are near each other at a zoom are one pile; so is what would mostly lie on a greater one. */

import type { Rect } from "../layout/plane";
import { SLOTS } from "../many/rows";
import { CELL, type Piles, type Stacks } from "../many/stacks";
import { diameter, unitOf } from "./paint";

/** The stacks are sorted into so many fields a side, so that a part of the plane costs what lies in it. */
const FIELDS = 128;
/** Stacks between two chances to let go. */
const STEP = 16384;
/** Two circles whose centres are nearer than this part of both radii become one. */
const APART = 0.75;
/** So many cells a pile may reach beyond its own. */
const REACH = 2;

export interface Gathered extends Piles {
  /** The first row of each pile. */
  firsts: Int32Array;
  /** The diameter of each, and that of one event. */
  d: Float64Array;
  unit: number;
  /** The pile that a stack is in, −1 where it is in none. */
  of(stack: number): number;
}

/** Which cell of a zoom's grid a stack is in: −1 outside the asked part. */
interface Grid { k: number; view: Rect; of: Int32Array }

export class Heaps {
  /** The first stack of each field: they are numbered by where they lie. */
  private readonly start: Int32Array;
  /** The last grid: a filter asks for the same. */
  private grid: Grid | null = null;
  private readonly left: number;
  private readonly top: number;
  private readonly across: number;
  private readonly down: number;

  /** Numbers the stacks, not yet counted, anew by where they lie: what is near is then read together. */
  constructor(private readonly stacks: Stacks) {
    const { size, x, y, of } = stacks;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let s = 0; s < size; s++) {
      left = Math.min(left, x[s]);
      right = Math.max(right, x[s]);
      top = Math.min(top, y[s]);
      bottom = Math.max(bottom, y[s]);
    }
    [this.left, this.top] = [left, top];
    this.across = (right - left || 1) / FIELDS;
    this.down = (bottom - top || 1) / FIELDS;
    const field = new Int32Array(size);
    const start = this.start = new Int32Array(FIELDS * FIELDS + 1);
    for (let s = 0; s < size; s++) {
      field[s] = this.row(y[s]) * FIELDS + this.column(x[s]);
      start[field[s] + 1]++;
    }
    for (let f = 0; f < FIELDS * FIELDS; f++) start[f + 1] += start[f];
    const next = start.slice();
    const to = field.map((f) => next[f]++);
    for (const name of ["x", "y", "slot", "spot"] as const) {
      const old = stacks[name].slice();
      for (let s = 0; s < size; s++) stacks[name][to[s]] = old[s];
    }
    for (let row = 0; row < of.length; row++) if (of[row] >= 0) of[row] = to[of[row]];
  }

  private column(x: number): number {
    return Math.max(0, Math.min(FIELDS - 1, Math.floor((x - this.left) / this.across)));
  }

  private row(y: number): number {
    return Math.max(0, Math.min(FIELDS - 1, Math.floor((y - this.top) / this.down)));
  }

  /** The fields that a part of the plane may lie in: the first of each row of them, and the one after the last. */
  private fields(k: number, view: Rect): [from: number, to: number][] {
    const [left, right, top, bottom] = [this.column(view[0] / k), this.column(view[2] / k), this.row(view[1] / k), this.row(view[3] / k)];
    return Array.from({ length: bottom - top + 1 }, (_, i) => [(top + i) * FIELDS + left, (top + i) * FIELDS + right + 1]);
  }

  private *gridded(k: number, view: Rect): Generator<void, Grid> {
    const { grid, start, stacks: { size, x, y } } = this;
    if (grid?.k === k && view.every((side, i) => side === grid.view[i])) return grid;
    const of = new Int32Array(size).fill(-1);
    const scale = k / CELL;
    const left = Math.floor(view[0] / CELL);
    const top = Math.floor(view[1] / CELL);
    const across = Math.floor(view[2] / CELL) - left + 1;
    const down = Math.floor(view[3] / CELL) - top + 1;
    let step = 0;
    for (const [from, to] of this.fields(k, view)) {
      const end = start[to];
      for (let s = start[from]; s < end; s++) {
        if (++step % STEP === 0) yield;
        const column = Math.floor(x[s] * scale) - left;
        const row = Math.floor(y[s] * scale) - top;
        if (column >= 0 && row >= 0 && column < across && row < down) of[s] = row * across + column;
      }
    }
    return (this.grid = { k, view, of });
  }

  /** The piles within `view` (world px, when the world is `k` px wide), of stacks that hold `n` rows, the first of them `first`. */
  *gather(n: Uint32Array, first: Int32Array, total: number, k: number, view: Rect, widest: number): Generator<void, Gathered> {
    const { stacks: { size: stacks, x, y, slot, spot }, start } = this;
    const left = Math.floor(view[0] / CELL);
    const top = Math.floor(view[1] / CELL);
    const across = Math.floor(view[2] / CELL) - left + 1;
    const down = Math.floor(view[3] / CELL) - top + 1;
    const cells = new Int32Array(across * down).fill(-1);
    const most = Math.min(cells.length, stacks);
    const at = new Int32Array(most);
    const out = { x: new Float64Array(most), y: new Float64Array(most), n: new Uint32Array(most), slots: new Uint32Array(most * SLOTS),
      spot: new Int32Array(most), mixed: new Uint8Array(most), firsts: new Int32Array(most) };
    const { of: cell } = yield* this.gridded(k, view);
    let size = 0;
    let drawn = 0;
    let step = 0;
    for (const [from, to] of this.fields(k, view)) {
      const end = start[to];
      for (let s = start[from]; s < end; s++) {
        if (++step % STEP === 0) yield;
        const some = n[s];
        const c = cell[s];
        if (!some || c < 0) continue;
        let pile = cells[c];
        if (pile < 0) {
          pile = cells[c] = size++;
          at[pile] = c;
          out.spot[pile] = spot[s];
          out.firsts[pile] = first[s];
        } else {
          if (out.spot[pile] !== spot[s]) out.mixed[pile] = 1;
          if (first[s] < out.firsts[pile]) out.firsts[pile] = first[s];
        }
        out.n[pile] += some;
        out.x[pile] += x[s] * some;
        out.y[pile] += y[s] * some;
        out.slots[pile * SLOTS + slot[s]] += some;
        drawn += some;
      }
    }
    let greatest = 1;
    for (let i = 0; i < size; i++) {
      out.x[i] *= k / out.n[i];
      out.y[i] *= k / out.n[i];
      greatest = Math.max(greatest, out.n[i]);
    }
    yield;
    // The greater first: what mostly lies on it goes into it.
    const unit = unitOf(size);
    const r = Float64Array.from({ length: size }, (_, i) => diameter(out.n[i], greatest, unit, widest) / 2);
    const into = new Int32Array(size).fill(-1);
    const { n: count } = out;
    const bySize = Uint32Array.from({ length: size }, (_, i) => i).sort((i, j) => count[j] - count[i] || out.firsts[i] - out.firsts[j]);
    const kept: number[] = [];
    for (const i of bySize) {
      if (into[i] >= 0) continue;
      const pile = into[i] = kept.length;
      kept.push(i);
      const [column, row] = [at[i] % across, Math.floor(at[i] / across)];
      const [ax, ay] = [out.x[i], out.y[i]];
      for (let v = Math.max(0, row - REACH); v <= Math.min(down - 1, row + REACH); v++) {
        for (let u = Math.max(0, column - REACH); u <= Math.min(across - 1, column + REACH); u++) {
          const j = cells[v * across + u];
          if (j < 0 || into[j] >= 0 || (out.x[j] - ax) ** 2 + (out.y[j] - ay) ** 2 >= (APART * (r[i] + r[j])) ** 2) continue;
          into[j] = pile;
          const all = out.n[i] + out.n[j];
          out.x[i] += ((out.x[j] - out.x[i]) * out.n[j]) / all;
          out.y[i] += ((out.y[j] - out.y[i]) * out.n[j]) / all;
          out.n[i] = all;
          if (out.spot[i] !== out.spot[j]) out.mixed[i] = 1;
          out.mixed[i] |= out.mixed[j];
          out.firsts[i] = Math.min(out.firsts[i], out.firsts[j]);
          for (let s = 0; s < SLOTS; s++) out.slots[i * SLOTS + s] += out.slots[j * SLOTS + s];
        }
      }
      greatest = Math.max(greatest, out.n[i]);
    }
    const of = (s: number): number => {
      const c = n[s] ? cell[s] : -1;
      return c < 0 || cells[c] < 0 ? -1 : into[cells[c]];
    };
    const pick = <T extends Float64Array | Uint32Array | Int32Array | Uint8Array>(column: T): T => {
      const found = new (column.constructor as new (n: number) => T)(kept.length);
      kept.forEach((i, pile) => {
        found[pile] = column[i];
      });
      return found;
    };
    const one = unitOf(kept.length);
    const slots = new Uint32Array(kept.length * SLOTS);
    kept.forEach((i, pile) => slots.set(out.slots.subarray(i * SLOTS, (i + 1) * SLOTS), pile * SLOTS));
    return { size: kept.length, x: pick(out.x), y: pick(out.y), n: pick(out.n), slots, spot: pick(out.spot), mixed: pick(out.mixed), firsts: pick(out.firsts),
      outside: total - drawn, d: Float64Array.from(kept, (i) => diameter(out.n[i], greatest, one, widest)), unit: one, of };
  }
}
