/**
 * What every map of ours has to do with Leaflet: canvases in a pane of their own, drawn beyond the view; the first view, sizes, screens of other
 * densities; moving and stretching what is drawn; the scale bar, the inset, the pointer. What is drawn, and what a `Key` names, is the heirs' own.
 */

import * as L from "leaflet";
import { decode } from "../decode";
import { prepare, type Brush } from "../draw/brush";
import { measurer } from "../draw/text";
import { fit, frameExtent, type View } from "../layout/frame";
import { degrees, worldPx, type Point, type Rect } from "../layout/plane";
import { isRtl, type Measure } from "../layout/type";
import type { Payload, Theme } from "../payload";
import { ground, type Ground } from "./ground";
import { MOUSE, TOUCH } from "./hit";
import { Overview } from "./overview";
import { scaleBar, ScaleBar } from "./scale";
import { SYSTEM } from "./system";

export interface MapOptions {
  lang?: string;
  dark?: boolean;
  /** Draw in the reader's own system colours. */
  forcedColors?: boolean;
  /** Draw our own ground and fit our own frame; false on someone else's tiles. */
  base?: boolean;
}

/** What canvases show: world px of their corner at a zoom, and their size in CSS px. */
export interface Shown { zoom: number; corner: Point; size: [number, number] }

const PANE = "strikemap";
/** Drawn beyond the view on every side, so that a drag shows no gap. */
const SPARE = 200;
export const STILL = 1e-3;

export abstract class MapLayer<Key> extends L.Layer {
  /** Resolves when the map data is unpacked; rejects when it is damaged. */
  readonly ready: Promise<void>;
  /** The overview inset; the page may put its element elsewhere (a strip below the map on a phone). */
  readonly overview: Overview;
  readonly scale = new ScaleBar();
  protected readonly measure: Measure;
  protected readonly withBase: boolean;
  protected lang: string;
  protected dark: boolean;
  protected selected: Key | null = null;
  protected hovered: Key | null = null;
  protected ground: Ground | null = null;
  protected map: L.Map | null = null;
  protected shown: Shown | null = null;
  protected home: View | null = null;
  protected fitting = false;
  private forced: boolean;
  /** The reader has moved the map since it was fitted: resizing then keeps what they look at. */
  private moved = false;
  private watcher: ResizeObserver | null = null;
  private pixelRatio: MediaQueryList | null = null;

  protected constructor(protected readonly payload: Payload, options: MapOptions) {
    super();
    this.lang = options.lang ?? payload.lang;
    this.dark = options.dark ?? false;
    this.forced = options.forcedColors ?? false;
    this.withBase = options.base ?? true;
    this.measure = measurer(payload.fonts);
    this.overview = new Overview(payload, this.measure);
    this.ready = decode(payload.base).then((geometries) => {
      this.ground = ground(geometries);
      this.begin();
    });
  }

  /** Makes the canvases. */
  protected abstract build(canvas: () => HTMLCanvasElement): void;
  protected abstract unbuild(): void;
  /** Those that are in sight. */
  protected abstract canvases(): HTMLCanvasElement[];
  /** World px, at the map's zoom, of where something stands; null when it is not drawn. */
  protected abstract spot(key: Key): Point | null;
  /** What lies under the pointer. */
  protected abstract under(e: L.LeafletMouseEvent): Key | null;
  protected abstract tell(hovered: Key | null): void;
  abstract setHover(key: Key | null): void;
  protected abstract redraw: () => void;
  protected abstract settled: () => void;
  protected abstract dragged: () => void;
  protected abstract clicked: (e: L.LeafletMouseEvent) => void;

  // ---- Leaflet

  onAdd(map: L.Map): this {
    this.map = map;
    const pane = map.getPane(PANE) ?? map.createPane(PANE);
    pane.style.zIndex = "450";
    pane.style.pointerEvents = "none";
    this.build(() => {
      const made = L.DomUtil.create("canvas", "leaflet-zoom-animated", pane);
      Object.assign(made.style, { position: "absolute", pointerEvents: "none", transformOrigin: "0 0" });
      made.setAttribute("aria-hidden", "true");
      return made;
    });
    if (this.withBase) map.getContainer().append(this.scale.element, this.overview.element);
    this.watcher = new ResizeObserver(this.resized);
    this.watcher.observe(map.getContainer());
    this.watchPixels();
    map.on(this.handlers());
    this.begin();
    return this;
  }

