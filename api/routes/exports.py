"""Recordings as files for other programs: the bytes that ``insole export -o NAME.zip`` writes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from api.deps import TheStore, TheStudies
from api.studies import Studies
from insole.errors import ExportError
from insole.export import Choice, exporter, exporters, files_of, gather, zipped
from insole.store import Info, Store

router = APIRouter(prefix="/api/v1", tags=["exports"])

Form = Annotated[str, Query(alias="format", description="One of those that /api/v1/exports lists")]


def _choice(
    with_dates: Annotated[bool, Query(description="With dates, notes and names of source files")] = False,
    units_row: Annotated[bool, Query(description="A second line of units, in CSV")] = False,
) -> Choice:
    return Choice(dated=with_dates, units_row=units_row)


Chosen = Annotated[Choice, Depends(_choice)]


class ZipResponse(StreamingResponse):
    """A zip, for the API's description."""

    media_type = "application/zip"


@router.get("/exports")
def forms() -> list[dict[str, str]]:
    """The formats in which recordings leave."""
    return [{"name": form.name, "title": form.title} for form in exporters().values()]


@router.get("/recordings/{recording_id}/export", response_class=ZipResponse)
def recording(
    recording_id: str, store: TheStore, studies: TheStudies, choice: Chosen, form: Form = "csv"
) -> ZipResponse:
    """A recording with its data dictionary. Without dates a day is counted from the subject's first recording."""
    return _sent([store.info(recording_id)], form, choice, store=store, studies=studies)


@router.get("/subjects/{subject_id}/export", response_class=ZipResponse)
def subject(subject_id: str, store: TheStore, studies: TheStudies, choice: Chosen, form: Form = "csv") -> ZipResponse:
    """All recordings of a subject, with a table of them."""
    store.subjects.get(subject_id)
    return _sent(store.list(subject_id=subject_id), form, choice, store=store, studies=studies)


def _sent(infos: list[Info], name: str, choice: Choice, *, store: Store, studies: Studies) -> ZipResponse:
    """A zip that is made while it is sent; what cannot be exported is said before anything is."""
    form = exporter(name)
    if not any(info.sides for info in infos):
        raise ExportError("nothing was received from any insole, so there is nothing to export")
    leaving = gather(store, infos, choice, studied=studies.get)
    parts = zipped(files_of(form, leaving, choice))
    headers = {"content-disposition": f'attachment; filename="insole-{form.name}.zip"', "cache-control": "no-store"}
    return ZipResponse(_begun(parts), headers=headers)


def _begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same parts, the first of them made now."""
    return chain([next(parts)], parts)
