"""A claim becomes a location, or stays unplaced with its candidates and the reason why.

The order in which a name is decided, each step written into the answer's `reason`:

1. coordinates that the claim states; they are never moved, only doubted (warnings);
2. a gazetteer id; 3. coordinates written as text; 4. the name as it stands;
5. the name without its class words ("province d'Alep" is a province, "Alep" alone the city);
6. another spelling with the same consonants, where it leads to one place only;
7. an online service, where the user has asked for one by name (`geo.places.online`);
8. the province, district or country that the claim names, marked as the area and not the place.

Several bearers of a name are told apart by what the claim says (country, province), then by prominence (a country,
a sea or a province over a settlement; a settlement twenty times as populous as the next), then by the rest
of the story. Nothing else decides: the answer is then `ambiguous`, and no position is made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from math import hypot, radians, sin

from geo.errors import UsageError
from geo.model import (
    Candidate,
    Claim,
    Event,
    LocatedStory,
    Location,
    Place,
    Position,
    Precision,
    Sortie,
    Story,
    Unplaced,
)
from geo.places.coarsen import area_at
from geo.places.doubts import doubts
from geo.places.gazetteer import Gazetteer
from geo.places.names import family, fold, heard_alike, heard_in_arabic, latin_letters, nominatives, script
from geo.places.phrases import Phrase, parse
from geo.places.positions import parse_position
from geo.places.sphere import km, step
from geo.places.userdb import is_users

SAME_PLACE_KM = 25.0
"""Candidates nearer than this to each other are one answer for a map of strikes."""
PROMINENT = 20
"""How many times as populous a settlement must be to win over the next of its name."""
CITY_PEOPLE = 100_000
"""A province of some other country does not stand for a city of so many people that bears its name."""
SEAT_PEOPLE = 10_000
SEAT_KM = 10.0
"""A settlement is the one that its province is named after from so many people, or so near to its middle."""
MAX_CANDIDATES = 10

SETTLED = frozenset(("city", "town", "village", "neighbourhood", "landmark"))
CLASS_KINDS: Mapping[str, frozenset[str]] = {
    "country": frozenset(("country",)),
    "governorate": frozenset(("governorate",)),
    "rural": frozenset(("governorate",)),
    "district": frozenset(("district", "governorate", *SETTLED)),
    "region": frozenset(("region", "governorate", "district", *SETTLED)),
    "city": SETTLED,
    "airfield": frozenset(("airfield",)),
    "sea": frozenset(("sea",)),
}
_STEP = {"country": 5, "sea": 4, "region": 4, "governorate": 2, "district": 1}
_CAPITAL_STEP = 3


def _step(place: Place) -> int:
    """What a bare name means first: a country, a sea or region, a capital of places.yaml, a province, the rest."""
    if _curated(place) and (place.capital or place.kind == "governorate"):
        return _CAPITAL_STEP
    return _STEP.get(place.kind, 0)


def _order(place: Place) -> float:
    """`_step`, with a settlement of places.yaml before a derived province of its name; the user's places come last."""
    if is_users(place):
        return -1.0 if place.kind in SETTLED or place.kind == "airfield" else -2.0
    return 2.5 if _curated(place) and place.kind in SETTLED and not place.capital else float(_step(place))



@dataclass(frozen=True, slots=True)
class Context:
    """What the rest of a story says about where it happens. It may decide between candidates, never move one."""

    countries: tuple[str, ...] = ()
    """ISO codes of the countries that the story's other places lie in."""
    near: tuple[Position, ...] = ()
    """The story's other places."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for one name: `place` is None when it is ambiguous or unknown."""

    place: Place | None
    reason: str
    candidates: tuple[Place, ...] = ()
    ambiguous: bool = False
    whole: bool = False
    """The name was known as it stands, with every word in it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the claim itself says a place must lie in."""

    countries: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    area: Place | None = None
    """The smallest area that was understood: the fallback."""
    seat: Position | None = None
    """The chief town of the stated district, where only that is known of it."""
    said: str = ""
    """The words that were understood, for the reason."""
    not_understood: tuple[str, ...] = ()
    filter: bool = False
    """The area only says which places to look through: it is no answer itself."""

    def admit(self, place: Place) -> bool:
        if self.countries and place.countries and not self.countries & set(place.countries):
            return False
        if self.provinces and place.kind not in ("country", "sea", "region"):
            if place.admin1 is not None and place.admin1 not in self.provinces:
                return False
        # A long list of villages has namesakes in every province: theirs must lie where the district does.
        return not (is_users(place) and place.kind in SETTLED and _too_far(place, self))


def locate(claim: Claim, gazetteer: Gazetteer, context: Context | None = None) -> Location | Unplaced:
    """Where a claim is, how precisely, and why; or why it cannot be placed, with the candidates."""
    context = context or Context()
    words = words_of(claim)
    if claim.position is not None:
        if claim.precision is not None and not is_given(claim):
            return _held(claim, claim.position, claim.precision, gazetteer, context)
        return _given(claim, gazetteer, words)
    return _named(claim, _bounds(claim, gazetteer, context), gazetteer, context)


