"""Arch index: how much of a footprint without toes its middle third takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.plate.excursion import straight_line

if TYPE_CHECKING:
    from analysis.plate.footprint import Footprint
    from insole.typing import F64, I64, Bool

TOE_LINE_MEDIAL = (0.75, 0.92)
TOE_LINE_LATERAL = (0.65, 0.82)
"""Between these parts of the footprint's length the line between ball and toes is looked for, at
the medial and at the lateral edge, and in proportion between them. Our judgement: pressuRe 0.2.7
begins its line at 0.88 medially and ends it at 0.70 laterally."""

TOE_LINE_SLOPE = 2
"""Steepest step of that line: two along the foot for one across (our judgement)."""


MOST_TOES = 0.25
"""Cells beyond the line that take more than this part of the footprint are the forefoot, not toes
(our judgement; a ninth of a real footprint are toes)."""


def arch_index(found: Footprint, cop_mm: F64) -> float:
    """Area of the middle third of the footprint without toes, over its whole area.

    Thirds are of the length of the footprint without toes. Cavanagh & Rodgers 1987, J Biomech
    20:547, doi:10.1016/0021-9290(87)90255-7, whose footprint is in ink and whose axis, from the
    middle of the heel to the tip of the second toe, is found by eye. As in pressuRe 0.2.7 the
    axis is the straight line of the centre of pressure; see ``toes`` for the toes.

    Parameters
    ----------
    cop_mm
        As for ``analysis.plate.excursion.cpei_pct``.

    Returns
    -------
    0 to 1.

    Raises
    ------
    AnalysisError
        If the centre does not travel from heel to forefoot.
    """
    heel, fore = straight_line(found, cop_mm)
    found = replace(found, axis=(fore - heel) / np.linalg.norm(fore - heel))
    body = found.loaded & ~toes(found)
    along = found.xy_mm[body] @ found.axis
    half = float(np.abs(found.axis) @ found.pitch_mm) / 2
    start, stop = along.min() - half, along.max() + half
    first, second = (found.share_before(start + (stop - start) * part, body) for part in (1 / 3, 2 / 3))
    return float((second - first).mean())


def toes(found: Footprint) -> Bool:
    """Which loaded cells are toes: those beyond the path of least pressure across the forefoot.

    The path runs from the lateral to the medial edge between ball and toes, where its summed
    pressure is least; among equals, the one nearest to the ball. If nothing beyond it presses
    harder than the path itself, it is no valley, and if more than ``MOST_TOES`` lies beyond it,
    it passes behind the ball: the footprint then has no toes. The idea is that of novel's and
    pressuRe's automatic masks.

    Returns
    -------
    ``(S,)``.
    """
    across, along = found.xy_mm @ found.medial, found.xy_mm @ found.axis
    at, line, on_line_kpa = _toe_line(found)
    beyond = found.loaded & (along > np.interp(across, at, line))
    are_toes = beyond.sum() <= MOST_TOES * found.loaded.sum() and found.peak_kpa[beyond].max(initial=0) > on_line_kpa
    return beyond if are_toes else np.zeros_like(beyond)


def _toe_line(found: Footprint) -> tuple[F64, F64, float]:
    """Where the line runs, across (rising) and along, in mm; and the largest pressure on it, in kPa."""
    step = float(found.pitch_mm.min()) / 2
    edge = found.hull_mm @ found.medial
    across = np.arange(edge.min(), edge.max() + step, step)
    low, high = TOE_LINE_LATERAL[0], TOE_LINE_MEDIAL[1]
    part = np.arange(low, high, step / found.length_mm)
    along = found.heel_mm + part * found.length_mm
    points = along[:, None, None] * found.axis + across[:, None] * found.medial
    kpa = pressure_at(found, points)
    medially = np.linspace(0, 1, across.size)
    first, last = (lat + (med - lat) * medially for lat, med in zip(TOE_LINE_LATERAL, TOE_LINE_MEDIAL, strict=True))
    allowed = (part[:, None] >= first) & (part[:, None] <= last)
    path = cheapest_path(np.where(allowed, kpa, np.inf))
    return across, along[path], float(kpa[path, np.arange(across.size)].max())


def pressure_at(found: Footprint, points: F64) -> F64:
    """Peak pressure of the cell in which each point ``(..., 2)`` lies, in kPa; 0 where there is none."""
    corner = found.xy_mm.min(axis=0)
    column, row = np.rint((found.xy_mm - corner) / found.pitch_mm).astype(np.int64).T
    grid = np.zeros((row.max() + 1, column.max() + 1))
    grid[row, column] = np.where(found.loaded, found.peak_kpa, 0.0)
    x, y = np.moveaxis(np.rint((points - corner) / found.pitch_mm).astype(np.int64), -1, 0)
    inside = (x >= 0) & (x < grid.shape[1]) & (y >= 0) & (y < grid.shape[0])
    return np.where(inside, grid[np.where(inside, y, 0), np.where(inside, x, 0)], 0.0)


def cheapest_path(cost: F64, *, slope: int = TOE_LINE_SLOPE) -> I64:
    """The path from the first to the last column with the least sum of cost times length.

    Parameters
    ----------
    cost
        ``(n, m)`` not negative; infinite where the path may not go.
    slope
        Rows that it may rise or fall from one column to the next.

    Returns
    -------
    ``(m,)`` its row in each column; among equals, the lowest.
    """
    n, m = cost.shape
    moves = np.arange(-slope, slope + 1)
    came = np.arange(n)[:, None] + moves
    length = np.hypot(1, moves)
    total = cost[:, 0]
    back = np.zeros((m, n), np.int64)
    for j in range(1, m):
        padded = np.pad(total, slope, constant_values=np.inf)
        reached = padded[came + slope] + cost[:, j, None] * length
        back[j] = came[np.arange(n), np.argmin(reached, axis=1)]
        total = reached.min(axis=1)
    path = np.empty(m, np.int64)
    path[-1] = np.argmin(total)
    for j in range(m - 1, 0, -1):
        path[j - 1] = back[j, path[j]]
    return path
