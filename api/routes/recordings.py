"""Recordings, their reports and figures."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import StanceWidth, Theme, TheStore, TheStudies
from api.records import RecordingChange
from api.schemas import AboutOut, FigureOut, RecordingOut
from dashboards.figure import figures
from dashboards.language import _
from dashboards.theme import PALETTES, recolour
from insole.errors import NotFoundError
from insole.store import Info

router = APIRouter(prefix="/api/v1/recordings", tags=["recordings"])


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
        visit_date=info.visit_date,
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
def report(
    recording_id: str, store: TheStore, studies: TheStudies, stance_width_mm: StanceWidth = None
) -> dict[str, Any]:
    """The report, as the command line and exports give it."""
    return studies.get(store.info(recording_id), stance_width_mm=stance_width_mm).report.to_json()


@router.get("/{recording_id}/figures/{name}", response_model=FigureOut)
def figure(
    recording_id: str,
    name: str,
    store: TheStore,
    studies: TheStudies,
    *,
    theme: Theme = "light",
    stance_width_mm: StanceWidth = None,
) -> Response:
    """One figure as Plotly's JSON, and in words."""
    found = figures().get(name)
    if found is None:
        raise NotFoundError(f"there is no figure {name!r}; there are {', '.join(figures())}")
    study = studies.get(store.info(recording_id), stance_width_mm=stance_width_mm)
    words = json.dumps({"name": found.name, "title": _(found.title), "alt": found.alt(study)})
    drawn = recolour(found.build(study).to_json(), PALETTES[theme])
    return Response(f'{words[:-1]}, "figure": {drawn}}}', media_type="application/json")
