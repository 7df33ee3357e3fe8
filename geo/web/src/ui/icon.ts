/** Small pictures on buttons: one path in a box of 16 px, in the colour of the text. */

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag: string, attributes: Record<string, string | number>, ...children: Node[]): SVGElement {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** For the eye alone. */
export const pictured = (attributes: Record<string, string>, path: SVGElement): SVGElement =>
  svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, ...attributes, "aria-hidden": "true", focusable: "false" }, path);

export const icon = (path: string): SVGElement => pictured({ fill: "currentColor" }, svg("path", { d: path }));
