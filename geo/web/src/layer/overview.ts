/** The inset that shows where in the world the map lies. */

import { prepare } from "../draw/brush";
import { unitBox, type View } from "../layout/frame";
import { rect, unit, type Point, type Rect } from "../layout/plane";
import { isRtl, pick, setText, type Measure } from "../layout/type";
import type { Payload, Theme } from "../payload";
import type { Ground } from "./ground";

const SHARE = 0.22;
const LEAST = 96;
/** Below this many km across, the surroundings are shown. */
const NEAR_KM = 1500;
const EDGE = 10;

export interface OverviewState { ground: Ground; theme: Theme; lang: string; view: View | null; dark: boolean; w: number; h: number; kmAcross: number }

export class Overview {
  readonly element: HTMLCanvasElement;
  /** What it shows, in units; null while hidden. */
  box: Rect | null = null;
  private wanted: boolean | null = null;

  constructor(private readonly payload: Payload, private readonly measure: Measure) {
    this.element = document.createElement("canvas");
    this.element.className = "strikemap-overview strikemap-over";
    this.element.setAttribute("aria-hidden", "true");
    Object.assign(this.element.style, { position: "absolute", zIndex: "800", pointerEvents: "none", display: "none" });
  }

  /** Whether the first view needs an inset: it is near, or crops a line. */
  needed(view: View | null, kmAcross: number): boolean {
    return !!view && (this.payload.frame.overview !== null || kmAcross < NEAR_KM || view.cropped.some(Boolean));
  }

  show(s: OverviewState): void {
    if (s.view && this.wanted === null) this.wanted = this.needed(s.view, s.kmAcross);
    const rings = s.ground.rings("world");
    if (!s.view || !rings.length || !this.needed(s.view, (s.kmAcross))) {
      if (!this.wanted) this.element.style.display = "none";
      if (!s.view || !rings.length || !this.wanted) return;
    }
    const small = s.w < 560;
    // On a phone the page places it as a strip of the map's width below; elsewhere it stands in the emptiest corner.
    const width = small ? s.w : Math.max(LEAST, Math.round(s.w * SHARE));
    const height = small ? Math.round(Math.max(72, s.w * 0.3)) : Math.round(width * 0.72);
    this.element.style.display = "block";
    const world = this.extent(width / height);
    this.box = world;
    this.draw(s, world, width, height);
    if (small) Object.assign(this.element.style, { position: "static" });
    else this.corner(s, width, height);
  }

  /** The region around the frame, with every origin in it. */
  private extent(aspect: number): Rect {
    const { frame, origins, sorties } = this.payload;
    const given = frame.overview && unitBox(frame.overview);
    const box = given ?? unitBox(frame.bounds);
    const points: Point[] = [...origins.map((o) => unit(o.at)), ...sorties.map((x) => unit(x.path[0]))];
    let r: Rect = [...box];
    for (const p of points) r = [Math.min(r[0], p.x), Math.min(r[1], p.y), Math.max(r[2], p.x), Math.max(r[3], p.y)];
    const [cx, cy] = [(r[0] + r[2]) / 2, (r[1] + r[3]) / 2];
    const least = given ? 1.04 : 2.4;
    const w = Math.max((r[2] - r[0]) * least, (r[3] - r[1]) * least * aspect);
    return rect(cx - w / 2, cy - w / aspect / 2, w, w / aspect);
  }

