"""What a whole barefoot footprint on a plate tells: arch index and CPEI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.metric import Metric
from analysis.plate.arch import arch_index
from analysis.plate.excursion import cpei_pct
from analysis.plate.footprint import LOADED_KPA, cell_pitch_mm, footprint
from insole.errors import AnalysisError
from insole.recording import Unit
from insole.report import Caveat, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from analysis.walk import FootWalk
    from insole.typing import F64


def measure(evidence: Evidence) -> Iterator[Value | Caveat]:
    """Arch index and CPEI of each foot that stepped on a plate: one recording is one footprint.

    The step need not be cut into foot-on and foot-off: a plate's file often begins and ends
    within the stance. Insoles are refused: the shoe fills the arch, and what they show is
    their own outline, not the foot's.
    """
    feet = evidence.walk.feet.values()
    plates = [foot for foot in feet if foot.layout.platform]
    if feet and not plates:
        text = "arch index and CPEI need a whole barefoot footprint on a plate, so insoles give none"
        yield Caveat("not_a_platform", text)
    for foot in plates:
        yield from _of_foot(foot)


def _of_foot(foot: FootWalk) -> Iterator[Value | Caveat]:
    xy = foot.layout.xy_mm
    try:
        pressure = pressures_kpa(foot)
        found = footprint(pressure.max(axis=0), xy, cell_pitch_mm(xy))
        cop = centre_mm(pressure, xy)
        yield Value("arch_index", arch_index(found, cop), "1", side=foot.side, n_steps=1)
        yield Value("cpei_pct", cpei_pct(found, cop), "%", side=foot.side, n_steps=1)
    except AnalysisError as e:
        yield Caveat("no_footprint", f"{foot.side} foot: {e}", foot.side)


def pressures_kpa(foot: FootWalk) -> F64:
    """``(n, S)`` kPa in the valid samples; zero in cells that are not loaded or dead.

    Raises
    ------
    AnalysisError
        If pressures in kPa are not known.
    """
    values = foot.values[foot.valid].astype(np.float64)
    if foot.unit is Unit.N:
        values *= 1e3 / foot.layout.area_mm2
    elif foot.unit is not Unit.KPA:
        raise AnalysisError("the plate has no calibration, so it is not known which cells a foot loaded")
    return np.where(values > LOADED_KPA, values, 0.0)


def centre_mm(pressure_kpa: F64, xy_mm: F64) -> F64:
    """Centre of pressure in every sample in which a cell is loaded, to the last touch of the toes.

    Unlike in the shoe, nothing rests on a plate but the foot, so the least forces count too:
    the straight line of CPEI ends where the foot left the plate.

    Parameters
    ----------
    pressure_kpa
        ``(n, S)`` of cells of one size.
    xy_mm
        ``(S, 2)``.

    Returns
    -------
    ``(k, 2)`` mm.
    """
    total = pressure_kpa.sum(axis=1)
    rows = total > 0
    return np.asarray(pressure_kpa[rows] @ xy_mm / total[rows, None])


METRIC = Metric(
    name="platform",
    title="What does the footprint show?",
    units={"arch_index": "1", "cpei_pct": "%"},
    measure=measure,
)
