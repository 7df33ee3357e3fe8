"""A map of a table is called by who counted and by its dates, in every language as that language writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import api
from geo.scene.text import FSI, PDI
from geo.scene.titles import title_of

HEAD = "id,date,place\n"


@pytest.fixture
def table(tmp_path: Path):  # type: ignore[no-untyped-def]
    def table(*days: str):  # type: ignore[no-untyped-def]
        path = tmp_path / "table.csv"
        path.write_text(HEAD + "".join(f"e{n},{day},Aleppo\n" for n, day in enumerate(days)), "utf-8")
        return api.load_table(path)

    return table


def test_dates_are_written_as_each_language_writes_them(table) -> None:  # type: ignore[no-untyped-def]
    titles = title_of(table("2016-01-03", "2016-01-21"), ["en", "fr", "de"])
    assert titles["en"] == "Reported events, 3–21 January 2016"
    assert titles["fr"] == "Événements rapportés, 3–21 janvier 2016"
    assert titles["de"] == "Gemeldete Ereignisse, 3.–21. Januar 2016"
    assert title_of(table("2016-01-03"), ["en"])["en"] == "Reported events, 3 January 2016"


def test_a_year_before_the_dash_and_a_day_after_it_are_no_range_in_arabic(table) -> None:  # type: ignore[no-untyped-def]
    title = title_of(table("2016-01-01", "2017-12-31"), ["ar"])["ar"]
    assert f"2016{PDI}–{FSI}31" in title


def test_a_table_without_dates_has_none_in_its_title(table) -> None:  # type: ignore[no-untyped-def]
    assert title_of(table("unknown", ""), ["en"])["en"] == "Reported events"
