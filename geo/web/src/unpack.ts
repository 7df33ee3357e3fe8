/** The payload as it stands in the page: plain JSON, or JSON that holds the DEFLATEd payload in 85 characters of ASCII. */

import type { Language, Names, Payload, Word } from "./payload";

/** `ground` is the base map's own data. */
interface Packed { v: 1; deflate: string; ground: string }

/** As `geo/render/packing.py` writes it: a column a language, with its strings, its words, and its names of `rest`. */
type Parts = [rest: Rest, languages: string[], keys: string[], words: string[], ...columns: unknown[][]];
type Rest = Omit<Payload, "strings" | "words"> & { languages: Language[] };

const DIGITS = new Map([..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=:?@^_`{|}~"].map((c, i) => [c.charCodeAt(0), i]));

/** Five digits make four bytes, the last group of n + 1 digits n bytes. Throws on any other character. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.floor((text.length * 4) / 5));
  let at = 0;
  for (let i = 0; i < text.length; i += 5) {
    let n = 0;
    for (let j = i; j < i + 5; j++) {
      const digit = j < text.length ? DIGITS.get(text.charCodeAt(j)) : 84;
      if (digit === undefined) throw new Error("the page's data is damaged");
      n = n * 85 + digit;
    }
    for (const unit of [2 ** 24, 2 ** 16, 256, 1]) out[at++] = Math.floor(n / unit);
  }
  return out;
}

function putTogether([rest, languages, keys, words, ...columns]: Parts): Payload {
  const column = (code: string): unknown[] => columns[languages.indexOf(code)]!;
  const codes = rest.languages.map((language) => language.code);
  const each = <T>(of: (column: unknown[]) => T): Record<string, T> => Object.fromEntries(codes.map((code) => [code, of(column(code))]));
  const table = <T>(names: string[], from: number) => each((cells) => Object.fromEntries(names.map((name, i) => [name, cells[from + i] as T])));
  const row = keys.length + words.length;
  const filledIn = (node: unknown): unknown => {
    if (typeof node !== "object" || !node) return node;
    if ("$" in node) return each((cells) => cells[row + (node.$ as number)]) as Names;
    for (const [key, value] of Object.entries(node)) if (typeof value === "object") (node as Record<string, unknown>)[key] = filledIn(value);
    return node;
  };
  return { ...(filledIn(rest) as Rest), strings: table<string | [string, string]>(keys, 0), words: table<Word>(words, keys.length) };
}

/** Rejects when the text is not JSON or the data is damaged; nothing of it is ever run. */
export async function unpack(text: string): Promise<Payload> {
  const found = JSON.parse(text) as Payload | Packed;
  if (!("deflate" in found)) return found;
  const stream = new Blob([bytesOf(found.deflate)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const payload = putTogether(JSON.parse(await new Response(stream).text()) as Parts);
  payload.base.data = found.ground && bytesOf(found.ground);
  return payload;
}
