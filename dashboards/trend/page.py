"""The trend as a subject's page shows it: what to choose from, what changed in words, the small figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from analysis.compare import Verdict
from dashboards import words
from dashboards.language import N_, _, ngettext
from dashboards.trend.judged import courses
from dashboards.trend.plot import Plot, plot
from dashboards.words import number, signed
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.compare import Comparison
    from dashboards.trend.judged import Course, Measured, Point

SHOWN: tuple[tuple[str, tuple[tuple[Side | None, ...], ...]], ...] = (
    ("load_symmetry_index_pct", ((None,),)),
    ("peak_pressure_kpa", ((Side.LEFT,), (Side.RIGHT,))),
    ("stance_time_s", ((Side.LEFT, Side.RIGHT),)),
    ("cadence_spm", ((None,),)),
)
"""The values over visits, and which feet share a figure: load, pressure and time (our judgement)."""

NO_THRESHOLD = N_("No published figure says how large a change must be to count.")


@dataclass(frozen=True)
class Small:
    """A small figure.

    Attributes
    ----------
    title, unit, plot
        What it is of, and its drawing.
    says
        Its finding, in a sentence for each foot; the text alternative.
    note
        By what it is judged; whose that is.
    rows
        The numbers: day, condition's recording, values as written, verdict.
    """

    title: str
    unit: str
    plot: Plot
    says: str
    note: str
    rows: tuple[tuple[str, str, tuple[str, ...], str], ...]
    sides: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """A condition and task with a trend: its name, address' query, how many recordings, and whether it is shown."""

    name: str
    query: str
    n: int
    chosen: bool


@dataclass(frozen=True)
class Trend:
    """Everything over visits.

    Attributes
    ----------
    choices
        What can be shown.
    said
        What changed, in sentences through the catalogue.
    refused
        Why something is not judged, as the analysis says it.
    figures
        Of the values that were measured at least twice.
    without
        Recordings without a report: day, and why.
    """

    choices: tuple[Choice, ...]
    said: tuple[str, ...]
    refused: tuple[str, ...]
    figures: tuple[Small, ...]
    without: tuple[tuple[str, str], ...]


def trend(measured: Sequence[Measured], of: tuple[str, str] | None = None) -> Trend:
    """Values over the recordings of one condition and task.

    Parameters
    ----------
    measured
        All recordings of a subject, the first made first.
    of
        Condition and task; None for those with the most days.
    """
    groups: dict[tuple[str, str], list[Measured]] = {}
    for m in measured:
        groups.setdefault((m.info.about.condition, m.info.about.task), []).append(m)
    if not groups:
        return Trend((), (), (), (), ())
    shown = of if of in groups else max(groups, key=lambda key: len({m.day for m in groups[key]}))
    wanted = [(name, side) for name, figures in SHOWN for sides in figures for side in sides]
    found, held = courses(groups[shown], wanted)
    by_key = {(course.name, course.side): course for course in found}
    figures = []
    for name, parts in SHOWN:
        for sides in parts:
            there = [by_key[name, side] for side in sides if (name, side) in by_key]
            if max((len(course.there) for course in there), default=0) > 1:
                figures.append(_small(there))
    return Trend(
        choices=tuple(_choice(key, ms, chosen=key == shown) for key, ms in groups.items()),
        said=tuple(_said(found)),
        refused=_refused(held),
        figures=tuple(figures),
        without=tuple((_day(m), m.why) for m in groups[shown] if m.report is None),
    )


def _choice(key: tuple[str, str], measured: Sequence[Measured], *, chosen: bool) -> Choice:
    name = ", ".join(part for part in key if part)
    return Choice(name, urlencode({"condition": key[0], "task": key[1]}), len(measured), chosen)


