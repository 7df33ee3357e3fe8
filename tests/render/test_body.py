"""The page around the map: readable without a script, and a story's text is text wherever it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest

from geo.model import Actor, Claim, Correction, Kind, Location, Position, Precision, Receipt, Source
from geo.render.body import MAP_MARK, render_body, web_address
from geo.scene import text
from geo.scene.style import DARK, LIGHT, Theme
from tests.scene import factory as make

VOID = {"path", "rect", "circle", "input"}


class Node:
    def __init__(self, tag: str, attrs: dict[str, str | None], parent: Node | None) -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Node | str] = []

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, tag: str = "", **attrs: str) -> list[Node]:
        wanted = {name.replace("_", "-").rstrip("-"): value for name, value in attrs.items()}
        found = []
        for child in self.children:
            if isinstance(child, Node):
                if (not tag or child.tag == tag) and all(child.attrs.get(k) == v for k, v in wanted.items()):
                    found.append(child)
                found += child.all(tag, **attrs)
        return found


class Tree(HTMLParser):
    """A tree of the body; fails on an element that is not closed by its own end tag."""

    def __init__(self, body: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.open = Node("", {}, None)
        self.comments: list[str] = []
        self.feed(body)
        self.close()
        assert self.open is self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs), self.open)
        assert len(node.attrs) == len(attrs), f"an attribute stands twice on {tag}"
        self.open.children.append(node)
        self.open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.open.children.append(Node(tag, dict(attrs), self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def body(scene: Any) -> Node:
    return Tree(render_body(scene, text.page_strings(scene))).root


@pytest.fixture(scope="module")
def page() -> Node:
    return body(make.scene())


def test_the_list_has_one_line_for_every_event(page: Node) -> None:
    made = make.scene()
    listed = [node.attrs["data-event-id"] for node in page.all("li") if "data-event-id" in node.attrs]
    assert sorted(listed) == sorted(entry.event.id for entry in made.entries)
    for node in page.all("li"):
        if "data-event-id" in node.attrs:
            (details,) = node.all("details")
            assert "open" in details.attrs
            assert len(node.all("summary")) == 1


def test_the_card_answers_when_where_who_and_from_what_source(page: Node) -> None:
    (card,) = page.all("li", data_event_id="second")
    for said in (
        "16–17 novembre 2015", "Raqqa (Syrie)", "connu à la ville près", "France", "groupe État islamique", "avions de chasse",
        "10 avions au total ; répartition entre les lieux de départ inconnue", "Jordanie et le Golfe (pays non précisé)",
        "départ et cible tels que rapportés ; itinéraire inconnu", "annoncé par les intéressés", "La lecture est nôtre.", "agences",
        "pas de lien connu", "Le titre", "publié le 18 novembre 2015",
    ):  # fmt: skip
        assert said in card.text.replace("\u202f", " "), said
    assert [link.attrs["href"] for link in card.all("a")] == [
        "https://example.org/a?b=1&c=2", "https://archive.example.org/a",
    ]  # fmt: skip


def test_a_quote_keeps_its_own_language_and_direction() -> None:
    quote = Receipt(make.AGENCIES, "ضربات على الرقة", "ar")
    page = body(make.scene([(make.event("a", make.day("2015-11-17"), receipts=(quote,)), make.at(make.RAQQA), True)]))
    (q,) = page.all("q")
    assert (q.text, q.attrs) == ("ضربات على الرقة", {"lang": "ar", "dir": "rtl"})


def test_every_link_leaves_nothing_of_the_reader_behind(page: Node) -> None:
    skip, *links = page.all("a")
    (heading,) = [node for node in page.all("h2") if f"#{node.attrs.get('id')}" == skip.attrs["href"]]
    assert heading.attrs["tabindex"] == "-1"
    assert links
    for link in links:
        assert link.attrs["rel"] == "noopener noreferrer nofollow"
        assert (link.attrs["href"] or "").startswith("https://")


def test_a_link_s_name_says_whose_it_is_and_that_it_leaves(page: Node) -> None:
    (card,) = page.all("li", data_event_id="second")
    assert [link.text for link in card.all("a")] == [
        "Lire à la source (Un journal; s’ouvre dans une nouvelle fenêtre)",
        "Copie archivée (Un journal; s’ouvre dans une nouvelle fenêtre)",
    ]


def test_a_place_is_named_in_its_own_script_too() -> None:
    page = body(make.scene())
    (local,) = [n for n in page.all("li", data_event_id="first")[0].all("span") if n.attrs.get("class") == "sm-local"]
    assert (local.text, local.attrs["lang"], local.attrs["dir"]) == ("الرقة", "ar", "rtl")
    strings = text.page_strings(make.scene())
    assert strings["ar"]["e3.local"] == ""
    disputed = replace(make.RAQQA, countries=("SY", "IL"))
    said = text.page_strings(make.scene([(make.event("a", make.day("2015-11-17")), make.at(disputed), True)]))
    assert "e1.local" not in said["fr"]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (Claim(place="Raqqa"), None),
        (Claim(place="raqqa"), None),
        (Claim(name={"fr": "Ar-Raqqah"}), "écrit «\u202fAr-Raqqah\u202f»"),
        (Claim(place="near Raqqa"), "écrit «\u202fnear Raqqa\u202f»"),
        (Claim(position=Position(39.0, 35.9)), "position donnée par la source"),
    ],
)  # fmt: skip
def test_the_card_says_how_a_place_was_found_where_its_name_does_not(claim: Claim, said: str | None) -> None:
    event = make.event("a", make.day("2015-11-17"), claim=claim)
    assert text.page_strings(make.scene([(event, make.at(make.RAQQA), True)]))["fr"].get("e1.how") == said


def test_an_event_that_was_corrected_says_so_and_others_do_not() -> None:
    corrections = (
        Correction(make.day("2015-11-19"), {"fr": "Un lieu corrigé."}, "first"),
        Correction(make.day("2015-11-20"), {"fr": "Un titre corrigé."}),
    )
    page = body(make.scene(story={"corrections": corrections}))
    (card,) = page.all("li", data_event_id="first")
    (row,) = [div for div in card.all("div") if any(dt.attrs["data-t"] == "field.corrected" for dt in div.all("dt"))
              and div.attrs == {}]  # fmt: skip
    assert row.text.split("Rectifié")[1].strip() == "19 novembre 2015 Un lieu corrigé."
    (other,) = page.all("li", data_event_id="second")
    assert "corrigé" not in other.text
    (section,) = [n for n in page.all("section") if n.attrs.get("class") == "sm-corrections"]
    assert [" ".join(item.text.split()) for item in section.all("li")] == [
        "19 novembre 2015 Un lieu corrigé.", "20 novembre 2015 Un titre corrigé.",
    ]  # fmt: skip


def test_sources_that_disagree_stand_side_by_side_and_say_so() -> None:
    receipts = (Receipt(make.AGENCIES, "vingt morts", "fr"), Receipt(make.PAPER, "aucun mort", "fr"))
    for status, told in ((make.Status.CONTESTED, 1), (make.Status.REPORTED, 0)):
        event = make.event("a", make.day("2015-11-17"), receipts=receipts, status=status)
        (card,) = body(make.scene([(event, make.at(make.RAQQA), True)])).all("li", data_event_id="a")
        assert [q.text for q in card.all("q")] == ["vingt morts", "aucun mort"]
        assert len([p for p in card.all("p") if p.attrs.get("class") == "sm-disagree"]) == told


def test_the_map_is_described_beside_its_figure(page: Node) -> None:
    (figure,) = [n for n in page.all("section") if n.attrs.get("class") == "sm-figure"]
    (words,) = page.all("p", id=str(figure.attrs["aria-describedby"]))
    assert words.text.startswith("Carte")
    assert "Raqqa, connu à la ville près" in words.text.replace("\u202f", " ")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\x01javascript:x", "data:text/html,x", "vbscript:x",
     "//example.org/x", "/local", "http:", "https:///nohost", "file:///etc/passwd", " https://example.org", "http://[", None, ""],
)  # fmt: skip
def test_only_a_web_address_becomes_a_link(url: str | None) -> None:
    assert web_address(url) is None


def test_a_web_address_is_kept_as_it_was_given() -> None:
    for url in ("https://example.org/a?b=1&c=%20#d", "HTTP://EXAMPLE.ORG"):
        assert web_address(url) == url


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>", "'><b>", "</script><script>x",
    "{{7*191}}", "{% raise %}", "${alert(1)}", MAP_MARK, "%strikemap:data%", "&lt;b&gt;", "]]>", "</style>", "<!--", "a\u2028b",
    "\u202egnp.exe",
]  # fmt: skip


def hostile_scene(bad: str) -> Any:
    source = Source("s", {"en": bad}, {"en": bad}, url=f"https://example.org/{bad.replace(' ', '')}", language="en")
    one = make.event(
        bad, make.day("2015-11-17"), title={"en": bad}, note={"en": bad}, actor=Actor(bad, {"en": bad}), against={"en": bad},
        aircraft={"en": bad}, weapon={"en": bad}, origins=(Claim(name={"en": bad}),), mission=bad,
        receipts=(Receipt(source, bad, "en", {"en": bad}),),
    )  # fmt: skip
    answer = Location(Position(39, 36), Precision.NOT_STATED, name={"en": bad})
    return make.scene(
        [(one, answer, True)],
        languages=("en",),
        story={
            "title": {"en": bad}, "summary": {"en": bad}, "slug": bad, "sources": (source,),
            "corrections": (Correction(make.day("2015-11-18"), {"en": bad}),),
        },
    )  # fmt: skip


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_stays_text_in_every_field(bad: str) -> None:
    harmless, found = body(hostile_scene("word")), body(hostile_scene(bad))

    def shape(node: Node) -> list[Any]:
        names = sorted(name for name in node.attrs if name not in ("dir", "href"))
        return [
            node.tag,
            names,
            [shape(child) for child in node.children if isinstance(child, Node) and child.tag != "a"],
        ]

    assert shape(found) == shape(harmless)
    assert found.text.count(bad) == harmless.text.count("word")
    assert render_body(hostile_scene(bad), text.page_strings(hostile_scene(bad))).count(MAP_MARK) == 1


def test_no_element_carries_style_code_or_an_id_that_another_has(page: Node) -> None:
    ids = [node.attrs["id"] for node in page.all() if "id" in node.attrs]
    assert len(ids) == len(set(ids))
    for node in page.all():
        assert not [name for name in node.attrs if name == "style" or name.startswith("on")]


def test_two_maps_in_one_page_share_no_id() -> None:
    first, second = (body(make.scene(story={"slug": slug})) for slug in ("a-story", "b-story"))
    ids = [{node.attrs["id"] for node in root.all() if "id" in node.attrs} for root in (first, second)]
    assert not ids[0] & ids[1]


def test_every_text_carries_a_key_that_each_language_has(page: Node) -> None:
    strings = text.page_strings(make.scene())
    keyed = [node for node in page.all() if "data-t" in node.attrs]
    assert len(keyed) > 100
    for node in keyed:
        for lang in make.LANGUAGES:
            assert node.attrs["data-t"] in strings[lang]
        value = strings["fr"][str(node.attrs["data-t"])]
        assert node.text == (value if isinstance(value, str) else value[0])
    for node in page.all():
        if "data-t-label" in node.attrs:
            assert node.attrs["aria-label"] == strings["fr"][str(node.attrs["data-t-label"])]


def test_no_words_stand_in_the_page_without_a_key(page: Node) -> None:
    def loose(node: Node) -> list[str]:
        if "data-t" in node.attrs or "data-lang" in node.attrs or node.tag in ("q", "text"):
            return []
        found = [child.strip() for child in node.children if isinstance(child, str) and re.search(r"\w", child)]
        return found + [word for child in node.children if isinstance(child, Node) for word in loose(child)]

    assert loose(page) == []


def test_a_text_in_another_language_says_so_on_its_element() -> None:
    made = make.scene(languages=("ar", "fr", "en"), story={"lang": "fr"})
    found = body(made)
    (against,) = found.all(data_t="e4.against")
    assert (against.attrs["lang"], against.attrs["dir"]) == ("fr", "ltr")
    (title,) = found.all("h1")
    assert "lang" not in title.attrs


def test_the_legend_names_every_actor_on_the_map_with_its_symbol(page: Node) -> None:
    (legend,) = [node for node in page.all("section") if node.attrs.get("class") == "sm-legend"]
    rows = legend.all("li")
    assert [row.text.strip() for row in rows[:3]] == ["France", "Russie", "autres, inconnu"]
    assert all(len(row.all("svg")) == 1 for row in rows)
    assert len(rows) == 3 + len(text.legend_keys(make.scene()))


def test_every_pattern_and_clip_that_is_used_is_there(page: Node) -> None:
    ids = {node.attrs.get("id") for node in page.all()}
    used = {
        match
        for node in page.all()
        for value in node.attrs.values()
        for match in re.findall(r"url\(#([^)]+)\)", value or "")
    }
    assert used
    assert used <= ids


def test_a_page_in_one_language_offers_no_switch() -> None:
    assert body(make.scene(languages=("en",))).all("nav") == []


def test_an_empty_story_is_still_a_page() -> None:
    found = body(
        make.scene([], marks=(), areas=(), origins=(), sorties=(), sites=(), story={"sources": (), "corrections": ()})
    )
    assert len(found.all("h1")) == 1
    assert found.all("ol") == []


def test_headings_step_down_one_by_one(page: Node) -> None:
    levels = [int(node.tag[1]) for node in page.all() if re.fullmatch(r"h[1-6]", node.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))


def test_events_of_every_kind_and_status_have_a_line() -> None:
    events = [
        (make.event(f"k{n}", make.day("2015-11-17"), kind), make.at(make.RAQQA), True) for n, kind in enumerate(Kind)
    ]
    assert len([n for n in body(make.scene(events)).all("li") if "data-event-id" in n.attrs]) == len(Kind)
    retracted = replace(make.default_events()[2][0], status=make.Status.RETRACTED)
    assert "retiré" in body(make.scene([(retracted, make.at(make.RAQQA), True)])).text


CSS = (files("geo") / "web/css/page.css").read_text(encoding="utf-8")
RULES = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)


def variables(block: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", block)}


@pytest.mark.parametrize(("theme", "start"), [(LIGHT, ".strikemap {"), (DARK, "@media (prefers-color-scheme: dark)")])
def test_the_page_s_colours_are_the_map_s(theme: Theme, start: str) -> None:
    block = RULES[RULES.index(start) :]
    found = variables(re.split(r"color-scheme: \w+;", block)[0])
    assert [found[f"s{slot}"] for slot in range(7)] == list(theme.slots)
    assert (found["land"], found["water"], found["page"], found["ink"]) == (
        theme.land,
        theme.water,
        theme.page,
        theme.ink,
    )
    assert (found["dim"], found["rule"], found["halo"]) == (theme.countryLabel, theme.province, theme.halo)
    assert float(found["tint"]) == theme.tint


def outer_parts(selector: str) -> list[str]:
    """The alternatives of a selector; commas within parentheses part nothing."""
    parts, depth = [""], 0
    for character in selector:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def test_every_selector_stands_under_the_map_s_own_class() -> None:
    selectors = [part.strip() for part in re.findall(r"(?:^|[{};])\s*([^{};@]+)\{", RULES)]
    assert len(selectors) > 100
    for selector in selectors:
        if not selector.startswith(("body:has(> .strikemap)", "body.strikemap-page")):
            for one in outer_parts(selector):
                assert one.strip().startswith(".strikemap"), one


def test_the_style_asks_for_no_file() -> None:
    assert "url(" not in RULES
    assert re.findall(r"@import\s+\"([^\"]+)\"", RULES) == ["leaflet/dist/leaflet.css", "./timeline.css", "./filters.css", "./picture.css"]
