/** One story's page: map, list, card and languages, kept in step. */

import * as L from "leaflet";
import { SceneLayer, type PileEvent, type SelectEvent } from "../layer/scene-layer";
import type { Payload } from "../payload";
import { addControls } from "./controls";
import { addGestures } from "./gestures";
import { Filters } from "./filters";
import { EventList } from "./list";
import { make } from "./make";
import { MarksKeys, type Spot } from "./marks-keys";
import { Panel } from "./panel";
import type { Found } from "./query";
import { read, type Filter } from "./state";
import { Strings } from "./strings";

export type Listener = (data: unknown) => void;
type Counts = Record<string, number>;

/** Where a story stands. */
export interface Setting {
  /** The document is this story's own: its title, language and address go with it. */
  own: boolean;
  /** Somebody else's page scrolls around the map. */
  guest: boolean;
}

/** What stays between the map's edge and a mark that a key leads to. */
const EDGE = 24;
/** Narrower maps give their inset and credit to the page around them. */
const SMALL = 560;
/** How far down the window a card begins on a phone. */
const PEEK = 0.65;
/** The map's size on paper, in CSS px: it fits A4 and Letter. */
const PAPER = { width: 660, height: 495 };

export class StoryPage {
  readonly counts: Counts;
  readonly slug: string;
  private readonly strings: Strings;
  private readonly list: EventList;
  private readonly panel: Panel;
  private readonly marks: MarksKeys;
  private readonly filters: Filters;
  private layer: SceneLayer | null = null;
  private map: L.Map | null = null;
  private selected: string | null = null;
  /** Where the focus goes when the card on the map is closed; the map itself by default. */
  private opener: HTMLElement | null = null;
  /** It is a mark on the map that is being opened. */
  private pressed = false;
  private drawnOnce = false;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(private readonly root: HTMLElement, private readonly container: HTMLElement, private readonly payload: Payload, readonly setting: Setting) {
    this.counts = { ...(payload as Payload & { counts?: Counts }).counts };
    this.slug = payload.slug;
    this.strings = new Strings(payload);
    this.list = new EventList(root, payload, this.strings, {
      opened: (id) => this.choose(id, "list"),
      closed: (id) => { if (this.selected === id) this.choose(null, "list"); },
      pointed: (id) => this.layer?.setHover(id),
      show: (id) => this.choose(id, "button"),
    });
    this.panel = new Panel(this.list, this.strings, {
      closed: () => {
        const back = this.opener ?? this.container;
        this.choose(null, "map");
        back.focus({ preventScroll: back === this.container });
      },
      chosen: (id) => this.choose(id, "map"),
    });
    const rows = new Map(payload.events.id.map((id, row) => [id, row]));
    this.marks = new MarksKeys({
      spots: () => this.layer?.focusables() ?? [],
      name: (ids) => this.strings.spoken(ids.map((id) => rows.get(id)!), payload.events),
      opened: (ids, button) => {
        this.press(ids[0]);
        this.opener = button;
      },
      pointed: (id) => {
        this.layer?.setHover(id);
        // A card must not hide what has the focus.
        if (id !== null && this.panel.open) this.side(id);
      },
      bring: (spot) => this.bring(spot),
      zoom: (by) => { this.map?.setZoom(this.map.getZoom() + by, { animate: false }); },
    });
    root.querySelector(".sm-skip")?.addEventListener("click", (e) => {
      // Without a change of address: that is the state of the page.
      e.preventDefault();
      root.querySelector<HTMLElement>(".sm-events > h2")?.focus();
    });
    this.filters = new Filters(root, payload, this.strings, setting.own, (found) => this.filtered(found));
    this.frame.append(this.panel.element);
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
    const numbers = new Map(this.list.ids.map((id, i) => [id, i + 1]));
    const layer = new SceneLayer(this.payload, { lang: this.strings.lang, dark: dark.matches, forcedColors: forced.matches, number: (id) => numbers.get(id) ?? 0 });
    this.layer = layer;
    addControls(map, () => layer.fit());
    layer.on("drawn", () => {
      this.marks.update();
      this.drawn();
    });
    layer.on("select", (e) => this.press((e as SelectEvent).id));
    layer.on("hover", (e) => this.list.hover((e as unknown as { id: string | null }).id));
    layer.on("pile", (e) => {
      const { site, events } = e as PileEvent;
      // A crowded map's pile is pressed itself; another opens as one of its events is.
      if (!this.pressed && site >= 0) return;
      this.panel.choose(events);
      if (site < 0) this.panel.element.focus({ preventScroll: true });
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
    if (id === null || this.list.has(id)) this.choose(id, "script");
  }

  /** Shows only what passes; null or {} shows everything. Gives the number of events that stay. */
  filter(filter: Filter | null): number {
    return this.filters.set(read(filter)).rows.length;
  }

  project(id: string): { x: number; y: number } | null {
    return this.layer?.project(id) ?? null;
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
    this.list.keep(this.filters.found.ids, this.strings.figures);
    this.layer?.setLanguage(code);
    this.tell("language", { lang: code });
  }

  on(event: string, listener: Listener): () => void {
    const all = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, all.add(listener));
    return () => all.delete(listener);
  }

  // ---- Keeping in step

  private tell(event: string, data: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(data);
  }

  private choose(id: string | null, from: "list" | "map" | "button" | "script"): void {
    const before = this.selected;
    this.selected = id;
    this.list.select(id);
    if (id === null || from === "list") this.panel.hide();
    else {
      this.panel.show(id, this.here(id).filter((other) => other !== id));
      this.side(id);
    }
    this.layer?.setSelected(id);
    if (id !== null && (from === "button" || from === "script")) this.find(id);
    if (from === "button") this.opener = (this.root.getRootNode() as Document | ShadowRoot).activeElement as HTMLElement | null;
    else if (id === null || from === "list") this.opener = null;
    if (id !== null && (from === "map" || from === "button")) {
      if (from === "button") this.frame.scrollIntoView({ block: "nearest" });
      this.panel.element.focus({ preventScroll: true });
      if (this.small) this.peek();
    }
    if (id !== before) {
      this.tell("select", { id });
    }
  }

  /** A mark on the map: of a large pile it opens the list, where anything else that leads to an event opens its card. */
  private press(id: string | null): void {
    this.pressed = true;
    this.choose(id, "map");
    this.pressed = false;
  }

  /** Events that share a spot with this one. */
  private here(id: string): readonly string[] {
    return this.payload.sites.find((site) => site.events.includes(id))?.events ?? [];
  }

  /** Brings an event's mark back into view. */
  private find(id: string): void {
    const at = this.layer?.project(id);
    const { left, top } = this.container.getBoundingClientRect();
    if (at) this.bring({ ids: [id], x: at.x - left, y: at.y - top, r: 0 });
  }

  /** The map moves no further than it takes to see a spot. */
  private bring({ x, y, r }: Spot): void {
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
  private side(id: string): void {
    const panel = this.panel.element;
    panel.classList.remove("sm-other-side");
    const at = this.layer?.project(id);
    if (!at || this.small) return;
    const box = panel.getBoundingClientRect();
    panel.classList.toggle("sm-other-side", at.x > box.left - 24 && at.x < box.right + 24);
  }

  /** List and map follow the filter; timeline, key and counts have. */
  private filtered({ ids, rows }: Found): void {
    if (this.selected && !ids.has(this.selected)) this.choose(null, "script");
    this.list.keep(ids, this.strings.figures);
    this.layer?.setFilter((id) => ids.has(id));
    this.marks.update();
    this.tell("filter", { shown: rows.length, of: this.list.size, ...this.filters.counted });
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
