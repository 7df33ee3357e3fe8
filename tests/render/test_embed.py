"""The snippet for somebody else's page, and what a story says of where it is published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import geo
from geo.render.embed import LEAST, MOST, render_embed, usable_height
from geo.render.page import render_page
from support.program import STORY

PUBLISHED = "https://example.org/maps/raqqa.html?a=1&b=2"


def story(folder: Path, extra: str = "", summary: str = "What is known.") -> geo.StrikeMap:
    path = folder / "a-story.yaml"
    path.write_text(
        f'title: \'Strikes <on> "Raqqa"\'\nlang: en\nsummary: {summary}\n{extra}\n'
        "events:\n  - {id: e, kind: strike, date: 2015-11-17, place: Raqqa, country: SY}\n",
        "utf-8",
    )
    return geo.StrikeMap(path)


def snippet(map_: geo.StrikeMap) -> str:
    return render_embed(map_.scene).decode("utf-8")


def test_the_frame_needs_no_script_and_no_style_of_the_host(tmp_path: Path) -> None:
    (frame,) = re.findall(r"<iframe[^>]*>", snippet(story(tmp_path)))
    for part in (
        'title="Strikes &lt;on&gt; &quot;Raqqa&quot;"', 'src="a-story.html"', 'loading="lazy"', 'width="100%"',
        'referrerpolicy="no-referrer"', 'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"',
    ):  # fmt: skip
        assert part in frame
    assert "style=" not in frame and " id=" not in frame


def test_a_published_story_is_framed_from_its_address_and_says_it_in_shared_links(tmp_path: Path) -> None:
    published = story(tmp_path, f"url: {PUBLISHED}")
    assert 'src="https://example.org/maps/raqqa.html?a=1&amp;b=2"' in snippet(published)
    head = render_page(published.scene).decode("utf-8").split("</head>")[0]
    assert '<meta property="og:url" content="https://example.org/maps/raqqa.html?a=1&amp;b=2">' in head
    assert '<link rel="canonical" href="https://example.org/maps/raqqa.html?a=1&amp;b=2">' in head


def test_a_shared_link_shows_title_and_description_and_no_address_that_is_not_stated(tmp_path: Path) -> None:
    head = render_page(story(tmp_path).scene).decode("utf-8").split("</head>")[0]
    assert '<meta property="og:title" content="Strikes &lt;on&gt; &quot;Raqqa&quot;">' in head
    assert '<meta property="og:description" content="What is known.">' in head
    assert '<meta property="og:type" content="article">' in head
    assert "og:url" not in head and "og:image" not in head and "canonical" not in head


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/", "//example.org/x", "maps/raqqa.html"])
def test_no_other_address_is_taken(url: str, tmp_path: Path) -> None:
    with pytest.raises(geo.InputError, match="url"):
        story(tmp_path, f"url: {url!r}")


def test_the_height_follows_the_story(tmp_path: Path) -> None:
    short = usable_height(story(tmp_path).scene)
    long = usable_height(story(tmp_path, summary="What is known and what is not. " * 8).scene)
    assert LEAST <= short < long <= MOST
    assert f'height="{long}"' in snippet(story(tmp_path, summary="What is known and what is not. " * 8))
    assert LEAST <= usable_height(geo.StrikeMap(STORY).scene) <= MOST
