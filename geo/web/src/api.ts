/** What a page's own script, a host's script or a host page may do with a map. */

import type { Filter } from "./ui/state";
import type { Listener } from "./ui/map-page";

/** The page behind a handle. */
export type Handled = Omit<Handle, "filter" | "drawn"> & { filter(filter: Filter | null): number; picture(): unknown };

export interface Handle {
  readonly counts: Record<string, number>;
  select(id: string | null): void;
  /** The number of events that stay; of a text that is still being looked for, of those that have been looked at. */
  filter(filter?: Filter | null): number;
  language(lang: string): void;
  /** Client pixels, or null where the event is not on the map. */
  project(id: string): { x: number; y: number } | null;
  drawn(): unknown;
  fit(): void;
  /** Gives the way to stop listening. */
  on(event: string, listener: Listener): () => void;
}

export function handle(page: Handled): Handle {
  return {
    counts: page.counts,
    select: (id) => page.select(id),
    filter: (filter = null) => page.filter(filter),
    language: (lang) => page.language(lang),
    project: (id) => page.project(id),
    drawn: () => page.picture(),
    fit: () => page.fit(),
    on: (event, listener) => page.on(event, listener),
  };
}
