"""The same file made into a page by other makers; run as a process of its own:
python tests/bench/comparing/builders.py MAKER IN.csv OUT.html

Each is used as its documentation shows for events with a text and lines. The file is read with the csv module, rows without
a usable position are left out, lines lie below marks (a canvas gives the click to what was put in last), and nothing is
aggregated that the maker does not aggregate itself. folium keeps its default tiles. Prints one line of JSON: how many marks
and lines were put in.
"""

from __future__ import annotations

import csv
import html
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

POSITION = (("lat", "lon"), ("target_latitude", "target_longitude"))
ORIGIN = (("origin_lat", "origin_lon"), ("takeoff_latitude", "takeoff_longitude"))


@dataclass(frozen=True, slots=True)
class Mark:
    lat: float
    lon: float
    text: str
    """Every other cell that is not empty."""
    origin: tuple[float, float] | None
    """Lat and lon."""


def marks(path: Path) -> list[Mark]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        names = rows.fieldnames or []
        at = next(pair for pair in POSITION if pair[0] in names)
        start = next((pair for pair in ORIGIN if pair[0] in names), None)
        texts = [name for name in names if name not in (*at, *(start or ()))]
        found = []
        for row in rows:
            position = number_pair(row[at[0]], row[at[1]])
            if position is None:
                continue
            text = "\n".join(f"{name}: {row[name]}" for name in texts if row[name])
            found.append(Mark(*position, text, number_pair(row[start[0]], row[start[1]]) if start else None))
    return found


def number_pair(lat: str | None, lon: str | None) -> tuple[float, float] | None:
    try:
        found = float(lat or ""), float(lon or "")
    except ValueError:
        return None
    return found if -90 <= found[0] <= 90 and -180 <= found[1] <= 180 else None


def markup(mark: Mark) -> str:
    # Braces: folium runs what looks like a template.
    return html.escape(mark.text).replace("{", "&#123;").replace("\n", "<br>")


def name(mark: Mark) -> str:
    """Its first cell, for a tooltip."""
    return markup(mark).split("<br>")[0]


def box(found: list[Mark]) -> list[list[float]]:
    return [
        [min(m.lat for m in found), min(m.lon for m in found)],
        [max(m.lat for m in found), max(m.lon for m in found)],
    ]


def folium_lines(target: Any, found: list[Mark]) -> int:
    import folium

    for mark in found:
        if mark.origin:
            folium.PolyLine([mark.origin, (mark.lat, mark.lon)], weight=1).add_to(target)
    return sum(mark.origin is not None for mark in found)


def folium_naive(found: list[Mark], out: Path) -> int:
    """As folium's first page has it: a Marker with Popup, tooltip and Icon an event; a PolyLine an arc."""
    import folium

    target = folium.Map()
    lines = folium_lines(target, found)
    for mark in found:
        popup = folium.Popup(markup(mark), max_width=300)
        folium.Marker((mark.lat, mark.lon), popup=popup, tooltip=name(mark), icon=folium.Icon(color="red")).add_to(
            target
        )
    target.fit_bounds(box(found))
    target.save(out)
    return lines


def folium_canvas(found: list[Mark], out: Path) -> int:
    """A CircleMarker with Popup and tooltip an event and a PolyLine an arc, on Leaflet's canvas."""
    import folium

    target = folium.Map(prefer_canvas=True)
    lines = folium_lines(target, found)
    for mark in found:
        popup = folium.Popup(markup(mark), max_width=300)
        folium.CircleMarker((mark.lat, mark.lon), radius=4, popup=popup, tooltip=name(mark)).add_to(target)
    target.fit_bounds(box(found))
    target.save(out)
    return lines


def folium_cluster(found: list[Mark], out: Path) -> int:
    """FastMarkerCluster with a callback that binds popup and tooltip, and a PolyLine an arc."""
    import folium
    from folium.plugins import FastMarkerCluster

    callback = (
        "function (row) { return L.marker(new L.LatLng(row[0], row[1]))"
        ".bindPopup(row[2], {maxWidth: 300}).bindTooltip(row[3]); }"
    )
    target = folium.Map()
    lines = folium_lines(target, found)
    FastMarkerCluster([[mark.lat, mark.lon, markup(mark), name(mark)] for mark in found], callback=callback).add_to(
        target
    )
    target.fit_bounds(box(found))
    target.save(out)
    return lines


