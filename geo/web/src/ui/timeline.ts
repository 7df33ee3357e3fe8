/**
 * The timeline below the map: what passes the other filters, by day, week, month or year, and a period that is brushed.
 *
 * Bins and their words come from Python; here days are whole numbers, and no clock or zone takes part. An event counts
 * once, in its first bin or, where it began before the period, in the period's first: so the bins of the period and the
 * undated add up to the events shown.
 */

import type { TimeBins } from "../payload";
import { setAttribute, setText } from "./change";
import { icon, svg } from "./icon";
import { button, make } from "./make";
import type { Strings } from "./strings";

/** First and last day, inclusive; null where that end is open. */
export interface Days { from: number | null; to: number | null }
export interface Counted { bins: number[]; undated: number }

/** First and last bin, inclusive; null: all of them, with the undated. */
type Period = [number, number] | null;
type Drag = { x: number; moved: boolean } & ({ kind: "new" | "move"; bin: number; period: Period } | { kind: "end"; end: 0 | 1 });

/** Up to this height of a column every event is a block of its own. */
const SINGLE = 8;
const PLAY_MS = 1000;
/** A pointer that moved less has clicked. */
const CLICK_PX = 4;
const INK = 7;
/** The colour of what the period leaves out, and what is added to that of a date wider than a bin. */
export const LEFT_OUT = 8;
export const PALE = 16;
const ICONS = { back: "M3 3H5V13H3ZM13 3V13L6 8Z", on: "M3 3V13L10 8ZM11 3H13V13H11Z", play: "M4 2V14L13.5 8Z", stop: "M4 3H7V13H4ZM9 3H12V13H9Z" };

/** What the columns are made of, however events are kept; `F` is what a filter finds. */
export interface Bars<F> {
  /** Takes over what passes everything but the dates. */
  keep(found: F): void;
  /** Whether any of it may lie in a bin. */
  holds(bin: number): boolean;
  /** Events of each bin by colour, and then those of the undated, around the period from `low` to `high`. */
  columns(low: number, high: number, brushed: boolean): ReadonlyMap<number, number>[];
  /** The events that are shown, by bin. */
  count(found: F, low: number, high: number): Counted;
}

export class Timeline<F> {
  private readonly size: number;
  private readonly bars: Bars<F>;
  private readonly chart: HTMLElement;
  private readonly now: HTMLElement;
  private readonly line = make("span", "sm-period");
  private readonly handles: readonly HTMLElement[];
  private readonly player: HTMLButtonElement;
  private period: Period = null;
  private drag: Drag | null = null;
  private timer = 0;

  /** `chosen` is called with the days of a period that the reader chose. */
  constructor(private readonly section: HTMLElement, private readonly bins: TimeBins, bars: (size: number, bin: (day: number) => number) => Bars<F>,
    private readonly strings: Strings, private readonly chosen: (days: Days) => void) {
    this.size = bins.edges.length - 1;
    this.bars = bars(this.size, (day) => this.bin(day));
    this.chart = section.querySelector<HTMLElement>(".sm-time-chart")!;
    this.now = section.querySelector<HTMLElement>(".sm-time-now")!;
    this.handles = ["sm-begin", "sm-end"].map((name) => make("span", `sm-handle ${name}`, { role: "slider", tabindex: "0" }));
    this.chart.append(this.line, ...this.handles);
    const step = (word: string, path: string, act: () => void): HTMLButtonElement => button("sm-step", act, { "data-word": word }, icon(path));
    this.player = step("time_play", ICONS.play, () => (this.timer ? this.stop() : this.start()));
    const whole = button("sm-whole-time", () => {
      this.choose(null);
      this.handles[0].focus();
    }, {}, make("span", "", { "data-word": "time_all" }));
    const steps = make("span", "sm-steps", {}, step("time_back", ICONS.back, () => this.byHand(() => this.step(-1))), this.player,
      step("time_on", ICONS.on, () => this.byHand(() => this.step(1))));
    section.querySelector(".sm-time-head")!.append(whole, steps);
    this.listen();
  }

