"""A few of many: recordings and subjects by what is written about them, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import sqlalchemy as sa

from insole.records import Subject
from insole.store import reader, tables
from insole.store.filing import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from insole.store.audit import Ledger
    from insole.store.reader import Info

T = TypeVar("T")

SAID = frozenset({"id", "started_at", "about", "subject_code", "visit_date"})
"""Columns of a recording that words are looked for in."""


@dataclass(frozen=True)
class Seen:
    """A subject, and what there is of it.

    Attributes
    ----------
    subject
        Who.
    recordings
        How many there are.
    latest
        When the one that was stored last began; None where there is none.
    """

    subject: Subject
    recordings: int
    latest: datetime | None


@dataclass(frozen=True)
class Some(Generic[T]):
    """Some of those that were looked for.

    Attributes
    ----------
    items
        Those of the page that was asked for.
    total
        How many there are in all.
    """

    items: tuple[T, ...]
    total: int


class Finder:
    """Looks for recordings and subjects; made by ``Store.open``.

    All words of a text must occur, in whatever case: in a subject's code, and of a recording also in
    its condition, task, device, the name of its file, and its day (``2026-01-31``).
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def recordings(
        self, text: str = "", *, unfiled: bool = False, limit: int | None = None, offset: int = 0
    ) -> Some[Info]:
        """Recordings, the latest started first.

        Parameters
        ----------
        text
            Words to look for; empty for all.
        unfiled
            Only those that belong to no subject.
        limit, offset
            How many, after how many.
        """
        r, words = tables.recording, text.casefold().split()
        query = reader.filed().where(r.c.deleted_at.is_(None)).order_by(r.c.started_at.desc(), r.c.id.desc())
        if unfiled:
            query = query.where(r.c.visit_id.is_(None))
        needed = SAID if words else {"id"}
        query = query.with_only_columns(*(c for c in query.selected_columns if c.name in needed))
        with self._ledger.read() as connection:
            rows = connection.execute(query)
            ids = [row.id for row in rows if not words or _has(words, _said(row))]
            chosen = _cut(ids, limit, offset)
            found = reader.infos(connection, r.c.id.in_(chosen)) if chosen else []
        return Some(tuple(found), len(ids))

    def subjects(self, text: str = "", *, limit: int | None = None, offset: int = 0) -> Some[Seen]:
        """Subjects, those that something was stored of last first; parameters as of ``recordings``."""
        r, v, s = tables.recording, tables.visit, tables.subject
        of = sa.join(v, r, sa.and_(r.c.visit_id == v.c.id, r.c.deleted_at.is_(None)))
        query = sa.select(v.c.subject_id, r.c.created_at, r.c.started_at).select_from(of).order_by(r.c.created_at)
        words = text.casefold().split()
        with self._ledger.read() as connection:
            theirs: dict[str, list[Any]] = {}
            for row in connection.execute(query):
                theirs.setdefault(row.subject_id, []).append(row)
            everyone = connection.execute(sa.select(s).where(s.c.deleted_at.is_(None))).all()
        found = [row for row in everyone if _has(words, (row.code,))]
        last = {row.id: theirs[row.id][-1] if row.id in theirs else row for row in found}
        found.sort(key=lambda row: (max(row.created_at, last[row.id].created_at), row.id), reverse=True)
        seen = [_seen(row, theirs.get(row.id, [])) for row in _cut(found, limit, offset)]
        return Some(tuple(seen), len(found))


def _said(row: sa.Row[Any]) -> Iterable[str]:
    about = row.about
    yield row.subject_code or ""
    yield from (about.get(key, "") for key in ("condition", "task", "device", "source_name"))
    yield str(day_of(row.started_at) or "")
    yield str(row.visit_date or "")


def _has(words: Sequence[str], said: Iterable[str]) -> bool:
    text = "\n".join(said).casefold()
    return all(word in text for word in words)


def _cut(items: Sequence[Any], limit: int | None, offset: int) -> list[Any]:
    return list(items[offset : None if limit is None else offset + limit])


def _seen(row: sa.Row[Any], recordings: Sequence[sa.Row[Any]]) -> Seen:
    subject = Subject(row.code, row.id, row.body_mass_kg, row.shoe_size_eu, row.notes)
    return Seen(subject, len(recordings), recordings[-1].started_at if recordings else None)
