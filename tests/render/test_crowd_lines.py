"""The list that stands whole in the page of a crowd: every event and every source, without scripts."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from geo import api
from geo.scene import scene

FIELDS = "id,date,title,title:fr,note,lat,lon,precision,actor,origin,origin_lat,origin_lon,aircraft_count,killed_min,status,source_publisher,source_url,quote,quote_language"


def rows(several: bool = True) -> str:
    lines = [FIELDS]
    for n in range(6):
        source = "A paper,https://example.org/a?b=1&c=2" if several and n % 2 else "The army,"
        lines.append(f'e{n},2016-05-0{n + 1},"Raid {n} <b>",Frappe {n},"Note of {n} & more",35.{n}1,38.{n}2,village,One,Base,35.4,35.95,{n + 1},{n},reported,{source},слова {n},ru')
    lines.append("lost,2016-06-01,Nowhere known,,,,,,Two,,,,,,contested,,,,")
    return "\n".join(lines) + "\n"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "CROWD_EVENTS", 3)


def page_of(folder: Path, text: str, *langs: str) -> str:
    (folder / "rows.csv").write_text(text, "utf-8")
    built = api.build_story(folder / "rows.csv", api.BuildOptions(langs=langs or None, user_gazetteer=False))
    return built.outputs["html"].decode()


def lines_in(page: str) -> dict[str, str]:
    return {unescape(name): body for name, body in re.findall(r'<li data-event-id="([^"]*)">(.*?)</li>\n', page, re.DOTALL)}


def test_every_event_stands_in_the_page_with_its_words_and_its_sources(tmp_path: Path, few: None) -> None:
    page = page_of(tmp_path, rows(), "en", "fr")
    assert "x-strikemap-rows" in page and "list_virtual" not in page
    found = lines_in(page)
    assert list(found) == [*(f"e{n}" for n in range(6)), "lost"]
    told = found["e3"]
    for words in ("Raid 3 &lt;b&gt;", "4 May 2016", "35.3100, 38.3200", "Note of 3 &amp; more", "Base", "4 aircraft", "3 killed", "A paper", "One",
                  'href="https://example.org/a?b=1&amp;c=2"', '<q lang="ru"', "слова 3</q>"):  # fmt: skip
        assert words in told, words
    assert "no link known" in found["e2"]
    assert "contested" in found["lost"]


def test_what_all_events_share_is_said_once(tmp_path: Path, few: None) -> None:
    text = rows(several=False).replace("\nlost,2016-06-01,Nowhere known,,,,,,Two,,,,,,contested,,,,", "")
    page = page_of(tmp_path, text, "en")
    (shared,) = re.findall(r'<p class="sm-shared">(.*?)</p>', page)
    assert "reported" in shared and "Base" in shared and "One" in shared
    for told in lines_in(page).values():
        assert "Base" not in told and "reported" not in told


def test_above_two_thousand_events_the_list_holds_none(tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import geo.scene.scene

    monkeypatch.setattr(geo.scene.scene, "LISTED", 5)
    page = page_of(tmp_path, rows(), "en")
    assert not lines_in(page) and "strikemap data" in page and "Events by place" in page
