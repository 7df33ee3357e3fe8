/** A symbol drawn once and stamped thousands of times. */

import type { Brush } from "../draw/brush";

export interface Sprite {
  image: CanvasImageSource;
  /** Half its side in CSS px, casing included. */
  half: number;
}

const CASING = 1;

/** The symbol `path` (diameter 1) at `d` CSS px in a colour, cased in halo. */
export function prepareSprite(path: Path2D, d: number, b: Brush): (colour: string) => Sprite {
  return (colour) => {
    const half = d * 0.8 + CASING + 1;
    const image = document.createElement("canvas");
    image.width = image.height = Math.ceil(half * 2 * b.dpr);
    const ctx = image.getContext("2d")!;
    ctx.setTransform(b.dpr, 0, 0, b.dpr, half * b.dpr, half * b.dpr);
    const shape = new Path2D();
    shape.addPath(path, new DOMMatrix([d, 0, 0, d, 0, 0]));
    ctx.lineJoin = "round";
    ctx.strokeStyle = b.theme.halo;
    ctx.lineWidth = 2 * CASING;
    ctx.stroke(shape);
    ctx.fillStyle = colour;
    ctx.fill(shape);
    return { image, half: (image.width / b.dpr) / 2 };
  };
}
