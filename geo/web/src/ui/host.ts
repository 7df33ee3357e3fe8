/**
 * A page around a frame: it is told our height, and may ask for what a reader can do.
 *
 * Out: `{type: "strikemap:height", height}`, `{type: "strikemap:drawn", counts}`, `{type: "strikemap:select", id}`, and the
 * height as pym.js, iframe-resizer and Datawrapper hosts understand it.
 * In, from the parent alone: `{type: "strikemap:select", id | null}`, `{type: "strikemap:filter", from, to, actors, kinds}`,
 * `{type: "strikemap:language", lang}`, `{type: "strikemap:fit"}`, `{type: "strikemap:height"}`; and two that are answered
 * in kind: `{type: "strikemap:counts"}` with `counts`, `{type: "strikemap:project", id}` with `id` and `point` ({x, y} in the
 * frame's own px, or null). Anything else is left alone.
 */

import type { Filter } from "./list";

export interface Verbs {
  select(id: string | null): void;
  filter(filter: Filter | null): void;
  language(lang: string): void;
  fit(): void;
  project(id: string): { x: number; y: number } | null;
  readonly counts: Record<string, number>;
}

export const framed = window.parent !== window;

const RESIZER = "[iFrameSizer]";
const ID = /^[\w-]{1,100}$/;

/** pym.js writes its frame's id into the address. */
function pymId(): string | null {
  const id = new URLSearchParams(location.search).get("childId");
  return id && ID.test(id) ? id : null;
}

let resizer: string | null = null;

function post(message: unknown): void {
  // A host's origin is not known, and nothing here is secret.
  if (framed) window.parent.postMessage(message, "*");
}

export function tell(type: string, data: Record<string, unknown> = {}): void {
  post({ type: `strikemap:${type}`, ...data });
}

/** Posts the document's exact height whenever it changes. */
export function tellHeight(slug: string): () => void {
  let last = 0;
  const pym = pymId();
  const measure = (again = false): void => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (!height || (height === last && !again)) return;
    last = height;
    tell("height", { height });
    post({ "datawrapper-height": { [slug]: height } });
    if (pym) post(`pymxPYMx${pym}xPYMxheightxPYMx${height}`);
    if (resizer) post(`${RESIZER}${resizer}:${height}:${Math.ceil(document.body.getBoundingClientRect().width)}:size`);
  };
  if (framed) new ResizeObserver(() => measure()).observe(document.body);
  return () => measure(true);
}

export function listen(verbs: Verbs, height: () => void): void {
  if (!framed) return;
  window.addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
    if (source !== window.parent) return;
    if (typeof data === "string") {
      if (!data.startsWith(RESIZER)) return;
      const id = data.slice(RESIZER.length).split(":", 1)[0];
      if (!ID.test(id)) return;
      resizer = id;
      height();
    } else if (data !== null && typeof data === "object") {
      const { type, id, lang } = data as Record<string, unknown>;
      if (type === "strikemap:select" && (id === null || typeof id === "string")) verbs.select(id);
      else if (type === "strikemap:filter") verbs.filter(data as Filter);
      else if (type === "strikemap:language" && typeof lang === "string") verbs.language(lang);
      else if (type === "strikemap:fit") verbs.fit();
      else if (type === "strikemap:height") height();
      else if (type === "strikemap:counts") tell("counts", { counts: verbs.counts });
      else if (type === "strikemap:project" && typeof id === "string") tell("project", { id, point: verbs.project(id) });
    }
  });
}
