/**
 * A fragment's script: one map in a shadow root of somebody else's page, where it leaves no global, no id and no style.
 *
 * The page gets hold of the map by the event `strikemap:ready` on the map's element, which bubbles; its `detail` is the
 * handle. It comes once the document has been read, so that a listener anywhere in it is in time.
 */

import * as L from "leaflet";
import { handle } from "./api";
import { StoryPage } from "./ui/story-page";
import { unpack } from "./unpack";

/** As folium makes the map of a page. */
const OPTIONS: L.MapOptions = {
  center: [0, 0], zoom: 2, zoomControl: false, preferCanvas: false, attributionControl: false, zoomSnap: 0, zoomDelta: 1,
  zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, worldCopyJump: false,
};

/** The element that holds this script, or the first that no script has taken: a notebook may run scripts out of place. */
function ours(): HTMLElement | null {
  const around = document.currentScript?.closest<HTMLElement>(".strikemap");
  return around ?? document.querySelector<HTMLElement>(".strikemap[data-story]:not([data-strikemap])");
}

/** The parser makes the shadow root where it knows how; else, and where HTML came in by `innerHTML`, it is made here. */
function shadowOf(host: HTMLElement): ShadowRoot | null {
  const template = host.querySelector<HTMLTemplateElement>(":scope > template");
  if (host.shadowRoot || !template) return host.shadowRoot;
  const shadow = host.attachShadow({ mode: "open" });
  shadow.append(template.content);
  template.remove();
  return shadow;
}

async function begin(host: HTMLElement, shadow: ShadowRoot, root: HTMLElement, container: HTMLElement): Promise<void> {
  try {
    const data = shadow.querySelector('script[type="application/json"]')?.textContent ?? "";
    const page = new StoryPage(root, container, await unpack(data), { own: false, guest: true });
    page.on("failed", () => { host.dataset.strikemap = "failed"; });
    page.on("drawn", () => { host.dataset.strikemap = "drawn"; });
    page.start(L.map(container, OPTIONS));
    host.dispatchEvent(new CustomEvent("strikemap:ready", { detail: handle(page), bubbles: true }));
  } catch (damage) {
    // The list needs no data: it stays, and the map's place says that it is missing.
    root.classList.remove("sm-live");
    host.dataset.strikemap = "failed";
    throw damage;
  }
}

const host = ours();
const shadow = host && shadowOf(host);
const root = shadow?.querySelector<HTMLElement>(".strikemap");
const container = root?.querySelector<HTMLElement>(".folium-map");
if (host && shadow && root && container) {
  host.dataset.strikemap = "begun";
  root.classList.add("sm-live");
  for (const card of root.querySelectorAll<HTMLDetailsElement>("[data-event-id] > details[open]")) card.open = false;
  const start = (): void => void begin(host, shadow, root, container);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else setTimeout(start);
}
