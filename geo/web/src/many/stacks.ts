/** Rows that share a spot and an actor are one stack; stacks that are near each other at a zoom are one pile. */

import type { Rect } from "../layout/plane";
import { NOWHERE, SLOTS, type Mask, type Rows, type Spots } from "./rows";

/** A stack is a spot and a slot: `n` changes with the filter, the rest never does. */
export interface Stacks {
  size: number;
  x: Float64Array;
  y: Float64Array;
  slot: Uint8Array;
  spot: Int32Array;
  n: Uint32Array;
  /** Stack of each row, or NOWHERE. */
  of: Int32Array;
  /** Rows that stand at a spot and pass. */
  total: number;
}

export function stack(spots: Spots, rows: Rows): Stacks {
  const index = new Int32Array(spots.n * SLOTS).fill(NOWHERE);
  const of = new Int32Array(rows.n);
  let size = 0;
  for (let r = 0; r < rows.n; r++) {
    const spot = rows.spot[r];
    if (spot < 0) {
      of[r] = NOWHERE;
      continue;
    }
    const at = spot * SLOTS + rows.slot[r];
    if (index[at] < 0) index[at] = size++;
    of[r] = index[at];
  }
  const made: Stacks = { size, of, x: new Float64Array(size), y: new Float64Array(size), slot: new Uint8Array(size),
    spot: new Int32Array(size), n: new Uint32Array(size), total: 0 };
  for (let at = 0; at < index.length; at++) {
    const s = index[at];
    if (s < 0) continue;
    const spot = Math.floor(at / SLOTS);
    made.x[s] = spots.x[spot];
    made.y[s] = spots.y[spot];
    made.slot[s] = at % SLOTS;
    made.spot[s] = spot;
  }
  count(made, null);
  return made;
}

/** Counts the rows of every stack that pass. */
export function count(stacks: Stacks, mask: Mask): void {
  const { n, of } = stacks;
  n.fill(0);
  let total = 0;
  if (mask) {
    for (let r = 0; r < of.length; r++) {
      if (mask[r] && of[r] >= 0) {
        n[of[r]]++;
        total++;
      }
    }
  } else {
    for (let r = 0; r < of.length; r++) {
      if (of[r] >= 0) {
        n[of[r]]++;
        total++;
      }
    }
  }
  stacks.total = total;
}

/** The piles of a part of the plane, in columns. */
export interface Piles {
  size: number;
  /** World px of the mean of its events. */
  x: Float64Array;
  y: Float64Array;
  n: Uint32Array;
  /** Events of each slot: `slots[7 * i + slot]`. */
  slots: Uint32Array;
  /** A spot that it holds, and whether it holds others too. */
  spot: Int32Array;
  mixed: Uint8Array;
  /** Events of stacks outside the asked part; `sum(n) + outside` is the number that passes. */
  outside: number;
}

/** Piles are as wide as this, in CSS px: cells of a grid that is fixed to the world at its zoom, so that panning moves none. */
export const CELL = 22;

/**
 * Gathers the stacks within `view` (world px, when the world is `k` px wide) into cells.
 *
 * `cellOf`, if given, is filled with the pile of every stack (−1 outside): what a click opens.
 */
export function gather(stacks: Stacks, k: number, view: Rect, cell = CELL, cellOf: Int32Array | null = null): Piles {
  const left = Math.floor(view[0] / cell);
  const top = Math.floor(view[1] / cell);
  const across = Math.floor(view[2] / cell) - left + 1;
  const down = Math.floor(view[3] / cell) - top + 1;
  const cells = new Int32Array(across * down).fill(-1);
  const most = Math.min(cells.length, stacks.size);
  const out: Piles = { size: 0, x: new Float64Array(most), y: new Float64Array(most), n: new Uint32Array(most),
    slots: new Uint32Array(most * SLOTS), spot: new Int32Array(most), mixed: new Uint8Array(most), outside: 0 };
  const { x, y, n, slot } = stacks;
  const scale = k / cell;
  let size = 0;
  cellOf?.fill(-1);
  for (let s = 0; s < stacks.size; s++) {
    const some = n[s];
    if (!some) continue;
    const column = Math.floor(x[s] * scale) - left;
    const row = Math.floor(y[s] * scale) - top;
    if (column < 0 || row < 0 || column >= across || row >= down) {
      out.outside += some;
      continue;
    }
    const at = row * across + column;
    let pile = cells[at];
    if (pile < 0) {
      pile = cells[at] = size++;
      out.spot[pile] = stacks.spot[s];
    } else if (out.spot[pile] !== stacks.spot[s]) out.mixed[pile] = 1;
    out.n[pile] += some;
    out.x[pile] += x[s] * some;
    out.y[pile] += y[s] * some;
    out.slots[pile * SLOTS + slot[s]] += some;
    if (cellOf) cellOf[s] = pile;
  }
  for (let i = 0; i < size; i++) {
    out.x[i] *= k / out.n[i];
    out.y[i] *= k / out.n[i];
  }
  out.size = size;
  return out;
}
