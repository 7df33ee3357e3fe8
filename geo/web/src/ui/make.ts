/** An element with a class and attributes; text only ever as text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, className = "", attributes: Record<string, string> = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function button(className: string, act: () => void, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLButtonElement {
  const node = make("button", className, { type: "button", ...attributes }, ...children);
  node.addEventListener("click", act);
  return node;
}
