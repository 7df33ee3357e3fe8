"""A crowd of rows that were read back from their page: what outputs of data need, and nothing that is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.columns import Coded, LocatedTable, nothing
from geo.model import Location, Story
from geo.scene.crowd.crowd import Crowd
from geo.scene.events import OUTCOMES
from geo.scene.scene import Counts

PIN, AREA, OUTSIDE, UNPLACED = range(len(OUTCOMES))


def reopened(
    located: LocatedTable, story: Story, languages: Sequence[str], order: NDArray[np.int32], outcome: NDArray[np.uint8]
) -> Crowd:
    """`order` and `outcome` are as a crowd has them."""
    table, n = located.table, len(order)
    pinned = np.array([isinstance(answer, Location) and answer.precision.pinned for answer in located.answers], bool)
    pins = int(pinned[located.answer].sum())
    placed = int((outcome != UNPLACED).sum())
    row, code, number = located.flights
    place = np.empty(n, np.int32)
    place[order] = np.arange(n, dtype=np.int32)
    at = place[row]
    by = np.argsort(at, kind="stable")
    none: Coded[Any] = nothing(n)
    return Crowd(
        story=story, located=located, languages=tuple(languages), order=order, when=none, kind=none, status=none, precision=none, actor=none,
        slots=(), outcome=outcome, flights=(at[by], code[by], number[by]),
        counts=Counts(events=n + table.refused, pinned=pins, areas=placed - pins, unplaced=n - placed, refused=table.refused,
                      sorties=len(row), outside=int((outcome == OUTSIDE).sum())),
        actors=(), facets=(), keys=(), time=None, areas={}, hatch={},
    )  # fmt: skip
