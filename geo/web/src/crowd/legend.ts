/** The key to the map under a filter: how many of the rows that are shown each of its lines explains. */

import { setText } from "../ui/change";
import { AREA, RETRACTED, type Store } from "./store";
import type { Found } from "./query";

/** A row's class is what the key tells apart: slot, then these bits. */
const SLOT = 7;
const STATUS = 8;
const [PIN, HATCHED, STRIKE, CRASH, RADIUS, UNKNOWN, SOLID, FLOWN] = [5, 6, 7, 8, 9, 10, 11, 12].map((bit) => 1 << bit);
const STATUSES = ["declared", "reported", "contested"];

/** The class of each row; 0 for what is not drawn. */
export function classes({ drawing, facets }: Store): Uint16Array {
  const { n, slot, outcome, status, kind, crash, radius, notStated, place, areas, area, flights } = drawing;
  const strike = facets.kind.values.indexOf("strike");
  const out = new Uint16Array(n);
  const flown = new Uint8Array(n);
  for (let f = 0; f < flights.n; f++) flown[flights.row[f]] = 1;
  for (let i = 0; i < n; i++) {
    let of = flown[i] ? FLOWN : 0;
    if (outcome[i] <= AREA && status[i] !== RETRACTED) {
      of |= slot[i] | (status[i] * STATUS) | (kind[i] === strike ? STRIKE : 0) | (kind[i] === crash ? CRASH : 0);
      if (outcome[i] === AREA) of |= HATCHED | (area[i] >= 0 && areas[area[i]].solid ? SOLID : 0);
      else of |= PIN | (radius[place[i]] > 0 ? RADIUS : 0) | (notStated[place[i]] ? UNKNOWN : 0);
    }
    out[i] = of;
  }
  return out;
}

const drawn = (of: number): boolean => (of & (PIN | HATCHED)) !== 0;

/** Whether a line of the key explains rows of a class; null where it explains the map as such. */
function explains(key: string): ((of: number) => boolean) | null {
  if (key.startsWith("slot")) return (of) => drawn(of) && !(of & CRASH) && (of & SLOT) === +key.slice(4);
  if (STATUSES.includes(key)) return (of) => (of & PIN) !== 0 && !(of & CRASH) && (of & (3 * STATUS)) === STATUSES.indexOf(key) * STATUS;
  switch (key) {
    case "crash": return (of) => (of & PIN) !== 0 && (of & CRASH) !== 0;
    case "circle": return (of) => (of & RADIUS) !== 0;
    case "unknown": return (of) => (of & UNKNOWN) !== 0;
    case "hatched": case "hatched_province": return (of) => (of & HATCHED) !== 0 && (of & STRIKE) !== 0;
    case "dashed": return (of) => (of & HATCHED) !== 0 && !(of & SOLID);
    case "crash_area": return (of) => (of & HATCHED) !== 0 && (of & CRASH) !== 0;
    case "context_area": return (of) => (of & HATCHED) !== 0 && !(of & (CRASH | STRIKE));
    case "line": case "stream": return (of) => (of & FLOWN) !== 0;
    case "pile": return (of) => (of & PIN) !== 0;
    default: return null;
  }
}

export class Legend {
  private readonly items: { item: HTMLElement; count: HTMLElement | null; of: readonly number[] }[];

  /** `there`: the classes that there are. */
  constructor(root: HTMLElement, there: readonly number[]) {
    this.items = [...root.querySelectorAll<HTMLElement>(".sm-legend [data-key]")].flatMap((item) => {
      const test = explains(item.dataset.key!);
      return test ? [{ item, count: item.querySelector<HTMLElement>(".sm-count"), of: there.filter(test) }] : [];
    });
  }

  show({ classes }: Found, figures: Intl.NumberFormat): void {
    for (const { item, count, of } of this.items) {
      const left = of.reduce((sum, one) => sum + classes[one], 0);
      item.hidden = !left;
      if (count) setText(count, figures.format(left));
    }
  }
}
