/** Sortie lines as they are drawn at one zoom: bowed, trimmed at their target, and where the first view crops them. */

import { bend, resample, sagittas, length, type Chord } from "../layout/bows";
import { unit, type Point, type Rect } from "../layout/plane";
import { clearance, type Glyph } from "../layout/piles";
import type { Sortie } from "../payload";

export interface Arc {
  id: string;
  event: string;
  mission: string;
  site: number;
  slot: number;
  width: number;
  fromArea: boolean;
  /** World px, from the origin to the tip. */
  points: Point[];
  sagitta: number;
  chord: number;
  /** Direction of flight at the tip, degrees clockwise from east on the screen. */
  arrival: number;
  /** Where the line leaves the first view, and the way back to its origin; null when it does not. */
  crop: { at: Point; towards: Point } | null;
  source: Sortie;
}

/** What stands at a site, for lines to stop at and to keep clear of. */
export interface Target { glyphs: readonly (Point & Pick<Glyph, "d" | "ring">)[] }

const SAMPLES = 96;
/** Between a symbol's edge and an arrow's tip. */
const TIP = 6;

/** Right of the line from a to b: positive. */
const side = (a: Point, b: Point, p: Point): number => (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);

/** The side with fewer marks; with no difference, the bow goes up. */
function emptier(a: Point, b: Point, others: readonly Point[]): 1 | -1 {
  const reach = Math.hypot(b.x - a.x, b.y - a.y);
  const near = others.filter((p) => Math.hypot(p.x - (a.x + b.x) / 2, p.y - (a.y + b.y) / 2) < reach);
  const balance = near.reduce((sum, p) => sum + Math.sign(side(a, b, p)), 0);
  return balance ? (balance > 0 ? -1 : 1) : b.x > a.x ? -1 : 1;
}

const near = (points: readonly Point[], target: Target): boolean => points.some((p) => clearance(target.glyphs, p) < 4);

export interface Scale { k: number; home: Rect | null }

/** `places`: the place of each site, by which a line that flies the other way between the same two is known. */
export function arcs(sorties: readonly Sortie[], targets: readonly Target[], places: readonly string[], others: readonly Point[], { k, home }: Scale): Arc[] {
  const returns = (s: Sortie): boolean => sorties.some((o) => o !== s && o.origin === places[s.site] && places[o.site] === s.origin);
  const px = sorties.map((s) => resample(s.path.map(unit).map((p) => ({ x: p.x * k, y: p.y * k })), SAMPLES));
  const out: Arc[] = [];
  // Sites that share a pile share its arrivals too.
  const ends = [...new Set(sorties.map((s) => targets[s.site]))];
  for (const end of ends) {
    const lines = sorties.map((_, i) => i).filter((i) => targets[sorties[i].site] === end);
    const chords: Chord[] = lines.map((i) => {
      const path = px[i];
      const [from, to] = [path[0], path[path.length - 1]];
      const before = path[Math.floor(path.length * 0.85)];
      return { from, to, back: Math.atan2(before.y - to.y, before.x - to.x), returns: returns(sorties[i]) };
    });
    const lone = emptier(chords[0].from, chords[0].to, others);
    const bows = sagittas(chords, lone);
    lines.forEach((line, n) => {
      const foreign = [...new Set(targets)].filter((t) => t !== end);
      const c = length(chords[n]);
      // None under a foreign symbol: a lone line may change sides, any line may bend less or more.
      const ways = [1, 0.8, 1.2, 0.6, ...(lines.length === 1 && !chords[n].returns ? [-1, -0.8, -1.2] : []), 0.4]
        .map((f) => bows[n] * f).filter((s) => Math.abs(s) <= 0.12 * c + 0.01);
      const path = px[line];
      const clear = ways.find((s) => { const p = bend(path, s).slice(0, -4); return !foreign.some((t) => near(p, t)); });
      const sagitta = clear ?? bows[n];
      out.push(finish(sorties[line], bend(path, sagitta), sagitta, c, end, home));
    });
  }
  return out.sort((a, b) => sorties.indexOf(a.source) - sorties.indexOf(b.source));
}

function finish(source: Sortie, bent: Point[], sagitta: number, chord: number, target: Target | undefined, home: Rect | null): Arc {
  let points = resample(bent, SAMPLES * 3);
  if (target) {
    const stop = points.findIndex((p) => clearance(target.glyphs, p) < TIP);
    if (stop > 1) points = points.slice(0, stop);
  }
  const tip = points[points.length - 1];
  const head = source.width === 4 ? 16 : 10;
  const neck = [...points].reverse().find((p) => Math.hypot(p.x - tip.x, p.y - tip.y) >= head) ?? points[0];
  return {
    id: source.id, event: source.event, mission: source.mission, site: source.site, slot: source.slot,
    width: source.width, fromArea: source.fromArea, points, sagitta, chord,
    arrival: (Math.atan2(tip.y - neck.y, tip.x - neck.x) * 180) / Math.PI,
    crop: home ? crop(points, home) : null, source,
  };
}

function crop(points: readonly Point[], home: Rect): Arc["crop"] {
  const seen = (p: Point): boolean => p.x > home[0] && p.x < home[2] && p.y > home[1] && p.y < home[3];
  if (seen(points[0])) return null;
  const enters = points.findIndex(seen);
  return enters > 0 ? { at: points[enters], towards: points[0] } : null;
}
