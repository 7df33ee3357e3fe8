/** A line of a long list, made when the reader comes to it: the same element as templates/event.html.jinja writes. */

import type { Look, Payload, ReceiptOf } from "../payload";
import { setAttribute } from "./change";
import { sign } from "./glyph";
import { make } from "./make";
import type { Strings } from "./strings";

/** The parts of the list in their order, and the part that an event of each outcome stands in. */
const SECTIONS = ["on_map", "outside", "unplaced"];
export const SECTION_OF = [0, 0, 1, 2];

/** A header may go on in the next line after an underscore. */
function breakable(name: string): (string | Node)[] {
  return name.split("_").flatMap((part, i) => (i ? ["_", make("wbr"), part] : [part]));
}

/** What there is to say of an event in a row of the list. Texts of row `r` have the keys `e{r + 1}.…`. */
export interface Told {
  id(row: number): string;
  kind(row: number): string;
  status(row: number): string;
  outcome(row: number): number;
  look(row: number): Look;
  /** Whether it has a sortie line. */
  flown(row: number): boolean;
  /** Numbers of its corrections. */
  corrected(row: number): readonly number[];
  receipts(row: number): readonly ReceiptOf[];
  /** Whether there is a text. */
  has(key: string): boolean;
  /** What else its card says: a name and a value each. */
  more(row: number): readonly (readonly [string, string])[];
}

interface Parts { summary: HTMLElement; holder: HTMLElement; look: string; texts: readonly HTMLElement[] }

/** Words are written into it by `Strings.write`; only text ever goes in as text. */
export class Lines {
  /** Lines that the filter leaves in each section. */
  left: ArrayLike<number> = [];
  /** What a bare line is made of. */
  private readonly parts = new WeakMap<Element, Parts>();

  /** `rows`: the row that each line shows. */
  constructor(readonly rows: ArrayLike<number>, private readonly told: Told, private readonly payload: Pick<Payload, "symbols">,
    private readonly strings: Strings, private readonly uid: string) {}

  /** `before` is the line above, or null: a line that begins a section carries its heading. A `bare` line has no card yet. */
  line(number: number, before: number | null, bare = false): HTMLElement {
    const row = this.rows[number];
    const key = `e${row + 1}`;
    const holder = make("span", "sm-sign", {}, this.sign(row));
    const summary = make("summary", "", { "data-number": String(number + 1) },
      holder,
      make("span", "sm-head-line", {}, this.t(`${key}.when`, "sm-date"), this.t(`${key}.title`, "sm-title"),
        make("span", "sm-at", {}, this.t(`${key}.place`), ...(this.has(`${key}.who`) ? [make("span", "sm-dot", { "aria-hidden": "true" }, " · "), this.t(`${key}.who`)] : []))));
    const item = make("li", "sm-event", { "data-event-id": this.told.id(row) }, make("details", "", {}, summary, ...(bare ? [] : [this.card(row)])));
    if (this.begins(row, before)) {
      const section = this.section(row);
      const name = `section.${SECTIONS[section]}`;
      item.prepend(make("h3", "", {}, this.t(name), " ", make("span", "sm-count", { "data-figure": String(this.left[section]) })));
    }
    this.strings.write(item);
    if (bare) this.parts.set(item, { summary, holder, look: this.look(row), texts: [...summary.querySelectorAll<HTMLElement>("[data-t]")] });
    return item;
  }

  /** Makes a bare line that of another row, for a fraction of a new one's price; false where they are not made of the same parts. */
  turn(item: HTMLElement, number: number, before: number | null): boolean {
    const row = this.rows[number];
    const parts = this.parts.get(item);
    const key = `e${row + 1}`;
    const names = ["when", "title", "place", ...(this.has(`${key}.who`) ? ["who"] : [])];
    // A heading above the line, or a card in it, is no part of another.
    if (!parts || item.childElementCount > 1 || parts.summary.nextSibling || parts.texts.length !== names.length || this.begins(row, before)) return false;
    setAttribute(item, "data-event-id", this.told.id(row));
    setAttribute(parts.summary, "data-number", number + 1);
    const look = this.look(row);
    if (parts.look !== look) parts.holder.replaceChildren(this.sign(row));
    parts.look = look;
    parts.texts.forEach((text, i) => {
      text.dataset.t = `${key}.${names[i]}`;
      this.strings.writeText(text);
    });
    return true;
  }

  /** Sign and title alone. */
  head(number: number): Node[] {
    const row = this.rows[number];
    return [this.sign(row), this.t(`e${row + 1}.title`, "sm-title")];
  }

  private sign(row: number): SVGElement {
    return sign(this.payload, this.uid, this.told.look(row));
  }

