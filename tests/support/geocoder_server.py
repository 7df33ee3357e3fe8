"""A real HTTP server on this machine that speaks as Nominatim, Photon and Pelias do, faults included."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Spot:
    """A place that the server knows. `type` is its word for it, `box` is west, south, east, north."""

    lat: float
    lon: float
    type: str = "village"
    country: str = "sy"
    box: tuple[float, float, float, float] | None = None
    name: str | None = None


@dataclass(frozen=True)
class Fault:
    """An answer that is none: a status with headers, or a body that is sent as it stands."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"[]"
    cut: int = 0
    """How many more bytes are promised than sent."""
    hang: bool = False
    """Whether nothing is answered until the server stops."""


@dataclass
class Geocoder:
    """What was asked, and what is answered: the `faults` first, one a request, then `spots` by name."""

    spots: dict[str, list[Spot]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    domain: str = ""
    queries: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    asked: threading.Condition = field(default_factory=threading.Condition)
    stopped: threading.Event = field(default_factory=threading.Event)

    def wait_for(self, count: int, seconds: float = 20.0) -> bool:
        """Whether so many names were asked for in time."""
        with self.asked:
            return self.asked.wait_for(lambda: len(self.queries) >= count, seconds)


def nominatim(name: str, spots: Sequence[Spot]) -> Any:
    return [
        {
            "osm_type": "node", "osm_id": number, "lat": str(spot.lat), "lon": str(spot.lon), "class": "place",
            "type": spot.type, "addresstype": spot.type, "name": spot.name or name,
            "display_name": f"{spot.name or name}, Somewhere", "address": {"country_code": spot.country},
            "boundingbox": [str(spot.box[i]) for i in (1, 3, 0, 2)] if spot.box else None,
        }
        for number, spot in enumerate(spots, 1)
    ]  # fmt: skip


def photon(name: str, spots: Sequence[Spot]) -> Any:
    def one(number: int, spot: Spot) -> Any:
        own = {
            "osm_type": "N", "osm_id": number, "osm_key": "place", "osm_value": spot.type, "name": spot.name or name,
            "countrycode": spot.country.upper(),
        }  # fmt: skip
        if spot.box:
            own["extent"] = [spot.box[i] for i in (0, 3, 2, 1)]
        return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]}, "properties": own}

    return {"type": "FeatureCollection", "features": [one(*pair) for pair in enumerate(spots, 1)]}


def pelias(name: str, spots: Sequence[Spot]) -> Any:
    features = [
        {
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
            "properties": {"gid": f"whosonfirst:{spot.type}:{number}", "layer": spot.type, "name": spot.name or name},
        }
        for number, spot in enumerate(spots, 1)
    ]  # fmt: skip
    return {"geocoding": {}, "type": "FeatureCollection", "features": features}


SPEAKS = {"/search": ("q", nominatim), "/api": ("q", photon), "/v1/search": ("text", pelias)}


@contextmanager
def serving(**spots: Sequence[Spot] | Spot) -> Iterator[Geocoder]:
    """The server, for as long as the block lasts; `Tell_X=Spot(…)` makes it know "Tell X"."""
    known = {name.replace("_", " "): [spot] if isinstance(spot, Spot) else list(spot) for name, spot in spots.items()}
    told = Geocoder(known)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            parameter, speak = SPEAKS[url.path]
            values = {key: value[0] for key, value in parse_qs(url.query).items()}
            name = values[parameter].split(", ")[0]
            with told.asked:
                told.queries.append(name)
                told.requests.append({**values, "agent": self.headers["User-Agent"]})
                fault = told.faults.pop(0) if told.faults else None
                told.asked.notify_all()
            if fault and fault.hang:
                told.stopped.wait(20)
                return
            body = fault.body if fault else json.dumps(speak(name, told.spots.get(name, ()))).encode()
            self.send_response(fault.status if fault else 200)
            for key, value in (fault.headers if fault else {}).items():
                self.send_header(key, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body) + (fault.cut if fault else 0)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that was killed is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        told.domain = f"localhost:{server.server_port}"
        try:
            yield told
        finally:
            told.stopped.set()
            server.shutdown()
            thread.join()
