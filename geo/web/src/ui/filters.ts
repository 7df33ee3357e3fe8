/** What a reader may leave out, and the words that say what is left; with the timeline, which is a filter too. */

import type { TimeBins } from "../payload";
import { setAttribute, setText } from "./change";
import { button, make } from "./make";
import { FACETS, fromHash, isEmpty, nothing, toHash, type FacetName, type State } from "./state";
import type { Strings } from "./strings";
import { Timeline, type Bars, type Counted } from "./timeline";

/** Browsers count changes of the address, and a drag makes many. */
const ADDRESS_MS = 300;
/** From this width of the page on, what there is to filter by stands open. */
const WIDE_PX = 760;

/** What a filter finds, however events are kept. */
export interface Passing {
  /** What passes, in order. */
  rows: ArrayLike<number>;
  /** Of each facet's values, the events that have it and pass all the other filters. */
  counts: Record<FacetName, ArrayLike<number>>;
}

/** What is filtered. */
export interface Filtered<F extends Passing> {
  query: { readonly size: number; run(state: State): F };
  /** Values of each facet, in the order of its counts. */
  values: (name: FacetName) => readonly string[];
  legend: { show(found: F, figures: Intl.NumberFormat): void };
  time?: TimeBins;
  bars: (size: number, bin: (day: number) => number) => Bars<F>;
}

export class Filters<F extends Passing> {
  found: F;
  private state = nothing();
  private readonly timeline: Timeline<F> | null;
  private readonly section: HTMLElement | null;
  private readonly search: HTMLInputElement | null;
  private readonly status: HTMLElement | null;
  private readonly boxes: Record<FacetName, { box: HTMLInputElement; count: HTMLElement }[]>;
  private readonly tools: HTMLElement;
  private readonly copyButton: HTMLElement;
  private readonly link: HTMLInputElement;
  private timer = 0;

  /** `alone`: the address is this story's own, and carries the filter. `changed` is called when other events are shown. */
  constructor(root: HTMLElement, private readonly of: Filtered<F>, private readonly strings: Strings, private readonly alone: boolean,
    private readonly changed: (found: F) => void) {
    this.found = of.query.run(this.state);
    const time = root.querySelector<HTMLElement>(".sm-time");
    this.timeline = time && of.time ? new Timeline(time, of.time, of.bars, strings, (days) => this.set({ ...this.state, ...days })) : null;
    const section = this.section = root.querySelector<HTMLElement>(".sm-filters");
    this.search = section?.querySelector("input[type=search]") ?? null;
    this.status = root.querySelector<HTMLElement>(".sm-status");
    this.boxes = Object.fromEntries(FACETS.map((name) => [name, [...(section?.querySelectorAll<HTMLInputElement>(`[data-facet=${name}] input`) ?? [])]
      .map((box) => ({ box, count: box.parentElement!.querySelector<HTMLElement>(".sm-count")! }))])) as Filters<F>["boxes"];
    const tool = (word: string, act: () => void): HTMLElement => button("sm-tool", act, {}, make("span", "", { "data-word": word }));
    this.copyButton = tool("copy", () => void this.copy());
    this.copyButton.hidden = !alone || !/^(https?|file):$/.test(location.protocol);
    this.link = make("input", "sm-link", { readonly: "" });
    this.link.hidden = true;
    this.tools = make("span", "sm-tools", {}, tool("reset", () => {
      this.set(nothing());
      this.search?.focus({ preventScroll: true });
    }), this.copyButton, this.link);
    this.tools.hidden = true;
    section?.querySelector(".sm-filters-bar")?.append(this.tools);
    this.listen(root);
    this.write();
  }

  /** Events by bin of the timeline, each once: they add up to the events shown. */
  get counted(): Counted | null {
    return this.timeline?.count(this.found) ?? null;
  }

  get empty(): boolean {
    return isEmpty(this.state);
  }

