"""One value over visits: each recording held against the first, by the rules of every comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.compare import Verdict, compare
from analysis.uncertainty import half_width, rate_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from analysis.compare import Comparison, Row
    from analysis.mdc import Mdc
    from insole.recording import Side
    from insole.report import Report, Value
    from insole.store import Info


@dataclass(frozen=True, eq=False)
class Measured:
    """A recording and what was measured in it.

    Attributes
    ----------
    info
        Which.
    report
        None where there is none.
    why
        Why there is none.
    """

    info: Info
    report: Report | None
    why: str = ""

    @property
    def day(self) -> date | None:
        """Of its visit."""
        return self.info.visit_date


@dataclass(frozen=True, eq=False)
class Point:
    """A value in one recording.

    Attributes
    ----------
    of
        Which recording.
    value
        As in its report; None where it was not measured.
    half
        Half of its 95 % interval over steps; None where that is not known.
    row
        It against the first one; None for the first, and where there is nothing to hold it against.
    """

    of: Measured
    value: Value | None
    half: float | None
    row: Row | None

    @property
    def changed(self) -> bool:
        """Whether it differs from the first by more than noise."""
        return self.row is not None and self.row.verdict is Verdict.CHANGED


@dataclass(frozen=True, eq=False)
class Course:
    """One value of one foot, or of both, over visits.

    Attributes
    ----------
    name, side
        Which value.
    points
        One for each recording, the first made first.
    """

    name: str
    side: Side | None
    points: tuple[Point, ...]

    @property
    def there(self) -> tuple[Point, ...]:
        """Where it was measured."""
        return tuple(point for point in self.points if point.value is not None)

    @property
    def mdc(self) -> Mdc | None:
        """The change that counts, where one is known and something was judged by it."""
        return next((p.row.mdc for p in self.points if p.row is not None and p.row.mdc is not None), None)


def courses(
    measured: Sequence[Measured], wanted: Sequence[tuple[str, Side | None]]
) -> tuple[list[Course], list[Comparison]]:
    """Values over recordings of one condition, and the comparison of each recording with the first that has a report.

    Parameters
    ----------
    measured
        The first made first.
    wanted
        Name and side of each value.
    """
    reports = [m.report for m in measured if m.report is not None]
    held = {id(report): compare(reports[0], report) for report in reports[1:]}
    found = [Course(name, side, tuple(_point(m, name, side, held) for m in measured)) for name, side in wanted]
    return [course for course in found if course.there], list(held.values())


def _point(m: Measured, name: str, side: Side | None, held: dict[int, Comparison]) -> Point:
    value = None if m.report is None else m.report.get(name, side=side)
    if m.report is None or value is None:
        return Point(m, None, None, None)
    comparison = held.get(id(m.report))
    rows = () if comparison is None else comparison.rows
    row = next((r for r in rows if (r.name, r.side, r.region, r.variant) == (name, side, None, None)), None)
    return Point(m, value, half_width(value, rate_of(m.report, side)), row)
