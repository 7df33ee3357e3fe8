/** The event list: one `<details>` an event, opened and closed by hand so that the map always knows. */

import { setText } from "./change";
import { steer } from "./steer";

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
  private readonly items = new Map<string, HTMLElement>();
  private selected: string | null = null;
  private hovered: string | null = null;
  private readonly sections: { heading: HTMLElement; list: HTMLElement; items: HTMLElement[] }[] = [];
  /** The events that the filter leaves, in the list's order. */
  private kept: readonly string[];

  constructor(root: HTMLElement, private readonly handlers: ListHandlers) {
    const section = root.querySelector<HTMLElement>(".sm-events")!;
    for (const item of section.querySelectorAll<HTMLElement>("li[data-event-id]")) {
      this.items.set(item.dataset.eventId!, item);
      this.details(item).open = false;
    }
    this.kept = this.ids = [...this.items.keys()];
    for (const list of section.querySelectorAll<HTMLElement>(".sm-list")) {
      const heading = list.previousElementSibling as HTMLElement;
      this.sections.push({ heading, list, items: [...list.children] as HTMLElement[] });
    }
    const id = (item: HTMLElement | null): string | null => item?.dataset.eventId ?? null;
    steer(section, {
      toggle: (item) => this.toggle(item),
      step: (item, by) => this.go(id(item), by),
      show: (item) => handlers.show(id(item)!),
      pointed: (item) => handlers.pointed(id(item)),
    }, false);
  }

  get size(): number {
    return this.ids.length;
  }

  has(id: string): boolean {
    return this.items.has(id);
  }

  /** Whether the filter leaves this event. */
  shows(id: string): boolean {
    return !this.items.get(id)!.hidden;
  }

  /** A copy of an event's line and card, for elsewhere. */
  copy(id: string): HTMLElement | null {
    return (this.items.get(id)?.cloneNode(true) as HTMLElement | undefined) ?? null;
  }

  /** A copy of an event's sign and title. */
  head(id: string): Node[] {
    return [".sm-sign > svg", ".sm-title"].map((part) => this.items.get(id)!.querySelector(part)!.cloneNode(true));
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

  /** Opens every card, and gives the way back. */
  openAll(): () => void {
    const shut = [...this.items.values()].map((item) => this.details(item)).filter((details) => !details.open);
    for (const details of shut) details.open = true;
    return () => {
      for (const details of shut) details.open = false;
    };
  }

  /** Moves the focus to the first line, or by steps from one line. */
  go(id: string | null, step: number): void {
    if (!this.kept.length) return;
    const from = id === null ? 0 : this.kept.indexOf(id);
    const to = Math.max(0, Math.min(this.kept.length - 1, from + step));
    this.items.get(this.kept[to])!.querySelector("summary")!.focus();
  }

  /** Hides what the filter leaves out, and counts what stays in each section. */
  keep(ids: ReadonlySet<string>, figures: Intl.NumberFormat): void {
    for (const [id, item] of this.items) item.hidden = !ids.has(id);
    this.kept = this.ids.filter((id) => ids.has(id));
    for (const { heading, list, items } of this.sections) {
      const left = items.filter((item) => !item.hidden).length;
      heading.hidden = list.hidden = !left;
      setText(heading.querySelector(".sm-count")!, figures.format(left));
    }
  }

  // ---- The lines that there are

  private line(id: string | null): HTMLElement | undefined {
    return id === null ? undefined : this.items.get(id);
  }

  private details(item: HTMLElement): HTMLDetailsElement {
    return item.querySelector("details")!;
  }

  // ---- The reader

  private toggle(item: HTMLElement): void {
    const id = item.dataset.eventId!;
    const details = this.details(item);
    details.open = !details.open;
    if (details.open) this.handlers.opened(id);
    else this.handlers.closed(id);
  }
}
