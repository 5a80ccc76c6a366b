"""Reports to hand over, as PDF."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.conditions import OwnBaselines, conditions, whole
from api.deps import StanceWidth, TheStore, TheStudies
from api.schemas import PaperName
from dashboards.comparing import LETTERS
from dashboards.report import pdf_of_comparison, pdf_of_recording
from insole.store import Info

router = APIRouter(prefix="/api/v1", tags=["reports"])

Paper = Annotated[PaperName, Query(description="Paper to print it on")]


class PdfResponse(Response):
    """A PDF file, for the API's description."""

    media_type = "application/pdf"


@router.get("/recordings/{recording_id}/report.pdf", response_class=PdfResponse)
def report(
    recording_id: str,
    store: TheStore,
    studies: TheStudies,
    paper: Paper = "a4",
    stance_width_mm: StanceWidth = None,
) -> Response:
    """The report of one recording."""
    info = store.info(recording_id)
    return _file(pdf_of_recording(whole(info, studies, stance_width_mm=stance_width_mm), paper=paper), [info])


@router.get("/compare.pdf", response_class=PdfResponse)
def comparison(
    recording: Annotated[
        list[str], Query(min_length=2, max_length=len(LETTERS), description="The first is the baseline")
    ],
    store: TheStore,
    studies: TheStudies,
    paper: Paper = "a4",
    baseline: OwnBaselines = None,
) -> Response:
    """The report of two to four conditions, each held against the first."""
    infos, found = conditions(recording, store, studies, baseline or ())
    return _file(pdf_of_comparison(found.studies, found.comparisons, paper=paper), infos)


def _file(pdf: bytes, infos: list[Info]) -> Response:
    """The file, named by its recordings' ids: a person's code must not end up in a folder of downloads."""
    name = "-".join(["insole", *(info.id for info in infos)])
    headers = {"content-disposition": f'inline; filename="{name}.pdf"', "cache-control": "no-store"}
    return PdfResponse(pdf, headers=headers)
