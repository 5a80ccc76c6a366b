"""What readers of matrix sensors share: frames of cells to a foot's stream, and dates in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from insole.recording import FootStream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from insole.layout import SensorLayout
    from insole.recording import Side, Unit
    from insole.typing import F32, F64, I64, Bool

Cells = TypeVar("Cells", bound="NDArray[Any]")

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
HIGHEST_KPA = 5000.0
"""A higher pressure is taken for a damaged number (our judgement)."""
MOST_LINES = 200
"""A matrix of more rows or columns is taken for damage (our judgement; a plate has 64 by 95)."""
ZONE_NOTE = "the file's clock time names no zone; it is taken as UTC"


def date_of(year: str, month: str, day: str) -> datetime:
    """Midnight of a date whose month is an English word, in UTC.

    Raises
    ------
    ValueError
        If there is no such date.
    """
    return datetime(int(year), MONTHS.index(month[:3].lower()) + 1, int(day), tzinfo=UTC)


def foot_of_cells(
    side: Side,
    cells: F64 | F32,
    *,
    layout: SensorLayout,
    present: Bool,
    time_s: F64,
    sample: I64,
    unit: Unit,
    rate_hz: float,
    saturation: float | None = None,
) -> FootStream:
    """Stream of the cells that are present, in the order of the layout's sensors.

    Parameters
    ----------
    side, layout, time_s, sample, unit, rate_hz, saturation
        As in ``FootStream``.
    cells
        ``(n, R, C)`` values; row 0 is the heel's, column 0 the lateral one.
    present
        ``(R, C)`` as given to ``insole.grids.grid_layout``.
    """
    return FootStream(
        side=side,
        layout=layout,
        sample=sample,
        time_s=time_s,
        values=cells[:, present].astype(np.float32),
        unit=unit,
        rate_hz=rate_hz,
        saturation=saturation,
    )


def heel_first(cells: Cells, *, lateral_right: bool) -> Cells:
    """Turn ``(n, R, C)`` frames that list the toes first: row 0 the heel, column 0 the lateral side."""
    return cast("Cells", cells[:, ::-1, ::-1] if lateral_right else cells[:, ::-1])
