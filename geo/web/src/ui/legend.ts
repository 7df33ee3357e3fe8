/** The key to the map explains what is on it, under a filter too, and counts each actor's events there. */

import type { Payload } from "../payload";
import { setText } from "./change";
import type { Found } from "./query";

export class Legend {
  private readonly items: { item: HTMLElement; count: HTMLElement | null; ids: readonly string[] }[];

  constructor(root: HTMLElement, payload: Payload) {
    this.items = [...root.querySelectorAll<HTMLElement>(".sm-legend [data-key]")].flatMap((item) => {
      const ids = explained(payload, item.dataset.key!);
      return ids ? [{ item, count: item.querySelector<HTMLElement>(".sm-count"), ids }] : [];
    });
  }

  show({ ids: shown }: Found, figures: Intl.NumberFormat): void {
    for (const { item, count, ids } of this.items) {
      const left = ids.filter((id) => shown.has(id)).length;
      item.hidden = !left;
      if (count) setText(count, figures.format(left));
    }
  }
}

/** The events whose drawing a line of the key explains; null where it explains the map as such. */
function explained(payload: Payload, key: string): string[] | null {
  const { events, sorties, origins, sites } = payload;
  const marks = payload.marks.filter((m) => m.status !== "retracted");
  const areas = payload.areas.filter((a) => a.status !== "retracted");
  const ids = (all: readonly { id: string }[]): string[] => all.map(({ id }) => id);
  const symbols = marks.filter((m) => m.kind !== "crash");
  const slots = new Map(events.id.map((id, row) => [id, events.slot[row]]));
  if (key.startsWith("slot")) return ids([...symbols, ...areas.filter((a) => a.kind !== "crash")]).filter((id) => slots.get(id) === +key.slice(4));
  switch (key) {
    case "declared": case "reported": case "contested": return ids(symbols.filter((m) => m.status === key));
    case "crash": return ids(marks.filter((m) => m.kind === "crash"));
    case "circle": return ids(marks.filter((m) => m.radius_m));
    case "unknown": return ids(marks.filter((m) => m.precision === "not stated"));
    case "hatched": case "hatched_province": return ids(areas.filter((a) => a.kind === "strike"));
    case "dashed": return ids(areas.filter((a) => !a.solid));
    case "crash_area": return ids(areas.filter((a) => a.kind === "crash"));
    case "context_area": return ids(areas.filter((a) => a.kind !== "crash" && a.kind !== "strike"));
    case "line": return sorties.map((s) => s.event);
    case "tint": {
      const wide = new Set(origins.filter((o) => o.shape).map((o) => o.place));
      return sorties.filter((s) => wide.has(s.origin)).map((s) => s.event);
    }
    case "badge": return sites.filter((s) => !s.area && s.events.length > 1).flatMap((s) => s.events);
    case "size": return ids(marks.filter((m) => m.n));
    default: return null;
  }
}
