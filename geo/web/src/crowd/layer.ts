/**
 * Very many rows on a Leaflet map. The picture of a new zoom or place is painted out of sight, a few milliseconds a frame,
 * while the old one is moved and stretched; a filter is painted at once.
 */

import type * as L from "leaflet";
import { drawBase } from "../draw/base";
import type { Brush } from "../draw/brush";
import { drawLabel } from "../draw/text";
import { compose, type Composition } from "../layer/compose";
import { MapLayer, STILL, type MapOptions, type Shown } from "../layer/map-layer";
import { sizeClass, unitBox } from "../layout/frame";
import { meets, middle, scaled, worldPx, type Point, type Rect } from "../layout/plane";
import { exhaust } from "./bundles";
import type { Drawing } from "./drawing";
import type { CrowdPayload } from "./payload";
import { Picture, type Pile } from "./picture";

export type { Pile, Sums } from "./picture";

/** With less than this of what is drawn beyond the view left, in px, it is drawn anew. */
const LEAST_SPARE = 60;
/** What painting may take of a frame. */
const SLICE_MS = 7;
/** Up to so many stacks names keep off all of them; of more, off those in view. */
const MOST_BOXES = 6000;
/** A closer look at what may be parted. */
const CLOSER = 2;

/** From below: the ground; hatched areas and streams; names, which a stream must not cut; piles. */
interface Sheet { base: HTMLCanvasElement; flows: HTMLCanvasElement; names: HTMLCanvasElement; piles: HTMLCanvasElement }
const parts = ({ base, flows, names, piles }: Sheet): HTMLCanvasElement[] => [base, flows, names, piles];

export class CrowdLayer extends MapLayer<number> {
  private readonly picture: Picture;
  /** The sheet in sight, and the one that is painted. */
  private sheets: [Sheet, Sheet] | null = null;
  private marks: HTMLCanvasElement | null = null;
  private labels: { key: string; composed: Composition } | null = null;
  /** The sheet in sight has no names yet. */
  private unwritten = false;
  /** What is being painted out of sight. */
  private job: { work: Generator<void, void>; next: Shown; frame: number } | null = null;

  constructor(payload: CrowdPayload, drawing: Drawing, options: Omit<MapOptions, "base"> = {}) {
    // What composes the ground's names is a story without events.
    super({ ...payload, sites: [], marks: [], areas: [], origins: [], sorties: [], events: undefined as never }, options);
    this.picture = new Picture(drawing, payload.symbols, payload.crowd.hatch);
  }

  protected build(canvas: () => HTMLCanvasElement): void {
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
  }

  protected unbuild(): void {
    this.give();
    for (const c of [...this.canvases(), ...parts(this.sheets![1])]) c.remove();
    this.sheets = this.marks = null;
  }

  protected canvases(): HTMLCanvasElement[] {
    return [...parts(this.sheets![0]), this.marks!];
  }

  // ---- What the page may change

  setLanguage(code: string): void {
    this.lang = code;
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

  /** Paints all of it at once. */
  protected redraw = (): void => {
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
    return this.sheets && this.wanted();
  }

  private give(): void {
    if (this.job) {
      cancelAnimationFrame(this.job.frame);
      this.job.work.return();
    }
    this.job = null;
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
    const composed = compose({ payload: this.payload, ground: this.ground!, zoom, w, h, lang: this.lang, measure: this.measure, home, obstacles: home ? this.obstacles() : [],
      visible: () => true, open: null, parts: new Set(["strikes", "sorties", "areas"]), base: true, number: () => 0, many: true,
      crowd: this.picture.boxes(k, this.picture.size > MOST_BOXES && !home ? this.seen() : scaled(unitBox(this.payload.frame.bounds), k), sizeClass(w)) });
    this.labels = { key: this.labelled(zoom), composed };
  }

  /** What is painted, in world px. */
  private seen(): Rect {
    const { corner: { x, y }, size } = this.shown!;
    return [x, y, x + size[0], y + size[1]];
  }

  /** Where circles stand in view, in units of the plane: the inset keeps off them. */
  private readonly stands = (): Point[] => {
    const k = worldPx(this.shown!.zoom);
    return this.picture.boxes(k, this.seen(), sizeClass(this.map!.getSize().x)).map((box) => {
      const { x, y } = middle(box);
      return { x: x / k, y: y / k };
    });
  };

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
    this.furnish(this.stands);
    this.fire("drawn");
    if (this.unwritten) requestAnimationFrame(() => setTimeout(() => this.write()));
    // A move that began while this was painted is not over yet.
    if (Math.abs(map.getZoom() - next.zoom) > STILL) this.stretch(map.getCenter(), map.getZoom());
  }

  /** Selected and pointed at: on a canvas of their own, so that neither paints the rest again. */
  private mark(): void {
    const { shown, marks } = this;
    if (!shown || !marks) return;
    const k = worldPx(shown.zoom);
    const found = ([[this.hovered, 1], [this.selected, 2]] as const).map(([row, wide]) => ({ at: row === null ? null : this.picture.circle(row, k), wide }));
    // A sheet that shows nothing still costs something in every frame of a drag.
    marks.style.display = found.some(({ at }) => at) ? "" : "none";
    if (marks.style.display) return;
    const b = this.brush(marks, shown);
    for (const { at, wide } of found) if (at) ring(b, at, wide);
  }

  // ---- Moving

  protected dragged = (): void => {
    const { map, shown } = this;
    if (!map || this.fitting || !this.same(shown) || this.spare(shown) >= LEAST_SPARE) return;
    if (!this.job || this.spare(this.job.next) < LEAST_SPARE) this.repaint();
  };

  protected settled = (): void => {
    const { map, shown } = this;
    if (!map || this.fitting) return;
    if (!shown) return this.redraw();
    if (this.same(shown) && this.spare(shown) >= Math.min(LEAST_SPARE, Math.round(map.getSize().x / 4))) {
      this.place();
      this.furnish(this.stands);
      this.fire("drawn");
    } else if (this.same(shown) && this.spare(shown) < 0) {
      // A leap: there is nothing to show meanwhile.
      this.redraw();
    } else {
      if (this.same(shown)) this.place();
      this.repaint();
    }
  };

  // ---- Pointer

  private hit(e: L.LeafletMouseEvent): ReturnType<Picture["hit"]> {
    return this.ground && this.same(this.shown) ? this.picture.hit(this.toWorld(e), this.reach(e), this.ground) : null;
  }

  protected under(e: L.LeafletMouseEvent): number | null {
    return this.hit(e)?.first ?? null;
  }

  protected clicked = (e: L.LeafletMouseEvent): void => {
    const { map } = this;
    if (!this.same(this.shown)) this.finish();
    const found = this.hit(e);
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

  protected tell(row: number | null): void {
    this.fire("hover", { row });
  }

  protected spot(row: number): Point | null {
    return this.picture.spot(row, worldPx(this.map!.getZoom()));
  }
}

/** Ink outside halo, `wide` px each. */
function ring({ ctx, theme, left, top }: Brush, at: Point & { r: number }, wide: number): void {
  const inner = Math.max(10, at.r + 3);
  for (const [r, colour] of [[inner, theme.halo], [inner + wide, theme.ink]] as const) {
    ctx.beginPath();
    ctx.arc(at.x - left, at.y - top, r, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = wide;
    ctx.stroke();
  }
}
