/** What is drawn of very many rows, in columns: made by the store, drawn by the layer. */

import type { Flights, Spots } from "../many/rows";
import type { LonLat } from "../payload";

/** The rows' own columns have `n` entries. */
export interface Drawing {
  n: number;
  /** Days; `NO_DAY` where not known. */
  first: Int32Array;
  last: Int32Array;
  /** Actor slot, 0 to 6; the tone is the same, or 7 for a crash. */
  slot: Uint8Array;
  tone: Uint8Array;
  /** 0 pinned, 1 area, 2 placed outside the map, 3 not placed. */
  outcome: Uint8Array;
  /** Units of the plane, unwrapped to the frame's turn of the globe. */
  spots: Spots;
  /** Degrees, by spot. */
  lat: Float64Array;
  /** Spot of each row, −1 where it is not pinned; one outside the map is pinned at its spot. */
  spot: Int32Array;
  /** Answer of each row. */
  place: Int32Array;
  /** Metres by answer, NaN where there is none. */
  radius: Float32Array;
  /** By answer: 1 for a position without a stated precision. */
  notStated: Uint8Array;
  /** 0 declared, 1 reported, 2 contested, 3 retracted: the last is in the list only. */
  status: Uint8Array;
  kind: Uint8Array;
  /** Code of a crash in `kind`, −1 if there is none. */
  crash: number;
  /** Code of a strike, the same way. */
  strike: number;
  flights: Flights;
  areas: { shape: string; at: LonLat; solid: boolean; answer: number }[];
  /** Index into `areas` of each row, −1 where it has none. */
  area: Int32Array;
}
