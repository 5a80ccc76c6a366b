"""A row for each clean step and region of the foot, with what was measured in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.perstep import MEASURES, measured
from insole.export._exporter import Exporter
from insole.export._studied import SIDE, STEP, table
from insole.export._text import Column
from insole.export.steps import column_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.recipe import Study

COLUMNS = (
    SIDE,
    STEP,
    Column("region", "", "region of the layout's division; empty is the whole foot"),
    *(column_of(measure) for measure in MEASURES),
)


def rows(study: Study) -> Iterator[tuple[object, ...]]:
    """Left steps, then right ones, by time; of each the whole foot, then its regions."""
    for side, stances in study.stances.items():
        found = dict(measured(study, side))
        clean = [number for number, step in enumerate(study.steps[side], 1) if step.clean]
        for k, number in enumerate(clean):
            for r, region in enumerate(stances.regions):
                yield (str(side), number, region, *(found[m][k, r] if m in found else None for m in MEASURES))


EXPORTER = Exporter(
    name="regions", title="Regions, a row for each step (CSV)", suffix=".csv", files=table(COLUMNS, rows)
)
