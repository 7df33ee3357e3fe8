/** A long list of which only the lines around the view are elements; the rest is room above and below them. */

import { setAttribute } from "./change";

/** Lines in the page at a time, and how many of them before the one that is asked for. */
const WINDOW = 60;
const BEFORE = 20;
/** Lines beyond the view that must be there before the reader reaches them, in CSS px. */
const AHEAD = 200;
/** Taller elements are cut by browsers. */
const TALLEST = 8e6;
const GUESS = 64;
/** What of a line has the focus. */
const PRESSED = "summary, button";

export class VirtualList {
  private rows: ArrayLike<number> = [];
  /** By position in `rows`. */
  private readonly made = new Map<number, HTMLElement>();
  private from = 0;
  private to = 0;
  /** What a line that is not there takes: the mean of the first ones. */
  private unit = GUESS;
  /** The mean as it was measured; 0 where that has to be done. */
  private tall = 0;
  private scrolled = false;
  /** The one line that Tab leads to. */
  private current = 0;
  private pending = 0;

  /** Lines that are there and may become those of other rows, in order. */
  private spare: HTMLElement[] = [];

  /**
   * `first`: lines that are made at once; there are more when the reader scrolls. `turn` makes a line that of another row, and says
   * whether it could.
   */
  constructor(private readonly scroller: HTMLElement, private readonly list: HTMLElement, private readonly make: (row: number, before: number | null) => HTMLElement,
    private readonly first = WINDOW, private readonly turn?: (line: HTMLElement, row: number, before: number | null) => boolean) {
    list.setAttribute("role", "list");
    const update = (): void => {
      this.pending ||= requestAnimationFrame(() => {
        this.pending = 0;
        this.update();
      });
    };
    scroller.addEventListener("scroll", () => {
      this.scrolled = true;
      update();
    }, { passive: true });
    new ResizeObserver(() => {
      this.tall = 0;
      update();
    }).observe(scroller);
    list.addEventListener("focusin", (e) => {
      const line = (e.target as Element).closest("li");
      for (const [position, other] of this.made) if (other === line) this.rove(position);
    });
  }

  /** Lines that are in the page. */
  lines(): Iterable<HTMLElement> {
    return this.made.values();
  }

  get length(): number {
    return this.rows.length;
  }

  /** Puts other rows into the list, and the reader at its beginning. */
  show(rows: ArrayLike<number>): void {
    this.rows = rows;
    const { list } = this;
    const lines = [...list.children] as HTMLElement[];
    this.made.clear();
    // What the reader is at does not become something else unasked.
    if (!this.turn || list.matches(":hover, :focus-within") || list.querySelector(".sm-kept")) for (const line of lines) line.remove();
    else this.spare = lines;
    this.current = 0;
    this.render(0, this.first);
    for (const line of this.spare.splice(0)) line.remove();
    // To measure makes the browser lay out the page, and a filter is waited for.
    if (!this.tall) this.tall = [...this.made.values()].reduce((sum, line) => sum + line.offsetHeight, 0) / (this.made.size || 1);
    this.unit = Math.min(this.tall || GUESS, TALLEST / (rows.length || 1));
    this.render(0, this.first);
    if (this.scrolled) this.scroller.scrollTop = 0;
    this.scrolled = false;
  }

  /** The line of a row, when it is in the page. */
  line(row: number): HTMLElement | undefined {
    return this.made.get(this.position(row));
  }

