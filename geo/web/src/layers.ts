/** Our layers on someone else's Leaflet map: `strikemapLayers.add(map, payload, {parts})`. */

import { SceneLayer } from "./layer/scene-layer";
import type { Part } from "./layer/compose";
import type { Payload } from "./payload";
import type * as L from "leaflet";

export interface AddOptions {
  parts?: Part[];
  lang?: string;
  dark?: boolean;
  /** Draw our own ground and fit our own frame. */
  base?: boolean;
  /** False: made, but not added (a layer control may add it). */
  show?: boolean;
}

/** `packed`: base64 of the payload's JSON in UTF-8. */
function add(map: L.Map, packed: string, { parts, lang, dark, base = false, show = true }: AddOptions = {}): SceneLayer {
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const payload = JSON.parse(new TextDecoder().decode(bytes)) as Payload;
  const layer = new SceneLayer(payload, { parts, lang, dark, base });
  layer.on("select", (e) => layer.setSelected((e as unknown as { id: string | null }).id));
  if (show) layer.addTo(map);
  return layer;
}

(window as unknown as { strikemapLayers: { add: typeof add } }).strikemapLayers = { add };
