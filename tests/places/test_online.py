"""Names asked of a real server on this machine that speaks the providers' formats, whatever it does to us."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.errors import UsageError
from geo.geometry import ground
from geo.model import Claim, Location, Precision, Unplaced
from geo.places.cache import Cache
from geo.places.gazetteer import Gazetteer
from geo.places.online import Online, OnlineError, OnlineOptions, announced, normal
from geo.places.resolve import Context, locate
from support.geocoder_server import Fault, Geocoder, Spot, serving
from support.program import heeds_ctrl_c, run_strikemap

NAME = "Tell Qarmidan"
NEAR_RAQQA = Spot(36.10, 38.90)


class Time:
    """A clock that only a sleep moves."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


Ask = Callable[..., Location | Unplaced]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[Geocoder]:
    with serving(**{NAME: NEAR_RAQQA}) as told:
        yield told


def online(server: Geocoder, time: Time, provider: str = "nominatim", cache: Path | None = None, **options: object) -> Online:
    return Online(
        OnlineOptions(provider, server.domain, **options), ground, cache=Cache.open(cache, print), clock=lambda: time.now,
        sleep=time.sleep, timeout=0.3,
    )  # fmt: skip


@pytest.fixture
def ask(server: Geocoder, time: Time, gazetteer: Gazetteer) -> Iterator[Ask]:
    def asking(name: str = NAME, provider: str = "nominatim", context: Context | None = None, **claim: str) -> Location | Unplaced:
        if gazetteer.beyond is None:
            gazetteer.beyond = online(server, time, provider)
        return locate(Claim(place=name, **claim), gazetteer, context)

    yield asking
    gazetteer.beyond = None


# --- what is sent and what comes back --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "sort", "precision", "credit"),
    [
        ("nominatim", "village", Precision.VILLAGE, "OpenStreetMap contributors (ODbL)"),
        ("photon", "town", Precision.TOWN, "OpenStreetMap contributors (ODbL)"),
        ("pelias", "locality", Precision.TOWN, "see the server's terms"),
    ],
)
def test_an_unknown_name_is_found_with_its_provider_and_licence(
    ask: Ask, server: Geocoder, provider: str, sort: str, precision: Precision, credit: str
) -> None:
    server.spots[NAME] = [Spot(36.10, 38.90, sort)]
    found = ask(provider=provider, country="Syria")
    assert isinstance(found, Location)
    assert found.place is not None
    assert found.place.id.startswith(f"online:{provider}:")
    assert (found.position, found.precision) == ((38.9, 36.1), precision)
    assert (found.countries, found.place.admin1) == (("SY",), "SY-RA")
    assert credit in found.place.source


def test_only_the_name_and_its_country_are_sent(ask: Ask, server: Geocoder) -> None:
    ask(f"5 km west of {NAME}", country="Syria", admin1="Raqqa")
    assert server.requests == [
        {
            "q": NAME, "countrycodes": "sy", "format": "json", "limit": "10", "addressdetails": "1", "accept-language": "en",
            "agent": server.requests[0]["agent"],
        }
    ]  # fmt: skip
    assert server.requests[0]["agent"].startswith("strikemap/")


def test_the_address_stands_in_the_user_agent(server: Geocoder, time: Time, gazetteer: Gazetteer) -> None:
    online(server, time, email="desk@example.org").hits(NAME, (), gazetteer)
    assert server.requests[0]["agent"].endswith(" (desk@example.org)")


def test_what_the_gazetteer_knows_or_finds_ambiguous_is_never_asked_for(ask: Ask, server: Geocoder) -> None:
    for name in ("Raqqa", "Aleppo governorate", "38SLC 419 034", "35.1, 38.2", "5 km west of Raqqa"):
        assert isinstance(ask(name), Location)
    assert server.queries == []


def test_relative_words_are_measured_from_the_answer(ask: Ask) -> None:
    found = ask(f"10 km north of {NAME}", country="Syria")
    assert isinstance(found, Location)
    assert found.position.lat == pytest.approx(36.19, abs=0.005)
    assert found.place is not None
    assert found.place.id.startswith("online:")


