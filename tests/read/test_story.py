"""What a story file says arrives in the model as it was said."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.model import Box, Claim, Event, Kind, Position, Precision, Range, Status, Story
from geo.read.story import Limits, read_story, slug_of
from geo.read.values import PRECISION_SYNONYMS

CASES = Path(__file__).parents[1] / "cases" / "story"
STORY = Path(__file__).parents[2] / "maps" / "2015-11-17-raqqa.yaml"


def read(text: str, limits: Limits = Limits()) -> Story:  # noqa: B008
    return read_story("a-story.yaml", text.encode(), limits=limits)


def one(event: str) -> Event:
    """The event of a story with this one event, in flow style."""
    (found,) = read(f"lang: en\nsources: {{a: {{publisher: A, language: fr}}}}\nevents: [{event}]\n").events
    return found


def claim(event: str) -> Claim:
    found = one(event).claim
    assert found is not None
    return found


def test_the_story_of_17_november_is_read_whole() -> None:
    story = read_story(STORY)
    eight = ("fr", "en", "ar", "ru", "uk", "he", "de", "es")
    assert (story.slug, story.lang, story.languages) == ("2015-11-17-raqqa", "fr", eight)
    assert {event.title.keys() == set(eight) for event in story.events} == {True}
    events = {event.id: event for event in story.events}
    second = events["france-second-series"]
    assert second.kind is Kind.STRIKE
    assert second.date.edtf == "2015-11-16/2015-11-17"
    assert second.aircraft_count == Range(10, 10)
    assert second.mission == "france-second-night"
    assert [origin.place for origin in second.origins] == ["Jordan", "the Gulf"]
    assert second.actor is not None and second.actor.id == "france"
    assert {receipt.language for receipt in second.receipts} == {"fr"}
    assert events["russia-raqqa"].origins == ()
    assert events["meeting-obama"].claim is None
    assert all(receipt.source.url is None for event in story.events for receipt in event.receipts)


def test_flat_keys_arrive() -> None:
    story = read_story(CASES / "sound-flat.yaml")
    (event,) = story.events
    assert (story.slug, story.zone, story.coarsen, story.frame) == (
        "flat",
        "Asia/Baghdad",
        Precision.TOWN,
        ("Mosul", "Raqqa"),
    )
    assert (event.date.edtf, event.time) == ("2017-03-03/2017-03-04", "03:30–04:00")
    assert event.title == {"en": "Strike", "fr": "Frappe"}
    where = event.claim
    assert where is not None
    assert (where.place, where.admin2, where.admin1, where.country) == ("Mosul", "Mosul", "Nineveh", "IQ")
    assert (where.position, where.precision, where.radius_m) == (Position(43.13, 36.34), Precision.CITY, 500)
    (origin,) = event.origins
    assert (origin.place, origin.position, origin.precision) == ("Incirlik", Position(35.43, 37.0), Precision.EXACT)
    assert (event.strikes, event.killed, event.aircraft_count) == (Range(1, 3), Range(0, None), Range(10, 12))
    assert (event.status, event.as_published, event.mission) == (Status.CONTESTED, True, "m-1")
    declared, own = event.receipts
    assert (declared.source.id, declared.quote) == ("a", None)
    assert (own.source.publisher, own.quote, own.language) == ({"en": "B"}, "Words.", "en")
    assert own.source.url == "https://example.org/report/1"
    assert story.sources == (declared.source, own.source)
    assert story.actors[0].colour == "#0077ff"
    assert story.corrections[0].event == "ev1"


def test_nested_keys_say_the_same_as_flat_ones() -> None:
    flat = one(
        "{id: x, place: Raqqa, country: SY, lat: 1, lon: 2, strikes_min: 1, strikes_max: 3, mission: m, origin: A}"
    )
    nested = one("{id: x, location: {place: Raqqa, country: SY, lat: 1, lon: 2}, strikes: {min: 1, max: 3},"
                 " mission: {id: m, origins: [A]}}")  # fmt: skip
    assert flat.claim is not None and nested.claim is not None
    assert (flat.strikes, flat.mission) == (nested.strikes, nested.mission)
    assert flat.claim.position == nested.claim.position
    assert [o.place for o in flat.origins] == [o.place for o in nested.origins]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10", 10, 10),
        ("10-20", 10, 20),
        ("10–20", 10, 20),
        ("10+", 10, None),
        ("{min: 3}", 3, None),
        ("{max: 4}", None, 4),
    ],
)
def test_a_number_stays_the_range_that_it_was(text: str, low: int | None, high: int | None) -> None:
    assert one(f"{{date: 2015, strikes: {text}, aircraft_count: {text}, killed: {text}}}").strikes == Range(low, high)


def test_no_number_is_none_and_not_nought() -> None:
    event = one("{date: 2015, killed: 0}")
    assert (event.strikes, event.killed) == (None, Range(0, 0))


@pytest.mark.parametrize(
    ("text", "places"),
    [("Jordan; the Gulf", ["Jordan", "the Gulf"]), ("[Jordan, the Gulf]", ["Jordan", "the Gulf"]), ("Jordan", ["Jordan"]),
     ("{place: Jordan, precision: country}", ["Jordan"]), ("[{place: Jordan}, the Gulf]", ["Jordan", "the Gulf"])],
)  # fmt: skip
def test_origins_are_one_or_several(text: str, places: list[str]) -> None:
    assert [origin.place for origin in one(f"{{date: 2015, origin: {text}}}").origins] == places


def test_an_origin_may_be_a_bare_position() -> None:
    (origin,) = one("{date: 2015, origin_lat: 37, origin_lon: 35.43}").origins
    assert (origin.place, origin.position) == (None, Position(35.43, 37.0))


def test_a_claim_knows_its_line() -> None:
    event = read("events:\n  - date: 2015\n    place: Raqqa\n").events[0]
    assert event.line == 2
    assert event.claim is not None
    assert (event.claim.line, event.claim.column) == (3, 12)


def test_a_place_by_language_is_looked_up_in_the_storys_language() -> None:
    found = claim("{place: {fr: Alep, en: Aleppo}}")
    assert (found.place, found.name) == ("Aleppo", {"fr": "Alep", "en": "Aleppo"})


def test_an_event_without_an_id_gets_its_number() -> None:
    events = read("events: [{date: 2015}, {date: 2015, id: e3}, {date: 2015}, {date: 2015}]").events
    assert [event.id for event in events] == ["e1", "e3", "e3-", "e4"]


def test_an_event_may_have_no_date_and_no_title() -> None:
    event = one("{place: Raqqa}")
    assert (event.date.precision, event.date.edtf, event.title, event.kind) == ("unknown", "", {}, Kind.STRIKE)
    assert one("{date: 2015}").claim is None


def test_actors_are_declared_or_free() -> None:
    story = read(
        "lang: en\nactors: {fr: {name: {en: France, fr: la France}}}\n"
        "events: [{date: 2015, actor: fr}, {date: 2015, actor: la France}, {date: 2015, actor: Unknown jets}]"
    )
    first, second, third = (event.actor for event in story.events)
    assert first is not None and first == second
    assert third is not None and third.name == {"en": "Unknown jets"}


def test_the_same_inline_source_is_one_source() -> None:
    story = read(
        "sources: {s1: {publisher: A}}\nevents:\n"
        "  - {date: 2015, source_title: T, source_url: 'https://e.org/'}\n"
        "  - {date: 2015, source_url: 'https://e.org/', source_title: T}\n"
        "  - {date: 2015, source_title: U}\n"
    )
    assert [source.id for source in story.sources] == ["s1", "s1-", "s2"]
    assert story.events[0].receipts == story.events[1].receipts


def test_a_quote_stands_in_its_sources_language_unless_it_says_so() -> None:
    first, second = one("{date: 2015, sources: [{id: a, quote: mots}, {id: a, quote: words, language: en}]}").receipts
    assert (first.language, second.language) == ("fr", "en")


@pytest.mark.parametrize(
    ("text", "lang", "languages"),
    [
        ("title: T", "en", ("en",)),
        ("title: {fr: T}", "fr", ("fr",)),
        ("title: {fr: T, en: T}", "en", ("en", "fr")),
        ("lang: ar\ntitle: {fr: T}", "ar", ("ar", "fr")),
        ("languages: [ar, fr]", "ar", ("ar", "fr")),
        ("lang: fr\nlanguages: [ar, fr]", "fr", ("ar", "fr")),
        ("lang: ar-EG", "ar-EG", ("ar-EG",)),
    ],
)
def test_a_story_has_a_language_whatever_it_says(text: str, lang: str, languages: tuple[str, ...]) -> None:
    story = read(f"{text}\nevents: [{{date: 2015}}]\n")
    assert (story.lang, story.languages) == (lang, languages)
    assert story.title


def test_a_frame_is_a_box_or_places() -> None:
    assert read("frame: [170, -20, -170, 10.5]\nevents: [{date: 2015}]").frame == Box(170, -20, -170, 10.5)
    assert read("frame: [Raqqa, Sinai]\nevents: [{date: 2015}]").frame == ("Raqqa", "Sinai")


def test_other_words_for_a_rung_are_read() -> None:
    for word, rung in PRECISION_SYNONYMS.items():
        assert claim(f"{{place: X, precision: {word}}}").precision is rung
    for rung in Precision:
        assert claim(f"{{place: X, precision: {rung}}}").precision is rung


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("2015-11-17-raqqa.yaml", "2015-11-17-raqqa"),
        ("My Story (2).yml", "my-story-2"),
        ("maps/Été à Alep.yaml", "ete-a-alep"),
    ],
)
def test_a_slug_follows_from_the_file_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug
    assert read_story(name, b"events: [{date: 2015}]").slug == slug


def test_file_names_without_latin_letters_get_slugs_that_differ() -> None:
    assert slug_of("الرقة.yaml").startswith("story-")
    assert slug_of("الرقة.yaml") != slug_of("حلب.yaml")


def test_limits_are_the_callers() -> None:
    many = "events:\n" + "  - {date: 2015}\n" * 6
    with pytest.raises(InputError, match="more than 5 events"):
        read(many, Limits(events=5))
    with pytest.raises(InputError, match="larger than 10 bytes"):
        read(many, Limits(bytes=10))
    assert len(read(many).events) == 6


@pytest.mark.parametrize("make", ["missing", "folder", "link to nothing"])
def test_a_file_that_cannot_be_read_is_one_fault(tmp_path: Path, make: str) -> None:
    path = tmp_path / "story.yaml"
    if make == "folder":
        path.mkdir()
    elif make == "link to nothing":
        path.symlink_to(tmp_path / "nothing.yaml")
    with pytest.raises(InputError) as refused:
        read_story(path)
    (fault,) = refused.value.faults
    assert (fault.code, fault.file) == ("unreadable", str(path))


def test_a_file_wrong_in_a_thousand_places_is_told_in_a_thousand_lines() -> None:
    text = "events:\n" + "  - {date: never, plcae: x, sources: [a]}\n" * 1_500
    with pytest.raises(InputError) as refused:
        read(text)
    assert len(refused.value.faults) == 1_001
    assert "more faults" in refused.value.faults[-1].message


def test_faults_come_by_line() -> None:
    for path in CASES.glob("*.faults"):
        try:
            read_story(path.with_suffix(".yaml"))
        except InputError as error:
            places = [(fault.line or 0, fault.column or 0) for fault in error.faults]
            assert places == sorted(places)


def everything(story: Story) -> Story:
    """The story without the lines that its parts stand on."""
    from dataclasses import replace

    def off(claim: Claim | None) -> Claim | None:
        return claim and replace(claim, line=None, column=None)

    events = [
        replace(event, line=None, claim=off(event.claim), origins=tuple(off(o) or o for o in event.origins))
        for event in story.events
    ]
    return replace(story, events=tuple(events))


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([STORY, *sorted(CASES.glob("sound-[fn]*.yaml"))]))
def test_the_order_of_keys_changes_nothing(random: object, path: Path) -> None:
    def shuffled(value: object, keep: bool = False) -> object:
        if isinstance(value, dict):
            pairs = list(value.items())
            if not keep:
                random.shuffle(pairs)  # type: ignore[attr-defined]
            # The order of declared sources and actors is the user's own.
            return {key: shuffled(inner, key in ("sources", "actors")) for key, inner in pairs}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    data = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    text = yaml.dump(shuffled(data), allow_unicode=True, sort_keys=False)
    assert everything(read_story(path.name, text.encode())) == everything(read_story(path.name, path.read_bytes()))


words = st.sampled_from(
    [
        "",
        "~",
        "no",
        "1",
        "-1",
        "1e999",
        "2015",
        "2015-11-17",
        "../2015",
        "a/b",
        "Raqqa",
        "10-20",
        "https://e.org",
        "\u202e",
        "😀",
        "x" * 30_000,
    ]
)
keys = st.sampled_from(
    ["title", "title:fr", "lang", "events", "sources", "actors", "id", "date", "date_end", "place", "location", "lat", "lon", "origin",
     "mission", "strikes", "killed_min", "quote", "source_url", "frame", "corrections", "actor", "precision", "<<", "x"]
)  # fmt: skip
trees = st.recursive(
    words, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=8), max_leaves=30
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(keys, trees, max_size=8))
def test_no_tree_brings_anything_but_a_story_or_faults_with_their_place(data: object) -> None:
    text = yaml.dump(data, allow_unicode=True)
    try:
        story = read_story("story.yaml", text.encode())
    except InputError as error:
        for fault in error.faults:
            assert fault.line is not None
            assert len(str(fault)) < 600 and str(fault).isprintable()
    else:
        assert story.events
