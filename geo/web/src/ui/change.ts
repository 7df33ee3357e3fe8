/**
 * Texts and attributes, written only where they differ. A filter passes through hundreds of them, and the browser styles, lays
 * out and tells a screen reader anew whatever is written, be it what stood there before.
 */

export function setText(node: Node, text: string): void {
  const { firstChild } = node;
  // A text node that stays costs its parent no new style, and no new box.
  if (text && firstChild instanceof Text && !firstChild.nextSibling) {
    if (firstChild.data !== text) firstChild.data = text;
  } else if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string | number): void {
  const text = String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}
