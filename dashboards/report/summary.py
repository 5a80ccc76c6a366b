"""What matters first, in plain sentences, each number as the report has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.summary import summary as in_short
from dashboards.words import sentence

if TYPE_CHECKING:
    from analysis.recipe import Study

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
    """The sentences of the recording's page; then what the numbers must not be read without."""
    first = [c for c in study.report.caveats if c.code in SAID_FIRST]
    said = [*in_short(study.report), *(sentence(c.text) for c in first[:MOST_FIRST])]
    if len(first) > MOST_FIRST:
        said.append("More to know stands under limits.")
    return said
