/** A story on a Leaflet map: our ground, areas, sortie lines, symbols and names, on two canvases. */

import type * as L from "leaflet";
import { drawBase } from "../draw/base";
import { drawStory } from "../draw/scene";
import { Symbols } from "../draw/symbols";
import { fit, frameExtent, unitBox, type View } from "../layout/frame";
import { scaled, unit, type Point } from "../layout/plane";
import { SPREAD_MOST } from "../layout/piles";
import type { Payload } from "../payload";
import { compose, labelNow, type Composition, type Part } from "./compose";
import { describe, type Drawn } from "./drawn";
import { hit } from "./hit";
import { MapLayer, type MapOptions } from "./map-layer";
import { each } from "./marks";

export interface SceneOptions extends MapOptions {
  parts?: readonly Part[];
  /** Number of an event in the list, for a label that finds no room; by default the order in the payload. */
  number?: (id: string) => number;
}

export interface SelectEvent extends L.LeafletEvent { id: string | null; originalEvent?: Event }
export interface PileEvent extends L.LeafletEvent { site: number; events: string[] }

export class SceneLayer extends MapLayer<string> {
  private readonly parts: ReadonlySet<Part>;
  private readonly number: (id: string) => number;
  private readonly symbols: Symbols;
  private filter: (id: string) => boolean = () => true;

  private base: HTMLCanvasElement | null = null;
  private story: HTMLCanvasElement | null = null;
  private composed: Composition | null = null;
  private labelled = "";
  /** Sortie lines of the first view as they are bowed, in units: the inset keeps off them. */
  private homeLines: Point[] = [];

  constructor(payload: Payload, options: SceneOptions = {}) {
    super(payload, options);
    this.parts = new Set<Part>(options.parts ?? ["strikes", "sorties", "areas"]);
    const order = new Map<string, number>();
    for (const { id } of [...payload.marks, ...payload.areas]) if (!order.has(id)) order.set(id, order.size + 1);
    this.number = options.number ?? ((id) => order.get(id) ?? 0);
    this.symbols = new Symbols(payload.symbols);
  }

  protected build(canvas: () => HTMLCanvasElement): void {
    if (this.withBase) this.base = canvas();
    this.story = canvas();
  }

  protected unbuild(): void {
    for (const canvas of this.canvases()) canvas.remove();
    this.base = this.story = this.composed = null;
  }

  protected canvases(): HTMLCanvasElement[] {
    return [this.base, this.story].filter((canvas) => canvas !== null);
  }

  // ---- What the page may change

  setLanguage(code: string): void {
    this.lang = code;
    // The ground has no words.
    if (!this.composed) return this.redraw();
    this.furnish(() => this.homeLines);
    this.paint();
    this.fire("drawn");
  }

  setSelected(id: string | null): void {
    if (id === this.selected) return;
    this.selected = id;
    this.paint();
    const site = this.openSite();
    const pile = site === null ? null : this.composed?.marks[site];
    if (pile && pile.events.length > SPREAD_MOST) this.fire("pile", { site, events: pile.events });
  }

  setHover(id: string | null): void {
    if (id === this.hovered) return;
    this.hovered = id;
    this.paint();
  }

  setFilter(keep: (id: string) => boolean): void {
    this.filter = keep;
    this.paint();
  }

  protected fitted(w: number, h: number): View {
    let view = super.fitted(w, h);
    // Symbols and bows have their size in pixels: what they need shows only once a zoom is chosen.
    for (let pass = 0; this.ground && pass < 2; pass++) {
      const c = compose({ ...this.setting(w, h, view.zoom), home: view, open: null, visible: () => true }, { labels: [] });
      const bows = view.cropped.some(Boolean) ? [] : c.arcs.flatMap((a) => a.points.filter((_, i) => i % 16 === 0));
      const edges = each(c.marks).flatMap((m) => [{ x: m.box[0], y: m.box[1] }, { x: m.box[2], y: m.box[3] }]);
      this.homeLines = c.arcs.flatMap((a) => a.points.filter((_, i) => i % 8 === 0)).map((p) => ({ x: p.x / c.k, y: p.y / c.k }));
      view = fit(frameExtent(this.payload.frame), w, h, [...bows, ...edges].map((p) => ({ x: p.x / c.k, y: p.y / c.k })));
    }
    return view;
  }

  /** Everything that the present view draws, as plain data. */
  drawn(): Drawn | null {
    const { map, composed: c } = this;
    if (!map || !c) return null;
    const { x: width, y: height } = map.getSize();
    const corner = this.corner();
    const core = scaled(unitBox(this.payload.frame.core), c.k);
    return describe(c, this.payload, corner.x, corner.y, {
      lang: this.lang, dark: this.dark, width, height, scale: this.scaleNow(),
      frame: { core: [core[0] - corner.x, core[1] - corner.y, core[2] - corner.x, core[3] - corner.y], home: c.home !== null },
    }, (label) => labelNow(label, this.payload, this.filter, this.parts));
  }

