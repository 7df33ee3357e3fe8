/** The page's texts and the switch between its languages. */

import type { Payload, Word } from "../payload";
import { setAttribute, setText } from "./change";

const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const LETTER = /\p{L}/u;

/** The direction that a text is set in, by its letters where they contradict its language (as `direction_of` in Python). */
export function directionOf(text: string, dir: "ltr" | "rtl"): "ltr" | "rtl" {
  const letter = LETTER.exec(text);
  if (dir === "rtl") return !letter || RTL_LETTER.test(text) ? "rtl" : "ltr";
  return letter && RTL_LETTER.test(letter[0]) ? "rtl" : "ltr";
}

export const rtlCode = (code: string): boolean => /^(ar|fa|he|ur|ps|ckb|ug|yi|dv|sd)\b/.test(code);

/** Events of a pile that are announced one by one. */
const SPOKEN = 8;

/** What the page's words stand in. */
export type Wording = Pick<Payload, "lang" | "languages" | "strings" | "words">;

export class Strings {
  lang: string;

  constructor(private readonly payload: Wording) {
    this.lang = payload.lang;
  }

  get dir(): "ltr" | "rtl" {
    return this.payload.languages.find((l) => l.code === this.lang)?.dir ?? "ltr";
  }

  has(lang: string): boolean {
    return this.payload.languages.some((l) => l.code === lang);
  }

  /** A text by its `data-t` key, with the language that it is in. */
  text(key: string): { text: string; lang: string } {
    const said = this.payload.strings[this.lang]?.[key] ?? "";
    return typeof said === "string" ? { text: said, lang: this.lang } : { text: said[0], lang: said[1] };
  }

  /** Events at one spot, by their rows, as they are announced: all of one; of several, how many and each one's title and date. */
  spoken(rows: readonly number[], { kind }: { kind: { values: readonly string[]; of: ArrayLike<number> } }): string {
    const said = (row: number, ...names: string[]): string[] => names.map((name) => this.text(`e${row + 1}.${name}`).text).filter(Boolean);
    const [row] = rows;
    const parts = rows.length > 1
      ? [...said(row, "place", "precision"), this.word("events", { n: rows.length }), ...rows.slice(0, SPOKEN).flatMap((r) => said(r, "title", "when"))]
      : [...said(row, "title", "who"), this.text(`kind.${kind.values[kind.of[row]]}`).text, ...said(row, "where", "when", "precision")];
    return parts.join("; ");
  }

  /** A message that the page composes itself. */
  word(key: string, fields: Record<string, number> = {}): string {
    const word: Word = this.payload.words[this.lang]?.[key] ?? "";
    const form = typeof word === "string" ? word : word[this.plurals.select(fields.n ?? 0)] ?? word.other;
    return form.replace(/\{(\w+)\}/g, (_, name: string) => this.figures.format(fields[name] ?? 0));
  }

  /** How numbers are written. */
  get figures(): Intl.NumberFormat {
    return new Intl.NumberFormat(this.lang, { numberingSystem: "latn" } as Intl.NumberFormatOptions);
  }

  /** Which form of a word goes with a number. */
  get plurals(): Intl.PluralRules {
    return new Intl.PluralRules(this.lang);
  }

  /** Writes the text of one element. */
  writeText(node: HTMLElement): void {
    const { text, lang } = this.text(node.dataset.t!);
    setText(node, text);
    if (lang === this.lang || lang === "und") node.removeAttribute("lang");
    else setAttribute(node, "lang", lang);
    const turned = directionOf(text, rtlCode(lang) ? "rtl" : "ltr");
    if (turned === this.dir) node.removeAttribute("dir");
    else setAttribute(node, "dir", turned);
  }

  /** Writes every text below `root` in the present language. */
  write(root: ParentNode): void {
    for (const node of root.querySelectorAll<HTMLElement>("[data-t]")) this.writeText(node);
    for (const node of root.querySelectorAll<HTMLElement>("[data-t-label]")) setAttribute(node, "aria-label", this.text(node.dataset.tLabel!).text);
    for (const node of root.querySelectorAll<HTMLElement>("[data-word]")) {
      const word = this.word(node.dataset.word!);
      if (node.localName === "button") setAttribute(node, "aria-label", word);
      else setText(node, word);
    }
  }
}
