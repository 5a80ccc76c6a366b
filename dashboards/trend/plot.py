"""The geometry of a small figure over visits; the template draws it as SVG, in the page's colours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.language import _
from dashboards.words import number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboards.trend.judged import Course, Point

WIDTH, HEIGHT = 340, 170
LEFT, RIGHT, TOP, BOTTOM = 46.0, 328.0, 10.0, 142.0
"""The plot within the figure, in its own units."""

LEAST_SPAN = 0.3
"""The axis spans at least this part of the first value, so that a small change looks small (our judgement)."""

LEAST_SPAN_PCT = 20.0
"""The same for an index in %, which may be zero (our judgement)."""

SIDES_APART = 7.0
"""Left and right of one recording stand beside each other, so that none hides the other."""

MOST_TICKS = 4
MOST_DAYS = 4
"""Days written below the axis; of more, the first, the last and some between."""


@dataclass(frozen=True)
class Dot:
    """A value: where, what it says, and its interval from ``low`` to ``high`` (None where that is not known)."""

    x: float
    y: float
    says: str
    changed: bool
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Trace:
    """One foot's values. ``lines`` are the polylines between values that follow each other."""

    side: str
    dots: tuple[Dot, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Plot:
    """A small figure.

    Attributes
    ----------
    traces
        One for each foot, or one for both.
    band
        Top and height of the band of no change around the first value; None where no change is known to count.
    zero
        Where zero is; None where it is out of the figure.
    ticks, days
        Places and texts along both axes.
    """

    traces: tuple[Trace, ...]
    band: tuple[float, float] | None
    zero: float | None
    ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]


def plot(courses: Sequence[Course]) -> Plot:
    """Draw one value, of one foot or of both.

    Parameters
    ----------
    courses
        Over the same recordings. A band is drawn where there is one course.
    """
    points = courses[0].points
    limits = _limits(courses)
    low, high = _range(courses, limits)

    def y(value: float) -> float:
        return round(BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP), 2)

    xs = _places(len(points))
    apart = SIDES_APART if len(courses) > 1 else 0.0
    band = None if limits is None else (y(limits[1]), round(y(limits[0]) - y(limits[1]), 2))
    return Plot(
        traces=tuple(_trace(c, [x + apart * k for x in xs], y) for k, c in enumerate(courses)),
        band=band,
        zero=y(0.0) if low < 0 < high else None,
        ticks=tuple((y(tick), number(tick, "1" if tick == int(tick) else "")) for tick in ticks(low, high)),
        days=_days(points, xs),
    )


def ticks(low: float, high: float) -> list[float]:
    """Round numbers between two others, at most ``MOST_TICKS`` + 1 of them."""
    raw = (high - low) / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= raw * (1 - 1e-9))
    return [round(k * step, 9) for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _limits(courses: Sequence[Course]) -> tuple[float, float] | None:
    if len(courses) != 1 or (mdc := courses[0].mdc) is None:
        return None
    first = courses[0].there[0].value
    return None if first is None else (first.value - mdc.value, first.value + mdc.value)


def _range(courses: Sequence[Course], limits: tuple[float, float] | None) -> tuple[float, float]:
    there = [(p.value, p.half or 0.0) for course in courses for p in course.there if p.value is not None]
    all_of_them = [v.value - half for v, half in there] + [v.value + half for v, half in there] + list(limits or ())
    low, high = min(all_of_them), max(all_of_them)
    first = there[0][0]
    least = LEAST_SPAN_PCT if first.name.endswith("index_pct") else LEAST_SPAN * abs(first.value) or 1.0
    missing = max(0.0, least - (high - low)) / 2 + 0.06 * max(least, high - low)
    return low - missing, high + missing


def _places(n: int) -> list[float]:
    """Evenly along the axis, with half a step of room at both ends."""
    step = (RIGHT - LEFT) / n
    return [round(LEFT + (k + 0.5) * step, 2) for k in range(n)]


def _trace(course: Course, xs: Sequence[float], y: Callable[[float], float]) -> Trace:
    dots: list[Dot] = []
    lines: list[list[str]] = [[]]
    for x, p in zip(xs, course.points, strict=True):
        if p.value is None:
            lines.append([])
            continue
        at = p.value.value
        ends = (None, None) if p.half is None else (y(at - p.half), y(at + p.half))
        dots.append(Dot(x, y(at), _says(p), p.changed, *ends))
        lines[-1].append(f"{x},{y(at)}")
    return Trace(str(course.side or ""), tuple(dots), tuple(" ".join(line) for line in lines if len(line) > 1))


def _says(p: Point) -> str:
    day = _("no date") if p.of.day is None else p.of.day.isoformat()
    value = p.value
    return f"{day}: " + ("" if value is None else f"{number(value.value, value.unit)} {value.unit}")


def _days(points: Sequence[Point], xs: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """A day at its first recording; few enough to be read."""
    found: list[tuple[float, str]] = []
    for x, p in zip(xs, points, strict=True):
        day = _("no date") if p.of.day is None else p.of.day.isoformat()
        if not found or found[-1][1] != day:
            found.append((x, day))
    if len(found) <= MOST_DAYS:
        return tuple(found)
    chosen = {round(k * (len(found) - 1) / (MOST_DAYS - 1)) for k in range(MOST_DAYS)}
    return tuple(one for k, one in enumerate(found) if k in chosen)
