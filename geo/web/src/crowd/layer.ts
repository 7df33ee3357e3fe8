/**
 * Very many rows on a Leaflet map. The picture of a new zoom or place is painted out of sight, a few milliseconds a frame,
 * while the old one is moved and stretched; a filter is painted at once.
 */

import * as L from "leaflet";
import { decode } from "../decode";
import { drawBase } from "../draw/base";
import { prepare, type Brush } from "../draw/brush";
import { drawLabel, measurer } from "../draw/text";
import { compose, type Composition } from "../layer/compose";
import { ground, type Ground } from "../layer/ground";
import { MOUSE, TOUCH } from "../layer/hit";
import { Overview } from "../layer/overview";
import { scaleBar, ScaleBar } from "../layer/scale";
import { SYSTEM } from "../layer/system";
import { fit, frameExtent, sizeClass, unitBox, type View } from "../layout/frame";
import { meets, scaled, worldPx, type Point, type Rect } from "../layout/plane";
import { isRtl, type Measure } from "../layout/type";
import type { Payload, Theme } from "../payload";
import { exhaust } from "./bundles";
import type { Drawing } from "./drawing";
import type { CrowdPayload } from "./payload";
import { Picture, type Pile } from "./picture";

export type { Pile, Sums } from "./picture";

export interface CrowdOptions { lang?: string; dark?: boolean; forcedColors?: boolean }

const PANE = "strikemap";
/** Drawn beyond the view on every side, so that a drag shows no gap; with less than `LEAST_SPARE` left it is drawn anew. */
const SPARE = 200;
const LEAST_SPARE = 60;
/** What painting may take of a frame. */
const SLICE_MS = 7;
const STILL = 1e-3;
/** Up to so many stacks names keep off all of them; of more, off those in view. */
const MOST_BOXES = 6000;
/** A closer look at what may be parted. */
const CLOSER = 2;

/** From below: the ground; hatched areas and streams; names, which a stream must not cut; piles. */
interface Sheet { base: HTMLCanvasElement; flows: HTMLCanvasElement; names: HTMLCanvasElement; piles: HTMLCanvasElement }
const parts = ({ base, flows, names, piles }: Sheet): HTMLCanvasElement[] => [base, flows, names, piles];

/** What a sheet shows. */
interface Shown { zoom: number; corner: Point; size: [number, number] }

export class CrowdLayer extends L.Layer {
  /** Resolves when the map data is unpacked; rejects when it is damaged. */
  readonly ready: Promise<void>;
  readonly overview: Overview;
  readonly scale = new ScaleBar();
  private readonly picture: Picture;
  private readonly measure: Measure;
  /** What composes the ground's names: a story without events. */
  private readonly empty: Payload;
  private lang: string;
  private dark: boolean;
  private forced: boolean;
  private selected: number | null = null;
  private hovered: number | null = null;
  private ground: Ground | null = null;
  private map: L.Map | null = null;
  /** The sheet in sight, and the one that is painted. */
  private sheets: [Sheet, Sheet] | null = null;
  private marks: HTMLCanvasElement | null = null;
  private shown: Shown | null = null;
  private labels: { key: string; composed: Composition } | null = null;
  /** The sheet in sight has no names yet. */
  private unwritten = false;
  private home: View | null = null;
  private moved = false;
  private fitting = false;
  /** What is being painted out of sight. */
  private job: { work: Generator<void, void>; next: Shown; frame: number } | null = null;
  private watcher: ResizeObserver | null = null;
  private pixelRatio: MediaQueryList | null = null;

  constructor(private readonly payload: CrowdPayload, drawing: Drawing, options: CrowdOptions = {}) {
    super();
    this.lang = options.lang ?? payload.lang;
    this.dark = options.dark ?? false;
    this.forced = options.forcedColors ?? false;
    this.empty = { ...payload, sites: [], marks: [], areas: [], origins: [], sorties: [], events: undefined as never };
    this.picture = new Picture(drawing, payload.symbols, payload.crowd.hatch);
    this.measure = measurer(payload.fonts);
    this.overview = new Overview(this.empty, this.measure);
    this.ready = decode(payload.base).then((geometries) => {
      this.ground = ground(geometries);
      if (this.map) this.fit();
    });
  }

