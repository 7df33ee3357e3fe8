"""What a page of each data set may cost, and whether a figure keeps to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Measure = Literal["build", "peak", "bytes", "drawn", "pan", "zoom", "filter", "card"]
Figures = Mapping[str, float]
"""Measure → figure: seconds (build, drawn), bytes (peak, bytes), ms (pan, zoom: p95; filter, card: median)."""
DIGITS = {"build": 2, "drawn": 2, "pan": 0, "zoom": 0, "filter": 0, "card": 0, "peak": 0, "bytes": 0}
"""Decimals at which a figure is held against its bound: a frame of 60 a second is 17 ms, not 16.7."""

PARQUET = "parquet"
"""Stands for the same columns as zstd Parquet."""


@dataclass(frozen=True, slots=True)
class Bound:
    """`measure` of ours ≤ `factor` of the same of `of`, plus `plus`; without `of`, ≤ `plus`."""

    row: str
    """The data set."""
    measure: Measure
    plus: float = 0.0
    factor: float = 0.0
    of: str = ""
    """Another maker of the same run, or PARQUET."""

    def limit(self, others: Mapping[str, Figures]) -> float | None:
        """The most that is allowed; None where the other figure was not measured."""
        if not self.of:
            return self.plus
        other = others.get(self.of, {}).get(self.measure)
        return None if other is None else other * self.factor + self.plus

    def __str__(self) -> str:
        if not self.of:
            return said(self.measure, self.plus)
        share = f"1/{1 / self.factor:.0f} of" if self.factor < 1 else f"{self.factor:g} ×"
        return f"{share} {self.of}" + (f" + {said(self.measure, self.plus)}" if self.plus else "")


def said(measure: str, value: float) -> str:
    """A figure with its unit."""
    if measure in ("build", "drawn"):
        return f"{value:.2f} s"
    if measure == "peak":
        return f"{value / 1e6:,.0f} MB"
    if measure == "bytes":
        return f"{value / 1e6:,.2f} MB" if value >= 1e6 else f"{value / 1e3:,.0f} KB"
    return f"{value:,.0f} ms"


def row(
    name: str,
    build: tuple[float, str] | float,
    size: tuple[float, str],
    drawn: float,
    pan: float,
    zoom: float,
    filter: float | None,
    card: float,
    *,
    shell: float = 0.0,
    peak: float | None = None,
) -> tuple[Bound, ...]:
    """The bounds of one data set. `shell` is added to the share of the size: the page without its data."""
    found = [
        Bound(name, "build", factor=build[0], of=build[1]) if isinstance(build, tuple) else Bound(name, "build", build),
        Bound(name, "bytes", plus=shell, factor=size[0], of=size[1]),
        Bound(name, "drawn", drawn),
        Bound(name, "pan", pan),
        Bound(name, "zoom", zoom),
        Bound(name, "card", card),
    ]
    if filter is not None:
        found.append(Bound(name, "filter", filter))
    if peak is not None:
        found.append(Bound(name, "peak", peak))
    return tuple(found)


BOUNDS: tuple[Bound, ...] = (
    *row("10k", (1 / 10, "folium-naive"), (1 / 18, "folium-naive"), 0.8, 17, 34, 34, 50),
    *row("100k", (1 / 10, "folium-cluster"), (1 / 15, "folium-cluster"), 1.2, 17, 34, 60, 50),
    *row("thor", 1.5, (1.2, PARQUET), 1.0, 17, 34, 34, 50, shell=400e3),
    *row("vietnam", 1.5, (1.3, PARQUET), 1.2, 17, 34, 50, 50, shell=400e3),
    *row("openflights", 2.0, (1.5, PARQUET), 1.2, 17, 50, None, 50, shell=400e3),
    *(
        bound
        for name in ("million", "million-moved")
        for bound in row(name, 6.0, (1.5, PARQUET), 4.0, 34, 100, 300, 100, shell=400e3, peak=1.5e9)
    ),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    bound: Bound
    figure: float | None
    limit: float | None

    @property
    def kept(self) -> bool | None:
        """None: not to be told from this run."""
        if self.figure is None or self.limit is None:
            return None
        digits = DIGITS[self.bound.measure]
        return round(self.figure, digits) <= round(self.limit, digits)


def verdicts(name: str, ours: Figures, others: Mapping[str, Figures]) -> list[Verdict]:
    """Of every bound of the data set `name`."""
    return [Verdict(bound, ours.get(bound.measure), bound.limit(others)) for bound in BOUNDS if bound.row == name]


def faster_than_linear(small: tuple[int, float], large: tuple[int, float]) -> bool:
    """Whether a cost grows by more than the number of rows does; each is (rows, cost)."""
    return large[1] / small[1] > large[0] / small[0]