  onRemove(map: L.Map): this {
    map.off(this.handlers());
    this.watcher?.disconnect();
    this.pixelRatio?.removeEventListener("change", this.pixelsChanged);
    this.unbuild();
    this.scale.element.remove();
    this.overview.element.remove();
    this.setCursor(false);
    this.map = this.shown = null;
    return this;
  }

  private handlers(): L.LeafletEventHandlerFnMap {
    return { moveend: this.settled, move: this.dragged, zoom: this.stretched, zoomanim: this.animated as L.LeafletEventHandlerFn,
      movestart: this.started, click: this.clicked as L.LeafletEventHandlerFn, mousemove: this.pointed as L.LeafletEventHandlerFn, mouseout: this.left };
  }

  private begin(): void {
    if (!this.map || !this.ground) return;
    if (this.withBase) this.fit();
    else this.redraw();
  }

  setDark(dark: boolean, forcedColors = this.forced): void {
    this.dark = dark;
    this.forced = forcedColors;
    this.redraw();
  }

  /** Where something stands, in client px: null when it is not drawn. */
  project(key: Key): { x: number; y: number } | null {
    const at = this.map && this.spot(key);
    if (!at) return null;
    const { x, y } = this.toContainer(at);
    const box = this.map!.getContainer().getBoundingClientRect();
    return { x: box.left + x, y: box.top + y };
  }

  // ---- The view

