"""A row for each sample of a foot: its force and its centre of pressure, as the report uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from insole.export._beside import dictionary
from insole.export._exporter import Choice, Exporter, OutFile
from insole.export._text import Column, large_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.recipe import Study
    from insole.export._outgoing import Outgoing

UNITS = ("N", "kPa", "counts")


def columns_of(study: Study) -> list[Column]:
    """Times, forces in the units that occur, and the centre."""
    occurring = [unit for unit in UNITS if unit in {foot.force_unit for foot in study.walk.feet.values()}]
    summed = "sum of sensors x area, zeroed in swing" if "N" in occurring else "sum of sensors"
    return [
        Column("side", "", "foot: left or right"),
        Column("row", "", "row of the foot's own regular grid, from 0 at its first sample"),
        Column("time_s", "s", "session time"),
        *(Column(f"force_{unit.lower()}", unit, f"{summed}; empty is missing") for unit in occurring),
        Column("cop_x_mm", "mm", "centre of pressure, + medial on both feet; empty where the force is too small"),
        Column("cop_y_mm", "mm", "centre of pressure from the heel to the toes"),
    ]


def batches(study: Study, columns: list[Column]) -> Iterator[dict[str, Any]]:
    """Left rows, then right rows."""
    for side, foot in study.walk.feet.items():
        cop = study.cop[side]
        own = {
            "side": str(side),
            "row": np.arange(len(foot.time_s)),
            "time_s": foot.time_s,
            f"force_{foot.force_unit.lower()}": foot.force,
            "cop_x_mm": cop[:, 0],
            "cop_y_mm": cop[:, 1],
        }
        yield {column.name: own.get(column.name) for column in columns}


def files(outgoing: Outgoing, choice: Choice) -> Iterator[OutFile]:
    """The table and its dictionary."""
    study = outgoing.study
    columns = columns_of(study)

    def table() -> Iterator[bytes]:
        return large_table(columns, batches(study, columns), choice)

    yield OutFile(f"{outgoing.label}.csv", table, may_be_large=outgoing.may_be_large)
    yield dictionary(outgoing.label, columns)


EXPORTER = Exporter(name="cop", title="Force and centre of pressure, by sample (CSV)", suffix=".csv", files=files)
