import type { Base } from "./payload";

/** Lines as lon, lat, lon, lat … in degrees, unwrapped as they were written. */
export type Line = Float64Array;
export type Geometry =
  | { type: "polygon"; polygons: Line[][] }
  | { type: "line"; lines: Line[] };
/** What a payload's base carries, by layer name. */
export type Geometries = Map<string, Geometry>;

const damaged = (what: string): Error => new Error(`map data is damaged: ${what}`);

async function inflate(data: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = typeof data === "string" ? Uint8Array.from(atob(data), (c) => c.charCodeAt(0)) : data;
  const stream = new Response(packed).body!.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Reads varints one by one; refuses to run past the end or past 32 bits. */
class Varints {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  next(): number {
    let value = 0;
    for (let shift = 1; shift <= 2 ** 28; shift *= 128) {
      if (this.at >= this.bytes.length) throw damaged("it ends early");
      const byte = this.bytes[this.at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    throw damaged("a number is too long");
  }

  zigzag(): number {
    const n = this.next();
    return n % 2 ? -(n + 1) / 2 : n / 2;
  }

  /** Every point takes two bytes or more, so a count beyond that is a lie and is refused before memory is taken. */
  count(): number {
    const n = this.next();
    if (n * 2 > this.bytes.length - this.at) throw damaged("a line is longer than the data");
    return n;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }
}

function readLine(from: Varints, q: number): Line {
  const n = from.count();
  const line = new Float64Array(n * 2);
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < n; i++) {
    lon += from.zigzag();
    lat += from.zigzag();
    line[2 * i] = lon / q;
    line[2 * i + 1] = lat / q;
  }
  return line;
}

/** The lines of already inflated bytes; throws on anything that does not add up. */
export function unpack(base: Pick<Base, "q" | "layers">, bytes: Uint8Array): Geometries {
  if (!(base.q > 0)) throw damaged("no quantum");
  const from = new Varints(bytes);
  const lines = (n: number): Line[] => {
    if (!(n >= 0) || n > from.left) throw damaged("more lines than data");
    return Array.from({ length: n }, () => readLine(from, base.q));
  };
  const out: Geometries = new Map();
  for (const layer of base.layers) {
    out.set(layer.name, layer.type === "polygon"
      ? { type: "polygon", polygons: layer.parts.map(lines) }
      : { type: "line", lines: lines(layer.parts[0] ?? 0) });
  }
  if (from.left) throw damaged("bytes are left over");
  return out;
}

/** The geometry of a payload's base. Rejects with one plain sentence when the data is damaged. */
export async function decode(base: Base): Promise<Geometries> {
  if (!base.data) return new Map();
  let bytes: Uint8Array;
  try {
    bytes = await inflate(base.data);
  } catch {
    throw damaged("it does not unpack");
  }
  return unpack(base, bytes);
}
