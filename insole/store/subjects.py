"""The subjects of a store."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, Unpack

import sqlalchemy as sa

from insole.errors import ConflictError
from insole.records import Subject, clean_code
from insole.store import tables
from insole.store.binning import living, put_in_bin, take_out
from insole.store.ids import new_id

if TYPE_CHECKING:
    from insole.store.audit import Ledger

Found: TypeAlias = list[Subject]
# Named here because within Subjects, `list` is its method.


class SubjectFacts(TypedDict, total=False):
    """What may be given of a subject beside its code; what is left out stays as it is."""

    body_mass_kg: float | None
    shoe_size_eu: float | None
    notes: str


class Subjects:
    """Subjects; made by ``Store.open``. A code is unique among those that are not in the bin."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, code: str, **facts: Unpack[SubjectFacts]) -> Subject:
        """Make a subject, with its id.

        Raises
        ------
        ConflictError
            If another has the code.
        InsoleError
            If the facts contradict themselves.
        """
        with self._ledger.change() as change:
            new = Subject(clean_code(code), new_id(change.at, kind="subject"))
            made = replace(new, **facts)
            try:
                change.connection.execute(sa.insert(tables.subject), {**asdict(made), "created_at": change.at})
            except sa.exc.IntegrityError as e:
                raise _taken(made.code) from e
            change.note("subject", made.id, "made", after=_facts(made))
        return made

    def get(self, subject_id: str) -> Subject:
        """One subject.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin.
        """
        with self._ledger.read() as connection:
            return _subject(living(connection, "subject", subject_id))

    def find(self, code: str) -> Subject | None:
        """The subject with that code; None if there is none."""
        return next(iter(self._where(tables.subject.c.code == code.strip())), None)

    def list(self) -> Found:
        """All subjects, by code."""
        return self._where(sa.true())

    def edit(self, subject_id: str, *, code: str | None = None, **facts: Unpack[SubjectFacts]) -> Subject:
        """Change what is given; recordings keep the mass of their day.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin.
        ConflictError
            If another has the code.
        InsoleError
            If the facts contradict themselves.
        """
        s = tables.subject
        with self._ledger.change() as change:
            before = _subject(living(change.connection, "subject", subject_id, lock=True))
            after = replace(before, code=before.code if code is None else clean_code(code), **facts)
            try:
                change.connection.execute(sa.update(s).where(s.c.id == subject_id).values(_facts(after)))
            except sa.exc.IntegrityError as e:
                raise _taken(after.code) from e
            change.changed("subject", subject_id, _facts(before), _facts(after))
        return after

    def delete(self, subject_id: str) -> None:
        """Put a subject, its visits and its recordings into the bin.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin already.
        """
        with self._ledger.change() as change:
            put_in_bin(change, "subject", subject_id)

    def restore(self, subject_id: str) -> Subject:
        """Bring a subject back, with exactly the visits and recordings that were deleted with it.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        ConflictError
            If it is not in the bin, or another has its code by now.
        """
        with self._ledger.change() as change:
            try:
                take_out(change, "subject", subject_id)
            except sa.exc.IntegrityError as e:
                raise ConflictError(
                    f"another subject has the code of {subject_id} by now; give that one another code first"
                ) from e
            return _subject(living(change.connection, "subject", subject_id))

    def _where(self, condition: sa.ColumnElement[bool]) -> Found:
        s = tables.subject
        query = sa.select(s).where(s.c.deleted_at.is_(None), condition).order_by(s.c.code)
        with self._ledger.read() as connection:
            return [_subject(row) for row in connection.execute(query)]


def _subject(row: sa.Row[Any]) -> Subject:
    return Subject(row.code, row.id, row.body_mass_kg, row.shoe_size_eu, row.notes)


def _facts(subject: Subject) -> dict[str, Any]:
    return {key: value for key, value in asdict(subject).items() if key != "id"}


def _taken(code: str) -> ConflictError:
    return ConflictError(f"there is a subject {code!r} already; take another code, or file under that one")
