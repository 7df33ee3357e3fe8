/**
 * Bowed lines and arrow heads, painted by ourselves: a canvas without a GPU takes ten times as long for an anti-aliased curve.
 *
 * Coordinates are device px, x to the right and y down; the centre of the first pixel is (0.5, 0.5). Pixels gather in one buffer, each over what was
 * there before, and go to the canvas together.
 */

import type { Rect } from "../layout/plane";

/** Red, green, blue from 0 to 255. */
export type Colour = readonly [number, number, number];
/** A quadratic Bézier curve: start, control point, end. Along the longer side of its chord it never turns back. */
export type Curve = readonly [ax: number, ay: number, cx: number, cy: number, bx: number, by: number];

/** Side of the squares that are noted as painted, a power of two: 2 ** SQUARE px. */
const SQUARE = 6;
/** Steps of a pixel in which distances are told apart. */
const FINE = 64;
/** Columns between two in which a curve is solved, at most. */
const LONGEST = 16;
const KNOT = 5;
/** A curve's extension beyond its ends, for what its square ends cover, is straight where the curve itself would soon turn back. */
const LEAST_BEND = 1 / 16;

export class Strokes {
  /** Premultiplied pixels; the same memory as bytes in the order red, green, blue, alpha. */
  private readonly pixels: Int32Array;
  private readonly image: ImageData;
  private readonly across: number;
  private readonly painted: Uint8Array;
  /** Where there may be paint: whole px. */
  private clip: Rect;
  /** What a curve was solved to, KNOT numbers a column: the column, the curve's v, the cosine of its slope, how it bends, and whether an end is near. */
  private readonly knots: Float64Array;
  private covers = new Uint16Array();
  private profiled: { wide: number; opacity: number } | null = null;
  private scratch: CanvasRenderingContext2D | null = null;

  constructor(readonly width: number, readonly height: number) {
    const bytes = new Uint8ClampedArray(width * height * 4);
    this.pixels = new Int32Array(bytes.buffer);
    this.image = new ImageData(bytes, width, height);
    this.across = (width >> SQUARE) + 1;
    this.painted = new Uint8Array(this.across * ((height >> SQUARE) + 1));
    this.clip = [0, 0, width, height];
    this.knots = new Float64Array(KNOT * (Math.max(width, height) + 2));
  }

  /** An empty sheet that keeps within `clip`, to the nearest whole px. */
  begin(clip: Rect): void {
    this.squares((left, top, right, bottom) => this.wipe(left, top, right, bottom));
    this.painted.fill(0);
    this.clip = [Math.max(0, Math.round(clip[0])), Math.max(0, Math.round(clip[1])), Math.min(this.width, Math.round(clip[2])), Math.min(this.height, Math.round(clip[3]))];
  }

