"""What a recording's page draws by itself: the pressure map, its moments, and the force in a window."""

from __future__ import annotations

import base64
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query

from analysis.recipe import Study
from analysis.walk import Walk, force_unit
from api.deps import TheStore, TheStudies
from api.schemas import (
    Cells,
    CellsFoot,
    FootOut,
    FramesFoot,
    FramesOut,
    Grid,
    MapOut,
    RegionOut,
    SeriesFoot,
    SeriesOut,
)
from dashboards.cells import FINE_MM, FineGrid, fine_grid
from dashboards.feet import page_grid
from dashboards.figures.force import curve
from dashboards.footmap import grid_to_json, scale_top
from dashboards.maps import centres, layouts_of, mean_values, moments, peak_values, period_s, span_s, unit_of
from dashboards.regionmap import regions_of
from dashboards.words import region
from insole.errors import AnalysisError
from insole.recording import Side

router = APIRouter(prefix="/api/v1/recordings", tags=["recordings"])

MOST_FRAMES = 500
"""Moments in one answer: 20 s at 25 a second, 0.5 MB with two times 99 sensors."""

FRAME_STEP_S = 0.04
LEAST_STEP_S = 0.001

Second = Annotated[float | None, Query(allow_inf_nan=False)]
Step = Annotated[float, Query(allow_inf_nan=False, ge=LEAST_STEP_S)]


@router.get("/{recording_id}/map")
def pressure_map(recording_id: str, store: TheStore, studies: TheStudies) -> MapOut:
    """What the pressure map needs: each sensor's peak and mean, how values become colours, and the regions."""
    study = studies.get(store.info(recording_id))
    walk = study.walk
    layouts, (start_s, stop_s) = layouts_of(walk), span_s(walk)
    views = {"peak": peak_values(walk), "mean": mean_values(walk)}
    return MapOut(
        unit=unit_of(walk),
        top=scale_top(views["peak"]),
        start_s=start_s,
        stop_s=stop_s,
        step_s=period_s(walk),
        weight_n=study.weight_n,
        views={name: {side: listed(v) for side, v in values.items()} for name, values in views.items()},
        grid=Grid(**grid_to_json(page_grid(layouts), layouts)),
        cells=_cells(fine_grid(layouts)),
        feet={side: _foot(study, side) for side in walk.feet},
    )


def _cells(grid: FineGrid) -> Cells:
    feet = {side: CellsFoot(cell=grid.cell[side].tolist(), sensor=grid.sensor[side].tolist()) for side in grid.cell}
    x0, y0 = float(grid.x_mm[0]), float(grid.y_mm[0])
    return Cells(x0_mm=x0, y0_mm=y0, step_mm=FINE_MM, nx=grid.x_mm.size, ny=grid.y_mm.size, feet=feet)


def _foot(study: Study, side: Side) -> FootOut:
    foot = study.walk.feet[side]
    regions = [
        RegionOut(
            name=of.name,
            label=region(of.name),
            share=np.round(of.share, 3).tolist(),
            peak_kpa=of.peak_kpa,
            peak_force_pct_bw=of.peak_force_pct_bw,
        )
        for of in regions_of(study, side)
    ]
    newtons = None if foot.newton_per_value is None else np.round(foot.newton_per_value, 6).tolist()
    return FootOut(regions=regions, newton_per_value=newtons, saturated=list(foot.saturated))


@router.get("/{recording_id}/frames")
def frames(
    recording_id: str,
    store: TheStore,
    studies: TheStudies,
    *,
    start_s: Second = None,
    stop_s: Second = None,
    step_s: Step = FRAME_STEP_S,
) -> FramesOut:
    """What all sensors measured at evenly spaced moments of ``[start_s, stop_s)``.

    ``step_s`` apart, and at most 500: further apart in longer windows.
    """
    study = studies.get(store.info(recording_id))
    first, last = span_s(study.walk)
    start = first if start_s is None else max(start_s, first)
    stop = last if stop_s is None else min(stop_s, last + step_s)
    if not start < stop:
        raise _no_moment(study.walk)
    count = int(np.clip(np.ceil((stop - start) / step_s - 1e-9), 1, MOST_FRAMES))
    at_s = start + np.arange(count, dtype=np.float64) * max(step_s, (stop - start) / MOST_FRAMES)
    centre = centres(study.walk, study.cop, at_s)
    feet = {
        side: FramesFoot(sensors=int(v.shape[1]), values=_packed(v), centre_mm=_packed(centre[side]))
        for side, v in moments(study.walk, at_s).items()
    }
    return FramesOut(unit=unit_of(study.walk), time_s=at_s.tolist(), feet=feet)


@router.get("/{recording_id}/force")
def force(
    recording_id: str, store: TheStore, studies: TheStudies, start_s: Second = None, stop_s: Second = None
) -> SeriesOut:
    """Force of both feet in ``[start_s, stop_s)``: at most 6000 points a foot, gaps and extremes kept."""
    walk = studies.get(store.info(recording_id)).walk
    first, last = span_s(walk)
    start, stop = first if start_s is None else start_s, last + period_s(walk) if stop_s is None else stop_s
    if not start < stop or start > last or stop < first:
        raise _no_moment(walk)
    drawn = {side: curve(foot, start, stop) for side, foot in walk.feet.items()}
    feet = {side: SeriesFoot(time_s=of["x"].tolist(), force=listed(of["y"])) for side, of in drawn.items()}
    return SeriesOut(unit=force_unit(walk), feet=feet)


def _no_moment(walk: Walk) -> AnalysisError:
    first, last = span_s(walk)
    return AnalysisError(f"no moment lies in that window; the recording runs from {first:g} s to {last:g} s")


def _packed(values: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


def listed(values: np.ndarray[Any, Any]) -> list[float | None]:
    """Numbers for JSON: a tenth is enough to colour by; NaN becomes null."""
    return [round(float(v), 1) if np.isfinite(v) else None for v in values]
