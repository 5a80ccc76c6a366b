"""Reports to hand over, as PDF."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from analysis.compare import compare
from analysis.recipe import Study
from api.deps import TheStore, TheStudies
from api.schemas import PaperName
from api.studies import Studies
from dashboards.report import pdf_of_comparison, pdf_of_recording
from insole.errors import AnalysisError
from insole.store import Info, Store

router = APIRouter(prefix="/api/v1", tags=["reports"])

MOST = 4
"""Conditions in one comparison."""

Paper = Annotated[PaperName, Query(description="Paper to print it on")]


class PdfResponse(Response):
    """A PDF file, for the API's description."""

    media_type = "application/pdf"


@router.get("/recordings/{recording_id}/report.pdf", response_class=PdfResponse)
def report(recording_id: str, store: TheStore, studies: TheStudies, paper: Paper = "a4") -> Response:
    """The report of one recording."""
    info = store.info(recording_id)
    return _file(pdf_of_recording(_study(info, studies), paper=paper), [info])


@router.get("/compare.pdf", response_class=PdfResponse)
def comparison(
    recording: Annotated[list[str], Query(min_length=2, max_length=MOST, description="The first is the baseline")],
    store: TheStore,
    studies: TheStudies,
    paper: Paper = "a4",
) -> Response:
    """The report of two to four conditions, each held against the first."""
    infos = _infos(recording, store)
    found = [_study(info, studies) for info in infos]
    comparisons = [compare(found[0].report, other.report) for other in found[1:]]
    return _file(pdf_of_comparison(found, comparisons, paper=paper), infos)


def _infos(recordings: list[str], store: Store) -> list[Info]:
    if len(set(recordings)) < len(recordings):
        raise AnalysisError("a recording is named twice; a comparison is of different recordings")
    return [store.info(recording_id) for recording_id in recordings]


def _study(info: Info, studies: Studies) -> Study:
    if info.state == "recording":
        raise AnalysisError("this recording is still being made; its report can be had once it has been stopped")
    return studies.get(info)


def _file(pdf: bytes, infos: list[Info]) -> Response:
    """The file, named by its recordings' ids: a person's code must not end up in a folder of downloads."""
    name = "-".join(["insole", *(info.id for info in infos)])
    headers = {"content-disposition": f'inline; filename="{name}.pdf"', "cache-control": "no-store"}
    return PdfResponse(pdf, headers=headers)
