"""What matters first: the page's own sentences, then what the numbers must not be read without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import summary as page
from dashboards.language import _
from dashboards.report.type import amount
from dashboards.words import sentence
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.recipe import Study
    from insole.report import Report

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
    """The sentences of the recording's page, then gaps and the gravest caveats."""
    report = study.report
    said = [*page.summary(report), *_gaps(report)]
    first = [c for c in report.caveats if c.code in SAID_FIRST]
    said += [sentence(c.text) for c in first[:MOST_FIRST]]
    if len(first) > MOST_FIRST:
        said.append(_("More to know stands under limits."))
    return said


def _gaps(report: Report) -> Iterator[str]:
    gaps = [v for v in report.values if v.name == "gap_time_s" and v.value > 0 and v.side is not None]
    texts = {Side.LEFT: _("{time} s are missing on the left"), Side.RIGHT: _("{time} s are missing on the right")}
    if gaps:
        yield sentence(_(" and ").join(texts[v.side].format(time=amount(v)) for v in gaps if v.side is not None))
