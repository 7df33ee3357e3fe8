/** The event list: one `<details>` an event, opened and closed by hand so that the map always knows. */

import type { Payload } from "../payload";
import type { Lines } from "./line";
import { steer } from "./steer";
import type { Strings } from "./strings";
import type { VirtualList } from "./virtual";

/** Eight kilobytes that only a page with a long list has. */
declare const strikemapLong: typeof import("../long");

export interface ListHandlers {
  /** The reader opened (or closed) an event's card in the list. */
  opened(id: string): void;
  closed(id: string): void;
  pointed(id: string | null): void;
  /** "Show on the map" in a card. */
  show(id: string): void;
}

export class EventList {
  /** Every event, in the list's order. */
  readonly ids: readonly string[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly items = new Map<string, HTMLElement>();
  private readonly lines: Lines | null = null;
  private readonly long: VirtualList | null = null;
  private readonly open = new Set<string>();
  private selected: string | null = null;
  private hovered: string | null = null;
  private readonly sections: { heading: HTMLElement; list: HTMLElement; items: HTMLElement[] }[] = [];
  /** Places of the events that the filter leaves. */
  private kept: readonly number[];

  constructor(root: HTMLElement, payload: Payload, strings: Strings, private readonly handlers: ListHandlers) {
    const section = root.querySelector<HTMLElement>(".sm-events")!;
    if (payload.list) {
      const lines = this.lines = strikemapLong.linesOf(payload, payload.list, strings, root.id);
      this.ids = Array.from(lines.rows, (row) => payload.events.id[row]);
      const list = section.querySelector<HTMLElement>(".sm-list")!;
      this.long = new strikemapLong.VirtualList(list.parentElement!, list, (place, before) => this.dress(this.ids[place], lines.line(place, before)));
    } else {
      for (const item of section.querySelectorAll<HTMLElement>("li[data-event-id]")) {
        this.items.set(item.dataset.eventId!, item);
        this.details(item).open = false;
      }
      this.ids = [...this.items.keys()];
      for (const list of section.querySelectorAll<HTMLElement>(".sm-list")) {
        const heading = list.previousElementSibling as HTMLElement;
        this.sections.push({ heading, list, items: [...list.children] as HTMLElement[] });
      }
    }
    this.places = new Map(this.ids.map((id, place) => [id, place]));
    this.kept = this.ids.map((_, place) => place);
    this.lines?.keep(this.kept);
    this.long?.show(this.kept);
    const id = (item: HTMLElement | null): string | null => item?.dataset.eventId ?? null;
    steer(section, {
      toggle: (item) => this.toggle(item),
      step: (item, by) => this.go(id(item), by),
      show: (item) => handlers.show(id(item)!),
      pointed: (item) => handlers.pointed(id(item)),
    }, Boolean(this.long));
  }

  get size(): number {
    return this.ids.length;
  }

  has(id: string): boolean {
    return this.places.has(id);
  }

  /** Whether the filter leaves this event. */
  shows(id: string): boolean {
    const item = this.items.get(id);
    return item ? !item.hidden : this.long!.position(this.places.get(id) ?? -1) >= 0;
  }

  /** A copy of an event's line and card, for elsewhere. */
  copy(id: string): HTMLElement | null {
    const place = this.places.get(id);
    if (place === undefined) return null;
    return this.lines ? this.lines.line(place, place) : this.items.get(id)!.cloneNode(true) as HTMLElement;
  }

  /** A copy of an event's sign and title. */
  head(id: string): Node[] {
    const item = this.items.get(id);
    if (!item) return this.lines!.head(this.places.get(id)!);
    return [".sm-sign > svg", ".sm-title"].map((part) => item.querySelector(part)!.cloneNode(true));
  }

  /** Marks the line of the selected event. */
  select(id: string | null): void {
    this.line(this.selected)?.classList.remove("sm-selected");
    this.selected = id;
    this.line(id)?.classList.add("sm-selected");
  }

  hover(id: string | null): void {
    this.line(this.hovered)?.classList.remove("sm-hover");
    this.hovered = id;
    this.line(id)?.classList.add("sm-hover");
  }

  /** Opens every card, and gives the way back. A long list is printed as far as it is in the page. */
  openAll(): () => void {
    const shut = [...this.items.values()].map((item) => this.details(item)).filter((details) => !details.open);
    for (const details of shut) details.open = true;
    return () => {
      for (const details of shut) details.open = false;
    };
  }

  /** Moves the focus to the first line, or by steps from one line. */
  go(id: string | null, step: number): void {
    const from = id === null ? 0 : this.kept.indexOf(this.places.get(id)!);
    const to = Math.max(0, Math.min(this.kept.length - 1, from + step));
    if (!this.kept.length) return;
    if (this.long) this.long.focus(to);
    else this.summary(this.items.get(this.ids[this.kept[to]])!).focus();
  }

  /** Hides what the filter leaves out, and counts what stays in each section. */
  keep(ids: ReadonlySet<string>, figures: Intl.NumberFormat): void {
    for (const [id, item] of this.items) item.hidden = !ids.has(id);
    const kept = this.ids.flatMap((id, place) => (ids.has(id) ? [place] : []));
    // A change of language leaves the reader where they are.
    if (kept.length === this.kept.length && kept.every((place, i) => place === this.kept[i])) return;
    this.kept = kept;
    this.lines?.keep(kept);
    this.long?.show(kept);
    for (const { heading, list, items } of this.sections) {
      const left = items.filter((item) => !item.hidden).length;
      heading.hidden = list.hidden = !left;
      heading.querySelector(".sm-count")!.textContent = figures.format(left);
    }
  }

  // ---- The lines that there are

  private line(id: string | null): HTMLElement | undefined {
    return id === null ? undefined : this.items.get(id) ?? this.long?.line(this.places.get(id) ?? -1);
  }

  private details(item: HTMLElement): HTMLDetailsElement {
    return item.querySelector("details")!;
  }

  private summary(item: HTMLElement): HTMLElement {
    return item.querySelector("summary")!;
  }

  private dress(id: string, item: HTMLElement): HTMLElement {
    item.classList.toggle("sm-selected", id === this.selected);
    item.classList.toggle("sm-hover", id === this.hovered);
    this.details(item).open = this.open.has(id);
    return item;
  }

  // ---- The reader

  private toggle(item: HTMLElement): void {
    const id = item.dataset.eventId!;
    const details = this.details(item);
    details.open = !details.open;
    if (details.open) {
      this.open.add(id);
      this.long?.reveal(item);
      this.handlers.opened(id);
    } else {
      this.open.delete(id);
      this.handlers.closed(id);
    }
  }
}
