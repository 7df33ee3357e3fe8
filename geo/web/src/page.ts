/** The page's script: Leaflet for folium's own code, then every story of the document. */

import * as L from "leaflet";
import type { Payload } from "./payload";
import { listen, tellHeight } from "./ui/host";
import type { Filter } from "./ui/list";
import { StoryPage, type Listener } from "./ui/story-page";

type Globals = Record<string, unknown>;
const globals = window as unknown as Globals;
globals.L = L;

/** What `window.strikemap` offers; of several maps in a document it speaks for the first. */
function api(page: StoryPage): Globals {
  return {
    counts: page.counts,
    select: (id: string | null) => page.select(id),
    filter: (filter: Filter | null = null) => page.filter(filter),
    language: (lang: string) => page.language(lang),
    project: (id: string) => page.project(id),
    drawn: () => page.picture(),
    fit: () => page.fit(),
    on: (event: string, listener: Listener) => page.on(event, listener),
  };
}

/** Stories whose data stands in the document and that nobody has taken yet. */
function stories(): { page: StoryPage; id: string }[] {
  return [...document.querySelectorAll<HTMLScriptElement>('script[type="application/json"][id^="map_"][id$="-data"]')].flatMap((data) => {
    const id = data.id.slice(0, -"-data".length);
    const container = document.getElementById(id);
    const root = container?.closest<HTMLElement>(".strikemap");
    if (!container || !root || root.dataset.taken) return [];
    root.dataset.taken = "true";
    return [{ page: new StoryPage(root, container, JSON.parse(data.textContent ?? "") as Payload), id }];
  });
}

// Cards close before the first paint; the maps themselves are made by the script after this one.
const found = stories();

function begin(): void {
  let left = found.length;
  for (const { page, id } of found) {
    page.on("drawn", () => {
      if (--left) return;
      performance.mark("strikemap:drawn");
      document.documentElement.dataset.strikemap = "drawn";
    });
    page.start(globals[id] as L.Map);
  }
  if (!found.length) return;
  const first = found[0].page;
  globals.strikemap ??= api(first);
  listen(first, tellHeight(first.slug));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else setTimeout(begin);