  set(state: State): F {
    this.state = state;
    this.again();
    if (this.alone) {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.address(), ADDRESS_MS);
    }
    return this.found;
  }

  /** Finds anew what passes. */
  again(): void {
    this.found = this.of.query.run(this.state);
    this.write();
    this.changed(this.found);
  }

  /** Takes over what the address says. */
  restore(): void {
    const asked = this.alone ? fromHash(location.hash) : null;
    if (asked) this.set(asked);
  }

  /** Everything that stands in the controls, in the present language. */
  write(): void {
    const { state, found, strings, of } = this;
    const { figures } = strings;
    if (this.search) {
      const { text } = strings.text("filter.text");
      setAttribute(this.search, "placeholder", text);
      setAttribute(this.search, "aria-label", text);
      if (this.search.value !== state.text) this.search.value = state.text;
    }
    for (const name of FACETS) {
      const values = of.values(name);
      for (const { box, count } of this.boxes[name]) {
        box.checked = state.chosen[name].includes(box.value);
        const left = found.counts[name][values.indexOf(box.value)] ?? 0;
        setText(count, figures.format(left));
        // Its label, in a form that simple readers find too.
        setAttribute(box, "aria-label", box.parentElement!.textContent!.trim());
        box.parentElement!.classList.toggle("sm-void", !left);
      }
    }
    this.timeline?.show(state, found);
    of.legend.show(found, figures);
    this.tools.hidden = this.empty;
    this.link.hidden = true;
    this.say(this.empty ? "" : found.rows.length ? strings.word("shown", { n: found.rows.length, total: of.query.size })
      : `${strings.word("shown", { n: 0, total: of.query.size })}. ${strings.word("nothing")}`);
  }

  protected say(words: string): void {
    if (this.status) setText(this.status, words);
  }

  private listen(root: HTMLElement): void {
    const { section, search } = this;
    search?.addEventListener("input", () => this.set({ ...this.state, text: search.value }));
    search?.addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || !search.value) return;
      e.preventDefault();
      e.stopPropagation();
      this.set({ ...this.state, text: "" });
    });
    section?.addEventListener("change", (e) => {
      if ((e.target as HTMLInputElement).type !== "checkbox") return;
      const chosen = { ...this.state.chosen };
      for (const name of FACETS) if (this.boxes[name].length) chosen[name] = this.boxes[name].filter(({ box }) => box.checked).map(({ box }) => box.value);
      this.set({ ...this.state, chosen });
    });
    const fold = section?.querySelector<HTMLElement>(".sm-fold");
    const facets = section?.querySelector<HTMLElement>(".sm-facets");
    if (fold && facets) {
      const unfold = (open: boolean): void => {
        facets.hidden = !open;
        fold.setAttribute("aria-expanded", String(open));
      };
      unfold(root.clientWidth >= WIDE_PX);
      fold.addEventListener("click", () => unfold(fold.getAttribute("aria-expanded") === "false"));
    }
    if (this.alone) {
      window.addEventListener("hashchange", () => {
        const asked = location.hash.length > 1 ? fromHash(location.hash) : nothing();
        if (asked && toHash(asked) !== toHash(this.state)) this.set(asked);
      });
    }
  }

  // ---- The address

  private href(): string {
    const hash = toHash(this.state);
    return location.href.split("#")[0] + (hash && `#${hash}`);
  }

  private address(): void {
    // An anchor of somebody else's stays until there is a filter to write down.
    if (this.empty && !fromHash(location.hash)) return;
    try {
      history.replaceState(history.state, "", this.href());
    } catch {
      // A sandboxed frame has no address of its own.
    }
  }

  private async copy(): Promise<void> {
    const href = this.href();
    try {
      await navigator.clipboard.writeText(href);
      this.say(this.strings.word("copied"));
    } catch {
      this.link.value = href;
      this.link.setAttribute("aria-label", this.strings.word("copy_here"));
      this.link.hidden = false;
      this.link.focus();
      this.link.select();
    }
  }
}