  /** A line of a width and an opacity (0 to 1) with square ends. A line thinner than a pixel is as much paler. */
  curve([ax, ay, cx, cy, bx, by]: Curve, wide: number, colour: Colour, opacity: number): void {
    if (ax === bx && ay === by) return;
    const { clip: [left, top, right, bottom], knots } = this;
    const lies = Math.abs(bx - ax) >= Math.abs(by - ay);
    // Walked along its longer side, `u`, in the direction in which that grows; `v` is the other.
    const onward = lies ? ax <= bx : ay <= by;
    const [fromX, fromY, toX, toY] = onward ? [ax, ay, bx, by] : [bx, by, ax, ay];
    const [au, av, cu, cv, bu, bv] = lies ? [fromX, fromY, cx, cy, toX, toY] : [fromY, fromX, cy, cx, toY, toX];
    // B(t) = a + 2 p t + q t².
    const [pu, pv, qu, qv] = [cu - au, cv - av, au - 2 * cu + bu, av - 2 * cv + bv];
    const cross = (pu * qv - pv * qu) / 2;
    const least = pu * pu * LEAST_BEND;
    const [start, end] = [direction(pu, pv), direction(bu - cu, bv - cv)];
    const reach = wide / 2 + 0.5;
    // So far along `u` an end reaches to both sides of its point.
    const [nearStart, nearEnd] = [reach * Math.abs(start[1]) + 1, reach * Math.abs(end[1]) + 1];
    const [bodyFrom, bodyTo] = [Math.ceil(au + nearStart), Math.floor(bu - nearEnd)];
    const last = Math.min(lies ? right : bottom, Math.ceil(bu + nearEnd));
    let column = Math.max(lies ? left : top, Math.floor(au - nearStart));
    let size = 0;
    while (column <= last) {
      const u = column + 0.5 - au;
      const root = Math.sqrt(Math.max(least, pu * pu + qu * u));
      const t = u / (pu + root);
      const slope = (pv + qv * t) / root;
      const cosine = 1 / Math.sqrt(1 + slope * slope);
      const bend = (cross * (cosine / root) * (cosine / root) * (cosine / root) * (1 - cosine * cosine)) / 2;
      // Between two columns in which it is solved the curve is straight, to a twentieth of a pixel.
      const stride = Math.min(LONGEST, Math.sqrt((8 * root * root * root) / (20 * Math.abs(cross) * cosine)));
      const body = column >= bodyFrom && column < bodyTo;
      const next = Math.min(last, body ? Math.min(bodyTo, column + Math.max(1, Math.floor(stride))) : column + 1);
      knots[size++] = column;
      knots[size++] = av + (2 * pv + qv * t) * t;
      knots[size++] = cosine;
      knots[size++] = bend;
      knots[size++] = body ? 0 : 1;
      if (column === last) break;
      column = next;
    }
    this.walk(lies, size, reach, this.profile(wide, opacity), colour, [au, av, ...start, bu, bv, ...end]);
  }

  /** Paints between the solved columns. A function of its own, of whole numbers where there are: its loops run millions of times. */
  private walk(lies: boolean, size: number, reach: number, covers: Uint16Array, colour: Colour, [au, av, startU, startV, bu, bv, endU, endV]: readonly number[]): void {
    const { knots, pixels, width, clip } = this;
    const first = clip[lies ? 1 : 0] | 0;
    const last = clip[lies ? 3 : 2] | 0;
    const stepU = (lies ? 1 : width) | 0;
    const stepV = (lies ? width : 1) | 0;
    const [redBlue, greenAlpha] = lanes(colour);
    for (let knot = 0; knot + KNOT < size; knot += KNOT) {
      const column = knots[knot] | 0;
      const next = knots[knot + KNOT] | 0;
      const bend = knots[knot + 3];
      let middle = knots[knot + 1];
      let cosine = knots[knot + 2];
      const turn = (knots[knot + KNOT + 1] - middle) / (next - column);
      const tilt = (knots[knot + KNOT + 2] - cosine) / (next - column);
      const across = Math.min(cosine, knots[knot + KNOT + 2]);
      const spread = (reach / across) * (1 + (Math.abs(bend) * reach) / (across * across));
      const count = Math.ceil(2 * spread) | 0;
      const ends = knots[knot + 4] === 1;
      const [low, high] = turn > 0 ? [middle, knots[knot + KNOT + 1]] : [knots[knot + KNOT + 1], middle];
      const lowest = Math.max(first, Math.floor(low - spread)) | 0;
      const highest = Math.min(last, Math.ceil(high + spread)) | 0;
      if (lowest >= highest) continue;
      this.note(lies, column, next - 1, lowest, highest - 1);
      for (let u = column; u < next; u = (u + 1) | 0) {
        const start = Math.floor(middle - spread + 0.5) | 0;
        const from = start < first ? first : start;
        const until = start + count > last ? last : (start + count) | 0;
        let off = from + 0.5 - middle;
        let at = (Math.imul(u, stepU) + Math.imul(from, stepV)) | 0;
        for (let v = from; v < until; v = (v + 1) | 0) {
          let part = covers[(Math.abs(off * (cosine - bend * off)) * FINE) | 0] | 0;
          if (ends) {
            const after = 0.5 + (u + 0.5 - au) * startU + (v + 0.5 - av) * startV;
            const before = 0.5 + (bu - u - 0.5) * endU + (bv - v - 0.5) * endV;
            part = (part * Math.max(0, Math.min(1, after)) * Math.max(0, Math.min(1, before)) + 0.5) | 0;
          }
          const old = pixels[at];
          const rest = (256 - part) | 0;
          pixels[at] = (((Math.imul(old & LOW, rest) + Math.imul(redBlue, part) + HALF) >>> 8) & LOW)
            | ((Math.imul((old >>> 8) & LOW, rest) + Math.imul(greenAlpha, part) + HALF) & HIGH);
          at = (at + stepV) | 0;
          off += 1;
        }
        middle += turn;
        cosine += tilt;
      }
    }
  }