def _small(of: Sequence[Course]) -> Small:
    value = of[0].there[0].value
    name, sides = of[0].name, [course.side for course in of if course.side is not None]
    label = words.label(name)
    title = f"{label}, {words.side_name(sides[0]).lower()}" if len(of) == 1 and sides else label
    mdc = of[0].mdc if len(of) == 1 else None
    note = _(NO_THRESHOLD)
    if mdc is not None:
        note = _("Grey: changes within it do not count, {share} of the first value ({short}).").format(
            share=f"{mdc.share_pct:g}\N{NO-BREAK SPACE}%", short=mdc.short
        )
    return Small(
        title=title,
        unit="" if value is None else words.unit(value.unit),
        plot=plot(of),
        says=" ".join(_finding(course) for course in of),
        note=note,
        rows=tuple(_row(points) for points in zip(*(course.points for course in of), strict=True)),
        sides=tuple(words.side_name(side) for side in sides) or (_("Both"),),
    )


def _finding(course: Course) -> str:
    """The last value against the first, in a sentence."""
    first, last = course.there[0], course.there[-1]
    if first.value is None or last.value is None:
        return ""
    unit = words.unit(first.value.unit)
    given = {"what": _what(course), "a": number(first.value.value, first.value.unit), "unit": unit}
    if first is last:
        return _("{what}: {a} {unit} so far.").format(**given)
    given |= {"b": number(last.value.value, last.value.unit), "size": _size(last)}
    if last.row is None or last.row.verdict is Verdict.NOT_JUDGED:
        return _("{what}: {a} at first, {b} {unit} at last; not judged.").format(**given)
    if last.row.verdict is Verdict.CHANGED:
        return _("{what}: changed beyond noise, {size} ({a} to {b} {unit}).").format(**given)
    return _("{what}: no change beyond noise ({a} to {b} {unit}).").format(**given)


def _said(found: Sequence[Course]) -> list[str]:
    """First what changed, then what did not, of the values for which a change is known that counts."""
    last = [(course, course.there[-1]) for course in found if len(course.there) > 1]
    changed = [_finding(course) for course, point in last if point.changed]
    same = [_what(c) for c, p in last if p.row is not None and p.row.verdict is Verdict.NO_CHANGE]
    if same:
        joined = _(" and ").join(what[:1].lower() + what[1:] for what in same)
        changed.append(_("No change beyond noise: {values}.").format(values=joined))
    if not found:
        return [_("None of the values that are followed over visits was measured.")]
    if not last:
        return [_("One recording of this condition so far: a second one, at another visit, makes a trend.")]
    if not changed:
        return [_("Whether anything changed beyond noise cannot be said here.")]
    open_ = sum(p.row is None or p.row.verdict is Verdict.NOT_JUDGED for _c, p in last)
    if open_:
        said = ngettext("{n} value is shown without a verdict.", "{n} values are shown without a verdict.", open_)
        changed.append(said.format(n=open_))
    return changed


def _refused(held: Sequence[Comparison]) -> tuple[str, ...]:
    """Why the last recording is not judged against the first, as the analysis says it."""
    return tuple(dict.fromkeys(words.sentence(c.text) for c in held[-1].refusals)) if held else ()


def _what(course: Course) -> str:
    label = words.label(course.name)
    return label if course.side is None else f"{label}, {words.side_name(course.side).lower()}"


def _size(point: Point) -> str:
    row = point.row
    if row is None:
        return ""
    if row.difference_pct is not None:
        return f"{signed(row.difference_pct, '%')}\N{NO-BREAK SPACE}%"
    return f"{signed(row.difference, row.unit)} {words.unit(row.unit)}"


def _row(points: tuple[Point, ...]) -> tuple[str, str, tuple[str, ...], str]:
    verdict = ""
    judged = [p.row.verdict for p in points if p.row is not None]
    if judged:
        verdict = _("not judged")
        if Verdict.CHANGED in judged:
            verdict = _("changed")
        elif Verdict.NO_CHANGE in judged:
            verdict = _("no change beyond noise")
    return _day(points[0].of), points[0].of.info.id, tuple(_written(p) for p in points), verdict


def _written(p: Point) -> str:
    if p.value is None:
        return number(None)
    text = number(p.value.value, p.value.unit)
    return text if p.half is None else f"{text} ± {number(p.half, p.value.unit)}"


def _day(m: Measured) -> str:
    return _("no date") if m.day is None else m.day.isoformat()
