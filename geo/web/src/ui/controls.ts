/** Buttons on the map: zoom, and back to the whole of it. Their labels are written by `Strings`. */

import * as L from "leaflet";
import { pictured, svg } from "./icon";
import { button, make } from "./make";

/** Strokes in a box of 16 px. */
const ICONS = { zoom_in: "M8 3V13M3 8H13", zoom_out: "M3 8H13", whole: "M2.5 6V2.5H6M10 2.5H13.5V6M13.5 10V13.5H10M6 13.5H2.5V10" };

const tool = (word: keyof typeof ICONS, className: string, act: () => void): HTMLButtonElement =>
  button(className, act, { "data-word": word }, pictured({}, svg("path", { d: ICONS[word], class: "sm-stroke" })));

export function addControls(map: L.Map, fit: () => void): HTMLElement {
  const bar = make("div", "leaflet-bar sm-zoom");
  const zoomIn = tool("zoom_in", "leaflet-control-zoom-in", () => map.zoomIn(1, { animate: false }));
  const zoomOut = tool("zoom_out", "leaflet-control-zoom-out", () => map.zoomOut(1, { animate: false }));
  bar.append(zoomIn, zoomOut, tool("whole", "sm-whole", fit));
  L.DomEvent.disableClickPropagation(bar);
  const Bar = L.Control.extend({ onAdd: () => bar });
  new Bar({ position: "topleft" }).addTo(map);
  // Never `disabled`: a button that goes dead under the finger would lose the focus.
  map.on("zoomend", () => {
    zoomIn.setAttribute("aria-disabled", String(map.getZoom() >= map.getMaxZoom() - 1e-3));
    zoomOut.setAttribute("aria-disabled", String(map.getZoom() <= map.getMinZoom() + 1e-3));
  });
  return bar;
}
