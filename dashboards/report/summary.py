"""What matters first, in plain sentences, each number as the report has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.wording import upper_first
from dashboards.report.type import amount
from dashboards.words import region, sentence
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.recipe import Study
    from insole.report import Report, Value

SAID_FIRST = frozenset(
    {
        "missing_foot",
        "empty_foot",
        "uncalibrated",
        "force_only",
        "no_areas",
        "dead_sensors",
        "stuck_sensors",
        "saturated",
        "swapped_sensors",
        "weight_mismatch",
        "unlike_units",
        "no_common_time",
    }
)
"""Codes of the caveats that stand on the first page: without them its numbers would be misread (our judgement)."""

MOST_FIRST = 4
"""Caveats on the first page; all are among the limits."""


def summary(study: Study) -> list[str]:
    """Three to six sentences on load, timing, pressure and quality; then what the numbers must not be read without."""
    report = study.report
    said = [*_load(report), *_standing(report), *_timing(report), *_pressure(report), *_quality(report)]
    first = [c for c in report.caveats if c.code in SAID_FIRST]
    said += [sentence(c.text) for c in first[:MOST_FIRST]]
    if len(first) > MOST_FIRST:
        said.append("More to know stands under limits.")
    return said or ["Nothing could be measured; the limits say why."]


def _load(report: Report) -> Iterator[str]:
    shares = _pair(report, "load_share_pct")
    index = report.get("load_symmetry_index_pct")
    if shares is not None:
        text = f"Load: {amount(shares[0])} % on the left foot, {amount(shares[1])} % on the right"
        if index is not None:
            text += f"; symmetry index {amount(index, signed=True)} % (above zero: more on the right)"
        yield f"{text}."


def _standing(report: Report) -> Iterator[str]:
    time, shares = report.get("standing_time_s"), _pair(report, "standing_load_share_pct")
    if time is not None and time.value > 0 and shares is not None:
        yield (
            f"In {amount(time)} s of quiet standing {amount(shares[0])} % of the load was on the left foot and "
            f"{amount(shares[1])} % on the right."
        )


def _timing(report: Report) -> Iterator[str]:
    stance, cadence = _sides(report, "stance_pct"), report.get("cadence_spm")
    parts = []
    if stance:
        parts.append(f"stance takes {_and(stance, ' % of the stride')}")
    if cadence is not None:
        parts.append(f"cadence is {amount(cadence)} steps a minute")
    if parts:
        yield f"{upper_first('; '.join(parts))}."


def _pressure(report: Report) -> Iterator[str]:
    highest = []
    for side in Side:
        of_side = [v for v in report.values if v.name == "peak_pressure_kpa" and v.side is side and v.region]
        if of_side:
            top = max(of_side, key=lambda v: v.value)
            highest.append(f"{side} {region(top.region)} {amount(top)} kPa")
    if highest:
        yield f"Highest peak pressure, mean over the stances used: {', '.join(highest)}."


def _quality(report: Report) -> Iterator[str]:
    used = []
    for side in Side:
        count, found = (report.get(name, side=side) for name in ("steps_used_count", "steps_count"))
        if count is not None and found is not None and found.value > 0:
            used.append(f"{amount(count)} of {amount(found)} stances on the {side}")
    if not used:
        yield "No complete stance was found, so nothing is given per step."
    gaps = [v for v in report.values if v.name == "gap_time_s" and v.value > 0 and v.side is not None]
    parts = [f"the means stand on {' and '.join(used)}"] if used else []
    parts += [f"{amount(v)} s are missing on the {v.side}" for v in gaps]
    if parts:
        yield f"{upper_first('; '.join(parts))}."


def _pair(report: Report, name: str) -> tuple[Value, Value] | None:
    left, right = (report.get(name, side=side) for side in Side)
    return None if left is None or right is None else (left, right)


def _sides(report: Report, name: str) -> list[Value]:
    return [v for side in Side if (v := report.get(name, side=side)) is not None]


def _and(values: list[Value], unit: str) -> str:
    return " and ".join(f"{amount(v)}{unit if i == 0 else ' %'} on the {v.side}" for i, v in enumerate(values))
