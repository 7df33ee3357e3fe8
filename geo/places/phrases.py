"""What stands around a name: class words, "near", "5 km west of", and the areas that it is said to lie in.

Pure: text in, a `Phrase` out. Words are compared as `names.fold` leaves them, so case, accents and articles
do not matter. Four languages share one table, since a sheet mixes them freely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from geo.places.names import fold

# A class word says which kinds of place can be meant. `rural` is a governorate named after its city.
_CLASSES: dict[str, str] = {
    "country": "country|pays|state|بلد|دوله|страна|republic|république|جمهوريه|республика",
    "governorate": "governorate|gouvernorat|muhafazah|muhafaza|mohafazat|wilayat|wilaya|oblast|province|emirate|"
    "emirat|محافظه|ولايه|اماره|провинция|провинции|провинцию|провинцией|мухафаза|мухафазы|мухафазе|губернаторство|"
    "governorates|provinces|область|области|областью|вилайет|вилайета",
    "rural": "countryside|rural|campagne|ريف|сельская местность|сельской местности|rif",
    "district": "district|caza|qada|قضاء|مديريه|район|района|районе|nahiya|nahiyah|subdistrict|sub district|ناحيه",
    "region": "region|région|منطقه|اقليم|регион|региона|регионе",
    "city": "city|ville|town|city centre|city center|centre ville|مدينه|بلده|город|города|городе|городу|городом|г|"
    "village|hameau|localité|قريه|село|села|селе|деревня|деревни|деревне|поселок|поселка|поселке|пгт|downtown|"
    "town centre|municipality|commune|agglomération|"
    "suburb|suburbs|banlieue|faubourg|neighbourhood|neighborhood|quarter|quartier|حي|квартал|camp|refugee camp|مخيم|лагерь|"
    "villages|hills|junction|port|harbour|seaport|ميناء|مرفأ|порт|порта",
    "airfield": "air base|airbase|airfield|air field|air force base|afb|airport|military airport|international airport|"
    "base aérienne|aéroport|aérodrome|aéroport militaire|base militaire|base|قاعده|قاعده جويه|مطار|مطار عسكري|مطار العسكري|"
    "авиабаза|авиабазы|авиабазе|авиабазу|аэродром|аэродрома|аэродроме|аэропорт|аэропорта|база|ab|raf",
    "border": "border|borders|frontière|حدود|граница|границы|границе",
    "sea": "sea|mer|بحر|море|моря|море",
}
_WORDS: dict[str, str] = {fold(word): kind for kind, words in _CLASSES.items() for word in words.split("|")}
_LONGEST = max(len(word.split()) for word in _WORDS)

_NEAR_WORDS = (
    "near|nearby|close to|in the vicinity of|vicinity of|around|outside|outskirts of|area of|in the area of|"
    "just outside|on the outskirts of|at the outskirts of|on the edge of|à la périphérie de|en périphérie de|près de|près|proche de|aux environs de|environs de|autour de|à proximité de|aux abords de|banlieue de|"
    "قرب|بالقرب من|محيط|في محيط|قريب من|ضواحي|في ضواحي|أطراف|على أطراف|"
    "близ|около|вблизи|рядом с|под|недалеко от|в районе|в окрестностях|окрестности|пригород|на окраине"
)
_IN_WORDS = "in|inside|at|within|à|dans|en|sur|في|داخل|в|во|на"
_NEAR = frozenset(map(fold, _NEAR_WORDS.split("|")))
_IN = frozenset(map(fold, _IN_WORDS.split("|")))

_ARABIC_ARTICLES = frozenset("al ar as ash ad at az an el er es ed et ez en".split())

_COMPASS: dict[str, float] = {}
for _bearing, _forms in (
    (0, "north|n|nord|شمال|شمالي|север|севернее|к северу"),
    (22.5, "nne|north northeast|north north east"),
    (45, "northeast|north east|ne|nord est|شمال شرق|شمال الشرقي|شمال شرقي|северо восток|северо восточнее|к северо востоку"),
    (67.5, "ene|east northeast|east north east"),
    (90, "east|e|est|شرق|شرقي|восток|восточнее|к востоку"),
    (112.5, "ese|east southeast|east south east"),
    (135, "southeast|south east|se|sud est|جنوب شرق|جنوب الشرقي|جنوب شرقي|юго восток|юго восточнее|к юго востоку"),
    (157.5, "sse|south southeast|south south east"),
    (180, "south|s|sud|جنوب|جنوبي|юг|южнее|к югу"),
    (202.5, "ssw|south southwest|south south west"),
    (225, "southwest|south west|sw|sud ouest|so|جنوب غرب|جنوب الغربي|جنوب غربي|юго запад|юго западнее|к юго западу"),
    (247.5, "wsw|west southwest|west south west"),
    (270, "west|w|ouest|o|غرب|غربي|запад|западнее|к западу"),
    (292.5, "wnw|west northwest|west north west"),
    (315, "northwest|north west|nw|nord ouest|no|شمال غرب|شمال الغربي|شمال غربي|северо запад|северо западнее|к северо западу"),
    (337.5, "nnw|north northwest|north north west"),
):
    for _form in _forms.split("|"):
        _COMPASS[_form] = float(_bearing)

_UNITS: dict[str, float] = {}
for _metres, _forms in (
    (1000.0, "km|kms|kilometers|kilometres|kilometer|kilometre|kilomètres|kilomètre|كم|كيلومتر|كيلومترا|كيلومترات|كلم"),
    (1000.0, "км|километров|километрах|километра|километре|километр"),
    (1852.0, "nm|nmi|nautical miles|nautical mile|milles marins|mille marin|морских миль|ميل بحري"),
    (1609.344, "mi|mile|miles|миль|мили|милях|ميل|أميال|ميلا"),
    (1.0, "m|metres|meters|metre|meter|mètres|mètre|متر|مترا|м|метров|метрах"),
):
    for _form in _forms.split("|"):
        _UNITS[_form] = _metres



def _alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of `words`, longest first, with a hyphen for a space."""
    return "|".join(sorted((re.escape(w).replace(r"\ ", r"[\s\-]+") for w in words), key=len, reverse=True))


