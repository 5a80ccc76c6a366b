"""The rows of a comparison for its page: both values, the difference, what counts as a change, the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.compare import Verdict
from dashboards import words
from dashboards.language import N_, _
from dashboards.words import number, signed
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.compare import Comparison
    from analysis.compare import Row as Judged

REACH = 3.0
"""A bar reaches to this many times the change that counts, each way; what is beyond ends at its edge (our
judgement)."""

WHY = {
    "refused": N_("not judged: refused, see above"),
    "no_mdc": N_("not judged: no published threshold"),
    "no_interval": N_("not judged: spread over steps not known"),
}
"""Why a value is not judged, by the code of ``analysis.compare``."""


@dataclass(frozen=True)
class Bar:
    """A difference against the band of no change, in % of the bar's width.

    Attributes
    ----------
    low, high
        The band of no change.
    start, stop
        The 95 % interval; None where there is none.
    at
        The difference.
    """

    low: float
    high: float
    start: float | None
    stop: float | None
    at: float


@dataclass(frozen=True)
class Line:
    """One row of the table, as text.

    Attributes
    ----------
    name
        The value's name in the data dictionary.
    label, place, foot, side
        How it is called, where it is; ``side`` is ``left``, ``right`` or empty.
    kind
        ``changed``, ``same`` or ``open``.
    verdict, symbol
        In words, and a sign that says the same.
    least, source, short
        What counts as a change, and whose it is; empty where there is none.
    """

    name: str
    label: str
    unit: str
    place: str
    foot: str
    side: str
    a: str
    b: str
    difference: str
    interval: str
    least: str
    source: str
    short: str
    kind: str
    verdict: str
    symbol: str
    bar: Bar | None


@dataclass(frozen=True)
class Group:
    """Lines under one heading."""

    title: str
    lines: tuple[Line, ...]


def groups(comparison: Comparison) -> tuple[Group, ...]:
    """Every row of the comparison, under the headings of ``words.GROUPS``, the whole foot before its regions."""
    order = {name: i for i, name in enumerate(dict.fromkeys(row.name for row in comparison.rows))}
    rows = sorted(comparison.rows, key=lambda row: (order[row.name], row.region is not None))
    titles = [title for title, _starts in words.GROUPS] + ["Other"]
    found = (Group(_(title), tuple(line(row) for row in rows if words.group(row.name) == title)) for title in titles)
    return tuple(group for group in found if group.lines)


def line(row: Judged) -> Line:
    """One row as text."""
    kind, verdict, symbol = _verdict(row)
    label = words.label(row.name)
    return Line(
        name=row.name,
        label=f"{label} ({row.variant})" if row.variant else label,
        unit=words.unit(row.unit),
        place=words.region(row.region),
        foot=_("both") if row.side is None else words.side_name(row.side),
        side="" if row.side is None else str(row.side),
        a=number(row.a, row.unit),
        b=number(row.b, row.unit),
        difference=signed(row.difference, row.unit),
        interval=_interval(row),
        least="" if row.mdc is None else f"± {number(row.mdc.value, row.unit)}",
        source="" if row.mdc is None else row.mdc.source,
        short="" if row.mdc is None else row.mdc.short,
        kind=kind,
        verdict=verdict,
        symbol=symbol,
        bar=bar(row),
    )


def unchanged(comparison: Comparison) -> list[str]:
    """What was judged and did not change, with both values."""
    return [
        _("%(place)s: %(label)s %(a)s to %(b)s %(unit)s")
        % {
            "place": words.sentence(place(row)).removesuffix("."),
            "label": words.label(row.name).lower(),
            "a": number(row.a, row.unit),
            "b": number(row.b, row.unit),
            "unit": words.unit(row.unit),
        }
        for row in comparison.of(Verdict.NO_CHANGE)
    ]


def place(row: Judged) -> str:
    """``left heel``, ``right foot``, ``both feet``."""
    if row.side is None:
        return _("both feet") if row.region is None else words.region(row.region)
    left = row.side is Side.LEFT
    if row.region is None:
        return _("left foot") if left else _("right foot")
    region = {"region": words.region(row.region)}
    return (_("left %(region)s") if left else _("right %(region)s")) % region


def bar(row: Judged) -> Bar | None:
    """The difference and its interval in units of the change that counts; None for rows that are not judged."""
    if row.verdict is Verdict.NOT_JUDGED or row.mdc is None or row.mdc.value <= 0:
        return None
    least = row.mdc.value

    def at(value: float) -> float:
        return 50 + 50 * max(-REACH, min(REACH, value / least)) / REACH

    start, stop = (None, None) if row.interval is None else (at(row.interval[0]), at(row.interval[1]))
    return Bar(at(-least), at(least), start, stop, at(row.difference))


def _interval(row: Judged) -> str:
    if row.interval is None:
        return number(None)
    low, high = (signed(end, row.unit) for end in row.interval)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _verdict(row: Judged) -> tuple[str, str, str]:
    if row.verdict is Verdict.NOT_JUDGED:
        return "open", _(WHY.get(row.why, N_("not judged"))), "?"
    if row.verdict is Verdict.NO_CHANGE:
        return "same", _("no change beyond noise"), "="
    if row.difference > 0:
        return "changed", _("changed, higher"), "▲"
    return "changed", _("changed, lower"), "▼"
