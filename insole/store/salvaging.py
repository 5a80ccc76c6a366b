"""What is whole of a damaged recording, as a recording of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from insole.store.filing import AS_RECORDED

if TYPE_CHECKING:
    from insole.store.store import Store


def salvage(store: Store, recording_id: str) -> str:
    """Store what is whole of a recording once more, filed and marked as that is; what is lost stands in its notes.

    The damaged one stays as it is, so that nothing is given up that somebody might still repair.

    Returns
    -------
    The new id.

    Raises
    ------
    NotFoundError
        If there is none of that id, or it is in the bin.
    StoreError
        If nothing of it is whole.
    """
    info = store.info(recording_id)
    whole = store.read(recording_id, salvage=True)
    about = replace(whole.about, notes=(*whole.about.notes, f"what is whole of recording {recording_id}"))
    day = info.visit_date if info.visit_id else AS_RECORDED
    new = store.add(replace(whole, about=about), visit_date=day)
    for mark in store.marks.list(recording_id):
        store.marks.add(new, mark)
    return new