  /** Where a row stands in the list, or −1. */
  position(row: number): number {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle] < row) low = middle + 1;
      else high = middle;
    }
    return this.rows[low] === row ? low : -1;
  }

  /** Brings a position into view, with the focus. */
  focus(position: number): void {
    if (!this.rows.length) return;
    const at = Math.max(0, Math.min(this.rows.length - 1, position));
    if (at < this.from || at >= this.to) this.render(at - BEFORE);
    const line = this.made.get(at)!;
    this.reveal(line);
    this.rove(at);
    line.querySelector<HTMLElement>(PRESSED)!.focus({ preventScroll: true });
    this.render(this.from);
  }

  /** Scrolls as little as it takes to see a line, from its top if it is taller than the view. */
  reveal(line: HTMLElement): void {
    const { scroller } = this;
    const [view, box] = [scroller.getBoundingClientRect(), line.getBoundingClientRect()];
    const below = box.bottom - view.bottom;
    scroller.scrollTop += Math.min(Math.max(0, below), box.top - view.top);
    line.querySelector<HTMLElement>(PRESSED)!.scrollIntoView({ block: "nearest" });
  }

  private rove(position: number): void {
    const tab = (at: number, index: number): void => {
      const summary = this.made.get(at)?.querySelector<HTMLElement>(PRESSED);
      if (summary) setAttribute(summary, "tabindex", index);
    };
    if (position !== this.current) tab(this.current, -1);
    this.current = position;
    tab(position, 0);
  }

  /** Follows the scroll: what is in view stays where it is while lines come and go around it. */
  private update(): void {
    const { scroller } = this;
    const top = scroller.getBoundingClientRect().top;
    const y = (line: HTMLElement): number => line.getBoundingClientRect().top - top;
    const first = this.made.get(this.from);
    const last = this.made.get(this.to - 1);
    if (!first || !last) return;
    const height = scroller.clientHeight;
    const enough = (this.from === 0 || y(first) < -AHEAD) && (this.to === this.rows.length || y(last) > height + AHEAD);
    if (enough) return;
    let anchor = -1;
    for (let at = this.from; at < this.to && anchor < 0; at++) {
      const line = this.made.get(at)!;
      const above = y(line);
      if (above + line.offsetHeight > 0 && above < height) anchor = at;
    }
    const jumped = anchor < 0;
    const end = scroller.scrollTop + height >= scroller.scrollHeight - 1;
    if (jumped) anchor = end ? this.rows.length - 1 : Math.min(this.rows.length - 1, Math.floor(scroller.scrollTop / this.unit));
    const before = jumped ? 0 : y(this.made.get(anchor)!);
    this.render(anchor - BEFORE);
    scroller.scrollTop = jumped && end ? scroller.scrollHeight : scroller.scrollTop + y(this.made.get(anchor)!) - before;
  }

  /** Makes the lines from `start` on. A line that has the focus is kept, out of sight, until the focus moves. */
  private render(start: number, window = WINDOW): void {
    const { list, made, rows } = this;
    this.from = Math.max(0, Math.min(start, rows.length - window));
    this.to = Math.min(rows.length, this.from + window);
    const active = (list.getRootNode() as Document | ShadowRoot).activeElement;
    let next = list.firstElementChild;
    for (const [position, line] of made) {
      if (position >= this.from && position < this.to) continue;
      if (active && line.contains(active)) {
        line.classList.add("sm-kept");
        if (position < this.from) next = line.nextElementSibling;
      } else {
        if (next === line) next = line.nextElementSibling;
        line.remove();
        made.delete(position);
      }
    }
    for (let position = this.from; position < this.to; position++) {
      const known = made.get(position);
      if (known) {
        known.classList.remove("sm-kept");
        next = known.nextElementSibling;
        continue;
      }
      const old = this.spare.shift();
      const before = position ? rows[position - 1] : null;
      const turned = old && this.turn!(old, rows[position], before);
      const line = turned ? old : this.make(rows[position], before);
      setAttribute(line, "aria-setsize", rows.length);
      setAttribute(line, "aria-posinset", position + 1);
      setAttribute(line.querySelector(PRESSED)!, "tabindex", position === this.current ? 0 : -1);
      made.set(position, line);
      if (turned) next = line.nextElementSibling;
      else if (old) {
        next = old.nextElementSibling;
        old.replaceWith(line);
      } else list.insertBefore(line, next);
    }
    list.style.paddingBlock = `${this.from * this.unit}px ${(rows.length - this.to) * this.unit}px`;
    this.rove(made.has(this.current) ? this.current : this.from);
  }
}
