"""Visits."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from api.deps import TheStore
from api.records import VisitChange, VisitIn, VisitOut
from insole.records import Visit

router = APIRouter(prefix="/api/v1/visits", tags=["visits"])


def _out(visit: Visit) -> VisitOut:
    return VisitOut(**asdict(visit))


@router.get("")
def visits(store: TheStore, subject_id: str | None = None) -> list[VisitOut]:
    """All visits, or those of a subject, the latest first."""
    if subject_id is not None:
        store.subjects.get(subject_id)
    return [_out(visit) for visit in store.visits.list(subject_id)]


@router.post("", status_code=201)
def add(given: VisitIn, store: TheStore) -> VisitOut:
    """Make a visit of a subject."""
    return _out(store.visits.add(given.subject_id, date=given.date, notes=given.notes))


@router.get("/{visit_id}")
def visit(visit_id: str, store: TheStore) -> VisitOut:
    """One visit."""
    return _out(store.visits.get(visit_id))


@router.patch("/{visit_id}")
def edit(visit_id: str, given: VisitChange, store: TheStore) -> VisitOut:
    """Change what is given; with another subject, the visit's recordings go along."""
    return _out(store.visits.edit(visit_id, **given.model_dump(exclude_unset=True)))


@router.delete("/{visit_id}", status_code=204)
def delete(visit_id: str, store: TheStore) -> None:
    """Put a visit and its recordings into the bin."""
    store.visits.delete(visit_id)


@router.post("/{visit_id}/restore")
def restore(visit_id: str, store: TheStore) -> VisitOut:
    """Bring a visit back, with what was deleted with it."""
    return _out(store.visits.restore(visit_id))
