/** Many events in columns: what the drawing, the timeline and the list read, row by row, without an object for each. */

/** A day that is not known. Days are counted from 1 January 1970 of the proleptic Gregorian calendar. */
export const NO_DAY = -0x80000000;
/** A row that stands at no spot. */
export const NOWHERE = -1;

/** Positions in units of the plane (0–1 across the world, y down), unwrapped to the frame's turn of the globe. */
export interface Spots {
  n: number;
  x: Float64Array;
  y: Float64Array;
}

/** Sorted by first day, the undated last. Every array has `n` entries. */
export interface Rows {
  n: number;
  first: Int32Array;
  last: Int32Array;
  /** Index of the row's spot, or NOWHERE. */
  spot: Int32Array;
  /** Actor slot, 0 to 6. */
  slot: Uint8Array;
}

/** One reported flight: the row that it belongs to and the spot that it came from. */
export interface Flights {
  n: number;
  row: Int32Array;
  from: Int32Array;
}

/** Which rows pass the reader's filters: 1 for a row that does. Null when all do. */
export type Mask = Uint8Array | null;

export const SLOTS = 7;
