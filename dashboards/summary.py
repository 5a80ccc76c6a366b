"""A recording in two to five plain sentences: which side bears more, where it presses most, how even, how sure.

Every number is one of the report's. A difference between the sides is said to be beyond the
spread of the steps only where its 95 % interval excludes zero (``analysis.uncertainty``), and a
difference of peak pressures also against the minimal detectable change (``analysis.mdc``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.mdc import mdc_of
from analysis.metrics.step_counts import FEW_STEPS
from analysis.symmetry import symmetry_index_pct
from analysis.uncertainty import index_half_width, rate_of
from dashboards.language import _, ngettext
from dashboards.words import number, region
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.report import Report, Value


def summary(report: Report) -> tuple[str, ...]:
    """What matters in a report, in whole sentences; one that says so where nothing was measured."""
    said = [_load(report), _standing(report), _highest(report), _peaks(report), _timing(report), _sure(report)]
    return tuple(text for text in said if text) or (_("Nothing could be measured in this recording."),)


def _pair(report: Report, name: str, variant: str | None = None) -> tuple[Value, Value] | None:
    left, right = (report.get(name, side=side, variant=variant) for side in Side)
    return None if left is None or right is None else (left, right)


def beyond_spread(report: Report, name: str) -> bool | None:
    """Whether left and right differ by more than the spread of the steps explains.

    Returns
    -------
    True if the 95 % interval of Robinson's index excludes zero; None where that is not known.
    """
    pair = _pair(report, name)
    if pair is None:
        return None
    index = symmetry_index_pct(pair[0].value, pair[1].value)
    width = index_half_width(*pair, rate_of(report, None))
    return None if index is None or width is None else abs(index) > width


def _load(report: Report) -> str:
    """Which side bears more in walking, judged by the impulses of the stances."""
    shares, walked = _pair(report, "load_share_pct"), report.get("cadence_spm")
    if shares is None or walked is None:
        return ""
    left, right = (number(s.value, "%") for s in shares)
    beyond = beyond_spread(report, "force_time_integral_ns")
    if beyond is None:
        text = _("In walking the left foot bears {left} % of the load and the right {right} %.")
    elif not beyond:
        text = _("Left and right bear alike, to within the spread of the steps: {left} % and {right} % of the load.")
    elif shares[1].value > shares[0].value:
        text = _(
            "The right foot bears more, {right} % of the load against {left} %: "
            "beyond what the spread of the steps explains."
        )
    else:
        text = _(
            "The left foot bears more, {left} % of the load against {right} %: "
            "beyond what the spread of the steps explains."
        )
    return text.format(left=left, right=right)


def _standing(report: Report) -> str:
    shares, time = _pair(report, "standing_load_share_pct"), report.get("standing_time_s")
    if shares is None or time is None or not time.value:
        return ""
    left, right = (number(s.value, "%") for s in shares)
    return _("In {time} s of quiet standing the left foot bears {left} % and the right {right} %.").format(
        time=number(time.value, "s"), left=left, right=right
    )


def _highest(report: Report) -> str:
    """Where the highest pressure of each foot is, by the mean of its stances."""
    texts = {
        Side.LEFT: _("{kpa} kPa under the left foot ({region})"),
        Side.RIGHT: _("{kpa} kPa under the right foot ({region})"),
    }
    parts = []
    for side, text in texts.items():
        found = [v for v in report.values if v.name == "peak_pressure_kpa" and v.side == side and v.region]
        if found:
            top = max(found, key=lambda v: v.value)
            parts.append((top.value, text.format(kpa=number(top.value, "kPa"), region=region(top.region))))
    if not parts:
        return ""
    joined = _(" and ").join(text for _value, text in sorted(parts, reverse=True))
    return _("The highest pressures of a stance are on average {where}.").format(where=joined)


def _peaks(report: Report) -> str:
    """Whether the feet's peak pressures differ by more than is repeatable."""
    pair = _pair(report, "peak_pressure_kpa")
    feet = report.recording.get("feet", {}).values()
    if pair is None or not feet:
        return ""
    index = symmetry_index_pct(pair[0].value, pair[1].value)
    mdc = mdc_of(pair[0], platform=any(foot.get("platform", False) for foot in feet))
    if index is None or mdc is None or mdc.share_pct is None:
        return ""
    share = abs(index)
    if share > mdc.share_pct:
        text = _(
            "Their peaks differ by {share} % of their mean: beyond the {limit} % of change from day to day ({short})."
        )
    else:
        text = _(
            "Their peaks differ by {share} % of their mean: within the {limit} % of change from day to day ({short})."
        )
    return text.format(share=number(share, "%"), limit=f"{mdc.share_pct:g}", short=mdc.short)


def _timing(report: Report) -> str:
    pair, beyond = _pair(report, "stance_time_s"), beyond_spread(report, "stance_time_s")
    if pair is None:
        return ""
    apart_ms = 1000 * (pair[1].value - pair[0].value)
    if beyond is None:
        left, right = (number(v.value, "s") for v in pair)
        return _("Stances last {left} s on the left and {right} s on the right.").format(left=left, right=right)
    if not beyond:
        return _("Stances of left and right last alike, to within the spread of the steps ({ms} ms apart).").format(
            ms=number(abs(round(apart_ms)), "1")
        )
    text = (
        _("Stances on the right last {ms} ms longer: beyond what the spread of the steps explains.")
        if apart_ms > 0
        else _("Stances on the left last {ms} ms longer: beyond what the spread of the steps explains.")
    )
    return text.format(ms=number(abs(round(apart_ms)), "1"))


def _sure(report: Report) -> str:
    used = {side: report.get("steps_used_count", side=side) for side in Side}
    counts = {side: int(v.value) for side, v in used.items() if v is not None and v.value}
    if not counts:
        return _("There are no steps to take means over.") if report.recording.get("feet") else ""
    if min(counts.values()) >= FEW_STEPS:
        return _("The means stand on {counted}, as many as are advised (Arts & Bus 2011).").format(
            counted=_counted(counts)
        )
    return _(
        "The means stand on {counted}; {n} of each foot are advised (Arts & Bus 2011), so take them with care."
    ).format(counted=_counted(counts), n=FEW_STEPS)


def _counted(counts: Mapping[Side, int]) -> str:
    texts = {
        Side.LEFT: ngettext("{n} stance of the left foot", "{n} stances of the left foot", counts.get(Side.LEFT, 0)),
        Side.RIGHT: ngettext("{n} of the right", "{n} of the right", counts.get(Side.RIGHT, 0))
        if len(counts) == 2
        else ngettext("{n} stance of the right foot", "{n} stances of the right foot", counts.get(Side.RIGHT, 0)),
    }
    return _(" and ").join(texts[side].format(n=n) for side, n in counts.items())
