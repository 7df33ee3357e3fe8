/**
 * A story of very many marks or lines: near ones are drawn as one, its size their number, and nothing is left out. The sum of
 * all piles is the number of pinned events that pass the filter, at every zoom; that of all streams the number of lines.
 */

import { drawDisc } from "../draw/areas";
import type { Brush } from "../draw/brush";
import type { Ground } from "../layer/ground";
import { around, metresToPx, unit, type Point, type Rect } from "../layout/plane";
import type { Payload } from "../payload";
import { diameter, drawPiles, drawStreams, LEAST, Sprites } from "./paint";
import { NOWHERE, type Flights, type Rows, type Spots } from "./rows";
import { countRoutes, gatherRoutes, routes, type Routes, type Streams } from "./routes";
import { count, gather, stack, type Piles, type Stacks } from "./stacks";

/** So many discs are drawn at most: more would be one grey. */
const DISCS = 400;

export interface Pile { ids: string[]; x: number; y: number; r: number }
/** What a zoom shows, in numbers that add up. */
export interface Sums { pinned: number; drawn: number; outside: number; lines: number; flown: number; still: number; away: number }

export class Many {
  private readonly spots: Spots;
  private readonly rows: Rows;
  private readonly flights: Flights;
  private readonly ids: string[];
  private readonly index: Map<string, number>;
  private readonly stacks: Stacks;
  private readonly routes: Routes;
  private readonly paths: Path2D[];
  private readonly mask: Uint8Array;
  private piles: Piles | null = null;
  private streams: Streams | null = null;
  private most = 1;
  private widest = 1;
  private pileOf: Int32Array;

  constructor(private readonly payload: Payload) {
    const marks = payload.marks.filter((m) => m.status !== "retracted");
    const lines = payload.sorties;
    // A line's origin is a spot of its own: nothing is pinned there.
    const places = [...payload.sites.map((site) => site.at), ...lines.map((line) => line.path[0])].map(unit);
    this.spots = { n: places.length, x: Float64Array.from(places, (p) => p.x), y: Float64Array.from(places, (p) => p.y) };
    const none = new Int32Array(marks.length + lines.length);
    this.rows = { n: none.length, first: none, last: none, spot: none.slice(), slot: new Uint8Array(none.length) };
    this.ids = [...marks.map((m) => m.id), ...lines.map((line) => line.event)];
    marks.forEach((m, i) => {
      this.rows.spot[i] = m.site;
      this.rows.slot[i] = m.slot;
    });
    this.flights = { n: lines.length, row: new Int32Array(lines.length), from: new Int32Array(lines.length) };
    const ends: Rows = { ...this.rows, spot: this.rows.spot.slice() };
    lines.forEach((line, i) => {
      const row = marks.length + i;
      ends.spot[row] = line.site;
      ends.slot[row] = line.slot;
      this.flights.row[i] = row;
      this.flights.from[i] = payload.sites.length + i;
    });
    this.rows.spot.fill(NOWHERE, marks.length);
    // Origins with one name and one position are one.
    const known = new Map<string, number>();
    lines.forEach((line, i) => {
      const key = `${line.origin} ${line.path[0].join()}`;
      const first = known.get(key);
      if (first === undefined) known.set(key, this.flights.from[i]);
      else this.flights.from[i] = first;
    });
    this.index = new Map(marks.map((m, i) => [m.id, i]));
    this.stacks = stack(this.spots, this.rows);
    this.routes = routes(this.spots, ends, this.flights);
    this.paths = payload.symbols.map((d) => new Path2D(d));
    this.mask = new Uint8Array(this.rows.n).fill(1);
    this.pileOf = new Int32Array(this.stacks.size);
  }

  filter(visible: (id: string) => boolean): void {
    this.ids.forEach((id, i) => {
      this.mask[i] = visible(id) ? 1 : 0;
    });
    count(this.stacks, this.mask);
    countRoutes(this.routes, this.flights, this.mask);
  }

  paint(b: Brush, ground: Ground, parts: { strikes: boolean; sorties: boolean }, selected: string | null): void {
    const view: Rect = [b.left, b.top, b.left + b.width, b.top + b.height];
    this.piles = gather(this.stacks, b.k, view, undefined, this.pileOf);
    this.streams = gatherRoutes(this.routes, b.k, view);
    this.most = this.piles.n.reduce((most, n) => Math.max(most, n), 1);
    this.widest = this.streams.n.reduce((most, n) => Math.max(most, n), 1);
    if (parts.sorties) drawStreams(b, this.streams, this.widest);
    if (!parts.strikes) return;
    this.discs(b, ground);
    drawPiles(b, this.piles, new Sprites(this.paths, b), this.most);
    const at = selected === null ? null : this.spot(selected, b.k);
    if (at) ring(b, at);
  }

