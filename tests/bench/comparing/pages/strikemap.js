// Our own page: it says itself when it is drawn, what its map shows and where an event stands.
window.maker = {
  said: true,
  ready: () => document.documentElement.dataset.strikemap === "drawn",
  // What the map shows when the page says that it is drawn.
  first: new Promise((resolve) => {
    new MutationObserver((_, watch) => {
      if (!maker.ready()) return;
      watch.disconnect();
      bench.painted().then(() => resolve(bench.picture()));
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-strikemap"] });
  }),
  drawnAt: () => performance.getEntriesByName("strikemap:drawn")[0].startTime,
  map: () => document.querySelector(".leaflet-container"),
  view: () => JSON.stringify([strikemap.drawn()?.zoom, ...maker.ids().slice(0, 8).map((id) => strikemap.project(id))]),
  ids: () => [...document.querySelectorAll("[data-event-id]")].map((item) => item.dataset.eventId),
  // An event's mark that stands well within the map; pressed again where the map had to come closer first.
  spot: () => {
    const { left, top, right, bottom } = maker.map().getBoundingClientRect();
    for (const id of maker.ids()) {
      const at = strikemap.project(id);
      if (at && at.x > left + 60 && at.x < right - 60 && at.y > top + 60 && at.y < bottom - 60
        && maker.map().contains(document.elementFromPoint(at.x, at.y))) return at;
    }
    return null;
  },
  input: "click",
  card: () => {
    const panel = document.querySelector(".sm-panel");
    return !!panel && panel.checkVisibility() && panel.textContent.trim().length > 1;
  },
  close: () => strikemap.select(null),
  sums: () => JSON.stringify(strikemap.drawn()?.sums ?? null),
};
