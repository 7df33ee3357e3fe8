/** An event's symbol or hatch beside its line, as templates/symbols.html.jinja writes it. */

import type { Look, Payload } from "../payload";

const SVG = "http://www.w3.org/2000/svg";
const HIDDEN = { "aria-hidden": "true", focusable: "false" };

function svg(tag: string, attributes: Record<string, string>, ...children: Node[]): SVGElement {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** `uid` is the prefix of the ids that the page's own patterns have. */
export function sign(payload: Pick<Payload, "symbols">, uid: string, { slot, look, angle, solid, grey, status }: Look): SVGElement {
  if (look === "crash") {
    return svg("svg", { class: "sm-glyph sm-ink", viewBox: "-10 -10 20 20", width: "20", height: "20", ...HIDDEN },
      svg("circle", { class: "sm-line", r: "7" }), svg("path", { class: "sm-line", d: "M-3.5-3.5L3.5 3.5M3.5-3.5L-3.5 3.5" }));
  }
  if (look === "hatch") {
    const pattern = `url(#${uid}-${grey || `h${slot}-${angle}`})`;
    return svg("svg", { class: `sm-glyph ${grey ? `sm-${grey}` : `sm-s${slot}`}`, viewBox: "0 0 24 16", width: "24", height: "16", ...HIDDEN },
      svg("rect", { class: "sm-tint", width: "24", height: "16" }), svg("rect", { width: "24", height: "16", fill: pattern }),
      svg("rect", { class: solid ? "sm-edge" : "sm-edge sm-dashed", x: ".75", y: ".75", width: "22.5", height: "14.5" }));
  }
  const d = payload.symbols[slot];
  const ring = svg("path", { class: "sm-ring", transform: "scale(10)", d });
  const parts = status === "declared" ? [svg("path", { class: "sm-fill", transform: "scale(12)", d })]
    : status === "contested" ? [svg("path", { class: "sm-fill", transform: "scale(10)", "clip-path": `url(#${uid}-lower)`, d }), ring] : [ring];
  return svg("svg", { class: `sm-glyph sm-s${slot}`, viewBox: "-10 -10 20 20", width: "20", height: "20", ...HIDDEN }, ...parts);
}
