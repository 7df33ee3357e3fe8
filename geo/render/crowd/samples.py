"""What the samples of a crowd's legend look like."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.scene.crowd.crowd import Crowd, Location
from geo.scene.style import OTHERS, SHAPES, SYMBOL_D, SYMBOL_PATHS


def samples(crowd: Crowd) -> dict[str, Any]:
    """The slots that the legend's samples are drawn in: those of something that is on the map."""
    slot, answers = crowd.slot, crowd.located.answers
    pins = np.flatnonzero((crowd.outcome == 0) & (crowd.tone == slot))

    def first(among: NDArray[Any]) -> int:
        return int(slot[among[0]]) if len(among) else OTHERS

    status = {value.value: code for code, value in enumerate(crowd.status.values)}
    of = {name: first(pins[crowd.status.codes[pins] == status[name]]) if name in status else OTHERS for name in ("declared", "reported", "contested")}
    bare = np.array([isinstance(a, Location) and a.precision.value == "not stated" for a in answers], bool)
    slots = sorted(crowd.hatch)
    return {
        "status": of,
        "path": [SYMBOL_PATHS[shape] for shape in SHAPES],
        "circle": first(pins),
        "unknown": first(pins[bare[crowd.answer[pins]]]),
        "hatch": {"slot": slots[0], "angle": crowd.hatch[slots[0]]} if slots else {"slot": OTHERS, "angle": 135},
        "line": first(crowd.flights[0]),
        "tint": OTHERS,
        "diameter": SYMBOL_D,
    }
