"""Sentences of releases give their place; relative text is measured against known positions."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from statistics import median
from types import ModuleType

import pytest

from geo.model import Claim, Location
from geo.places.gazetteer import Gazetteer
from geo.places.resolve import km, locate
from geo.places.sentences import find_place, place_words

BENCH = Path(__file__).resolve().parents[1] / "bench"

SENTENCES = [
    ("Near Ar Raqqah, two strikes struck an ISIL tactical unit.", "Near Ar Raqqah"),
    ("- Near  Kobani, five airstrikes struck one large unit.", "Near Kobani"),
    ("Strikes in Syria: -- Near Al Hasakah, one strike destroyed a vehicle.", "Near Al Hasakah, Syria"),
    ("In Iraq, near Bayji, six airstrikes destroyed three buildings.", "near Bayji, Iraq"),
    ("In Iraq, five airstrikes near Kirkuk destroyed five bunkers.", "near Kirkuk, Iraq"),
    ("In Tikrit, 17 airstrikes struck an ISIL building in a compound.", "Tikrit"),
    ("In Syria, an airstrike northwest of Ar Raqqah destroyed a compound.", "northwest of Ar Raqqah, Syria"),
    ("- Near Near Abu Kamal, two strikes destroyed a workover rig.", "Near Abu Kamal"),
    ("- Near Fallujah an airstrike struck a unit, and another a building.", "Near Fallujah"),
    ("- Near Hit in Al Anbar Province, one strike hit a unit.", "Near Hit in Al Anbar Province"),
    ("An airstrike outside Mosul destroyed a bridge.", "outside Mosul"),
    ("One strike 5 km west of Fallujah hit a boat.", "5 km west of Fallujah"),
    ("One strike produced inconclusive results.", None),
    ("", None),
]


@pytest.mark.parametrize(("sentence", "words"), SENTENCES)
def test_the_place_of_a_sentence_is_found(sentence: str, words: str | None) -> None:
    assert place_words(sentence) == words
    phrase = find_place(sentence)
    assert (phrase is None) == (words is None)


def test_near_and_the_area_of_a_sentence_are_kept() -> None:
    phrase = find_place("Strikes in Syria: -- Near Al Hasakah, one strike destroyed a vehicle.")
    assert phrase is not None
    assert (phrase.name, phrase.near, phrase.within) == ("Al Hasakah", True, ("Syria",))


@pytest.mark.parametrize(
    "spelling", ["Dayr Az Zawr", "Dawr az Zawr", "Day az Zawr", "Dayz Az Zawr", "Dayz Ar Awr", "Dayr as Zawr"]
)
def test_the_misspellings_of_releases_are_one_place_with_a_radius(gazetteer: Gazetteer, spelling: str) -> None:
    words = place_words(f"- Near {spelling}, one strike destroyed a vehicle.")
    found = locate(Claim(place=words, country="Syria"), gazetteer)
    assert isinstance(found, Location) and found.place
    assert found.place.id == "deir-ez-zor"
    assert found.radius_m == 20_000


def _bench(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_relative_phrases_are_understood_and_near_the_truth(gazetteer: Gazetteer) -> None:
    truth = _bench("places_relative").read(BENCH / "relative_truth.txt")
    errors = []
    for at, phrase in truth:
        found = locate(Claim(place=phrase), gazetteer)
        if isinstance(found, Location) and found.radius_m is not None:
            errors.append(km(found.position, at))
    assert len(truth) >= 60
    assert len(errors) >= 0.95 * len(truth)
    assert median(errors) <= 5


def test_names_from_all_over_the_world_are_right_or_admit_doubt(gazetteer: Gazetteer) -> None:
    verdict = _bench("places_names").verdict
    outcomes = []
    for line in (BENCH / "places_world_truth.txt").read_text("utf-8").splitlines():
        if "|" in line and not line.startswith("#"):
            where, _, spellings = line.partition("|")
            outcomes += [verdict(where, locate(Claim(place=name), gazetteer)) for name in spellings.split(";")]
    assert len(outcomes) > 300
    assert "wrong" not in outcomes
    assert outcomes.count("right") >= 0.95 * len(outcomes)
    assert outcomes.count("ambiguous") <= 0.05 * len(outcomes)