def locate_within(claim: Claim, bounds: Bounds, gazetteer: Gazetteer) -> Location | Unplaced:
    """`locate` inside bounds that were understood before, such as those of `strikemap locate --in`."""
    if claim.position is not None:
        return _given(claim, gazetteer, words_of(claim))
    return _named(claim, replace(bounds, filter=True), gazetteer, Context())


def bounds_within(text: str, gazetteer: Gazetteer) -> Bounds:
    """The country, province or region that a person named ("Syria", "SY", "Aleppo governorate, Syria").

    Raises `errors.UsageError` with a plain sentence when nothing of that name is an area.
    """
    bounds = _narrow(Bounds(), tuple(part.strip() for part in text.split(",") if part.strip()), gazetteer, Context())
    if bounds.area is None or bounds.not_understood:
        said = ", ".join(bounds.not_understood) or text
        hint = gazetteer.suggest(said)
        near = f"; did you mean {', '.join(hint[:3])}?" if hint else ""
        raise UsageError(f"{said!r} is no country, province or region that the gazetteer knows{near}")
    return bounds


def candidates_for(name: str, bounds: Bounds, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Every place that was weighed for a name, best first."""
    phrase = parse(name)
    if phrase.within:
        bounds = _narrow(bounds, phrase.within, gazetteer, Context())
    return decide(phrase, bounds, gazetteer, Context()).candidates[:MAX_CANDIDATES]


def _named(claim: Claim, bounds: Bounds, gazetteer: Gazetteer, context: Context) -> Location | Unplaced:
    texts = [claim.place] if claim.place else list(dict.fromkeys((claim.name or {}).values()))
    if not texts:
        return _area_only(claim, bounds)
    answer: Location | Unplaced | None = None
    for text in texts:
        answer = _locate_text(text, claim, bounds, gazetteer, context)
        if isinstance(answer, Location):
            return answer
    assert answer is not None
    return answer


def locate_story(story: Story, gazetteer: Gazetteer) -> LocatedStory:
    """Every event's place and every mission's origins.

    Each place is looked up alone first; then the countries of all the others are the context for it.
    """
    claims = {(event.id, n): claim for event in story.events for n, claim in enumerate(_claims(event))}
    alone = {key: locate(claim, gazetteer) for key, claim in claims.items()}
    answers = dict(alone)
    everywhere = _Surroundings(alone.values())
    for key, claim in claims.items():
        # Stated coordinates need no context.
        if claim.position is None:
            others = everywhere.without(alone[key])
            if others.countries:
                answers[key] = locate(claim, gazetteer, others)
    where = {id: answer for (id, n), answer in answers.items() if n == 0}
    origins = {key: answer for key, answer in answers.items() if key[1] > 0}
    sorties: list[Sortie] = []
    unplaced: list[tuple[str, Unplaced]] = []
    for event in story.events:
        target = where[event.id]
        for n, _ in enumerate(event.origins, 1):
            origin = origins[(event.id, n)]
            if isinstance(origin, Unplaced):
                unplaced.append((event.id, origin))
            elif isinstance(target, Location):
                sorties.append(Sortie(f"{event.id}-{n}", event.mission or event.id, event.id, origin, target))
    return LocatedStory(story, where, tuple(sorties), tuple(unplaced))


class _Surroundings:
    """Countries and finely known places of many answers, counted, so that one of them can be left out quickly."""

    def __init__(self, answers: Iterable[Location | Unplaced]) -> None:
        self.countries: Counter[str] = Counter()
        self.near: Counter[Position] = Counter()
        for answer in answers:
            self.countries.update(_countries_of(answer))
            self.near.update(_near(answer))

    def without(self, answer: Location | Unplaced) -> Context:
        """The countries of the other answers, commonest first, and the places of theirs that are known finely."""
        countries = self.countries - Counter(_countries_of(answer))
        alone = {position for position in _near(answer) if self.near[position] == 1}
        near = tuple(position for position in self.near if position not in alone)
        return Context(tuple(sorted(countries, key=lambda c: (-countries[c], c))), near)


def _countries_of(answer: Location | Unplaced) -> tuple[str, ...]:
    return answer.countries if isinstance(answer, Location) else ()


def _near(answer: Location | Unplaced) -> tuple[Position, ...]:
    fine = isinstance(answer, Location) and (
        answer.precision.pinned or answer.precision in (Precision.DISTRICT, Precision.GOVERNORATE)
    )
    return (answer.position,) if fine and isinstance(answer, Location) else ()


def _claims(event: Event) -> Iterator[Claim]:
    yield event.claim or Claim()
    yield from event.origins


def words_of(claim: Claim) -> str:
    """What a claim calls its place; empty where it gives no words."""
    if claim.place:
        return claim.place
    return next(iter((claim.name or {}).values()), "")


# --- coordinates -----------------------------------------------------------------------------------------------


def _given(claim: Claim, gazetteer: Gazetteer, words: str) -> Location:
    assert claim.position is not None
    place = gazetteer.get(claim.place) if claim.place else None
    country = country_named(claim.country, gazetteer) if claim.country else None
    return as_stated(claim, claim.position, words, place, country, tuple(doubts(claim.position, gazetteer, country)))


def is_given(claim: Claim) -> bool:
    """Whether a position that this claim states stands as it is stated, rather than for the area around it."""
    return claim.precision is None or claim.precision.pinned or claim.radius_m is not None


def as_stated(
    claim: Claim, at: Position, words: str, place: Place | None, country: Place | None, warnings: tuple[str, ...] = ()
) -> Location:
    """A position as its source states it; `place` and `country` are what the gazetteer knows of the claim's."""
    return Location(
        position=at,
        precision=claim.precision or Precision.NOT_STATED,
        place=place,
        name=claim.name or ({"und": words} if words and not place else {}),
        radius_m=claim.radius_m,
        reason="coordinates as stated",
        countries=country.countries if country else place.countries if place else (),
        warnings=warnings,
    )


def _held(
    claim: Claim, at: Position, rung: Precision, gazetteer: Gazetteer, context: Context
) -> Location | Unplaced:
    """The area that a position stands for, whose source knows it to a district or wider: never a pin.

    The names that the claim states decide; where they lead to no area, the province or country that holds the position does.
    """
    own_name = rung in (Precision.SEA, Precision.REGION) or not (claim.admin2 or claim.admin1 or claim.country)
    named = replace(
        claim, position=None, precision=None,
        name=claim.name if own_name else None, place=claim.place if own_name else None,
        admin2=claim.admin2 if rung is Precision.DISTRICT else None, admin1=claim.admin1 if rung is not Precision.COUNTRY else None,
    )  # fmt: skip
    answer = locate(named, gazetteer, context)
    if isinstance(answer, Location) and not answer.precision.pinned:
        return replace(answer, name=claim.name or answer.name, reason=f"{answer.reason}; its source knows it to the {rung}")
    found = area_at(at, rung, gazetteer)
    if isinstance(found, Location) and found.precision is Precision.COUNTRY is not rung and found.place and not named.country and words_of(named):
        # A name that several countries have is that of the country which holds the position.
        answer = locate(replace(named, country=found.place.id), gazetteer, context)
        if isinstance(answer, Location) and not answer.precision.pinned:
            return replace(answer, name=claim.name or answer.name, reason=f"{answer.reason}; its source knows it to the {rung}")
        return found
    return answer if isinstance(found, Unplaced) and isinstance(answer, Unplaced) else found


# --- names -----------------------------------------------------------------------------------------------------


def _locate_text(
    text: str, claim: Claim, bounds: Bounds, gazetteer: Gazetteer, context: Context
) -> Location | Unplaced:
    name = claim.name or {"und": text}
    if place := gazetteer.get(text):
        return _at(place, claim, claim.name or {}, "gazetteer id", gazetteer)
    if found := parse_position(text):
        stated = replace(claim, position=found.position, precision=claim.precision or found.precision)
        location = _given(stated, gazetteer, "")
        return replace(location, name=name, reason=f"coordinates written as {found.form}")
    phrase = parse(text)
    asked = bounds
    if phrase.within:
        narrowed = _narrow(bounds, phrase.within, gazetteer, context)
        unknown = tuple(w for w in narrowed.not_understood if w not in bounds.not_understood)
        if unknown and "(" in text:
            # "Tiyas (T4)": what stands in brackets is another name, not an area.
            phrase = replace(phrase, others=(*phrase.others, *unknown))
            narrowed = replace(narrowed, not_understood=bounds.not_understood)
        bounds = narrowed
    if phrase.between is not None:
        return _between(phrase, claim, bounds, gazetteer, context, name)
    decision = _decide_any(phrase, bounds, gazetteer, context)
    if decision.place is None and phrase.within and not decision.candidates:
        whole = decide(parse(text.replace(",", " ").replace("،", " ")), bounds, gazetteer, context)
        decision = whole if whole.place else decision
    fallback = bounds.area is not None and not (bounds.filter and bounds.area is asked.area)
    if decision.place is None and not decision.ambiguous and gazetteer.beyond is not None:
        beyond = gazetteer.beyond(phrase, bounds, context, gazetteer)
        if beyond is not None and not (fallback and beyond.place is None):
            decision = beyond
    if decision.place is not None:
        if phrase.metres is not None or phrase.near or (phrase.bearing is not None and not decision.whole):
            return _relative(phrase, decision, claim, name, gazetteer)
        return _at(decision.place, claim, name, decision.reason, gazetteer, bounds)
    if decision.ambiguous:
        return Unplaced("ambiguous", text, _candidates(decision.candidates), decision.reason)
    if bounds.area is not None and fallback:
        return _instead(bounds.area, phrase.name, claim, name, gazetteer)
    hint = gazetteer.suggest(phrase.bare) if not decision.candidates else []
    reason = f"{decision.reason}; did you mean {', '.join(hint[:3])}?" if hint else decision.reason
    return Unplaced("unknown", text, _candidates(decision.candidates), reason)


def _instead(area: Place, said: str, claim: Claim, name: Mapping[str, str], gazetteer: Gazetteer) -> Location:
    """The area that an unknown place is said to lie in, marked as not the place."""
    reason = f"{said!r} is not in the gazetteer; {area.name('en')[0]}, which it is said to lie in, is shown"
    return replace(
        _at(area, replace(claim, precision=None), name, reason, gazetteer),
        warnings=(f"the place {said!r} is not known: its area is shown",),
    )


def _decide_any(phrase: Phrase, bounds: Bounds, gazetteer: Gazetteer, context: Context) -> Decision:
    """`decide`, trying the other names that were given for the same place; two of them far apart decide nothing."""
    first = decide(phrase, bounds, gazetteer, context)
    if not phrase.others:
        return first
    rest = [decide(parse(name), bounds, gazetteer, context) for name in phrase.others]
    found = [d for d in (first, *rest) if d.place is not None]
    places = [d.place for d in found if d.place is not None]
    if places and all(_same(places[0], p) for p in places[1:]):
        return found[0]
    return Decision(None, "names of several places", tuple(places), bool(places)) if places else first


def decide(phrase: Phrase, bounds: Bounds, gazetteer: Gazetteer, context: Context) -> Decision:
    """Which place a name means, by the rules at the head of this file."""
    if phrase.kind == "border":
        return Decision(None, "a border is a line: the gazetteer knows no place of that name")
    whole = _bearers(phrase.name, bounds, gazetteer)
    if whole and not (phrase.kind and phrase.bare and _class_speaks(phrase, whole)):
        inside = [p for p in whole if bounds.admit(p)]
        if inside and (better := _better_known(phrase.name, inside, bounds, gazetteer)):
            listed = (better, *inside)
            return Decision(None, _apart(listed), listed[:MAX_CANDIDATES], True)
        if inside:
            return replace(_choose(phrase.name, inside, bounds, gazetteer, context), whole=True)
    kinds = CLASS_KINDS.get(phrase.kind or "", frozenset())
    bare = phrase.bare or fold(phrase.name)
    found = _bearers(bare, bounds, gazetteer)
    for name in [] if found else nominatives(bare):
        found = found or _bearers(name, bounds, gazetteer)
    fit = [p for p in found if bounds.admit(p) and (not kinds or p.kind in kinds)]
    if phrase.kind == "airfield":
        fields = [p for p in gazetteer.lookup_airfield(bare) if bounds.admit(p)]
        fit = [*fit, *(p for p in fields if p not in fit)]
    if fit and phrase.kind == "district":
        named = [p for p in fit if p.kind in ("district", "neighbourhood")]
        towns = [p for p in fit if p.kind in SETTLED]
        return _district(phrase, named or towns or fit, bounds, gazetteer, context)
    if fit:
        return _choose(phrase.name, fit, bounds, gazetteer, context, phrase.kind)
    if phrase.kind in ("governorate", "rural") and found:
        # "province de Raqqa" where only the city bears that name: the province that the city lies in.
        cities = [p for p in found if bounds.admit(p) and p.kind in SETTLED and p.admin1]
        chosen = _choose(phrase.name, cities, bounds, gazetteer, context) if cities else None
        seat = chosen.place if chosen else None
        if seat and (area := gazetteer.area(f"province:{seat.admin1}")):
            return Decision(area, f"the province of {seat.name('en')[0]}")
    if phrase.kind == "airfield":
        near = [p for p in found if bounds.admit(p) and p.kind in SETTLED]
        kin = [p for p in gazetteer.lookup_family(bare) if p.kind == "airfield" and bounds.admit(p)]
        if kin:
            return _choose(phrase.name, kin, bounds, gazetteer, context, phrase.kind)
        if near:
            chosen = _choose(phrase.name, near, bounds, gazetteer, context)
            return replace(chosen, reason=f"the airfield is not in the gazetteer; {chosen.reason}")
    kin = [p for p in gazetteer.lookup_family(bare) if bounds.admit(p) and (not kinds or p.kind in kinds)]
    kin = [p for p in kin if _alike(bare, p) and not _too_far(p, bounds)]
    # From Latin to Latin letters a slip of the pen keeps the consonants as easily as another transliteration does.
    kin = [p for p in kin if not bare.isascii() or _heard_alike(bare, p, gazetteer)]
    # Among ten thousand villages many share their consonants.
    kin = [p for p in kin if not is_users(p) or _spelled_like(bare, p)]
    near_story = [p for p in kin if set(p.countries) & set(context.countries)]
    if not bounds.countries:
        # Nothing says where to look: the letters must agree, too, and one place alone be meant.
        ours = [p for p in kin if not is_users(p)]
        kin = near_story or [p for p in ours if (_known(p) or bare.isascii()) and _spelled_like(bare, p)]
        known = [p for p in kin if _curated(p)]
        others = [p for p in kin if p not in known]
        if known and all(_same(known[0], p) for p in known) and all(_much_larger(known[0], p) for p in others):
            kin = known
    if kin and (bounds.countries or near_story or all(_same(kin[0], p) for p in kin)):
        chosen = _choose(phrase.name, kin, bounds, gazetteer, context, phrase.kind)
        if chosen.place is not None:
            return replace(chosen, reason=f"another spelling of {chosen.place.name('en')[0]}; {chosen.reason}")
        return chosen
    if whole or found:
        where = f" in {bounds.said}" if bounds.said else ""
        return Decision(None, f"no place of that name{where}", tuple((whole or found)[:MAX_CANDIDATES]))
    return Decision(None, "no place of that name is in the gazetteer", tuple(kin[:MAX_CANDIDATES]))


def _district(
    phrase: Phrase, fit: Sequence[Place], bounds: Bounds, gazetteer: Gazetteer, context: Context
) -> Decision:
    """A district that is known by its chief town alone: no outline, so the province that holds it."""
    chosen = _choose(phrase.name, fit, bounds, gazetteer, context)
    if chosen.place is None or chosen.place.kind in ("district", "neighbourhood", "governorate"):
        return chosen
    if chosen.place.admin1 and (area := gazetteer.area(f"province:{chosen.place.admin1}")):
        return Decision(area, f"the district of {chosen.place.name('en')[0]} has no outline here; its province is shown")
    return chosen


def _bearers(name: str, bounds: Bounds, gazetteer: Gazetteer) -> list[Place]:
    """Places of a name; one that only a registry's long list of alternates calls so must be far larger to count."""
    weighed = gazetteer.bearers(name)
    own = [place for place, is_own in weighed if is_own and bounds.admit(place) and not is_users(place)]
    if not own or bounds.seat is not None:
        return [place for place, _ in weighed]
    most = max(place.population for place in own)
    areas = any(place.kind not in SETTLED for place in own)
    return [
        place for place, is_own in weighed
        if is_own or (not areas and place.population >= PROMINENT * max(most, 500)) or any(_same(place, p) for p in own)
    ]  # fmt: skip


def _better_known(name: str, found: Sequence[Place], bounds: Bounds, gazetteer: Gazetteer) -> Place | None:
    """A place of places.yaml that may be meant by a name which only a registry's long list gives, to places far off."""
    if bounds.countries or any(own or _curated(place) or not SETTLED & {place.kind} for place, own in gazetteer.bearers(name)):
        return None
    kin = [p for p in gazetteer.lookup_family(name) if _curated(p) and p.kind in SETTLED and _spelled_like(name, p)]
    kin = [p for p in kin if not name.isascii() or _heard_alike(fold(name), p, gazetteer)]
    kin = [p for p in kin if not any(_same(p, q) or q.population >= p.population > 0 for q in found)]
    return kin[0] if kin else None


def _class_speaks(phrase: Phrase, whole: Sequence[Place]) -> bool:
    """True where the class word must be heard although some place bears it in its name ("Aleppo governorate")."""
    kinds = CLASS_KINDS.get(phrase.kind or "", frozenset())
    if phrase.kind == "district":
        kinds = frozenset(("district", "neighbourhood"))
    return bool(kinds) and not any(p.kind in kinds for p in whole)


def _alike(bare: str, place: Place) -> bool:
    """Whether a shared family is worth more than chance: three consonants, or the same first letter."""
    key = family(bare)
    return len(key) >= 4 or (len(key) == 3 and any(n[:1] == bare[:1] for n in map(fold, _all_names(place))))


def _spelled_like(bare: str, place: Place) -> bool:
    """Whether some name of the place is near in its letters, vowels included, whatever the script."""
    letters = heard_in_arabic if script(bare) == "ar" else latin_letters
    said = letters(fold(bare)).replace(" ", "")
    matcher = SequenceMatcher(b=said, autojunk=False)
    for name in _all_names(place):
        matcher.set_seq1(letters(fold(name)).replace(" ", ""))
        if matcher.ratio() >= 0.75:
            return True
    return False


def _heard_alike(bare: str, place: Place, gazetteer: Gazetteer) -> bool:
    key = family(bare)
    shown = [form for name in _all_names(place) for form in (fold(name), parse(name).bare)]
    if any(heard_alike(bare, name) for name in shown if name.isascii() and family(name) == key):
        return True
    return any(heard_alike(bare, name) for name in gazetteer.spellings(place, bare[:1]) if family(name) == key)


def _all_names(place: Place) -> Iterator[str]:
    for forms in place.names.values():
        yield from forms


DISTRICT_KM = 60.0
"""How far from the chief town of the district that a claim states another spelling may still be meant."""


def _too_far(place: Place, bounds: Bounds) -> bool:
    return bounds.seat is not None and km(place.position, bounds.seat) > DISTRICT_KM


def _one(places: Sequence[Place]) -> bool:
    return all(km(places[0].position, p.position) <= SAME_PLACE_KM for p in places[1:])


def _choose(
    words: str, found: Sequence[Place], bounds: Bounds, gazetteer: Gazetteer, context: Context, kind: str | None = None
) -> Decision:
    """One of several places of a name, or none of them."""
    found = _city_before_its_province(found, kind)
    best = found[0]
    said = f" in {bounds.said}" if bounds.said else ""
    rivals = [p for p in found[1:] if not _same(best, p)]
    if not rivals:
        return Decision(best, f"the only place of that name{said}", tuple(found))
    if bounds.seat is not None:
        seat = bounds.seat
        by_distance = sorted(found, key=lambda p: km(p.position, seat))
        other = next(p for p in by_distance[1:] if not _same(by_distance[0], p))
        first, second = km(by_distance[0].position, seat), km(other.position, seat)
        if first <= DISTRICT_KM and first * 2 < second:
            return Decision(by_distance[0], "the one near the chief town of the stated district", tuple(found))
    declared = gazetteer.declared_ambiguous(fold(words))
    inside = [p for p in found if context.countries and set(p.countries) & set(context.countries)]
    if inside and best not in inside:
        # The story speaks against the best-known one: only a country, a sea or a province still stands.
        if _step(best) > _step(inside[0]) and not declared:
            return Decision(best, _over(best, inside[0]), tuple(found))
        if all(_same(inside[0], p) for p in inside[1:]) and not _much_larger(best, inside[0]):
            return Decision(inside[0], "the one in the countries of the other places", tuple(found))
        return Decision(None, _apart(found), tuple(found[:MAX_CANDIDATES]), True)
    if inside and all(_same(best, p) for p in inside[1:]):
        return Decision(best, "the one in the countries of the other places", tuple(found))
    if declared:
        return Decision(None, declared, tuple(found[:MAX_CANDIDATES]), True)
    if not bounds.countries and not is_users(best):
        rivals = [p for p in rivals if not is_users(p) or p.population > best.population]
        if not rivals:
            return Decision(best, "the only one of that name but for places that you added", tuple(found))
    runner = rivals[0]
    populous = best.kind == "governorate" and not _curated(best) and any(p.population >= CITY_PEOPLE for p in rivals)
    if _step(best) > _step(runner) and not populous:
        return Decision(best, _over(best, runner), tuple(found))
    if best.kind in SETTLED and all(p.kind in SETTLED and _much_larger(best, p) for p in rivals):
        return Decision(best, f"at least {PROMINENT} times as populous as the next of that name", tuple(found))
    if _curated(best) and not any(_curated(p) or p.population > best.population for p in rivals):
        return Decision(best, "the best known of that name where strikes are reported", tuple(found))
    return Decision(None, _apart(found), tuple(found[:MAX_CANDIDATES]), True)


def _over(best: Place, runner: Place) -> str:
    first = "the capital" if best.capital else f"a {best.kind}"
    return f"{first} before a {runner.kind} of that name"


def _apart(found: Sequence[Place]) -> str:
    far = max(km(found[0].position, p.position) for p in found[1:])
    return f"{len(found)} places of that name, up to {far:.0f} km apart; say which country or province"


def _curated(place: Place) -> bool:
    """Whether the place is one of places.yaml, or of the user: derived ids are `gn:…`, `icao:…`, `sy-hl` and `sy`."""
    return ":" not in place.id and place.id != (place.admin1 or "").lower() and len(place.id) > 2


def _known(place: Place) -> bool:
    """Whether a place is one that every script writes of: of places.yaml, or of so many people."""
    return _curated(place) or place.population >= 2 * CITY_PEOPLE


def _bundled_first(places: list[Place]) -> list[Place]:
    """The bundled places among them; the user's where there are no others."""
    return [place for place in places if not is_users(place)] or places


def _much_larger(best: Place, other: Place) -> bool:
    return best.population >= PROMINENT * max(other.population, 500)


def _same(a: Place, b: Place) -> bool:
    return km(a.position, b.position) <= SAME_PLACE_KM or _seat(a, b) or _seat(b, a)


def _seat(city: Place, area: Place) -> bool:
    """A settlement and the province that is named after it."""
    return (
        city.kind in SETTLED and area.kind == "governorate" and area.admin1 is not None and city.admin1 == area.admin1
    )


def _city_before_its_province(found: Sequence[Place], kind: str | None) -> list[Place]:
    """The name alone is the city that a province is named after; hamlets of that name in it are not."""
    out = sorted(found, key=_order, reverse=True)
    if kind in ("governorate", "rural", "region"):
        return out
    for area in [p for p in out if p.kind == "governorate"]:
        seats = [p for p in out if _middle(p, area) or (_seat(p, area) and (_curated(p) or p.population >= SEAT_PEOPLE))]
        if seats:
            seat = max(seats, key=lambda p: (_curated(p), p.population))
            if out.index(seat) > out.index(area):
                out.remove(seat)
                out.insert(out.index(area), seat)
    return out


def _middle(city: Place, area: Place) -> bool:
    """A town in the middle of what is called after it: a city that is a province of its own."""
    return city.kind in SETTLED and city.population >= 1_000 and km(city.position, area.position) <= SEAT_KM


def _candidates(places: Iterable[Place]) -> tuple[Candidate, ...]:
    listed = list(places)[:MAX_CANDIDATES]
    return tuple(
        Candidate(p, round(km(listed[0].position, p.position), 1), _describe(p)) for p in listed
    )


def _describe(place: Place) -> str:
    parts = [place.kind, *(place.countries[:1]), *([place.admin1] if place.admin1 else [])]
    if place.population:
        parts.append(f"population {place.population:,}")
    return ", ".join(parts)


# --- areas that a claim names ----------------------------------------------------------------------------------


def _bounds(claim: Claim, gazetteer: Gazetteer, context: Context) -> Bounds:
    bounds = Bounds()
    if claim.country:
        bounds = _narrow(bounds, (claim.country,), gazetteer, context, "country")
    if claim.admin1:
        bounds = _narrow(bounds, (claim.admin1,), gazetteer, context, "governorate")
    if claim.admin2:
        narrowed = _narrow(bounds, (claim.admin2,), gazetteer, context, "district")
        # A district without an outline still says where to look: near its chief town.
        known = narrowed.area is not bounds.area
        seat = _seat_of(claim.admin2, bounds, gazetteer)
        bounds = replace(narrowed if known else bounds, seat=seat)
        if known and seat is None and bounds.area is not None:
            bounds = replace(bounds, seat=bounds.area.position)
    return bounds


def _seat_of(district: str, bounds: Bounds, gazetteer: Gazetteer) -> Position | None:
    bare = parse(district).bare
    for found in (gazetteer.lookup(bare), gazetteer.lookup_family(bare)):
        towns = _bundled_first([p for p in found if p.kind in SETTLED and bounds.admit(p)])
        if towns and _one(towns):
            return towns[0].position
    return None


def _narrow(
    bounds: Bounds, words: Sequence[str], gazetteer: Gazetteer, context: Context, kind: str | None = None
) -> Bounds:
    """`bounds` with the areas named in `words`, the widest of which stands last ("Tabqa, Raqqa, Syria")."""
    for text in reversed(words):
        area = _area(text, bounds, gazetteer, context, kind)
        if area is None:
            bounds = replace(bounds, not_understood=(*bounds.not_understood, text))
            continue
        said = f"{area.name('en')[0]}, {bounds.said}" if bounds.said else area.name("en")[0]
        if area.kind == "country":
            bounds = replace(bounds, countries=frozenset(area.countries), area=bounds.area or area, said=said)
        elif area.kind in ("governorate", "region"):
            provinces = _provinces(area)
            countries = frozenset(area.countries) or bounds.countries
            bounds = replace(bounds, countries=countries, provinces=provinces, area=area, said=said)
        elif area.kind == "district":
            bounds = replace(bounds, area=area, said=said)
    return bounds


def _provinces(area: Place) -> frozenset[str]:
    parts = (area.outline or "").removeprefix("union:").split("+")
    return frozenset(p.removeprefix("province:") for p in parts if p.startswith("province:"))


def country_named(text: str, gazetteer: Gazetteer) -> Place | None:
    """The country of a name or of a two-letter code."""
    if len(text) == 2 and text.isupper():
        return gazetteer.area(f"country:{text}")
    return next((p for p in gazetteer.lookup(text) if p.kind == "country"), None)


def _area(text: str, bounds: Bounds, gazetteer: Gazetteer, context: Context, kind: str | None) -> Place | None:
    if place := gazetteer.get(text):
        return place
    if kind in (None, "country") and (country := country_named(text, gazetteer)):
        return country
    if kind == "country":
        return None
    phrase = parse(text)
    wanted = ("district",) if kind == "district" else ("governorate", "region", "district")
    for name in (phrase.name, phrase.bare):
        areas = _bundled_first([p for p in gazetteer.lookup(name) if p.kind in wanted and bounds.admit(p)])
        if len(areas) == 1 or areas and _one(areas):
            return areas[0]
        if areas and (mine := [p for p in areas if set(p.countries) & set(context.countries)]):
            return mine[0]
    if kind != "district":
        kin = _bundled_first(
            [p for p in gazetteer.lookup_family(phrase.bare) if p.kind in wanted and bounds.admit(p)]
        )
        if bounds.countries and len(kin) == 1:
            return kin[0]
        seats = [p for p in gazetteer.lookup(phrase.bare) if p.kind in SETTLED and p.admin1 and bounds.admit(p)]
        if seats and (bounds.countries or _one(seats)):
            return gazetteer.area(f"province:{seats[0].admin1}")
    return None


def _area_only(claim: Claim, bounds: Bounds) -> Location | Unplaced:
    if bounds.area is None:
        said = ", ".join(bounds.not_understood)
        if said:
            return Unplaced("unknown", said, (), f"{said!r} is no country or province that the gazetteer knows")
        return Unplaced("no_place", "", (), "no place is stated")
    area = bounds.area
    return Location(
        position=area.position, precision=area.precision, place=area, radius_m=area.radius_m, outline=area.outline,
        reason=f"only the {area.kind} is stated", countries=area.countries,
    )  # fmt: skip


# --- from a place to a location --------------------------------------------------------------------------------


def _at(
    place: Place,
    claim: Claim,
    name: Mapping[str, str],
    reason: str,
    gazetteer: Gazetteer,
    bounds: Bounds | None = None,
) -> Location:
    """The location of a place, at the precision that the claim states if that is coarser than the place's own."""
    warnings: list[str] = []
    precision = place.precision
    if claim.precision is not None and claim.precision is not precision:
        order = list(Precision)
        if claim.precision is Precision.NOT_STATED:
            pass
        elif order.index(claim.precision) < order.index(precision):
            if place.precision.pinned:
                precision = claim.precision
            else:
                what = place.name("en")[0]
                warnings.append(f"stated as {claim.precision}, but {what} is known as a {precision} only")
        elif claim.precision.pinned:
            precision = claim.precision
        elif wider := _wider(place, claim.precision, gazetteer):
            place, precision = wider, wider.precision
            reason = f"{reason}; stated as a {claim.precision}"
        else:
            precision = claim.precision
    same = precision is place.precision
    if bounds and bounds.not_understood:
        warnings.append(f"{', '.join(bounds.not_understood)!r} is no area that the gazetteer knows: it decided nothing")
    return Location(
        position=place.position,
        precision=precision,
        place=place,
        name=name,
        radius_m=claim.radius_m or (place.radius_m if same else None),
        outline=place.outline if same or not precision.pinned else None,
        reason=reason,
        countries=place.countries,
        warnings=tuple(warnings),
    )


def _wider(place: Place, precision: Precision, gazetteer: Gazetteer) -> Place | None:
    if precision in (Precision.DISTRICT, Precision.GOVERNORATE) and place.admin1:
        return gazetteer.area(f"province:{place.admin1}")
    if precision is Precision.COUNTRY and place.countries:
        return gazetteer.area(f"country:{place.countries[0]}")
    return None


NEAR_M: Mapping[Precision, float] = {
    Precision.CITY: 20_000.0,
    Precision.TOWN: 10_000.0,
    Precision.VILLAGE: 5_000.0,
}
"""What "near" is drawn as: twice the place's own radius, a village's a little more."""


def _relative(
    phrase: Phrase, decision: Decision, claim: Claim, name: Mapping[str, str], gazetteer: Gazetteer
) -> Location:
    place = decision.place
    assert place is not None
    what = place.name("en")[0]
    if phrase.metres is not None and phrase.bearing is not None:
        own = place.radius_m or place.precision.radius_m or 0.0
        # A bearing in words is good to half a point of the compass; the distance may be from edge or middle.
        radius = max(hypot(phrase.metres * sin(radians(11.25)), min(own, 10_000.0) / 2), 1_000.0)
        at = step(place.position, phrase.bearing, phrase.metres)
        reason = f"{phrase.metres / 1000:g} km from {what} at {phrase.bearing:g}°, as stated; {decision.reason}"
        return _around(at, claim.radius_m or radius, place, name, reason, place.countries)
    if phrase.metres is not None:
        radius = max(phrase.metres, 1_000.0)
        reason = f"within {phrase.metres / 1000:g} km of {what}; the direction is not stated"
    elif phrase.bearing is not None and place.admin1 and place.kind in ("city", "town"):
        # "South of Mosul", "northern Aleppo": no distance is said, so nothing finer than the province is known.
        area = gazetteer.area(f"province:{place.admin1}")
        if area is not None:
            reason = f"a direction from {what} without a distance: its province is shown"
            return _at(area, replace(claim, precision=None), name, reason, gazetteer)
        radius = NEAR_M.get(place.precision, 5_000.0)
        reason = f"near {what}; {decision.reason}"
    elif place.precision.pinned:
        radius = NEAR_M.get(place.precision, 5_000.0)
        reason = f"near {what}; {decision.reason}"
    elif phrase.bearing is not None:
        return replace(
            _at(place, claim, name, f"part of {what}: the whole is shown; {decision.reason}", gazetteer),
        )
    else:
        return _at(place, claim, name, f"near {what}; {decision.reason}", gazetteer)
    return _around(place.position, claim.radius_m or radius, place, name, reason, place.countries)


WIDE_M = 20_000.0
"""A circle wider than this is drawn as an area: it is no spot any more."""


def _around(
    at: Position, radius: float, place: Place | None, name: Mapping[str, str], reason: str, countries: tuple[str, ...]
) -> Location:
    if radius <= WIDE_M:
        return Location(at, rung_of(radius), place, name, float(round(radius)), None, reason, countries)
    circle = f"circle:{at.lon:.4f},{at.lat:.4f},{radius:.0f}"
    return Location(at, Precision.DISTRICT, place, name, float(round(radius)), circle, reason, countries)


def rung_of(radius: float) -> Precision:
    """The finest rung of the ladder that holds a radius; the city's for anything wider."""
    for rung in Precision:
        own = rung.radius_m
        if own is not None and radius <= own:
            return rung
    return Precision.CITY


def _between(
    phrase: Phrase, claim: Claim, bounds: Bounds, gazetteer: Gazetteer, context: Context, name: Mapping[str, str]
) -> Location | Unplaced:
    words = phrase.between or ""
    area = None if bounds.filter else bounds.area
    first = replace(phrase, between=None)
    ends = [decide(end, bounds, gazetteer, context) for end in (first, parse(words))]
    for end, said in zip(ends, (phrase.name, words), strict=True):
        if end.place is None:
            if area is not None and not end.ambiguous:
                return _instead(area, said, claim, name, gazetteer)
            code = "ambiguous" if end.ambiguous else "unknown"
            return Unplaced(code, said, _candidates(end.candidates), end.reason)
    a, b = (end.place for end in ends if end.place)
    middle = Position((a.position.lon + b.position.lon) / 2, (a.position.lat + b.position.lat) / 2)
    radius = km(a.position, b.position) * 500
    countries = tuple(dict.fromkeys((*a.countries, *b.countries)))
    reason = f"between {a.name('en')[0]} and {b.name('en')[0]}: a circle that touches both"
    return _around(middle, claim.radius_m or radius, None, name, reason, countries)
