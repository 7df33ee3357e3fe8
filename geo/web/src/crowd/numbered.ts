/** Numbers pairs of whole numbers in the order in which they are first met: a `Map` would need a key for each that no number holds. */

const FREE = -1;

export class Numbered {
  size = 0;
  private readonly a: Float64Array;
  private readonly b: Float64Array;
  private readonly at: Int32Array;

  /** `most`: so many different pairs can come. */
  constructor(most: number) {
    const room = 2 ** Math.ceil(Math.log2(2 * Math.max(1, most)));
    this.a = new Float64Array(room);
    this.b = new Float64Array(room);
    this.at = new Int32Array(room).fill(FREE);
  }

  /** The number of a pair, from 0. Numbers up to 2^53 are told apart. */
  of(a: number, b: number): number {
    const last = this.at.length - 1;
    let place = mixed(a, b) & last;
    while (this.at[place] !== FREE) {
      if (this.a[place] === a && this.b[place] === b) return this.at[place];
      place = (place + 1) & last;
    }
    this.a[place] = a;
    this.b[place] = b;
    return (this.at[place] = this.size++);
  }

  clear(): void {
    this.at.fill(FREE);
    this.size = 0;
  }
}

const HIGH = 2 ** 32;

/** As good as random bits of two numbers: neighbours on a grid lie far apart. */
function mixed(a: number, b: number): number {
  let h = Math.imul((a | 0) ^ Math.imul((a / HIGH) | 0, 0x27d4eb2f), 0x9e3779b1) ^ Math.imul((b | 0) ^ Math.imul((b / HIGH) | 0, 0x165667b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
