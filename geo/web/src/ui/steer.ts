/** How a reader goes through the list of events: by pointer and by key. */

/** Lines that a key passes over. */
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
/** In a long list these are worth more than to scroll. */
const LONG_STEPS: Record<string, number> = { PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

export interface Steered {
  /** Opens or closes a line's card. */
  toggle(item: HTMLElement): void;
  /** Moves the focus by steps from one line, or from above the list to its first. */
  step(item: HTMLElement | null, by: number): void;
  /** "Show on the map" in a card. */
  show(item: HTMLElement): void;
  pointed(item: HTMLElement | null): void;
}

export function steer(section: HTMLElement, list: Steered, long: boolean): void {
  const at = (e: Event): HTMLElement | null => (e.target as Element).closest<HTMLElement>("[data-event-id]");
  section.addEventListener("click", (e) => {
    const item = at(e);
    if (!item) return;
    const target = e.target as Element;
    if (target.closest("summary")) {
      e.preventDefault();
      list.toggle(item);
    } else if (target.closest(".sm-show")) list.show(item);
  });
  section.addEventListener("keydown", (e) => {
    const item = at(e);
    if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
    const open = item?.querySelector("details")!.open;
    if (item && e.key === "Escape" && open) {
      e.stopPropagation();
      list.toggle(item);
      item.querySelector("summary")!.focus();
    } else if (item && (e.target as Element).localName === "summary") {
      // Above an open card the arrows scroll, so that it can be read.
      const step = (open ? undefined : STEPS[e.key]) ?? (long ? LONG_STEPS[e.key] : undefined);
      if (step === undefined) return;
      e.preventDefault();
      list.step(item, step);
    } else if (e.key === "ArrowDown" && (e.target as Element).localName === "h2") {
      e.preventDefault();
      list.step(null, 0);
    }
  });
  let pointed: HTMLElement | null = null;
  const point = (item: HTMLElement | null): void => {
    if (item !== pointed) list.pointed(pointed = item);
  };
  section.addEventListener("mouseover", (e) => point(at(e)));
  section.addEventListener("mouseleave", () => point(null));
}
