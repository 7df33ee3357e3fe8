/** The card on the map; beneath it, or of a pile alone, rows to choose from, of which only those in view are elements. */

import { button, make } from "../ui/make";
import { Panel, type Cards, type PanelHandlers } from "../ui/panel";
import { VirtualList } from "../ui/virtual";
import type { CrowdStrings } from "./strings";

/** So many choices all stand in the page: beneath a card, which must open at once, and of a pile. */
const FEW = { card: 40, pile: 200 };
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

export class CrowdPanel extends Panel<number> {
  /** Fills the list of choices once it is in the page and can be measured. */
  private settle: (() => void) | null = null;
  private few = 0;

  constructor(list: Cards<number>, private readonly words: CrowdStrings, handlers: PanelHandlers<number>) {
    super(list, words, handlers);
  }

  show(row: number, others: readonly number[]): void {
    this.few = FEW.card;
    super.show(row, others);
    this.settled();
  }

  choose(rows: readonly number[]): void {
    this.few = FEW.pile;
    super.choose(rows);
    this.settled();
  }

  /** Writes anew what had not been read when it was made. */
  rewrite(): void {
    this.words.write(this.element);
  }

  private settled(): void {
    this.settle?.();
    this.settle = null;
  }

  protected choices(rows: readonly number[]): HTMLElement {
    const kept = Int32Array.from(rows.filter((row) => this.list.shows(row))).sort();
    const few = kept.length <= this.few;
    const box = super.choices(few ? Array.from(kept) : []);
    const heading = box.querySelector("h3")!;
    const count = { "data-events": String(kept.length) };
    // A pile may be of several places.
    if (this.few === FEW.pile) heading.replaceWith(make("h3", "", count));
    else heading.after(make("p", "sm-long", count));
    if (few) return box;
    const list = box.querySelector("ul")!;
    const scroller = make("div", "sm-scroll");
    list.replaceWith(scroller);
    scroller.append(list);
    const virtual = new VirtualList(scroller, list, (row) => {
      const line = make("li", "", {}, button("sm-choice", () => this.handlers.chosen(row), {}, ...this.list.head(row)));
      this.words.write(line);
      return line;
    });
    list.addEventListener("keydown", (e) => {
      const step = STEPS[e.key];
      const line = (e.target as Element).closest("li");
      if (step === undefined || !line || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      virtual.focus(Number(line.getAttribute("aria-posinset")) - 1 + step);
    });
    this.settle = () => virtual.show(kept);
    return box;
  }
}
