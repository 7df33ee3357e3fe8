/** The event list: one `<details>` an event, opened and closed by hand so that the map always knows. */

export interface Filter { from?: string; to?: string; actors?: string[]; kinds?: string[] }

const DATE = /^\d{4}(-\d\d(-\d\d)?)?$/;

export interface ListHandlers {
  /** The reader opened (or closed) an event's card in the list. */
  opened(id: string): void;
  closed(id: string): void;
  pointed(id: string | null): void;
  /** "Show on the map" in a card. */
  show(id: string): void;
}

export class EventList {
  readonly items = new Map<string, HTMLLIElement>();

  constructor(root: HTMLElement, private readonly handlers: ListHandlers) {
    for (const item of root.querySelectorAll<HTMLLIElement>("li[data-event-id]")) {
      const id = item.dataset.eventId!;
      this.items.set(id, item);
      this.details(item).open = false;
      this.summary(item).addEventListener("click", (e) => {
        e.preventDefault();
        this.toggle(id);
      });
      item.addEventListener("keydown", (e) => {
        if (e.key !== "Escape" || !this.details(item).open) return;
        e.stopPropagation();
        this.toggle(id);
        this.summary(item).focus();
      });
      item.addEventListener("mouseenter", () => handlers.pointed(id));
      item.addEventListener("mouseleave", () => handlers.pointed(null));
      item.querySelector(".sm-show")?.addEventListener("click", () => handlers.show(id));
    }
  }

  details(item: HTMLLIElement): HTMLDetailsElement {
    return item.querySelector("details")!;
  }

  summary(item: HTMLLIElement): HTMLElement {
    return item.querySelector("summary")!;
  }

  private toggle(id: string): void {
    const details = this.details(this.items.get(id)!);
    details.open = !details.open;
    if (details.open) this.handlers.opened(id);
    else this.handlers.closed(id);
  }

  /** Marks the line of the selected event. */
  select(id: string | null): void {
    for (const [other, item] of this.items) item.classList.toggle("sm-selected", other === id);
  }

  hover(id: string | null): void {
    for (const [other, item] of this.items) item.classList.toggle("sm-hover", other === id);
  }

  /** Opens every card, and gives the way back. */
  openAll(): () => void {
    const shut = [...this.items.values()].map((item) => this.details(item)).filter((details) => !details.open);
    for (const details of shut) details.open = true;
    return () => {
      for (const details of shut) details.open = false;
    };
  }

  /** Hides what the filter leaves out; gives the ids that stay. */
  filter(filter: Filter | null): Set<string> {
    const keep = new Set<string>();
    for (const [id, item] of this.items) {
      item.hidden = !!filter && !passes(item.dataset, filter);
      if (!item.hidden) keep.add(id);
    }
    return keep;
  }
}

const day = (value: unknown): string => (typeof value === "string" && DATE.test(value) ? value : "");
const names = (value: unknown): string[] | null =>
  Array.isArray(value) && value.length ? value.filter((name): name is string => typeof name === "string") : null;

/** Dates are inclusive; a year or month means all of it. An event that spans the limits passes; an undated one does not. */
function passes(event: DOMStringMap, filter: Filter): boolean {
  const [from, to] = [day(filter.from), day(filter.to)];
  if (from || to) {
    if (!event.from && !event.to) return false;
    if (from && event.to && event.to < from) return false;
    if (to && event.from && event.from.slice(0, to.length) > to) return false;
  }
  const [actors, kinds] = [names(filter.actors), names(filter.kinds)];
  return (!actors || actors.includes(event.actor ?? "")) && (!kinds || kinds.includes(event.kind ?? ""));
}
