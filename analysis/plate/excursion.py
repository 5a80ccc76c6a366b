"""Centre-of-pressure excursion index: how far to the lateral side the centre of pressure swings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.plate.hull import convex_hull, crossings, longest_edge, turned
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from analysis.plate.footprint import Footprint
    from insole.typing import F64

TRISECTION = 2 / 3
"""Part of the footprint's length at which the distal third begins."""

LEAST_TRAVEL = 0.5
"""A centre that travels less of the footprint's length is not that of a step (our judgement; 0.85
in a real one)."""

CPEI_LIMIT_PCT = 50.0
"""A centre that swings by more than half of the forefoot's width was not measured (our judgement)."""


def cpei_pct(found: Footprint, cop_mm: F64, *, trisection: float = TRISECTION) -> float:
    """Excursion of the centre of pressure in the distal third, in % of the foot's width there.

    Measured along the perpendicular to the medial tangent, through the point where the distal
    third begins on it: from the straight line of the centre's path to the path itself, over the
    distance from the tangent to the lateral edge. Song et al. 1996, J Am Podiatr Med Assoc
    86:16, doi:10.7547/87507315-86-1-16; construction of pressuRe 0.2.7. If the path passes more
    than once, the first time counts (our judgement).

    Parameters
    ----------
    cop_mm
        ``(n, 2)`` centre of pressure in order of time, in the footprint's coordinates; rows
        that are NaN are left out.
    trisection
        Where the distal third begins, as part of the footprint's length.

    Returns
    -------
    In %; positive where the centre passes lateral of the straight line.

    Raises
    ------
    AnalysisError
        If the centre does not travel from heel to forefoot, or the result is beyond
        ``CPEI_LIMIT_PCT``.
    """
    chord = straight_line(found, cop_mm)
    heel, fore = medial_tangent(found)
    along = (fore - heel) / np.linalg.norm(fore - heel)
    line_mm = found.heel_mm + trisection * found.length_mm
    origin = heel + along * (line_mm - heel @ found.axis) / (along @ found.axis)
    basis = np.column_stack([along, -turned(along)])
    path, chord, outline = ((line - origin) @ basis for line in (_known(cop_mm), chord, found.hull_mm))
    width = crossings(np.vstack([outline, outline[:1]])).max()
    on_path, on_chord = crossings(path), crossings(chord)
    if not on_path.size or not on_chord.size:
        raise AnalysisError("the centre of pressure does not reach the distal third of the foot, so there is no CPEI")
    index = float(100 * (on_path[0] - on_chord[0]) / width)
    if abs(index) > CPEI_LIMIT_PCT:
        raise AnalysisError(
            f"the centre of pressure would swing by {index:.0f} % of the foot's width, which no foot does; "
            "look whether this is one whole step"
        )
    return index


def straight_line(found: Footprint, cop_mm: F64) -> F64:
    """The straight line of the centre's path: the longest edge of the path's convex hull.

    Unlike the line from the path's first to its last point, it does not follow the small hooks
    at both ends. As in pressuRe 0.2.7.

    Parameters
    ----------
    cop_mm
        As for ``cpei_pct``.

    Returns
    -------
    ``(2, 2)`` mm, the heel's end first.

    Raises
    ------
    AnalysisError
        If it spans less than ``LEAST_TRAVEL`` of the footprint's length: this is no step.
    """
    path = _known(cop_mm)
    line = longest_edge(convex_hull(path)) if len(path) else np.zeros((2, 2))
    travel = float((line[1] - line[0]) @ found.axis)
    if abs(travel) < LEAST_TRAVEL * found.length_mm:
        raise AnalysisError(
            f"the centre of pressure travels {abs(travel):.0f} mm along a foot of {found.length_mm:.0f} mm, which is "
            "no step; record one whole step on the plate"
        )
    return line if travel > 0 else line[::-1]


def _known(cop_mm: F64) -> F64:
    return cop_mm[np.isfinite(cop_mm).all(axis=1)]


def medial_tangent(found: Footprint) -> F64:
    """The line that touches the footprint's medial side behind and before half of its length.

    Returns
    -------
    ``(2, 2)`` mm: the point at the heel's half, and the one at the toes' half. Between them
    the line is an edge of the footprint's convex hull.
    """
    half = found.heel_mm + found.length_mm / 2
    start = found.hull_mm @ found.axis < half
    i = int(np.flatnonzero(start & ~np.roll(start, -1))[0])
    return found.hull_mm[[i, (i + 1) % len(start)]]