  // ---- Leaflet

  onAdd(map: L.Map): this {
    this.map = map;
    const pane = map.getPane(PANE) ?? map.createPane(PANE);
    pane.style.zIndex = "450";
    pane.style.pointerEvents = "none";
    const canvas = (): HTMLCanvasElement => {
      const made = L.DomUtil.create("canvas", "leaflet-zoom-animated", pane);
      Object.assign(made.style, { position: "absolute", pointerEvents: "none", transformOrigin: "0 0" });
      made.setAttribute("aria-hidden", "true");
      return made;
    };
    const sheet = (): Sheet => {
      const made = { base: canvas(), flows: canvas(), names: canvas(), piles: canvas() };
      // Painted in slices, each of which ends with a look at them.
      for (const c of [made.flows, made.piles]) c.getContext("2d", { willReadFrequently: true });
      return made;
    };
    this.sheets = [sheet(), sheet()];
    for (const c of parts(this.sheets[1])) c.style.visibility = "hidden";
    if (!this.picture.flows) for (const { flows } of this.sheets) flows.style.display = "none";
    this.marks = canvas();
    map.getContainer().append(this.scale.element, this.overview.element);
    this.watcher = new ResizeObserver(this.resized);
    this.watcher.observe(map.getContainer());
    this.watchPixels();
    map.on(this.handlers() as L.LeafletEventHandlerFnMap);
    if (this.ground) this.fit();
    return this;
  }

  onRemove(map: L.Map): this {
    map.off(this.handlers());
    this.give();
    this.watcher?.disconnect();
    this.pixelRatio?.removeEventListener("change", this.pixelsChanged);
    for (const node of [...this.canvases(), this.scale.element, this.overview.element]) node.remove();
    this.setCursor(false);
    this.map = this.sheets = this.marks = this.shown = null;
    return this;
  }

  private handlers(): L.LeafletEventHandlerFnMap {
    return { moveend: this.settled, move: this.dragged, zoom: this.stretched, zoomanim: this.animated as L.LeafletEventHandlerFn,
      movestart: this.started, click: this.clicked as L.LeafletEventHandlerFn, mousemove: this.pointed as L.LeafletEventHandlerFn, mouseout: this.left };
  }

  private canvases(): HTMLCanvasElement[] {
    return [...(this.sheets ?? []).flatMap(parts), ...(this.marks ? [this.marks] : [])];
  }

  // ---- What the page may change

  setLanguage(code: string): void {
    this.lang = code;
    this.redraw();
  }

  setDark(dark: boolean, forcedColors = this.forced): void {
    this.dark = dark;
    this.forced = forcedColors;
    this.redraw();
  }

  setSelected(row: number | null): void {
    this.selected = row;
    this.mark();
  }

  setHover(row: number | null): void {
    if (row === this.hovered) return;
    this.hovered = row;
    this.mark();
  }

  /** Rows that pass; null where all do. */
  setFilter(mask: Uint8Array | null): void {
    this.picture.filter(mask);
    if (!this.shown || this.job) return this.redraw();
    exhaust(this.crowd(this.sheets![0], this.shown));
    this.mark();
    this.fire("drawn");
  }

  /** Where a row stands, in client px; null when it is not drawn. */
  project(row: number): { x: number; y: number } | null {
    const { map } = this;
    const at = map && this.picture.spot(row, worldPx(map.getZoom()));
    if (!map || !at) return null;
    const { x, y } = this.toContainer(at);
    const box = map.getContainer().getBoundingClientRect();
    return { x: box.left + x, y: box.top + y };
  }

