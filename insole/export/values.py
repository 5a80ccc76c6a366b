"""A row for each value of the report, with its unit, the steps behind it, and what it was made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insole.export._exporter import Exporter
from insole.export._studied import table
from insole.export._text import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.recipe import Study

COLUMNS = (
    Column("name", "", "the value's name, its unit in it; defined in the data dictionary of reports"),
    Column("side", "", "foot: left or right; empty is both"),
    Column("region", "", "region of the layout's division; empty is the whole foot"),
    Column("value", "", "the value, in the row's unit"),
    Column("unit", "", "unit; 1 is a count or a ratio"),
    Column("n_steps", "", "steps or strides behind it; empty where they play no part"),
    Column("variant", "", "which definition, where several are in use"),
    Column("sd", "", "sample standard deviation over those steps, in the row's unit"),
    Column("calibration", "", "id of the calibration behind it; empty where the source gives kPa or N, or counts stay"),
    Column("algorithm", "", "version of the algorithm"),
)


def rows(study: Study) -> Iterator[tuple[object, ...]]:
    """The report's values in its order."""
    used = study.walk.calibration_ids
    both = "; ".join(dict.fromkeys(one for one in used.values() if one)) or None
    algorithm = str(study.report.software["algorithm"])
    for v in study.report.values:
        calibration = both if v.side is None else used.get(v.side)
        side = None if v.side is None else str(v.side)
        yield (v.name, side, v.region, v.value, v.unit, v.n_steps, v.variant, v.sd, calibration, algorithm)


EXPORTER = Exporter(name="values", title="Values of the report (CSV)", suffix=".csv", files=table(COLUMNS, rows))
