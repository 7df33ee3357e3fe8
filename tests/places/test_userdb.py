"""Places of one's own: files of other publishers become a gazetteer behind the bundled one, wholly or not at all."""

from __future__ import annotations

import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo import api
from geo.errors import InputError, OutputError, UsageError
from geo.geometry import areas, ground
from geo.model import Claim, Event, Kind, Location, Position, Precision, Story, Unplaced, When
from geo.places import userdb
from geo.places.dumps import read_dump
from geo.places.gazetteer import Gazetteer
from geo.places.resolve import Context, locate
from geo.places.userdb import Dataset, UserPlaces
from support.program import run_strikemap

CASES = Path(__file__).parents[1] / "cases" / "gazetteer"
ROOT = Path(__file__).parents[2]
Opened = Callable[..., Gazetteer]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's gazetteer of this test lies; nothing is there yet."""
    path = tmp_path / "data" / "own gazetteer #1.sqlite"
    monkeypatch.setenv(userdb.WHERE, str(path))
    return path


@pytest.fixture
def opened(gazetteer: Gazetteer, own: Path) -> Iterator[Opened]:
    """Adds files of `cases`, then opens the gazetteer with them."""
    bundled = Path(gazetteer._db.execute("PRAGMA database_list").fetchone()[2])
    found: list[Gazetteer] = []

    def opened(*names: str, user: bool = True) -> Gazetteer:
        if names:
            userdb.add([CASES / name for name in names], ground)
        found.append(Gazetteer.open(path=bundled, user=user))
        return found[-1]

    yield opened
    for one in found:
        one.close()


def add(*names: str, **options: object) -> list[Dataset]:
    return userdb.add([CASES / name for name in names], ground, **options)  # type: ignore[arg-type]


def found(answer: Location | Unplaced) -> str:
    assert isinstance(answer, Location), answer
    assert answer.place is not None
    return answer.place.id


def place(gazetteer: Gazetteer, id: str) -> tuple[str, str, tuple[str, ...], str | None]:
    got = gazetteer.get(id)
    assert got is not None, id
    return got.kind, str(got.precision), got.countries, got.admin1


# --- formats


def test_a_geonames_dump_gives_kinds_by_feature_code_and_population(opened: Opened) -> None:
    got = opened("XS.txt")
    assert place(got, "user:xs:9000001")[0] == "village"
    assert place(got, "user:xs:9000002") == ("village", "village", ("SY",), "SY-RA")
    assert place(got, "user:xs:9000003") == ("town", "town", ("SY",), "SY-RA")
    assert place(got, "user:xs:9000004")[0] == "city"
    assert place(got, "user:xs:9000005")[0] == "district"
    assert place(got, "user:xs:9000007")[:2] == ("airfield", "landmark")
    assert got.get("user:xs:9000008") is None, "a wadi is no place of a map of strikes"
    (told,) = userdb.listed()
    assert (told.format, told.places, told.left_out, told.licence) == ("GeoNames", 9, 1, "CC BY 4.0")


def test_a_zip_holds_the_dump_beside_its_readme(own: Path, tmp_path: Path) -> None:
    packed = tmp_path / "XS.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "about")
        archive.write(CASES / "XS.txt", "XS.txt")
    (told,) = userdb.add([packed], ground)
    assert (told.name, told.file, told.places) == ("xs", "XS.zip", 9)


def test_names_in_other_scripts_are_shown_and_all_spellings_are_found(opened: Opened) -> None:
    got = opened("XS.txt")
    kasrat = got.get("user:xs:9000003")
    assert kasrat is not None
    assert kasrat.name("ar") == ("كسرة فرج", "ar")
    assert [p.id for p in got.lookup("حزيمة")] == ["user:xs:9000002"]
    assert [p.id for p in got.lookup("HAZIMA")] == ["user:xs:9000002"]


def test_an_ocha_table_gives_districts_with_the_size_it_states(opened: Opened) -> None:
    got = opened("cod-ab.csv")
    assert place(got, "user:cod-ab:SY1102") == ("district", "district", ("SY",), "SY-RA")
    thawrah = got.get("user:cod-ab:SY1103")
    assert thawrah is not None and thawrah.names["ar"] == ("الثورة",)
    assert thawrah.outline == "circle:38.45,35.75,56238"


