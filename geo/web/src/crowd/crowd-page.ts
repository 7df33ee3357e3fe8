/** The page of very many rows: everything known by its row, and read when the reader comes to it. */

import { Lines } from "../ui/line";
import { MapPage, type Look, type Setting } from "../ui/map-page";
import { CrowdBars } from "./bars";
import { CrowdFilters } from "./filters";
import { CrowdLayer, type Pile } from "./layer";
import { Legend } from "./legend";
import { LaterMarks } from "./later-marks";
import { CrowdList } from "./list";
import { CrowdPanel } from "./panel";
import type { CrowdPayload } from "./payload";
import { Query, type Found, type Orders } from "./query";
import { Speaker } from "./said";
import { Search } from "./search";
import type { Depth, Store } from "./store";
import { CrowdStrings } from "./strings";
import { told } from "./told";

/** Something is read ahead once nothing else has been to do for so long. */
const IDLE_MS = 400;
const LATE_MS = 200;

export class CrowdPage extends MapPage<number, Found, Pile> {
  protected declare strings: CrowdStrings;
  protected declare list: CrowdList;
  protected declare panel: CrowdPanel;
  protected declare filters: CrowdFilters;
  /** The last choice that was asked for: an earlier one that was still being read is given up. */
  private turn = 0;
  /** Rows of which something stands in the page that has not been read yet. */
  private readonly wanted = new Map<Depth, Set<number>>();
  private reading = false;
  private next = 0;
  private late = 0;

  constructor(root: HTMLElement, container: HTMLElement, private readonly payload: CrowdPayload, private readonly store: Store, orders: Orders,
    setting: Setting) {
    const speaker = new Speaker(store);
    const strings = new CrowdStrings(payload, speaker, (row, depth) => this.miss(row, depth));
    super(root, container, payload, strings, setting);
    const search = new Search(store, () => this.filters.again());
    const query = new Query(store, search, orders);
    const filters = new CrowdFilters(root, { query, values: (name) => store.facets[name].values, legend: new Legend(root, [...new Set(orders.samples.map((row) => orders.explained[row]))]), time: payload.time,
      bars: (size, bin) => new CrowdBars(store, size, bin) }, strings, setting.own, (found) => this.filtered(found));
    filters.tell(search, strings);
    const lines = new Lines(orders.row, told(store, speaker, strings), payload, strings, root.id);
    const { listed } = this;
    const list = new CrowdList(root, store, orders, lines, strings, filters.found, { ...listed, pointed: (row) => {
      listed.pointed(row);
      this.foresee(row);
    } });
    const panel = new CrowdPanel(list, strings, this.carded);
    const marks = new LaterMarks({
      spots: () => this.drawing?.focusables() ?? [],
      first: ({ first }) => first,
      find: (piles, row) => this.pileOf(piles, row),
      name: ({ first, count }) => strings.mark(first, count),
      opened: (pile, button) => {
        if (pile.count > 1) this.openPile(pile.rows());
        else this.press(pile.first);
        this.opener = button;
      },
      pointed: (row) => {
        this.pointed(row);
        this.foresee(row);
      },
      bring: (spot) => this.bring(spot),
      zoom: (by) => { this.map?.setZoom(this.map.getZoom() + by, { animate: false }); },
    });
    this.join({ list, panel, marks, filters });
    this.on("drawn", () => setTimeout(() => void this.readAhead(), IDLE_MS));
  }

  /** Makes the first lines of the list: a piece of work for itself, before the page starts. */
  fill(): void {
    this.list.begin();
  }

  private get drawing(): CrowdLayer | null {
    return this.layer as CrowdLayer | null;
  }

  protected key(id: string): number | null {
    const row = this.store.row(id);
    return row < 0 ? null : row;
  }

  protected id(row: number): string {
    return this.store.id(row);
  }