  /** How much of 256 a line of a width and an opacity covers of a pixel whose centre is n / FINE px from its middle. */
  private profile(wide: number, opacity: number): Uint16Array {
    if (this.profiled?.wide === wide && this.profiled.opacity === opacity) return this.covers;
    this.profiled = { wide, opacity };
    // Thrice as long as there is anything, for the corners of what is walked.
    const size = Math.ceil(3 * (wide + 4) * FINE);
    if (this.covers.length < size) this.covers = new Uint16Array(size);
    const { covers } = this;
    const full = Math.min(1, wide) * opacity * 256;
    const [from, to] = [Math.floor((wide / 2 + 0.5 - Math.min(1, wide)) * FINE), Math.ceil((wide / 2 + 0.5) * FINE)];
    covers.fill(full + 0.5, 0, from);
    for (let n = from; n < to; n++) covers[n] = Math.max(0, Math.min(full, (wide / 2 + 0.5 - (n + 0.5) / FINE) * opacity * 256)) + 0.5;
    covers.fill(0, to, size);
    return covers;
  }

  /** A filled triangle, opaque. */
  triangle(corners: Curve, colour: Colour): void {
    const { clip, width, pixels } = this;
    let [ax, ay, bx, by, cx, cy] = corners;
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (!area) return;
    if (area < 0) [bx, by, cx, cy] = [cx, cy, bx, by];
    const sides = [[ax, ay, bx, by], [bx, by, cx, cy], [cx, cy, ax, ay]].map(([x, y, toX, toY]) => {
      const length = Math.hypot(toX - x, toY - y);
      return { x, y, dx: (toX - x) / length, dy: (toY - y) / length };
    });
    const [from, until] = [Math.max(clip[0], Math.floor(Math.min(ax, bx, cx))), Math.min(clip[2], Math.ceil(Math.max(ax, bx, cx)))];
    const [first, last] = [Math.max(clip[1], Math.floor(Math.min(ay, by, cy))), Math.min(clip[3], Math.ceil(Math.max(ay, by, cy)))];
    if (from >= until) return;
    const [redBlue, greenAlpha] = lanes(colour);
    for (let row = first; row < last; row++) {
      for (let column = from, at = row * width + from; column < until; column++, at++) {
        // What the sides cut off of a pixel, together: at a sharp corner two cut the same one.
        let cover = 1;
        for (const { x, y, dx, dy } of sides) {
          const inside = 0.5 + dx * (row + 0.5 - y) - dy * (column + 0.5 - x);
          if (inside < 1) cover -= 1 - inside;
        }
        if (cover <= 0) continue;
        const part = (cover * 256 + 0.5) | 0;
        const old = pixels[at];
        const rest = 256 - part;
        pixels[at] = (((Math.imul(old & LOW, rest) + Math.imul(redBlue, part) + HALF) >>> 8) & LOW)
          | ((Math.imul((old >>> 8) & LOW, rest) + Math.imul(greenAlpha, part) + HALF) & HIGH);
      }
      this.note(true, from, until - 1, row, row);
    }
  }