def test_not_found_falls_back_to_the_stated_province_and_is_asked_once(ask: Ask, server: Geocoder) -> None:
    for _ in range(2):
        found = ask("Wadi Shartan", country="Syria", admin1="Aleppo")
        assert isinstance(found, Location)
        assert found.precision is Precision.GOVERNORATE
    assert isinstance(ask("Kafr Mizra"), Unplaced)
    assert server.queries == ["Wadi Shartan", "Kafr Mizra"]


# --- doubt -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spot",
    [
        Spot(35.0, 38.5, "state"),
        Spot(35.0, 38.5, "county"),
        Spot(35.0, 38.5, "country"),
        Spot(35.0, 38.5, "desert"),
        Spot(35.0, 38.5, "city", box=(37.0, 34.0, 40.0, 36.0)),
        Spot(35.0, 38.5, "attraction_of_unknown_size"),
        Spot(35.0, 38.5, "military", box=(38.0, 34.8, 38.8, 35.2)),
    ],
    ids=lambda spot: f"{spot.type}{'-wide' if spot.box else ''}",
)
def test_what_is_as_large_as_a_district_is_never_pinned(ask: Ask, server: Geocoder, spot: Spot) -> None:
    server.spots[NAME] = [spot]
    found = ask()
    assert isinstance(found, Unplaced)
    assert found.code == "ambiguous"
    assert "no pin is set" in found.reason
    assert found.candidates[0].place.name("en")[0] == NAME


def test_a_province_that_the_gazetteer_has_is_its_outline(ask: Ask, server: Geocoder) -> None:
    server.spots["Rakkastan"] = [Spot(35.9, 38.9, "state", name="Raqqa Governorate")]
    found = ask("Rakkastan")
    assert isinstance(found, Location)
    assert (found.precision, found.outline) == (Precision.GOVERNORATE, "province:SY-RA")


def test_a_small_compound_is_as_large_as_its_box(ask: Ask, server: Geocoder) -> None:
    server.spots[NAME] = [Spot(36.1, 38.9, "military", box=(38.895, 36.095, 38.905, 36.105))]
    found = ask()
    assert isinstance(found, Location)
    assert found.precision is Precision.NEIGHBOURHOOD


def test_places_far_apart_are_ambiguous_until_the_story_decides(ask: Ask, server: Geocoder) -> None:
    server.spots[NAME] = [NEAR_RAQQA, Spot(33.3, 44.4, country="iq")]
    alone = ask()
    assert isinstance(alone, Unplaced)
    assert (alone.code, len(alone.candidates)) == ("ambiguous", 2)
    assert alone.candidates[1].km > 500
    told = ask(context=Context(("IQ",)))
    assert isinstance(told, Location)
    assert told.countries == ("IQ",)


def test_a_place_outside_the_stated_country_or_province_is_none(ask: Ask, server: Geocoder) -> None:
    server.spots[NAME] = [Spot(39.9, 32.8, country="tr")]
    found = ask(f"{NAME}, Ruritania", country="Syria")
    assert isinstance(found, Location)
    assert found.precision is Precision.COUNTRY
    server.spots["Umm Zbala"] = [NEAR_RAQQA]
    province = ask("Umm Zbala", country="Syria", admin1="Aleppo")
    assert isinstance(province, Location)
    assert province.outline == "province:SY-HL"


# --- a service in trouble --------------------------------------------------------------------------------------


def test_the_pace_is_kept(server: Geocoder, time: Time, gazetteer: Gazetteer) -> None:
    service = online(server, time)
    for name in ("Aa", "Bb", "Cc"):
        service.hits(name, (), gazetteer)
    assert time.slept == pytest.approx([1.0, 1.0])
    quick = online(server, Time(), rate=50.0)
    quick.hits("Dd", (), gazetteer)
    quick.hits("Ee", (), gazetteer)
    assert server.queries == ["Aa", "Bb", "Cc", "Dd", "Ee"]


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        (Fault(429, {"Retry-After": "7"}), 7.0),
        (Fault(429), 2.0),
        (Fault(503), 2.0),
        (Fault(500), 2.0),
        (Fault(hang=True), 2.0),
        (Fault(body=b'[{"lat": "35', cut=500), 2.0),
    ],
    ids=["429-told", "429", "503", "500", "time-out", "half"],
)
def test_a_failure_that_may_pass_is_tried_again_after_a_pause(
    ask: Ask, server: Geocoder, time: Time, fault: Fault, waited: float
) -> None:
    server.faults = [fault]
    assert isinstance(ask(), Location)
    assert server.queries == [NAME, NAME]
    assert time.slept == pytest.approx([waited])


