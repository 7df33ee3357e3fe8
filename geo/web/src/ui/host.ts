/**
 * A page around a frame: it is told our height, and may ask for what a reader can do.
 *
 * Out: `{type: "strikemap:height", height}`, `{type: "strikemap:drawn", counts}`, `{type: "strikemap:select", id}`,
 * `{type: "strikemap:filter", shown, of}` (with a timeline also `bins` and `undated`, which add up to `shown`), `{type: "strikemap:language", lang}`, and the height as pym.js, iframe-resizer,
 * Datawrapper and AMP hosts understand it.
 * In, from the parent alone: `{type: "strikemap:select", id | null}`, `{type: "strikemap:filter", from, to, actors, kinds, statuses,
 * precision, text}`,
 * `{type: "strikemap:language", lang}`, `{type: "strikemap:fit"}`, `{type: "strikemap:height"}`; and two that are answered
 * in kind: `{type: "strikemap:counts"}` with `counts`, `{type: "strikemap:project", id}` with `id` and `point` ({x, y} in the
 * frame's own px, or null). Anything else is left alone.
 */

import type { Filter } from "./state";
import type { Listener } from "./map-page";

export interface Verbs {
  readonly slug: string;
  readonly counts: Record<string, number>;
  select(id: string | null): void;
  filter(filter: Filter | null): void;
  language(lang: string): void;
  fit(): void;
  project(id: string): { x: number; y: number } | null;
  on(event: string, listener: Listener): () => void;
}

export const framed = window.parent !== window;

const RESIZER = "[iFrameSizer]";
const ID = /^[\w-]{1,100}$/;
const SETTINGS = /^([\w-]{1,100}):\w*:/;

/** pym.js writes its frame's id into the address. */
function pymId(): string | null {
  const id = new URLSearchParams(location.search).get("childId");
  return id && ID.test(id) ? id : null;
}

function post(message: unknown): void {
  // A host's origin is not known, and nothing here is secret.
  window.parent.postMessage(message, "*");
}

function tell(type: string, data: unknown): void {
  post({ type: `strikemap:${type}`, ...(data as object) });
}

/** Posts the document's exact height whenever it changes, and answers the host. Does nothing without one. */
export function meet(map: Verbs): void {
  if (!framed) return;
  const pym = pymId();
  let resizer: string | null = null;
  let last = 0;
  /** The body ends where its content does: it never grows with the frame, so that a host that follows it comes to rest. */
  const measure = (again: string | null = null): void => {
    const box = document.body.getBoundingClientRect();
    const height = Math.ceil(box.height);
    if (!height || (height === last && !again)) return;
    last = height;
    tell("height", { height });
    post({ "datawrapper-height": { [map.slug]: height } });
    post({ sentinel: "amp", type: "embed-size", height });
    if (pym) post(`pymxPYMx${pym}xPYMxheightxPYMx${height}`);
    if (resizer) post(`${RESIZER}${resizer}:${height}:${Math.ceil(box.width)}:${again ?? "size"}`);
  };
  new ResizeObserver(() => measure()).observe(document.body);
  map.on("drawn", () => tell("drawn", { counts: map.counts }));
  for (const event of ["select", "filter", "language"]) map.on(event, (data) => tell(event, data));

  window.addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
    if (source !== window.parent) return;
    if (typeof data === "string") {
      if (!data.startsWith(RESIZER)) return;
      // Its first message gives our id and settings; the later ones are orders, which may come with an object.
      const first = SETTINGS.exec(data.slice(RESIZER.length));
      resizer = first?.[1] ?? resizer;
      measure(first ? "init" : "size");
    } else if (data !== null && typeof data === "object") {
      const { type, id, lang } = data as Record<string, unknown>;
      if (type === "strikemap:select" && (id === null || typeof id === "string")) map.select(id);
      else if (type === "strikemap:filter") map.filter(data as Filter);
      else if (type === "strikemap:language" && typeof lang === "string") map.language(lang);
      else if (type === "strikemap:fit") map.fit();
      else if (type === "strikemap:height") measure("size");
      else if (type === "strikemap:counts") tell("counts", { counts: map.counts });
      else if (type === "strikemap:project" && typeof id === "string") tell("project", { id, point: map.project(id) });
    }
  });
  // iframe-resizer sends its settings once more to a frame that was not listening yet.
  post("[iFrameResizerChild]Ready");
}
