"""A barefoot footprint: which cells of a plate a foot loaded, and the foot's own length and axis.

Everything is taken from the footprint itself, so it does not matter how the foot was turned on
the plate. Coordinates are those of the layout: mm, ``+x`` medial, ``+y`` roughly to the toes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.plate.hull import convex_hull, long_axis, turned
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from insole.typing import F64, Bool

LOADED_KPA = 5.0
"""A cell that never read more is not part of a footprint (our judgement: the step of a plate that
is quantised in 5 kPa)."""

FOOT_LENGTH_MM = (100.0, 350.0)
"""Lengths that a footprint can have, from a toddler's to the largest adult's (our judgement)."""

FOOT_SLENDERNESS = (1.8, 4.5)
"""Length over width that a footprint can have (our judgement). A seat mat, both feet, a forefoot
or toes alone are wider; 2.7 is usual."""


@dataclass(frozen=True, eq=False)
class Footprint:
    """What a foot left on a plate of S cells.

    Attributes
    ----------
    peak_kpa
        ``(S,)`` largest pressure of each cell.
    xy_mm
        ``(S, 2)`` the cells' centres.
    pitch_mm
        ``(2,)`` width (x) and length (y) of a cell.
    loaded
        ``(S,)`` true for the cells of the footprint.
    hull_mm
        ``(k, 2)`` convex hull of the loaded cells' corners, anticlockwise.
    axis
        ``(2,)`` unit vector from heel to toes: the long side of the smallest rectangle
        around the footprint.
    """

    peak_kpa: F64
    xy_mm: F64
    pitch_mm: F64
    loaded: Bool
    hull_mm: F64
    axis: F64

    @property
    def medial(self) -> F64:
        """``(2,)`` unit vector across the foot, to its medial side."""
        return turned(self.axis)

    @property
    def heel_mm(self) -> float:
        """Where the footprint begins along its axis."""
        return float((self.hull_mm @ self.axis).min())

    @property
    def length_mm(self) -> float:
        """Length of the footprint along its axis."""
        return float(np.ptp(self.hull_mm @ self.axis))

    @property
    def width_mm(self) -> float:
        """Width of the footprint across its axis."""
        return float(np.ptp(self.hull_mm @ self.medial))

    def share_before(self, line_mm: float, cells: Bool | None = None) -> F64:
        """Part of each cell's area that lies on the heel's side of a line across the axis.

        Parameters
        ----------
        line_mm
            Where the line crosses the axis, counted like ``heel_mm``.
        cells
            ``(S,)`` which cells; all when None.

        Returns
        -------
        ``(K,)`` 0 to 1 for each of those cells, exact for cells turned against the axis: seen
        along the axis, a rectangle is the sum of two uniform spreads.
        """
        xy = self.xy_mm if cells is None else self.xy_mm[cells]
        short, long = np.sort(np.abs(self.axis) * self.pitch_mm)
        before = line_mm - xy @ self.axis
        if short < 1e-6 * long:  # not turned, but for rounding
            return np.asarray(np.clip(before / long + 0.5, 0.0, 1.0))
        before = np.clip(before, -(long + short) / 2, (long + short) / 2)
        corners = (long + short, 1), (long - short, -1), (short - long, -1), (-long - short, 1)
        area = np.sum([sign * np.square(np.maximum(before + at / 2, 0.0)) / 2 for at, sign in corners], axis=0)
        share = np.round(area / (short * long), 9)  # so that whole cells are whole
        return np.asarray(np.clip(share, 0.0, 1.0))


def footprint(peak_kpa: F64, xy_mm: F64, pitch_mm: F64, *, loaded_kpa: float = LOADED_KPA) -> Footprint:
    """The footprint in the largest pressures of a step.

    Parameters
    ----------
    peak_kpa
        ``(S,)`` largest pressure of each cell over the step; NaN counts as not loaded.
    xy_mm, pitch_mm
        ``(S, 2)`` the cells' centres and ``(2,)`` their size.
    loaded_kpa
        A cell that read more is loaded.

    Raises
    ------
    AnalysisError
        If this cannot be the whole footprint of one foot: nothing loaded, or not as long, or
        not as slender, as a foot. There is then no number to give.
    """
    loaded = np.asarray(peak_kpa > loaded_kpa)
    if not loaded.any():
        raise AnalysisError(f"no cell reads more than {loaded_kpa:g} kPa, so there is no footprint")
    corner = pitch_mm / 2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    corners = np.round(xy_mm[loaded][:, None] + corner, 6).reshape(-1, 2)  # equal ones become equal
    hull = convex_hull(corners)
    found = Footprint(np.nan_to_num(peak_kpa), xy_mm, pitch_mm, loaded, hull, long_axis(hull))
    _refuse_implausible(found)
    return found


def _refuse_implausible(found: Footprint) -> None:
    length, width = found.length_mm, found.width_mm
    if not FOOT_LENGTH_MM[0] <= length <= FOOT_LENGTH_MM[1]:
        raise AnalysisError(
            f"the loaded area is {length:.0f} mm long, which is not one whole foot "
            f"({FOOT_LENGTH_MM[0]:.0f} to {FOOT_LENGTH_MM[1]:.0f} mm); record one whole step on the plate"
        )
    if not FOOT_SLENDERNESS[0] <= length / width <= FOOT_SLENDERNESS[1]:
        raise AnalysisError(
            f"the loaded area is {length:.0f} mm long and {width:.0f} mm wide, which is not the shape of one "
            "whole foot; record one whole step on the plate"
        )


def cell_pitch_mm(xy_mm: F64) -> F64:
    """``(2,)`` distance between neighbouring columns (x) and rows (y) of a plate's cells, in mm.

    Parameters
    ----------
    xy_mm
        ``(S, 2)`` centres of cells on a regular grid along x and y, some of which may be absent.

    Raises
    ------
    AnalysisError
        If the cells do not lie on such a grid.
    """
    pitch = np.array([_spacing(xy_mm[:, axis]) for axis in (0, 1)])
    steps = (xy_mm - xy_mm.min(axis=0)) / pitch
    if not np.all(np.abs(steps - np.rint(steps)) < ON_GRID):
        raise AnalysisError("the plate's cells do not lie on a regular grid, so the area of a footprint is not known")
    return pitch


ON_GRID = 0.01
"""How far, in cells, a centre may lie off the grid: coordinates are rounded."""


def _spacing(positions: F64) -> float:
    gaps = np.diff(np.unique(positions))
    gaps = gaps[gaps > ON_GRID * np.ptp(positions) / max(positions.size, 1)]
    if not gaps.size:
        raise AnalysisError("the plate has one row or one column of cells only, which shows no footprint")
    return float(gaps.min())
