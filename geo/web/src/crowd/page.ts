/** The script of a page of very many rows: Leaflet for the map's own code, then the page. */

import * as L from "leaflet";
import { handle } from "../api";
import { framed, meet } from "../ui/host";
import { unpack } from "../unpack";
import { Block } from "./block";
import { CrowdPage } from "./crowd-page";
import { pause } from "./inflate";
import type { CrowdPayload } from "./payload";
import { orders } from "./query";
import { Store } from "./store";

const globals = window as unknown as Record<string, unknown>;
globals.L = L;

const rows = document.querySelector<HTMLScriptElement>('script[type="application/x-strikemap-rows"]');
const uid = rows?.id.replace(/-rows$/, "") ?? "";
const container = document.getElementById(uid);
const root = container?.closest<HTMLElement>(".strikemap");
// The map takes its room before the first paint.
root?.classList.add("sm-live");

function state(name: string): void {
  document.documentElement.dataset.strikemap = name;
}

async function begin(root: HTMLElement, container: HTMLElement, rows: HTMLElement): Promise<void> {
  try {
    const block = Block.parse(rows.textContent ?? "");
    const payload = (await unpack(document.getElementById(`${uid}-data`)?.textContent ?? "")) as unknown as CrowdPayload;
    const store = await Store.open(block, payload);
    const found = await orders(store);
    await pause();
    const page = new CrowdPage(root, container, payload, store, found, { own: true, guest: framed });
    globals.strikemap = handle(page);
    meet(page);
    page.on("failed", () => state("failed"));
    page.on("drawn", () => {
      performance.mark("strikemap:drawn");
      state("drawn");
    });
    await pause();
    page.fill();
    await pause();
    page.start(globals[uid] as L.Map);
  } catch (damage) {
    // What stands in the page needs no data: it stays.
    root.classList.remove("sm-live");
    state("failed");
    throw damage;
  }
}

if (root && container && rows) {
  const start = (): void => void begin(root, container, rows);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else setTimeout(start);
}
