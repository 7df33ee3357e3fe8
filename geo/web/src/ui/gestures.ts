/**
 * In somebody else's page the map never holds that page up: the wheel and one finger scroll the page, Ctrl (⌘) and the
 * wheel zoom, two fingers move the map. Where the page is the map's own, wheel and finger are the map's.
 */

import * as L from "leaflet";
import { make } from "./make";
import type { Strings } from "./strings";

const TOLD_TIMES = 3;
const TOLD_MS = 1400;
/** Wheel distance that zooms by one level. */
const WHEEL_PX = 160;
/** Nearer than this a zoom is at its end. */
const END = 1e-3;

export function addGestures(map: L.Map, strings: Strings, guest: boolean): void {
  const container = map.getContainer();
  map.scrollWheelZoom.disable();
  zoomByWheel(map, (e) => e.ctrlKey || e.metaKey || !guest);
  if (guest) cooperate(map, container, strings);

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const panBy = map.panBy.bind(map);
  map.panBy = (offset, options) => panBy(offset, still.matches ? { ...options, animate: false } : options);
}

/** A wheel that can zoom no further scrolls on. */
function zoomByWheel(map: L.Map, ours: (e: WheelEvent) => boolean): void {
  let pending = 0;
  map.getContainer().addEventListener("wheel", (e) => {
    if (!ours(e)) return;
    const by = e.deltaY * (e.deltaMode === 1 ? 20 : e.deltaMode === 2 ? 60 : 1);
    const [now, least, most] = [map.getZoom(), map.getMinZoom(), map.getMaxZoom()];
    if (!e.ctrlKey && !e.metaKey && (by > 0 ? now <= least + END : now >= most - END)) return;
    e.preventDefault();
    const at = map.mouseEventToContainerPoint(e);
    if (!pending) {
      requestAnimationFrame(() => {
        const zoom = Math.max(least, Math.min(most, map.getZoom() - pending / WHEEL_PX));
        pending = 0;
        map.setZoomAround(at, zoom, { animate: false });
      });
    }
    pending += by || 1e-6;
  }, { passive: false });
}

function cooperate(map: L.Map, container: HTMLElement, strings: Strings): void {
  container.classList.add("sm-guest");
  const hint = make("p", "sm-hint", { "aria-hidden": "true" });
  container.append(hint);
  let told = 0;
  let timer = 0;
  const tell = (word: string): void => {
    if (!hint.classList.contains("sm-on") && ++told > TOLD_TIMES) return;
    hint.textContent = strings.word(word);
    hint.classList.add("sm-on");
    clearTimeout(timer);
    timer = window.setTimeout(() => hint.classList.remove("sm-on"), TOLD_MS);
  };

  container.addEventListener("wheel", (e) => {
    if (!e.ctrlKey && !e.metaKey) tell(/Mac|iP(hone|ad)/.test(navigator.platform) ? "hint_wheel_mac" : "hint_wheel");
  }, { passive: true });

  // Before Leaflet hears of the touch: a finger alone is the page's, a mouse drags the map.
  container.addEventListener("pointerdown", (e) => {
    if (e.pointerType === "touch") map.dragging.disable();
    else map.dragging.enable();
  }, true);
  let from = { x: 0, y: 0 };
  container.addEventListener("touchstart", (e) => {
    from = { x: e.touches[0].clientX, y: e.touches[0].clientY };
  }, { passive: true });
  container.addEventListener("touchmove", (e) => {
    if (e.touches.length === 1 && Math.hypot(e.touches[0].clientX - from.x, e.touches[0].clientY - from.y) > 24) tell("hint_touch");
  }, { passive: true });
}
