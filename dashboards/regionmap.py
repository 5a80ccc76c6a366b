"""The regions of a foot on the page: their borders, where their names stand, and which sensors are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboards.contour import zero_lines
from dashboards.feet import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.recipe import Study
    from dashboards.feet import FootCells, PageGrid
    from insole.layout import Mask
    from insole.recording import Side
    from insole.typing import F64


@dataclass(frozen=True, eq=False)
class RegionOnPage:
    """One region of one foot.

    Attributes
    ----------
    name
        As in the layout's mask.
    x_mm, y_mm
        Its middle on the page, where its value is written.
    share
        ``(S,)`` the part of each sensor that lies in it.
    peak_kpa, peak_force_pct_bw
        The report's means over steps; None where it has none.
    """

    name: str
    x_mm: float
    y_mm: float
    share: F64
    peak_kpa: float | None
    peak_force_pct_bw: float | None


def regions_of(study: Study, side: Side) -> tuple[RegionOnPage, ...]:
    """The regions of a foot that have sensors; none where its layout has no such division."""
    mask, layout = study.mask(side), study.walk.feet[side].layout
    if mask is None:
        return ()
    xy = place(side, layout.xy_mm, layout)
    found = []
    for name, share in zip(mask.regions, np.asarray(mask.weight, np.float64), strict=True):
        if share.sum() <= 0:
            continue
        x, y = (share[:, None] * xy).sum(axis=0) / share.sum()
        values = (study.report.get(key, side=side, region=name) for key in ("peak_pressure_kpa", "peak_force_pct_bw"))
        peak, force = (None if v is None else v.value for v in values)
        found.append(RegionOnPage(name, float(x), float(y), share, peak, force))
    return tuple(found)


def borders(study: Study, grid: PageGrid) -> F64:
    """``(m, 2, 2)`` pieces of the borders between regions of all feet, in mm on the page."""
    pieces = [np.empty((0, 2, 2))]
    for side, foot in grid.feet.items():
        mask = study.mask(side)
        if mask is not None and len(mask.regions) > 1:
            pieces += [zero_lines(field, grid.x_mm, grid.y_mm) for field in _fields(mask, foot, grid)]
    return np.concatenate(pieces)


def _fields(mask: Mask, foot: FootCells, grid: PageGrid) -> list[F64]:
    """For each region a field above zero where the sensors around are rather its than another's."""
    ours = (mask.weight[:, foot.sensor] * foot.weight).sum(axis=2)
    fields = []
    for region in range(len(ours)):
        others = np.delete(ours, region, axis=0).max(axis=0)
        field = np.full(grid.y_mm.size * grid.x_mm.size, np.nan)
        # A hair's breadth, so that a border that two regions share is drawn by both in one place.
        field[foot.cell] = ours[region] - others - 1e-9
        fields.append(field.reshape(grid.y_mm.size, grid.x_mm.size))
    return fields


def region_maxima(regions: tuple[RegionOnPage, ...], values: F64) -> dict[str, float]:
    """The largest value of each region's sensors; NaN where all are missing.

    Parameters
    ----------
    values
        ``(S,)`` NaN is missing.
    """
    found = {}
    for region in regions:
        mine = values[region.share > 0]
        found[region.name] = float(np.nanmax(mine)) if np.isfinite(mine).any() else float("nan")
    return found


def by_side(study: Study) -> Mapping[Side, tuple[RegionOnPage, ...]]:
    """The regions of every foot."""
    return {side: regions_of(study, side) for side in study.walk.feet}
