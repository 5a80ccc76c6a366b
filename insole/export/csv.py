"""Tidy CSV: one row a sample and foot, a column a sensor. ``insole import`` reads it back, bit for bit.

Each foot has its own clock and its own gaps, so the feet are not laid side by side and nothing is
resampled. Left rows come first, then right rows. A missing value is an empty cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from insole.export._beside import dictionary, marks, sheet
from insole.export._exporter import Choice, Exporter, OutFile
from insole.export._samples import Rows
from insole.export._text import large_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insole.export._outgoing import Outgoing


def files(outgoing: Outgoing, choice: Choice) -> Iterator[OutFile]:
    """The table, its dictionary, the recording's sheet, and the marks if there are any."""
    rows = Rows(outgoing.metas, outgoing.start)

    def table() -> Iterator[bytes]:
        batches = (rows.of(foot) for side in outgoing.metas for foot in outgoing.blocks(side))
        return large_table(rows.columns, batches, choice)

    yield OutFile(f"{outgoing.label}.csv", table, may_be_large=outgoing.may_be_large)
    yield dictionary(outgoing.label, rows.columns)
    yield sheet(outgoing)
    yield from marks(outgoing, choice)


EXPORTER = Exporter(name="csv", title="Samples, a row for each foot and sample (CSV)", suffix=".csv", files=files)