  /** Composes for the container's size: first view, limits of zoom and pan. Nothing happens while it is hidden. */
  fit(): void {
    const { map } = this;
    if (!map || !this.ground) return;
    const { x: w, y: h } = map.getSize();
    if (!w || !h) return;
    const view = fit(frameExtent(this.payload.frame), w, h);
    this.home = view;
    this.moved = false;
    this.fitting = true;
    const [west, south, east, north] = this.payload.frame.bounds;
    map.options.maxBoundsViscosity = 1;
    map.setMinZoom(Math.floor(view.minZoom * 1e4) / 1e4).setMaxZoom(view.maxZoom);
    map.setView(this.latLng(view.centre), view.zoom, { animate: false });
    map.setMaxBounds([[south, west], [north, east]]);
    this.fitting = false;
    this.redraw();
  }

  private latLng(centre: Point): L.LatLngExpression {
    const n = Math.exp((0.5 - centre.y) * 2 * Math.PI);
    return [(Math.atan(n) * 360) / Math.PI - 90, (centre.x - 0.5) * 360];
  }

  /** Everything that the present view draws, as plain data. */
  drawn(): unknown {
    this.finish();
    const { map, shown } = this;
    if (!map || !shown) return null;
    this.write();
    const { x: width, y: height } = map.getSize();
    const { x, y } = this.corner();
    const to = (box: Rect): Rect => [box[0] - x, box[1] - y, box[2] - x, box[3] - y];
    const core = scaled(unitBox(this.payload.frame.core), worldPx(shown.zoom));
    return { lang: this.lang, dark: this.dark, zoom: shown.zoom, cls: sizeClass(width), width, height, frame: { core: to(core), home: this.atHome(shown.zoom) !== null },
      scale: this.scaleNow(), sums: this.picture.sums(),
      piles: this.focusables().map(({ count, first, x: px, y: py, r }) => ({ n: count, first, x: px, y: py, box: [px - r, py - r, px + r, py + r] })),
      labels: (this.labels?.composed.labels ?? []).map((l) => ({ key: l.key, role: l.role, text: l.block.lines.map((t) => t.text), box: to(l.box) })) };
  }

  /** What stands in view, in the order of time, in container px. */
  focusables(): Pile[] {
    const { map } = this;
    if (!map || !this.shown) return [];
    if (!this.same(this.shown)) this.finish();
    const { x, y } = this.corner();
    const size = map.getSize();
    return this.picture.list([x, y, x + size.x, y + size.y]).map((pile) => ({ ...pile, x: pile.x - x, y: pile.y - y }));
  }

  // ---- Painting

  private get theme(): Theme {
    return this.forced ? SYSTEM : this.dark ? this.payload.theme.dark : this.payload.theme.light;
  }

  private atHome(zoom: number): View | null {
    return this.home && Math.abs(this.home.zoom - zoom) < STILL ? this.home : null;
  }

  /** World px of the view's corner, at the map's zoom. */
  private corner(): Point {
    const { min } = this.map!.getPixelBounds();
    return { x: min!.x, y: min!.y };
  }

  private toContainer(world: Point): Point {
    const corner = this.corner();
    return { x: world.x - corner.x, y: world.y - corner.y };
  }

  /** What a sheet has to show now. */
  private wanted(): Shown | null {
    const size = this.map?.getSize();
    if (!size?.x || !size.y) return null;
    const [x, y] = [Math.min(SPARE, Math.round(size.x / 2)), Math.min(SPARE, Math.round(size.y / 2))];
    const corner = this.corner();
    return { zoom: this.map!.getZoom(), corner: { x: corner.x - x, y: corner.y - y }, size: [size.x + 2 * x, size.y + 2 * y] };
  }

  /** Paints all of it at once. */
  private redraw = (): void => {
    const next = this.paintable();
    if (!next) return;
    this.give();
    exhaust(this.paint(next));
    this.show(next);
  };

  /** Paints all of it out of sight, a slice a frame. */
  private repaint(): void {
    const next = this.paintable();
    if (!next) return;
    this.give();
    const work = this.paint(next);
    const [, { flows, piles }] = this.sheets!;
    const sliced = [flows, piles].map((c) => c.getContext("2d"));
    const step = (): void => {
      const { job } = this;
      if (!job) return;
      const end = performance.now() + SLICE_MS;
      do {
        if (job.work.next().done) {
          this.job = null;
          this.show(next);
          return;
        }
        // A canvas puts off what it is told until the frame ends: all of it at once would be far more than a slice.
        for (const c of sliced) c?.getImageData(0, 0, 1, 1);
      } while (performance.now() < end);
      job.frame = requestAnimationFrame(step);
    };
    this.job = { work, next, frame: requestAnimationFrame(step) };
  }

