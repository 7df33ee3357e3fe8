/** A story on a Leaflet map: our ground, areas, sortie lines, symbols and names, on two canvases. */

import * as L from "leaflet";
import { decode } from "../decode";
import { drawBase } from "../draw/base";
import { prepare, type Brush } from "../draw/brush";
import { drawStory } from "../draw/scene";
import { Symbols } from "../draw/symbols";
import { measurer } from "../draw/text";
import { fit, frameExtent, unitBox, type View } from "../layout/frame";
import { degrees, scaled, unit, worldPx, type Point, type Rect } from "../layout/plane";
import { SPREAD_MOST } from "../layout/piles";
import { isRtl, type Measure } from "../layout/type";
import type { Payload, Theme } from "../payload";
import { compose, labelNow, type Composition, type Part } from "./compose";
import { describe, type Drawn } from "./drawn";
import { ground, type Ground } from "./ground";
import { hit, MOUSE, TOUCH } from "./hit";
import { each } from "./marks";
import { Overview } from "./overview";
import { scaleBar, ScaleBar } from "./scale";
import { SYSTEM } from "./system";

export interface SceneOptions {
  lang?: string;
  dark?: boolean;
  /** Draw in the reader's own system colours. */
  forcedColors?: boolean;
  /** Draw our own ground and fit our own frame; false on someone else's tiles. */
  base?: boolean;
  parts?: readonly Part[];
  /** Number of an event in the list, for a label that finds no room; by default the order in the payload. */
  number?: (id: string) => number;
}

export interface SelectEvent extends L.LeafletEvent { id: string | null; originalEvent?: Event }
export interface PileEvent extends L.LeafletEvent { site: number; events: string[] }

const PANE = "strikemap";
/** Drawn beyond the view on every side, so that a drag shows no gap. */
const SPARE = 200;
const STILL = 1e-3;

export class SceneLayer extends L.Layer {
  /** Resolves when the map data is unpacked; rejects when it is damaged. */
  readonly ready: Promise<void>;
  /** The overview inset; the page may put its element elsewhere (a strip below the map on a phone). */
  readonly overview: Overview;
  readonly scale: ScaleBar;

  private readonly payload: Payload;
  private readonly withBase: boolean;
  private readonly parts: ReadonlySet<Part>;
  private readonly number: (id: string) => number;
  private readonly symbols: Symbols;
  private readonly measure: Measure;
  private lang: string;
  private dark: boolean;
  private forced: boolean;
  private selected: string | null = null;
  private hovered: string | null = null;
  private filter: (id: string) => boolean = () => true;

  private ground: Ground | null = null;
  private map: L.Map | null = null;
  private base: HTMLCanvasElement | null = null;
  private story: HTMLCanvasElement | null = null;
  private composed: Composition | null = null;
  private labelled = "";
  private home: View | null = null;
  /** Sortie lines of the first view as they are bowed, in units: the inset keeps off them. */
  private homeLines: Point[] = [];
  /** The reader has moved the map since it was fitted: resizing then keeps what they look at. */
  private moved = false;
  private fitting = false;
  /** World px of the canvases' corner. */
  private corner: Point = { x: 0, y: 0 };
  private drawnSize: [number, number] = [0, 0];
  private watcher: ResizeObserver | null = null;
  private pixelRatio: MediaQueryList | null = null;

  constructor(payload: Payload, options: SceneOptions = {}) {
    super();
    this.payload = payload;
    this.lang = options.lang ?? payload.lang;
    this.dark = options.dark ?? false;
    this.forced = options.forcedColors ?? false;
    this.withBase = options.base ?? true;
    this.parts = new Set<Part>(options.parts ?? ["strikes", "sorties", "areas"]);
    const order = new Map<string, number>();
    for (const { id } of [...payload.marks, ...payload.areas]) if (!order.has(id)) order.set(id, order.size + 1);
    this.number = options.number ?? ((id) => order.get(id) ?? 0);
    this.symbols = new Symbols(payload.symbols);
    this.measure = measurer(payload.fonts);
    this.overview = new Overview(payload, this.measure);
    this.scale = new ScaleBar();
    this.ready = decode(payload.base).then((geometries) => {
      this.ground = ground(geometries);
      if (this.map && this.withBase) this.fit();
      this.redraw();
    });
  }

  // ---- Leaflet

