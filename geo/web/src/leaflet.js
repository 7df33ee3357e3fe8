/**
 * The parts of Leaflet that our own maps use, by its own names: half of its bytes. A page with other people's layers
 * carries all of it (the bundle `foreign`).
 */
// In this order: the modules of Leaflet import each other in a circle.
import { EPSG3857 } from "leaflet/src/geo/crs/CRS.EPSG3857.js";
import { CRS } from "leaflet/src/geo/crs/CRS.js";
import { Map } from "leaflet/src/map/Map.js";
import { BoxZoom } from "leaflet/src/map/handler/Map.BoxZoom.js";
import { DoubleClickZoom } from "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import { Drag } from "leaflet/src/map/handler/Map.Drag.js";
import { Keyboard } from "leaflet/src/map/handler/Map.Keyboard.js";
import { ScrollWheelZoom } from "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import { TouchZoom } from "leaflet/src/map/handler/Map.TouchZoom.js";

CRS.EPSG3857 = EPSG3857;
Object.assign(Map, { BoxZoom, DoubleClickZoom, Drag, Keyboard, ScrollWheelZoom, TouchZoom });

export { CRS, Map };
export { version } from "leaflet/package.json";
export { createMap as map } from "leaflet/src/map/Map.js";
export { Layer } from "leaflet/src/layer/Layer.js";
export { Control, control } from "leaflet/src/control/Control.js";
export { Class } from "leaflet/src/core/Class.js";
export { default as Browser } from "leaflet/src/core/Browser.js";
export * as Util from "leaflet/src/core/Util.js";
export * as DomEvent from "leaflet/src/dom/DomEvent.js";
export * as DomUtil from "leaflet/src/dom/DomUtil.js";
export { LatLng, toLatLng as latLng } from "leaflet/src/geo/LatLng.js";
export { LatLngBounds, toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { Point, toPoint as point } from "leaflet/src/geometry/Point.js";
export { Bounds, toBounds as bounds } from "leaflet/src/geometry/Bounds.js";
