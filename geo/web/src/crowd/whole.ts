/** A list that stands whole in a part of the page that scrolls, a few words a line: lines are told in full as the reader comes near them. */

import { pause } from "./inflate";

/** Lines beyond the part that are told before the reader reaches them. */
const AHEAD = "600px 0px";
/** Lines that are told at a time while nothing else is to do. */
const AT_ONCE = 20;
const REST_MS = 60;

export class WholeList {
  /** The elements of the lines, by their place in the list. */
  private readonly items: HTMLElement[];
  /** What stood in the page, by the line that took its place. */
  private readonly plain = new Map<HTMLElement, HTMLElement>();
  private readonly sections: { heading: HTMLElement; list: HTMLElement; from: number; to: number }[] = [];
  private readonly shown: Uint8Array;
  private readonly watcher: IntersectionObserver;
  private rows: ArrayLike<number> = [];

  constructor(section: HTMLElement, private readonly make: (place: number) => HTMLElement, private readonly figures: () => Intl.NumberFormat) {
    this.items = [...section.querySelectorAll<HTMLElement>("li[data-event-id]")];
    this.shown = new Uint8Array(this.items.length);
    let from = 0;
    for (const list of section.querySelectorAll<HTMLElement>(".sm-list")) {
      const to = from + list.children.length;
      this.sections.push({ heading: list.previousElementSibling as HTMLElement, list, from, to });
      from = to;
    }
    const places = new Map<Element, number>(this.items.map((item, place) => [item, place]));
    this.watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.whole(places.get(target)!);
    }, { root: section, rootMargin: AHEAD });
    for (const item of this.items) this.watcher.observe(item);
  }

  /** Lines that are told in full. */
  lines(): Iterable<HTMLElement> {
    return this.plain.keys();
  }

  /** Hides all others, and counts what stays in each section. */
  show(rows: ArrayLike<number>): void {
    const { items, shown } = this;
    this.rows = rows;
    shown.fill(0);
    for (let i = 0; i < rows.length; i++) shown[rows[i]] = 1;
    for (let place = 0; place < items.length; place++) if (items[place].hidden !== !shown[place]) items[place].hidden = !shown[place];
    for (const { heading, list, from, to } of this.sections) {
      let left = 0;
      for (let place = from; place < to; place++) left += shown[place];
      heading.hidden = list.hidden = !left;
      heading.querySelector(".sm-count")!.textContent = this.figures().format(left);
    }
  }

  line(place: number): HTMLElement | undefined {
    return this.shown[place] ? this.items[place] : undefined;
  }

  /** Where a line stands among those that are shown, or −1. */
  position(place: number): number {
    if (!this.shown[place]) return -1;
    let before = 0;
    for (let other = 0; other < place; other++) before += this.shown[other];
    return before;
  }

  focus(position: number): void {
    if (!this.rows.length) return;
    const line = this.whole(this.rows[Math.max(0, Math.min(this.rows.length - 1, position))]);
    line.querySelector("summary")!.focus();
  }

  reveal(line: HTMLElement): void {
    line.querySelector("summary")!.scrollIntoView({ block: "nearest" });
  }

  /** Tells all lines, a few at a time. */
  async tell(): Promise<void> {
    for (let place = 0; place < this.items.length; place++) {
      if (place % AT_ONCE === AT_ONCE - 1) await new Promise((done) => setTimeout(done, REST_MS));
      await pause();
      this.whole(place);
    }
  }

  /** Puts back what stood in the page, and gives the way back: all of it is said there, in the page's first language. */
  asPlain({ lang, dir }: { lang: string; dir: string }): () => void {
    for (const item of this.items) if (!this.plain.has(item)) Object.assign(item, { lang, dir });
    const told = [...this.plain];
    for (const [line, plain] of told) {
      Object.assign(plain, { lang, dir });
      plain.hidden = line.hidden;
      line.replaceWith(plain);
    }
    return () => {
      for (const [line, plain] of told) plain.replaceWith(line);
    };
  }

  private whole(place: number): HTMLElement {
    const plain = this.items[place];
    if (this.plain.has(plain)) return plain;
    this.watcher.unobserve(plain);
    const line = this.make(place);
    line.dataset.eventId = plain.dataset.eventId;
    line.hidden = plain.hidden;
    plain.replaceWith(line);
    this.plain.set(line, plain);
    return this.items[place] = line;
  }
}
