"""The timeline: events counted by day, week, month or year, whichever the story's span asks for.

Days are whole numbers from 1970-01-01 in the Gregorian calendar (`events.day_number`); nothing here knows a clock or a zone.
An event is counted once, in the bin of its first day (of its last where only that is known), so that the bins and the
undated add up to all events. What may lie in several bins, or is open at an end, is drawn pale in every one of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any

from geo.model import When
from geo.scene.events import day_number, tone_of
from geo.scene.scene import Scene

if TYPE_CHECKING:
    from geo.scene.text import Speaker

MOST_DAYS, MOST_WEEKS, MOST_MONTHS, MOST_YEARS = 62, 60, 84, 100
"""Bins that a phone's width still tells apart; above the last, years go by tens, then by hundreds."""
UNITS = ("day", "week", "month", "year", "decade", "century")
WIDE_TICKS, NARROW_TICKS = 10, 4
"""Labels below the axis, at most, where the map is wide and on a phone."""
EVENT_PX, LEAST_PX, MOST_PX = 10, 30, 60
"""Height of one event in the picture while there is room, and of the whole picture."""
SINGLE = 8
"""Up to this height of a column every event is a block of its own."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below bin `bin`: its own text, and that of the month or year that begins there."""

    bin: int
    narrow: bool
    """Shown on a phone too."""
    grouped: bool = False
    """The month (below days) or the year (below months) is written in a second line."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bin's column: `count` events of one tone, `pale` where they may lie in other bins too."""

    bin: int
    base: int
    count: int
    tone: int
    pale: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    unit: str
    edges: tuple[int, ...]
    """First day of every bin, then the day after the last one."""
    counts: tuple[int, ...]
    undated: int
    bars: tuple[Bar, ...]
    undated_bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    top: int
    """Events in the highest column, pale ones and the undated with it."""

    @property
    def height(self) -> int:
        return min(MOST_PX, max(LEAST_PX, self.top * EVENT_PX))

    @property
    def spread(self) -> bool:
        return any(bar.pale for bar in self.bars)

    @property
    def scaled(self) -> bool:
        """Whether the picture needs the number that its height stands for: its events cannot be counted by eye."""
        return self.top > SINGLE

    @property
    def labels(self) -> list[Tick | None]:
        """The label of each bin; most have none."""
        by_bin = {tick.bin: tick for tick in self.ticks}
        return [by_bin.get(place) for place in range(len(self.counts))]

    def paths(self, bars: Sequence[Bar], columns: int, rtl: bool) -> Iterator[tuple[int, bool, str]]:
        """Tone, whether it is pale, and the SVG path of all blocks that look so, in columns and events from the upper left.

        Time runs the way that the page reads: Arabic and Hebrew newspapers set their charts so, and a slider mirrors of itself.
        A browser takes in one path in a fraction of the time of as many rectangles.
        """
        drawn: dict[tuple[bool, int], list[str]] = {}
        for bar in bars:
            x = f"{(columns - 1 - bar.bin if rtl else bar.bin) + 0.08:.2f}"
            blocks = [(bar.base + n, 0.9) for n in range(bar.count)] if not self.scaled else [(bar.base, bar.count)]
            for base, height in blocks:
                drawn.setdefault((bar.pale, bar.tone), []).append(f"M{x} {round(self.top - base - height, 1)}h.84v{height}h-.84z")
        for (pale, tone), parts in sorted(drawn.items()):
            yield tone, pale, "".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """`Timeline` of geo/web/src/payload.ts."""
        return {"edges": list(self.edges), "top": self.top}


def timeline(scene: Scene) -> Timeline | None:
    """The scene's timeline; None where all dates fall on one day, or none is known: there is nothing to choose from."""
    return histogram([(entry.event.date, tone_of(entry)) for entry in scene.entries])


def histogram(dated: Sequence[tuple[When, int]], numbers: Iterable[int] | None = None) -> Timeline | None:
    """The timeline of dates, each with a tone; None where they span no more than one day.

    `numbers` says how many events each of them stands for, by default one.
    """
    spans: list[tuple[tuple[int, int, bool], int, int]] = []
    loose: dict[int, int] = {}
    for (when, tone), number in zip(dated, repeat(1) if numbers is None else numbers, strict=False):
        span = span_of(when)
        if span is None:
            loose[tone] = loose.get(tone, 0) + number
        else:
            spans.append((span, tone, number))
    if not spans:
        return None
    first, last = min(span[0] for span, _, _ in spans), max(span[1] for span, _, _ in spans)
    if first == last:
        return None
    unit, edges = _bins(_day(first), _day(last))
    counts = [0] * (len(edges) - 1)
    stacks: dict[tuple[int, bool, int], int] = {}
    for (begin, end, is_open), tone, number in spans:
        low, high = bisect_right(edges, begin) - 1, bisect_right(edges, end) - 1
        counts[low] += number
        for place in range(low, high + 1):
            key = (place, is_open or low != high, tone)
            stacks[key] = stacks.get(key, 0) + number
    bars = _piled(stacks)
    return Timeline(
        unit=unit,
        edges=edges,
        counts=tuple(counts),
        undated=sum(loose.values()),
        bars=bars,
        undated_bars=_piled({(0, False, tone): number for tone, number in loose.items()}),
        ticks=tuple(_ticks(unit, [_day(edge) for edge in edges[:-1]])),
        top=max(max((bar.base + bar.count for bar in bars), default=0), sum(loose.values())),
    )


