/** Words on the map: the halo of a whole string first, then its fill. */

import type { Placed } from "../layout/place";
import type { Measure, Role, Text } from "../layout/type";
import type { Theme } from "../payload";
import type { Brush } from "./brush";

const HALO = 2;
const HALO_ALPHA = 0.92;

export const face = (weight: number, size: number): string => `${weight} ${size}px system-ui, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif`;

type Spaced = CanvasRenderingContext2D;
/** Not every browser in use has it, whatever the type says. */
const SPACES = "letterSpacing" in CanvasRenderingContext2D.prototype;

/** Measures with one canvas of its own. */
export function measurer(faces: Measure["faces"] = {}): Measure {
  const ctx = document.createElement("canvas").getContext("2d") as Spaced | null;
  const measure = (font: string, text: string, spacing: number): number => {
    if (!ctx) return text.length * 7;
    ctx.font = font;
    return ctx.measureText(text).width + spacing * [...text].length;
  };
  return Object.assign(measure, { faces });
}

function colourOf(role: Role, theme: Theme): string {
  switch (role) {
    case "country": return theme.countryLabel;
    case "province": return theme.provinceLabel;
    case "sea": case "river": return theme.waterLabel;
    case "city": return theme.city;
    default: return theme.ink;
  }
}

/** One line at its left edge and baseline. */
function write(ctx: Spaced, line: Text, x: number, y: number, pass: "stroke" | "fill"): void {
  ctx.font = line.font;
  ctx.direction = line.rtl ? "rtl" : "ltr";
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  const put = (text: string, at: number): void => (pass === "stroke" ? ctx.strokeText(text, at, y) : ctx.fillText(text, at, y));
  if (line.spacing && !SPACES) {
    let at = x;
    for (const letter of line.text) {
      put(letter, at);
      at += ctx.measureText(letter).width + line.spacing;
    }
    return;
  }
  if (SPACES) ctx.letterSpacing = `${line.spacing}px`;
  put(line.text, x);
  if (SPACES) ctx.letterSpacing = "0px";
}

/** Left edges and baselines of a block's lines. */
export function* rows(label: Placed): Iterable<{ line: Text; x: number; y: number }> {
  const { box, align } = label;
  let y = box[1];
  for (const [i, line] of label.block.lines.entries()) {
    y += i ? line.leading : line.up;
    const spare = box[2] - box[0] - line.width;
    yield { line, x: box[0] + (align === "left" ? 0 : align === "right" ? spare : spare / 2), y };
  }
}

export function drawLabel(b: Brush, label: Placed): void {
  const ctx: Spaced = b.ctx;
  const { theme } = b;
  const colour = colourOf(label.role, theme);
  const halo = label.role === "sea" ? theme.water : theme.halo;
  if (label.leader) {
    const [from, to] = label.leader;
    for (const [stroke, width] of [[halo, 3], [theme.ink, 1]] as const) {
      ctx.beginPath();
      ctx.moveTo(from.x - b.left, from.y - b.top);
      ctx.lineTo(to.x - b.left, to.y - b.top);
      ctx.strokeStyle = stroke;
      ctx.lineWidth = width;
      ctx.stroke();
    }
  }
  if (label.dot) {
    const [x0, y0, x1, y1] = label.dot;
    ctx.beginPath();
    ctx.arc((x0 + x1) / 2 - b.left, (y0 + y1) / 2 - b.top, (x1 - x0) / 2, 0, 2 * Math.PI);
    ctx.strokeStyle = halo;
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.fillStyle = colour;
    ctx.fill();
  }
  ctx.save();
  ctx.lineJoin = "round";
  ctx.lineWidth = 2 * HALO;
  ctx.strokeStyle = halo;
  ctx.fillStyle = colour;
  if (label.along) {
    const [a, z] = label.along.points;
    ctx.translate(a.x - b.left, a.y - b.top);
    ctx.rotate(Math.atan2(z.y - a.y, z.x - a.x));
  }
  for (const pass of ["stroke", "fill"] as const) {
    ctx.globalAlpha = pass === "stroke" ? HALO_ALPHA : 1;
    if (label.along) write(ctx, label.block.lines[0], 0, 0, pass);
    else for (const { line, x, y } of rows(label)) write(ctx, line, x - b.left, y - b.top, pass);
  }
  ctx.restore();
}
