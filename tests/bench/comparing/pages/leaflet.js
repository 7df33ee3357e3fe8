// A page by folium. `expected` is how many marks and lines its maker put in.
window.maker = {
  find: () => maker.found ??= Object.keys(window).filter((name) => /^map_/.test(name)).map((name) => window[name]).find((one) => one instanceof L.Map),
  layers: () => Object.values(maker.find()._layers),
  group: () => L.MarkerClusterGroup && maker.layers().find((layer) => layer instanceof L.MarkerClusterGroup),
  // All layers are on the map; Leaflet draws a canvas in the animation frame after that, before ours ends.
  ready: () => {
    const all = maker.layers(), group = maker.group();
    const lines = all.filter((layer) => layer instanceof L.Polyline && !(layer instanceof L.Polygon)).length;
    const marks = group ? group.getLayers().length : all.filter((layer) => layer instanceof L.Marker || layer instanceof L.CircleMarker).length;
    return marks >= expected.marks && lines >= expected.lines;
  },
  map: () => document.querySelector(".leaflet-container"),
  view: () => JSON.stringify([maker.find().getCenter(), maker.find().getZoom()]),
  // A mark that nothing else covers; another one at every attempt.
  spot: (attempt) => {
    const map = maker.find(), group = maker.group();
    const { left, top, width, height } = maker.map().getBoundingClientRect();
    const marks = (group ? group.getLayers() : maker.layers()).filter((layer) => layer instanceof L.Marker || layer instanceof L.CircleMarker);
    const tries = group ? 3 : 500;
    for (let i = 0; i < tries; i++) {
      const mark = marks[Math.floor((attempt * tries + i) * 0.618 * marks.length) % marks.length];
      // A cluster opens into its marks where the map comes close enough.
      if (group) map.setView(mark.getLatLng(), map.getMaxZoom(), { animate: false });
      const at = map.latLngToContainerPoint(mark.getLatLng());
      if (at.x < 60 || at.y < 60 || at.x > width - 60 || at.y > height - 60) continue;
      if (mark instanceof L.Marker && !mark._icon) continue;
      const box = mark._icon?.getBoundingClientRect();
      const point = box ? { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 } : { x: left + at.x, y: top + at.y };
      const hit = document.elementFromPoint(point.x, point.y);
      if (box ? mark._icon.contains(hit) : maker.map().contains(hit)) return point;
    }
    return null;
  },
  input: "click",
  card: () => {
    const text = document.querySelector(".leaflet-popup-content");
    return !!text && text.offsetHeight > 0 && text.textContent.trim().length > 1;
  },
  close: () => maker.find().closePopup(),
};
