// A page by plotly: a scattermap subplot. It has a hover label under the pointer, no card.
window.maker = {
  plot: () => document.querySelector(".js-plotly-plot"),
  gl: () => maker.plot()._fullLayout.map._subplot.map,
  ready: () => maker.plot().calcdata.length > 0 && maker.gl().loaded() && maker.gl().areTilesLoaded(),
  map: () => document.querySelector(".js-plotly-plot .maplibregl-canvas"),
  view: () => JSON.stringify([maker.gl().getCenter(), maker.gl().getZoom()]),
  spot: (attempt) => {
    const { left, top, width, height } = maker.map().getBoundingClientRect();
    const { lon, lat } = maker.plot()._fullData.find((trace) => trace.mode === "markers");
    for (let i = 0; i < 500; i++) {
      const row = Math.floor((attempt * 500 + i) * 0.618 * lon.length) % lon.length;
      const { x, y } = maker.gl().project([lon[row], lat[row]]);
      if (x > 60 && y > 60 && x < width - 60 && y < height - 60) return { x: left + x, y: top + y };
    }
    return null;
  },
  input: "mousemove",
  card: () => (document.querySelector(".hoverlayer .hovertext")?.textContent ?? "").trim().length > 1,
  close: () => {},
};
