"""A value over a subject's recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query

from analysis.recipe import metrics
from api.deps import TheStore, TheStudies
from api.records import TrendGap, TrendOut, TrendPoint, Wanted
from insole.errors import InsoleError, NotFoundError, StoreError
from insole.recording import Side

if TYPE_CHECKING:
    from datetime import date

    from api.studies import Studies
    from insole.report import Value
    from insole.store import Info

router = APIRouter(prefix="/api/v1/subjects", tags=["subjects"])


@router.get("/{subject_id}/trend")
def trend(subject_id: str, wanted: Annotated[Wanted, Query()], store: TheStore, studies: TheStudies) -> TrendOut:
    """A value in each of a subject's recordings; one in which it was not measured is named, with why."""
    store.subjects.get(subject_id)
    unit = _unit(wanted.value)
    days = {visit.id: visit.date for visit in store.visits.list(subject_id)}
    points: list[TrendPoint] = []
    without: list[TrendGap] = []
    for info in reversed(store.list(subject_id=subject_id)):
        day = days.get(info.visit_id or "")
        found = _value(studies, info, wanted)
        if isinstance(found, str):
            without.append(_gap(info, day, found))
        else:
            points.append(_point(info, day, found))
    return TrendOut(
        name=wanted.value,
        unit=unit,
        side=wanted.side,
        region=wanted.region,
        variant=wanted.variant,
        points=points,
        without=without,
    )


def _unit(name: str) -> str:
    for metric in metrics().values():
        if name in metric.units:
            return metric.units[name]
    raise NotFoundError(f"there is no value {name!r}; the data dictionary lists those there are")


def _value(studies: Studies, info: Info, wanted: Wanted) -> Value | str:
    """The value, or why there is none; trouble with the store is no answer, and is raised."""
    if not info.sides:
        return "nothing was received from either insole"
    side = None if wanted.side is None else Side(wanted.side)
    try:
        found = studies.report(info).get(wanted.value, side=side, region=wanted.region, variant=wanted.variant)
    except StoreError:
        raise
    except InsoleError as e:
        return str(e)
    return "it was not measured in this recording" if found is None else found


def _point(info: Info, day: date | None, value: Value) -> TrendPoint:
    return TrendPoint(
        recording_id=info.id,
        visit_id=info.visit_id,
        date=day,
        started_at=info.started_at,
        condition=info.about.condition,
        task=info.about.task,
        value=value.value,
        sd=value.sd,
        n_steps=value.n_steps,
    )


def _gap(info: Info, day: date | None, why: str) -> TrendGap:
    return TrendGap(
        recording_id=info.id,
        visit_id=info.visit_id,
        date=day,
        condition=info.about.condition,
        task=info.about.task,
        why=why,
    )
