/** Rows that share a spot and an actor are one stack; stacks that are near each other at a zoom are one pile. */

import { NOWHERE, SLOTS, type Rows, type Spots } from "./rows";

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
  return made;
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