  /** What is being painted comes into sight now: somebody asks what the map shows. */
  private finish(): void {
    const { job } = this;
    if (!job) return;
    cancelAnimationFrame(job.frame);
    this.job = null;
    exhaust(job.work);
    this.show(job.next);
  }

  private paintable(): Shown | null {
    return this.map && this.ground && this.sheets && !this.fitting ? this.wanted() : null;
  }

  private give(): void {
    if (this.job) {
      cancelAnimationFrame(this.job.frame);
      this.job.work.return();
    }
    this.job = null;
  }

  private brush(canvas: HTMLCanvasElement, { zoom, corner, size }: Shown): Brush {
    const dpr = window.devicePixelRatio || 1;
    return { ctx: prepare(canvas, ...size, dpr), theme: this.theme, dark: this.dark, left: corner.x, top: corner.y, width: size[0], height: size[1], k: worldPx(zoom), dpr };
  }

  private *paint(next: Shown): Generator<void, void> {
    const [, sheet] = this.sheets!;
    const { base, names } = sheet;
    drawBase(this.brush(base, next), this.ground!, unitBox(this.payload.frame.bounds));
    yield;
    // Names that have been laid stand at once; new ones follow when the rest is in sight.
    this.unwritten = !this.known(next.zoom);
    const b = this.brush(names, next);
    if (!this.unwritten) this.inscribe(b);
    yield;
    yield* this.crowd(sheet, next);
  }

  private *crowd({ flows, piles }: Sheet, next: Shown): Generator<void, void> {
    const size = this.map!.getSize();
    const sheet = scaled(unitBox(this.payload.frame.bounds), worldPx(next.zoom));
    yield* this.picture.paint(this.brush(flows, next), this.brush(piles, next), this.ground!, sizeClass(size.x), sheet, this.lang);
  }

  /** Lays and writes the names that are still missing from the sheet in sight. */
  private write(): void {
    if (!this.unwritten || !this.shown || !this.map || !this.same(this.shown)) return;
    this.unwritten = false;
    this.lay(this.shown.zoom);
    this.inscribe(this.brush(this.sheets![0].names, this.shown));
  }

  private inscribe(b: Brush): void {
    const near: Rect = [b.left, b.top, b.left + b.width, b.top + b.height];
    for (const label of this.labels!.composed.labels) if (meets(label.box, near)) drawLabel(b, label);
  }

  private labelled(zoom: number): string {
    const { x, y } = this.map!.getSize();
    return [zoom, x, y, this.lang, this.atHome(zoom) !== null].join();
  }

  private known(zoom: number): boolean {
    return this.labels?.key === this.labelled(zoom);
  }

  /** Names on the ground: laid once for a zoom and a language, so that panning and filters move none. */
  private lay(zoom: number): void {
    if (this.known(zoom)) return;
    const { x: w, y: h } = this.map!.getSize();
    const home = this.atHome(zoom);
    const k = worldPx(zoom);
    const composed = compose({ payload: this.empty, ground: this.ground!, zoom, w, h, lang: this.lang, measure: this.measure, home, obstacles: home ? this.obstacles() : [],
      visible: () => true, open: null, parts: new Set(["strikes", "sorties", "areas"]), base: true, number: () => 0, many: true,
      crowd: this.picture.boxes(k, this.picture.size > MOST_BOXES && !home ? this.seen() : scaled(unitBox(this.payload.frame.bounds), k), sizeClass(w)) });
    this.labels = { key: this.labelled(zoom), composed };
  }

  /** What is painted, in world px. */
  private seen(): Rect {
    const { corner: { x, y }, size } = this.shown!;
    return [x, y, x + size[0], y + size[1]];
  }

