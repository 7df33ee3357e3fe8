"""Files of tables: encodings, delimiters, faults with their lines, limits, and what a stranger's file must not do."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from geo import api
from geo.columns import Coded, Table, combined
from geo.errors import InputError, UsageError
from geo.read.sheet import TableLimits
from geo.read.tables import SMALL, TableOptions, read_table

HEAD = "id,date,place,title,lat,lon\n"
LOOSE = TableOptions(max_bad=1.0)


def table(folder: Path, data: str | bytes, name: str = "t.csv", options: TableOptions = LOOSE) -> Table:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_table(path, options)


def refusal(folder: Path, data: str | bytes, name: str = "t.csv", options: TableOptions = LOOSE) -> str:
    with pytest.raises(InputError) as raised:
        table(folder, data, name, options)
    return str(raised.value).replace(f"{folder}/", "")


def titles(read: Table) -> list[str | None]:
    column = read.texts["title"][""]
    return [column.at(row) for row in range(read.n)]


# -- encodings and delimiters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_table_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = HEAD + 'a,2015-11-17,Alep,"Frappe près d’Alep, dit-on",,\n' + "b,2015-11-18,Raqqa,Une école touchée,,\n"
    assert titles(table(tmp_path, text.encode(encoding))) == ["Frappe près d’Alep, dit-on", "Une école touchée"]


@pytest.mark.parametrize(
    ("encoding", "title"), [("cp1251", "Удар по складу боеприпасов под Алеппо"), ("cp1256", "غارة جوية على مدينة حلب شمال سوريا")]
)
def test_arabic_and_cyrillic_code_pages_are_told_from_western_ones(tmp_path: Path, encoding: str, title: str) -> None:
    read = table(tmp_path, (HEAD + f"a,2015-11-17,Aleppo,{title},,\n").encode(encoding))
    assert titles(read) == [title] and any("Windows" in note for note in read.notes)


def test_one_broken_byte_in_utf8_is_a_fault_with_its_line_and_no_other_encoding(tmp_path: Path) -> None:
    good = (HEAD + "a,2015-11-17,الرقة,قصف على المدينة,,\n" * 5).encode()
    assert refusal(tmp_path, good + b"b,2015-11-17,Raqqa,No\xff\xfete,,\n").startswith("t.csv:7: this line is not UTF-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end_is_found(tmp_path: Path, delimiter: str, end: str) -> None:
    text = (HEAD + "a,2015-11-17,Raqqa,One,,\n\nb,2015-11-18,Raqqa,Two,,\n").replace(",", delimiter).replace("\n", end)
    read = table(tmp_path, text)
    assert titles(read) == ["One", "Two"] and read.line.tolist() == [2, 4]


def test_cells_lose_what_cannot_be_seen_and_what_programs_write_for_nothing(tmp_path: Path) -> None:
    read = table(tmp_path, HEAD + "\u200ba\u200b, 2015-11-17\u00a0,Raqqa\u00a0,\ufeffTitle ,NULL,\\N\nb,2015-11-18,Raqqa,nan,NaN,None\n")
    assert read.id.at(0) == "a" and titles(read) == ["Title", None] and np.isnan(read.lat).all()


def test_a_cell_over_several_lines_does_not_move_the_lines_of_the_next_rows(tmp_path: Path) -> None:
    read = table(tmp_path, HEAD + 'a,2015-11-17,Raqqa,"two\nlines",,\nb,2015-02-30,Raqqa,x,,\n')
    assert titles(read) == ["two\nlines"] and str(read.faults[0]).endswith(
        't.csv:4:2: row 2: date: "2015-02-30" does not exist; 2015-02 has 28 days'
    )


def test_a_packed_table_is_unpacked(tmp_path: Path) -> None:
    assert titles(table(tmp_path, gzip.compress((HEAD + "a,2015,Raqqa,One,,\n").encode()), "t.csv.gz")) == ["One"]
    assert "no gzip file" in refusal(tmp_path, b"no", "t.csv.gz")


# -- faults


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "t.csv: there is nothing in it"),
        (HEAD, "t.csv: there is no row below the header"),
        (b"\x00\x01\x02" * 4000, "t.csv:1: this is no text"),
        ("a1,2015-11-17,Raqqa,35.9,39.0\n" * 3, "the first row is no header"),
        ("alpha,beta\n1,2\n", 't.csv:1: no known header: "alpha, beta"'),
        ("id,date,place,title,Date\na,2015,Raqqa,x,2016\n", 't.csv:1:5: Date: the column "Date" stands twice (columns 2 and 5)'),
        (HEAD + 'a,2015-11-17,Raqqa,"open,,\n', "t.csv:2: a quotation mark is opened and never closed"),
        (HEAD + f"a,2015-11-17,Raqqa,{'n' * 1_000_001},,\n", "t.csv:2: a cell of more than 1,000,000 characters"),
        (HEAD + "a,03/04/2015,Raqqa,x,,\nb,05/06/2015,Raqqa,y,,\n", "t.csv:2:2: row 1: date: 2 dates like"),
    ],
)
def test_a_bad_file_is_one_plain_fault(tmp_path: Path, data: str | bytes, words: str) -> None:
    said = refusal(tmp_path, data)
    assert words in said and "\n" not in said


def test_rows_past_the_share_of_bad_ones_refuse_the_file(tmp_path: Path) -> None:
    rows = HEAD + "a,2015-11-17,Raqqa,x,,\n" * 0 + "".join(f"g{n},2015-11-17,Raqqa,x,,\n" for n in range(9)) + "b,never,Raqqa,x,,\n"
    assert table(tmp_path, rows, options=TableOptions()).refused == 1
    assert "1 of 10 rows are bad" in refusal(tmp_path, rows, options=TableOptions(max_bad=0.05))
    assert "1 of 10 rows are bad" in refusal(tmp_path, rows, options=TableOptions(strict=True))


def test_limits_are_told_by_name(tmp_path: Path) -> None:
    rows = HEAD + "".join(f"a{n},2015,Raqqa,x,,\n" for n in range(20))
    for limits, words in (
        (TableLimits(rows=10), "more than 10 rows"), (TableLimits(bytes=100), "larger than 100 bytes"), (TableLimits(columns=3), "more than 3 columns"),
    ):  # fmt: skip
        assert words in refusal(tmp_path, rows, options=TableOptions(limits=limits))


def test_only_so_many_bad_rows_are_described_and_all_are_counted(tmp_path: Path) -> None:
    rows = HEAD + "".join(f"a{n},never,Raqqa,x,,\n" for n in range(50))
    read = table(tmp_path, rows, options=TableOptions(max_bad=1.0, limits=TableLimits(faults=5)))
    assert read.refused == 50 and len(read.faults) == 5


# -- options


def test_columns_and_formats_are_said_where_the_header_says_nothing(tmp_path: Path) -> None:
    data = "Quand,Endroit,Quoi\n2015-11-17,Raqqa,Un\n"
    assert "no known header" in refusal(tmp_path, data)
    said = TableOptions(columns={"date": "quand", "place": "Endroit", "title": "Quoi"})
    assert titles(table(tmp_path, data, options=said)) == ["Un"]
    assert 'no column "Qand"; did you mean "Quand"' in refusal(tmp_path, data, options=TableOptions(columns={"date": "Qand"}))
    with pytest.raises(UsageError, match='did you mean "ucdp"'):
        table(tmp_path, data, options=TableOptions(format="ucpd"))


def test_a_word_that_is_none_of_ours_is_a_fault_in_our_table_and_left_out_of_others(tmp_path: Path) -> None:
    ours = "id,date,place,title,status\na,2015,Raqqa,x,mapped\nb,2015,Raqqa,y,declared\n"
    assert table(tmp_path, ours).refused == 1
    other = "date,town,lat,lon,status\n2015,Raqqa,35.9,39,mapped\n2015,Raqqa,35.9,39,declared\n"
    read = table(tmp_path, other)
    assert read.refused == 0 and any("1 value not taken as status" in warning for warning in read.warnings)


# -- JSON, GeoJSON, KML


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "Point", "coordinates": []}, "has no coordinates"),
        ({"type": "Point", "coordinates": [43]}, "fewer than two numbers"),
        ({"type": "Point", "coordinates": [43, None]}, "is no number"),
        ({"type": "Point", "coordinates": [4800000, 4300000]}, "are no degrees"),
        ({"type": "Circle", "coordinates": [43, 36]}, "is no type of geometry"),
        ({"type": "LineString", "coordinates": [[43, 36]]}, "fewer than two positions"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}, "is not closed"),
        ({"type": "GeometryCollection", "geometries": []}, "holds no geometry"),
        ([1, 2], "is no object"),
        ({"type": "Point", "coordinates": [36.34, 143.13]}, "lat: 143.13 is outside"),
    ],
    ids=str,
)
def test_a_bad_geometry_refuses_its_feature_alone(tmp_path: Path, geometry: object, words: str) -> None:
    features = [
        {"type": "Feature", "geometry": g, "properties": {"date": "2015", "title": "x"}}
        for g in ({"type": "Point", "coordinates": [43, 36]}, geometry)
    ]
    read = table(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "t.geojson")
    assert read.n == 1 and [fault.row for fault in read.faults] == [2] and words in str(read.faults[0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"type": "FeatureCollection", "features": ' + "[" * 100_000, "nested far too deep"),
        ('{"type": "FeatureCollection", "features": {}}', '"features" is no list'),
        ('{"type": "FeatureCollection", "features": [], }', "t.geojson:1:"),
        ('{"type": "FeatureCollection", "features": [{"properties": {}, "properties": {}}]}', "stands twice in one object"),
        ('{"type": "Point", "coordinates": [' + "9" * 100_000 + ", 1]}", "far too many digits"),
        ('{"type": "FeatureCollection", "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}, "features": []}', "crs"),
        ("[]", "there is no list of records"),
        ("7", "there is no list of records"),
    ],
    ids=["deep", "no list", "comma", "twice", "digits", "crs", "empty", "number"],
)
def test_broken_json_is_one_fault(tmp_path: Path, text: str, words: str) -> None:
    assert words in refusal(tmp_path, text, "t.geojson")


def test_our_geojson_reads_back_as_the_same_features(tmp_path: Path) -> None:
    story = Path(__file__).parents[2] / "maps/2015-11-17-raqqa.yaml"
    options = api.BuildOptions(formats=("geojson",), langs=("en",), user_gazetteer=False)
    first = api.build_story(story, options).outputs["geojson"]
    (tmp_path / "again.geojson").write_bytes(first)
    again = api.build_story(tmp_path / "again.geojson", options).outputs["geojson"]
    assert {f["id"]: f for f in json.loads(again)["features"]} == {f["id"]: f for f in json.loads(first)["features"]}


def test_a_bad_line_of_json_lines_is_kept_out_with_its_number(tmp_path: Path) -> None:
    read = table(tmp_path, '{"date": "2015", "place": "Raqqa", "title": "x"}\n\n{"date": \n[1]\n', "t.jsonl")
    assert read.n == 1 and [(fault.line, fault.row) for fault in read.faults] == [(3, 2), (4, 3)]


KML = '<kml><Placemark><name>{name}</name><TimeStamp><when>2015-11-17</when></TimeStamp><Point><coordinates>39,35.9</coordinates></Point></Placemark></kml>'


def test_kml_expands_no_entity_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    bomb = f'<!DOCTYPE kml [<!ENTITY a SYSTEM "{tmp_path}/secret">]>' + KML.format(name="&a;")
    said = refusal(tmp_path, bomb, "t.kml")
    assert "document type" in said and "SECRET" not in said
    assert "this is no XML" in refusal(tmp_path, KML.format(name="<b>"), "t.kml")
    assert "nested far too deep" in refusal(tmp_path, "<kml>" + "<Folder>" * 1_000, "t.kml")
    assert "no placemark" in refusal(tmp_path, "<kml/>", "t.kml")


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


def test_kmz_is_opened_unless_it_unpacks_to_too_much(tmp_path: Path) -> None:
    assert titles(table(tmp_path, packed(doc_kml=KML.format(name="A").encode()), "t.kmz")) == ["A"]
    assert "unpacks to" in refusal(tmp_path, packed(doc_kml=b" " * 30_000_000), "t.kmz")
    assert "no .kml in it" in refusal(tmp_path, packed(other_txt=b"x"), "t.kmz")
    assert "no KMZ file" in refusal(tmp_path, b"PK no", "t.kmz")


@pytest.mark.parametrize("name", ["t.xlsx", "t.parquet"])
def test_an_extra_that_is_missing_is_one_line_with_its_cure(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for module in ("openpyxl", "pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    assert f"pip install 'strikemap[{name[2:]}]'" in refusal(tmp_path, b"PK", name)


# -- columns


def test_columns_combine_once_for_each_distinct_pair() -> None:
    a = Coded(("x", "y"), np.array([0, 1, 0, -1], np.int32))
    b = Coded((1, 2), np.array([0, 1, 0, 1], np.int32))
    seen: list[tuple[str | None, int | None]] = []

    def make(left: str | None, right: int | None) -> str | None:
        seen.append((left, right))
        return f"{left}{right}" if left else None

    found = combined((a, b), make)
    assert [found.at(row) for row in range(4)] == ["x1", "y2", "x1", None] and len(seen) == 3


def test_days_count_from_1970_before_it_negative(tmp_path: Path) -> None:
    first, last = table(tmp_path, HEAD + "a,1970-01-02,Raqqa,x,,\nb,1943-01,Raqqa,x,,\nc,,Raqqa,x,,\n").days
    assert first.tolist() == [1, -9862, -0x80000000] and last.tolist() == [1, -9832, -0x80000000]


def test_rows_of_empty_cells_at_the_end_of_a_sheet_are_no_rows(tmp_path: Path) -> None:
    read = table(tmp_path, HEAD + "a,2015,Raqqa,x,,\n,,,,,\n" + "," * 20 + "\n\n")
    assert read.n == 1 and read.refused == 0


def test_a_quotation_mark_in_a_cell_does_not_lose_the_rows_after_it(tmp_path: Path) -> None:
    read = table(tmp_path, HEAD + 'a,2015,Raqqa,the "old" town,,\nb,2015,Raqqa,"the "new" town",,\nc,2015,Raqqa,y,,\n')
    assert read.n == 3 and titles(read)[0] == 'the "old" town' and titles(read)[2] == "y"


def test_a_zip_of_one_table_is_unpacked_and_no_other(tmp_path: Path) -> None:
    row = (HEAD + "a,2015,Raqqa,x,,\n").encode()
    assert titles(table(tmp_path, packed(t_csv=row), "t.csv.zip")) == ["x"]
    assert titles(table(tmp_path, packed(t_csv=row, codebook_pdf=b"%PDF", licence_txt=b"CC BY"), "release.zip")) == ["x"]
    lines = b'{"date": "2015-11-17", "place": "Raqqa", "title": "y", "kind": "strike"}'
    assert titles(table(tmp_path, packed(t_jsonl=lines), "release.zip")) == ["y"], "the table's own suffix says what it is"
    assert "2 files are in it" in refusal(tmp_path, packed(t_csv=row, u_csv=row), "t.csv.zip")
    assert "larger than 1,000 bytes" in refusal(
        tmp_path, packed(t_csv=b" " * 100_000), "t.csv.zip", TableOptions(limits=TableLimits(bytes=1_000))
    )


def test_a_file_without_one_row_that_can_be_read_says_why_of_each(tmp_path: Path) -> None:
    far = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [500000, 4e6]}}]}'
    said = refusal(tmp_path, far, "t.geojson", TableOptions())
    assert "are no degrees" in said and "none of 1 rows can be read" in said and "no known header" not in said


def test_quotation_marks_are_letters_where_tabs_divide_cells(tmp_path: Path) -> None:
    rows = HEAD.replace(",", "\t") + 'a\t2015\tRaqqa\t"open\t\t\nb\t2015\tRaqqa\t5" gun\t\t\n'
    assert titles(table(tmp_path, rows, "t.tsv")) == ['"open', '5" gun']


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    read = table(tmp_path, "Raids of a month,,,,,\n\n" + HEAD + "a,2015,Raqqa,x,,\n")
    assert titles(read) == ["x"] and read.line.tolist() == [4]


def test_numbers_past_all_measure_and_encodings_that_are_none_end_no_program(tmp_path: Path) -> None:
    case = (Path(__file__).parents[1] / "cases/tables/ucdp.csv").read_text("utf-8")
    assert table(tmp_path, case.replace(",3.0,4.0,2.0", ",3.0,1e999,2.0")).refused == 0
    assert "names an encoding that is none" in refusal(tmp_path, '<?xml version="1.0" encoding="NONE"?><kml/>', "t.kml")
    gdelt = (Path(__file__).parents[1] / "cases/tables/gdelt.csv").read_text("utf-8")
    assert table(tmp_path, gdelt.replace("Mosul, Ninawa, Iraq", "Mosul,")).n == 11


@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_a_packed_table_that_would_fill_the_memory_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"bomb.csv{suffix}"
    row = b"2016-01-01,36,38\n"
    text = b"date,lat,lon\n" + row * (SMALL // len(row) + 1000)
    if suffix == ".gz":
        path.write_bytes(gzip.compress(text))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("bomb.csv", text)
    with pytest.raises(InputError) as caught:
        read_table(path)
    (fault,) = caught.value.faults
    assert fault.code == "size" and "unpacks to more than 200 times its size" in fault.message


def test_lists_of_two_numbers_need_a_word_on_their_order(tmp_path: Path) -> None:
    rows = [{"date": "2022-06-27", "coordinates": [33.42, 49.07]}]
    assert "call it lat_lon or lon_lat" in refusal(tmp_path, json.dumps(rows), "t.json")
    read = table(tmp_path, json.dumps([{"date": "2022-06-27", "lon_lat": [33.42, 49.07]}]), "t.json")
    assert (read.lat[0], read.lon[0]) == (49.07, 33.42)
    read = table(tmp_path, json.dumps([*rows, {"date": "2022-06-28", "coordinates": [105.8, 20.9]}]), "t.json")
    assert read.lat.tolist() == [49.07, 20.9]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("\t".join(["1107", "20230612140000", "20230612141500", *["1"] * 13]), "GDELT's list of mentions, which holds no events"),
        ("\t".join(["20230612141500-0", "20230612141500", "1", *["x"] * 24]), "GDELT's knowledge graph (gkg), which holds no events"),
    ],
)
def test_what_gdelt_publishes_beside_its_events_is_refused_by_name(tmp_path: Path, row: str, said: str) -> None:
    assert said in refusal(tmp_path, f"{row}\n{row}\n", "20230612141500.CSV")


# -- licences, however a table is read

OTHERS = "event_id_cnty,event_date,event_type,location,latitude,longitude,geo_precision,notes\nSYR1,2020-01-13,Battles,Aleppo,36.2,37.1,1,Kept out\n"


def test_what_its_makers_withhold_stays_out_whatever_format_or_columns_are_named(tmp_path: Path) -> None:
    for options in (TableOptions(format="generic"), TableOptions(columns={"title": "event_type"})):
        read = table(tmp_path, OTHERS, options=options)
        assert read.profile.name == "ACLED" and read.profile.withheld == ("notes",)
        assert "note" not in read.texts and "notes" not in read.extra
    assert 'forbid to publish the column "notes"' in refusal(tmp_path, OTHERS, options=TableOptions(columns={"note": "notes"}))


def test_a_format_that_finds_neither_date_nor_position_is_refused(tmp_path: Path) -> None:
    assert "this is no table of Yemen Data Project" in refusal(tmp_path, OTHERS, options=TableOptions(format="yemen"))
