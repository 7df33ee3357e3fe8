"""The page's words: complete in every language, dates and numbers as each writes them."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from geo.api import StrikeMap, page_languages
from geo.model import Claim, Kind, Location, Position, Precision, Range, Status, Unplaced, When
from geo.render.page import render_page
from geo.scene import text
from geo.scene.scene import Scene
from geo.scene.text import FSI, LRI, PDI, Speaker, Word
from tests.scene import factory as make

STORY = Path(__file__).parents[2] / "maps" / "2015-11-17-raqqa.yaml"

WORDS = files("geo.scene") / "words"
LANGUAGES = sorted(path.name.removesuffix(".toml") for path in WORDS.iterdir() if path.name != "same.toml")
OTHERS = [lang for lang in LANGUAGES if lang != "en"]
SAME = tomllib.loads((WORDS / "same.toml").read_text(encoding="utf-8"))


def speak(lang: str) -> Speaker:
    return Speaker(lang, lang)


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


# -- words files ----------------------------------------------------------------------------------------------------


def faults(lang: str, found: Mapping[str, Word], same: Iterable[str]) -> set[str]:
    """What is wrong with the messages of a language, beside the English ones: `what: key`."""
    english = text.words("en")
    forms = set(Locale.parse(lang).plural_form.tags) | {"other"}
    out = {f"missing: {key}" for key in english.keys() - found.keys()}
    out |= {f"unknown: {key}" for key in found.keys() - english.keys()}
    out |= {f"English: {key}" for key in found if key in english and found[key] == english[key]} ^ {
        f"English: {key}" for key in same
    }
    for key in english.keys() & found.keys():
        mine, theirs = found[key], english[key]
        if isinstance(mine, str) != isinstance(theirs, str):
            out.add(f"plural: {key}")
        elif isinstance(mine, str) and isinstance(theirs, str):
            if fields(mine) != fields(theirs):
                out.add(f"fields: {key}")
        elif isinstance(mine, dict) and isinstance(theirs, dict):
            known = fields(theirs["other"])
            if mine.keys() != forms:
                out.add(f"forms: {key}")
            if fields(mine.get("other", "")) != known or any(fields(form) - known for form in mine.values()):
                out.add(f"fields: {key}")
    return out


@pytest.mark.parametrize("lang", OTHERS)
def test_a_language_is_complete(lang: str) -> None:
    assert faults(lang, text.words(lang), SAME.get(lang, [])) == set()


def test_the_eight_languages_are_there_and_same_toml_names_no_other() -> None:
    assert set(LANGUAGES) >= {"en", "fr", "ar", "ru", "uk", "he", "de", "es"}
    assert SAME.keys() <= set(OTHERS)
    assert list(page_languages()) == LANGUAGES


@pytest.mark.parametrize(
    ("key", "word", "fault"),
    [
        ("map", None, "missing: map"),
        ("mapp", "Карта", "unknown: mapp"),
        ("map", "Map", "English: map"),
        ("number.strikes", "{n} ударов", "plural: number.strikes"),
        ("number.strikes", {"one": "{n} удар", "other": "{n} ударов"}, "forms: number.strikes"),
        ("number.strikes", dict.fromkeys(("one", "few", "many", "other"), "ударов"), "fields: number.strikes"),
        ("number.strikes", dict.fromkeys(("one", "few", "many", "other"), "{n} {m} ударов"), "fields: number.strikes"),
        ("where.kilometres", "км", "fields: where.kilometres"),
    ],
)
def test_a_language_that_lacks_something_is_faulty(key: str, word: Word | None, fault: str) -> None:
    broken = {**text.words("ru"), key: word}
    assert faults("ru", {k: v for k, v in broken.items() if v is not None}, SAME["ru"]) == {fault}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_number_takes_the_form_that_cldr_gives_it(lang: str) -> None:
    rule = Locale.parse(lang).plural_form
    for n in [*range(130), 1000, 1001, 1_000_000]:
        form = text.words(lang)["number.strikes"]
        assert isinstance(form, dict)
        assert speak(lang).plural("number.strikes", n) == text.fill(form[rule(n)], n=speak(lang).integer(n))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_blank_or_has_a_plain_space_before_french_punctuation(lang: str) -> None:
    for key, word in text.words(lang).items():
        for form in [word] if isinstance(word, str) else word.values():
            assert form == form.strip() != "", key
            if lang == "fr":
                assert not re.search(r" [;:!?»]|« ", form), key


def test_a_language_without_words_is_refused() -> None:
    for lang in ("xx", "../en", "en/../fr", ""):
        with pytest.raises(KeyError):
            text.words(lang)


# -- dates ------------------------------------------------------------------------------------------------------------

DAY_1915 = make.day("1915-10-09")
DATES = [
    (make.day("2015-11-17"), "17 November 2015", "17 novembre 2015", "17 تشرين الثاني 2015"),
    (DAY_1915, "9 October 1915", "9 octobre 1915", "9 تشرين الأول 1915"),
    (make.days("2015-11-15", "2015-11-16"), "15–16 November 2015", "15–16 novembre 2015", f"{LRI}15–16{PDI} تشرين الثاني 2015"),
    (make.days("1943-07-30", "1943-08-02"), "30 July – 2 August 1943", "30 juillet – 2 août 1943", "30 تموز – 2 آب 1943"),
    (When("1915", "year", date(1915, 1, 1), date(1915, 12, 31)), "1915", "1915", "1915"),
    (When("1915-03", "month", date(1915, 3, 1), date(1915, 3, 31)), "March 1915", "mars 1915", "آذار 1915"),
    (make.until("2015-11-17"), "17 November 2015 or earlier", "17 novembre 2015 ou avant", "17 تشرين الثاني 2015 أو قبله"),
    (When("1943-05/..", "interval", date(1943, 5, 1), None), "May 1943 or later", "mai 1943 ou après", "أيار 1943 أو بعده"),
    (When("1941/1943", "interval", date(1941, 1, 1), date(1943, 12, 31)), "1941–1943", "1941–1943", f"{LRI}1941–1943{PDI}"),
    (make.day("2015-11-17", approximate=True), "about 17 November 2015", "17 novembre 2015 environ", "نحو 17 تشرين الثاني 2015"),
    (When("", "unknown"), "date not known", "date inconnue", "التاريخ غير معروف"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "en", "fr", "ar"), DATES, ids=[row[1] for row in DATES])
def test_a_date_is_written_as_its_language_writes_it(when: When, en: str, fr: str, ar: str) -> None:
    for lang, expected in (("en", en), ("fr", fr), ("ar", ar)):
        assert speak(lang).when(when).replace("\u2009", " ") == expected


LRI_15 = f"{LRI}15–16{PDI}"
FURTHER = {
    "ru": ["17 ноября 2015 г.", "15–16 ноября 2015 г.", "30 июля – 2 августа 1943 г.", "март 1915 г.",
           "17 ноября 2015 г. или раньше", "май 1943 г. или позже", "1941–1943", "примерно 17 ноября 2015 г."],
    "uk": ["17 листопада 2015 р.", "15–16 листопада 2015 р.", "30 липня – 2 серпня 1943 р.", "березень 1915 р.",
           "17 листопада 2015 р. або раніше", "травень 1943 р. або пізніше", "1941–1943", "приблизно 17 листопада 2015 р."],
    "he": ["17 בנובמבר 2015", f"{LRI_15} בנובמבר 2015", "30 ביולי – 2 באוגוסט 1943", "מרץ 1915",
           "17 בנובמבר 2015 או קודם לכן", "מאי 1943 או מאוחר יותר", f"{LRI}1941–1943{PDI}", "בערך 17 בנובמבר 2015"],
    "de": ["17. November 2015", "15.–16. November 2015", "30. Juli – 2. August 1943", "März 1915",
           "17. November 2015 oder früher", "Mai 1943 oder später", "1941–1943", "etwa 17. November 2015"],
    "es": ["17 de noviembre de 2015", "15–16 de noviembre de 2015", "30 de julio – 2 de agosto de 1943", "marzo de 1915",
           "17 de noviembre de 2015 o antes", "mayo de 1943 o después", "1941–1943", "17 de noviembre de 2015 aproximadamente"],
}  # fmt: skip


@pytest.mark.parametrize("lang", FURTHER)
def test_a_date_is_written_as_further_languages_write_it(lang: str) -> None:
    asked = [DATES[n][0] for n in (0, 2, 3, 5, 6, 7, 8, 9)]
    assert [re.sub("[\u2009\u202f\xa0]", " ", speak(lang).when(when)) for when in asked] == FURTHER[lang]


def test_a_time_names_the_zone_of_the_story() -> None:
    assert (
        speak("en").when(make.day("2015-11-17"), "03:20", "Asia/Damascus") == "17 November 2015, 03:20 (Damascus time)"
    )
    assert (
        speak("fr").when(make.day("2015-11-17"), "03:20", "Asia/Damascus") == "17 novembre 2015, 03:20 (heure de Damas)"
    )
    assert "دمشق" in speak("ar").when(make.day("2015-11-17"), "03:20", "Asia/Damascus")
    assert speak("en").when(make.day("2015-11-17"), "03:20") == "17 November 2015, 03:20 (local time)"


# -- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "en", "fr", "ar"),
    [
        (Range(1, 1), "1 strike", "1 frappe", "ضربة واحدة"),
        (Range(2, 2), "2 strikes", "2 frappes", "ضربتان"),
        (Range(5, 5), "5 strikes", "5 frappes", "5 ضربات"),
        (Range(10, 20), "10–20 strikes", "10–20 frappes", f"{LRI}10–20{PDI} ضربة"),
        (Range(1, 2), "1–2 strikes", "1–2 frappes", f"{LRI}1–2{PDI} ضربة"),
        (Range(3, None), "at least 3 strikes", "au moins 3 frappes", "3 ضربات على الأقل"),
        (Range(None, 12), "at most 12 strikes", "au plus 12 frappes", "12 ضربة على الأكثر"),
        (Range(1200, 1200), "1,200 strikes", "1\u202f200 frappes", "1,200 ضربة"),
        (Range(None, None), "", "", ""),
        (None, "", "", ""),
    ],
    ids=str,
)
def test_a_number_stays_the_range_that_its_source_gives(number: Range | None, en: str, fr: str, ar: str) -> None:
    for lang, expected in (("en", en), ("fr", fr), ("ar", ar)):
        assert speak(lang).counted("number.strikes", number) == expected


def test_below_a_label_stand_strikes_and_nothing_when_no_number_was_given() -> None:
    def strikes(*numbers: Range | None) -> str | None:
        events = [make.event(f"e{n}", DAY_1915, strikes=number) for n, number in enumerate(numbers)]
        found = text.site_sub(events, ["en"])
        return None if found is None else str(found["en"])

    assert strikes(None, None) is None
    assert strikes(Range(3, 3)) == "3 strikes"
    assert strikes(Range(3, 3), Range(1, 4)) == "4–7 strikes"
    assert strikes(Range(3, 5), None) == "at least 3 strikes"
    assert strikes(Range(3, 5), Range(2, None)) == "at least 5 strikes"


def test_a_mission_of_two_origins_is_counted_once_and_not_split() -> None:
    (second,) = [one for one, _, _ in make.default_events() if one.id == "second"]
    labels = text.sortie_label(second, make.LANGUAGES)
    assert labels == {"fr": "10 avions au total", "en": "10 aircraft in total", "ar": "10 طائرات إجمالًا"}
    assert text.mission_of(second, speak("en")) == "10 aircraft in total; the split between origins is not known"
    alone = replace(second, origins=second.origins[:1])
    assert text.sortie_label(alone, ["en"]) == {"en": "10 aircraft"}
    assert text.sortie_label(replace(second, aircraft_count=None), ["en"]) is None


# -- places -------------------------------------------------------------------------------------------------------------


def test_every_rung_has_words() -> None:
    for lang in LANGUAGES:
        assert len({speak(lang).known(rung) for rung in Precision}) == len(Precision)


def test_a_place_is_named_in_the_page_s_language_and_says_when_it_is_not() -> None:
    assert text.place_names(make.at(make.RAQQA), ("fr", "ar")) == {"fr": "Raqqa", "ar": "الرقة"}
    plain = make.place("x", {"en": "Nowhere"}, 0, 0, Precision.CITY)
    assert text.names_of_place(plain, ("fr", "en")) == {"fr": ("Nowhere", "en"), "en": "Nowhere"}
    words_only = Location(Position(1, 2), Precision.NOT_STATED, name={"ar": "مزرعة"})
    assert text.place_names(words_only, ("en", "ar")) == {"en": ("مزرعة", "ar"), "ar": "مزرعة"}
    bare = Location(Position(38.5, 36.25), Precision.NOT_STATED)
    assert text.place_names(bare, ("en",)) == {"en": ""}
    assert speak("en").place(bare) == "36.2500, 38.5000"


def test_countries_are_named_by_cldr() -> None:
    assert text.country_names("SY", ("en", "fr", "ar")) == {"en": "Syria", "fr": "Syrie", "ar": "سوريا"}
    assert text.country_names("XX-1", ("en",)) == {}


def test_the_country_stands_beside_a_place_of_one_country_only() -> None:
    assert speak("en").with_country(make.at(make.RAQQA)) == "Raqqa, Syria"
    assert speak("fr").with_country(make.at(make.RAQQA)) == "Raqqa (Syrie)"
    assert speak("en").with_country(replace(make.at(make.RAQQA), countries=("SY", "IL"))) == "Raqqa"
    assert speak("en").with_country(make.at(make.JORDAN)) == "Jordan"


def test_the_frame_s_edge_says_where_a_line_comes_from() -> None:
    found = text.crop_label(make.at(make.GULF), make.LANGUAGES)
    assert found["en"] == "from the Gulf"
    assert found["ar"] == "من الخليج"


def test_an_unplaced_place_says_why_and_names_the_candidates() -> None:
    (answer,) = [a for one, a, _ in make.default_events() if one.id == "where"]
    assert isinstance(answer, Unplaced)
    assert speak("en").unplaced(answer) == "“Tripoli” may be several places; candidates: Raqqa, Syria; Paris, France"
    many = replace(answer, candidates=answer.candidates * 4)
    assert speak("en").unplaced(many).endswith("and 3 more")
    assert speak("en").unplaced(Unplaced("no_place", "")) == "no place is given"


# -- the page -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strings() -> dict[str, dict[str, Any]]:
    return text.page_strings(make.scene())


def test_every_language_has_the_same_keys(strings: dict[str, dict[str, Any]]) -> None:
    assert list(strings) == ["fr", "en", "ar"]
    assert strings["fr"].keys() == strings["en"].keys() == strings["ar"].keys()
    # A place's local name is empty where it is the page's own.
    blank = {key for values in strings.values() for key, value in values.items() if not value}
    assert {key.rsplit(".", 1)[-1] for key in blank} <= {"local"}


def test_an_origin_known_by_its_coordinates_alone_is_said_where_there_is_no_line() -> None:
    entry = next(one for one in make.scene().entries if one.event.id == "tu22")
    bare = replace(entry, event=replace(entry.event, origins=(Claim(position=Position(35.95, 35.4)),)), sorties=(), unplaced_origins=())
    assert text.origin_of(bare, speak("en")) == "35.4000, 35.9500"


def test_a_text_that_a_language_lacks_says_which_it_is_in(strings: dict[str, dict[str, Any]]) -> None:
    assert strings["fr"]["e4.against"] == "groupe État islamique"
    assert strings["en"]["e4.against"] == ("groupe État islamique", "fr")
    assert strings["ar"]["c1.text"] == ("Un nombre corrigé.", "fr")
    assert strings["fr"]["e4.r1.translation"] == ("ten fighters", "en")


def test_a_strike_without_origin_says_so_and_another_event_does_not(strings: dict[str, dict[str, Any]]) -> None:
    assert strings["en"]["e6.origin"] == "origin not reported"
    assert "e1.origin" not in strings["en"]
    assert strings["en"]["e4.origin"] == "Jordan and the Gulf (country not named)"


def test_an_event_without_a_title_is_named_by_its_kind_and_place(strings: dict[str, dict[str, Any]]) -> None:
    assert strings["fr"]["e8.title"] == "Frappe, ferme"
    assert strings["en"]["e8.title"] == "Strike, ferme"


def test_a_bare_position_never_claims_a_precision(strings: dict[str, dict[str, Any]]) -> None:
    assert strings["en"]["e8.precision"] == "position as given in the table; precision not stated"
    assert strings["en"]["e3.precision"] == "known to the city; drawn as a circle of 10 km radius"
    assert strings["en"]["e5.precision"] == "province only, place not given; drawn as its outline"


def test_the_account_adds_up(strings: dict[str, dict[str, Any]]) -> None:
    assert strings["en"]["account"] == (
        "12 events = 6 at a point + 2 hatched areas + 4 not placed; 1 of them outside the map; 2 sortie lines"
    )


def test_the_sections_hold_every_event_once() -> None:
    made = make.scene()
    listed = [entry.number for _, entries in text.sections(made) for entry in entries]
    assert sorted(listed) == [entry.number for entry in made.entries]


def test_the_legend_explains_what_is_on_the_map_and_nothing_else() -> None:
    made = make.scene()
    assert text.legend_keys(made) == [
        "declared", "reported", "contested", "circle", "unknown", "hatched_province", "crash_area", "line", "tint",
        "badge", "size",
    ]  # fmt: skip
    bare = make.scene([], marks=(), areas=(), origins=(), sorties=(), sites=())
    assert text.legend_keys(bare) == []


def test_ranges_keep_their_order_in_a_right_to_left_text(strings: dict[str, dict[str, Any]]) -> None:
    assert f"{LRI}15-\u206017{PDI}" in strings["ar"]["title"]
    assert LRI not in strings["fr"]["title"]


@pytest.mark.parametrize("written", ["2015-11-17", "1-2-3", "a1-2", "12:30-13:00", "http://x/1-2"])
def test_what_is_no_range_is_left_as_it_is(written: str) -> None:
    assert speak("ar").in_order(written) == written


def test_isolates_are_balanced_in_every_text(strings: dict[str, dict[str, Any]]) -> None:
    for values in strings.values():
        for value in values.values():
            said = value if isinstance(value, str) else value[0]
            assert said.count(LRI) + said.count(FSI) == said.count(PDI), said


@given(st.text(max_size=40))
def test_no_text_of_a_story_is_ever_a_pattern(hostile: str) -> None:
    answer = Unplaced("unknown", hostile)
    for lang in LANGUAGES:
        assert hostile in speak(lang).unplaced(answer)
        assert speak(lang).listed([hostile, "b", hostile]).count("b") >= 1


def test_statuses_and_kinds_have_words_in_every_language() -> None:
    for lang in LANGUAGES:
        words = text.words(lang)
        assert {f"kind.{kind.value}" for kind in Kind} <= words.keys()
        assert {f"status.{status.value}" for status in Status} <= words.keys()


@pytest.mark.parametrize(
    ("said", "lang", "direction"),
    [("Tu-22", "ar", "ltr"), ("قاذفات Tu-22", "ar", "rtl"), ("Tu-22 قاذفات", "ar", "rtl"), ("10–20", "ar", "rtl"),
     ("Raqqa", "fr", "ltr"), ("الرقة", "fr", "rtl"), ("Raqqa (الرقة)", "fr", "ltr"), ("10", "fr", "ltr")],
)  # fmt: skip
def test_a_text_is_set_in_the_direction_of_its_letters(said: str, lang: str, direction: str) -> None:
    assert text.direction_of(said, lang) == direction


@pytest.mark.parametrize(
    ("name", "lang", "reads"),
    [("Rossosh", "ru", False), (("Rossosh", "und"), "he", False), ("Россошь", "uk", True), (("Rossosh", "und"), "de", True),
     ("غزة", "en", False), ("غزة", "ar", True), ("א־רקה", "he", True), ("Łódź", "fr", True), ("", "fr", False)],
)  # fmt: skip
def test_a_name_is_readable_in_the_letters_of_its_reader(name: Any, lang: str, reads: bool) -> None:
    assert text.readable(name, lang) is reads


# -- the bundled story in every language ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundled() -> Scene:
    return StrikeMap(STORY, langs=LANGUAGES, user_gazetteer=False).scene


LATIN = {"en", "fr", "de", "es"}


def borrowed(lang: str, value: Any) -> bool:
    """Whether a text is another language's; GeoNames' own Latin forms are nobody's and will do for Latin readers."""
    return not isinstance(value, str) and not (value[1] == "und" and lang in LATIN)


def test_the_bundled_story_says_everything_in_every_language(bundled: Scene) -> None:
    for lang, values in text.page_strings(bundled).items():
        # The name of a place in its own country's script is meant to be that.
        assert [key for key, value in values.items() if borrowed(lang, value) and not key.endswith(".local")] == [], (
            lang
        )


def test_every_name_on_the_bundled_map_is_in_the_page_s_language(bundled: Scene) -> None:
    named = [*bundled.labels, *bundled.sites, *bundled.origins]
    for lang in LANGUAGES:
        assert [one["names"] for one in named if borrowed(lang, one["names"][lang])] == [], lang
        if lang not in LATIN:
            assert [one["names"][lang] for one in named if re.search("[A-Za-z]", one["names"][lang])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_built_in_every_language(bundled: Scene, lang: str) -> None:
    page = render_page(replace(bundled, languages=(lang, *(code for code in LANGUAGES if code != lang)))).decode()
    assert f'<html lang="{lang}" dir="{"rtl" if lang in ("ar", "he") else "ltr"}"' in page
    assert f"<title>{bundled.story.title[lang][:12]}" in page
    assert page.count(' data-lang="') == len(LANGUAGES)
