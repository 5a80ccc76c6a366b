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
from insole.store.filing import AS_RECORDED, visit_for

if TYPE_CHECKING:
    from insole.store.audit import Change, Ledger
    from insole.store.filing import VisitDay
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

    def edit(
        self,
        recording_id: str,
        *,
        note: str = "",
        visit_id: str | None = None,
        subject_code: str | None = None,
        visit_date: VisitDay = AS_RECORDED,
        **facts: Unpack[RecordingFacts],
    ) -> Info:
        """Change what is given, all of it or nothing.

        Parameters
        ----------
        note
            A line that is added to its notes; those that are there stay.
        visit_id
            The visit to file it under.
        subject_code
            Or the subject, made if it is not there, and its visit of the recording's day; empty for none.
        visit_date
            With a subject's code: another day than the recording's, or None for the visit without one.

        Raises
        ------
        NotFoundError
            If there is no such recording or visit, or it is in the bin.
        ConflictError
            If both a visit and a subject are given, or a day without a subject.
        InsoleError
            If the mass or the code is none, or a text is too long.
        """
        _check_texts(note, facts)
        if visit_id is not None and (subject_code is not None or visit_date != AS_RECORDED):
            raise ConflictError("a recording goes to a visit or to a subject; give one of both")
        r = tables.recording
        with self._ledger.change() as change:
            was = reader.info(change.connection, recording_id)
            place = _place(was)["visit_id"]
            if visit_id is not None:
                place = _held(change, visit_id)
            elif subject_code is not None or visit_date != AS_RECORDED:
                place = visit_for(change, _said(subject_code), was.started_at, visit_date)
            row = living(change.connection, "recording", recording_id, lock=True)
            before = about_of(row.about, "")
            notes = (*before.notes, note.strip()) if note.strip() else before.notes
            after = about_row(replace(before, notes=notes, **facts))
            change.connection.execute(sa.update(r).where(r.c.id == recording_id).values(about=after, visit_id=place))
            now = reader.info(change.connection, recording_id)
            change.changed("recording", recording_id, {**about_row(before), **_place(was)}, {**after, **_place(now)})
        return now

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


def _said(subject_code: str | None) -> str:
    """A day alone says nothing of whose it is, and must not take a recording from its subject."""
    if subject_code is None:
        raise ConflictError("a visit's day goes with a subject; give the subject's code too")
    return subject_code


def _check_texts(note: str, facts: RecordingFacts) -> None:
    for what, text in (("the note", note), ("the condition", facts.get("condition")), ("the task", facts.get("task"))):
        checked_text(text or "", what=what)


def _held(change: Change, visit_id: str) -> str:
    """A visit, kept from being deleted meanwhile, as is its subject: that first, as deleting does."""
    subject_id = living(change.connection, "visit", visit_id).subject_id
    living(change.connection, "subject", subject_id, lock=True)
    return str(living(change.connection, "visit", visit_id, lock=True).id)


def _place(info: Info) -> dict[str, Any]:
    return {"visit_id": info.visit_id, "subject_id": info.subject_id}
