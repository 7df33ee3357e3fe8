/** The reader's own system colours, for a map in forced colours. */

import type { Theme } from "../payload";

export const SYSTEM: Theme = {
  land: "Canvas", water: "Canvas", page: "Canvas", coast: "GrayText", river: "GrayText", country: "GrayText", province: "GrayText",
  ink: "CanvasText", city: "CanvasText", countryLabel: "CanvasText", provinceLabel: "CanvasText", waterLabel: "CanvasText", halo: "Canvas",
  slots: Array.from({ length: 7 }, () => "CanvasText"), tint: 0,
};
