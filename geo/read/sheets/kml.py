"""KML and KMZ from Google Earth and My Maps: a placemark is a row. No entity is expanded, no link is followed."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.parsers import expat

from geo.errors import Fault, InputError
from geo.read.sheet import Sheet, TableLimits, sheet_of

DEEP = 200
_TEXT = ("name", "description", "address", "begin", "end", "when", "coordinates", "value", "SimpleData", "Snippet")


def read_kmz(data: bytes, file: str, limits: TableLimits) -> Sheet:
    """The first KML file of a KMZ."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = sorted((n for n in packed.namelist() if n.lower().endswith(".kml")), key=lambda n: (n.count("/"), n != "doc.kml", n))
            if not names:
                raise InputError([Fault("kmz", "there is no .kml in it", "export it again as KML", file)])
            info = packed.getinfo(names[0])
            if info.file_size > limits.bytes or info.file_size > limits.ratio * max(info.compress_size, 10_000):
                raise InputError([Fault("size", f"{names[0][:60]} unpacks to {info.file_size:,} bytes", "export it as KML, without images, or say --max-ratio", file)])
            with packed.open(info) as stream:
                return read_kml(stream.read(limits.bytes), file, limits)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise InputError([Fault("kmz", "this is no KMZ file, or a broken one", "export it again as KML", file)]) from None


class _Reader:
    """Collects placemarks while the parser runs: names and texts, the first geometry, the extended data."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.text: list[str] = []
        self.rows: list[dict[str, str]] = []
        self.lines: list[int] = []
        self.bad: list[tuple[int, int, str]] = []
        self.row: dict[str, str] | None = None
        self.shapes: list[tuple[str, str]] = []
        self.key = ""
        self.line = 0
        self.folders: list[str] = []

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        tag = tag.rpartition("|")[2].rpartition(":")[2]
        self.path.append(tag)
        self.text = []
        if tag == "Placemark":
            self.row, self.shapes, self.line = {}, [], line
        elif tag in ("Data", "SimpleData"):
            self.key = attributes.get("name", "")

    def end(self) -> None:
        tag = self.path.pop()
        text = "".join(self.text).strip()
        self.text = []
        row = self.row
        if row is None:
            return
        if tag == "Placemark":
            self._place(row)
            self.row = None
        elif tag == "coordinates":
            shape = next((t for t in reversed(self.path) if t in ("Point", "LineString", "LinearRing", "Polygon")), "")
            self.shapes.append((shape, text))
        elif tag in ("value", "SimpleData") and self.key:
            row.setdefault(self.key, text)
        elif tag in ("name", "description", "address", "begin", "end", "when") and text and tag not in row and self.path[-1] != "Data":
            row[{"begin": "date", "when": "date", "end": "date_end", "name": "title", "description": "note", "address": "place"}[tag]] = (
                _plain(text) if tag == "description" else text[:10] if tag in ("begin", "when", "end") and "T" in text else text
            )

    def _place(self, row: dict[str, str]) -> None:
        for shape, text in self.shapes[:1]:
            points = [point.split(",") for point in text.split()]
            if not points or any(len(point) < 2 for point in (points[0], points[-1])):
                self.bad.append((self.line, len(self.rows) + len(self.bad) + 1, "the coordinates are not written as lon,lat"))
                return
            if shape == "LineString" and len(points) > 1:
                row |= {"origin_lon": points[0][0], "origin_lat": points[0][1], "lon": points[-1][0], "lat": points[-1][1]}
            elif shape in ("LinearRing", "Polygon"):
                from geo.read.sheets.features import _area

                try:
                    ring = [(float(x), float(y)) for x, y, *_ in points]
                except ValueError:
                    self.bad.append((self.line, len(self.rows) + len(self.bad) + 1, "a coordinate of the polygon is no number"))
                    return
                row |= _area(ring)
            else:
                row |= {"lon": points[0][0], "lat": points[0][1]}
        self.rows.append(row)
        self.lines.append(self.line)


def read_kml(data: bytes, file: str, limits: TableLimits) -> Sheet:
    """The placemarks of a KML file. Raises InputError for what is no XML, and for any document type (entities, links)."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator="|")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def no_doctype(*_: Any) -> None:
        raise InputError([Fault("doctype", "a document type stands in it, which may hide entities", "export it again as KML", file, parser.CurrentLineNumber)])

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(reader.path) > DEEP:
            raise InputError([Fault("syntax", "elements are nested far too deep", "export it again as KML", file, parser.CurrentLineNumber)])
        reader.start(tag, attributes, parser.CurrentLineNumber)
        if len(reader.rows) > limits.rows:
            raise InputError([Fault("size", f"more than {limits.rows:,} placemarks", "split the file, or say --max-rows", file)])

    parser.StartDoctypeDeclHandler = no_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: reader.end()
    parser.CharacterDataHandler = lambda text: reader.text.append(text)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InputError([Fault("syntax", f"this is no XML: {expat.errors.messages.get(error.code, 'it is broken')}", "export it again as KML", file, error.lineno, error.offset + 1)]) from None
    except (LookupError, ValueError):
        raise InputError([Fault("encoding", "it names an encoding that is none", "save it again as UTF-8", file, 1)]) from None
    if not reader.rows and not reader.bad:
        raise InputError([Fault("empty", "there is no placemark in it", "export the places, not a view or a link", file)])
    header = list(dict.fromkeys(key for row in reader.rows for key in row))
    if len(header) > limits.columns:
        raise InputError([Fault("size", f"more than {limits.columns:,} columns", "leave out what is not needed, or say --max-columns", file)])
    bad = [Fault("geometry", why, "export it again", file, line, None, number, "coordinates") for line, number, why in reader.bad]
    taken = {number for _, number, _ in reader.bad}
    numbers = [n for n in range(1, len(reader.rows) + len(taken) + 1) if n not in taken]
    rows = ([row.get(key, "") for key in header] for row in reader.rows)
    return sheet_of(file, header, rows, reader.lines, syntax="kml", numbers=numbers, bad=bad)


def _plain(text: str) -> str:
    """A description without its HTML tags."""
    text = re.sub(r"(?i)<br\s*/?>|</p>|</div>|</tr>", "\n", text)
    text = re.sub(r"<[^>]{0,2000}>", "", text)
    from html import unescape

    return re.sub(r"[ \t]*\n\s*", "\n", unescape(text)).strip()
