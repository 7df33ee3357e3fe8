/** The list of all rows: of very many only the lines around the view are elements. A card is made when it is opened. */

import { make } from "../ui/make";
import type { Lines } from "../ui/line";
import type { Listing } from "../ui/map-page";
import type { Cards } from "../ui/panel";
import { steer } from "../ui/steer";
import { VirtualList } from "../ui/virtual";
import type { Found, Orders } from "./query";
import type { Store } from "./store";
import type { CrowdStrings } from "./strings";
import { WholeList } from "./whole";

/** Lines that are made as soon as a filter changes: the view, and a little. */
const FIRST = 16;

export interface Handlers {
  opened(row: number): void;
  closed(row: number): void;
  pointed(row: number | null): void;
  show(row: number): void;
}

export class CrowdList implements Listing<number>, Cards<number> {
  readonly size: number;
  private readonly long: VirtualList | WholeList;
  private readonly rows = new WeakMap<Element, number>();
  private readonly open = new Set<number>();
  private selected: number | null = null;
  private hovered: number | null = null;
  private found: Found;
  private mask: Uint8Array;

  constructor(root: HTMLElement, private readonly store: Store, private readonly orders: Orders, private readonly lines: Lines, private readonly strings: CrowdStrings,
    found: Found, private readonly handlers: Handlers) {
    this.size = store.n;
    this.found = found;
    this.mask = found.mask;
    const section = root.querySelector<HTMLElement>(".sm-events")!;
    const list = section.querySelector<HTMLElement>(".sm-list")!;
    const whole = list.firstElementChild !== null;
    const line = (place: number, before: number | null): HTMLElement => this.dress(orders.row[place], lines.line(place, before, true));
    this.long = whole
      ? new WholeList(section, (place) => line(place, place), () => strings.figures)
      : new VirtualList(list.parentElement!, list, line, FIRST, (line, place, before) => {
        const turned = lines.turn(line, place, before);
        if (turned) this.dress(orders.row[place], line);
        return turned;
      });
    const row = (item: Element | null): number | null => (item && this.rows.get(item)) ?? null;
    steer(section, {
      toggle: (item) => this.toggle(item, row(item)!),
      step: (item, by) => this.go(row(item), by),
      show: (item) => handlers.show(row(item)!),
      pointed: (item) => handlers.pointed(row(item)),
    }, !whole);
  }

  /** Makes the first lines of what the filter leaves. */
  begin(): void {
    this.lines.left = this.found.sections;
    this.long.show(this.found.rows);
  }

  shows(row: number): boolean {
    return this.mask[row] === 1;
  }

  /** From now on the filter leaves other rows; their lines may follow later. */
  take({ mask }: Found): void {
    this.mask = mask;
  }

  copy(row: number): HTMLElement {
    const place = this.orders.place[row];
    return this.lines.line(place, place);
  }

  /** Many at one place may have one title: their dates tell them apart. */
  head(row: number): Node[] {
    const [sign, title] = this.lines.head(this.orders.place[row]);
    return [sign, make("span", "", {}, title, " ", make("span", "sm-how", { "data-t": `e${row + 1}.when` }))];
  }

  select(row: number | null): void {
    this.line(this.selected)?.classList.remove("sm-selected");
    this.selected = row;
    this.line(row)?.classList.add("sm-selected");
  }

  hover(row: number | null): void {
    this.line(this.hovered)?.classList.remove("sm-hover");
    this.hovered = row;
    this.line(row)?.classList.add("sm-hover");
  }

  /** A list that stands whole is printed as it stands; a long one as far as it is in the page. */
  openAll(): () => void {
    return this.long instanceof WholeList ? this.long.asPlain(this.strings.first) : () => undefined;
  }

  /** Tells what stands in the page in a few words, while nothing else is to do. */
  async tell(): Promise<void> {
    if (this.long instanceof WholeList) await this.long.tell();
  }

  /** Puts into the list what the filter leaves. */
  keep(found: Found): void {
    const before = this.found.rows;
    this.found = found;
    // Neither a change of language nor a search that finds nothing more moves the reader.
    if (!same(before, found.rows)) this.begin();
  }

  /** Writes anew what had not been read when it was made. */
  rewrite(): void {
    for (const item of this.long.lines()) {
      if (!item.dataset.eventId) item.dataset.eventId = this.store.id(this.rows.get(item)!);
      this.strings.write(item);
    }
  }

  private line(row: number | null): HTMLElement | undefined {
    return row === null ? undefined : this.long.line(this.orders.place[row]);
  }

  private go(row: number | null, by: number): void {
    if (this.found.rows.length) this.long.focus(row === null ? 0 : this.long.position(this.orders.place[row]) + by);
  }

  private dress(row: number, item: HTMLElement): HTMLElement {
    this.rows.set(item, row);
    item.classList.toggle("sm-selected", row === this.selected);
    item.classList.toggle("sm-hover", row === this.hovered);
    if (this.open.has(row)) {
      item.querySelector("details")!.open = true;
      this.fill(item, row);
    }
    return item;
  }

  /** Puts the card into a line; at once where all of it has been read. */
  private fill(item: HTMLElement, row: number): void {
    const details = item.querySelector("details")!;
    const { store, strings } = this;
    const put = (): void => {
      if (details.querySelector(".sm-card")) return;
      const card = this.lines.card(row);
      details.append(card);
      strings.write(details);
    };
    if (store.holds(row, "card", strings.lang)) put();
    else {
      details.append(make("div", "sm-waiting"));
      void store.ready([row], "card", strings.lang).then(() => {
        details.querySelector(".sm-waiting")?.remove();
        put();
      });
    }
  }

  private toggle(item: HTMLElement, row: number): void {
    const details = item.querySelector("details")!;
    details.open = !details.open;
    if (details.open) {
      this.open.add(row);
      this.fill(item, row);
      this.long.reveal(item);
      this.handlers.opened(row);
    } else {
      this.open.delete(row);
      this.handlers.closed(row);
    }
  }
}

function same(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
