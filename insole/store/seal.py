"""Turn what was appended into ordered, compressed blocks, in one transaction and bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from insole.recording import Side
from insole.store import tables
from insole.store.pieces import Piece, block_row, block_size, in_blocks, second_piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insole.store.damage import Damage

FETCH = 64
"""Rows of seconds that are read at once (our judgement: about a block)."""


def seal(connection: sa.Connection, recording_id: str) -> None:
    """Compact a recording that is being recorded; it ends sealed.

    A recording without samples is sealed as well: that it was tried is worth knowing, and
    whoever wants it gone deletes it. Inertial values that are damaged become missing, and the
    recording's notes say which.

    Raises
    ------
    DamagedError
        If a row does not match its checksum; nothing is changed then.
    """
    mine = tables.foot.c.recording_id == recording_id
    lost: list[Damage] = []
    for foot in connection.execute(sa.select(tables.foot).where(mine)).all():
        facts = write_blocks(connection, foot, _seconds(connection, foot, lost))
        connection.execute(sa.update(tables.foot).where(mine, tables.foot.c.side == foot.side).values(facts))
    connection.execute(sa.delete(tables.second).where(tables.second.c.recording_id == recording_id))
    r = tables.recording
    if lost:
        about = connection.execute(sa.select(r.c.about).where(r.c.id == recording_id)).scalar_one()
        noted = {**about, "notes": [*about.get("notes", ()), *(damage.note for damage in lost)]}
        connection.execute(sa.update(r).where(r.c.id == recording_id).values(about=noted))
    connection.execute(sa.update(r).where(r.c.id == recording_id).values(state="sealed", lease_until=None))


def write_blocks(connection: sa.Connection, foot: sa.Row[Any], pieces: Iterable[Piece]) -> dict[str, int | None]:
    """Write a foot's pieces, given by first sample, as blocks; the columns that sum them up."""
    samples = 0
    first_us: int | None = None
    last_us: int | None = None
    for seq, piece in enumerate(in_blocks(pieces, size=block_size(foot.rate_hz))):
        row = block_row((foot.recording_id, Side(foot.side), seq), piece)
        connection.execute(sa.insert(tables.block), row)
        samples += len(piece)
        first_us = row["first_us"] if first_us is None else min(first_us, row["first_us"])
        last_us = row["last_us"] if last_us is None else max(last_us, row["last_us"])
    return {"samples": samples, "first_us": first_us, "last_us": last_us}


def _seconds(connection: sa.Connection, foot: sa.Row[Any], lost: list[Damage]) -> Iterator[Piece]:
    """The rows that were appended, by first sample, a few in memory at a time."""
    t = tables.second
    mine = (t.c.recording_id == foot.recording_id, t.c.side == foot.side)
    by_sample = (t.c.first_sample, t.c.seq)
    order = connection.scalars(sa.select(t.c.seq).where(*mine).order_by(*by_sample)).all()
    for start in range(0, len(order), FETCH):
        some = order[start : start + FETCH]
        rows = connection.execute(sa.select(t).where(*mine, t.c.seq.in_(some)).order_by(*by_sample)).all()
        yield from (second_piece(row, foot, lost) for row in rows)
