"""Names that the gazetteer does not know, asked of one online service that the user has named. The one geopy wrapper.

Only the name and its country are sent. One request goes at a time, at the service's pace; an answer, "not found" among
them, is kept in the cache before the next name is asked for. What the gazetteer knows is never asked for.

An answer is weighed like any other (`geo.places.resolve`): several places far apart are ambiguous, a place outside the
stated country or province is none, and a province or country is its outline or nothing, never a pin.
"""

from __future__ import annotations

import http.client
import inspect
import math
import os
import re
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib.metadata import version
from typing import Any, Protocol

from geo.errors import StrikemapError, UsageError, visible
from geo.model import Place, Position, Precision
from geo.places.cache import Cache, Key, where
from geo.places.gazetteer import Gazetteer
from geo.places.kinds import AIRFIELD_RADIUS_M, KINDS
from geo.places.names import fold, script
from geo.places.phrases import Phrase
from geo.places.resolve import (
    CLASS_KINDS,
    DISTRICT_KM,
    MAX_CANDIDATES,
    SAME_PLACE_KM,
    SETTLED,
    Bounds,
    Context,
    Decision,
    rung_of,
)
from geo.places.sphere import km

KEY = "STRIKEMAP_ONLINE_KEY"
"""The environment variable with the service's key; for two of them (an id and a token) `id:token`."""
TIMEOUT_S = 15.0
TRIES = 4
BACK_OFF_S = 2.0
"""The wait after the first failure; it doubles with every further one."""
MOST_WAIT_S = 120.0
"""A service that asks for a longer pause is left alone."""
MOST_UNREADABLE = 3
"""So many unreadable answers in a row end the run."""
WIDE_KM = 80.0
"""An answer whose box is wider from corner to corner is an area, whatever the service calls it."""
LONGEST = 200

OSM = "© OpenStreetMap contributors (ODbL)"
_AREAS = frozenset(("district", "governorate", "country", "region", "sea"))


@dataclass(frozen=True, slots=True)
class OnlineOptions:
    """Which service is asked, and how."""

    provider: str
    """A name that geopy knows: nominatim, photon, pelias, …"""
    domain: str | None = None
    """A server of one's own: `geo.example.org`, `localhost:8080`, `http://10.0.0.5`."""
    email: str | None = None
    """Who asks: it stands in the user agent."""
    key: str | None = None
    rate: float | None = None
    """Requests a second; None: the service's own."""
    refresh: bool = False
    """Whether names that were answered before are asked for again."""
    told: Callable[[int], None] | None = field(default=None, compare=False)
    """Called before every request, with how many there were."""


@dataclass(frozen=True, slots=True)
class Service:
    """How one service wants to be asked."""

    rate: float = 1.0
    """Requests a second. One, where a service states nothing: what the strictest of them asks for."""
    credit: str = "see the provider's terms"
    family: str = ""
    """Whose way of writing its answers is (`_READERS`)."""
    host: str = ""
    """The public server that `rate` is a rule of: it cannot be passed there."""


_TERMS: Mapping[str, Service] = {
    # https://operations.osmfoundation.org/policies/nominatim/: at most one request a second, an identifying user agent.
    "nominatim": Service(1.0, OSM, "nominatim", "nominatim.openstreetmap.org"),
    # https://photon.komoot.io/: "please be fair", no figure.
    "photon": Service(1.0, OSM, "photon", "photon.komoot.io"),
    "pelias": Service(1.0, "Pelias: see the server's terms", "pelias"),
    "geocodeearth": Service(1.0, "Geocode Earth: https://geocode.earth/guidelines", "pelias"),
    # https://www.geonames.org/export/: 1,000 credits an hour for one user.
    "geonames": Service(1000 / 3600, "GeoNames (CC BY 4.0)", "geonames", "api.geonames.org"),
    "openmapquest": Service(1.0, OSM, "nominatim"),
    "pickpoint": Service(1.0, OSM, "nominatim"),
    # https://opencagedata.com/pricing: one request a second in the free trial.
    "opencage": Service(1.0, "OpenCage; " + OSM, "opencage"),
}

