/**
 * Bows of sortie lines. Pixels, y down, angles in radians growing clockwise. A sagitta is the height of the bow
 * over the chord's middle; positive lies to the right of the flight.
 *
 * A quadratic of sagitta s over a chord c leaves and meets its chord at atan(4 s / c).
 */

import type { Point } from "./plane";

export interface Chord {
  from: Point;
  to: Point;
  /** Direction from the target back along the line before it is bowed (a geodesic is not its chord). */
  back: number;
  /** Another line flies the other way between the same two places: both keep to their right. */
  returns?: boolean;
}

const DEGREE = Math.PI / 180;
export const APART = 18 * DEGREE;
/** The tip lies short of the target, where the tangent has turned back a little. */
const AIM = 20 * DEGREE;
const MOST = 0.12;
const STRAIGHT_BELOW = 60;

export const length = (c: Pick<Chord, "from" | "to">): number => Math.hypot(c.to.x - c.from.x, c.to.y - c.from.y);

/** Sagitta over chord for a line of `chord` px: longer bends more, the shortest stay straight. */
export const bow = (chord: number): number =>
  chord < STRAIGHT_BELOW ? 0 : Math.min(MOST, 0.06 + (0.04 * chord) / 300);

const lean = (ratio: number): number => Math.atan(4 * ratio);

/** Indices by direction, beginning after the widest gap, and that gap. */
function fan(backs: readonly number[]): { order: number[]; gap: number; turn: number[] } {
  const turn = backs.map((b) => ((b % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI));
  const order = turn.map((_, i) => i).sort((a, b) => turn[a] - turn[b] || a - b);
  let gap = -1;
  let first = 0;
  order.forEach((line, i) => {
    const before = turn[order[(i + order.length - 1) % order.length]];
    const room = (turn[line] - before + 2 * Math.PI) % (2 * Math.PI);
    if (room > gap) [gap, first] = [room, i];
  });
  const sorted = [...order.slice(first), ...order.slice(0, first)];
  const start = turn[sorted[0]];
  for (const line of sorted) if (turn[line] < start) turn[line] += 2 * Math.PI;
  return { order: sorted, gap, turn };
}

/**
 * Signed sagittas in px for the lines of one target.
 *
 * The outer two bow outwards and inner ones less; then neighbours are pushed apart until they arrive ≥ 18° apart,
 * as far as the greatest bow allows. `emptier` is the side of a lone line: 1 right of the flight, -1 left.
 */
export function sagittas(chords: readonly Chord[], emptier: 1 | -1): number[] {
  const n = chords.length;
  const px = chords.map(length);
  if (n === 1) return [px[0] * bow(px[0]) * (chords[0].returns ? 1 : emptier)];
  const { order, gap, turn } = fan(chords.map((c) => c.back));
  // A bow to the right of the flight turns the direction back anticlockwise: lean and sagitta have opposite signs.
  const at = order.map((line, i) => {
    const most = lean(bow(px[line]));
    return chords[line].returns ? -most : most * ((2 * i) / (n - 1) - 1);
  });
  const limit = order.map((line) => (px[line] < STRAIGHT_BELOW ? 0 : lean(MOST)));
  const arrival = (i: number): number => turn[order[i]] + at[i];
  // Many lines from one bearing cannot all stand so far apart: then as far as the greatest bows let them.
  let aim = AIM;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      aim = Math.min(aim, (turn[order[j]] + limit[j] - turn[order[i]] + limit[i]) / (j - i));
    }
  }
  const push = (i: number, by: number): void => {
    at[i] = Math.max(-limit[i], Math.min(limit[i], at[i] + by));
  };
  for (let pass = 0; pass < 400; pass++) {
    let moved = false;
    for (let i = 0; i < n; i++) {
      const next = (i + 1) % n;
      const room = arrival(next) - arrival(i) + (next === 0 ? 2 * Math.PI : 0);
      if (room >= aim - 1e-4 || (next === 0 && gap < aim)) continue;
      push(i, (room - aim) / 2);
      push(next, (aim - room) / 2);
      moved = true;
    }
    if (!moved) break;
  }
  const out = new Array<number>(n).fill(0);
  order.forEach((line, i) => {
    out[line] = (-Math.tan(at[i]) / 4) * px[line];
  });
  return out.map((s) => s + 0);
}

/** The path with the bow added: each point moves right of the chord by 4 t (1 − t) sagitta. */
export function bend(path: readonly Point[], sagitta: number): Point[] {
  const a = path[0];
  const b = path[path.length - 1];
  const chord = Math.hypot(b.x - a.x, b.y - a.y);
  if (!chord || !sagitta) return path.slice();
  const right = { x: -(b.y - a.y) / chord, y: (b.x - a.x) / chord };
  return path.map((p) => {
    const t = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (chord * chord);
    const off = 4 * t * (1 - t) * sagitta;
    return { x: p.x + right.x * off, y: p.y + right.y * off };
  });
}

/** At least `n` points evenly along a line, ends exact. */
export function resample(path: readonly Point[], n: number): Point[] {
  const sums = [0];
  for (let i = 1; i < path.length; i++) {
    sums.push(sums[i - 1] + Math.hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y));
  }
  const total = sums[sums.length - 1];
  const out: Point[] = [];
  let i = 1;
  for (let k = 0; k < n; k++) {
    const s = (total * k) / (n - 1);
    while (i < path.length - 1 && sums[i] < s) i++;
    const part = sums[i] - sums[i - 1] ? (s - sums[i - 1]) / (sums[i] - sums[i - 1]) : 0;
    out.push({ x: path[i - 1].x + (path[i].x - path[i - 1].x) * part,
      y: path[i - 1].y + (path[i].y - path[i - 1].y) * part });
  }
  return out;
}
