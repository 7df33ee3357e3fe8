"""Figures as a table of text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from comparing.bounds import Verdict, said

COLUMNS = (
    "build s",
    "peak MB",
    "file MB",
    "requests",
    "load s",
    "drawn s",
    "pan ms",
    "zoom ms",
    "step ms",
    "card ms",
    "filter ms",
    "typed ms",
)
RATIOS = ("build", "peak", "bytes", "drawn", "pan", "zoom", "step", "card")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that `share` % of them do not exceed (nearest rank). `values` must not be empty."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]


def lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown; the first column is text, the others are numbers."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return (
            "| "
            + " | ".join(
                c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))
            )
            + " |"
        )

    rule = "|" + "|".join("-" * (w + 1) + ("-" if i == 0 else ":") for i, w in enumerate(widths)) + "|"
    return [line(head), rule, *map(line, rows)]


def cell(value: Any, form: str = ".2f") -> str:
    """A number in `form`, frames as `median / p95 / worst`, words as they are, – for what was not measured."""
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return " / ".join(f"{value[name]:,.0f}" for name in ("median", "p95", "worst"))
    return value if isinstance(value, str) else format(value, form)


def maker_row(name: str, found: Mapping[str, Any]) -> list[str]:
    """One maker's figures, as `COLUMNS` has them."""
    if fault := found.get("fault"):
        return [name, str(fault), *["–"] * (len(COLUMNS) - 1)]
    asked = found.get("requests")
    requests = None
    if asked:
        requests = str(asked["n"])
        if asked["tiles"]:
            requests += f", {asked['tiles']} tiles"
        if asked["missing"]:
            requests += f", {len(asked['missing'])} no copy"
        if asked["bytes"]:
            requests += f", {asked['bytes'] / 1e6:.1f} MB"

    def mega(key: str) -> float | None:
        return None if found.get(key) is None else found[key] / 1e6

    return [
        name,
        cell(found.get("build")),
        cell(mega("peak"), ",.0f"),
        cell(mega("bytes"), ",.2f"),
        cell(requests),
        *(cell(found.get(key)) for key in ("load", "drawn", "pan", "zoom")),
        *(cell(found.get(key), ",.0f") for key in ("step", "card", "filter", "typed")),
    ]


def figures(found: Mapping[str, Any]) -> dict[str, float]:
    """What bounds and ratios are about: numbers only; frames by their 95th percentile."""
    plain = {
        name: value["p95"] if isinstance(value, Mapping) and "p95" in value else value for name, value in found.items()
    }
    return {name: float(value) for name, value in plain.items() if isinstance(value, int | float)}


def ratio_rows(results: Mapping[str, Mapping[str, Any]], ours: str) -> list[list[str]]:
    """How many times more than ours each other maker takes."""
    mine = figures(results[ours])
    rows = []
    for name, found in results.items():
        if name == ours:
            continue
        theirs = figures(found)
        cells = []
        for measure in RATIOS:
            if measure in mine and measure in theirs and mine[measure] > 0:
                cells.append(f"{theirs[measure] / mine[measure]:,.1f}")
            else:
                cells.append("–")
        rows.append([name, *cells])
    return rows


def typed(detail: Mapping[str, Sequence[float]]) -> str:
    """Each control that was typed into, with median and worst."""
    return "; ".join(f"{name} {percentile(values, 50):,.0f} / {max(values):,.0f} ms" for name, values in detail.items())


def verdict_row(one: Verdict) -> list[str]:
    kept = {True: "kept", False: "BROKEN", None: "not measured"}[one.kept]
    figure = "–" if one.figure is None else said(one.bound.measure, one.figure)
    limit = "" if one.limit is None or not one.bound.of else f" = {said(one.bound.measure, one.limit)}"
    return [one.bound.measure, figure, f"≤ {one.bound}{limit}", kept]
