/** A page's map, list, card and languages, kept in step, whatever it knows its events by. */

import type * as L from "leaflet";
import type { Overview } from "../layer/overview";
import { addControls } from "./controls";
import type { Filters, Passing } from "./filters";
import { addGestures } from "./gestures";
import { make } from "./make";
import type { MarksKeys, Spot } from "./marks-keys";
import type { Panel } from "./panel";
import { read, type Filter } from "./state";
import { Strings, type Wording } from "./strings";

export type Listener = (data: unknown) => void;
type Counts = Record<string, number>;

/** Where a story stands. */
export interface Setting {
  /** The document is this story's own: its title, language and address go with it. */
  own: boolean;
  /** Somebody else's page scrolls around the map. */
  guest: boolean;
}

/** The drawing of all events. */
export interface Drawing<K> extends L.Layer {
  readonly ready: Promise<void>;
  readonly overview: Overview;
  setLanguage(lang: string): void;
  setDark(dark: boolean, forced?: boolean): void;
  setSelected(key: K | null): void;
  setHover(key: K | null): void;
  project(key: K): { x: number; y: number } | null;
  fit(): void;
  drawn(): unknown;
}
export interface Look { lang: string; dark: boolean; forcedColors: boolean }

/** The list of all events. */
export interface Listing<K> {
  readonly size: number;
  /** Whether the filter leaves an event. */
  shows(key: K): boolean;
  select(key: K | null): void;
  hover(key: K | null): void;
  /** Opens every card, and gives the way back. */
  openAll(): () => void;
}

/** What stands around the map, made by the page itself. */
export interface Parts<K, F extends Passing, S extends Spot> {
  list: Listing<K>;
  panel: Panel<K>;
  marks: MarksKeys<K, S>;
  filters: Filters<F>;
}

/** What stays between the map's edge and a mark that a key leads to. */
const EDGE = 24;
/** Narrower maps give their inset and credit to the page around them. */
const SMALL = 560;
/** How far down the window a card begins on a phone. */
const PEEK = 0.65;
/** The map's size on paper, in CSS px: it fits A4 and Letter. */
const PAPER = { width: 660, height: 495 };

/** `K` is what an event is known by, `F` what a filter finds, `S` what stands on the map. */
export abstract class MapPage<K, F extends Passing, S extends Spot> {
  readonly counts: Counts;
  readonly slug: string;
  protected readonly strings: Strings;
  protected list!: Listing<K>;
  protected panel!: Panel<K>;
  protected marks!: MarksKeys<K, S>;
  protected filters!: Filters<F>;
  protected layer: Drawing<K> | null = null;
  protected map: L.Map | null = null;
  private selected: K | null = null;
  /** Where the focus goes when the card on the map is closed; the map itself by default. */
  protected opener: HTMLElement | null = null;
  /** It is a mark on the map that is being opened. */
  protected pressed = false;
  private drawnOnce = false;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(protected readonly root: HTMLElement, protected readonly container: HTMLElement, payload: Wording & { slug: string; counts?: Counts }, strings: Strings, readonly setting: Setting) {
    this.counts = { ...payload.counts };
    this.slug = payload.slug;
    this.strings = strings;
  }

  /** The event of an id, or null. */
  protected abstract key(id: string): K | null;
  protected abstract id(key: K): string;
  protected abstract draw(look: Look): Drawing<K>;
  /** The other events at the spot of one. */
  protected abstract others(key: K): readonly K[];
  /** The list follows the filter, or the language. */
  protected abstract keep(found: F): void;
  /** The map follows the filter. */
  protected abstract show(found: F): void;

  /** The parts are made: they become one page. */
  protected join(parts: Parts<K, F, S>): void {
    const { root } = this;
    Object.assign(this, parts);
    root.querySelector(".sm-skip")?.addEventListener("click", (e) => {
      // Without a change of address: that is the state of the page.
      e.preventDefault();
      root.querySelector<HTMLElement>(".sm-events > h2")?.focus();
    });
    this.frame.append(parts.panel.element);
    for (const button of root.querySelectorAll<HTMLElement>("[data-lang]")) button.addEventListener("click", () => this.language(button.dataset.lang!));
  }

  private get frame(): HTMLElement {
    return this.root.querySelector<HTMLElement>(".sm-map")!;
  }