_RELATIVE = re.compile(
    rf"""^\s*(?:approximately|approx\.?|about|some|around|roughly|à\s+environ|environ|à|في|على\s+بعد|نحو|حوالي|في\s+|примерно|около|в)?\s*
    (?:на\s+расстоянии\s+)?
    (?P<number>\d+(?:[.,]\d+)?)\s*-?\s*(?P<unit>{_alternatives(_UNITS)})(?!\w)\.?\s*
    (?:to\s+the\s+|au\s+|à\s+l['’]|a\s+l['’]|в\s+|на\s+|из\s+|إلى\s+|الى\s+|من\s+)*(?:ال)?(?:(?P<side>{_alternatives(_COMPASS)})(?:ern)?(?!\w)\.?\s*)?
    (?:of\s+|from\s+|off\s+|de\s+la\s+|de\s+l['’]|de\s+|du\s+|d['’]|от\s+|من\s+)*(?P<rest>\S.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_SIDE = re.compile(
    rf"^\s*(?:(?:in|to|au|dans|à)\s+)?(?:the\s+|le\s+|l['’])?"
    rf"(?P<side>{_alternatives(w for w in _COMPASS if len(w) > 3)})(?:ern)?\s+"
    r"(?:of\s+|de\s+la\s+|de\s+l['’]|de\s+|du\s+|d['’]|от\s+|من\s+)?(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_ASIDE = re.compile(rf"\s(?:{_alternatives(w for w in _COMPASS if len(w) > 3)})\s+(?:of|de|du|от|من)\s", re.IGNORECASE)
_AMOUNT = re.compile(rf"\d+(?:[.,]\d+)?\s*-?\s*(?:{_alternatives(_UNITS)})(?!\w)", re.IGNORECASE)
_ROUND = {"dizaine": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50,
          "soixantaine": 60, "centaine": 100}  # fmt: skip
_ROUGHLY = re.compile(rf"\b(?:une\s+)?(?P<word>{'|'.join(_ROUND)})\s+(?:de\s+|d['’])(?=\w)", re.IGNORECASE)
_DASH = r"(?:\s*[–—]\s*|\s+-\s+|-(?=[A-ZА-Я])|\s+to\s+)"
_ROAD = re.compile(
    rf"^(?:.*\b(?:on|along|sur)\s+)?(?:the\s+)?(?P<a>\S.*?){_DASH}(?P<b>\S.*?)\s+(?:road|highway|motorway|expressway)$"
    rf"|^(?:.*?\s)?(?:route|autoroute|طريق|الطريق|أوتوستراد|трасс[аеы]|дорог[аеи]|шоссе)\s+(?P<c>\S.*?){_DASH}(?P<d>\S.*)$"
)
_BETWEEN = re.compile(r"^(?:.{0,40}\s)?(?:between|entre|بين|между)\s+(?P<a>.+?)\s+(?:and|et|و\s*|и)\s*(?P<b>\S.*)$", re.IGNORECASE)
_BRACKETS = re.compile(r"^(?P<name>[^()\[\]]+?)\s*[(\[](?P<inside>[^()\[\]]+)[)\]]\s*$")
_INSIDE = re.compile(r"^(?P<name>\S.*?)\s+(?:in|dans|в|في)\s+(?:the\s+|la\s+|le\s+)?(?P<area>[^\W\d].*)$", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[,;،]\s*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A place as it was written, taken apart."""

    name: str
    kind: str | None = None
    """The class word beside the name: country, governorate, rural, district, region, city, airfield, sea, border."""
    bare: str = ""
    """The name without its class words; equal to `name` where there are none."""
    near: bool = False
    metres: float | None = None
    """How far from the place ("5 km west of"), with `bearing` in degrees; a bearing alone is "west of"."""
    bearing: float | None = None
    between: str | None = None
    """The other end of "between A and B"."""
    others: tuple[str, ...] = ()
    """Other names given for the same place: "Tadmur/Palmyra", "Tiyas (T4)"."""
    within: tuple[str, ...] = ()
    """Areas named after the place: "Raqqa, Syria"."""


@lru_cache(maxsize=65_536)
def parse(text: str) -> Phrase:
    """Takes a phrase apart; a text without any of these words comes back as its own name."""
    text = " ".join(text.split())
    within: tuple[str, ...] = ()
    if match := _BRACKETS.match(text):
        within = (match["inside"],)
        text = match["name"]
    head, *rest = _SPLIT.split(text)
    if rest and head:
        text = head
        within = (*(part for part in rest if part), *within)
    if match := _INSIDE.match(text):
        # "Hit in Al Anbar Province"
        text, within = match["name"], (*within, match["area"])
    if match := _BETWEEN.match(text):
        first = parse(match["a"])
        return replace(first, between=match["b"], within=within)
    if match := _ROAD.match(text):
        return replace(parse(match["a"] or match["c"]), between=match["b"] or match["d"], within=within)
    metres = bearing = None
    text = _ROUGHLY.sub(lambda m: f"{_ROUND[m['word'].lower()]} ", text)
    match = _RELATIVE.match(text)
    if match is None and (amount := _AMOUNT.search(text)):
        # "à quelque 60 km", "على مسافة 20 كم", "a strike 5 km": a direction must follow words that are not known.
        match = _RELATIVE.match(text[amount.start() :])
        match = match if match and match["side"] else None
    if match:
        metres = float(match["number"].replace(",", ".")) * _UNITS[_key(match["unit"], _UNITS)]
        bearing = _COMPASS[_key(match["side"], _COMPASS)] if match["side"] else None
        text = match["rest"]
    near = False
    raw = text.split()
    while len(raw) > 1:
        for count in (4, 3, 2, 1):
            if 1 < count < len(raw) and raw[count - 1].casefold() in _ARABIC_ARTICLES:
                continue  # "near Al Hasakah": the article belongs to the name
            lead = fold(" ".join(raw[:count]))
            if len(raw) > count and (lead in _NEAR or lead in _IN):
                near = near or lead in _NEAR
                raw = raw[count:]
                break
        else:
            break
    text = " ".join(raw)
    if not near and metres is None and (match := _SIDE.match(text)):
        bearing = _COMPASS[_key(match["side"], _COMPASS)]
        return Phrase(text, *_class(match["rest"]), bearing=bearing, within=within)
    kind, bare = _class(text)
    others: tuple[str, ...] = ()
    if "/" in text and kind != "border" and not _ASIDE.search(text):
        names = [part.strip() for part in text.split("/") if part.strip()]
        if len(names) > 1:
            text, others = names[0], tuple(names[1:])
            bare = _class(text)[1]
    return Phrase(text, kind, bare, near, metres, bearing, None, others, within)


def _key(found: str, table: dict[str, float]) -> str:
    plain = re.sub(r"[\s\-]+", " ", found.casefold())
    return plain if plain in table else next(k for k in table if k.casefold() == plain)


def _class(text: str) -> tuple[str | None, str]:
    """The class word at either end and the name without it ("Aleppo governorate", "محافظة حلب")."""
    words = fold(text).split()
    kind: str | None = None
    while len(words) > 1:
        for count in range(min(_LONGEST, len(words) - 1), 0, -1):
            if found := _WORDS.get(" ".join(words[:count])):
                words = words[count:]
                break
            if found := _WORDS.get(" ".join(words[-count:])):
                words = words[:-count]
                break
        else:
            break
        kind = kind if kind in ("governorate", "airfield", "border") else found
    if kind is None and any(_WORDS.get(word) == "border" for word in words):
        kind = "border"
    return kind, " ".join(words)
