/** Flights that share both ends and an actor are one route; routes whose ends are near each other at a zoom are one stream. */

export interface Streams {
  size: number;
  /** World px. */
  fromX: Float64Array;
  fromY: Float64Array;
  toX: Float64Array;
  toY: Float64Array;
  slot: Uint8Array;
  n: Uint32Array;
  /** Flights that start and end in one cell: they have no line at this zoom, and are counted at their pile. */
  still: number;
  /** Flights whose line lies wholly outside the asked part; `sum(n) + still + outside` is the number that passes. */
  outside: number;
}
