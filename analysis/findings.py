"""Values held against cited thresholds: what lies beyond one by more than it is unsure."""

from __future__ import annotations

import math
from statistics import fmean
from typing import TYPE_CHECKING

from analysis.rule import Rule, load_rules
from analysis.uncertainty import half_width, index_half_width, rate_of
from analysis.wording import amount, where, with_unit, words_of
from insole.recording import Side
from insole.report import Finding, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insole.report import Report


def find(report: Report, rules: Iterable[Rule] | None = None) -> tuple[Finding, ...]:
    """What in a report lies beyond a cited threshold.

    Parameters
    ----------
    rules
        Those of ``analysis/rules`` when None.

    Returns
    -------
    A finding for each value and rule where the value is beyond the threshold by more than its
    own uncertainty and stands on enough steps. A rule whose value is absent says nothing.

    Raises
    ------
    AnalysisError
        If a rule file is not a rule.
    """
    return tuple(f for rule in (load_rules() if rules is None else rules) for f in _of_rule(report, rule))


def _of_rule(report: Report, rule: Rule) -> list[Finding]:
    found = dict(_beyond(report, rule))
    if rule.both_sides and len({side for side, _ in found}) < 2:
        return []
    return list(found.values())


def _beyond(report: Report, rule: Rule) -> Iterator[tuple[tuple[Side | None, str | None], Finding]]:
    """A finding for each side and region whose value is surely beyond."""
    for value in report.values:
        if not _concerns(report, rule, value):
            continue
        measured = _measured(report, rule, value)
        if measured is None:
            continue
        number, unsure, steps = measured
        beyond = rule.beyond(number)
        if beyond > 0 and beyond > unsure and steps >= rule.least_steps:
            yield (value.side, value.region), _finding(rule, value, number, unsure)


def _concerns(report: Report, rule: Rule, value: Value) -> bool:
    if value.name != rule.value or ("both" if value.side is None else str(value.side)) not in rule.sides:
        return False
    if value.region not in (rule.regions or (None,)):
        return False
    return rule.applies_to in ("any", _measured_by(report, value.side))


def _measured_by(report: Report, side: Side | None) -> str:
    feet = [foot for s, foot in report.recording["feet"].items() if side in (None, s)]
    return "platform" if any(foot.get("platform", False) for foot in feet) else "in_shoe"


def _measured(report: Report, rule: Rule, value: Value) -> tuple[float, float, int] | None:
    """The number to be judged, how unsure it is, and the steps behind it; None if any is unknown."""
    rate_hz = rate_of(report, value.side)
    if rule.relative_to:
        return _ratio(report, rule, value, rate_hz)
    if rule.symmetry_of:
        return _index(report, rule, value, rate_hz)
    unsure = half_width(value, rate_hz)
    unsure = rule.margin if unsure is None else unsure
    return None if unsure is None else (value.value, unsure, value.n_steps or 0)


def _index(report: Report, rule: Rule, value: Value, rate_hz: float) -> tuple[float, float, int] | None:
    """An index of symmetry, with the uncertainty that follows from its sides."""
    left, right = (report.get(rule.symmetry_of or "", side=side, region=value.region) for side in Side)
    if left is None or right is None:
        return None
    unsure = index_half_width(left, right, rate_hz)
    return None if unsure is None else (value.value, unsure, min(left.n_steps or 0, right.n_steps or 0))


def _ratio(report: Report, rule: Rule, value: Value, rate_hz: float) -> tuple[float, float, int] | None:
    """A region over the mean of the others, with the first-order uncertainty of a ratio."""
    named = [report.get(value.name, side=value.side, region=r) for r in rule.relative_to if r != value.region]
    others = [v for v in named if v is not None]
    widths = [half_width(v, rate_hz) for v in (value, *others)]
    known = [w for w in widths if w is not None]
    if not others or len(known) < len(widths) or not all(v.value > 0 for v in (value, *others)):
        return None
    mean = fmean(v.value for v in others)
    ratio = value.value / mean
    unsure = ratio * math.hypot(known[0] / value.value, math.hypot(*known[1:]) / len(others) / mean)
    return ratio, unsure, min(v.n_steps or 0 for v in (value, *others))


def _finding(rule: Rule, value: Value, number: float, unsure: float) -> Finding:
    unit = "1" if rule.relative_to else value.unit
    place = where(value.side, None if value.region is None else words_of(value.region))
    against = f"{amount(number)} ± {with_unit(unsure, unit)}, threshold {with_unit(rule.threshold, unit)}"
    return Finding(
        code=rule.code,
        severity=rule.severity,
        text=f"{place}: {rule.title}, {against}. {rule.text}",
        because=(value.name, *((rule.symmetry_of,) if rule.symmetry_of else ())),
        source=rule.source,
        evidence=rule.evidence,
    )
