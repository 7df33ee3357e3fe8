"""A crowd as one SVG file: the still picture with its title, credit and key, as a story's has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from geo.render.crowd.picture import crowd_drawing, ground_of
from geo.render.crowd.samples import samples
from geo.render.svg.paint import by_value
from geo.render.svg.sheet import HEIGHT, WIDTH, Sheet
from geo.scene.crowd.crowd import Crowd
from geo.scene.crowd.words import page_strings
from geo.scene.dress import FONTS
from geo.scene.scene import Scene


def render_crowd_svg(crowd: Crowd) -> bytes:
    """One SVG file of `crowd`, in the first of its languages: UTF-8, LF, no script, nothing from elsewhere."""
    strings = page_strings(replace(crowd, languages=crowd.languages[:1]))[crowd.languages[0]]
    drawing = crowd_drawing(crowd, "sm", by_value(crowd.style.light.theme), WIDTH, HEIGHT, {**FONTS, **crowd.style.fonts})
    described = strings["described"]
    return Sheet(_sampled(crowd), drawing, strings, crowd.keys).file(described if isinstance(described, str) else described[0])


def _sampled(crowd: Crowd) -> Scene:
    """The ground with one mark and one line for each sample that the key shows."""
    found = samples(crowd)
    marks: list[dict[str, Any]] = [
        {"kind": "strike", "status": status, "slot": slot, "precision": "exact"} for status, slot in found["status"].items() if status in crowd.keys
    ]
    marks.append({"kind": "strike", "status": "", "slot": found["unknown"], "precision": "not stated"})
    areas = [{"kind": "strike", **found["hatch"]}]
    return replace(ground_of(crowd), marks=tuple(marks), areas=tuple(areas), sorties=({"slot": found["line"], "width": 2.0},))
