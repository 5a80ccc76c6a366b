"""Pages of what is kept: the list, subjects, the bin, and files on their way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from api.deps import TheStore, TheStudies
from dashboards import recordspages, subjectpage
from dashboards.homepage import PER_PAGE, SUBJECTS_FIRST, Asked, home_page, subjects_page
from dashboards.trend import Measured
from ingest.files import formats
from insole.errors import InsoleError, NotFoundError, StoreError
from insole.store.bin import KEPT_FOR

if TYPE_CHECKING:
    from api.studies import Studies
    from insole.store import Info, Store

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Words = Annotated[str, Query(max_length=200)]
Page = Annotated[int, Query(ge=1, le=100_000)]
Chosen = Annotated[list[str] | None, Query()]

MOST_CHOSEN = 4


@router.get("/")
def home(
    store: TheStore, q: Words = "", page: Page = 1, unfiled: bool = False, recording: Chosen = None
) -> HTMLResponse:
    """Subjects and recordings, those that were asked for."""
    asked = Asked(q.strip(), unfiled, page)
    found = store.finder.recordings(asked.text, unfiled=unfiled, limit=PER_PAGE, offset=asked.offset)
    subjects = store.finder.subjects(asked.text, limit=SUBJECTS_FIRST)
    chosen = [info for one in (recording or [])[:MOST_CHOSEN] if (info := _if_there(store, one)) is not None]
    unfiled_count = store.finder.recordings(unfiled=True, limit=0).total
    return HTMLResponse(home_page(asked, found, subjects, chosen=chosen, unfiled=unfiled_count))


def _if_there(store: Store, recording_id: str) -> Info | None:
    """A recording that an old address names may be gone."""
    try:
        info = store.info(recording_id)
    except NotFoundError:
        return None
    return info if info.state == "sealed" else None


@router.get("/subjects")
def subjects(store: TheStore, q: Words = "", page: Page = 1) -> HTMLResponse:
    """All subjects."""
    asked = Asked(q.strip(), page=page)
    return HTMLResponse(subjects_page(asked, store.finder.subjects(asked.text, limit=PER_PAGE, offset=asked.offset)))


@router.get("/subjects/{subject_id}")
def subject(subject_id: str, store: TheStore) -> HTMLResponse:
    """One subject."""
    found = store.subjects.get(subject_id)
    visits, recordings = store.visits.list(subject_id), store.list(subject_id=subject_id)
    return HTMLResponse(subjectpage.subject_page(found, visits, recordings))


@router.get("/subjects/{subject_id}/measured")
def measured(
    subject_id: str, store: TheStore, studies: TheStudies, condition: str | None = None, task: str = ""
) -> HTMLResponse:
    """The parts of a subject's page that have to be measured first; its script takes them over."""
    found = store.subjects.get(subject_id)
    each = [_measured(studies, info) for info in reversed(store.list(subject_id=subject_id))]
    of = None if condition is None else (condition, task)
    return HTMLResponse(subjectpage.measured_parts(found, sorted(each, key=_when), of))


def _when(one: Measured) -> tuple[bool, str, str]:
    """By the visit's day, then by the start: files without a date are where their visit is."""
    return one.day is None, str(one.day or ""), one.info.started_at.isoformat()


def _measured(studies: Studies, info: Info) -> Measured:
    """What was measured, or why nothing was; trouble with the store is raised."""
    if not info.sides:
        return Measured(info, None, "nothing was received from either insole")
    try:
        return Measured(info, studies.report(info))
    except StoreError:
        raise
    except InsoleError as e:
        return Measured(info, None, str(e))


@router.get("/bin")
def binned(store: TheStore) -> HTMLResponse:
    """What was deleted."""
    return HTMLResponse(recordspages.bin_page(store.bin.list(), KEPT_FOR))


@router.get("/upload")
def upload(subject: Words = "") -> HTMLResponse:
    """Where files are dropped."""
    titles = [format_.title for format_ in formats().values()]
    return HTMLResponse(recordspages.upload_page(sorted(titles, key=str.casefold), subject_code=subject))
