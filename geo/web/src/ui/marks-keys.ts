/**
 * The map's marks for keyboard and ear: a button on each, in the order of time. One of them is a stop of the Tab key, arrow
 * keys go on to the others, Enter opens. The pointer goes through them to the map.
 *
 * They are elements with a name of their own, not an `aria-activedescendant`, so that a touch screen's reader finds them too.
 */

import { setAttribute } from "./change";
import { make } from "./make";

export interface Spot {
  /** Container px; `r` is half of what it covers. */
  x: number;
  y: number;
  r: number;
}

/** `K` is what an event is known by, `S` what stands on the map. */
export interface MarksHandlers<K, S extends Spot> {
  spots(): S[];
  /** The first event of a spot, in the order of time. */
  first(spot: S): K;
  /** Which of the spots an event is at now, or −1. */
  find(spots: readonly S[], key: K | null): number;
  name(spot: S): string;
  opened(spot: S, button: HTMLElement): void;
  pointed(key: K | null): void;
  /** Brings a spot that the reader has moved out of view back into it. */
  bring(spot: S): void;
  zoom(by: 1 | -1): void;
}

/** Buttons in the page at a time. */
const MOST = 200;
/** Nothing that is pressed is smaller, in CSS px. */
const LEAST = 24;
/** Between a mark and the ring of the focus. */
const GAP = 3;

export class MarksKeys<K, S extends Spot> {
  readonly element = make("div", "sm-marks", { role: "group", "data-t-label": "marks" });
  private spots: S[] = [];
  /** Index in `spots` of the first button. */
  private from = 0;
  /** The event whose button is the stop of the Tab key. */
  private current: K | null = null;
  /** Where each button was put. */
  private readonly boxes = new WeakMap<Element, string>();

  constructor(private readonly handlers: MarksHandlers<K, S>) {
    const { element } = this;
    element.addEventListener("click", (e) => {
      const at = this.at(e.target);
      e.stopPropagation();
      if (at >= 0) handlers.opened(this.spots[at], this.button(at)!);
    });
    element.addEventListener("keydown", (e) => this.key(e));
    element.addEventListener("focusin", (e) => {
      const spot = this.spots[this.at(e.target)];
      if (!spot) return;
      this.rove(this.at(e.target));
      handlers.pointed(this.current);
    });
    element.addEventListener("focusout", () => handlers.pointed(null));
  }

  /** Puts the buttons where the marks are now. */
  update(): void {
    const { element, handlers } = this;
    this.spots = handlers.spots();
    const at = Math.max(0, handlers.find(this.spots, this.current));
    const held = element.contains((element.getRootNode() as Document | ShadowRoot).activeElement);
    const wanted = Math.min(this.spots.length, MOST);
    this.from = Math.max(0, Math.min(this.from > at || at >= this.from + MOST ? at - MOST / 2 : this.from, this.spots.length - MOST));
    while (element.childElementCount > wanted) element.lastElementChild!.remove();
    while (element.childElementCount < wanted) element.append(make("button", "", { type: "button" }));
    this.current = this.spots[at] ? handlers.first(this.spots[at]) : null;
    [...element.children].forEach((child, i) => {
      const button = child as HTMLElement;
      const spot = this.spots[this.from + i];
      const { x, y, r } = spot;
      const side = Math.max(LEAST, 2 * (r + GAP));
      // In whole px: in fractions one of 24 is a little less.
      const box = `width:${side}px;height:${side}px;transform:translate(${Math.round(x - side / 2)}px,${Math.round(y - side / 2)}px)`;
      if (this.boxes.get(button) !== box) button.style.cssText = box;
      this.boxes.set(button, box);
      setAttribute(button, "aria-label", handlers.name(spot));
      setAttribute(button, "tabindex", this.from + i === at ? 0 : -1);
    });
    if (held) this.button(at)?.focus({ preventScroll: true });
  }

  private button(at: number): HTMLElement | undefined {
    return this.element.children[at - this.from] as HTMLElement | undefined;
  }

  private at(target: EventTarget | null): number {
    const i = [...this.element.children].indexOf((target as Element).closest("button")!);
    return i < 0 ? -1 : this.from + i;
  }

  private rove(at: number): void {
    this.current = this.handlers.first(this.spots[at]);
    [...this.element.children].forEach((button, i) => {
      setAttribute(button, "tabindex", this.from + i === at ? 0 : -1);
    });
  }

  private key(e: KeyboardEvent): void {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === "+" || e.key === "=" || e.key === "-") {
      e.preventDefault();
      this.handlers.zoom(e.key === "-" ? -1 : 1);
      return;
    }
    const forth = getComputedStyle(this.element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forth === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const step = { [forth]: 1, [back]: -1, ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[e.key];
    if (step === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    const at = Math.max(0, Math.min(this.spots.length - 1, this.at(e.target) + step));
    this.current = this.handlers.first(this.spots[at]);
    this.handlers.bring(this.spots[at]);
    this.update();
  }
}