  /** The bin that holds a day; for one beyond the axis the nearest. */
  private bin(day: number): number {
    let [low, high] = [0, this.size - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.bins.edges[middle] <= day) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  // ---- What is shown

  /** Draws what passes everything but the dates, and marks the period. */
  show({ from, to }: Days, found: F): void {
    const low = from === null ? 0 : this.bin(from);
    this.period = from === null && to === null ? null : [low, to === null ? this.size - 1 : Math.max(low, this.bin(to))];
    this.bars.keep(found);
    this.write();
  }

  /** Words, bars and handles in the present language. */
  write(): void {
    const [low, high] = this.period ?? [0, this.size - 1];
    if (this.period) {
      delete this.now.dataset.t;
      const [a, b] = [this.label(low), this.label(high)];
      this.now.replaceChildren(make("bdi", "", {}, a), ...(low === high ? [] : [" – ", make("bdi", "", {}, b)]));
    } else {
      setAttribute(this.now, "data-t", "time.whole");
      setText(this.now, this.strings.text("time.whole").text);
    }
    this.section.classList.toggle("sm-brushed", this.period !== null);
    this.section.classList.toggle("sm-rtl", this.strings.dir === "rtl");
    this.handles.forEach((handle, end) => {
      const at = end ? high : low;
      const told = { "aria-label": this.strings.word(end ? "time_to" : "time_from"), "aria-valuemin": end ? low : 0,
        "aria-valuemax": end ? this.size - 1 : high, "aria-valuenow": at, "aria-valuetext": this.label(at) };
      for (const [name, value] of Object.entries(told)) setAttribute(handle, name, value);
    });
    // On each of the three by itself: a property of the chart that they inherit would have all of it styled anew.
    const [before, after] = [low / this.size, (this.size - 1 - high) / this.size].map((part) => part * 100);
    this.line.style.insetInline = `${before}% ${after}%`;
    this.handles[0].style.insetInlineEnd = `${100 - before}%`;
    this.handles[1].style.insetInlineStart = `${100 - after}%`;
    this.draw(low, high);
  }

  private label(bin: number): string {
    return this.strings.text(`time.b${bin}`).text;
  }

  /** The events that are shown, by bin. */
  count(found: F): Counted {
    return this.bars.count(found, ...(this.period ?? [0, this.size - 1]));
  }

  private draw(low: number, high: number): void {
    const columns = this.bars.columns(low, high, this.period !== null);
    const undated = columns.pop()!;
    this.paint(this.chart.querySelector("svg")!, columns);
    const aside = this.section.querySelector<SVGElement>(".sm-time-undated svg");
    if (aside) this.paint(aside, [undated]);
  }

  private paint(picture: SVGElement, columns: readonly ReadonlyMap<number, number>[]): void {
    const { top } = this.bins;
    /** A path for each colour. */
    const paths: string[] = [];
    columns.forEach((column, i) => {
      // Time runs the way that the page reads, as Arabic and Hebrew newspapers set it and as sliders mirror of themselves.
      const x = ((this.strings.dir === "rtl" ? columns.length - 1 - i : i) + 0.08).toFixed(2);
      let y = top;
      for (const key of [...column.keys()].sort((a, b) => a - b)) {
        const count = column.get(key)!;
        const [blocks, each, height] = top <= SINGLE ? [count, 1, 0.9] : [1, count, count];
        for (let block = 0; block < blocks; block++, y -= each) paths[key] = `${paths[key] ?? ""}M${x} ${Math.round(10 * (y - height)) / 10}h.84v${height}h-.84z`;
      }
    });
    let at = 0;
    paths.forEach((d, key) => {
      const tone = key & (PALE - 1);
      const path = picture.children[at++] ?? picture.appendChild(svg("path", {}));
      setAttribute(path, "class", `sm-${tone === INK ? "ink" : tone === LEFT_OUT ? "off" : `s${tone}`}${key >= PALE ? " sm-pale" : ""}`);
      setAttribute(path, "d", d);
    });
    while (picture.children[at]) picture.children[at].remove();
  }

  // ---- The reader

  private byHand(act: () => void): void {
    this.stop();
    act();
  }

  private choose(period: Period): void {
    const { edges } = this.bins;
    const all = !period || (period[0] === 0 && period[1] === this.size - 1);
    this.chosen(all ? { from: null, to: null } : { from: edges[period[0]], to: edges[period[1] + 1] - 1 });
  }

  /** Moves the period by a bin; a period of one bin goes to the next that holds anything. False at the end of the axis. */
  private step(by: 1 | -1): boolean {
    let [low, high] = this.period ?? (by > 0 ? [-1, -1] : [this.size, this.size]);
    do {
      low += by;
      high += by;
    } while (low === high && low >= 0 && low < this.size && !this.bars.holds(low));
    if (low < 0 || high >= this.size) return false;
    this.choose([low, high]);
    return true;
  }

  private start(): void {
    if (!this.step(1)) {
      this.period = null;
      this.step(1);
    }
    this.timer = window.setInterval(() => {
      if (document.hidden || !this.step(1)) this.stop();
    }, PLAY_MS);
    this.dressPlayer();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.dressPlayer();
  }

  private dressPlayer(): void {
    const word = this.timer ? "time_stop" : "time_play";
    this.player.dataset.word = word;
    this.player.setAttribute("aria-label", this.strings.word(word));
    this.player.replaceChildren(icon(this.timer ? ICONS.stop : ICONS.play));
  }

  private listen(): void {
    this.handles.forEach((handle, end) => handle.addEventListener("keydown", (e) => this.pressed(e, end as 0 | 1)));
    const { chart } = this;
    chart.addEventListener("pointerdown", (e) => {
      if (e.button || !e.isPrimary) return;
      this.stop();
      const end = this.handles.indexOf(e.target as HTMLElement);
      const bin = Math.max(0, Math.min(this.size - 1, Math.floor(this.place(e))));
      const inside = this.period !== null && bin >= this.period[0] && bin <= this.period[1];
      this.drag = { x: e.clientX, moved: false, ...(end < 0 ? { kind: inside ? "move" : "new", bin, period: this.period } : { kind: "end", end: end as 0 | 1 }) };
      chart.setPointerCapture(e.pointerId);
    });
    chart.addEventListener("pointermove", (e) => this.dragged(e));
    chart.addEventListener("pointerup", (e) => {
      const drag = this.drag;
      this.drag = null;
      if (!drag || drag.moved || drag.kind === "end") return;
      const { bin } = drag;
      const alone = this.period?.[0] === bin && this.period[1] === bin;
      if (Math.abs(e.clientX - drag.x) < CLICK_PX) this.choose(alone ? null : [bin, bin]);
    });
    chart.addEventListener("pointercancel", () => {
      this.drag = null;
    });
  }

  /** How many bins lie before the pointer. */
  private place(e: PointerEvent): number {
    const box = this.chart.getBoundingClientRect();
    const part = (e.clientX - box.left) / (box.width || 1);
    return (this.strings.dir === "rtl" ? 1 - part : part) * this.size;
  }

  private dragged(e: PointerEvent): void {
    const { drag } = this;
    if (!drag || (!drag.moved && Math.abs(e.clientX - drag.x) < CLICK_PX)) return;
    drag.moved = true;
    const place = this.place(e);
    const bin = Math.max(0, Math.min(this.size - 1, Math.floor(place)));
    if (drag.kind === "end") this.pull(drag.end, Math.round(place) - drag.end);
    else if (drag.kind === "new") this.change([Math.min(bin, drag.bin), Math.max(bin, drag.bin)]);
    else {
      const [low, high] = drag.period!;
      const by = Math.max(-low, Math.min(this.size - 1 - high, bin - drag.bin));
      this.change([low + by, high + by]);
    }
  }

  /** Moves one end of the period. */
  private pull(end: 0 | 1, bin: number): void {
    const [low, high] = this.period ?? [0, this.size - 1];
    this.change(end ? [low, Math.max(low, Math.min(this.size - 1, bin))] : [Math.max(0, Math.min(high, bin)), high]);
  }

  private change(period: [number, number]): void {
    const [low, high] = this.period ?? [0, this.size - 1];
    if (period[0] !== low || period[1] !== high) this.choose(period);
  }

  private pressed(e: KeyboardEvent, end: 0 | 1): void {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const on = this.strings.dir === "rtl" ? -1 : 1;
    const page = Math.max(2, Math.round(this.size / 10));
    const steps: Record<string, number> = { ArrowRight: on, ArrowLeft: -on, ArrowUp: 1, ArrowDown: -1, PageUp: page, PageDown: -page, Home: -this.size, End: this.size };
    if (e.key in steps) this.byHand(() => this.pull(end, (this.period ?? [0, this.size - 1])[end] + steps[e.key]));
    else if (e.key === "Escape" && this.period) this.byHand(() => this.choose(null));
    else return;
    e.preventDefault();
    e.stopPropagation();
  }
}
