"""KML and KMZ from Google Earth and My Maps: a placemark is a row. No entity is expanded, no link is followed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any
from xml.parsers import expat

from geo.errors import Fault, InputError
from geo.read.sheet import Sheet, TableLimits, sheet_of

DEEP = 200


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
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise InputError([Fault("kmz", "this is no KMZ file, or a broken one", "export it again as KML", file)]) from None


_TIMES = {"begin": "date", "when": "date", "end": "date_end"}
_OWN = {"name": "title", "description": "note", "address": "place"}
_PAIRS = re.compile(r"<tr[^>]{0,300}>\s*<t[dh][^>]{0,300}>([^<]{1,60})</t[dh]>\s*<td[^>]{0,300}>([^<]{1,2000})</td>\s*</tr>", re.IGNORECASE)
_SHAPES = ("Point", "LineString", "LinearRing")


class _Reader:
    """Collects placemarks while the parser runs: names and texts, geometries, tracks, the extended data."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.text: list[str] = []
        self.rows: list[dict[str, str]] = []
        self.lines: list[int] = []
        self.bad: list[tuple[int, int, str]] = []
        self.doubts: list[tuple[int, str]] = []
        self.row: dict[str, str] | None = None
        self.data: dict[str, str] = {}
        self.listed: dict[str, str] = {}
        self.shapes: list[tuple[str, str]] = []
        self.track: list[str] = []
        self.track_times: list[str] = []
        self.key = ""
        self.line = 0
        self.folders: list[str] = []
        self.spelling: dict[str, str] = {}

    @property
    def number(self) -> int:
        """Of the placemark that is being read, from 1."""
        return len(self.rows) + len(self.bad) + 1

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        tag = tag.rpartition("|")[2].rpartition(":")[2]
        self.path.append(tag)
        self.text = []
        if tag == "Placemark":
            self.row, self.data, self.listed, self.shapes, self.track, self.track_times, self.line = {}, {}, {}, [], [], [], line
        elif tag == "Folder":
            self.folders.append("")
        elif tag in ("Data", "SimpleData"):
            self.key = attributes.get("name", "").strip()

    def end(self) -> None:
        tag = self.path.pop()
        parent = self.path[-1] if self.path else ""
        text = "".join(self.text).strip()
        self.text = []
        row = self.row
        if tag == "Folder":
            self.folders.pop()
        elif tag == "name" and parent == "Folder":
            self.folders[-1] = text
        elif tag == "Placemark" and row is not None:
            self._place(row)
            self.row = None
        elif row is not None and text:
            self._said(row, tag, parent, text)

    def _said(self, row: dict[str, str], tag: str, parent: str, text: str) -> None:
        if tag == "coordinates" and "innerBoundaryIs" not in self.path:
            self.shapes.append((next((t for t in reversed(self.path) if t in _SHAPES), ""), text))
        elif tag == "coord":
            self.track.append(",".join(text.split()))
        elif tag == "when" and parent == "Track":
            self.track_times.append(_day(text))
        elif tag == "SimpleData" or tag == "value" and parent == "Data":
            if self.key:
                self.data.setdefault(self.key, text)
        elif tag in _TIMES and parent in ("TimeStamp", "TimeSpan") and not {"LookAt", "Camera"} & set(self.path):
            row.setdefault(_TIMES[tag], _day(text))
        elif tag in _OWN and parent == "Placemark":
            row.setdefault(_OWN[tag], _plain(text) if tag == "description" else text)
            if tag == "description":
                self.listed = {_plain(key): _plain(said) for key, said in _PAIRS.findall(text)}

    def _place(self, row: dict[str, str]) -> None:
        try:
            row |= self._where()
        except ValueError as error:
            self.bad.append((self.line, self.number, str(error)))
            return
        if self.track_times:
            row.setdefault("date", min(self.track_times))
            if max(self.track_times) != row["date"]:
                row.setdefault("date_end", max(self.track_times))
        if folder := " / ".join(filter(None, self.folders)):
            row["folder"] = folder
        # Map programs without extended data list it in the description.
        for key, text in (self.data or self.listed).items():
            self._add(row, key, text)
        self.rows.append(row)
        self.lines.append(self.line)

    def _add(self, row: dict[str, str], key: str, text: str) -> None:
        """A value of the extended data: what the placemark says itself it says once, whatever its capitals."""
        folded = key.casefold()
        if folded not in row:
            key = self.spelling.setdefault(folded, folded if folded in _TAKEN else key)
            row[key] = text
        elif row[folded] != text and folded not in ("lat", "lon"):
            row[self.spelling.setdefault(f"{folded} (data)", f"{key} (data)")] = text

    def _where(self) -> dict[str, str]:
        """The columns of the position; a line is a flight from its first point to its last. Raises ValueError."""
        if self.track:
            return _line([point.split(",") for point in self.track])
        shapes = [(shape, [point.split(",") for point in re.sub(r"\s*,\s*", ",", text).split()]) for shape, text in self.shapes]
        if not shapes:
            return {}
        shape, points = shapes[0]
        if not points or any(len(point) < 2 or not all(point[:2]) for point in (points[0], points[-1])):
            raise ValueError("the coordinates are not written as lon,lat")
        if len({kind for kind, _ in shapes}) > 1 or (len(shapes) > 1 and shape != "LinearRing"):
            self.doubts.append((self.number, f"geometry: holds {len(shapes)} positions or shapes; the first stands for them"))
            shapes = shapes[:1]
        if shape == "LinearRing":
            return _area([point for _, ring in shapes for point in ring])
        return _line(points) if shape == "LineString" and len(points) > 1 else {"lon": points[0][0], "lat": points[0][1]}


_TAKEN = frozenset(("title", "note", "place", "date", "date_end", "lat", "lon", "origin_lat", "origin_lon", "precision", "radius_m", "folder"))
"""Columns that a placemark's own elements fill."""


def _line(points: list[list[str]]) -> dict[str, str]:
    if any(len(point) < 2 for point in (points[0], points[-1])):
        raise ValueError("the coordinates are not written as lon,lat")
    end = {"lon": points[-1][0], "lat": points[-1][1]}
    return end if len(points) < 2 else {"origin_lon": points[0][0], "origin_lat": points[0][1], **end}


def _area(points: list[list[str]]) -> dict[str, str]:
    from geo.read.sheets.features import area

    try:
        return area([(float(x), float(y)) for x, y, *_ in points])
    except ValueError:
        raise ValueError("a coordinate of the polygon is no number") from None


def _day(text: str) -> str:
    return text[:10] if "T" in text else text


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
    warnings = [f"{file}: row {number}: {doubt}" for number, doubt in reader.doubts]
    return sheet_of(file, header, rows, reader.lines, syntax="kml", numbers=numbers, bad=bad, warnings=warnings)


def _plain(text: str) -> str:
    """A description without its HTML tags."""
    text = re.sub(r"(?i)<br\s*/?>|</p>|</div>|</tr>", "\n", text)
    text = re.sub(r"(?i)</t[dh]>", " ", text)
    text = re.sub(r"<[^>]{0,2000}>", "", text)
    from html import unescape

    return re.sub(r"[ \t]*\n\s*", "\n", unescape(text)).strip()
