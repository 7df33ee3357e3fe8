"""What a built story's files promise, read without a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from support.program import STORY, Built, run_strikemap


class Tags(HTMLParser):
    """Every element with its attributes, and what stands inside scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[int, str] = {}
        """Text of each script and style, by its index in `tags`; the parser hands it out in pieces."""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            at = len(self.tags) - 1
            self.inside[at] = self.inside.get(at, "") + data


@pytest.fixture(scope="module")
def tags(story_map: Built) -> Tags:
    return Tags(story_map.page)


@pytest.fixture(scope="module")
def policy(tags: Tags) -> dict[str, list[str]]:
    (content,) = [
        attrs["content"] or ""
        for tag, attrs in tags.tags
        if tag == "meta" and (attrs.get("http-equiv") or "").lower() == "content-security-policy"
    ]
    return {words[0]: words[1:] for part in content.split(";") if (words := part.split())}


def test_the_page_is_small(story_map: Built) -> None:
    assert story_map.html.stat().st_size <= 400_000


def test_the_policy_allows_nothing_but_hashes_and_inline_pictures(policy: dict[str, list[str]]) -> None:
    assert policy["default-src"] == ["'none'"]
    for directive, allowed in policy.items():
        assert not [word for word in allowed if word.startswith("'unsafe")], directive
        for word in allowed:
            assert word in ("'none'", "data:") or re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", word), (directive, word)
    assert "data:" not in policy["script-src"]


def test_every_script_and_style_is_allowed_by_its_hash_and_no_hash_is_idle(
    tags: Tags, policy: dict[str, list[str]]
) -> None:
    for tag in ("script", "style"):
        made = {
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for (name, attrs), text in ((tags.tags[at], text) for at, text in tags.inside.items())
            if name == tag and not (attrs.get("type") or "").startswith("application/")
        }
        assert made == set(policy[f"{tag}-src"])


def test_no_element_asks_for_a_file_or_carries_style_or_code(tags: Tags) -> None:
    for tag, attrs in tags.tags:
        for name, value in attrs.items():
            assert name != "style", (tag, attrs)
            assert not name.startswith("on"), (tag, attrs)
            if name in ("src", "srcset", "data", "poster") or (name == "href" and tag in ("link", "use", "image")):
                assert (value or "").startswith(("data:", "#")), (tag, attrs)


def test_leaflets_licence_goes_with_the_page(story_map: Built) -> None:
    assert "Redistributions in binary form must reproduce the above copyright" in story_map.page


def test_list_geojson_and_account_tell_the_same_numbers(story_map: Built, tags: Tags) -> None:
    listed = {attrs["data-event-id"] for _, attrs in tags.tags if "data-event-id" in attrs}
    events = [feature for feature in story_map.features if feature["properties"]["kind"] != "sortie"]
    assert listed == {feature["properties"]["id"] for feature in events}
    account = re.match(
        r"(\d+) events = (\d+) pinned \+ (\d+) areas \+ (\d+) unplaced \+ (\d+) refused; (\d+) sorties; ([\d,]+)",
        story_map.account,
    )
    assert account, story_map.account
    total, pinned, areas, unplaced, refused, sorties = map(int, account.groups()[:6])
    assert total == len(listed) == pinned + areas + unplaced + refused
    assert unplaced == sum(feature["geometry"] is None for feature in events)
    assert sorties == len(story_map.features) - len(events)


VARIANTS = {
    "hash seed": {"PYTHONHASHSEED": "4242"},
    "zone": {"TZ": "Pacific/Kiritimati"},
    "locale": {"LANG": "ar_EG.UTF-8", "LC_ALL": "C"},
    "home": {"HOME": "/nonexistent"},
}


def test_the_same_story_gives_the_same_bytes_anywhere(story_map: Built, tmp_path: Path) -> None:
    for name, env in VARIANTS.items():
        folder = tmp_path / name
        folder.mkdir()
        copy = folder / STORY.name
        copy.write_bytes(STORY.read_bytes())
        done = run_strikemap("build", copy.name, "-f", "html,geojson", "-o", ".", cwd=folder, env=env)
        assert done.returncode == 0, done.stderr
        for built in (story_map.html, story_map.geojson):
            assert (folder / built.name).read_bytes() == built.read_bytes(), f"{built.name} differs with another {name}"