  /** Composes for the container's size: first view, limits of zoom and pan. Nothing happens while it is hidden. */
  fit(): void {
    const { map } = this;
    if (!map || !this.withBase) return;
    const { x: w, y: h } = map.getSize();
    if (!w || !h) return;
    const view = this.home = this.fitted(w, h);
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

  protected fitted(w: number, h: number): View {
    return fit(frameExtent(this.payload.frame), w, h);
  }

  protected atHome(zoom: number): View | null {
    return this.home && Math.abs(this.home.zoom - zoom) < STILL ? this.home : null;
  }

  /** World px of the view's corner, at the map's zoom. Leaflet's own world is 256 · 2^zoom px too; only its rounding of the origin has to be followed. */
  protected corner(): Point {
    const { x, y } = this.map!.getPixelBounds().min!;
    return { x, y };
  }

  protected toContainer(world: Point): Point {
    const corner = this.corner();
    return { x: world.x - corner.x, y: world.y - corner.y };
  }

  /** What canvases have to show now. */
  protected wanted(): Shown | null {
    const size = this.map?.getSize();
    if (!size?.x || !size.y || !this.ground || this.fitting) return null;
    const [x, y] = [Math.min(SPARE, Math.round(size.x / 2)), Math.min(SPARE, Math.round(size.y / 2))];
    const corner = this.corner();
    return { zoom: this.map!.getZoom(), corner: { x: corner.x - x, y: corner.y - y }, size: [size.x + 2 * x, size.y + 2 * y] };
  }

  /** How far the view is from the edge of what is painted, in px; negative where there is a gap. */
  protected spare({ corner, size }: Shown): number {
    const at = this.corner();
    const { x: w, y: h } = this.map!.getSize();
    return Math.min(at.x - corner.x, at.y - corner.y, corner.x + size[0] - at.x - w, corner.y + size[1] - at.y - h);
  }

  protected same(shown: Shown | null): shown is Shown {
    return !!shown && Math.abs(this.map!.getZoom() - shown.zoom) < STILL;
  }

  /** What stands over the map: container px. */
  protected obstacles(): Rect[] {
    const container = this.map!.getContainer();
    const box = container.getBoundingClientRect();
    return [...container.querySelectorAll(".leaflet-control, .strikemap-over")].map((node) => node.getBoundingClientRect()).filter((r) => r.width && r.height)
      .map((r): Rect => [r.left - box.left, r.top - box.top, r.right - box.left, r.bottom - box.top]);
  }

  // ---- Painting

  protected get theme(): Theme {
    return this.forced ? SYSTEM : this.dark ? this.payload.theme.dark : this.payload.theme.light;
  }

  protected brush(canvas: HTMLCanvasElement, { zoom, corner, size }: Shown): Brush {
    const dpr = window.devicePixelRatio || 1;
    return { ctx: prepare(canvas, ...size, dpr), theme: this.theme, dark: this.dark, left: corner.x, top: corner.y, width: size[0], height: size[1], k: worldPx(zoom), dpr };
  }

  /** Puts what is in sight where it belongs at the map's own zoom. */
  protected place(): void {
    const { map, shown } = this;
    if (!map || !shown) return;
    const corner = this.corner();
    const at = map.containerPointToLayerPoint([shown.corner.x - corner.x, shown.corner.y - corner.y]);
    for (const c of this.canvases()) L.DomUtil.setPosition(c, at);
  }

  /** Scale bar and inset, which keeps off the points of `lines` (in units of the plane). */
  protected furnish(lines: () => readonly Point[]): void {
    const { map } = this;
    if (!map || !this.ground || !this.withBase) return;
    const { x: w, y: h } = map.getSize();
    const k = worldPx(map.getZoom());
    const { x, y } = this.corner();
    this.scale.show(this.scaleNow(), this.theme, isRtl(this.lang, this.payload.languages));
    const kmAcross = map.distance(map.containerPointToLatLng([0, h / 2]), map.containerPointToLatLng([w, h / 2])) / 1000;
    this.overview.show({ ground: this.ground, theme: this.theme, lang: this.lang, view: this.home, lines, dark: this.dark,
      now: [x / k, y / k, (x + w) / k, (y + h) / k], w, h, kmAcross });
  }

  protected scaleNow(): { px: number; text: string } | null {
    if (!this.map || !this.withBase) return null;
    const { y } = this.map.getSize();
    const lat = (row: number): number => this.map!.containerPointToLatLng([0, row]).lat;
    return scaleBar({ middle: lat(y / 2), top: lat(0), bottom: lat(y) }, worldPx(this.map.getZoom()), this.lang);
  }

  // ---- Moving

  private started = (): void => {
    if (!this.fitting) this.moved = true;
  };

  /** Between two zooms the picture is only stretched; it is drawn when the move ends. */
  protected stretch(centre: L.LatLng, zoom: number): void {
    const { map, shown } = this;
    if (!map || !shown) return;
    const by = map.getZoomScale(zoom, shown.zoom);
    const target = map.project(centre, zoom).subtract(map.getSize().divideBy(2));
    const offset = map.containerPointToLayerPoint(L.point(shown.corner.x * by, shown.corner.y * by).subtract(target));
    for (const c of this.canvases()) L.DomUtil.setTransform(c, offset, by);
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
    if (this.withBase && !this.moved) return this.fit();
    if (this.withBase && this.home) {
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

  /** How far from the pointer something may be. */
  protected reach(e: L.LeafletMouseEvent): number {
    return (e.originalEvent as Partial<PointerEvent>).pointerType === "touch" ? TOUCH : MOUSE;
  }

  /** World px under the pointer. */
  protected toWorld({ containerPoint }: L.LeafletMouseEvent): Point {
    const { x, y } = this.corner();
    return { x: x + containerPoint.x, y: y + containerPoint.y };
  }

  private pointed = (e: L.LeafletMouseEvent): void => {
    this.point(this.under(e));
  };

  private left = (): void => {
    this.point(null);
  };

  private point(key: Key | null): void {
    if (key === this.hovered) return;
    this.setCursor(key !== null);
    this.setHover(key);
    this.tell(key);
  }

  private setCursor(on: boolean): void {
    if (this.map) this.map.getContainer().style.cursor = on ? "pointer" : "";
  }
}
