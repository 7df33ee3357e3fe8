/**
 * The map's marks for keyboard and ear: a button on each, in the order of time. One of them is a stop of the Tab key, arrow
 * keys go on to the others, Enter opens. The pointer goes through them to the map.
 *
 * They are elements with a name of their own, not an `aria-activedescendant`, so that a touch screen's reader finds them too.
 */

import { make } from "./make";

export interface Spot {
  /** Events that stand here, in the order of time. */
  ids: readonly string[];
  /** Container px; `r` is half of what it covers. */
  x: number;
  y: number;
  r: number;
}

export interface MarksHandlers {
  spots(): Spot[];
  name(ids: readonly string[]): string;
  opened(ids: readonly string[], button: HTMLElement): void;
  pointed(id: string | null): void;
  /** Brings a spot that the reader has moved out of view back into it. */
  bring(spot: Spot): void;
  zoom(by: 1 | -1): void;
}

/** Buttons in the page at a time. */
const MOST = 200;
/** Nothing that is pressed is smaller, in CSS px. */
const LEAST = 24;
/** Between a mark and the ring of the focus. */
const GAP = 3;

export class MarksKeys {
  readonly element = make("div", "sm-marks", { role: "group", "data-t-label": "marks" });
  private spots: Spot[] = [];
  /** Index in `spots` of the first button. */
  private from = 0;
  /** The event whose button is the stop of the Tab key. */
  private current = "";

  constructor(private readonly handlers: MarksHandlers) {
    const { element } = this;
    element.addEventListener("click", (e) => {
      const at = this.at(e.target);
      e.stopPropagation();
      if (at >= 0) handlers.opened(this.spots[at].ids, this.button(at)!);
    });
    element.addEventListener("keydown", (e) => this.key(e));
    element.addEventListener("focusin", (e) => {
      const spot = this.spots[this.at(e.target)];
      if (!spot) return;
      this.rove(spot.ids[0]);
      handlers.pointed(spot.ids[0]);
    });
    element.addEventListener("focusout", () => handlers.pointed(null));
  }

  /** Puts the buttons where the marks are now. */
  update(): void {
    const { element } = this;
    this.spots = this.handlers.spots();
    const found = this.spots.findIndex((spot) => spot.ids.includes(this.current));
    const at = Math.max(0, found);
    const held = element.contains((element.getRootNode() as Document | ShadowRoot).activeElement);
    const wanted = Math.min(this.spots.length, MOST);
    this.from = Math.max(0, Math.min(this.from > at || at >= this.from + MOST ? at - MOST / 2 : this.from, this.spots.length - MOST));
    while (element.childElementCount > wanted) element.lastElementChild!.remove();
    while (element.childElementCount < wanted) element.append(make("button", "", { type: "button" }));
    this.current = this.spots[at]?.ids[0] ?? "";
    [...element.children].forEach((child, i) => {
      const button = child as HTMLElement;
      const { ids, x, y, r } = this.spots[this.from + i];
      const side = Math.max(LEAST, 2 * (r + GAP));
      Object.assign(button.style, { width: `${side}px`, height: `${side}px`, transform: `translate(${x - side / 2}px,${y - side / 2}px)` });
      button.setAttribute("aria-label", this.handlers.name(ids));
      button.tabIndex = this.from + i === at ? 0 : -1;
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

  private rove(id: string): void {
    this.current = id;
    [...this.element.children].forEach((button, i) => {
      (button as HTMLElement).tabIndex = this.spots[this.from + i].ids[0] === id ? 0 : -1;
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
    this.current = this.spots[at].ids[0];
    this.handlers.bring(this.spots[at]);
    this.update();
  }
}