_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("city",), "city"),
    **dict.fromkeys(("town", "municipality"), "town"),
    **dict.fromkeys(
        ("village", "hamlet", "isolated_dwelling", "farm", "allotments", "locality", "localadmin"),
        "village",
    ),
    **dict.fromkeys(
        ("suburb", "neighbourhood", "neighborhood", "quarter", "borough", "city_district", "city_block", "residential", "PPLX"),
        "neighbourhood",
    ),
    **dict.fromkeys(("aerodrome", "airport", "airfield", "heliport", "AIRP", "AIRB", "AIRF"), "airfield"),
    **dict.fromkeys(("county", "district", "state_district", "subdistrict", "ADM2", "ADM3"), "district"),
    **dict.fromkeys(("state", "province", "governorate", "ADM1"), "governorate"),
    **dict.fromkeys(("country", "dependency", "PCLI", "PCL", "PCLD"), "country"),
    **dict.fromkeys(
        ("region", "macroregion", "macrocounty", "continent", "empire", "archipelago", "desert", "plain", "RGN", "DSRT"), "region"
    ),
    **dict.fromkeys(("sea", "ocean", "bay", "gulf", "marinearea", "strait", "SEA", "OCN", "GULF"), "sea"),
    **dict.fromkeys(("street", "road", "highway", "intersection"), "street"),
    **dict.fromkeys(
        ("house", "building", "venue", "address", "amenity", "military", "historic", "tourism", "shop", "office", "railway",
         "leisure", "man_made", "power", "industrial", "natural", "landuse", "aeroway", "bridge", "dam", "tower"), "landmark"
    ),
}  # fmt: skip
"""What a service calls a place → our kind. A word that is not here gives no position: it may be any size."""


class OnlineError(StrikemapError):
    """The service did not answer, or would not. What it did answer is kept: the next run goes on from there."""


class Unreadable(Exception):
    """One answer could not be read, for the reason that this says."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place of an answer, as it is kept."""

    name: str
    lat: float
    lon: float
    type: str = ""
    """The service's own word for what it is; empty where it gives none."""
    country: str = ""
    """ISO code, small or capital letters, two or three of them; empty where it gives none."""
    box: tuple[float, float, float, float] | None = None
    """West, south, east, north."""
    id: str = ""


class Ground(Protocol):
    """What lies where: `geo.geometry.ground`, given by the caller, since places know no geometry."""

    def provinces_at(self, points: Sequence[Sequence[float]]) -> list[tuple[tuple[str, ...], str | None]]: ...