  private draw(s: OverviewState, world: Rect, width: number, height: number): void {
    const ctx = prepare(this.element, width, height, window.devicePixelRatio || 1);
    const k = width / (world[2] - world[0]);
    const at = (p: Point): [number, number] => [(p.x - world[0]) * k, (p.y - world[1]) * k];
    ctx.fillStyle = s.theme.water;
    ctx.fillRect(0, 0, width, height);
    const land = new Path2D();
    for (const { xy } of s.ground.rings("world")) {
      for (let i = 0; i < xy.length; i += 2) {
        const [x, y] = at({ x: xy[i], y: xy[i + 1] });
        if (i) land.lineTo(x, y);
        else land.moveTo(x, y);
      }
      land.closePath();
    }
    ctx.fillStyle = s.theme.land;
    ctx.fill(land, "evenodd");
    ctx.strokeStyle = s.theme.coast;
    ctx.lineWidth = 0.75;
    ctx.stroke(land);
    for (const line of this.payload.sorties) {
      ctx.beginPath();
      line.path.forEach((p, i) => (i ? ctx.lineTo(...at(unit(p))) : ctx.moveTo(...at(unit(p)))));
      ctx.strokeStyle = s.theme.slots[line.slot];
      ctx.lineWidth = 1.25;
      ctx.stroke();
    }
    const view = s.view!.box;
    const [x0, y0] = at({ x: view[0], y: view[1] });
    const [x1, y1] = at({ x: view[2], y: view[3] });
    ctx.lineJoin = "miter";
    ctx.strokeStyle = s.theme.ink;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(x0, y0, x1 - x0, y1 - y0);
    this.places(ctx, s, at, width, height, [x0, y0, x1, y1]);
    ctx.strokeStyle = s.theme.country;
    ctx.lineWidth = 1;
    ctx.strokeRect(0.5, 0.5, width - 1, height - 1);
  }

  /** Two places that a reader knows, where they fit and leave the extent box free. */
  private places(ctx: CanvasRenderingContext2D, s: OverviewState, at: (p: Point) => [number, number], width: number, height: number, box: Rect): void {
    const known = this.payload.labels.filter((l) => l.role === "country" || l.capital)
      .sort((a, b) => Number(b.role === "country") - Number(a.role === "country") || a.rank - b.rank);
    const taken: Rect[] = [box];
    let n = 0;
    for (const label of known) {
      const { text, lang } = pick(label.names, s.lang);
      const set = setText(text, "city", lang, "M", isRtl(lang, this.payload.languages), this.measure);
      if (!set) continue;
      const [x, y] = at(unit(label.at[0]));
      const r = rect(x - set.width / 2, y - 7, set.width, 14);
      if (r[0] < 4 || r[1] < 4 || r[2] > width - 4 || r[3] > height - 4) continue;
      if (taken.some((t) => t[0] < r[2] && r[0] < t[2] && t[1] < r[3] && r[1] < t[3])) continue;
      taken.push(r);
      ctx.font = set.font.replace(/\d+px/, "11px");
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.direction = set.rtl ? "rtl" : "ltr";
      ctx.lineJoin = "round";
      ctx.lineWidth = 3;
      ctx.strokeStyle = s.theme.halo;
      ctx.strokeText(set.text, x, y);
      ctx.fillStyle = s.theme.countryLabel;
      ctx.fillText(set.text, x, y);
      if (++n === 2) break;
    }
  }

  /** The corner of the first view with the fewest marks and origins. */
  private corner(s: OverviewState, width: number, height: number): void {
    const view = s.view!.box;
    const points = [...this.payload.sites.map((x) => unit(x.at)), ...this.payload.sorties.flatMap((x) => x.path.map(unit))];
    const kx = s.w / (view[2] - view[0]);
    const corners = [["right", "bottom"], ["left", "bottom"], ["right", "top"], ["left", "top"]] as const;
    const load = ([h, v]: readonly ["left" | "right", "top" | "bottom"]): number => points.filter((p) => {
      const [x, y] = [(p.x - view[0]) * kx, (p.y - view[1]) * kx];
      const [inX, inY] = [h === "left" ? x : s.w - x, v === "top" ? y : s.h - y];
      return inX > -40 && inX < width + 60 && inY > -40 && inY < height + 60;
    }).length;
    // The upper left and lower left corners hold the buttons and the scale.
    const best = [...corners].sort((a, b) => load(a) + (a[0] === "left" ? 1 : 0) - load(b) - (b[0] === "left" ? 1 : 0))[0];
    const style = this.element.style;
    Object.assign(style, { position: "absolute", left: "", right: "", top: "", bottom: "" });
    style[best[0]] = `${EDGE}px`;
    style[best[1]] = best[0] === "left" && best[1] === "bottom" ? "48px" : `${EDGE + (best[1] === "bottom" ? 12 : 0)}px`;
  }
}
