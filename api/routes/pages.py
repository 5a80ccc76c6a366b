"""Pages for people."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.deps import StanceWidth, TheStore, TheStudies
from dashboards import render

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/recordings/{recording_id}")
def recording(
    recording_id: str, store: TheStore, studies: TheStudies, stance_width_mm: StanceWidth = None
) -> HTMLResponse:
    """One recording."""
    info = store.info(recording_id)
    return HTMLResponse(render.recording_page(info, studies.get(info, stance_width_mm=stance_width_mm)))


@router.get("/live")
def live() -> HTMLResponse:
    """The live view."""
    return HTMLResponse(render.live_page())