class Online:
    """A service and its cache. Give it to a gazetteer as `beyond`, and unknown names are asked of it.

    Raises `UsageError` for a service, domain, key or e-mail that cannot be used, before anything is sent. `clock` gives
    seconds since 1970, `sleep` waits for so many.
    """

    def __init__(
        self,
        options: OnlineOptions,
        ground: Ground,
        *,
        cache: Cache | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        timeout: float = TIMEOUT_S,
    ) -> None:
        self.warnings: list[str] = []
        self.provider = options.provider.lower()
        self._service = _TERMS.get(self.provider, Service())
        self._coder, self.host = _geocoder(options, self.provider, self._service, timeout)
        self._pause = 1 / _rate(options, self._service, self.host)
        self._ground, self._clock, self._sleep, self._told = ground, clock, sleep, options.told
        self._cache = cache or Cache.open(where(), self.warnings.append)
        self._refresh = options.refresh
        self._key_given = bool(options.key or os.environ.get(KEY))
        self._known: dict[Key, list[Hit]] = {}
        self._failed: dict[Key, str] = {}
        self._unreadable = 0
        self.asked = 0

    def close(self) -> None:
        self._cache.close()

    @property
    def credit(self) -> str:
        """As it stands on maps that use it."""
        name = getattr(type(self._coder), "__name__", self.provider)
        whose = "" if self.host in ("", self._service.host) else f" ({self.host})"
        return f"{name}{whose}: {self._service.credit}"

    # --- weighing ----------------------------------------------------------------------------------------------

    def __call__(self, phrase: Phrase, bounds: Bounds, context: Context, gazetteer: Gazetteer) -> Decision | None:
        """What the service's answer decides for a name that the gazetteer does not know; None for nothing.

        Raises `OnlineError` when the service cannot be used any further.
        """
        name = " ".join(phrase.name.split())
        if phrase.kind == "border" or len(fold(name)) < 2 or len(name) > LONGEST or not any(map(str.isalpha, name)):
            return None
        try:
            hits = self.hits(name, tuple(sorted(bounds.countries)), gazetteer)
        except Unreadable as error:
            return Decision(None, f"{self.provider}: {error}")
        if not hits:
            return None
        places = self._places(hits, phrase)
        inside = [place for place in places if self._admitted(place, bounds)]
        if not inside:
            if not places:
                return None
            where_else = " or ".join(dict.fromkeys(", ".join(place.countries) or "no country" for place in places[:3]))
            return Decision(
                None, f"what {self.provider} calls so lies outside {bounds.said} ({where_else})", tuple(places[:MAX_CANDIDATES])
            )
        return self._decide(inside, context, gazetteer)

    def _decide(self, found: Sequence[Place], context: Context, gazetteer: Gazetteer) -> Decision:
        best = found[0]
        listed = tuple(found[:MAX_CANDIDATES])
        said = f"not in the gazetteer; {self.provider} answers"
        near = [place for place in found if _one(best, place)]
        if len(near) < len(found):
            ours = [place for place in found if set(place.countries) & set(context.countries)]
            if not ours or not all(_one(ours[0], place) for place in ours):
                far = max(km(best.position, place.position) for place in found)
                return Decision(
                    None, f"{said} {len(found)} places of that name, up to {far:.0f} km apart; say which country or province",
                    listed, True,
                )  # fmt: skip
            near, said = ours, f"{said} the one in the countries of the other places"
        # The finest of them: a village before the district that is named after it.
        best = min(near, key=lambda place: (place.kind in _AREAS, near.index(place)))
        if best.kind not in _AREAS:
            return Decision(best, f"{said} with a {best.kind}", listed)
        if best.note:
            return Decision(None, f"{said} with something of a size that it does not state: no pin is set", listed, True)
        area = _known_area(best, gazetteer)
        if area is None:
            return Decision(
                None, f"{said} with a {best.kind}, whose outline is not known here: no pin is set in the middle of it", listed, True
            )
        return Decision(area, f"{said} with a {best.kind}; its outline is the gazetteer's", listed)

    def _places(self, hits: Sequence[Hit], phrase: Phrase) -> list[Place]:
        """The hits as places in the service's order: settlements and areas where there are any, else the rest."""
        ground = self._ground.provinces_at([Position(hit.lon, hit.lat) for hit in hits])
        found = [self._place(hit, *at) for hit, at in zip(hits, ground, strict=True)]
        wanted = CLASS_KINDS.get(phrase.kind or "", frozenset())
        if wanted:
            return [place for place in found if place.kind in wanted]
        return [place for place in found if place.kind != "landmark"] or found

    def _place(self, hit: Hit, countries: tuple[str, ...], admin1: str | None) -> Place:
        at = Position(hit.lon, hit.lat)
        kind, precision, note, radius = _sized(hit)
        # Land that several states claim is every claimant's, whatever one service says.
        if not countries and len(hit.country) == 2:
            countries = (hit.country.upper(),)
        number = hit.id or f"{hit.lat:.5f},{hit.lon:.5f}"
        return Place(
            id=f"online:{self.provider}:{number}", names={_language(hit.name): (hit.name,)}, kind=kind, position=at,
            precision=precision, countries=countries, admin1=admin1, radius_m=radius, source=self.credit, note=note,
        )  # fmt: skip

    def _admitted(self, place: Place, bounds: Bounds) -> bool:
        if bounds.countries and not bounds.countries & set(place.countries):
            return False
        if bounds.provinces and place.kind not in _AREAS - {"district"} and place.admin1 not in bounds.provinces:
            return False
        return bounds.seat is None or km(place.position, bounds.seat) <= DISTRICT_KM

    # --- asking ------------------------------------------------------------------------------------------------

    def hits(self, name: str, countries: tuple[str, ...], gazetteer: Gazetteer) -> list[Hit]:
        """What the service answers, from the cache where it was asked before; empty for "not found".

        Raises `Unreadable` for an answer that makes no sense, `OnlineError` when there is none.
        """
        key = Key(self.provider, self.host, normal(name), " ".join(countries), "en")
        if key in self._known:
            return self._known[key]
        if key in self._failed:
            raise Unreadable(self._failed[key])
        kept = None if self._refresh else self._cache.get(key)
        if kept is None:
            names = [area.name("en")[0] for code in countries if (area := gazetteer.area(f"country:{code}"))]
            try:
                found = self._ask(name, countries, names)
            except Unreadable as error:
                self._failed[key] = str(error)
                self.warnings.append(visible(f"{self.host}: {name!r}: {error}; it stays unknown"))
                self._unreadable += 1
                if self._unreadable >= MOST_UNREADABLE:
                    raise OnlineError(f"{self.host}: {self._unreadable} answers in a row are of no use: {error}") from None
                raise
            self._unreadable = 0
            stamp = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")
            self._cache.put(key, [asdict(hit) for hit in found], stamp)
        else:
            found = [Hit(**{**one, "box": tuple(one["box"]) if one["box"] else None}) for one in kept]
        self._known[key] = found
        return found

    def _ask(self, name: str, countries: tuple[str, ...], names: Sequence[str]) -> list[Hit]:
        """One name, asked until there is an answer, at most `TRIES` times."""
        takes = inspect.signature(self._coder.geocode).parameters
        extra: dict[str, Any] = {"exactly_one": False}
        if self._service.family == "nominatim":
            extra |= {"addressdetails": True, "country_codes": [code.lower() for code in countries] or None}
        elif self._service.family == "pelias":
            extra["countries"] = list(countries) or None
        elif names:
            name = f"{name}, {names[0]}"
        if "language" in takes:
            extra["language"] = "en"
        if "limit" in takes:
            extra["limit"] = MAX_CANDIDATES
        problem = ""
        for attempt in range(TRIES):
            self._wait()
            self.asked += 1
            if self._told:
                self._told(self.asked)
            try:
                return self._read(self._coder.geocode(name, **extra) or [])
            except Unreadable:
                raise
            except Exception as error:
                problem, wait = self._problem(error, BACK_OFF_S * 2**attempt)
            if wait > MOST_WAIT_S:
                raise OnlineError(f"{self.host}: {problem}, and asks to be left alone for {wait:.0f} s; run again then")
            if attempt < TRIES - 1:
                self._cache.hold(self.host, self._clock() + wait, self._clock())
        raise OnlineError(f"{self.host}: {problem}, {TRIES} times; what was answered is kept: run again later")

    def _wait(self) -> None:
        now = self._clock()
        at = self._cache.turn(self.host, now, self._pause)
        if at > now:
            self._sleep(at - now)

    def _problem(self, error: Exception, wait: float) -> tuple[str, float]:
        """What went wrong and how long to wait before the next try.

        Raises `OnlineError` where another try is of no use, `Unreadable` where only this name is concerned.
        """
        from geopy import exc

        status = next((code for one in _chain(error) if (code := getattr(one, "status_code", None))), None)
        if status in (401, 402, 403, 407) or isinstance(
            error, (exc.GeocoderAuthenticationFailure, exc.GeocoderInsufficientPrivileges)
        ):
            cure = "check the key" if self._key_given else "it may want a key (--online-key) or an e-mail (--online-email)"
            raise OnlineError(f"{self.host}: refuses us{f' ({status})' if status else ''}; {cure}") from None
        if isinstance(error, exc.GeocoderRateLimited):
            return "asked for too much (429)", max(wait, error.retry_after or 0.0)
        if isinstance(error, exc.GeocoderQuotaExceeded):
            raise OnlineError(f"{self.host}: the quota is used up; run again later") from None
        if any(isinstance(one, http.client.IncompleteRead) for one in _chain(error)):
            return "broke off in the middle of its answer", wait
        if isinstance(error, exc.GeocoderTimedOut) or any(isinstance(one, TimeoutError) for one in _chain(error)):
            return "does not answer in time" if status is None else f"is not ready ({status})", wait
        if status is not None and status >= 500:
            return f"failed ({status})", wait
        if isinstance(error, exc.GeocoderQueryError) or status is not None:
            raise Unreadable(f"the service refuses the name{f' ({status})' if status else ''}") from None
        if isinstance(error, (exc.GeocoderUnavailable, OSError)) or type(error) is exc.GeocoderServiceError:
            return f"cannot be reached ({' '.join(str(error).split())[:100]})", wait
        raise Unreadable("the answer is not what the service should send") from None

    def _read(self, answers: Sequence[Any]) -> list[Hit]:
        """The hits of an answer. Raises `Unreadable` for one without a name or a position on the Earth."""
        reader = _READERS.get(self._service.family, _plain)
        found = []
        for answer in answers[:MAX_CANDIDATES]:
            try:
                lat, lon = float(answer.latitude), float(answer.longitude)
                hit = reader(answer.raw if isinstance(answer.raw, dict) else {}, str(answer.address or ""), lat, lon)
            except Exception:
                raise Unreadable("the answer is not what the service should send") from None
            # geopy writes 0, 0 where an answer has no position.
            there = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180 and (lat or lon)
            if not there or not hit.name.strip():
                raise Unreadable("the answer holds no name or no position on the Earth")
            found.append(replace(hit, name=" ".join(hit.name.split())[:LONGEST], lat=round(lat, 6), lon=round(lon, 6)))
        return found