  onAdd(map: L.Map): this {
    this.map = map;
    const pane = map.getPane(PANE) ?? map.createPane(PANE);
    pane.style.zIndex = "450";
    pane.style.pointerEvents = "none";
    const canvas = (): HTMLCanvasElement => {
      const c = L.DomUtil.create("canvas", "leaflet-zoom-animated", pane);
      c.style.position = "absolute";
      c.style.pointerEvents = "none";
      c.setAttribute("aria-hidden", "true");
      return c;
    };
    if (this.withBase) this.base = canvas();
    this.story = canvas();
    if (this.withBase) map.getContainer().append(this.scale.element, this.overview.element);
    this.watcher = new ResizeObserver(() => this.resized());
    this.watcher.observe(map.getContainer());
    this.watchPixels();
    map.on(this.handlers() as L.LeafletEventHandlerFnMap);
    if (this.ground) {
      if (this.withBase) this.fit();
      this.redraw();
    }
    return this;
  }

  onRemove(map: L.Map): this {
    map.off(this.handlers());
    this.watcher?.disconnect();
    this.pixelRatio?.removeEventListener("change", this.pixelsChanged);
    for (const node of [this.base, this.story, this.scale.element, this.overview.element]) node?.remove();
    this.setCursor(null);
    this.base = this.story = this.map = this.composed = null;
    return this;
  }

  private handlers(): L.LeafletEventHandlerFnMap {
    return { moveend: this.redraw, viewreset: this.redraw, move: this.dragged, zoom: this.stretched, zoomanim: this.animated as L.LeafletEventHandlerFn,
      movestart: this.started, click: this.clicked as L.LeafletEventHandlerFn, mousemove: this.pointed as L.LeafletEventHandlerFn, mouseout: this.left };
  }

  // ---- What the page may change

  setLanguage(code: string): void {
    this.lang = code;
    // The ground has no words.
    if (!this.composed) return this.redraw();
    this.furnish();
    this.paint();
    this.fire("drawn");
  }

