/** The decoded map in world units, by layer name. */

import type { Geometries } from "../decode";
import { toRing, type Ring } from "../layout/plane";

export interface Ground {
  /** Rings of all polygons of a layer, even-odd; or its lines. Empty where the payload has no such layer. */
  rings(name: string): Ring[];
}

export function ground(geometries: Geometries): Ground {
  const made = new Map<string, Ring[]>();
  return {
    rings(name) {
      let rings = made.get(name);
      if (!rings) {
        const g = geometries.get(name);
        rings = (g ? (g.type === "polygon" ? g.polygons.flat() : g.lines) : []).map(toRing);
        made.set(name, rings);
      }
      return rings;
    },
  };
}
