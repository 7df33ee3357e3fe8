"""The picture as a sheet of its own: title and standfirst above the map; credit, key and sources below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geo.geometry.plane import Point, Rect, rect
from geo.render.svg.compose import compose
from geo.render.svg.marks import Badge, Disc, Hatch
from geo.render.svg.paint import Paint, element, number, plain
from geo.render.svg.picture import Drawing
from geo.render.svg.piles import Glyph
from geo.render.svg.type import fits_in, script_of
from geo.scene import text
from geo.scene.scene import Scene
from geo.scene.style import CRASH_D, OTHERS, SYMBOL_D

WIDTH, HEIGHT = 720.0, 540.0
"""Size of the map in px."""
MARGIN = 24.0
COLUMNS, GLYPH = 3, 46.0
"""Of the key: its columns, and what a sample takes of one."""
SOURCES = 20
"""Publishers that are named; the rest is counted."""
STANDFIRST_WIDTH, STANDFIRST_LINES = 520.0, 5
"""A longer standfirst is left to the page."""


class Sheet:
    """Draws from the top down; `y` is where the next thing begins."""

    def __init__(self, scene: Scene, drawing: Drawing, strings: Mapping[str, text.Said], keys: Sequence[str]) -> None:
        """`drawing` is the map, `keys` what its key explains besides the actors; `scene` has the samples of it."""
        self.scene, self.lang = scene, scene.languages[0]
        self.strings, self.keys = strings, keys
        self.rtl = text.direction(self.lang) == "rtl"
        self.drawing = drawing
        self.paint, self.y = drawing.paint, MARGIN
        self.parts: list[str] = []

    @classmethod
    def of(cls, scene: Scene, paint: Paint, faces: Mapping[str, str]) -> Sheet:
        lang = scene.languages[0]
        strings = text.page_strings(replace(scene, languages=(lang,)))[lang]
        return cls(scene, Drawing(compose(scene, WIDTH, HEIGHT), "sm", paint, faces), strings, text.legend_keys(scene))

    def file(self, described: str) -> bytes:
        """The whole file; `described` says in words what the map shows."""
        drawing, width, height = self.svg()
        title = element("title", plain(self.said("title")), id="sm-title")
        words = element("desc", plain(described), id="sm-desc")
        svg = element(
            "svg", title + words + drawing, xmlns="http://www.w3.org/2000/svg", lang=self.lang, width=width, height=height,
            viewBox=f"0 0 {width:.0f} {height:.0f}", role="img", aria_labelledby="sm-title", aria_describedby="sm-desc",
        )  # fmt: skip
        return f"{svg}\n".encode()

    def svg(self) -> tuple[str, float, float]:
        """The content of the `<svg>`, its width and its height."""
        self.say("title", 24, weight=700, leading=1.2)
        if "summary" in self.strings and len(self.lines("summary", 16, STANDFIRST_WIDTH)) <= STANDFIRST_LINES:
            self.y += 4
            self.say("summary", 16, leading=1.45, width=STANDFIRST_WIDTH)
        self.y += 12
        drawn = self.drawing.body()
        frame = element("svg", drawn, x=MARGIN, y=self.y, width=WIDTH, height=HEIGHT)
        self.y += HEIGHT + 4
        self.say("map_credit", 11, colour="countryLabel")
        self.y += 10
        self.key()
        self.sources()
        if "credit_places" in self.strings:
            # Makers of a data set ask for it on every picture.
            self.y += 4
            self.say("credit_places", 11, colour="countryLabel")
        width, height = WIDTH + 2 * MARGIN, round(self.y + MARGIN / 2)
        page = element("rect", width=width, height=height, fill=self.paint("page"))
        return page + self.drawing.definitions() + "".join(self.parts) + frame, width, height

    def said(self, key: str) -> str:
        value = self.strings[key]
        return value if isinstance(value, str) else value[0]

    def lines(self, key: str, size: float, width: float, weight: int = 400) -> list[str]:
        return fits_in(self.said(key), self.size(self.said(key), size), weight, width)

    def size(self, said: str, size: float) -> float:
        return max(13.0, round(size * 1.1)) if script_of(said) == "arabic" else size

    def write(self, lines: Sequence[str], x: float, y: float, size: float, *, weight: int = 400, leading: float = 1.4,
              colour: str = "ink") -> float:  # fmt: skip
        """Writes lines from their leading edge at `x`, the first one's top at `y`; gives the height that they take."""
        size, script = self.size(" ".join(lines), size), script_of(" ".join(lines))
        step = size * max(leading, 1.6 if script == "arabic" else 0.0)
        baseline = y + step / 2 + size * 0.35
        rtl = text.direction_of(" ".join(lines), self.lang) == "rtl"
        # A line in the other direction begins at its own other edge, but stands at this one.
        anchor = "end" if rtl != self.rtl else None
        words = "".join(element("text", plain(line), x=x, y=baseline + n * step, text_anchor=anchor) for n, line in enumerate(lines))
        self.parts.append(element(
            "g", words, fill=self.paint(colour), font_size=size, font_weight=weight if weight != 400 else None,
            direction="rtl" if rtl else None, **self.drawing.face(script),
        ))  # fmt: skip
        return step * len(lines)

    @property
    def edge(self) -> float:
        """Where lines of the language begin."""
        return MARGIN + WIDTH if self.rtl else MARGIN

    def say(self, key: str, size: float, *, weight: int = 400, leading: float = 1.4, colour: str = "ink",
            width: float = WIDTH) -> None:  # fmt: skip
        lines = self.lines(key, size, width, weight)
        while weight > 400 and len(shorter := self.lines(key, size, width - 8, weight)) == len(lines) > 1:
            # A title over two lines has them as even as its words allow.
            lines, width = shorter, width - 8
        self.y += self.write(lines, self.edge, self.y, size, weight=weight, leading=leading, colour=colour)

    def sources(self) -> None:
        publishers = [f"s{n}.publisher" for n in range(1, len(self.scene.story.sources) + 1)]
        named = list(dict.fromkeys(self.said(key) for key in publishers if key in self.strings))
        if named:
            speak = text.Speaker(self.lang, self.lang)
            if len(named) > SOURCES:
                named = [*named[:SOURCES], speak("and_more", n=speak.integer(len(named) - SOURCES))]
            said = speak("said", what=self.said("sources"), words="; ".join(named))
            self.y += 8
            self.y += self.write(fits_in(said, self.size(said, 11), 400, WIDTH), self.edge, self.y, 11, colour="countryLabel")

    # -- key

    def key(self) -> None:
        """What is on the map, in columns; rows are as high as their highest entry."""
        entries = [(f"actor{one.slot}", f"actor{one.slot}") for one in self.scene.actors]
        entries += [(key, f"key.{key}") for key in self.keys]
        wide = WIDTH / COLUMNS
        for n in range(0, len(entries), COLUMNS):
            high = 20.0
            for column, (name, key) in enumerate(entries[n : n + COLUMNS]):
                x = self.edge - column * wide if self.rtl else self.edge + column * wide
                lines = self.lines(key, 12, wide - GLYPH - 12)
                taken = self.write(lines, x - GLYPH if self.rtl else x + GLYPH, self.y, 12)
                sample = self.sample(name, rect(x - 34 if self.rtl else x, self.y, 34, max(taken, 17)))
                self.parts.append(sample)
                high = max(high, taken, 40.0 if name == "size" else 0.0)
            self.y += high + 4

    def sample(self, name: str, box: Rect) -> str:
        at, scene, draw = box.middle, self.scene, self.drawing
        marks = [mark for mark in scene.marks if mark["kind"] != "crash"]
        slot = marks[0]["slot"] if marks else OTHERS

        def glyph(slot: int, status: str, *, kind: str = "strike", unknown: bool = False, colour: str | None = None) -> str:
            d = CRASH_D if kind == "crash" else SYMBOL_D
            return "".join(draw.glyph(Glyph("", *at, d, None, slot, kind, status, unknown), colour))

        swatch = Rect(at.x - 12, at.y - 8, at.x + 12, at.y + 8)
        match name:
            case "declared" | "reported" | "contested":
                # What a status looks like is nobody's own where there are several.
                some = next((mark["slot"] for mark in marks if mark["status"] == name), slot)
                return glyph(some, name, colour=None if len(scene.actors) == 1 else "ink")
            case "crash":
                return glyph(OTHERS, "declared", kind="crash")
            case "unknown":
                return glyph(next((mark["slot"] for mark in marks if mark["precision"] == "not stated"), slot), "reported", unknown=True)
            case "circle":
                return draw.disc(Disc(at.x, at.y, 9.0, None, slot))
            case "hatched" | "hatched_province":
                area = next(area for area in scene.areas if area["kind"] == "strike")
                return draw.swatch(swatch, Hatch("", area["slot"], False, False, area["angle"], True))
            case "crash_area" | "context_area":
                return draw.swatch(swatch, Hatch("", OTHERS, name == "crash_area", True, 45, True))
            case "dashed":
                return element("path", d=f"M{number(at.x - 12)} {number(at.y)}h24", stroke=self.paint("ink"), stroke_width=1.5,
                               stroke_dasharray="4 3")  # fmt: skip
            case "line" | "stream":
                return draw.course(Point(at.x - 16, at.y + 4), at, Point(at.x + 16, at.y - 1), scene.sorties[0])
            case "tint":
                slot = next(origin["slot"] for origin in scene.origins if origin["shape"])
                return element("rect", x=swatch.left, y=swatch.top, width=24, height=16, fill=self.paint(f"s{slot}"), fill_opacity=".1")
            case "badge":
                return draw.badge(Badge(at.x, at.y, 3))
            case "pile":
                look = {"fill": self.paint("ink"), "fill_opacity": ".35", "stroke": self.paint("ink")}
                return "".join(element("circle", cx=at.x + dx, cy=at.y, r=r, **look) for dx, r in ((-11.0, 3.0), (4.0, 8.0)))
            case "size":
                top, ink = box.top, self.paint("ink")
                return "".join(element("circle", cx=at.x, cy=top + 38 - r, r=r, fill="none", stroke=ink) for r in (6.0, 12.0, 18.0))
            case _:
                return glyph(int(name.removeprefix("actor")), "declared") if name.startswith("actor") else ""
