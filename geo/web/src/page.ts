/** The page's script: Leaflet for folium's own code, then every story of the document. */

import * as L from "leaflet";
import { handle } from "./api";
import { framed, meet } from "./ui/host";
import { StoryPage } from "./ui/story-page";
import { unpack } from "./unpack";

type Globals = Record<string, unknown>;
const globals = window as unknown as Globals;
globals.L = L;

interface Found { root: HTMLElement; container: HTMLElement; data: string; id: string }

/** Stories whose data stands in the document and that nobody has taken yet. */
function stories(): Found[] {
  return [...document.querySelectorAll<HTMLScriptElement>('script[type="application/json"][id^="map_"][id$="-data"]')].flatMap((data) => {
    const id = data.id.slice(0, -"-data".length);
    const container = document.getElementById(id);
    const root = container?.closest<HTMLElement>(".strikemap");
    if (!container || !root || root.dataset.taken) return [];
    root.dataset.taken = "true";
    // Cards close and the map takes its room before the first paint; without this script all is read as it stands.
    root.classList.add("sm-live");
    for (const card of root.querySelectorAll<HTMLDetailsElement>("[data-event-id] > details[open]")) card.open = false;
    return [{ root, container, data: data.textContent ?? "", id }];
  });
}

// The maps themselves are made by the script after this one.
const found = stories();

function state(name: string): void {
  document.documentElement.dataset.strikemap = name;
}

async function begin(): Promise<void> {
  let left = found.length;
  const setting = { own: document.querySelectorAll(".strikemap").length === 1, guest: framed };
  const pages = await Promise.all(found.map(async ({ root, container, data }) => new StoryPage(root, container, await unpack(data), setting))).catch((damage: unknown) => {
    // The list needs no data: it stays, and the map's place says that it is missing.
    for (const { root } of found) root.classList.remove("sm-live");
    state("failed");
    throw damage;
  });
  // Of several maps in a document, the host page and `window.strikemap` speak to the first.
  const [first] = pages;
  if (first) {
    globals.strikemap ??= handle(first);
    meet(first);
  }
  pages.forEach((page, i) => {
    page.on("failed", () => state("failed"));
    page.on("drawn", () => {
      if (--left) return;
      performance.mark("strikemap:drawn");
      state("drawn");
    });
    page.start(globals[found[i].id] as L.Map);
  });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => void begin());
else setTimeout(() => void begin());