  /** The map is there: put the story on it. */
  start(map: L.Map): void {
    this.map = map;
    const { container } = this;
    container.setAttribute("role", "application");
    container.dataset.tLabel = "map_label";
    const help = make("p", "sm-sr", { id: `${container.id}-help`, "data-t": "map_help" });
    this.frame.append(help);
    container.setAttribute("aria-describedby", `${help.id} ${this.root.id}-described`);
    container.prepend(this.marks.element);
    addGestures(map, this.strings, this.setting.guest);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const forced = matchMedia("(forced-colors: active)");
    const layer = this.layer = this.draw({ lang: this.strings.lang, dark: dark.matches, forcedColors: forced.matches });
    addControls(map, () => layer.fit());
    layer.on("drawn", () => {
      this.marks.update();
      this.drawn();
    });
    layer.ready.catch(() => this.failed());
    layer.addTo(map);
    const dress = (): void => layer.setDark(dark.matches, forced.matches);
    dark.addEventListener("change", dress);
    forced.addEventListener("change", dress);
    const place = (): void => this.place();
    new ResizeObserver(place).observe(container);
    place();
    this.strings.write(this.root);
    this.filters.restore();
    window.addEventListener("beforeprint", this.toPaper);
    window.addEventListener("afterprint", this.fromPaper);
    this.root.addEventListener("keydown", (e) => {
      if (e.key === "Escape" && (this.selected !== null || this.panel.open)) this.choose(null, "map");
    });
  }

  // ---- What a reader, a script or a host page may do

  /** Selects an event as a click on its mark does; null clears. */
  select(id: string | null): void {
    const key = id === null ? null : this.key(id);
    if (id === null || key !== null) this.choose(key, "script");
  }

  /** Shows only what passes; null or {} shows everything. Gives the number of events that stay. */
  filter(filter: Filter | null): number {
    return this.filters.set(read(filter)).rows.length;
  }

  project(id: string): { x: number; y: number } | null {
    const key = this.key(id);
    return key === null ? null : this.layer?.project(key) ?? null;
  }

  picture(): unknown {
    return this.layer?.drawn() ?? null;
  }

  fit(): void {
    this.layer?.fit();
  }