  /** What tells a sign from others. */
  private look(row: number): string {
    return JSON.stringify(this.told.look(row));
  }

  /** Whether a row is the first of its section. */
  private begins(row: number, before: number | null): boolean {
    return before === null || this.section(this.rows[before]) !== this.section(row);
  }

  private section(row: number): number {
    return SECTION_OF[this.told.outcome(row)];
  }

  private has(key: string): boolean {
    return this.told.has(key);
  }

  private t<K extends keyof HTMLElementTagNameMap = "span">(key: string, className = "", tag: K = "span" as K): HTMLElementTagNameMap[K] {
    return make(tag, className, { "data-t": key });
  }

  /** The texts that there are, a blank between them. */
  private some(...parts: [key: string, className?: string][]): (Node | string)[] {
    return parts.filter(([key]) => this.has(key)).flatMap(([key, className], i) => (i ? [" ", this.t(key, className)] : [this.t(key, className)]));
  }

  card(row: number): HTMLElement {
    const { told } = this;
    const k = (name: string): string => `e${row + 1}.${name}`;
    const status = told.status(row);
    const outside: [string, string][] = SECTIONS[this.section(row)] === "outside" ? [["where.outside", "sm-how"]] : [];
    const route: [string, string][] = told.flown(row) ? [["origin.route", "sm-how"]] : [];
    const rows: [field: string, ...parts: [string, string?][]][] = [
      ["kind", [`kind.${told.kind(row)}`]],
      ["when", [k("when")], [k("certainty"), "sm-how"]],
      ["where", [k("where")], [k("local"), "sm-local"], [k("precision"), "sm-how"], [k("how"), "sm-how"], ...outside],
      ["who", [k("who")]],
      ["against", [k("against")]],
      ["aircraft", [k("aircraft")], [k("mission"), this.has(k("aircraft")) ? "sm-how" : ""]],
      ["weapon", [k("weapon")]],
      ["origin", [k("origin")], ...route],
      ["numbers", [k("numbers")]],
      ["status", [`status.${status}`]],
      ...told.corrected(row).map((index): [string, [string, string], [string]] => ["corrected", [`c${index}.date`, "sm-how"], [`c${index}.text`]]),
    ];
    const receipts = told.receipts(row);
    return make("div", "sm-card", {},
      make("dl", "", {}, ...rows.flatMap(([field, ...parts]) => {
        const said = this.some(...parts);
        return said.length ? [make("div", "", {}, this.t(`field.${field}`, "", "dt"), make("dd", "", {}, ...said))] : [];
      }), ...told.more(row).map(([name, value]) => make("div", "sm-own", {}, make("dt", "", {}, make("bdi", "", {}, ...breakable(name))), make("dd", "", {}, make("bdi", "", {}, value))))),
      ...(this.has(k("note")) ? [this.t(k("note"), "sm-note", "p")] : []),
      ...(status === "contested" && receipts.length > 1 ? [this.t("source.disagree", "sm-disagree", "p")] : []),
      ...(receipts.length ? [make("ul", "sm-receipts", { "data-t-label": "field.receipts" }, ...receipts.map((receipt) => this.receipt(receipt)))] : []),
      ...(this.section(row) === 0 ? [make("button", "sm-show", { type: "button", "data-t": "show" })] : []));
  }

  private receipt([key, own, quote, lang, dir, url, archived]: ReceiptOf): HTMLElement {
    const link = (address: string, word: string): HTMLElement =>
      make("a", "", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, this.t(word), " ",
        make("span", "sm-sr", {}, "(", this.t(`${key}.publisher`), "; ", this.t("source.leaves"), ")"));
    const origin = [make("cite", "", {}, this.t(`${key}.publisher`, "sm-publisher")),
      ...(this.has(`${key}.title`) ? [this.t(`${key}.title`, "", "cite")] : []),
      ...["published", "accessed"].map((name) => `${key}.${name}`).filter((name) => this.has(name)).map((name) => this.t(name)),
      ...(url ? [link(url, "source.link")] : []),
      ...(archived ? [link(archived, "source.archived")] : []),
      ...(url || archived ? [] : [this.t("source.no_link", "sm-none")])];
    return make("li", "", {},
      ...(quote ? [make("q", "", { ...(lang && { lang }), ...(dir && { dir }) }, quote), " "] : []),
      ...(this.has(`${own}.translation`)
        ? [make("span", "sm-translation", {}, this.t("source.translation"), ": ", this.t(`${own}.translation`, "", "q")), " "] : []),
      make("span", "sm-origin", {}, ...origin.flatMap((part, i) => (i ? [" ", part] : [part]))));
  }
}