  setDark(dark: boolean, forcedColors = this.forced): void {
    this.dark = dark;
    this.forced = forcedColors;
    this.redraw();
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

  /** Where an event stands, in client px: its symbol, or its area's label or middle. Null when it is not drawn. */
  project(id: string): { x: number; y: number } | null {
    const { map, composed: c } = this;
    if (!map || !c) return null;
    const world = this.spot(c, id);
    if (!world) return null;
    const { x, y } = this.toContainer(world);
    const box = map.getContainer().getBoundingClientRect();
    return { x: box.left + x, y: box.top + y };
  }

  /** Composes for the container's size: first view, limits of zoom and pan. Nothing happens while it is hidden. */
  fit(): void {
    const { map } = this;
    if (!map || !this.withBase) return;
    const { x: w, y: h } = map.getSize();
    if (!w || !h) return;
    const extent = frameExtent(this.payload.frame);
    let view = fit(extent, w, h);
    // Symbols and bows have their size in pixels: what they need shows only once a zoom is chosen.
    for (let pass = 0; this.ground && pass < 2; pass++) {
      const c = compose({ ...this.setting(w, h, view.zoom), home: view, open: null, visible: () => true }, { labels: [] });
      const bows = view.cropped.some(Boolean) ? [] : c.arcs.flatMap((a) => a.points.filter((_, i) => i % 16 === 0));
      const edges = each(c.marks).flatMap((m) => [{ x: m.box[0], y: m.box[1] }, { x: m.box[2], y: m.box[3] }]);
      this.homeLines = c.arcs.flatMap((a) => a.points.filter((_, i) => i % 8 === 0)).map((p) => ({ x: p.x / c.k, y: p.y / c.k }));
      view = fit(extent, w, h, [...bows, ...edges].map((p) => ({ x: p.x / c.k, y: p.y / c.k })));
    }
    this.home = view;
    this.moved = false;
    this.fitting = true;
    const [west, south, east, north] = this.payload.frame.bounds;
    map.options.maxBoundsViscosity = 1;
    map.setMinZoom(Math.floor(view.minZoom * 1e4) / 1e4).setMaxZoom(view.maxZoom);
    const [lon, lat] = degrees(view.centre);
    map.setView([lat, lon], view.zoom, { animate: false });
    map.setMaxBounds([[south, west], [north, east]]);
    this.fitting = false;
    this.redraw();
  }

  /** Everything that the present view draws, as plain data. */
  drawn(): Drawn | null {
    const { map, composed: c } = this;
    if (!map || !c) return null;
    const { x: width, y: height } = map.getSize();
    const corner = this.viewCorner(c.k);
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
      const at = this.spot(c, ids[0]);
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

  private get theme(): Theme {
    return this.forced ? SYSTEM : this.dark ? this.payload.theme.dark : this.payload.theme.light;
  }

  private openSite(): number | null {
    return this.payload.marks.find((m) => m.id === this.selected)?.site ?? null;
  }

  private atHome(zoom: number): View | null {
    return this.home && Math.abs(this.home.zoom - zoom) < STILL ? this.home : null;
  }

  private setting(w: number, h: number, zoom: number): Parameters<typeof compose>[0] {
    const home = this.atHome(zoom);
    return { payload: this.payload, ground: this.ground!, zoom, w, h, lang: this.lang, measure: this.measure, home,
      obstacles: home ? this.obstacles() : [], visible: this.filter, open: this.openSite(), parts: this.parts,
      base: this.withBase, number: this.number, many: false, crowd: [] };
  }

  /** What stands over the map: container px. */
  private obstacles(): Rect[] {
    if (!this.map) return [];
    const box = this.map.getContainer().getBoundingClientRect();
    const controls = this.map.getContainer().querySelectorAll(".leaflet-control, .strikemap-over");
    return [...controls].map((node) => node.getBoundingClientRect()).filter((r) => r.width && r.height)
      .map((r): Rect => [r.left - box.left, r.top - box.top, r.right - box.left, r.bottom - box.top]);
  }

  /** World px of the view's corner. */
  private viewCorner(k: number): Point {
    const map = this.map!;
    const { min } = map.getPixelBounds();
    // Leaflet's own world is 256 · 2^zoom px too; only its rounding of the origin has to be followed.
    return min ? { x: min.x, y: min.y } : { x: 0 * k, y: 0 };
  }

  private toContainer(world: Point): Point {
    const corner = this.viewCorner(this.composed!.k);
    return { x: world.x - corner.x, y: world.y - corner.y };
  }

  private spot(c: Composition, id: string): Point | null {
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

  private redraw = (): void => {
    const { map } = this;
    if (!map || !this.ground || !this.story || this.fitting) return;
    const size = map.getSize();
    if (!size.x || !size.y) return;
    const zoom = map.getZoom();
    const spare = { x: Math.min(SPARE, Math.round(size.x / 2)), y: Math.min(SPARE, Math.round(size.y / 2)) };
    const view = this.viewCorner(worldPx(zoom));
    this.corner = { x: view.x - spare.x, y: view.y - spare.y };
    this.drawnSize = [size.x + 2 * spare.x, size.y + 2 * spare.y];
    const place = map.containerPointToLayerPoint([-spare.x, -spare.y]);
    for (const canvas of [this.base, this.story]) if (canvas) L.DomUtil.setPosition(canvas, place);
    if (this.base) {
      const brush = this.brush(this.base, zoom);
      drawBase(brush, this.ground, unitBox(this.payload.frame.bounds));
    }
    this.furnish();
    this.paint();
    this.fire("drawn");
  };

  /** Scale bar and inset. */
  private furnish(): void {
    const { map } = this;
    if (!map || !this.ground || !this.base) return;
    const size = map.getSize();
    const k = worldPx(map.getZoom());
    const view = this.viewCorner(k);
    this.scale.show(this.scaleNow(), this.theme, isRtl(this.lang, this.payload.languages));
    this.overview.show({ ground: this.ground, theme: this.theme, lang: this.lang, view: this.home, lines: this.homeLines, dark: this.dark,
      now: [view.x / k, view.y / k, (view.x + size.x) / k, (view.y + size.y) / k], w: size.x, h: size.y,
      kmAcross: this.kmNow() });
  }

  private kmNow(): number {
    const { map } = this;
    if (!map) return 0;
    const { x, y } = map.getSize();
    return map.distance(map.containerPointToLatLng([0, y / 2]), map.containerPointToLatLng([x, y / 2])) / 1000;
  }

  private scaleNow(): { px: number; text: string } | null {
    if (!this.map || !this.withBase) return null;
    const { y } = this.map.getSize();
    const lat = (row: number): number => this.map!.containerPointToLatLng([0, row]).lat;
    return scaleBar({ middle: lat(y / 2), top: lat(0), bottom: lat(y) }, worldPx(this.map.getZoom()), this.lang);
  }

  private brush(canvas: HTMLCanvasElement, zoom: number): Brush {
    const dpr = window.devicePixelRatio || 1;
    const [width, height] = this.drawnSize;
    return { ctx: prepare(canvas, width, height, dpr), theme: this.theme, dark: this.dark, left: this.corner.x, top: this.corner.y,
      width, height, k: worldPx(zoom), dpr };
  }

  private paint(): void {
    const { map, story } = this;
    if (!map || !this.ground || !story || !this.drawnSize[0]) return;
    const size = map.getSize();
    const zoom = map.getZoom();
    const setting = this.setting(size.x, size.y, zoom);
    const labelled = [zoom, size.x, size.y, this.lang, setting.home !== null, setting.obstacles.join(" ")].join();
    const kept = labelled === this.labelled && this.composed ? { labels: this.composed.labels } : undefined;
    this.labelled = labelled;
    this.composed = compose(setting, kept);
    const b = this.brush(story, zoom);
    drawStory(b, this.composed, this.payload, this.ground, this.symbols,
      { selected: this.selected, hover: this.hovered, visible: this.filter, parts: this.parts });
  }

  // ---- Moving

  private started = (): void => {
    if (!this.fitting) this.moved = true;
  };

  /** A drag beyond what is drawn: draw again on the way. */
  private dragged = (): void => {
    const { map, composed: c } = this;
    if (!map || !c || this.fitting || Math.abs(map.getZoom() - c.zoom) > STILL) return;
    const view = this.viewCorner(c.k);
    const size = map.getSize();
    if (view.x < this.corner.x || view.y < this.corner.y || view.x + size.x > this.corner.x + this.drawnSize[0] ||
      view.y + size.y > this.corner.y + this.drawnSize[1]) this.redraw();
  };

  /** Between two zooms the picture is only stretched; it is drawn when the move ends. */
  private stretch(centre: L.LatLng, zoom: number): void {
    const { map, composed: c } = this;
    if (!map || !c) return;
    const by = map.getZoomScale(zoom, c.zoom);
    const half = map.getSize().divideBy(2);
    const target = map.project(centre, zoom).subtract(half);
    const corner = L.point(this.corner.x * by, this.corner.y * by).subtract(target);
    const offset = map.containerPointToLayerPoint(corner);
    for (const canvas of [this.base, this.story]) {
      if (!canvas) continue;
      L.DomUtil.setTransform(canvas, offset, by);
      canvas.style.transformOrigin = "0 0";
    }
  }

  private stretched = (): void => {
    if (this.map && this.composed && Math.abs(this.map.getZoom() - this.composed.zoom) > STILL) this.stretch(this.map.getCenter(), this.map.getZoom());
  };

  private animated = (e: L.ZoomAnimEvent): void => {
    this.stretch(e.center, e.zoom);
  };

  private resized = (): void => {
    const { map } = this;
    if (!map) return;
    const before = map.getSize();
    map.invalidateSize({ animate: false, pan: false });
    const { x, y } = map.getSize();
    if (!x || !y || (this.composed && before.x === x && before.y === y)) return;
    if (this.withBase && !this.moved) this.fit();
    else if (this.withBase && this.home) {
      const { centre, zoom } = { centre: map.getCenter(), zoom: map.getZoom() };
      const least = fit(frameExtent(this.payload.frame), x, y);
      map.setMinZoom(Math.floor(least.minZoom * 1e4) / 1e4);
      this.home = null;
      map.setView(centre, Math.max(zoom, least.minZoom), { animate: false });
      this.redraw();
    } else this.redraw();
  };

  /** A window dragged to a screen of another density. */
  private watchPixels(): void {
    this.pixelRatio?.removeEventListener("change", this.pixelsChanged);
    this.pixelRatio = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    this.pixelRatio.addEventListener("change", this.pixelsChanged);
  }

  private pixelsChanged = (): void => {
    this.watchPixels();
    this.redraw();
  };

  // ---- Pointer

  private toWorld(e: L.LeafletMouseEvent): Point {
    const corner = this.viewCorner(this.composed!.k);
    return { x: corner.x + e.containerPoint.x, y: corner.y + e.containerPoint.y };
  }

  private reach(e: L.LeafletMouseEvent): number {
    return (e.originalEvent as Partial<PointerEvent>).pointerType === "touch" ? TOUCH : MOUSE;
  }

  private under(e: L.LeafletMouseEvent): string | null {
    const { composed: c } = this;
    if (!c || !this.ground) return null;
    return hit(c, this.ground, this.toWorld(e), this.reach(e));
  }

  private clicked = (e: L.LeafletMouseEvent): void => {
    this.fire("select", { id: this.under(e), originalEvent: e.originalEvent });
  };

  private pointed = (e: L.LeafletMouseEvent): void => {
    const id = this.under(e);
    if (id === this.hovered) return;
    this.setCursor(id);
    this.setHover(id);
    this.fire("hover", { id });
  };

  private left = (): void => {
    if (this.hovered === null) return;
    this.setCursor(null);
    this.setHover(null);
    this.fire("hover", { id: null });
  };

  private setCursor(id: string | null): void {
    if (this.map) this.map.getContainer().style.cursor = id ? "pointer" : "";
  }
}
