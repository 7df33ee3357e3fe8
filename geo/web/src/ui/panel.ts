/** The card of the event that was selected on the map: the list's own card, copied. */

import { make } from "./make";
import type { EventList } from "./list";
import type { Strings } from "./strings";

export interface PanelHandlers {
  /** Closed by the reader. */
  closed(): void;
  chosen(id: string): void;
}

export class Panel {
  readonly element: HTMLElement;
  private readonly body: HTMLElement;

  constructor(private readonly list: EventList, private readonly strings: Strings, private readonly handlers: PanelHandlers) {
    const close = make("button", "sm-close", { type: "button", "data-word": "close" }, "×");
    close.addEventListener("click", () => handlers.closed());
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

  /** Shows the card of `id`, with the other events of its place below. */
  show(id: string, others: readonly string[]): void {
    const item = this.list.copy(id);
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
  choose(ids: readonly string[]): void {
    this.fill([this.choices(ids)], "map");
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

  private choices(ids: readonly string[]): HTMLElement {
    const items = ids.flatMap((id) => {
      if (!this.list.shows(id)) return [];
      const choice = make("button", "sm-choice", { type: "button" }, ...this.list.head(id));
      choice.addEventListener("click", () => this.handlers.chosen(id));
      return [make("li", "", {}, choice)];
    });
    return make("div", "sm-here", {}, make("h3", "", { "data-word": "here" }), make("ul", "", {}, ...items));
  }
}