@pytest.mark.parametrize(("fault", "said"), [(Fault(503), "is not ready (503), 4 times"), (Fault(body=b"[", cut=9), "broke off")])
def test_tries_are_bounded_and_the_pauses_grow(ask: Ask, server: Geocoder, time: Time, fault: Fault, said: str) -> None:
    server.faults = [fault] * 9
    with pytest.raises(OnlineError) as caught:
        ask()
    assert said in str(caught.value)
    assert server.queries == [NAME] * 4
    assert time.slept == pytest.approx([2.0, 4.0, 8.0])


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_ends_the_run_at_once(ask: Ask, server: Geocoder, time: Time, status: int) -> None:
    server.faults = [Fault(status)] * 3
    with pytest.raises(OnlineError, match=rf"refuses us \({status}\); it may want a key"):
        ask()
    assert (server.queries, time.slept) == ([NAME], [])


def test_a_service_that_wants_a_long_pause_is_left_alone(ask: Ask, server: Geocoder, time: Time) -> None:
    server.faults = [Fault(429, {"Retry-After": "3600"})]
    with pytest.raises(OnlineError, match="to be left alone for 3600 s"):
        ask()
    assert (server.queries, time.slept) == ([NAME], [])


GARBAGE = [b"<html>Log in to the hotel's network</html>", b"{}", b"null", b'[{"lat": "95", "lon": "3", "display_name": "X"}]',
           b'[{"lat": "nan", "lon": "3", "display_name": "X"}]', b'[{"display_name": "X"}]', b'["X"]', b"\xff\xfe\x00"]  # fmt: skip


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_is_told_in_a_line_and_not_kept(
    server: Geocoder, time: Time, gazetteer: Gazetteer, tmp_path: Path, body: bytes
) -> None:
    server.faults = [Fault(body=body)]
    try:
        gazetteer.beyond = service = online(server, time, cache=tmp_path / "c.sqlite")
        assert isinstance(locate(Claim(place=NAME), gazetteer), Unplaced)
        assert len(service.warnings) == 1
        assert "\n" not in service.warnings[0]
        assert NAME in service.warnings[0]
        gazetteer.beyond = online(server, time, cache=tmp_path / "c.sqlite")
        assert isinstance(locate(Claim(place=NAME), gazetteer), Location)
    finally:
        gazetteer.beyond = None


def test_garbage_again_and_again_ends_the_run(ask: Ask, server: Geocoder) -> None:
    server.faults = [Fault(body=b"garbage")] * 9
    ask("Kafr Mizra")
    ask("Umm Zbala")
    with pytest.raises(OnlineError, match="3 answers in a row are of no use"):
        ask("Wadi Shartan")
    assert len(server.queries) == 3


def test_a_server_that_is_not_there_is_told_so(time: Time, gazetteer: Gazetteer) -> None:
    with serving() as gone:
        pass
    with pytest.raises(OnlineError, match="cannot be reached"):
        online(gone, time).hits(NAME, (), gazetteer)