  /** All that was painted, on a canvas of this size: in the place of what was there, or over it. */
  put(ctx: CanvasRenderingContext2D, over: boolean): void {
    const { image } = this;
    const onto = over ? (this.scratch ??= this.another()) : ctx;
    this.squares((left, top, right, bottom) => {
      this.straighten(left, top, right, bottom);
      onto.putImageData(image, 0, 0, left, top, right - left, bottom - top);
    });
    if (over) {
      ctx.save();
      ctx.resetTransform();
      ctx.globalAlpha = 1;
      this.squares((left, top, right, bottom) => ctx.drawImage(onto.canvas, left, top, right - left, bottom - top, left, top, right - left, bottom - top));
      ctx.restore();
    }
    this.squares((left, top, right, bottom) => this.wipe(left, top, right, bottom));
    this.painted.fill(0);
  }

  private another(): CanvasRenderingContext2D {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [this.width, this.height];
    return canvas.getContext("2d", { willReadFrequently: true })!;
  }

  /** A box that was painted: first and last along u and v, where u is x if the line lies and y if it stands. */
  private note(lies: boolean, fromU: number, toU: number, fromV: number, toV: number): void {
    const { painted, across } = this;
    const [stepU, stepV] = lies ? [1, across] : [across, 1];
    for (let u = fromU >> SQUARE; u <= toU >> SQUARE; u++) for (let v = fromV >> SQUARE; v <= toV >> SQUARE; v++) painted[u * stepU + v * stepV] = 1;
  }

  /** Runs of painted squares in a row. */
  private squares(each: (left: number, top: number, right: number, bottom: number) => void): void {
    const { painted, across, width, height } = this;
    for (let row = 0; row << SQUARE < height; row++) {
      for (let column = 0; column < across; column++) {
        if (!painted[row * across + column]) continue;
        const from = column;
        while (column < across && painted[row * across + column]) column++;
        each(from << SQUARE, row << SQUARE, Math.min(width, column << SQUARE), Math.min(height, (row + 1) << SQUARE));
      }
    }
  }

  private wipe(left: number, top: number, right: number, bottom: number): void {
    for (let y = top; y < bottom; y++) this.pixels.fill(0, y * this.width + left, y * this.width + right);
  }

  /** Colours as an image wants them: not premultiplied. */
  private straighten(left: number, top: number, right: number, bottom: number): void {
    const { pixels, width } = this;
    for (let y = top; y < bottom; y++) {
      for (let at = y * width + left, end = y * width + right; at < end; at++) {
        const of = pixels[at];
        const alpha = of >>> 24;
        if (alpha === 0 || alpha === 255) continue;
        const by = WHOLE[alpha];
        const [red, green, blue] = [Math.imul(of & 255, by), Math.imul((of >>> 8) & 255, by), Math.imul((of >>> 16) & 255, by)];
        pixels[at] = ((red + ROUND) >>> 16) | (((green + ROUND) >>> 8) & 0xff00) | ((blue + ROUND) & 0xff0000) | (alpha << 24);
      }
    }
  }
}

/** Two bytes of a pixel in one number, with room above each. */
const LOW = 0x00ff00ff;
const HIGH = 0xff00ff00 | 0;
const HALF = 0x00800080;
/** 255 / alpha, and a half, times 65,536. */
const WHOLE = Int32Array.from({ length: 256 }, (_, alpha) => (alpha ? Math.round((255 * 65536) / alpha) : 0));
const ROUND = 32768;

/** Red and blue, green and opacity. */
const lanes = ([red, green, blue]: Colour): [number, number] => [red | (blue << 16), green | (255 << 16)];

const direction = (u: number, v: number): [number, number] => [u / Math.hypot(u, v), v / Math.hypot(u, v)];

/** What a browser makes of a colour's name: also of a system's. */
export function colourOf(name: string): Colour {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const ctx = canvas.getContext("2d", { willReadFrequently: true })!;
  ctx.fillStyle = name;
  ctx.fillRect(0, 0, 1, 1);
  const [red, green, blue] = ctx.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
