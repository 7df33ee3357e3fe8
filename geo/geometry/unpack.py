"""Reads what `basemap.encode` packed. Twin of web/src/decode.ts."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Layer:
    """Lines on a grid. In a polygon layer they are closed rings, `parts` of them to each polygon, its shell first."""

    name: str
    closed: bool
    parts: tuple[int, ...]
    lines: list[NDArray[np.int64]]
    """Shape (n, 2) each: longitude and latitude in units of 1 / q degree."""


def decode(base: Mapping[str, Any]) -> list[Layer]:
    """The layers of a base map, in their order. Raises ValueError for data that `encode` did not write."""
    raw = np.frombuffer(zlib.decompress(base64.b64decode(base["data"]), -15), np.uint8)
    numbers = _numbers(raw)
    at = 0
    layers = []
    for head in base["layers"]:
        lines = []
        for _ in range(sum(head["parts"])):
            if at >= len(numbers) or at + 1 + 2 * int(numbers[at]) > len(numbers):
                raise ValueError("the base map ends too early")
            end = at + 1 + 2 * int(numbers[at])
            zigzag = numbers[at + 1 : end].reshape(-1, 2)
            lines.append(np.cumsum((zigzag >> 1) ^ -(zigzag & 1), axis=0))
            at = end
        layers.append(Layer(head["name"], head["type"] == "polygon", tuple(head["parts"]), lines))
    if at != len(numbers):
        raise ValueError("the base map holds more than its layers say")
    return layers


def _numbers(raw: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Numbers in base 128, the low digits first; every digit but a number's last has its eighth bit set."""
    if not len(raw):
        return np.empty(0, np.int64)
    last = raw < 128
    if not last[-1]:
        raise ValueError("the base map ends within a number")
    ends = np.flatnonzero(last)
    starts = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(raw)) - np.repeat(starts, ends - starts + 1)
    digits: NDArray[np.int64] = (raw & 127).astype(np.int64) << (7 * place)
    return np.add.reduceat(digits, starts)