# --- what can be asked for -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (OnlineOptions("nominatm"), "did you mean nominatim?"),
        (OnlineOptions("qqqqqqqq"), "choose nominatim, photon, pelias"),
        (OnlineOptions("nominatim"), "give your address with --online-email"),
        (OnlineOptions("nominatim", email="desk"), "no e-mail address"),
        (OnlineOptions("nominatim", email="a@b.c\r\nX: y"), "no e-mail address"),
        (OnlineOptions("nominatim", email="a@b.org", rate=2.0), "allows 1 a second"),
        (OnlineOptions("nominatim", "a b"), "write a host"),
        (OnlineOptions("nominatim", "user:secret@example.org"), "write a host"),
        (OnlineOptions("pelias"), "say which server"),
        (OnlineOptions("opencage"), "it needs a key"),
        (OnlineOptions("photon", key="k"), "photon takes no key"),
        (OnlineOptions("liveaddress", key="k"), "2 parts"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_sent(options: OnlineOptions, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        announced(options)
    assert said in str(caught.value)


def test_a_server_is_asked_over_tls_unless_it_is_this_machine_or_http_is_said(time: Time) -> None:
    def api(domain: str) -> str:
        service = Online(OnlineOptions("nominatim", domain), ground, cache=Cache.open(None, print))
        return str(service._coder.api)

    assert api("geo.example.org") == "https://geo.example.org/search"
    assert api("localhost:8080/nominatim/") == "http://localhost:8080/nominatim/search"
    assert api("https://localhost") == "https://localhost/search"
    assert api("http://geo.example.org") == "http://geo.example.org/search"


def test_the_public_service_is_named_with_its_pace() -> None:
    assert announced(OnlineOptions("nominatim", email="a@b.org")) == (
        "nominatim.openstreetmap.org is asked for names that the gazetteer does not know, 1 a second; "
        "only the name and its country are sent"
    )


def test_names_that_differ_in_case_spaces_or_accents_form_are_one_for_the_cache() -> None:
    assert normal(" Tell  É") == normal("tell E\u0301")


# --- the program -----------------------------------------------------------------------------------------------


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"STRIKEMAP_ONLINE_CACHE": str(tmp_path / "online.sqlite"), "STRIKEMAP_GAZETTEER": ""}


def asks(server: Geocoder) -> list[str]:
    return ["--online", "nominatim", "--online-domain", server.domain, "--online-rate", "200"]


def test_locate_says_whom_it_asks_and_gives_provider_and_licence(server: Geocoder, env: dict[str, str]) -> None:
    run = run_strikemap("locate", NAME, "Raqqa", "--json", *asks(server), env=env)
    found, raqqa = map(json.loads, run.stdout.splitlines())
    assert (run.returncode, found["status"], found["id"]) == (0, "found", "online:nominatim:N1")
    assert found["candidates"][0]["source"] == f"Nominatim ({server.domain}): © OpenStreetMap contributors (ODbL)"
    assert raqqa["id"] == "raqqa"
    assert f"{server.domain} is asked for names" in run.stderr
    again = run_strikemap("locate", NAME, "Raqqa", "--json", *asks(server), env=env)
    assert (again.stdout, server.queries) == (run.stdout, [NAME])
    run_strikemap("locate", NAME, *asks(server), "--online-refresh", env=env)
    assert server.queries == [NAME, NAME]
    assert "1 answers forgotten" in run_strikemap("gazetteer", "forget", env=env).stderr


def test_a_refusal_is_one_line_and_status_2(server: Geocoder, env: dict[str, str]) -> None:
    server.faults = [Fault(403)]
    run = run_strikemap("locate", "Raqqa", NAME, "Homs", *asks(server), env=env)
    assert (run.returncode, run.stdout.splitlines()[0].startswith("Raqqa: Raqqa")) == (2, True)
    assert run.stderr.splitlines()[1].startswith(f"{server.domain}: refuses us (403)")
    assert len(run.stderr.splitlines()) == 2


def test_a_killed_run_loses_nothing_that_was_answered(server: Geocoder, env: dict[str, str]) -> None:
    names = [f"Tell Qarmidan Zq{n}" for n in range(24)]
    command = [sys.executable, "-c", "from geo.cli import main; main()", "locate", "-", "--json", *asks(server)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **env}, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n".join(names) + "\n")
    process.stdin.flush()
    answered = [process.stdout.readline() for _ in range(6)]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert [json.loads(line)["query"] for line in answered] == names[:6]
    before = list(server.queries)
    run = run_strikemap("locate", "-", "--json", *asks(server), env=env, stdin="\n".join(names))
    assert [json.loads(line)["query"] for line in run.stdout.splitlines()] == names
    twice = {name for name in server.queries if server.queries.count(name) > 1}
    # Only the one question that was under way when it was killed had no answer yet.
    assert twice <= {before[-1]}
    assert not twice & set(names[:6])
    assert set(server.queries) == set(names)


STORY = """\
title: One night
slug: one
lang: en
date: 2015-11-17
sources:
  s: {{publisher: Desk, title: A report, published: 2015-11-17}}
events:
  - {{id: a, kind: strike, date: 2015-11-16, title: A raid, place: {name}, country: Syria, strikes: 2, sources: [s]}}
  - {{id: b, kind: strike, date: 2015-11-16, title: Another, place: Raqqa, sources: [s]}}
"""


def test_a_built_page_credits_the_service_and_is_the_same_each_time(server: Geocoder, env: dict[str, str], tmp_path: Path) -> None:
    story = tmp_path / "one.yaml"
    story.write_text(STORY.format(name=NAME), "utf-8")
    pages = []
    for _ in range(2):
        run = run_strikemap("build", story, *asks(server), "-f", "html,geojson", env=env)
        assert run.returncode == 0, run.stderr
        assert "2 events = 2 pinned" in run.stderr
        pages.append((tmp_path / "one.html").read_bytes() + (tmp_path / "one.geojson").read_bytes())
    assert pages[0] == pages[1]
    assert server.queries == [NAME]
    assert "OpenStreetMap contributors (ODbL)" in pages[0].decode("utf-8")
    offline = run_strikemap("build", story, env=env)
    assert "1 pinned + 1 areas" in offline.stderr
    assert "OpenStreetMap" not in (tmp_path / "one.html").read_text("utf-8")


def test_a_table_is_asked_for_once_a_name(server: Geocoder, env: dict[str, str], tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    rows = "".join(f"2015-11-{day},{NAME},Syria\n" for day in range(10, 20))
    table.write_text(f"date,place,country\n{rows}", "utf-8")
    run = run_strikemap("build", table, *asks(server), env=env)
    assert "10 events = 10 pinned" in run.stderr
    assert server.queries == [NAME]


NO_NETWORK = """
import socket, sys
def refuse(*_, **__): raise AssertionError("the network was touched")
socket.socket.connect = socket.getaddrinfo = refuse
from geo.cli import run
status = run(sys.argv[1:])
loaded = [name for name in sys.modules if name.startswith("geopy")]
assert not loaded, loaded
sys.exit(status)
"""


def test_unless_it_is_asked_for_no_geocoder_is_loaded_and_the_network_is_not_touched(tmp_path: Path, env: dict[str, str]) -> None:
    story = tmp_path / "one.yaml"
    story.write_text(STORY.format(name=NAME), "utf-8")
    for args in (["locate", NAME, "Raqqa"], ["build", str(story)]):
        run = subprocess.run(
            [sys.executable, "-c", NO_NETWORK, *args], capture_output=True, text=True, check=False, env={**os.environ, **env}
        )
        assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("option", ["--online-domain", "--online-email", "--online-key", "--online-rate"])
def test_an_option_of_the_service_without_a_service_is_refused(option: str) -> None:
    run = run_strikemap("locate", "Raqqa", option, "1")
    assert (run.returncode, run.stderr) == (2, f"{option}: name the service too, with --online\n")


def on_a_terminal(tmp_path: Path, names: int, pause: float) -> tuple[str, str]:
    """What `locate -` writes to a terminal, and to the file that its answers go to."""
    slow = (
        "import time\nfrom geo.places import answer as module\nreal = module.answer\n"
        f"def answer(*a):\n    time.sleep({pause})\n    return real(*a)\nmodule.answer = answer\n"
        "from geo.cli import main\nmain(['locate', '-', '--json'])"
    )
    given, out = tmp_path / "names", tmp_path / "out"
    given.write_text("Raqqa\n" * names)
    master, slave = pty.openpty()
    with given.open() as stdin, out.open("w") as stdout:
        process = subprocess.Popen(
            [sys.executable, "-c", slow], stdin=stdin, stdout=stdout, stderr=slave, env={**os.environ, "TERM": "xterm"}
        )
        os.close(slave)
        shown = b""
        try:
            while chunk := os.read(master, 4096):
                shown += chunk
        except OSError:
            pass
        os.close(master)
        assert process.wait(30) == 0
    return shown.decode("utf-8", "replace"), out.read_text("utf-8")


def test_a_bar_shows_on_a_terminal_for_work_over_a_second_only(tmp_path: Path) -> None:
    shown, out = on_a_terminal(tmp_path, 14, 0.1)
    assert "14/14" in shown
    assert len(out.splitlines()) == 14
    assert on_a_terminal(tmp_path, 3, 0.0)[0] == ""


def test_ctrl_c_ends_locate_cleanly(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from geo.cli import main; main()", "locate", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=heeds_ctrl_c,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("Raqqa\n")
    process.stdin.flush()
    assert process.stdout.readline().startswith("Raqqa: Raqqa")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[1] == "stopped\n"
    assert process.returncode == 130
