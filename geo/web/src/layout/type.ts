/** Type on the map: roles, sizes, faces, and what a text measures. */

import type { Language, Names } from "../payload";
import type { SizeClass } from "./frame";

export type Role = "event" | "sub" | "place" | "country" | "sea" | "city" | "province" | "river" | "line" | "crop";

interface Style { sizes: [number, number, number]; weight: number; italic?: boolean; capitals?: boolean }

/** Size 0: not shown at that width. */
const STYLES: Record<Role, Style> = {
  event: { sizes: [13, 14, 15], weight: 700 },
  sub: { sizes: [12, 12, 13], weight: 400 },
  place: { sizes: [12, 13, 14], weight: 600 },
  country: { sizes: [11, 12, 13], weight: 500, capitals: true },
  sea: { sizes: [11, 12, 13], weight: 400, italic: true },
  city: { sizes: [0, 12, 12], weight: 400 },
  province: { sizes: [0, 12, 12], weight: 400 },
  river: { sizes: [0, 11, 11], weight: 400, italic: true },
  line: { sizes: [12, 12, 13], weight: 400 },
  crop: { sizes: [12, 12, 13], weight: 400 },
};
const COLUMN: Record<SizeClass, 0 | 1 | 2> = { S: 0, M: 1, L: 2 };
/** At most so many labels in a view. */
export const MOST: Record<SizeClass, number> = { S: 9, M: 18, L: 30 };

const FACES = {
  latin: `system-ui, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif`,
  arabic: `"SF Arabic", "Segoe UI", "Noto Sans Arabic", "Geeza Pro", Tahoma, sans-serif`,
  hebrew: `"SF Hebrew", "Arial Hebrew", "Segoe UI", "Noto Sans Hebrew", Arial, sans-serif`,
};

const ARABIC_SCRIPT = /[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]/;
const HEBREW_SCRIPT = /[\u0590-\u05ff]/;
export type Script = "latin" | "arabic" | "hebrew";
export const scriptOf = (text: string): Script =>
  ARABIC_SCRIPT.test(text) ? "arabic" : HEBREW_SCRIPT.test(text) ? "hebrew" : "latin";

/** One line of text as it will be drawn. Widths are CSS px. */
export interface Text {
  text: string;
  role: Role;
  font: string;
  size: number;
  rtl: boolean;
  /** Letter-spacing in px; 0 in joined scripts. */
  spacing: number;
  width: number;
  /** Above and below the baseline: what letters take, not the line's leading. */
  up: number;
  down: number;
  leading: number;
}

export interface Measure {
  (font: string, text: string, spacing: number): number;
  /** Font stacks of a publisher's own, by script. */
  faces: Partial<Record<Script, string>>;
}

/** The text of a name and the language that it is really in. */
export function pick(names: Names, lang: string): { text: string; lang: string } {
  const found = names[lang] ?? Object.values(names)[0] ?? "";
  return typeof found === "string" ? { text: found, lang } : { text: found[0], lang: found[1] };
}

const RTL = /^(ar|fa|he|iw|ur|ps|ckb|ug|yi|dv|sd)\b/;
export const isRtl = (lang: string, languages: readonly Language[] = []): boolean =>
  (languages.find((l) => l.code === lang)?.dir ?? (RTL.test(lang) ? "rtl" : "ltr")) === "rtl";

/** One digit, or a run that begins and ends with digits: 10, 1,200, 10–20, "1, 2, 3". */
const NUMBERS = /[0-9\u0660-\u0669](?:[0-9\u0660-\u0669.,\u066b\u066c\s\u2013-]*[0-9\u0660-\u0669])?/g;

/** "10–20" in a right-to-left line would come out as 20–10: numbers and their ranges stand in an isolate. */
export const isolate = (text: string): string =>
  /[\u2066-\u2069]/.test(text) ? text : text.replace(NUMBERS, "\u2066$&\u2069");

export function setText(raw: string, role: Role, lang: string, cls: SizeClass, rtl: boolean, measure: Measure): Text | null {
  const style = STYLES[role];
  const base = style.sizes[COLUMN[cls]];
  if (!base || !raw) return null;
  const script = scriptOf(raw);
  const joined = script !== "latin";
  const size = script === "arabic" ? Math.max(13, Math.ceil(base * 1.15)) : base;
  const text = (rtl ? isolate : String)(style.capitals && !joined ? raw.toLocaleUpperCase(lang) : raw);
  const sea = style.italic && joined;
  const font = `${style.italic && !joined ? "italic " : ""}${sea ? 600 : style.weight} ${size}px ` +
    (measure.faces[script] ?? FACES[script]);
  const spacing = style.capitals && !joined ? size * 0.08 : 0;
  return {
    text, role, font, size, rtl, spacing, width: Math.ceil(measure(font, text, spacing)),
    up: size * (script === "arabic" ? 0.95 : 0.78), down: size * (script === "arabic" ? 0.42 : 0.24),
    leading: size * (script === "arabic" ? 1.6 : 1.25),
  };
}

/** Lines under each other: what they take together. */
export interface Block { lines: Text[]; width: number; height: number }

export function stack(lines: readonly (Text | null)[]): Block | null {
  const set = lines.filter((l): l is Text => l !== null);
  if (!set.length) return null;
  const first = set[0];
  let height = first.up;
  for (const line of set.slice(1)) height += line.leading;
  return { lines: set, width: Math.max(...set.map((l) => l.width)), height: height + set[set.length - 1].down };
}