  /** What stands over the map: container px. */
  private obstacles(): Rect[] {
    const container = this.map!.getContainer();
    const box = container.getBoundingClientRect();
    return [...container.querySelectorAll(".leaflet-control, .strikemap-over")].map((node) => node.getBoundingClientRect()).filter((r) => r.width && r.height)
      .map((r): Rect => [r.left - box.left, r.top - box.top, r.right - box.left, r.bottom - box.top]);
  }

  /** The painted sheet comes into sight. */
  private show(next: Shown): void {
    const { map, sheets } = this;
    if (!map || !sheets) return;
    const [old, made] = sheets;
    this.sheets = [made, old];
    this.shown = next;
    this.place();
    for (const c of parts(made)) c.style.visibility = "";
    for (const c of parts(old)) c.style.visibility = "hidden";
    this.mark();
    this.furnish();
    this.fire("drawn");
    if (this.unwritten) requestAnimationFrame(() => setTimeout(() => this.write()));
    // A move that began while this was painted is not over yet.
    if (Math.abs(map.getZoom() - next.zoom) > STILL) this.stretch(map.getCenter(), map.getZoom());
  }

  /** Puts what is in sight where it belongs at the map's own zoom. */
  private place(): void {
    const { map, shown, sheets } = this;
    if (!map || !shown || !sheets) return;
    const corner = this.corner();
    const at = map.containerPointToLayerPoint([shown.corner.x - corner.x, shown.corner.y - corner.y]);
    for (const c of [...parts(sheets[0]), this.marks!]) L.DomUtil.setPosition(c, at);
  }

  /** Selected and pointed at: on a canvas of their own, so that neither paints the rest again. */
  private mark(): void {
    const { shown, marks } = this;
    if (!shown || !marks) return;
    const k = worldPx(shown.zoom);
    const found = ([[this.hovered, 1], [this.selected, 2]] as const).map(([row, wide]) => ({ at: row === null ? null : this.picture.spot(row, k), wide }));
    // A sheet that shows nothing still costs something in every frame of a drag.
    marks.style.display = found.some(({ at }) => at) ? "" : "none";
    if (marks.style.display) return;
    const b = this.brush(marks, shown);
    for (const { at, wide } of found) if (at) ring(b, at, wide);
  }

  /** Scale bar and inset. */
  private furnish(): void {
    const { map, shown } = this;
    if (!map || !this.ground || !shown) return;
    const { x: w, y: h } = map.getSize();
    const k = worldPx(map.getZoom());
    const { x, y } = this.corner();
    this.scale.show(this.scaleNow(), this.theme, isRtl(this.lang, this.payload.languages));
    const kmAcross = map.distance(map.containerPointToLatLng([0, h / 2]), map.containerPointToLatLng([w, h / 2])) / 1000;
    this.overview.show({ ground: this.ground, theme: this.theme, lang: this.lang, view: this.home, lines: [], dark: this.dark,
      now: [x / k, y / k, (x + w) / k, (y + h) / k], w, h, kmAcross });
  }

  private scaleNow(): { px: number; text: string } | null {
    const { y } = this.map!.getSize();
    const lat = (row: number): number => this.map!.containerPointToLatLng([0, row]).lat;
    return scaleBar({ middle: lat(y / 2), top: lat(0), bottom: lat(y) }, worldPx(this.map!.getZoom()), this.lang);
  }

  // ---- Moving

  private started = (): void => {
    if (!this.fitting) this.moved = true;
  };

  /** How far the view is from the edge of what is painted, in px; negative where there is a gap. */
  private spare({ corner, size }: Shown): number {
    const at = this.corner();
    const { x: w, y: h } = this.map!.getSize();
    return Math.min(at.x - corner.x, at.y - corner.y, corner.x + size[0] - at.x - w, corner.y + size[1] - at.y - h);
  }

  private same(shown: Shown | null | undefined): shown is Shown {
    return !!shown && Math.abs(this.map!.getZoom() - shown.zoom) < STILL;
  }

  private dragged = (): void => {
    const { map, shown } = this;
    if (!map || this.fitting || !this.same(shown) || this.spare(shown) >= LEAST_SPARE) return;
    if (!this.job || this.spare(this.job.next) < LEAST_SPARE) this.repaint();
  };