  /** The radius of what stands alone, where it is wider than its symbol. */
  private discs(b: Brush, ground: Ground): void {
    const { piles, payload } = this;
    if (!piles || piles.size > DISCS) return;
    for (let i = 0; i < piles.size; i++) {
      const site = payload.sites[piles.spot[i]];
      const mark = piles.mixed[i] || !site ? undefined : payload.marks[this.index.get(site.events[0]) ?? -1];
      if (!mark || mark.precision === "not stated" || !mark.radius_m) continue;
      const r = metresToPx(mark.radius_m, mark.at[1], b.k);
      if (2 * r > diameter(piles.n[i], this.most) + 3) drawDisc(b, ground, { x: piles.x[i], y: piles.y[i], r, shape: null, slot: null }, false);
    }
  }

  /** What the piles of a part of the plane cover, whatever the filter: labels keep off them. */
  boxes(k: number, view: Rect): Rect[] {
    count(this.stacks, null);
    const piles = gather(this.stacks, k, view);
    count(this.stacks, this.mask);
    const most = piles.n.reduce((a, n) => Math.max(a, n), 1);
    return Array.from({ length: piles.size }, (_, i) => around(piles.x[i], piles.y[i], diameter(piles.n[i], most) / 2));
  }

  /** World px of an event's own spot, or null. */
  spot(id: string, k: number): Point | null {
    const row = this.index.get(id);
    if (row === undefined || !this.mask[row]) return null;
    const at = this.rows.spot[row];
    return { x: this.spots.x[at] * k, y: this.spots.y[at] * k };
  }

  /** The pile under a point (world px), and whether a nearer look would part it. */
  hit(p: Point, size: number): { ids: string[]; parts: boolean } | null {
    const { piles } = this;
    if (!piles) return null;
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < piles.size; i++) {
      const d = Math.hypot(p.x - piles.x[i], p.y - piles.y[i]);
      if (d <= Math.max(size / 2, diameter(piles.n[i], this.most) / 2 + 2) && d < least) [least, best] = [d, i];
    }
    return best < 0 ? null : { ids: this.idsOf(best), parts: piles.mixed[best] === 1 };
  }

  private idsOf(pile: number): string[] {
    const ids: string[] = [];
    for (let r = 0; r < this.rows.n; r++) {
      const s = this.stacks.of[r];
      if (s >= 0 && this.mask[r] && this.pileOf[s] === pile) ids.push(this.ids[r]);
    }
    return ids;
  }

  /** The piles in view, for keyboard and ear. World px. */
  list(): Pile[] {
    const { piles } = this;
    if (!piles) return [];
    const ids: string[][] = Array.from({ length: piles.size }, () => []);
    for (let r = 0; r < this.rows.n; r++) {
      const s = this.stacks.of[r];
      if (s >= 0 && this.mask[r] && this.pileOf[s] >= 0) ids[this.pileOf[s]].push(this.ids[r]);
    }
    return ids.map((of, i) => ({ ids: of, x: piles.x[i], y: piles.y[i], r: Math.max(LEAST, diameter(piles.n[i], this.most)) / 2 }));
  }

  sums(): Sums {
    const add = (of: Uint32Array | undefined, size: number): number => (of ?? new Uint32Array()).subarray(0, size).reduce((a, n) => a + n, 0);
    const { piles, streams } = this;
    return { pinned: this.stacks.total, drawn: add(piles?.n, piles?.size ?? 0), outside: piles?.outside ?? 0, lines: this.routes.total,
      flown: add(streams?.n, streams?.size ?? 0), still: streams?.still ?? 0, away: streams?.outside ?? 0 };
  }
}

/** Two px of ink outside two of halo. */
function ring({ ctx, theme, left, top }: Brush, at: Point): void {
  for (const [r, colour] of [[10, theme.halo], [12, theme.ink]] as const) {
    ctx.beginPath();
    ctx.arc(at.x - left, at.y - top, r, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.stroke();
  }
}
