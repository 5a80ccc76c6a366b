"""Whether a store is sound: its version and tables, what refers to what, and every sample in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from insole.errors import StoreError
from insole.store import tables
from insole.store.damage import Damage, DamagedRowError
from insole.store.dialects import dialect_of
from insole.store.engine import Database, locate
from insole.store.migrate import HEAD, differences, version_of
from insole.store.pieces import block_piece, second_piece
from insole.store.references import orphans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from insole.store.pieces import Piece

FETCH = 32
"""Rows that are held at once (our judgement: a few megabytes)."""


@dataclass
class Checked:
    """What was found.

    Attributes
    ----------
    version
        Revision of the tables; None where there are none.
    recordings, rows, samples
        How many were looked at: each row's checksums, each sample decoded.
    damages
        Rows that do not match their checksum.
    problems
        Everything else that is not as it should be, a sentence each.
    """

    version: str | None
    recordings: int = 0
    rows: int = 0
    samples: int = 0
    damages: list[Damage] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Nothing was found."""
        return not (self.damages or self.problems)


def check(where: Path | str | None = None, *, seen: Callable[[int, int], None] = lambda _done, _all: None) -> Checked:
    """Look at all of a store, in the bin or not; nothing is changed, and others may go on using it.

    Parameters
    ----------
    where
        As of ``Store.open``; it is not created, nor brought to this version.
    seen
        Told after each recording how many of how many are done.

    Raises
    ------
    StoreError
        If there is no store or it cannot be opened.
    """
    database = Database(locate(where, create=False))
    try:
        found = Checked(version_of(database))
        if found.version != HEAD:
            found.problems.append(_of_another_version(found.version))
            return found
        _tables(database, found)
        with database.read() as connection:
            ids = connection.scalars(sa.select(tables.recording.c.id).order_by(tables.recording.c.id)).all()
        for done, recording_id in enumerate(ids, 1):
            _recording(database, recording_id, found)
            seen(done, len(ids))
        return found
    finally:
        database.close()


def _of_another_version(version: str | None) -> str:
    if version is None:
        return "this database has no tables of insole; is it the right one?"
    return f"its tables are of revision {version}, this version of insole has {HEAD}; run: insole db upgrade"


def _tables(database: Database, found: Checked) -> None:
    try:
        with database.read() as connection:
            found.problems += dialect_of(connection).unsound(connection)
            found.problems += differences(connection)
            found.problems += orphans(connection)
    except StoreError as e:  # the file is in such a state that it cannot even be looked at
        found.problems.append(str(e))


def _recording(database: Database, recording_id: str, found: Checked) -> None:
    """One recording, as it is at one moment: it may be being made."""
    r, f = tables.recording, tables.foot
    found.recordings += 1
    try:
        with database.read() as connection:
            row = connection.execute(sa.select(r.c.state, r.c.lease_until).where(r.c.id == recording_id)).one_or_none()
            if row is None:  # it was purged meanwhile
                return
            for foot in connection.execute(sa.select(f).where(f.c.recording_id == recording_id)).all():
                texts = [*_foot(connection, foot, found, is_sealed=row.state == "sealed")]
                if row.state == "sealed" and row.lease_until is None:  # or its seconds are being removed just now
                    texts += _not_removed(connection, foot)
                found.problems += [f"recording {recording_id}, {foot.side} foot: {text}" for text in texts]
    except StoreError as e:
        found.problems.append(f"recording {recording_id}: {e}")


def _foot(connection: sa.Connection, foot: sa.Row[Any], found: Checked, *, is_sealed: bool) -> Iterator[str]:
    """What is wrong with a foot's rows, beside those that are damaged."""
    table = tables.block if is_sealed else tables.second
    index = _Index()
    for row in _rows(connection, table, foot):
        found.rows += 1
        lost: list[Damage] = []
        try:
            piece = (block_piece if is_sealed else second_piece)(row, foot, lost)
        except DamagedRowError as e:
            lost.append(e.damage)
            index.skip(row)
        else:
            found.samples += len(piece)
            yield from index.take(row, piece, in_order=is_sealed)
        found.damages += lost
    yield from index.against(foot)


def _not_removed(connection: sa.Connection, foot: sa.Row[Any]) -> Iterator[str]:
    s = tables.second
    mine = (s.c.recording_id == foot.recording_id, s.c.side == foot.side)
    left = connection.scalar(sa.select(sa.func.count()).select_from(s).where(*mine))
    if left:
        yield f"it is sealed and still has {left} rows of seconds"


def _rows(connection: sa.Connection, table: sa.Table, foot: sa.Row[Any]) -> Iterator[sa.Row[Any]]:
    mine = sa.select(table).where(table.c.recording_id == foot.recording_id, table.c.side == foot.side)
    yield from connection.execute(mine.order_by(table.c.seq).execution_options(yield_per=FETCH))


class _Index:
    """What the rows of a foot add up to, and whether they follow one another."""

    def __init__(self) -> None:
        self._next = self._samples = 0
        self._last_sample: int | None = None
        self._first_us: int | None = None
        self._last_us: int | None = None

    def skip(self, row: sa.Row[Any]) -> None:
        """A damaged row: what it says of itself is taken for true."""
        self._next, self._last_sample = row.seq + 1, None
        self._samples += row.n
        self._first_us = row.first_us if self._first_us is None else min(self._first_us, row.first_us)
        self._last_us = row.last_us if self._last_us is None else max(self._last_us, row.last_us)

    def take(self, row: sa.Row[Any], piece: Piece, *, in_order: bool) -> Iterator[str]:
        """A row that is whole; what is wrong with its place."""
        if row.seq != self._next:
            yield f"rows {self._next} to {row.seq - 1} are missing"
        before = self._last_sample
        self.skip(row)
        self._last_sample = int(piece.sample[-1])
        if in_order and not ((np.diff(piece.sample) > 0).all() and (before is None or piece.sample[0] > before)):
            yield f"the samples of block {row.seq} are not in order"

    def against(self, foot: sa.Row[Any]) -> Iterator[str]:
        """Held against what the foot's own row says."""
        said, there = (foot.samples, foot.first_us, foot.last_us), (self._samples, self._first_us, self._last_us)
        if said != there:
            yield (
                f"it is said to have {said[0]} samples from {said[1]} to {said[2]} us, "
                f"there are {there[0]} from {there[1]} to {there[2]} us"
            )
