/** A scale bar: 1-2-5, 60 to 120 px, kilometres at the view's middle latitude. */

import { metresToPx } from "../layout/plane";
import type { Theme } from "../payload";

/** Where the scale differs by more than this within the view, a bar would mislead. */
const VARIES = 0.1;

export interface Latitudes { top: number; middle: number; bottom: number }

export function scaleBar({ top, middle, bottom }: Latitudes, k: number, lang: string): { px: number; text: string } | null {
  const at = (lat: number): number => metresToPx(1000, lat, k);
  const ends = [at(top), at(bottom)];
  if (Math.max(...ends) / Math.min(...ends) > 1 + 2 * VARIES) return null;
  const perKm = at(middle);
  for (let power = -3; power < 5; power++) {
    for (const step of [1, 2, 5]) {
      const km = step * 10 ** power;
      // From 2 to 5 no step may fall between 60 and 120 px: then the one a little short stands.
      if (km * perKm < (step === 2 && 2.5 * km * perKm > 120 ? 48 : 60)) continue;
      const metres = km < 1;
      const text = new Intl.NumberFormat(lang, { style: "unit", unit: metres ? "meter" : "kilometer", unitDisplay: "short" }).format(metres ? km * 1000 : km);
      return { px: Math.round(km * perKm), text };
    }
  }
  return null;
}

export class ScaleBar {
  readonly element: HTMLElement;
  private readonly bar: HTMLElement;
  private readonly text: HTMLElement;

  constructor() {
    this.element = document.createElement("div");
    this.element.className = "strikemap-scale strikemap-over";
    this.bar = document.createElement("div");
    this.text = document.createElement("div");
    this.element.append(this.text, this.bar);
    Object.assign(this.element.style, { position: "absolute", bottom: "10px", left: "12px", zIndex: "800", pointerEvents: "none",
      font: `11px system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif`, lineHeight: "1.3" });
    Object.assign(this.bar.style, { height: "4px", borderStyle: "solid", borderWidth: "0 1px 1px 1px", boxSizing: "border-box" });
  }

  show(scale: { px: number; text: string } | null, theme: Theme, rtl: boolean): void {
    this.element.hidden = scale === null;
    this.element.style.display = scale ? "block" : "none";
    if (!scale) return;
    this.text.textContent = scale.text;
    this.text.dir = rtl ? "rtl" : "ltr";
    this.text.style.textAlign = "left";
    this.element.style.color = theme.ink;
    this.element.style.textShadow = [[1, 0], [-1, 0], [0, 1], [0, -1], [2, 0], [-2, 0]].map(([x, y]) => `${x}px ${y}px 1px ${theme.halo}`).join(",");
    this.bar.style.width = `${scale.px}px`;
    this.bar.style.borderColor = theme.ink;
  }
}
