/** The card of the event that was selected on the map: the list's own card, copied. */

import { button, make } from "./make";
import type { Strings } from "./strings";

export interface PanelHandlers<K> {
  /** Closed by the reader. */
  closed(): void;
  chosen(key: K): void;
}

/** The list that cards are copied from; `K` is what it knows an event by. */
export interface Cards<K> {
  /** A copy of an event's line and card. */
  copy(key: K): HTMLElement | null;
  /** A copy of an event's sign and title. */
  head(key: K): Node[];
  /** Whether the filter leaves this event. */
  shows(key: K): boolean;
}

export class Panel<K = string> {
  readonly element: HTMLElement;
  private readonly body: HTMLElement;

  constructor(protected readonly list: Cards<K>, private readonly strings: Strings, protected readonly handlers: PanelHandlers<K>) {
    const close = button("sm-close", () => handlers.closed(), { "data-word": "close" }, "×");
    this.body = make("div", "sm-panel-body");
    this.element = make("section", "sm-panel", { tabindex: "-1" }, close, this.body);
    this.element.hidden = true;
    this.element.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      e.stopPropagation();
      handlers.closed();
    });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  /** Shows the card of an event, with the others of its place below. */
  show(key: K, others: readonly K[]): void {
    const item = this.list.copy(key);
    if (!item) return;
    const parts: Node[] = [];
    const date = item.querySelector(".sm-date")!;
    const title = item.querySelector<HTMLElement>(".sm-title")!;
    const heading = make("h2", "sm-panel-title");
    heading.append(item.querySelector(".sm-sign > svg")!, title);
    parts.push(date, heading);
    const card = item.querySelector(".sm-card")!;
    card.querySelector(".sm-show")?.remove();
    parts.push(card);
    if (others.length) parts.push(this.choices(others));
    this.fill(parts, title.dataset.t!);
  }

  /** Shows a list of events to choose from. */
  choose(keys: readonly K[]): void {
    this.fill([this.choices(keys)], "map");
  }

  hide(): void {
    this.element.hidden = true;
    this.body.replaceChildren();
  }

  private fill(parts: readonly Node[], label: string): void {
    this.body.replaceChildren(...parts);
    this.element.dataset.tLabel = label;
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.element.setAttribute("aria-label", this.strings.text(label).text);
    this.strings.write(this.element);
  }

  protected choices(keys: readonly K[]): HTMLElement {
    const items = keys.flatMap((key) => {
      if (!this.list.shows(key)) return [];
      return [make("li", "", {}, button("sm-choice", () => this.handlers.chosen(key), {}, ...this.list.head(key)))];
    });
    return make("div", "sm-here", {}, make("h3", "", { "data-word": "here" }), make("ul", "", {}, ...items));
  }
}