  language(code: string): void {
    if (!this.strings.has(code)) return;
    this.strings.lang = code;
    const holder = this.setting.own ? document.documentElement : this.root;
    holder.lang = code;
    holder.dir = this.strings.dir;
    if (this.setting.own) document.title = this.strings.text("title").text;
    for (const button of this.root.querySelectorAll<HTMLElement>("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === code));
    this.strings.write(this.root);
    this.filters.write();
    this.keep(this.filters.found);
    this.layer?.setLanguage(code);
    this.tell("language", { lang: code });
  }

  on(event: string, listener: Listener): () => void {
    const all = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, all.add(listener));
    return () => all.delete(listener);
  }

  // ---- Keeping in step

  protected tell(event: string, data: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(data);
  }

  protected choose(key: K | null, from: "list" | "map" | "button" | "script"): void {
    const { list, panel } = this;
    const before = this.selected;
    this.selected = key;
    list.select(key);
    if (key === null || from === "list") panel.hide();
    else {
      panel.show(key, this.others(key));
      this.side(key);
    }
    this.layer?.setSelected(key);
    if (key !== null && (from === "button" || from === "script")) this.find(key);
    if (from === "button") this.opener = (this.root.getRootNode() as Document | ShadowRoot).activeElement as HTMLElement | null;
    else if (key === null || from === "list") this.opener = null;
    if (key !== null && (from === "map" || from === "button")) {
      if (from === "button") this.frame.scrollIntoView({ block: "nearest" });
      this.front();
    }
    if (key !== before) this.tell("select", { id: key === null ? null : this.id(key) });
  }

  /** The card on the map gets the focus. */
  protected front(): void {
    this.panel.element.focus({ preventScroll: true });
    if (this.small) this.peek();
  }

  /** What the list and the card on the map do with an event. */
  protected get listed(): { opened(key: K): void; closed(key: K): void; pointed(key: K | null): void; show(key: K): void } {
    return {
      opened: (key) => this.choose(key, "list"),
      closed: (key) => { if (this.selected === key) this.choose(null, "list"); },
      pointed: (key) => this.layer?.setHover(key),
      show: (key) => this.choose(key, "button"),
    };
  }

  protected get carded(): { closed(): void; chosen(key: K): void } {
    return {
      closed: () => {
        const back = this.opener ?? this.container;
        this.choose(null, "map");
        back.focus({ preventScroll: back === this.container });
      },
      chosen: (key) => this.choose(key, "map"),
    };
  }

  /** A mark has the pointer or the focus of the keyboard. */
  protected pointed(key: K | null): void {
    this.layer?.setHover(key);
    // A card must not hide what has the focus.
    if (key !== null && this.panel.open) this.side(key);
  }

  /** A mark on the map: of a large pile it opens the list, where anything else that leads to an event opens its card. */
  protected press(key: K | null): void {
    this.pressed = true;
    this.choose(key, "map");
    this.pressed = false;
  }

  /** Brings an event's mark back into view. */
  private find(key: K): void {
    const at = this.layer?.project(key);
    const { left, top } = this.container.getBoundingClientRect();
    if (at) this.bring({ x: at.x - left, y: at.y - top, r: 0 });
  }

  /** The map moves no further than it takes to see a spot. */
  protected bring({ x, y, r }: Spot): void {
    const { x: width, y: height } = this.map!.getSize();
    const room = r + EDGE;
    const off = (at: number, size: number): number => Math.min(0, at - room) + Math.max(0, at + room - size);
    const by: L.PointTuple = [off(x, width), off(y, height)];
    if (by[0] || by[1]) this.map!.panBy(by, { animate: false });
  }

  private get small(): boolean {
    return this.container.clientWidth < SMALL;
  }

  /** On a phone the card stands below the map: its head comes into view, and the mark stays there. */
  private peek(): void {
    const below = this.panel.element.getBoundingClientRect().top - window.innerHeight * PEEK;
    if (below > 0) window.scrollBy(0, below);
  }

  /** The card stands on the side where it does not cover its mark. */
  private side(key: K): void {
    const panel = this.panel.element;
    panel.classList.remove("sm-other-side");
    const at = this.layer?.project(key);
    if (!at || this.small) return;
    const box = panel.getBoundingClientRect();
    panel.classList.toggle("sm-other-side", at.x > box.left - 24 && at.x < box.right + 24);
  }

  /** List and map follow the filter; timeline, key and counts have. */
  protected filtered(found: F): void {
    const { filters, list, marks } = this;
    this.keep(found);
    if (this.selected !== null && !list.shows(this.selected)) this.choose(null, "script");
    this.show(found);
    marks.update();
    this.tell("filter", { shown: found.rows.length, of: list.size, ...filters.counted });
  }

  /** On a narrow map the inset and the credit stand below it, elsewhere on it. */
  private place(): void {
    const credit = this.root.querySelector(".sm-map-credit");
    const inset = this.layer?.overview.element;
    const slot = this.root.querySelector(".sm-overview");
    if (!slot || !this.map) return;
    if (inset && inset.parentElement !== (this.small ? slot : this.container)) (this.small ? slot : this.container).append(inset);
    if (credit && this.small !== (credit.parentElement !== this.container)) {
      if (this.small) this.container.after(credit);
      else this.container.append(credit);
    }
  }

  private drawn(): void {
    if (this.drawnOnce) return;
    this.drawnOnce = true;
    this.tell("drawn", this.counts);
  }

  private failed(): void {
    this.container.remove();
    this.frame.append(make("p", "sm-no-script", { "data-word": "failed" }, this.strings.word("failed")));
    this.tell("failed", null);
  }

  // ---- Paper

  private shut: (() => void) | null = null;

  private toPaper = (): void => {
    this.shut ??= this.list.openAll();
    Object.assign(this.container.style, { width: `${PAPER.width}px`, height: `${PAPER.height}px`, maxHeight: "none" });
    this.redress(false);
  };

  private fromPaper = (): void => {
    this.shut?.();
    this.shut = null;
    Object.assign(this.container.style, { width: "", height: "", maxHeight: "" });
    this.redress(matchMedia("(prefers-color-scheme: dark)").matches);
  };

  private redress(dark: boolean): void {
    this.map?.invalidateSize({ animate: false, pan: false });
    this.layer?.setDark(dark);
    this.layer?.fit();
    this.place();
  }
}
