/** What is said of a row, put together as `geo/scene/text.py` does for an event of a story. */

import { NO_DAY, NOWHERE } from "../many/rows";
import { NOT_READY, tableOf, type Receipt, type Store } from "./store";

export interface Said { text: string; lang: string }

const [FSI, LRI, PDI, JOINER] = ["\u2068", "\u2066", "\u2069", "\u2060"];
const STRONG_RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const SPAN = /(^|[^\p{L}\p{N}_.,:/\u2013-])(\d{1,6}) ?([\u2013-]) ?(\d{1,6})(?![\p{L}\p{N}_:/\u2013-])/gu;

/** Columns of the file that a card says as they are. */
const TOLD = new Set(["against", "aircraft", "weapon", "note"]);
const NUMBERS = ["strikes", "killed"];

const base = (code: string): string => code.split("-")[0];

/** Four decimals as Python writes them: of two that are equally near, the even. */
export function decimals(value: number): string {
  if (!Number.isInteger(value * 32) || (value * 32) % 2 === 0) return value.toFixed(4);
  const low = Math.floor(Math.abs(value) * 1e4);
  return ((Math.sign(value) * (low + (low % 2))) / 1e4).toFixed(4);
}

export class Speaker {
  constructor(private readonly store: Store) {}

  /** Null where there is nothing to say, undefined where it has not been read yet. */
  say(row: number, field: string, lang: string): Said | null | undefined {
    try {
      return this.said(row, field, lang);
    } catch (e) {
      if (e === NOT_READY) return undefined;
      throw e;
    }
  }

  /** The same of a receipt: of its source, or its translation. */
  receipt(at: number, number: number, field: string, lang: string): Said | null | undefined {
    try {
      const { source, lang: tongue } = this.store.payload.crowd;
      const receipt: Receipt = this.store.receiptsAt(at)[number] ?? { source: "table", publisher: source ?? "" };
      if (field === "published" || field === "accessed") {
        const day = receipt[field];
        return day === undefined ? null : this.told(this.store.cell("said", `${field}@${lang}`, day), lang);
      }
      const text = receipt[field as "publisher" | "title" | "translation"];
      if (text) return this.inTongue(typeof text === "string" ? { [tongue]: text } : text, lang);
      return field === "publisher" ? { text: receipt.source, lang } : null;
    } catch (e) {
      if (e === NOT_READY) return undefined;
      throw e;
    }
  }

  quoteLanguage(receipt: Receipt): string | null {
    return receipt.language ?? receipt.source_language ?? null;
  }

  private said(row: number, field: string, lang: string): Said | null {
    if (TOLD.has(field)) return this.text(row, field, lang);
    switch (field) {
      case "title": return this.text(row, "title", lang) ?? this.named(row, lang);
      case "when": return this.when(row, lang);
      case "certainty": return this.of(row, "date", field, lang);
      case "place": return this.place(row, lang);
      case "where": return this.where(row, lang);
      case "precision": return this.of(row, "place", "precisely", lang);
      case "how": return this.of(row, "place", field, lang);
      // Empty where this language's name is the local one: another language's card has it in the same place.
      case "local": return this.of(row, "place", field, lang, true);
      case "who": return this.of(row, "actor", "name", lang);
      case "mission": return this.of(row, "aircraft_count", "said", lang);
      case "origin": return this.of(row, "origins", "said", lang) ?? (this.kind(row) === "strike" ? { text: this.pattern("origin.none", lang), lang } : null);
      case "numbers": {
        const [first, second] = NUMBERS.flatMap((name) => this.of(row, name, "said", lang)?.text ?? []);
        return first === undefined ? null : { text: second === undefined ? first : this.pattern("pair", lang, { first, second }), lang };
      }
      default: return null;
    }
  }

  private kind(row: number): string {
    const { values, of } = this.store.facets.kind;
    return values[of[row]];
  }