def folium_geojson(found: list[Mark], out: Path) -> int:
    """One GeoJson layer of points with GeoJsonPopup and GeoJsonTooltip, one of lines, on Leaflet's canvas."""
    import folium

    def collection(features: list[dict[str, Any]]) -> dict[str, Any]:
        return {"type": "FeatureCollection", "features": features}

    def feature(kind: str, coordinates: Any, properties: dict[str, str]) -> dict[str, Any]:
        return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}

    target = folium.Map(prefer_canvas=True)
    flown = [
        feature("LineString", [[mark.origin[1], mark.origin[0]], [mark.lon, mark.lat]], {})
        for mark in found
        if mark.origin
    ]
    if flown:
        folium.GeoJson(collection(flown), style_function=lambda feature: {"weight": 1}).add_to(target)
    folium.GeoJson(
        collection([feature("Point", [mark.lon, mark.lat], {"text": markup(mark), "name": name(mark)}) for mark in found]),
        marker=folium.CircleMarker(radius=4), popup=folium.GeoJsonPopup(["text"], labels=False),
        tooltip=folium.GeoJsonTooltip(["name"], labels=False),
    ).add_to(target)  # fmt: skip
    target.fit_bounds(box(found))
    target.save(out)
    return len(flown)


def pydeck(found: list[Mark], out: Path) -> int:
    """A ScatterplotLayer and an ArcLayer with a tooltip; no base map, whose style would come from the network."""
    import pydeck as pdk

    events = [{"at": [m.lon, m.lat], "text": m.text} for m in found]
    flown = [{"from": [m.origin[1], m.origin[0]], "to": [m.lon, m.lat], "text": m.text} for m in found if m.origin]
    (south, west), (north, east) = box(found)
    layers = [
        pdk.Layer(
            "ArcLayer", flown, get_source_position="from", get_target_position="to", get_width=1,
            get_source_color=[0, 90, 160, 90], get_target_color=[160, 30, 0, 90], pickable=True,
        ),
        pdk.Layer(
            "ScatterplotLayer", events, get_position="at", get_fill_color=[160, 30, 0], get_radius=4,
            radius_units=pdk.types.String("pixels"), pickable=True,
        ),
    ]  # fmt: skip
    view = pdk.data_utils.compute_view([[west, south], [east, north]])
    deck = pdk.Deck(
        layers if flown else layers[1:], initial_view_state=view, map_provider=None, tooltip={"text": "{text}"}
    )
    deck.to_html(str(out), notebook_display=False, open_browser=False)
    return len(flown)


def plotly(found: list[Mark], out: Path) -> int:
    """A scattermap trace of markers with hover texts and one of lines, on the style that asks for no tiles."""
    import plotly.graph_objects as go

    flown = [mark for mark in found if mark.origin]
    lat: list[float | None] = []
    lon: list[float | None] = []
    for mark in flown:
        assert mark.origin is not None
        lat += [mark.origin[0], mark.lat, None]
        lon += [mark.origin[1], mark.lon, None]
    lines = [go.Scattermap(lat=lat, lon=lon, mode="lines", line={"width": 1}, hoverinfo="skip")] if flown else []
    texts = [html.escape(mark.text).replace("\n", "<br>") for mark in found]
    events = go.Scattermap(
        lat=[m.lat for m in found],
        lon=[m.lon for m in found],
        text=texts,
        hoverinfo="text",
        mode="markers",
        marker={"size": 8},
    )
    (south, west), (north, east) = box(found)
    bounds = {
        "map": {
            "style": "white-bg",
            "center": {"lat": (south + north) / 2, "lon": (west + east) / 2},
            "zoom": zoom(west, east),
        }
    }
    go.Figure([*lines, events], layout=bounds).write_html(out)
    return len(flown)


def zoom(west: float, east: float) -> float:
    """At which 1,200 px show these longitudes."""
    from math import log2

    return max(0.0, log2(1200 / 512 * 360 / max(east - west, 0.01)))


MAKERS: dict[str, Callable[[list[Mark], Path], int]] = {
    "folium-naive": folium_naive,
    "folium-canvas": folium_canvas,
    "folium-cluster": folium_cluster,
    "folium-geojson": folium_geojson,
    "pydeck": pydeck,
    "plotly": plotly,
}


def main(name: str, source: Path, out: Path) -> None:
    found = marks(source)
    lines = MAKERS[name](found, out)
    print(json.dumps({"marks": len(found), "lines": lines}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
