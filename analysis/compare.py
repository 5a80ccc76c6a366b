"""Two conditions of one subject: what differs by more than noise."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from analysis.comparable import Refusals, belonging, instruments, refusals
from analysis.mdc import Mdc, OwnMdc, key, mdc_of, passing_by_chance
from analysis.metrics import quality, step_counts, support, timing
from analysis.student import t_quantile
from analysis.uncertainty import COVERAGE, index_half_width, rate_of, standard_error
from insole.errors import AnalysisError
from insole.recording import Side
from insole.report import Caveat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insole.report import Report, Value

FEW_PAIRS = 5
"""Pairs of baselines below which an own minimal detectable change comes with a caveat (our judgement)."""

TIMES = frozenset({*timing.METRIC.units, *support.METRIC.units})
"""Values that need no calibration, only foot-on and foot-off."""

NOT_OF_THE_SUBJECT = frozenset({*step_counts.METRIC.units, *quality.METRIC.units})
"""Values about the recording."""


class Verdict(StrEnum):
    """What a difference means."""

    CHANGED = "changed"
    NO_CHANGE = "no change beyond noise"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True)
class Row:
    """One value in both conditions.

    Attributes
    ----------
    name, unit, side, region, variant
        As in ``Value``.
    a, b
        In the first condition, the baseline, and in the second.
    difference
        b - a.
    difference_pct
        In % of a; None where a is not above zero, is a share itself, or counts from a place
        that was chosen (``PLACES``, ``drift_kpa_per_h``).
    interval
        95 % interval of the difference over steps (Welch); None where it cannot be stated.
    mdc
        The minimal detectable change used; None where there is none.
    verdict
        ``changed`` only if the difference is larger than the change that can be detected and
        its interval excludes zero; where no interval can be stated, ``FEW_PAIRS`` own baselines decide
        alone.
    why
        Why it is not judged: ``refused``, ``no_mdc``, ``no_interval``; empty if it is.
    """

    name: str
    unit: str
    side: Side | None
    region: str | None
    variant: str | None
    a: float
    b: float
    difference: float
    difference_pct: float | None
    interval: tuple[float, float] | None
    mdc: Mdc | None
    verdict: Verdict
    why: str = ""


SIDES_OF = {
    "stance_time_symmetry_index_pct": "stance_time_s",
    "swing_time_symmetry_index_pct": "swing_time_s",
    "peak_force_symmetry_index_pct": "peak_force_n",
    "impulse_symmetry_index_pct": "force_time_integral_ns",
}
"""Symmetry indices of two sides' means over steps, and of what."""

PLACES = frozenset({"cop_x_mm", "cop_y_mm", "drift_kpa_per_h"})
"""Values that count from a place, or a zero, that was chosen."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Everything that two reports have in common.

    Attributes
    ----------
    a, b
        What is known about the two recordings.
    rows
        In the order of the first report.
    refusals
        Why nothing, or only times, were judged; empty if all was.
    caveats
        What makes the verdicts less sure.
    """

    a: Mapping[str, Any]
    b: Mapping[str, Any]
    rows: tuple[Row, ...]
    refusals: tuple[Caveat, ...] = ()
    caveats: tuple[Caveat, ...] = ()

    def of(self, verdict: Verdict) -> tuple[Row, ...]:
        """The rows with that verdict."""
        return tuple(r for r in self.rows if r.verdict is verdict)

    def to_json(self) -> dict[str, Any]:
        """The comparison as plain JSON types."""
        return {
            "a": dict(self.a),
            "b": dict(self.b),
            "rows": [asdict(r) for r in self.rows],
            "refusals": [asdict(c) for c in self.refusals],
            "caveats": [asdict(c) for c in self.caveats],
        }


def compare(a: Report, b: Report, *, own: OwnMdc | None = None) -> Comparison:
    """Hold the second condition against the first, value by value.

    Parameters
    ----------
    a
        The baseline: published changes are in % of its values.
    b
        The condition to be judged.
    own
        Minimal detectable changes from the subject's own repeated baselines (``own_mdc``).

    Returns
    -------
    A row for each value that both have. Where the recordings cannot be compared the rows
    are there without verdicts, and the refusals say why.

    Raises
    ------
    AnalysisError
        If the baselines are of another subject, algorithm or insole than the recordings.
    """
    if own is not None:
        _require_same(own, a)
    refused = refusals(a, b)
    others = {key(v): v for v in b.values}
    pairs = [(v, others[key(v)]) for v in a.values if key(v) in others and v.name not in NOT_OF_THE_SUBJECT]
    rows = tuple(_row(a, b, pair, own, refused) for pair in pairs)
    return Comparison(a.recording, b.recording, rows, refused.all, tuple(_caveats(own)))


