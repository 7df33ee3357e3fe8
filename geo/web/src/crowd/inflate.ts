/** A segment of a block: characters of base 85 → bytes, without holding up the page. */

/** As `geo/render/packing.py` writes it; 255 is no digit. */
const DIGITS = new Uint8Array(256).fill(255);
[..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=:?@^_`{|}~"].forEach((c, i) => (DIGITS[c.charCodeAt(0)] = i));

/** Characters that are decoded at once: 5 milliseconds. */
const PIECE = 500_000;
const SLICE_MS = 12;

export const damaged = (): Error => new Error("the page's data is damaged");

let until = 0;

/** Whether the page has been kept from drawing long enough. */
export function tired(): boolean {
  return performance.now() > until;
}

/** Lets the page draw and answer. */
export async function pause(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  await (scheduler?.yield?.() ?? new Promise<void>((done) => setTimeout(done)));
  until = performance.now() + SLICE_MS;
}

/** How many bytes so many characters are. */
export function bytesOf(length: number): number {
  return Math.floor((length * 4) / 5);
}

/** Five digits make four bytes, a last group of n + 1 digits n bytes. Throws on any other character. */
export function fromAscii(text: string): Uint8Array<ArrayBuffer> {
  const { length } = text;
  const digits = new Uint8Array(length + 4);
  if (new TextEncoder().encodeInto(text, digits).written !== length || length % 5 === 1) throw damaged();
  // What a last group lacks counts as its highest digit.
  digits.fill(126, length);
  const groups = Math.ceil(length / 5);
  const out = new DataView(new ArrayBuffer(groups * 4));
  let wrong = 0;
  for (let group = 0, at = 0; group < groups; group++, at += 5) {
    const a = DIGITS[digits[at]!]!;
    const b = DIGITS[digits[at + 1]!]!;
    const c = DIGITS[digits[at + 2]!]!;
    const d = DIGITS[digits[at + 3]!]!;
    const e = DIGITS[digits[at + 4]!]!;
    wrong |= a | b | c | d | e;
    const word = ((a * 85 + b) * 85 + c) * 7225 + (d * 85 + e);
    if (word > 0xffffffff) wrong = 128;
    out.setUint32(group * 4, word);
  }
  if (wrong & 128) throw damaged();
  return new Uint8Array(out.buffer, 0, bytesOf(length));
}

/** The bytes of a segment: `most` of them at most, or exactly so many. Rejects on anything else. */
export async function inflated(text: string, offset: number, length: number, most: number, exactly: boolean): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for (let at = 0; at < length; at += PIECE) {
      if (tired()) await pause();
      await writer.write(fromAscii(text.slice(offset + at, offset + Math.min(length, at + PIECE))));
    }
    await writer.close();
  })();
  const failed = written.catch(() => writer.abort().catch(() => undefined));
  const reader = stream.readable.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) throw damaged();
      parts.push(value);
    }
    await written;
  } catch {
    await Promise.allSettled([reader.cancel(), failed]);
    throw damaged();
  }
  if (exactly && size !== most) throw damaged();
  if (parts.length === 1) return parts[0]!;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
