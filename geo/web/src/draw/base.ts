/** Land, water, coast, rivers and borders. */

import type { Ring } from "../layout/plane";
import { meets, scaled, type Rect } from "../layout/plane";
import type { Ground } from "../layer/ground";
import { seen, type Brush } from "./brush";

/** Units of about a metre on the ground: how near the clip's edge a cut coast lies. */
const EDGE = 2e-6;

/** Adds rings to the path. `cut` leaves out edges along the clip's border, which are no coast. */
export function addRings(b: Brush, path: Path2D, rings: readonly Ring[], closed: boolean, cut?: Rect): void {
  const view = scaled(seen(b), 1 / b.k);
  const slack = 20 / b.k;
  const wide: Rect = [view[0] - slack, view[1] - slack, view[2] + slack, view[3] + slack];
  const onCut = (x: number, y: number, u: number, v: number): boolean => !!cut && (
    (Math.abs(x - cut[0]) < EDGE && Math.abs(u - cut[0]) < EDGE) || (Math.abs(x - cut[2]) < EDGE && Math.abs(u - cut[2]) < EDGE) ||
    (Math.abs(y - cut[1]) < EDGE && Math.abs(v - cut[1]) < EDGE) || (Math.abs(y - cut[3]) < EDGE && Math.abs(v - cut[3]) < EDGE));
  for (const { xy, box } of rings) {
    if (xy.length < 4 || !meets(box, wide) && !(box[0] === box[2] || box[1] === box[3])) continue;
    const at = (i: number): [number, number] => [xy[i] * b.k - b.left, xy[i + 1] * b.k - b.top];
    path.moveTo(...at(0));
    for (let i = 2; i < xy.length; i += 2) {
      if (cut && onCut(xy[i - 2], xy[i - 1], xy[i], xy[i + 1])) path.moveTo(...at(i));
      else path.lineTo(...at(i));
    }
    if (!closed) continue;
    if (!cut) path.closePath();
    else if (!onCut(xy[xy.length - 2], xy[xy.length - 1], xy[0], xy[1])) path.lineTo(...at(0));
  }
}

function stroke(b: Brush, rings: readonly Ring[], colour: string, width: number, dash: number[] = []): void {
  if (!rings.length) return;
  const path = new Path2D();
  addRings(b, path, rings, false);
  b.ctx.strokeStyle = colour;
  b.ctx.lineWidth = width;
  b.ctx.setLineDash(dash);
  b.ctx.lineCap = dash.length ? "butt" : "round";
  b.ctx.stroke(path);
  b.ctx.setLineDash([]);
}

/** `cut`: the box that the base was clipped to, in units. */
export function drawBase(b: Brush, ground: Ground, cut: Rect): void {
  const { ctx, theme } = b;
  // Beyond the base map nothing is known, and that is not sea.
  ctx.fillStyle = theme.page;
  ctx.fillRect(0, 0, b.width, b.height);
  const sheet = scaled(cut, b.k);
  ctx.fillStyle = theme.water;
  ctx.fillRect(sheet[0] - b.left, sheet[1] - b.top, sheet[2] - sheet[0], sheet[3] - sheet[1]);
  const land = ground.rings("land");
  const whole = new Path2D();
  addRings(b, whole, land, true);
  ctx.fillStyle = theme.land;
  ctx.fill(whole, "evenodd");
  const coast = new Path2D();
  addRings(b, coast, land, true, cut);
  ctx.strokeStyle = theme.coast;
  ctx.lineWidth = 0.75;
  ctx.stroke(coast);
  const lakes = new Path2D();
  addRings(b, lakes, ground.rings("lakes"), true);
  ctx.fillStyle = theme.water;
  ctx.fill(lakes, "evenodd");
  ctx.stroke(lakes);
  stroke(b, ground.rings("river"), theme.river, 0.75);
  stroke(b, ground.rings("province"), theme.province, 0.75);
  stroke(b, ground.rings("country"), theme.country, 1);
  stroke(b, ground.rings("disputed"), theme.country, 1, [4, 3]);
}
