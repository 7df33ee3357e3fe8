"""The page in each of its languages: one switch changes every word of page, map and document, in the right direction."""

from __future__ import annotations

import re

import pytest
from babel import Locale

from geo.api import page_languages
from support.chromium import OpenMap
from support.program import Built

LANGUAGES = page_languages()
RTL = {"ar", "he"}
LATIN = {"de", "en", "es", "fr"}

# Texts that are shown and stand in no element with a language of its own.
SHOWN = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector(".strikemap"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement: of, data } = walk.currentNode;
    if (data.trim() && !of.closest(".strikemap [lang], script, style, svg, noscript")) found.push(data.trim());
  }
  return found;
}"""


def test_one_press_changes_every_word(open_map: OpenMap, story_map: Built) -> None:
    opened = open_map(story_map.html)
    page = opened.page
    strings, words = story_map.data["strings"], story_map.data["words"]
    assert page.eval_on_selector_all(".sm-langs [data-lang]", "all => all.map(one => one.dataset.lang)") == [
        one["code"] for one in story_map.data["languages"]
    ]
    for lang in LANGUAGES:
        opened.read_in(lang)
        way = "rtl" if lang in RTL else "ltr"
        assert page.evaluate("[document.documentElement.dir, document.title]") == [way, strings[lang]["title"]]
        assert page.get_attribute(f"[data-lang={lang}]", "aria-pressed") == "true"
        assert (
            page.eval_on_selector_all("[data-t][lang]:not([data-t$='.local'], .sm-receipts *)", "all => all.length")
            == 0
        )
        assert page.text_content("h1") == strings[lang]["title"]
        assert page.get_attribute(".sm-zoom button", "aria-label") == words[lang]["zoom_in"]
        drawn = page.evaluate("strikemap.drawn().labels.map(one => one.text).flat().join(' ')")
        assert drawn
        if lang not in LATIN:
            assert not re.search("[A-Za-z]", drawn), drawn
            # Names of products, licences and makers of a source are Latin in any script.
            foreign = [
                said
                for said in page.evaluate(SHOWN)
                if not re.search(r"[^\x00-\u024f]", said) and re.search("[a-z]{3}", said)
            ]
            assert foreign == [], lang


def test_the_browser_counts_as_cldr_does(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    numbers = [*range(130), 1000, 1001, 1_000_000]
    ask = "([lang, numbers]) => numbers.map(n => new Intl.PluralRules(lang).select(n))"
    for lang in LANGUAGES:
        rule = Locale.parse(lang).plural_form
        assert page.evaluate(ask, [lang, numbers]) == [rule(n) for n in numbers], lang


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_language_breaks_the_layout(open_map: OpenMap, story_map: Built, width: int) -> None:
    opened = open_map(story_map.html, width=width, touch=width == 320)
    page = opened.page
    for lang in LANGUAGES:
        opened.read_in(lang)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), lang
        boxes = page.eval_on_selector_all(
            ".sm-langs button",
            "all => all.map(one => one.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])",
        )
        least = 44 if width == 320 else 24
        assert all(0 <= left and right <= width and right - left >= least and bottom - top >= least
                   for left, top, right, bottom in boxes), lang  # fmt: skip
        assert all(
            a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for i, a in enumerate(boxes) for b in boxes[:i]
        )
        title = page.eval_on_selector(
            "h1", "h => h.getBoundingClientRect().height / parseFloat(getComputedStyle(h).lineHeight)"
        )
        assert round(title) <= (4 if width == 320 else 2), lang