def span_of(when: When) -> tuple[int, int, bool] | None:
    """First and last day of a date, and whether an end is open: then the known end stands for both. None: undated."""
    first, last = day_number(when.first), day_number(when.last)
    known = [end for end in (first, last) if end is not None]
    return (known[0], known[-1], len(known) == 1) if known else None


def _piled(stacks: Mapping[tuple[int, bool, int], int]) -> tuple[Bar, ...]:
    bars = []
    height: dict[int, int] = {}
    for place, pale, tone in sorted(stacks):
        count = stacks[place, pale, tone]
        base = height.get(place, 0)
        bars.append(Bar(place, base, count, tone, pale))
        height[place] = base + count
    return tuple(bars)


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def _bins(first: date, last: date) -> tuple[str, tuple[int, ...]]:
    """The unit for dates from `first` to `last`, and the first day of each bin with the day after the last."""
    monday = first - timedelta(days=first.weekday())
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    starts: list[date]
    if (last - first).days < MOST_DAYS:
        unit, starts = "day", [first + timedelta(days=n) for n in range((last - first).days + 2)]
    elif (last - monday).days < MOST_WEEKS * 7:
        unit, starts = "week", [monday + timedelta(days=7 * n) for n in range((last - monday).days // 7 + 2)]
    elif months <= MOST_MONTHS:
        unit, starts = "month", [_month(first, n) for n in range(months + 1)]
    else:
        unit, step = next(
            (name, years)
            for name, years in (("year", 1), ("decade", 10), ("century", 100))
            if years == 100 or last.year // years - first.year // years < MOST_YEARS
        )
        low = first.year // step * step
        starts = [date(year, 1, 1) for year in range(low, last.year + step + 1, step)]
    return unit, tuple(day.toordinal() - date(1970, 1, 1).toordinal() for day in starts)


def _month(day: date, later: int) -> date:
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


# -- labels -----------------------------------------------------------------------------------------------------------

_STEPS = {"day": (1, 2, 7, 14), "week": (1, 2, 4, 8, 13), "month": (1, 3, 6, 12, 24), "year": (1, 2, 5, 10, 20, 50)}
_MOST = {"day": 14}


def _ticks(unit: str, starts: Sequence[date]) -> Iterator[Tick]:
    years = unit not in ("day", "week", "month")
    per = {"decade": 10, "century": 100}.get(unit, 1)
    chosen: list[int] = []
    for step in _STEPS["year" if years else unit]:
        chosen = [
            n for n, day in enumerate(starts)
            if (day.year // per % step if years else (day.month - 1) % step if unit == "month" else n % step) == 0
        ]  # fmt: skip
        if len(chosen) <= _MOST.get(unit, WIDE_TICKS):
            break
    # A number of two digits needs little room; words and years need more.
    fewer = -(-len(chosen) // (NARROW_TICKS if unit != "day" else WIDE_TICKS))
    period: tuple[int, int] | None = None
    for n, place in enumerate(chosen):
        day = starts[place]
        now = (day.year, day.month if unit == "day" else 0)
        until = next((at for at in chosen if (starts[at].year, starts[at].month if unit == "day" else 0) > now), len(starts))
        # A month's name needs a quarter of the axis, a year a seventh.
        grouped = not years and now != period and (until - place) * (4 if unit == "day" else 7) >= len(starts)
        period = now
        yield Tick(place, n % fewer == 0, grouped)


def strings(line: Timeline, speak: Speaker) -> Iterator[tuple[str, str]]:
    """The timeline's texts in one language, by `data-t` key."""
    from babel.dates import format_skeleton

    starts = [_day(edge) for edge in line.edges]
    last = starts[-1] - timedelta(days=1)
    yield "time.title", speak(f"time.by_{line.unit}")
    yield "time.whole", _named(line.unit, starts[0], last, speak)
    for n, (begin, after) in enumerate(zip(starts, starts[1:], strict=False)):
        yield f"time.b{n}", _named(line.unit, begin, after - timedelta(days=1), speak)
    if line.scaled:
        yield "time.top", speak.integer(line.top)
    if line.undated:
        yield "time.undated", speak("time.undated")
    if line.spread:
        yield "time.pale", speak("time.pale")
    yearly = line.unit not in ("day", "week") and all(starts[tick.bin].month == 1 for tick in line.ticks)
    for tick in line.ticks:
        day = starts[tick.bin]
        if line.unit == "day":
            own = str(day.day)
        elif not yearly:
            own = str(format_skeleton("MMMd" if line.unit == "week" else "MMM", day, locale=speak.locale))
        else:
            own = str(day.year)
        yield f"time.t{tick.bin}", own
        if tick.grouped and not yearly:
            yield f"time.g{tick.bin}", _group(line.unit, day, speak)


def _group(unit: str, day: date, speak: Speaker) -> str:
    from babel.dates import format_date

    return str(format_date(day, "LLLL", locale=speak.locale)) if unit == "day" else str(day.year)


def _named(unit: str, first: date, last: date, speak: Speaker) -> str:
    """A bin, or the whole span, in words."""
    if unit in ("day", "week"):
        return speak.single(first, "day") if first == last else speak.days(first, last)
    end = "month" if unit == "month" else "year"
    one = (first.year, first.month if unit == "month" else 0) == (last.year, last.month if unit == "month" else 0)
    return speak.single(first, end) if one else speak.interval(first, last, end, end)
