"""Marks in recordings: with each change the report is made anew, and no sample changes."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from api.deps import TheStore
from api.records import MarkIn, MarkOut
from insole.recording import Side
from insole.records import Mark, MarkKind

router = APIRouter(prefix="/api/v1/recordings/{recording_id}/marks", tags=["marks"])


def _out(mark: Mark) -> MarkOut:
    return MarkOut(**{**asdict(mark), "kind": mark.kind.value, "side": mark.side and mark.side.value})


@router.get("")
def marks(recording_id: str, store: TheStore) -> list[MarkOut]:
    """A recording's marks, by time."""
    return [_out(mark) for mark in store.marks.list(recording_id)]


@router.post("", status_code=201)
def add(recording_id: str, given: MarkIn, store: TheStore) -> MarkOut:
    """Mark a recording."""
    side = None if given.side is None else Side(given.side)
    mark = Mark(MarkKind(given.kind), given.start_s, given.stop_s, side, text=given.text)
    return _out(store.marks.add(recording_id, mark))


@router.delete("/{mark_id}", status_code=204)
def delete(recording_id: str, mark_id: str, store: TheStore) -> None:
    """Put a mark into the bin."""
    store.marks.delete(recording_id, mark_id)


@router.post("/{mark_id}/restore")
def restore(recording_id: str, mark_id: str, store: TheStore) -> MarkOut:
    """Bring a mark back."""
    return _out(store.marks.restore(recording_id, mark_id))
