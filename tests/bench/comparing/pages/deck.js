// A page by pydeck: `deckInstance` is a constant of its own script. It has a tooltip under the pointer, no card.
window.maker = {
  ready: () => {
    const layers = deckInstance.layerManager?.getLayers() ?? [];
    return layers.length > 0 && layers.every((layer) => layer.isLoaded) && !deckInstance.needsRedraw({ clearRedrawFlags: false });
  },
  map: () => document.querySelector("#deck-container"),
  view: () => JSON.stringify(deckInstance.getViewports().map(({ longitude, latitude, zoom }) => [longitude, latitude, zoom])),
  spot: (attempt) => {
    const [viewport] = deckInstance.getViewports();
    const { left, top, width, height } = maker.map().getBoundingClientRect();
    const data = deckInstance.props.layers.at(-1).props.data;
    for (let i = 0; i < 500; i++) {
      const [x, y] = viewport.project(data[Math.floor((attempt * 500 + i) * 0.618 * data.length) % data.length].at);
      if (x > 60 && y > 60 && x < width - 60 && y < height - 60) return { x: left + x, y: top + y };
    }
    return null;
  },
  input: "pointermove",
  card: () => {
    const tip = document.querySelector(".deck-tooltip");
    return !!tip && tip.checkVisibility() && tip.textContent.trim().length > 1;
  },
  close: () => {},
};
