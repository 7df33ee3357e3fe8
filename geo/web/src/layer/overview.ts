/** The inset that shows where in the world the map lies. */

import { addRings } from "../draw/base";
import { prepare, type Brush } from "../draw/brush";
import { unitBox, type View } from "../layout/frame";
import { around, grow, inside, join, meets, middle, rect, unit, within, type Point, type Rect } from "../layout/plane";
import { around8 } from "../layout/spots";
import { isRtl, pick, stack, setText, type Measure } from "../layout/type";
import type { Payload, Theme } from "../payload";
import type { Ground } from "./ground";

const SHARE = 0.22;
const LEAST = 96;
/** Below this many km across, the surroundings are shown. */
const NEAR_KM = 1500;
const EDGE = 10;
/** What the buttons of the upper left corner take of the width. */
const BUTTONS = 44;
/** Above the scale bar, and above the credit. */
const SCALE = 48;
const CREDIT = 12;

export interface OverviewState { ground: Ground; theme: Theme; lang: string; view: View | null; now: Rect; lines: () => readonly Point[]; dark: boolean; w: number; h: number; kmAcross: number }

export class Overview {
  readonly element: HTMLCanvasElement;
  /** What it shows, in units; null while hidden. */
  box: Rect | null = null;
  private wanted: boolean | null = null;
  /** What its corner was chosen for; empty where it stands in none. */
  private stand = "";

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
    const whole = this.extent();
    const tall = (whole[3] - whole[1]) / (whole[2] - whole[0]);
    const height = Math.round(width * (small ? Math.min(0.36, tall) : Math.max(0.5, Math.min(0.8, tall))));
    const parent = this.element.parentElement;
    // The page may move the element when the size changes; it then gets the looks of its new place.
    setTimeout(() => {
      if (this.element.parentElement !== parent) this.show(s);
    });
    // On a phone nothing is laid over the map: the inset waits until the page has put it below.
    const over = this.element.parentElement?.classList.contains("leaflet-container") ?? false;
    this.element.style.display = small && over ? "none" : "block";
    if (small && over) return;
    const world = this.cropTo(whole, width / height, s.view.box);
    this.box = world;
    this.draw(s, world, width, height);
    // Neither another language nor a drag moves it.
    const stand = over ? [width, height, s.w, s.h, ...s.view.box].join() : "";
    if (!over) this.element.style.position = "static";
    else if (stand !== this.stand) this.corner(s, width, height);
    this.stand = stand;
  }

  /** All that there is coarse land for. */
  private extent(): Rect {
    const { frame } = this.payload;
    return unitBox(frame.overview ?? frame.bounds);
  }

  /** As much of the extent as the inset's shape allows, around the view and the lines' origins. */
  private cropTo(whole: Rect, aspect: number, view: Rect): Rect {
    const [w, h] = [whole[2] - whole[0], whole[3] - whole[1]];
    const [cw, ch] = w / h > aspect ? [h * aspect, h] : [w, w / aspect];
    let r: Rect = view;
    for (const line of this.payload.sorties) {
      const p = unit(line.path[0]);
      r = join(r, [p.x, p.y, p.x, p.y]);
    }
    const m = middle(r);
    const x = Math.max(whole[0], Math.min(whole[2] - cw, m.x - cw / 2));
    const y = Math.max(whole[1], Math.min(whole[3] - ch, m.y - ch / 2));
    return [x, y, x + cw, y + ch];
  }

  private draw(s: OverviewState, world: Rect, width: number, height: number): void {
    const ctx = prepare(this.element, width, height, window.devicePixelRatio || 1);
    const k = width / (world[2] - world[0]);
    const at = (p: Point): [number, number] => [(p.x - world[0]) * k, (p.y - world[1]) * k];
    ctx.fillStyle = s.theme.water;
    ctx.fillRect(0, 0, width, height);
    const brush: Brush = { ctx, theme: s.theme, dark: s.dark, left: world[0] * k, top: world[1] * k, width, height, k, dpr: 1 };
    const rings = s.ground.rings("world");
    const [land, coast] = [new Path2D(), new Path2D()];
    addRings(brush, land, rings, true);
    addRings(brush, coast, rings, true, this.extent());
    ctx.fillStyle = s.theme.land;
    ctx.fill(land, "evenodd");
    ctx.strokeStyle = s.theme.coast;
    ctx.lineWidth = 0.75;
    ctx.stroke(coast);
    for (const line of this.payload.sorties) {
      ctx.beginPath();
      line.path.forEach((p, i) => (i ? ctx.lineTo(...at(unit(p))) : ctx.moveTo(...at(unit(p)))));
      ctx.strokeStyle = s.theme.slots[line.slot];
      ctx.lineWidth = 1.25;
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(...at(unit(line.path[0])), 2, 0, 2 * Math.PI);
      ctx.fillStyle = s.theme.slots[line.slot];
      ctx.fill();
    }
    const home = s.view!.box;
    const frame: Rect = [...at({ x: home[0], y: home[1] }), ...at({ x: home[2], y: home[3] })];
    const c = middle(s.now);
    const [cx, cy] = at(c);
    const half = { x: Math.max(3, ((s.now[2] - s.now[0]) * k) / 2), y: Math.max(3, ((s.now[3] - s.now[1]) * k) / 2) };
    ctx.lineJoin = "miter";
    ctx.strokeStyle = s.theme.ink;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(cx - half.x, cy - half.y, 2 * half.x, 2 * half.y);
    this.places(ctx, s, at, width, height, frame);
    ctx.strokeStyle = s.theme.country;
    ctx.lineWidth = 1;
    ctx.strokeRect(0.5, 0.5, width - 1, height - 1);
  }

  /** Two places that a reader knows, where they leave the extent box and the lines free. */
  private places(ctx: CanvasRenderingContext2D, s: OverviewState, at: (p: Point) => [number, number], width: number, height: number, box: Rect): void {
    const known = this.payload.labels.filter((l) => l.capital || l.role === "country" || l.role === "sea")
      .sort((a, b) => Number(b.capital ?? false) - Number(a.capital ?? false) || a.rank - b.rank);
    const taken: Rect[] = [rect(box[0] - 2, box[1] - 2, box[2] - box[0] + 4, 4), rect(box[0] - 2, box[3] - 2, box[2] - box[0] + 4, 4),
      rect(box[0] - 2, box[1], 4, box[3] - box[1]), rect(box[2] - 2, box[1], 4, box[3] - box[1])];
    for (const line of this.payload.sorties) {
      let last: [number, number] = [-Infinity, 0];
      for (const p of line.path) {
        const [x, y] = at(unit(p));
        // A course has more points than the inset has pixels for.
        if (Math.hypot(x - last[0], y - last[1]) < 3) continue;
        taken.push(rect(x - 3, y - 3, 6, 6));
        last = [x, y];
      }
    }
    const inner = rect(4, 4, width - 8, height - 8);
    let n = 0;
    for (const label of known) {
      const { text, lang } = pick(label.names, s.lang);
      const block = stack([setText(text, label.role === "sea" ? "river" : "city", lang, "M", isRtl(lang, this.payload.languages), this.measure)]);
      if (!block) continue;
      const [x, y] = at(unit(label.at[0]));
      const dot = label.capital ? around(x, y, 1.75) : null;
      const spots = dot ? around8(dot, block, block.lines[0].rtl).map((o) => o.box) : [rect(x - block.width / 2, y - block.height / 2, block.width, block.height)];
      const spot = spots.find((o) => within(o, inner) && !taken.some((t) => meets(t, o) || (dot && meets(t, dot))));
      if (!spot) continue;
      taken.push(spot);
      const line = block.lines[0];
      ctx.font = line.font;
      ctx.textAlign = "left";
      ctx.textBaseline = "alphabetic";
      ctx.direction = line.rtl ? "rtl" : "ltr";
      ctx.lineJoin = "round";
      ctx.lineWidth = 3;
      ctx.strokeStyle = s.theme.halo;
      ctx.fillStyle = dot ? s.theme.city : label.role === "sea" ? s.theme.waterLabel : s.theme.countryLabel;
      if (dot) {
        ctx.beginPath();
        ctx.arc(x, y, 1.75, 0, 2 * Math.PI);
        ctx.fill();
      }
      ctx.strokeText(line.text, spot[0], spot[1] + line.up);
      ctx.fillText(line.text, spot[0], spot[1] + line.up);
      if (++n === 2) break;
    }
  }

  /** The corner of the first view with the fewest marks and origins. */
  private corner(s: OverviewState, width: number, height: number): void {
    const view = s.view!.box;
    const px = (p: Point): Point => ({ x: (p.x - view[0]) * kx, y: (p.y - view[1]) * kx });
    const kx = s.w / (view[2] - view[0]);
    const sites = this.payload.sites.map((x) => px(unit(x.at)));
    const lines = s.lines().map(px);
    const areas = this.payload.areas.flatMap((a) => s.ground.rings(`shape:${a.shape}`));
    const corners = [["right", "bottom"], ["left", "bottom"], ["right", "top"], ["left", "top"]] as const;
    // The upper left and lower left corners hold the buttons and the scale, the lower right one the credit.
    const margin = (h: "left" | "right", v: "top" | "bottom"): [number, number] =>
      h === "left" ? (v === "top" ? [EDGE + BUTTONS, EDGE] : [EDGE, SCALE]) : [EDGE, v === "top" ? EDGE : EDGE + CREDIT];
    const load = ([h, v]: readonly ["left" | "right", "top" | "bottom"]): number => {
      const [dx, dy] = margin(h, v);
      const box = rect(h === "left" ? dx : s.w - width - dx, v === "top" ? dy : s.h - height - dy, width, height);
      const held = (ps: readonly Point[], by: number): number => ps.filter((p) => meets(grow(box, by), [p.x, p.y, p.x, p.y])).length;
      let covered = 0;
      for (let i = 0.5; i < 8; i++) {
        for (let j = 0.5; j < 6; j++) {
          const [x, y] = [box[0] + ((box[2] - box[0]) * i) / 8, box[1] + ((box[3] - box[1]) * j) / 6];
          if (inside(areas, view[0] + x / kx, view[1] + y / kx)) covered++;
        }
      }
      return 40 * held(sites, 24) + 4 * held(lines, 30) + covered;
    };
    const best = [...corners].sort((a, b) => load(a) + (a[0] === "left" ? 1 : 0) - load(b) - (b[0] === "left" ? 1 : 0))[0];
    const style = this.element.style;
    Object.assign(style, { position: "absolute", left: "", right: "", top: "", bottom: "" });
    const [dx, dy] = margin(best[0], best[1]);
    style[best[0]] = `${dx}px`;
    style[best[1]] = `${dy}px`;
  }
}