def _require_same(own: OwnMdc, a: Report) -> None:
    found = [*belonging(own.baseline, a), *instruments(own.baseline, a)]
    if found:
        raise AnalysisError(f"the baselines do not belong to these recordings: {found[0].text}")


def _caveats(own: OwnMdc | None) -> Iterator[Caveat]:
    if own is not None and own.pairs < FEW_PAIRS:
        wrong = 100 * passing_by_chance(own.pairs)
        pairs = "one pair" if own.pairs == 1 else f"{own.pairs} pairs"
        text = (
            f"what counts as a change is from {pairs} of baselines: of 100 values that did not change, "
            f"up to {wrong:.0f} would pass it (5 if there were many pairs)"
        )
        yield Caveat("few_baselines", text)


def _row(a: Report, b: Report, pair: tuple[Value, Value], own: OwnMdc | None, refused: Refusals) -> Row:
    one, two = pair
    out = bool(refused.whole) or (bool(refused.loads) and one.name not in TIMES)
    interval = None if out else (_welch(one, two, rate_of(a, one.side), rate_of(b, one.side)) or _of_index(a, b, one))
    mdc = None if out else mdc_of(one, platform=_on_platform(a, one.side), own=own)
    difference = two.value - one.value
    verdict, why = _judge(difference, interval, mdc, alone=own is not None and own.pairs >= FEW_PAIRS)
    return Row(
        name=one.name,
        unit=one.unit,
        side=one.side,
        region=one.region,
        variant=one.variant,
        a=one.value,
        b=two.value,
        difference=difference,
        difference_pct=100 * difference / one.value if one.value > 0 and _has_zero(one) else None,
        interval=interval,
        mdc=mdc,
        verdict=verdict,
        why="refused" if out else why,
    )


def _has_zero(value: Value) -> bool:
    """Whether the value's zero means none of it, so that a difference in % of it says something."""
    return value.unit != "%" and value.name not in PLACES


def _judge(
    difference: float, interval: tuple[float, float] | None, mdc: Mdc | None, *, alone: bool
) -> tuple[Verdict, str]:
    """The verdict, and why there is none; ``alone`` if the change that can be detected suffices without an interval."""
    if mdc is None:
        return Verdict.NOT_JUDGED, "no_mdc"
    if interval is None:
        if not alone:
            return Verdict.NOT_JUDGED, "no_interval"
        return (Verdict.CHANGED if abs(difference) > mdc.value else Verdict.NO_CHANGE), ""
    beyond = abs(difference) > mdc.value and not interval[0] <= 0 <= interval[1]
    return (Verdict.CHANGED if beyond else Verdict.NO_CHANGE), ""


def _welch(one: Value, two: Value, rate_a_hz: float, rate_b_hz: float) -> tuple[float, float] | None:
    """95 % interval of the difference of two means over steps that are not paired.

    References
    ----------
    Welch BL (1947). The generalization of Student's problem when several different population
    variances are involved. Biometrika 34:28; degrees of freedom after Satterthwaite.
    """
    errors = standard_error(one, rate_a_hz), standard_error(two, rate_b_hz)
    if errors[0] is None or errors[1] is None or one.n_steps is None or two.n_steps is None:
        return None
    difference, error = two.value - one.value, math.hypot(errors[0], errors[1])
    if error == 0:
        return difference, difference
    u, v = (errors[0] / error) ** 2, (errors[1] / error) ** 2
    df = 1 / (u * u / (one.n_steps - 1) + v * v / (two.n_steps - 1))
    half = t_quantile(0.5 + COVERAGE / 2, df) * error
    return difference - half, difference + half


def _of_index(a: Report, b: Report, one: Value) -> tuple[float, float] | None:
    """95 % interval of the difference of two symmetry indices, from the spread of their sides."""
    source = SIDES_OF.get(one.name)
    if source is None:
        return None
    widths = []
    for report in (a, b):
        left, right = (report.get(source, side=side) for side in Side)
        if left is None or right is None:
            return None
        widths.append(index_half_width(left, right, rate_of(report, None)))
    if widths[0] is None or widths[1] is None:
        return None
    two = b.get(one.name, variant=one.variant)
    difference = math.nan if two is None else two.value - one.value
    half = math.hypot(widths[0], widths[1])
    return difference - half, difference + half


def _on_platform(report: Report, side: Side | None) -> bool:
    return any(foot.get("platform", False) for s, foot in report.recording["feet"].items() if side in (None, s))
