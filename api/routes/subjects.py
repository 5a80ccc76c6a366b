"""Subjects."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from api.deps import TheStore
from api.records import SubjectIn, SubjectOut
from insole.records import Subject

router = APIRouter(prefix="/api/v1/subjects", tags=["subjects"])


def _out(subject: Subject) -> SubjectOut:
    return SubjectOut(**asdict(subject))


@router.get("")
def subjects(store: TheStore) -> list[SubjectOut]:
    """All subjects, by code."""
    return [_out(subject) for subject in store.subjects.list()]


@router.post("", status_code=201)
def add(given: SubjectIn, store: TheStore) -> SubjectOut:
    """Make a subject; its code is one that no other has."""
    return _out(store.subjects.add(**given.model_dump()))


@router.get("/{subject_id}")
def subject(subject_id: str, store: TheStore) -> SubjectOut:
    """One subject."""
    return _out(store.subjects.get(subject_id))


@router.patch("/{subject_id}")
def edit(subject_id: str, given: SubjectIn, store: TheStore) -> SubjectOut:
    """Change what is given."""
    return _out(store.subjects.edit(subject_id, **given.model_dump(exclude_unset=True)))


@router.delete("/{subject_id}", status_code=204)
def delete(subject_id: str, store: TheStore) -> None:
    """Put a subject, its visits and its recordings into the bin."""
    store.subjects.delete(subject_id)


@router.post("/{subject_id}/restore")
def restore(subject_id: str, store: TheStore) -> SubjectOut:
    """Bring a subject back, with what was deleted with it."""
    return _out(store.subjects.restore(subject_id))