  /** A message with its fields filled in; what stands in a field is never looked at again. */
  private pattern(key: string, lang: string, fields: Record<string, string> = {}): string {
    const said = this.store.payload.strings[lang]?.[key] ?? "";
    return (typeof said === "string" ? said : said[0]).replace(/\{(\w+)\}/g, (whole, name: string) => fields[name] ?? whole);
  }

  private rtl(lang: string): boolean {
    return this.store.payload.languages.some(({ code, dir }) => code === lang && dir === "rtl");
  }

  private within(text: string, lang: string): string {
    return this.rtl(lang) || STRONG_RTL.test(text) ? `${FSI}${text}${PDI}` : text;
  }

  private inOrder(text: string, lang: string): string {
    return this.rtl(lang) ? text.replace(SPAN, `$1${LRI}$2$3${JOINER}$4${PDI}`) : text;
  }

  private told(value: unknown, lang: string, empty = false): Said | null {
    if (value === null || (value === "" && !empty)) return null;
    return Array.isArray(value) ? { text: value[0] as string, lang: value[1] as string } : { text: value as string, lang };
  }

  private of(row: number, column: string, name: string, lang: string, empty = false): Said | null {
    const { store } = this;
    return this.told(store.cell(tableOf(column), `${name}@${lang}`, store.link(row, column)), lang, empty);
  }

  private inTongue(texts: Record<string, string>, lang: string): Said | null {
    for (const code of [lang, base(lang), this.store.payload.crowd.lang, "en", ...Object.keys(texts)]) {
      const text = texts[code];
      if (text) return base(code) === base(lang) ? { text: this.inOrder(text, lang), lang } : { text, lang: code };
    }
    return null;
  }

  private text(row: number, name: string, lang: string): Said | null {
    const { store } = this;
    const texts: Record<string, string> = {};
    for (const code of store.tonguesOf(name)) {
      const text = store.cell("rows", `${name}@${code}`, row);
      if (text !== null) texts[code] = text as string;
    }
    return this.inTongue(texts, lang);
  }

  /** Kind and place of what has no title. */
  private named(row: number, lang: string): Said {
    const { store } = this;
    const kind = this.pattern(`kind.${this.kind(row)}`, lang);
    const nowhere = store.facets.precision.values[store.facets.precision.of[row]] === "unplaced" && store.cell("places", "names", store.link(row, "place")) === null;
    const place = nowhere ? null : this.place(row, lang);
    return { text: place ? this.pattern("title_from", lang, { kind, place: this.within(place.text, lang) }) : kind, lang };
  }

  private when(row: number, lang: string): Said | null {
    const day = this.of(row, "date", "said", lang);
    const time = this.store.cell("rows", "time", row) as string | null;
    const { first, last } = this.store.drawing;
    if (!day || !time || (first[row] === NO_DAY && last[row] === NO_DAY)) return day;
    const fields = { date: day.text, time: this.rtl(lang) ? `${LRI}${time}${PDI}` : time };
    return { text: this.pattern("date.local", lang, fields), lang };
  }

  /** Where a place without a name is. */
  private coordinates(row: number, lang: string): string {
    const { store } = this;
    const { spot, lat, place } = store.drawing;
    const at = spot[row] === NOWHERE ? store.positions[place[row]] : spot[row];
    if (at < 0) return "";
    const written = `${decimals(lat[at])}, ${decimals(store.lon[at])}`;
    return this.rtl(lang) ? `${LRI}${written}${PDI}` : written;
  }

  private place(row: number, lang: string): Said {
    return this.of(row, "place", "place", lang) ?? { text: this.coordinates(row, lang), lang };
  }

  private where(row: number, lang: string): Said {
    const said = this.of(row, "place", "where", lang);
    if (!said) return this.place(row, lang);
    return said.text.includes("{place}") ? { ...said, text: said.text.replace("{place}", () => this.coordinates(row, lang)) } : said;
  }
}