def test_whos_on_first_leaves_out_what_it_has_superseded(opened: Opened) -> None:
    got = opened("wof.csv")
    assert place(got, "user:wof:1001")[0] == "town"
    assert place(got, "user:wof:1005")[0] == "neighbourhood"
    assert got.get("user:wof:1003") is None and got.get("user:wof:1006") is None
    region = got.get("user:wof:1004")
    assert region is not None and region.outline == "province:SY-RA", "a known province has the bundled outline"


def test_a_geojson_polygon_keeps_its_outline_and_lies_at_its_inner_point(opened: Opened) -> None:
    got = opened("places.geojson")
    hills = got.get("user:places:hills")
    assert hills is not None and hills.outline is not None
    outline = areas.outline(hills.outline)
    assert outline.bounds == (38.6, 36.4, 38.9, 36.6)
    assert outline.contains(areas.shapely.Point(hills.position))
    assert place(got, "user:places:well") == ("village", "village", ("SY",), "SY-RA")


def test_a_plain_table_may_have_decimal_commas_semicolons_and_names_in_other_languages(opened: Opened) -> None:
    got = opened("own.csv")
    assert place(got, "user:own:1") == ("neighbourhood", "neighbourhood", ("SY",), "SY-HL")
    assert [p.id for p in got.lookup("Olive Camp")] == ["user:own:1"]
    assert [p.id for p in got.lookup("مخيم الزيتون")] == ["user:own:1"]
    assert place(got, "user:own:3")[0] == "village"


