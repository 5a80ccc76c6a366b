"""Pressure maps on paper: peaks, means, and the differences of two conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.footmap import scale_top
from dashboards.language import _
from dashboards.maps import mean_values, peak_values, unit_of
from dashboards.report.paper import Sketch
from dashboards.report.plot import EMPTY_PT, say_empty
from dashboards.report.scale import BAR_PT, Scale
from dashboards.report.soles import paint_map, soles_of, spot_in
from dashboards.report.type import TINY_PT, amount, plus
from insole.recording import Side, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from analysis.compare import Comparison
    from analysis.recipe import Study
    from analysis.walk import Walk
    from dashboards.report.soles import Label, Sole
    from insole.layout import SensorLayout
    from insole.typing import F64

BAR_ROOM_PT, BAR_BESIDE_PT, MOST_BAR_PT = BAR_PT + TINY_PT + 6, 70.0, 150.0
"""Room for the scale below a map, and for its unit beside it; the scale's largest width."""

LEAST_CHANGE_SHARE = 0.1
"""A scale of differences reaches at least this far of the pressures' own, so that noise is not drawn in full colours
(our judgement)."""


def no_map(study: Study) -> str:
    """Why there is no map of a recording; empty where there is one."""
    feet = study.walk.feet.values()
    if not feet:
        return _("No sample was measured, so there is no map.")
    if all(foot.unit is Unit.N for foot in feet):
        return _("The insoles measure force only, so there is no pressure map.")
    return ""


def shown_feet(study: Study) -> dict[Side, SensorLayout]:
    """The feet on the map: those in the map's unit."""
    return {s: f.layout for s, f in study.walk.feet.items() if str(f.unit) == unit_of(study.walk)}


def scale_of(studies: Sequence[Study]) -> Scale:
    """The one scale of all peak and mean maps of a report: from zero to a round number above every peak."""
    return Scale(top_of([peak_values(study.walk) for study in studies]), unit_of(studies[0].walk))


def top_of(maps: Sequence[Mapping[Side, F64]]) -> float:
    """The end of one scale for several maps: a round number at or above all of their values."""
    return scale_top({side: np.concatenate([m[side] for m in maps if side in m] or [np.empty(0)]) for side in Side})


class Maps:
    """The maps of one recording; its soles are laid out once.

    Parameters
    ----------
    study
        Of the recording; ``no_map`` has nothing to say of it.
    scale
        From ``scale_of``.
    """

    def __init__(self, study: Study, scale: Scale) -> None:
        self._study, self._scale = study, scale
        self._soles = soles_of(shown_feet(study))

    def peak(self, width: float, height: float) -> Any:
        """Each sensor's largest value, and the peak pressure of each region over stances (kPa)."""
        labels = region_labels(self._study, "peak_pressure_kpa")
        return _sketch(self._soles, peak_values(self._study.walk), self._scale, labels, (width, height))

    def mean(self, width: float, height: float) -> Any:
        """Each sensor's mean, and the share of the foot's load on each region (%)."""
        labels = region_labels(self._study, "load_share_pct")
        return _sketch(self._soles, mean_values(self._study.walk), self._scale, labels, (width, height))

    def change(self, change: Mapping[Side, F64], comparison: Comparison, width: float, height: float) -> Any:
        """What each sensor's largest value is more in the other condition, and each region's peak pressure (kPa)."""
        labels = change_labels(self._study, comparison)
        soles = [sole for sole in self._soles if sole.side in change]
        return _sketch(soles, change, self._scale, labels, (width, height))


def differences(a: Study, b: Study, *, of: Callable[[Walk], Mapping[Side, F64]] = peak_values) -> dict[Side, F64]:
    """``(S,)`` b - a of the peaks, or of other ``(S,)`` values of a walk, for feet of the same layout and unit."""
    one, two = of(a.walk), of(b.walk)
    return {
        side: two[side] - one[side]
        for side in shown_feet(a)
        if side in two
        and a.walk.feet[side].layout.name == b.walk.feet[side].layout.name
        and a.walk.feet[side].unit is b.walk.feet[side].unit
    }


def change_scale(changes: Sequence[Mapping[Side, F64]], beside: Scale) -> Scale:
    """One scale for all difference maps, as far down as up; what is little beside the pressures is pale.

    Parameters
    ----------
    changes
        From ``differences``.
    beside
        The scale of the maps that they are differences of.
    """
    sizes = [{side: np.abs(values) for side, values in change.items()} for change in changes]
    return Scale(max(top_of(sizes), LEAST_CHANGE_SHARE * beside.top), beside.unit, both_ways=True)


def region_labels(study: Study, name: str) -> dict[Side, list[Label]]:
    """The report's value of each region, where the region is."""
    return _labels(study, [(v.side, v.region, amount(v)) for v in study.report.values if v.name == name])


def change_labels(study: Study, comparison: Comparison, name: str = "peak_pressure_kpa") -> dict[Side, list[Label]]:
    """The difference of the value in each region, where the region is."""
    rows = [row for row in comparison.rows if row.name == name]
    return _labels(study, [(row.side, row.region, plus(row.difference, row.unit)) for row in rows])


def _labels(study: Study, texts: Sequence[tuple[Side | None, str | None, str]]) -> dict[Side, list[Label]]:
    found: dict[Side, list[Label]] = {}
    for side, region, text in texts:
        if side is not None and side in study.walk.feet and region is not None:
            found.setdefault(side, []).append((*_centre(study, side, region), text))
    return found


def _centre(study: Study, side: Side, region: str) -> tuple[float, float]:
    mask, layout = study.mask(side), study.walk.feet[side].layout
    weight = np.ones(layout.n_sensors) if mask is None else mask.weight[mask.regions.index(region)]
    x, y = np.average(layout.xy_mm, axis=0, weights=weight)
    return float(x), float(y)


def _sketch(
    soles: Sequence[Sole],
    values: Mapping[Side, F64],
    scale: Scale,
    labels: Mapping[Side, Sequence[Label]],
    size: tuple[float, float],
) -> Any:
    width, height = size
    spot = spot_in(soles, width - 8, height - BAR_ROOM_PT)

    def paint(canvas: Any) -> None:
        canvas.saveState()
        canvas.translate(0, BAR_ROOM_PT)
        paint_map(canvas, soles, spot, values, scale=scale, labels=labels)
        canvas.restoreState()
        bar = min(width - BAR_BESIDE_PT, MOST_BAR_PT)
        scale.paint(canvas, (width - bar) / 2 - 6, TINY_PT + 4, bar)

    return Sketch(width, height, paint)


def empty_map(text: str, width: float) -> Any:
    """Words in the place of a map."""
    return Sketch(width, EMPTY_PT, lambda canvas: say_empty(canvas, width, EMPTY_PT, text))
