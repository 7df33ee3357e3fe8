"""A page of very many rows: what a reader finds, filters, opens and hears is all of the file, and reads as a page of few does."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.chromium import Audit, Host, OpenMap
from support.crowds import mixed
from support.program import run_strikemap

ROWS, FEW, HEAP = 2400, 60, 400
LANGUAGES = "en,fr,ar"
HEAPED = 'id,kind,date,title,lat,lon,precision\n' + "".join(
    f"h{n},strike,2016-{n % 12 + 1:02d}-{n % 28 + 1:02d},Heaped {n},{35.5 if n < HEAP else 34 + n % 90 / 90:.4f},{39.5 if n < HEAP else 37 + n % 70 / 70:.4f},village\n"
    for n in range(2100)
)  # fmt: skip


def build(text: str, path: Path) -> Path:
    path.write_text(text, "utf-8")
    out = path.with_suffix(".html")
    done = run_strikemap("build", path, "-o", out, "--lang", LANGUAGES)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crowds")


@pytest.fixture(scope="module")
def many(folder: Path) -> Path:
    return build(mixed(ROWS, far=False), folder / "many.csv")


@pytest.fixture(scope="module")
def rows(many: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(many.with_suffix(".csv").read_text("utf-8"), newline="")))


@pytest.fixture
def page(open_map: OpenMap, many: Path) -> Page:
    return open_map(many).page


def figure(text: str | None) -> int:
    return int(re.sub(r"\D", "", text or "0"))


SETSIZE = "+(document.querySelector('.sm-list li')?.ariaSetSize ?? 0)"
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SECTIONS = "[...document.querySelectorAll('.sm-events .sm-list h3 .sm-count')].map(e => e.textContent)"


def listed(page: Page) -> int:
    """Length of the list, which follows a filter in the next frame."""
    page.evaluate(FRAMES)
    found: int = page.evaluate(SETSIZE)
    return found


def search(page: Page, words: str) -> int:
    """What a search leaves in the end."""
    page.locator(".sm-filters input[type=search]").fill(words)
    status = page.locator(".sm-status")
    expect(status).to_have_text(re.compile(r"shown(?!.*search)"))
    return figure((status.text_content() or "").split(" of ")[0])


# ---- Numbers


def test_every_count_on_the_page_reconciles_with_the_file(page: Page, rows: list[dict[str, str]]) -> None:
    counts = page.evaluate("strikemap.counts")
    assert counts["events"] == counts["pinned"] + counts["areas"] + counts["unplaced"] + counts["refused"] == ROWS
    kept = ROWS - counts["refused"]
    assert listed(page) == kept
    told = page.evaluate("""() => {
      const said = [];
      const stop = strikemap.on('filter', data => said.push(data));
      for (const kinds of [null, ['strike'], ['crash', 'attack']]) strikemap.filter({kinds});
      strikemap.filter({from: '2016-03', to: '2016-04'});
      stop();
      return said;
    }""")
    strikes = sum(row["kind"] == "strike" for row in rows)
    assert [data["shown"] for data in told[:3]] == [kept, strikes, kept - strikes]
    for data in told:
        assert data["shown"] == sum(data["bins"]) + data["undated"]
        assert data["of"] == kept
    within = told[3]["shown"]
    assert figure(page.locator(".sm-status").text_content().split(" of ")[0]) == within == listed(page)  # type: ignore[union-attr]
    sums = page.evaluate("strikemap.drawn().sums")
    assert sums["drawn"] + sums["outside"] == sums["pinned"]
    assert sums["flown"] + sums["still"] + sums["away"] == sums["lines"]
    page.evaluate("strikemap.filter(null)")
    whole = page.evaluate("strikemap.drawn().sums")
    retracted = sum(row["status"] == "retracted" for row in rows)
    assert counts["pinned"] - retracted <= whole["pinned"] <= counts["pinned"]


def test_the_account_the_page_its_summary_and_its_data_count_the_same(open_map: OpenMap, folder: Path, many: Path) -> None:
    done = run_strikemap("build", many.with_suffix(".csv"), "-o", folder / "again.html", "--lang", "en")
    account = re.search(r"(\d+) events = (\d+) pinned \+ (\d+) areas \+ (\d+) unplaced \+ (\d+) refused; (\d+) sorties", done.stderr)
    assert account, done.stderr
    events, pinned, areas, unplaced, refused, sorties = map(int, account.groups())
    page = open_map(folder / "again.html").page
    counts = page.evaluate("strikemap.counts")
    assert {name: counts[name] for name in ("events", "pinned", "areas", "unplaced", "refused", "sorties")} == {
        "events": events, "pinned": pinned, "areas": areas, "unplaced": unplaced, "refused": refused, "sorties": sorties,
    }  # fmt: skip
    still = open_map(folder / "again.html", js=False).page
    assert sum(map(figure, still.locator(".sm-by-place td").all_text_contents())) == events - refused
    rows = run_strikemap("data", folder / "again.html", "-f", "csv").stdout
    assert sum(1 for _ in csv.DictReader(StringIO(rows, newline=""))) == events - refused
    features = json.loads(run_strikemap("data", folder / "again.html", "-f", "geojson").stdout)["features"]
    lines = [one for one in features if one["properties"]["kind"] == "sortie"]
    assert (len(features) - len(lines), len(lines)) == (events - refused, sorties)
    assert sum(one["geometry"] is None for one in features) == unplaced


def test_options_and_key_count_what_they_would_leave(page: Page, rows: list[dict[str, str]]) -> None:
    def counted(facet: str) -> dict[str, int]:
        found = page.locator(f"[data-facet={facet}] label").evaluate_all(
            "all => all.map(label => [label.querySelector('input').value, label.querySelector('.sm-count').textContent])"
        )
        return {name: figure(count) for name, count in found}

    kinds = {kind: sum(row["kind"] == kind for row in rows) for kind in ("strike", "attack", "crash")}
    assert counted("kind") == kinds
    assert sum(counted("actor").values()) == sum(counted("precision").values()) == len(rows)
    page.locator("[data-facet=kind] input[value=crash]").check()
    assert counted("kind") == kinds, "a facet counts past its own choice"
    assert sum(counted("actor").values()) == kinds["crash"]
    expect(page.locator('.sm-legend [data-key="slot0"]')).to_be_hidden()
    shown = page.locator(".sm-status").text_content() or ""
    assert figure(shown.split(" of ")[0]) == kinds["crash"]
    page.wait_for_function("() => location.hash === '#kind=crash'")
    page.get_by_role("button", name="Show all").click()
    assert listed(page) == len(rows)


def test_sections_of_the_list_hold_every_row_once(page: Page, rows: list[dict[str, str]]) -> None:
    counts = page.evaluate("strikemap.counts")
    heads = []
    page.locator(".sm-events > h2").focus()
    page.keyboard.press("ArrowDown")
    heads += page.evaluate(SECTIONS)
    page.keyboard.press("End")
    heads += page.evaluate(SECTIONS)
    assert figure(heads[0]) == counts["pinned"] + counts["areas"] - counts["outside"]
    page.keyboard.press("Home")
    page.evaluate("strikemap.language('fr')")
    written = page.evaluate("n => new Intl.NumberFormat('fr').format(n)", figure(heads[0]))
    assert page.evaluate(SECTIONS)[0] == written, "in the reader's own figures"
    page.evaluate("strikemap.language('en')")
    page.evaluate("strikemap.filter({precision: ['unplaced']})")
    listed(page)
    assert [figure(head) for head in page.evaluate(SECTIONS)] == [counts["unplaced"]]


# ---- Searching


def test_a_search_reaches_every_row_in_all_that_is_said_of_it(page: Page, rows: list[dict[str, str]]) -> None:
    titled = next(row for row in reversed(rows) if row["title:fr"].startswith("Frappe n°"))
    assert search(page, titled["title:fr"].upper()) >= search(page, titled["id"]) == 1
    expect(page.locator(f'li[data-event-id="{titled["id"]}"]')).to_be_visible()
    words = next(row for row in reversed(rows) if row["quote"].startswith("Words of"))
    assert search(page, words["quote"]) >= 1
    expect(page.locator(f'li[data-event-id="{words["id"]}"]')).to_be_visible()
    assert search(page, "الرقة") == sum(row["place"] == "Raqqa" and not row["lat"] for row in rows), (
        "by any name of the place"
    )
    assert search(page, "x odd") == 0
    assert search(page, "née x") == search(page, "NEE") >= sum("née" in row["note"] for row in rows) > 0
    assert search(page, "007 b-25") >= sum(row["unit"] == "007" and row["aircraft"] != "" for row in rows) > 0, (
        "a column of the file's own"
    )
    assert search(page, "two lines") == sum("in two lines" in row["note"] for row in rows)
    assert search(page, "zzzzzz") == 0
    expect(page.locator(".sm-status")).to_contain_text("No event fits.")


def test_a_newer_search_ends_an_older_one(page: Page, rows: list[dict[str, str]]) -> None:
    page.evaluate("for (const text of ['bombs', 'two', 'two lines', 'zzzzzz', 'depot']) strikemap.filter({text})")
    depot = sum(row["against"] == "depot" for row in rows)
    expect(page.locator(".sm-status")).to_have_text(f"{depot:,} of {len(rows):,} shown")
    assert listed(page) == depot


# ---- Cards


CARD = """async ([id, lang]) => {
  strikemap.language(lang);
  strikemap.select(null);
  strikemap.select(id);
  const panel = document.querySelector('.sm-panel');
  for (let i = 0; panel.hidden && i < 400; i++) await new Promise(done => setTimeout(done, 5));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const outside = strikemap.language && panel.querySelectorAll('[data-t="where.outside"]');
  for (const node of outside) node.remove();
  const walk = node => node.nodeType === 3 ? node.data : node.matches('.sm-here, .sm-own, wbr') ? '' : node.localName === 'svg' ? node.getAttribute('class')
    : (/^(DT|DD|P|LI|H2|Q)$/.test(node.tagName) ? '\\n' : '') + [node.lang, node.dir, node.getAttribute('href') ?? ''].filter(Boolean).join('|') + [...node.childNodes].map(walk).join('');
  return walk(panel.querySelector('.sm-panel-body')).split('\\n').map(line => line.replace(/ +/g, ' ').trim()).filter(Boolean);
}"""


def test_a_row_says_the_same_on_a_page_of_few_and_of_very_many(
    open_map: OpenMap, folder: Path, many: Path, rows: list[dict[str, str]]
) -> None:
    few = open_map(build(mixed(FEW, far=False), folder / "few.csv")).page
    crowd = open_map(many).page
    # Origins of what has no line are said by their names here, and as they are written there; the hour of a year is nonsense anyhow.
    alike = [
        row["id"]
        for row in rows[:FEW]
        if not (row["origin"] or row["origin_lat"]) and not (row["date"].endswith("~") and row["time"])
    ]
    assert len(alike) > 10
    for event in alike:
        for lang in LANGUAGES.split(","):
            asked = [event, lang]
            assert crowd.evaluate(CARD, asked) == few.evaluate(CARD, asked), asked


def test_a_card_ends_with_the_columns_that_the_file_has_of_its_own(page: Page, rows: list[dict[str, str]]) -> None:
    row = next(row for row in rows if row["unit"] == "007" and row["=odd header"] and "</script>" in row["note"])
    page.evaluate("id => strikemap.select(id)", row["id"])
    card = page.locator(".sm-panel")
    expect(card.locator(".sm-own")).to_have_count(2)
    assert card.locator(".sm-own").evaluate_all("all => all.map(e => [...e.children].map(c => c.textContent))") == [
        ["unit", "007"],
        ["=odd header", "@x"],
    ]
    expect(card.locator(".sm-note")).to_contain_text('</script> & "more"')
    page.evaluate("strikemap.language('ar')")
    expect(card.locator("dt").first).to_have_text("ماذا")
    expect(card.locator(".sm-own").first).to_have_text("unit007")


def test_a_row_without_a_source_of_its_own_has_the_tables_makers_as_its_receipt(folder: Path, open_map: OpenMap) -> None:
    header = "Incident ID,Date,Governorate,District,Area,Target,Main category,Sub-category,Time,Air Raids"
    lines = [f"Y{n},{n % 28 + 1:02d}/03/2015,Sanaa,Bani Al Harith,Airport,Air base,Military,Air base,Dawn,4" for n in range(320)]
    page = open_map(build("\n".join([header, *lines]) + "\n", folder / "makers.csv")).page
    page.evaluate("strikemap.select('Y7')")
    receipt = page.locator(".sm-panel .sm-receipts li")
    expect(receipt).to_contain_text("Yemen Data Project")
    expect(receipt).to_contain_text("no link known")


def test_a_card_opens_in_the_list_and_on_the_map_and_is_let_go_when_it_is_filtered_out(page: Page) -> None:
    page.locator(".sm-events > h2").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    card = page.locator("li[aria-posinset='2'] .sm-card")
    expect(card).to_be_visible()
    expect(card.locator("dt").first).to_have_text("What")
    expect(page.locator("li[aria-posinset='2']")).to_have_class(re.compile("sm-selected"))
    card.locator(".sm-show").click()
    expect(page.locator(".sm-panel .sm-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".sm-panel")).to_be_hidden()
    page.evaluate("strikemap.select('n0007')")
    expect(page.locator(".sm-panel .sm-card")).to_be_visible()
    page.evaluate("strikemap.filter({from: '1999', to: '1999'})")
    expect(page.locator(".sm-panel")).to_be_hidden()
    assert page.evaluate("strikemap.project('n0007')") is None
    assert page.evaluate("strikemap.filter(null)") > 0


# ---- The list


FOCUSED = "(li => li && [+li.ariaPosInSet, +li.ariaSetSize])(document.activeElement.closest('[data-event-id]'))"
IN_PAGE = "document.querySelectorAll('li[data-event-id]').length"


def test_every_line_is_reached_by_keyboard_and_knows_its_place(page: Page, rows: list[dict[str, str]]) -> None:
    page.locator(".sm-events > h2").focus()
    for key, place in (
        ("ArrowDown", 1),
        ("PageDown", 11),
        ("PageUp", 1),
        ("End", len(rows)),
        ("ArrowUp", len(rows) - 1),
        ("Home", 1),
        ("ArrowUp", 1),
    ):
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == [place, len(rows)], key
    seen = set()
    for _ in range(len(rows) // 10):
        page.keyboard.press("PageDown")
        seen.add(page.evaluate(FOCUSED)[0])
        assert page.evaluate(IN_PAGE) <= 61
    assert len(seen) == len(rows) // 10 and max(seen) == len(rows)


def test_lines_are_written_when_the_reader_comes_to_them(page: Page) -> None:
    page.evaluate("document.querySelector('.sm-scroll').scrollTop = 70000")
    page.wait_for_function("() => +document.querySelector('.sm-list li').ariaPosInSet > 300")
    lines = page.locator(".sm-list li .sm-title")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.sm-list li .sm-title, .sm-list li .sm-date')].every(e => e.textContent)"
    )
    before = lines.all_inner_texts()
    page.click("[data-lang=ar]")
    page.wait_for_function("() => [...document.querySelectorAll('.sm-list li .sm-title')].every(e => e.textContent)")
    assert lines.count() == len(before)
    assert lines.all_inner_texts() != before
    assert any(re.search("[\u0600-\u06ff]", text) for text in lines.all_inner_texts())


def test_a_heap_on_one_spot_opens_at_once_and_all_of_it_is_reached(open_map: OpenMap, folder: Path) -> None:
    page = open_map(build(HEAPED, folder / "heaped.csv")).page
    page.evaluate("strikemap.filter({text: 'heaped'})")
    at = page.evaluate("strikemap.project('h0')")
    panel = page.locator(".sm-panel")
    for _ in range(12):
        page.mouse.click(at["x"], at["y"])
        if panel.is_visible():
            break
        page.wait_for_timeout(150)
        at = page.evaluate("strikemap.project('h0')")
    expect(panel.locator("h3")).to_have_text(f"{HEAP} events")
    page.evaluate("strikemap.language('fr')")
    expect(panel.locator("h3")).to_have_text(f"{HEAP} événements")
    page.evaluate("strikemap.language('en')")
    choices = panel.locator(".sm-choice")
    assert choices.count() <= 60
    assert choices.first.evaluate("e => e.closest('li').ariaSetSize") == str(HEAP)
    choices.first.focus()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.closest('li').ariaPosInSet") == str(HEAP)
    expect(panel.locator(".sm-choice:focus .sm-title")).to_have_text(re.compile(r"Heaped \d+"))
    title = panel.locator(".sm-choice:focus .sm-title").inner_text()
    page.keyboard.press("Enter")
    expect(panel.locator(".sm-panel-title")).to_have_text(title)
    expect(panel.locator(".sm-long")).to_have_text(f"{HEAP - 1} events")


def test_marks_on_the_map_are_reached_and_opened_by_keyboard(page: Page) -> None:
    marks = page.locator(".sm-marks button")
    page.wait_for_function("() => [...document.querySelectorAll('.sm-marks button')].every(b => b.ariaLabel)")
    names = marks.evaluate_all("all => all.map(b => b.ariaLabel)")
    assert sum(figure(re.match(r"[\d,]*", name)[0]) if "events" in name else 1 for name in names) >= 1  # type: ignore[index]
    marks.first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.parentElement.className") == "sm-marks"
    page.keyboard.press("Enter")
    expect(page.locator(".sm-panel")).to_be_visible()
    expect(page.locator(".sm-panel")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.parentElement.className") == "sm-marks"


# ---- Everyone, everywhere


def test_axe_finds_nothing(page: Page, audit: Audit) -> None:
    page.locator(".sm-events > h2").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.evaluate("strikemap.select('n0003')")
    expect(page.locator(".sm-panel .sm-card")).to_be_visible()
    for width, scheme, lang in ((1280, "light", "en"), (320, "dark", "ar"), (768, "dark", "fr")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate("lang => strikemap.language(lang)", lang)
        assert audit(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_paper_says_that_the_list_goes_on_in_the_file(page: Page) -> None:
    on_screen, on_paper = page.locator(".sm-events > .sm-long"), page.locator(".sm-printed")
    expect(on_screen).to_be_visible()
    expect(on_paper).to_be_hidden()
    page.emulate_media(media="print")
    expect(on_screen).to_be_hidden()
    expect(on_paper).to_have_text(re.compile("file holds them all"))


def test_in_a_sandboxed_frame_it_answers_its_host(open_map: OpenMap, host_page: Host, many: Path) -> None:
    seen = open_map(host_page(many.read_text("utf-8"), "sandbox"), wait=False)
    frame = seen.frame()
    seen.page.evaluate("window.told = []; addEventListener('message', e => told.push(e.data))")

    def ask(message: dict[str, Any], wanted: str) -> Any:
        seen.page.evaluate("m => document.querySelector('iframe').contentWindow.postMessage(m, '*')", message)
        seen.page.wait_for_function(f"() => told.some(m => m.type === 'strikemap:{wanted}')")
        return seen.page.evaluate(f"told.findLast(m => m.type === 'strikemap:{wanted}')")

    assert ask({"type": "strikemap:counts"}, "counts")["counts"] == frame.evaluate("strikemap.counts")
    assert ask({"type": "strikemap:select", "id": "n0001"}, "select")["id"] == "n0001"
    assert ask({"type": "strikemap:filter", "kinds": ["crash"]}, "filter")["shown"] == frame.evaluate(
        f"{FRAMES}.then(() => {SETSIZE})"
    )
    assert ask({"type": "strikemap:height"}, "height")["height"] > 600
    assert ask({"type": "strikemap:language", "lang": "ar"}, "language")["lang"] == "ar"


def test_damaged_rows_are_refused_and_what_stands_in_the_page_stays(
    open_map: OpenMap, many: Path, folder: Path
) -> None:
    text = many.read_text("utf-8")
    start = text.index('application/x-strikemap-rows"')
    head = text.index("\n", start)
    # A segment begins with other characters than it was written with.
    broken = folder / "broken.html"
    broken.write_text(text[: head + 1] + "~" * 200 + text[head + 201 :], "utf-8")
    seen = open_map(broken, wait=False)
    seen.page.wait_for_selector('html[data-strikemap="failed"]', state="attached")
    seen.page.wait_for_timeout(100)
    assert seen.faults and all("the page's data is damaged" in fault for fault in seen.faults), json.dumps(seen.faults)
    seen.faults.clear()
    expect(seen.page.locator("h1")).to_be_visible()