@pytest.mark.parametrize(
    ("file", "text", "id", "kind", "names"),
    [
        (
            "older.csv",
            "admin2Name_en,admin2Name_ar,admin2Pcode,admin1Name_en,admin1Pcode,admin0Pcode,x_coord,y_coord\n"
            "Tell Abiad,تل أبيض,SY1102,Ar-Raqqa,SY11,SY,38.95,36.45\n",
            "user:older:SY1102", "district", {"en": ("Tell Abiad",), "ar": ("تل أبيض",)},
        ),
        (
            "newer.csv",
            "adm4_name,adm4_name1,adm4_pcode,adm1_name,adm1_pcode,adm0_pcode,center_lat,center_lon,area_sqkm\n"
            "Hazima,حزيمة,C5800,Ar-Raqqa,SY11,SY,36.2,39.1,\n",
            "user:newer:C5800", "village", {"und": ("Hazima",), "ar": ("حزيمة",)},
        ),
        (
            "cod.geojson",
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"ADM3_EN": "Suluk",'
            ' "ADM3_PCODE": "SY110202", "ADM3_REF": null, "ADM1_PCODE": "SY11", "ADM0_PCODE": "SY"}, "geometry": {"type":'
            ' "MultiPolygon", "coordinates": [[[[39, 36.4], [39.3, 36.4], [39.3, 36.7], [39, 36.4]]]]}}]}',
            "user:cod:SY110202", "district", {"en": ("Suluk",)},
        ),
        (
            "wof.geojson",
            '{"type": "Feature", "properties": {"edtf:deprecated": "uuuu", "geom:latitude": 36.1, "iso:country": "SY",'
            ' "mz:is_current": -1, "name:ara_x_preferred": ["السوق الجديد"], "name:eng_x_variant": ["New Suq"],'
            ' "wof:hierarchy": [{"a": 1}], "wof:id": 42, "wof:name": "Suq Jadid", "wof:placetype": "locality",'
            ' "wof:superseded_by": [], "wof:population": 7000}, "geometry": {"type": "Point", "coordinates": [38.5, 35.8]}}',
            "user:wof:42", "town", {"und": ("Suq Jadid",), "ar": ("السوق الجديد",)},
        ),
        (
            "export.geojson",
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 7, "properties": {"place":'
            ' "isolated_dwelling", "name": "مزرعة", "name:en": "The Farm"}, "geometry": {"type": "Point", "coordinates":'
            " [39, 36]}}]}",
            "user:export:7", "village", {"ar": ("مزرعة",), "en": ("The Farm",)},
        ),
    ],
)  # fmt: skip
def test_each_shape_that_a_publisher_uses_is_read(
    own: Path, tmp_path: Path, file: str, text: str, id: str, kind: str, names: dict[str, tuple[str, ...]]
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    userdb.add([tmp_path / file], ground)
    places = UserPlaces.open()
    assert places is not None
    got = places.get(id)
    places.close()
    assert got is not None
    assert (got.kind, got.names, got.countries, got.admin1) == (kind, names, ("SY",), "SY-RA")


def test_a_byte_order_mark_and_utf_16_are_read(own: Path, tmp_path: Path) -> None:
    text = "name,lat,lon,country\nTall Blue,36.05,39.2,SY\n"
    for n, encoding in enumerate(("utf-8-sig", "utf-16")):
        file = tmp_path / f"t{n}.csv"
        file.write_text(text, encoding=encoding)
        assert userdb.add([file], ground)[0].places == 1


def test_rows_without_a_country_take_the_one_they_lie_in_or_the_one_that_is_stated(own: Path, tmp_path: Path) -> None:
    file = tmp_path / "bare.csv"
    file.write_text("name,lat,lon\nTall Blue,36.05,39.2\nSea Mark,34.5,34.5\n", encoding="utf-8")
    userdb.add([file], ground)
    userdb.add([file], ground, name="stated", country="SY")
    places = UserPlaces.open()
    assert places is not None
    assert [places.get(f"user:bare:{n}").countries for n in (1, 2)] == [("SY",), ()]  # type: ignore[union-attr]
    assert places.get("user:stated:2").countries == ("SY",)  # type: ignore[union-attr]
    places.close()


def test_disputed_land_is_every_claimants_whatever_the_file_says(own: Path, tmp_path: Path) -> None:
    file = tmp_path / "golan.csv"
    file.write_text("name,lat,lon,country\nHill,33.0,35.8,IL\n", encoding="utf-8")
    userdb.add([file], ground)
    places = UserPlaces.open()
    assert places is not None
    assert places.get("user:golan:1").countries == ("IL", "SY")  # type: ignore[union-attr]
    places.close()


def test_a_files_own_province_decides_beside_a_border(own: Path, tmp_path: Path) -> None:
    # The last one lies in Aleppo governorate by our coarse borders, but its file counts it as Raqqa's.
    rows = [("a", 36.0, 39.0), ("b", 36.1, 39.1), ("c", 36.2, 39.2), ("edge", 36.2, 37.2)]
    file = tmp_path / "edge.csv"
    lines = ["name,lat,lon,country,admin1", *(f"Tall {n},{lat},{lon},SY,R-11" for n, lat, lon in rows)]
    file.write_text("\n".join(lines), encoding="utf-8")
    userdb.add([file], ground)
    places = UserPlaces.open()
    assert places is not None
    assert places.get("user:edge:4").admin1 == "SY-RA"  # type: ignore[union-attr]
    places.close()


# --- faults


@pytest.mark.parametrize(
    ("name", "lines"),
    [("faulty.csv", [3, 4, 5, 6, 7, 8]), ("faulty.txt", [2, 3]), ("faulty.geojson", [2, 4, 6])],
)
def test_every_fault_of_a_file_is_told_with_its_line_and_nothing_is_added(
    own: Path, name: str, lines: list[int]
) -> None:
    add("XS.txt")
    before = own.read_bytes()
    with pytest.raises(InputError) as refused:
        add("own.csv", name)
    assert [fault.line for fault in refused.value.faults] == lines
    assert all(str(fault).startswith(f"{CASES / name}:{fault.line}: ") for fault in refused.value.faults)
    assert all("\n" not in str(fault) for fault in refused.value.faults)
    assert own.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"name,lat\nA,36\n", "no column lon"),
        (b"title,latitud,lon\nA,36,39\n", "is it latitud?"),
        (b"name,lat,lon\nA,36,39\nB\xff,36,39\n", ":3: is not UTF-8"),
        (b'name,lat,lon\n"A,36,39\n', "mend its quotation marks"),
        (b"name,lat,lon\nA,36,39,4,5\n", "has 5 cells, not 3"),
        (b'{"type": "FeatureCollection", "features": [\n}', ":2: is no JSON"),
        (b'{"type": "Topology"}', "is no GeoJSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"name,lat,lon\n", "holds no place"),
        (b"name,lat,lon\nA,nan,39\n", "is not within"),
        (b"name,lat,lon,kind\nA,36,39,country\n", "is a country"),
        (b"PK\x03\x04junk", "cannot be unpacked"),
    ],
)
def test_what_is_no_file_of_places_is_refused_in_one_line(own: Path, tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "thing.csv"
    file.write_bytes(data)
    with pytest.raises(InputError) as refused:
        userdb.add([file], ground)
    assert said in str(refused.value)
    assert not own.exists()


def test_reading_stops_where_a_file_is_full_of_faults(own: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("name,lat,lon\n" + "A,x,39\n" * 5000, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        userdb.add([file], ground)
    assert len(refused.value.faults) == 51
    assert "reading stopped" in str(refused.value.faults[-1])


def test_names_lose_control_and_direction_characters(own: Path, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("name,lat,lon\n\u202eTall\x1b[2J  Blue,36,39\n", encoding="utf-8")
    assert read_dump(file, ground.read_area).entries[0].names == {"und": ("Tall [2J Blue",)}


def test_a_bomb_of_an_archive_is_refused(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.places.dumps.MAX_BYTES", 1_000_000)
    packed = tmp_path / "bomb.zip"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * 1_000_001)
    packed.write_bytes(buffer.getvalue())
    with pytest.raises(InputError, match="unpacks to more than 1 MB"):
        userdb.add([packed], ground)


# --- answers


def test_the_bundled_place_answers_outside_a_context_and_the_users_inside_it(opened: Opened) -> None:
    got = opened("XS.txt")
    assert found(locate(Claim(place="Paris"), got)) == "paris"
    assert found(locate(Claim(place="Paris", country="SY"), got)) == "user:xs:9000009"
    assert found(locate(Claim(place="Paris", admin1="Hama"), got)) == "user:xs:9000009"
    inside = Context(("SY",), (Position(36.6, 35.2),))
    assert found(locate(Claim(place="Hazimah"), got, inside)) == "user:xs:9000002"


def test_a_village_in_another_province_than_the_stated_one_is_not_the_answer(opened: Opened) -> None:
    got = opened("XS.txt")
    answer = locate(Claim(place="Hazimah", admin1="Aleppo", country="SY"), got)
    assert isinstance(answer, Location)
    assert answer.precision is Precision.GOVERNORATE


def test_a_place_that_the_bundle_has_is_not_doubled(opened: Opened) -> None:
    got = opened("XS.txt")
    assert [p.id for p in got.lookup("Ayn Issa")] == ["ayn-issa"]
    assert "user:xs:9000004" not in [p.id for p in got.lookup("Raqqa")]
    assert found(locate(Claim(place="Raqqa"), got)) == "raqqa"
    assert found(locate(Claim(place="Raqqa governorate"), got)) == "raqqa-governorate"


def test_a_district_of_the_users_is_the_area_of_an_unknown_village_in_it(opened: Opened) -> None:
    got = opened("cod-ab.csv", "places.geojson")
    claim = Claim(place="Nowhere at all", admin2="Tell Abiad", admin1="Raqqa", country="SY")
    answer = locate(claim, got)
    assert found(answer) == "user:cod-ab:SY1102"
    assert isinstance(answer, Location) and answer.precision is Precision.DISTRICT and answer.outline


def test_a_towns_name_stays_the_town_where_a_district_of_it_was_added(opened: Opened) -> None:
    got = opened("cod-ab.csv")
    assert found(locate(Claim(place="Manbij"), got)) == "manbij"
    assert found(locate(Claim(place="Menbij", country="SY"), got)) == "manbij"
    assert found(locate(Claim(place="Menbij district", country="SY"), got)) == "user:cod-ab:SY0205"


def test_the_users_gazetteer_can_be_left_out(opened: Opened) -> None:
    opened("XS.txt")
    without = opened(user=False)
    assert without.get("user:xs:9000002") is None
    assert without.lookup("Hazimah") == []


def test_a_slip_of_the_pen_is_answered_with_names_of_the_users_places(opened: Opened) -> None:
    assert "Checkpoint Nine" in opened("own.csv").suggest("Checkpoint Nina")


def test_maps_name_the_publishers_of_places_that_they_use_and_of_no_others(opened: Opened) -> None:
    got = opened("XS.txt", "wof.csv")
    day = When("2016-01-02", "day")
    events = (
        Event("a", Kind.STRIKE, day, {"en": "A"}, Claim(place="Hazimah", country="SY")),
        Event("b", Kind.STRIKE, day, {"en": "B"}, Claim(place="Raqqa")),
    )
    story = Story("s", {"en": "S"}, "en", ("en",), events)
    assert api.locate(story, got).attributions == ("GeoNames (CC BY 4.0)",)
    bundled = Story("s", {"en": "S"}, "en", ("en",), events[1:])
    assert api.locate(bundled, got).attributions == ()


def test_the_credit_stands_on_the_page_and_in_the_geojson(own: Path, tmp_path: Path) -> None:
    add("own.csv", name="desk", licence="CC0 1.0", attribution="Desk <notes>")
    story = tmp_path / "s.yaml"
    story.write_text(
        "title: T\nlang: en\nevents:\n"
        "  - {id: a, kind: strike, date: 2016-01-02, title: A, place: Checkpoint Nine, country: SY}\n",
        encoding="utf-8",
    )
    built = api.build_story(story, api.BuildOptions(formats=("html", "geojson")))
    assert "Data and further places: Desk &lt;notes&gt; (CC0 1.0)." in built.outputs["html"].decode()
    assert '"attributions":["Desk <notes> (CC0 1.0)"]' in built.outputs["geojson"].decode()
    without = api.build_story(story, api.BuildOptions(formats=("html",), user_gazetteer=False))
    assert "further places" not in without.outputs["html"].decode()


# --- the file


def test_what_was_removed_is_gone_and_the_rest_stays(opened: Opened) -> None:
    got = opened("XS.txt", "own.csv")
    assert got.get("user:xs:9000002") is not None
    gone = userdb.remove("xs")
    assert gone.places == 9
    after = opened()
    assert after.get("user:xs:9000002") is None
    assert after.lookup("Hazimah") == []
    assert after.get("user:own:1") is not None
    assert [one.name for one in userdb.listed()] == ["own"]
    with pytest.raises(UsageError, match="choose from own"):
        userdb.remove("xs")


def test_a_name_that_is_taken_is_replaced_only_when_asked_for(own: Path) -> None:
    add("own.csv")
    with pytest.raises(UsageError, match="there is a data set own already"):
        add("own.csv")
    add("wof.csv", name="own", replacing=True)
    (told,) = userdb.listed()
    assert (told.file, told.places) == ("wof.csv", 4)


def test_two_files_of_one_name_are_refused_before_anything_is_written(own: Path, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes((CASES / "own.csv").read_bytes())
    with pytest.raises(UsageError, match="two files would be called own"):
        userdb.add([CASES / "own.csv", tmp_path / "own.csv"], ground)
    assert not own.exists()


def test_another_programs_file_is_neither_read_nor_replaced(own: Path) -> None:
    own.parent.mkdir()
    with sqlite3.connect(own) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    before = own.read_bytes()
    with pytest.raises(userdb.BadGazetteer, match="is no gazetteer of strikemap"):
        UserPlaces.open()
    with pytest.raises(userdb.BadGazetteer):
        add("own.csv")
    own.write_bytes(b"not a database at all" * 100)
    with pytest.raises(userdb.BadGazetteer, match="cannot be read"):
        UserPlaces.open()
    own.write_bytes(before)


def test_the_same_files_give_the_same_answers_and_the_same_bytes(own: Path) -> None:
    add("XS.txt", "own.csv")
    first = own.read_bytes()
    own.unlink()
    add("XS.txt", "own.csv")
    assert own.read_bytes() == first


def test_a_failure_in_the_middle_leaves_the_old_gazetteer(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add("own.csv")
    before = own.read_bytes()

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(userdb, "_insert", full)
    with pytest.raises(OutputError, match="disk is full"):
        add("XS.txt")
    assert own.read_bytes() == before
    assert not list(own.parent.glob("*.new*"))


def test_a_killed_run_leaves_the_old_gazetteer_and_the_next_run_works(own: Path, tmp_path: Path) -> None:
    add("own.csv")
    before = own.read_bytes()
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom geo.geometry import ground\nfrom geo.places import userdb\n"
        "real = userdb._insert\n"
        "def insert(*given):\n    real(*given)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "userdb._insert = insert\nuserdb.add([Path(sys.argv[1])], ground)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(CASES / "XS.txt")], cwd=ROOT, env=dict(os.environ), check=False)
    assert done.returncode == -signal.SIGKILL
    assert own.read_bytes() == before
    add("XS.txt")
    assert [one.name for one in userdb.listed()] == ["own", "xs"]
    assert not list(own.parent.glob("*.new*"))


def test_a_folder_that_cannot_be_made_and_a_lock_that_is_held_are_told_apart(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="could not be written"):
        add("own.csv", path=tmp_path / "file" / "g.sqlite")
    monkeypatch.setattr(userdb, "LOCK_SECONDS", 0.05)
    own.parent.mkdir()
    with sqlite3.connect(own.with_name(own.name + ".lock"), isolation_level=None) as held:
        held.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OutputError, match="another strikemap is writing it"):
            add("own.csv")
    held.close()
    add("own.csv")


def test_two_at_once_wait_for_each_other_and_neither_is_lost(own: Path) -> None:
    names = ("XS.txt", "own.csv", "wof.csv", "cod-ab.csv", "places.geojson")
    faults: list[BaseException] = []

    def one(name: str) -> None:
        try:
            add(name)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=one, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(userdb.listed()) == len(names)


def test_a_reader_keeps_its_gazetteer_while_another_is_put_in_its_place(opened: Opened) -> None:
    reader = opened("XS.txt")
    userdb.remove("xs")
    assert [p.id for p in reader.lookup("Hazimah")] == ["user:xs:9000002"]


def test_where_it_lies_is_said_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(userdb.WHERE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert userdb.where() == tmp_path / "strikemap" / "gazetteer.sqlite"
    monkeypatch.setenv(userdb.WHERE, "")
    assert userdb.where() is None and UserPlaces.open() is None and userdb.listed() == []
    with pytest.raises(UsageError, match="is empty"):
        add("own.csv")


# --- speed


def test_ten_thousand_rows_are_opened_in_50_ms_and_looked_up_in_1_ms(opened: Opened, tmp_path: Path) -> None:
    chance = random.Random(7)
    syllables = ["ba", "ti", "ja", "ha", "du", "ri", "za", "si", "sha", "ka", "la", "mu", "na", "wi", "ya"]
    names = ["Tall " + "".join(chance.choices(syllables, k=4)).capitalize() for _ in range(10_000)]
    rows = (f"{n},{33 + chance.random() * 3:.4f},{37 + chance.random() * 3:.4f},SY" for n in names)
    file = tmp_path / "many.csv"
    file.write_text("name,lat,lon,country\n" + "\n".join(rows), encoding="utf-8")
    userdb.add([file], ground)
    opened()
    start = time.perf_counter()
    got = opened()
    opening = time.perf_counter() - start
    assert opening < 0.05, f"{opening * 1000:.0f} ms"
    assert all(got.lookup(name) for name in names[:2000])
    start = time.perf_counter()
    for name in names[:2000]:
        got.lookup(name)
    each = (time.perf_counter() - start) / 2000
    assert each < 0.001, f"{each * 1000:.2f} ms"


# --- the program


def test_the_program_adds_lists_and_removes(own: Path, tmp_path: Path) -> None:
    done = run_strikemap("gazetteer", "add", CASES / "XS.txt", CASES / "own.csv")
    assert done.returncode == 0, done.stderr
    assert "own: no licence is stated" in done.stderr
    assert "12 places added" in done.stderr
    done = run_strikemap("gazetteer", "list")
    assert done.stdout.splitlines() == [
        "own: 3 places; CSV file own.csv; own, licence not stated",
        "xs: 9 places, 1 row left out; GeoNames file XS.txt; GeoNames, CC BY 4.0",
    ]
    assert run_strikemap("locate", "Hazimah").stdout.startswith("Hazimah: Hazimah [user:xs:9000002], village")
    assert "unknown" in run_strikemap("locate", "--no-user-gazetteer", "Hazimah").stdout
    assert run_strikemap("gazetteer", "remove", "xs").returncode == 0
    assert run_strikemap("gazetteer", "remove", "xs").returncode == 2
    done = run_strikemap("gazetteer", "add", CASES / "faulty.csv")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 6
