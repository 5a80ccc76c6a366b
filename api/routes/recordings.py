"""Recordings, their reports and figures."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import Theme, TheStore, TheStudies
from api.records import RecordingChange
from api.schemas import AboutOut, FigureOut, FramesFoot, FramesOut, Grid, MapOut, RecordingOut
from dashboards.feet import page_grid
from dashboards.figure import figures
from dashboards.footmap import grid_to_json, scale_top
from dashboards.maps import layouts_of, mean_values, moments, peak_values, span_s, unit_of
from dashboards.theme import PALETTES, recolour
from insole.errors import AnalysisError, NotFoundError
from insole.store import Info

router = APIRouter(prefix="/api/v1/recordings", tags=["recordings"])

MOST_FRAMES = 500
"""Moments in one answer: 20 s at the slider's 25 a second, 0.5 MB with two times 99 sensors."""

FRAME_STEP_S = 0.04

Second = Annotated[float | None, Query(allow_inf_nan=False)]


def _out(info: Info) -> RecordingOut:
    return RecordingOut(
        id=info.id,
        started_at=info.started_at,
        duration_s=info.duration_s,
        state=str(info.state),
        sides=list(info.sides),
        sensors=dict(info.sensors),
        about=AboutOut(**{**asdict(info.about), "notes": list(info.about.notes)}),
        subject_id=info.subject_id,
        visit_id=info.visit_id,
    )


@router.get("")
def recordings(store: TheStore, subject_id: str | None = None, visit_id: str | None = None) -> list[RecordingOut]:
    """All recordings, or those of a subject or a visit, newest first."""
    return [_out(info) for info in store.list(subject_id=subject_id, visit_id=visit_id)]


@router.get("/{recording_id}")
def recording(recording_id: str, store: TheStore) -> RecordingOut:
    """One recording."""
    return _out(store.info(recording_id))


@router.delete("/{recording_id}", status_code=204)
def delete(recording_id: str, store: TheStore, studies: TheStudies) -> None:
    """Put a recording into the bin."""
    store.recordings.delete(recording_id)
    studies.forget(recording_id)


@router.post("/{recording_id}/restore")
def restore(recording_id: str, store: TheStore) -> RecordingOut:
    """Bring a recording back."""
    return _out(store.recordings.restore(recording_id))


@router.patch("/{recording_id}")
def edit(recording_id: str, given: RecordingChange, store: TheStore) -> RecordingOut:
    """Change what is known of a recording, or where it belongs: a visit, or a subject and there its day's visit.

    Samples never change; what follows from them is made anew.
    """
    return _out(store.recordings.edit(recording_id, **given.model_dump(exclude_unset=True)))


@router.get("/{recording_id}/report")
def report(recording_id: str, store: TheStore, studies: TheStudies) -> dict[str, Any]:
    """The report, as the command line and exports give it."""
    return studies.get(store.info(recording_id)).report.to_json()


@router.get("/{recording_id}/figures/{name}", response_model=FigureOut)
def figure(recording_id: str, name: str, store: TheStore, studies: TheStudies, theme: Theme = "light") -> Response:
    """One figure as Plotly's JSON, and in words."""
    found = figures().get(name)
    if found is None:
        raise NotFoundError(f"there is no figure {name!r}; there are {', '.join(figures())}")
    study = studies.get(store.info(recording_id))
    words = json.dumps({"name": found.name, "title": found.title, "alt": found.alt(study)})
    drawn = recolour(found.build(study).to_json(), PALETTES[theme])
    return Response(f'{words[:-1]}, "figure": {drawn}}}', media_type="application/json")


@router.get("/{recording_id}/map")
def pressure_map(recording_id: str, store: TheStore, studies: TheStudies) -> MapOut:
    """What the pressure map needs: each sensor's peak and mean, and how values become colours."""
    walk = studies.get(store.info(recording_id)).walk
    layouts, (start_s, stop_s) = layouts_of(walk), span_s(walk)
    views = {"peak": peak_values(walk), "mean": mean_values(walk)}
    return MapOut(
        unit=unit_of(walk),
        top=scale_top(views["peak"]),
        start_s=start_s,
        stop_s=stop_s,
        views={name: {side: listed(v) for side, v in values.items()} for name, values in views.items()},
        grid=Grid(**grid_to_json(page_grid(layouts), layouts)),
    )


@router.get("/{recording_id}/frames")
def frames(
    recording_id: str, store: TheStore, studies: TheStudies, start_s: Second = None, stop_s: Second = None
) -> FramesOut:
    """What all sensors measured at evenly spaced moments of ``[start_s, stop_s)``.

    At most 500: 25 a second, fewer in windows longer than 20 s.
    """
    walk = studies.get(store.info(recording_id)).walk
    first, last = span_s(walk)
    start = first if start_s is None else max(start_s, first)
    stop = last if stop_s is None else min(stop_s, last + FRAME_STEP_S)
    if not start < stop:
        raise AnalysisError(f"no moment lies in that window; the recording runs from {first:g} s to {last:g} s")
    count = int(np.clip(np.ceil((stop - start) / FRAME_STEP_S - 1e-9), 1, MOST_FRAMES))
    at_s = start + np.arange(count, dtype=np.float64) * max(FRAME_STEP_S, (stop - start) / MOST_FRAMES)
    feet = {
        side: FramesFoot(sensors=int(v.shape[1]), values=base64.b64encode(v.astype("<f4").tobytes()).decode())
        for side, v in moments(walk, at_s).items()
    }
    return FramesOut(unit=unit_of(walk), time_s=at_s.tolist(), feet=feet)


def listed(values: np.ndarray[Any, Any]) -> list[float | None]:
    """Numbers for JSON: a tenth is enough to colour by; NaN becomes null."""
    return [round(float(v), 1) if np.isfinite(v) else None for v in values]
