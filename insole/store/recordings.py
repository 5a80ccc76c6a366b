"""What a person may change of a recording: what is known about it, where it belongs, whether it is there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import sqlalchemy as sa

from insole.errors import ConflictError
from insole.records.text import checked_text
from insole.store import reader, tables
from insole.store.binning import living, put_in_bin, take_out
from insole.store.feet import about_of, about_row
from insole.store.filing import visit_for

if TYPE_CHECKING:
    from insole.store.audit import Change, Ledger
    from insole.store.reader import Info


class RecordingFacts(TypedDict, total=False):
    """What may be given of a recording; what is left out stays as it is."""

    condition: str
    task: str
    body_mass_kg: float | None


class Recordings:
    """What is known about recordings, and where they belong; made by ``Store.open``. Samples never change."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def edit(self, recording_id: str, *, note: str = "", **facts: Unpack[RecordingFacts]) -> Info:
        """Change what is given.

        Parameters
        ----------
        note
            A line that is added to its notes; those that are there stay.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin.
        InsoleError
            If the mass is none, or a text is too long.
        """
        for what, text in (("the note", note), *((key, value) for key, value in facts.items())):
            if isinstance(text, str):
                checked_text(text, what=what)
        r = tables.recording
        with self._ledger.change() as change:
            before = about_of(living(change.connection, "recording", recording_id, lock=True).about, "")
            notes = (*before.notes, note.strip()) if note.strip() else before.notes
            after = about_row(replace(before, notes=notes, **facts))
            change.connection.execute(sa.update(r).where(r.c.id == recording_id).values(about=after))
            change.changed("recording", recording_id, about_row(before), after)
            return reader.info(change.connection, recording_id)

    def move(self, recording_id: str, *, visit_id: str | None = None, subject_code: str | None = None) -> Info:
        """File a recording under another visit, or another subject and there under the visit of its day.

        Parameters
        ----------
        subject_code
            Of a subject that is made if it is not there; empty for none.

        Raises
        ------
        ConflictError
            If not exactly one of both is given.
        NotFoundError
            If there is no such recording or visit, or it is in the bin.
        RecordsError
            If the code is no code.
        """
        if (visit_id is None) == (subject_code is None):
            raise ConflictError("a recording moves to a visit or to a subject; give one of both")
        r = tables.recording
        with self._ledger.change() as change:
            before = reader.info(change.connection, recording_id)
            if visit_id is None:
                visit_id = visit_for(change, subject_code or "", before.started_at)
            else:
                _hold(change, visit_id)
            living(change.connection, "recording", recording_id, lock=True)
            change.connection.execute(sa.update(r).where(r.c.id == recording_id).values(visit_id=visit_id))
            after = reader.info(change.connection, recording_id)
            change.changed("recording", recording_id, _place(before), _place(after))
        return after

    def delete(self, recording_id: str) -> None:
        """Put a recording into the bin. One that is being recorded ends: what was appended is kept.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin already.
        """
        with self._ledger.change() as change:
            put_in_bin(change, "recording", recording_id)

    def restore(self, recording_id: str) -> Info:
        """Bring a recording back.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        ConflictError
            If it is not in the bin, went there with its visit or subject, or these are there.
        """
        with self._ledger.change() as change:
            take_out(change, "recording", recording_id)
            return reader.info(change.connection, recording_id)


def _hold(change: Change, visit_id: str) -> None:
    """Keep a visit and its subject from being deleted meanwhile; the subject first, as deleting does."""
    subject_id = living(change.connection, "visit", visit_id).subject_id
    living(change.connection, "subject", subject_id, lock=True)
    living(change.connection, "visit", visit_id, lock=True)


def _place(info: Info) -> dict[str, Any]:
    return {"visit_id": info.visit_id, "subject_id": info.subject_id}