  protected draw(look: Look): CrowdLayer {
    const layer = new CrowdLayer(this.payload, this.store.drawing, look);
    layer.on("select", (e) => this.press((e as unknown as { row: number | null }).row));
    layer.on("hover", (e) => {
      const { row } = e as unknown as { row: number | null };
      this.list.hover(row);
      this.foresee(row);
    });
    layer.on("pile", (e) => this.openPile((e as unknown as { rows: Int32Array }).rows));
    return layer;
  }

  protected others(row: number): readonly number[] {
    return this.store.here(row).filter((other) => other !== row);
  }

  /** The list follows when the next frame is painted: the map, which is what the reader looks at, comes first. */
  protected keep(found: Found): void {
    this.list.take(found);
    clearTimeout(this.late);
    cancelAnimationFrame(this.next);
    const keep = (): void => {
      clearTimeout(this.late);
      cancelAnimationFrame(this.next);
      this.list.keep(found);
    };
    this.next = requestAnimationFrame(() => {
      clearTimeout(this.late);
      this.late = window.setTimeout(keep);
    });
    // A page out of sight has no frames.
    this.late = window.setTimeout(keep, LATE_MS);
  }

  protected show({ mask, rows }: Found): void {
    this.drawing?.setFilter(rows.length < this.store.n ? mask : null);
  }

  select(id: string | null): void {
    if (id === null || this.store.row(id) >= 0) super.select(id);
    else void this.store.indexed().then(() => super.select(id));
  }

  /** A card on the map opens when all that it says has been read. */
  protected choose(row: number | null, from: "list" | "map" | "button" | "script"): void {
    const turn = ++this.turn;
    const { lang } = this.strings;
    const depth = from === "list" ? "line" : "card";
    if (row === null || this.store.holds(row, depth, lang)) super.choose(row, from);
    else {
      void this.store.ready([row], depth, lang).then(() => {
        if (turn === this.turn) super.choose(row, from);
      });
    }
  }

  /** A pile lists what it holds. */
  private openPile(rows: ArrayLike<number>): void {
    this.choose(null, "map");
    this.panel.choose(Array.from(rows));
    this.front();
  }

  /** The pile that a row is in now: its own, else the nearest. */
  private pileOf(piles: readonly Pile[], row: number | null): number {
    if (row === null) return -1;
    const own = piles.findIndex(({ first }) => first === row);
    const at = own < 0 ? this.layer?.project(row) : null;
    if (!at) return own;
    const { left, top } = this.container.getBoundingClientRect();
    const off = ({ x, y }: Pile): number => Math.hypot(x - at.x + left, y - at.y + top);
    return piles.reduce((best, pile, i) => (best < 0 || off(pile) < off(piles[best]) ? i : best), -1);
  }

  // ---- Reading

  /** Something stands in the page that has not been read: it is, and is written then. */
  private miss(row: number, depth: Depth): void {
    const of = this.wanted.get(depth) ?? new Set();
    this.wanted.set(depth, of.add(row));
    if (this.reading) return;
    this.reading = true;
    queueMicrotask(() => void this.read());
  }

  private async read(): Promise<void> {
    const wanted = [...this.wanted];
    this.wanted.clear();
    const { lang } = this.strings;
    try {
      await Promise.all(wanted.map(([depth, rows]) => this.store.ready([...rows], depth, lang)));
    } finally {
      this.reading = false;
    }
    if (wanted.some(([depth]) => depth !== "mark")) {
      this.list.rewrite();
      if (this.panel.open) this.panel.rewrite();
    }
    if (wanted.some(([depth]) => depth === "mark")) this.marks.update();
  }

  /** What the reader points at may be opened next. */
  private foresee(row: number | null): void {
    if (row !== null) void this.store.ready([row], "card", this.strings.lang);
  }

  /** The columns that cards and ids need, before somebody asks. */
  private async readAhead(): Promise<void> {
    if (this.store.n) await this.store.ready([0], "card", this.strings.lang);
    await this.store.indexed();
    await this.list.tell();
  }
}
