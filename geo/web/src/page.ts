/** The page's script: Leaflet for folium's own code, then every story of the document. */

import * as L from "leaflet";
import { listen, tellHeight } from "./ui/host";
import type { Filter } from "./ui/list";
import { StoryPage, type Listener } from "./ui/story-page";
import { unpack } from "./unpack";

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

async function begin(): Promise<void> {
  let left = found.length;
  const pages = await Promise.all(found.map(async ({ root, container, data }) => new StoryPage(root, container, await unpack(data)))).catch((damage: unknown) => {
    // The list needs no data: it stays, and the map's place says that it is missing.
    for (const { root } of found) root.classList.remove("sm-live");
    document.documentElement.dataset.strikemap = "failed";
    throw damage;
  });
  pages.forEach((page, i) => {
    page.on("drawn", () => {
      if (--left) return;
      performance.mark("strikemap:drawn");
      document.documentElement.dataset.strikemap = "drawn";
    });
    page.start(globals[found[i].id] as L.Map);
  });
  const [first] = pages;
  if (!first) return;
  globals.strikemap ??= api(first);
  listen(first, tellHeight(first.slug));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => void begin());
else setTimeout(() => void begin());