def normal(name: str) -> str:
    """A name as the cache keeps it: one for all cases, spaces and ways to write an accent."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _one(a: Place, b: Place) -> bool:
    """Whether two hits are one answer: near each other, or a settlement and the area that is named after it."""
    if km(a.position, b.position) <= SAME_PLACE_KM:
        return True
    city, area = (a, b) if a.kind in SETTLED else (b, a)
    same = fold(a.name("en")[0]) == fold(b.name("en")[0])
    return same and city.kind in SETTLED and area.kind in ("district", "governorate") and city.admin1 == area.admin1 is not None


def _known_area(place: Place, gazetteer: Gazetteer) -> Place | None:
    """The gazetteer's own area for an answer that is one: by name and country, and of the same sort."""
    sorts = {"governorate", "district", "region"} if place.kind in ("governorate", "district", "region") else {place.kind}
    found = [
        area for area in gazetteer.lookup(place.name("en")[0])
        if area.kind in sorts and area.outline and (area.kind == "sea" or set(area.countries) & set(place.countries))
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _language(name: str) -> str:
    return "ar" if script(name) == "ar" else "ru" if script(name) == "ru" else "en" if name.isascii() else "und"


def _sized(hit: Hit) -> tuple[str, Precision, str, float | None]:
    """Kind, precision, note and radius of a hit. The note is set where the service does not say how large it is."""
    wide = _diagonal_km(hit.box) if hit.box else None
    kind = _KINDS.get(hit.type)
    if kind in _AREAS:
        return kind, KINDS[kind], "", None
    if wide is not None and wide > WIDE_KM:
        return "region", Precision.REGION, "", None
    if kind == "street":
        return "landmark", Precision.STREET, "", None
    if kind == "airfield":
        return kind, KINDS[kind], "", AIRFIELD_RADIUS_M
    if kind == "landmark" or (kind is None and wide is not None):
        # Half the box reaches from the middle to every corner.
        radius = (wide or 0.0) * 500
        if radius > 10_000:
            return "region", Precision.REGION, "", None
        return "landmark", max(rung_of(radius), Precision.LANDMARK, key=list(Precision).index), "", None
    if kind is None:
        return "region", Precision.REGION, "size not stated", None
    return kind, KINDS[kind], "", None


def _diagonal_km(box: tuple[float, float, float, float]) -> float:
    west, south, east, north = box
    return km(Position(west, south), Position(east, north)) if abs(east - west) <= 180 else 20_000.0


# --- what each family of services writes -----------------------------------------------------------------------


def _box(west: Any, south: Any, east: Any, north: Any) -> tuple[float, float, float, float]:
    a, b, c, d = (round(float(v), 6) for v in (west, south, east, north))
    return a, min(b, d), c, max(b, d)


def _nominatim(raw: dict[str, Any], address: str, lat: float, lon: float) -> Hit:
    """https://nominatim.org/release-docs/latest/api/Output/: `addresstype` says what a boundary is one of."""
    stated = raw.get("addresstype") or raw.get("type")
    sort = str(stated if stated in _KINDS else raw.get("class") or raw.get("category") or stated or "")
    box = raw.get("boundingbox")
    return Hit(
        str(raw.get("name") or address.split(",")[0]), lat, lon, sort, str((raw.get("address") or {}).get("country_code") or ""),
        _box(box[2], box[0], box[3], box[1]) if box else None, _number(raw.get("osm_type"), raw.get("osm_id")),
    )  # fmt: skip


def _photon(raw: dict[str, Any], address: str, lat: float, lon: float) -> Hit:
    """https://github.com/komoot/photon: `osm_value` is the finer word, `extent` is west, north, east, south."""
    own = dict(raw["properties"])
    # Its district is a part of a city: https://github.com/komoot/photon/blob/master/docs/api-v1.md
    own["type"] = "suburb" if own.get("type") == "district" else own.get("type")
    sort = next((str(own[key]) for key in ("osm_value", "type", "osm_key") if own.get(key) in _KINDS), "")
    extent = own.get("extent")
    return Hit(
        str(own.get("name") or address.split(",")[0]), lat, lon, sort, str(own.get("countrycode") or ""),
        _box(extent[0], extent[3], extent[2], extent[1]) if extent else None, _number(own.get("osm_type"), own.get("osm_id")),
    )  # fmt: skip


def _pelias(raw: dict[str, Any], address: str, lat: float, lon: float) -> Hit:
    """https://github.com/pelias/documentation/blob/master/response.md: `layer`; its region is a first-order province."""
    own = raw["properties"]
    layer = str(own.get("layer") or "")
    sort = {"region": "governorate", "locality": "town", "localadmin": "town"}.get(layer, layer)
    box = raw.get("bbox")
    return Hit(
        str(own.get("name") or address.split(",")[0]), lat, lon, sort, str(own.get("country_code") or own.get("country_a") or ""),
        _box(*box) if box else None, str(own.get("gid") or ""),
    )  # fmt: skip


def _geonames(raw: dict[str, Any], address: str, lat: float, lon: float) -> Hit:
    """https://www.geonames.org/export/codes.html"""
    sort, people = str(raw.get("fcode") or ""), int(raw.get("population") or 0)
    if sort.startswith("PPL") and sort != "PPLX":
        sort = "city" if people >= 100_000 else "town" if people >= 10_000 else "village"
    return Hit(
        str(raw.get("name") or address), lat, lon, sort, str(raw.get("countryCode") or ""), None,
        str(raw.get("geonameId") or ""),
    )  # fmt: skip


def _opencage(raw: dict[str, Any], address: str, lat: float, lon: float) -> Hit:
    """https://opencagedata.com/api"""
    own, box = raw.get("components") or {}, raw.get("bounds")
    return Hit(
        address.split(",")[0], lat, lon, str(own.get("_type") or ""), str(own.get("country_code") or ""),
        _box(box["southwest"]["lng"], box["southwest"]["lat"], box["northeast"]["lng"], box["northeast"]["lat"]) if box else None,
    )  # fmt: skip


def _plain(raw: dict[str, Any], address: str, lat: float, lon: float) -> Hit:
    """A service whose words for places are not known here: a candidate for the reader, never a pin."""
    return Hit(address.split(",")[0], lat, lon)


_READERS: Mapping[str, Callable[[dict[str, Any], str, float, float], Hit]] = {
    "nominatim": _nominatim, "photon": _photon, "pelias": _pelias, "geonames": _geonames, "opencage": _opencage,
}  # fmt: skip


def _number(sort: Any, number: Any) -> str:
    return f"{str(sort)[:1].upper()}{number}" if sort and number else ""


# --- the service, as geopy has it ------------------------------------------------------------------------------


def announced(options: OnlineOptions) -> str:
    """What a person is told before anything is sent. Raises `UsageError` for options that cannot be used."""
    service = _TERMS.get(options.provider.lower(), Service())
    _, host = _geocoder(options, options.provider.lower(), service, TIMEOUT_S)
    rate = _rate(options, service, host)
    pace = f"{rate:.3g} a second" if rate >= 1 else f"one every {1 / rate:.3g} s"
    return f"{host} is asked for names that the gazetteer does not know, {pace}; only the name and its country are sent"


def _rate(options: OnlineOptions, service: Service, host: str) -> float:
    rate = options.rate or service.rate
    if host == service.host and rate > service.rate:
        raise UsageError(
            f"--online-rate {rate:g}: {host} allows {service.rate:.3g} a second; ask a server of your own (--online-domain)"
        )
    return rate


_LOCAL = re.compile(r"localhost|127(\.\d{1,3}){3}|\[::1\]")
_DOMAIN = re.compile(r"(?:(?P<scheme>https?)://)?(?P<domain>(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?(?P<path>(/[\w.~-]+)*))/?")


def _geocoder(options: OnlineOptions, provider: str, service: Service, timeout: float) -> tuple[Any, str]:
    """geopy's geocoder and the host that it asks. Nothing is sent yet."""
    from geopy import exc
    from geopy.geocoders import SERVICE_TO_GEOCODER, get_geocoder_for_service

    try:
        kind = get_geocoder_for_service(provider)
    except exc.GeocoderNotFound:
        near = get_close_matches(provider, sorted(SERVICE_TO_GEOCODER), 1, 0.5)
        cure = f"did you mean {near[0]}?" if near else "choose nominatim, photon, pelias or another that geopy knows"
        raise UsageError(f"--online {options.provider[:60]!r}: no such service; {cure}") from None
    takes = inspect.signature(kind).parameters
    given: dict[str, Any] = {"timeout": timeout, "adapter_factory": _adapter(service.family)}
    scheme, domain = _domain(options.domain)
    if domain:
        if "domain" not in takes:
            raise UsageError(f"--online-domain: {provider} has one server only")
        given |= {"domain": domain, "scheme": scheme} if "scheme" in takes else {"domain": domain}
        if _LOCAL.fullmatch(domain.split("/")[0].rsplit(":", 1)[0] if not domain.endswith("]") else domain):
            given["proxies"] = {}
    elif takes["domain"].default is inspect.Parameter.empty if "domain" in takes else False:
        raise UsageError(f"--online {provider}: say which server with --online-domain")
    email = options.email
    if email is not None and not re.fullmatch(r"[\x21-\x7e]+@[\x21-\x7e]+\.[\x21-\x7e]+", email):
        raise UsageError(f"--online-email {visible(email)[:60]}: this is no e-mail address")
    if provider == "nominatim" and not email and (not domain or domain == service.host):
        raise UsageError(
            "--online nominatim: the public server wants to know who asks: give your address with --online-email, "
            "or a server of your own with --online-domain"
        )
    given["user_agent"] = f"strikemap/{version('strikemap')}" + (f" ({email})" if email else "")
    secret = options.key or os.environ.get(KEY) or ""
    needed = [name for name, one in takes.items() if one.default is one.empty and name != "domain"]
    if needed and not secret:
        raise UsageError(f"--online {provider}: it needs a key ({', '.join(needed)}); set {KEY}, or give --online-key")
    optional = [name for name in ("api_key", "apikey") if name in takes]
    names = needed or optional[:1]
    if secret and not names:
        raise UsageError(f"--online-key: {provider} takes no key")
    parts = secret.split(":", len(names) - 1) if names else []
    if secret and len(parts) != len(names):
        raise UsageError(f"--online {provider}: the key has {len(names)} parts; write them as {':'.join(names)}")
    given |= dict(zip(names, parts, strict=False)) if secret else {}
    try:
        coder = kind(**given)
    except exc.ConfigurationError as error:
        raise UsageError(f"--online {provider}: {' '.join(str(error).split())[:200]}") from None
    host = domain or str(getattr(coder, "domain", "") or provider)
    return coder, host.split("://")[-1].strip("/")


def _domain(text: str | None) -> tuple[str, str]:
    """Scheme and domain. A server on this machine is asked in plain HTTP unless `https://` is said."""
    if text is None:
        return "https", ""
    match = _DOMAIN.fullmatch(text)
    if match is None:
        raise UsageError(f"--online-domain {visible(text)[:60]}: write a host such as geo.example.org or localhost:8080")
    local = _LOCAL.fullmatch(match["host"]) is not None
    return match["scheme"] or ("http" if local else "https"), match["domain"]


def _adapter(family: str) -> Callable[..., Any]:
    """geopy's own way to the network, with a look at each answer: `{}` is not "not found"."""
    from geopy.adapters import URLLibAdapter

    class Checked(URLLibAdapter):  # type: ignore[misc]
        def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
            answer = super().get_json(url, timeout=timeout, headers=headers)
            if family == "nominatim":
                sound = isinstance(answer, list)
            elif family in ("photon", "pelias"):
                sound = isinstance(answer, dict) and isinstance(answer.get("features"), list)
            else:
                sound = isinstance(answer, (dict, list))
            if not sound:
                raise Unreadable("the answer is not what the service should send")
            return answer

    return Checked