  /** What stands on the map, in the order of time: each symbol or pile and each area, with its events. Container px; `r` is half of what it covers. */
  focusables(): { ids: string[]; x: number; y: number; r: number }[] {
    const { composed: c } = this;
    if (!this.map || !c) return [];
    const found = each(c.marks).map(({ events, stand, box }) => ({ ids: events.slice(), at: stand, r: Math.max(box[2] - box[0], box[3] - box[1]) / 2 }));
    const areas = new Map<number, (typeof found)[number]>();
    for (const { site, ids } of c.hatches) {
      const at = this.spot(ids[0]);
      const known = areas.get(site);
      if (known) known.ids.push(...ids);
      else if (at) areas.set(site, { ids: ids.slice(), at, r: 0 });
    }
    const order = (ids: readonly string[]): number => this.number(ids[0]);
    const spots = [...found, ...areas.values()];
    for (const { ids } of spots) ids.sort((a, b) => this.number(a) - this.number(b));
    return spots.sort((a, b) => order(a.ids) - order(b.ids)).map(({ ids, at, r }) => ({ ids, ...this.toContainer(at), r }));
  }

  // ---- Composing and painting

  private openSite(): number | null {
    return this.payload.marks.find((m) => m.id === this.selected)?.site ?? null;
  }

  private setting(w: number, h: number, zoom: number): Parameters<typeof compose>[0] {
    const home = this.atHome(zoom);
    return { payload: this.payload, ground: this.ground!, zoom, w, h, lang: this.lang, measure: this.measure, home,
      obstacles: home ? this.obstacles() : [], visible: this.filter, open: this.openSite(), parts: this.parts,
      base: this.withBase, number: this.number, many: false, crowd: [] };
  }

  /** Of an event: its symbol, or its area's label or middle. */
  protected spot(id: string): Point | null {
    const { composed: c } = this;
    if (!c) return null;
    for (const m of c.marks) {
      const g = m?.glyphs.find((glyph) => glyph.id === id);
      if (g) return g;
    }
    const pinned = this.payload.marks.find((m) => m.id === id);
    if (pinned) {
      const m = c.marks[pinned.site];
      return m && this.filter(id) && pinned.status !== "retracted" ? m.stand : null;
    }
    const hatch = c.hatches.find((h) => h.ids.includes(id));
    if (!hatch) return null;
    const label = c.labels.find((l) => l.site === hatch.site && l.anchor === "inside");
    if (label) return { x: (label.box[0] + label.box[2]) / 2, y: (label.box[1] + label.box[3]) / 2 };
    const u = unit(this.payload.sites[hatch.site].at);
    return { x: u.x * c.k, y: u.y * c.k };
  }

  protected redraw = (): void => {
    const shown = this.wanted();
    if (!shown || !this.story) return;
    this.shown = shown;
    this.place();
    if (this.base) drawBase(this.brush(this.base, shown), this.ground!, unitBox(this.payload.frame.bounds));
    this.furnish(() => this.homeLines);
    this.paint();
    this.fire("drawn");
  };

  protected settled = this.redraw;

  private paint(): void {
    const { map, story, shown } = this;
    if (!map || !this.ground || !story || !shown) return;
    const size = map.getSize();
    const zoom = map.getZoom();
    const setting = this.setting(size.x, size.y, zoom);
    const labelled = [zoom, size.x, size.y, this.lang, setting.home !== null, setting.obstacles.join(" ")].join();
    const kept = labelled === this.labelled && this.composed ? { labels: this.composed.labels } : undefined;
    this.labelled = labelled;
    this.composed = compose(setting, kept);
    const b = this.brush(story, { ...shown, zoom });
    drawStory(b, this.composed, this.payload, this.ground, this.symbols,
      { selected: this.selected, hover: this.hovered, visible: this.filter, parts: this.parts });
  }

  /** A drag beyond what is drawn: draw again on the way. */
  protected dragged = (): void => {
    const { shown } = this;
    if (this.map && !this.fitting && this.same(shown) && this.spare(shown) < 0) this.redraw();
  };

  // ---- Pointer

  protected under(e: L.LeafletMouseEvent): string | null {
    return this.composed && this.ground && hit(this.composed, this.ground, this.toWorld(e), this.reach(e));
  }

  protected clicked = (e: L.LeafletMouseEvent): void => {
    this.fire("select", { id: this.under(e), originalEvent: e.originalEvent });
  };

  protected tell(id: string | null): void {
    this.fire("hover", { id });
  }
}