  private settled = (): void => {
    const { map, shown } = this;
    if (!map || this.fitting) return;
    if (!shown) return this.redraw();
    if (this.same(shown) && this.spare(shown) >= Math.min(LEAST_SPARE, Math.round(map.getSize().x / 4))) {
      this.place();
      this.furnish();
      this.fire("drawn");
    } else if (this.same(shown) && this.spare(shown) < 0) {
      // A leap: there is nothing to show meanwhile.
      this.redraw();
    } else {
      if (this.same(shown)) this.place();
      this.repaint();
    }
  };

  /** Between two zooms the picture is only stretched. */
  private stretch(centre: L.LatLng, zoom: number): void {
    const { map, shown } = this;
    if (!map || !shown) return;
    const by = map.getZoomScale(zoom, shown.zoom);
    const target = map.project(centre, zoom).subtract(map.getSize().divideBy(2));
    const offset = map.containerPointToLayerPoint(L.point(shown.corner.x * by, shown.corner.y * by).subtract(target));
    for (const c of [...parts(this.sheets![0]), this.marks!]) L.DomUtil.setTransform(c, offset, by);
  }

  private stretched = (): void => {
    const { map, shown } = this;
    if (map && shown && !this.same(shown)) this.stretch(map.getCenter(), map.getZoom());
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
    if (!x || !y || (this.shown && before.x === x && before.y === y)) return;
    if (!this.moved) return this.fit();
    if (this.home) {
      const [centre, zoom] = [map.getCenter(), map.getZoom()];
      const least = fit(frameExtent(this.payload.frame), x, y);
      map.setMinZoom(Math.floor(least.minZoom * 1e4) / 1e4);
      this.home = null;
      map.setView(centre, Math.max(zoom, least.minZoom), { animate: false });
    }
    this.redraw();
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

  private under(e: L.LeafletMouseEvent): ReturnType<Picture["hit"]> {
    if (!this.shown || !this.ground || !this.same(this.shown)) return null;
    const { x, y } = this.corner();
    const reach = (e.originalEvent as Partial<PointerEvent>).pointerType === "touch" ? TOUCH : MOUSE;
    return this.picture.hit({ x: x + e.containerPoint.x, y: y + e.containerPoint.y }, reach, this.ground);
  }

  private clicked = (e: L.LeafletMouseEvent): void => {
    const { map } = this;
    if (!this.same(this.shown)) this.finish();
    const found = this.under(e);
    if (!map || !found) {
      this.fire("select", { row: null, originalEvent: e.originalEvent });
    } else if (found.count < 2) {
      this.fire("select", { row: found.first, originalEvent: e.originalEvent });
    } else if (found.parts && map.getZoom() < map.getMaxZoom() - STILL) {
      // What lies apart is parted by a closer look; what lies on one spot, or at the closest look, is listed.
      map.setZoomAround(e.containerPoint, map.getZoom() + CLOSER, { animate: false });
    } else {
      this.fire("pile", { rows: found.rows(), x: e.containerPoint.x, y: e.containerPoint.y, parts: false });
    }
  };

  private pointed = (e: L.LeafletMouseEvent): void => {
    const row = this.under(e)?.first ?? null;
    if (row === this.hovered) return;
    this.setCursor(row !== null);
    this.setHover(row);
    this.fire("hover", { row });
  };

  private left = (): void => {
    if (this.hovered === null) return;
    this.setCursor(false);
    this.setHover(null);
    this.fire("hover", { row: null });
  };

  private setCursor(on: boolean): void {
    if (this.map) this.map.getContainer().style.cursor = on ? "pointer" : "";
  }
}

/** Ink outside halo, `wide` px each. */
function ring({ ctx, theme, left, top }: Brush, at: Point, wide: number): void {
  for (const [r, colour] of [[10, theme.halo], [10 + wide, theme.ink]] as const) {
    ctx.beginPath();
    ctx.arc(at.x - left, at.y - top, r, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = wide;
    ctx.stroke();
  }
}
