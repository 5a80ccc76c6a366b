"""A row for each step: when it was, whether it counts, and what the whole foot measured in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.perstep import MEASURES, Measure, measured
from insole.export._exporter import Exporter
from insole.export._studied import SIDE, STEP, table
from insole.export._text import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.recipe import Study


def column_of(measure: Measure) -> Column:
    """The column of a measure; its variant, where there are several, ends its name."""
    name = f"{measure.name}_{measure.variant}" if measure.variant else measure.name
    return Column(name, measure.unit, f"{measure.name} of this step, as defined in the data dictionary of reports")


COLUMNS = (
    SIDE,
    STEP,
    Column("start_s", "s", "foot-on, session time"),
    Column("stop_s", "s", "foot-off, session time"),
    Column("stance_time_s", "s", "foot-on to foot-off"),
    Column("stride_time_s", "s", "foot-on to the foot's next; empty unless both steps are clean and known between"),
    Column("clean", "", "1: means stand on it; 0: left out"),
    Column("why", "", "why it is left out"),
    *(column_of(measure) for measure in MEASURES),
)


def rows(study: Study) -> Iterator[tuple[object, ...]]:
    """Left steps, then right ones, by time; what is measured is empty where a step is left out."""
    for side, steps in study.steps.items():
        strides = {stride.start_s: stride.duration_s for stride in study.strides[side]}
        whole = {measure: numbers[:, 0] for measure, numbers in measured(study, side)}
        k = 0
        for number, s in enumerate(steps, 1):
            found = [whole[m][k] if s.clean and m in whole else None for m in MEASURES]
            timed = (s.start_s, s.stop_s, s.stop_s - s.start_s, strides.get(s.start_s))
            yield (str(side), number, *timed, int(s.clean), s.why, *found)
            k += s.clean


EXPORTER = Exporter(name="steps", title="Steps, a row for each (CSV)", suffix=".csv", files=table(COLUMNS, rows))
