"""A new recording's rows; an import's samples."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from insole.errors import StoreError
from insole.recording import ClockFit, to_ticks_us
from insole.store import tables
from insole.store.blocks import Facts, block_rows
from insole.store.codec import DTYPES
from insole.store.feet import about_row, clock_columns, foot_row
from insole.store.filing import AS_RECORDED, visit_for
from insole.store.ids import new_id
from insole.store.marks import insert_marks
from insole.store.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from insole.recording import About, FootStream, Recording
    from insole.records import Mark
    from insole.store.audit import Change
    from insole.store.filing import VisitDay

ROWS = 32
"""Blocks that are handed to the database at once (our judgement: some megabytes)."""

FAR_S = 4e9
"""Session times beyond this (127 years) do not keep their microseconds in a float64."""


def insert(
    change: Change,
    started_at: datetime,
    about: About,
    feet: Iterable[dict[str, Any]],
    *,
    lease_until: datetime | None,
    visit_date: VisitDay = AS_RECORDED,
    recording_id: str = "",
) -> str:
    """Insert a recording and its feet, without samples, under its subject; its new id.

    It is sealed if nobody holds a lease. Errors are those of ``Store.begin``.
    """
    recording_id = recording_id or new_id(change.at)
    visit_id = visit_for(change, about.subject_code, started_at, visit_date)
    row = {
        "id": recording_id,
        "started_at": started_at,
        "created_at": change.at,
        "state": "sealed" if lease_until is None else "recording",
        "lease_until": lease_until,
        "source_sha256": about.source_sha256,
        "about": about_row(about),
        "visit_id": visit_id,
    }
    change.connection.execute(sa.insert(tables.recording), row)
    change.connection.execute(sa.insert(tables.foot), [{**foot, "recording_id": recording_id} for foot in feet])
    change.note("recording", recording_id, "made", after={**about_row(about), "visit_id": visit_id})
    return recording_id


@dataclass(frozen=True, eq=False)
class Whole:
    """A recording with all of its samples, as rows that only have to be written.

    Attributes
    ----------
    recording_id
        Its id, which the checksums of its rows hold.
    recording
        What is known of it.
    feet, blocks
        Rows.
    """

    recording_id: str
    recording: Recording
    feet: list[dict[str, Any]]
    blocks: list[dict[str, Any]]

    @classmethod
    def of(cls, recording: Recording, *, at: datetime) -> Whole:
        """Compress a recording that is stored at that time. Errors are those of ``Store.add``."""
        whole = cls(new_id(at), recording, [], [])
        for side, foot in recording.feet.items():
            piece, facts = _piece(foot), Facts()
            pieces = [piece] if len(piece) else []
            whole.blocks.extend(block_rows(whole.recording_id, side, foot.rate_hz, pieces, facts))
            whole.feet.append({**_row(foot), **asdict(facts)})
        return whole


def insert_whole(change: Change, whole: Whole, visit_date: VisitDay = AS_RECORDED, marks: Sequence[Mark] = ()) -> str:
    """Insert a recording with its samples and marks, sealed; its new id. Errors are those of ``Store.add``."""
    given, known = whole.recording, whole.recording_id
    insert(
        change,
        given.started_at,
        given.about,
        whole.feet,
        lease_until=None,
        visit_date=visit_date,
        recording_id=known,
    )
    for start in range(0, len(whole.blocks), ROWS):
        change.connection.execute(sa.insert(tables.block), whole.blocks[start : start + ROWS])
    insert_marks(change, known, marks)
    return known


def _row(foot: FootStream) -> dict[str, Any]:
    """The row of an imported foot: its times are session times already; how well they were known is kept."""
    clock = ClockFit(residual_s=foot.clock.residual_s)
    return {**foot_row("", foot.meta, dtype=foot.values.dtype.name), **clock_columns(clock)}


def _piece(foot: FootStream) -> Piece:
    """The samples of an imported foot, with session time as microsecond ticks."""
    if foot.values.dtype.name not in DTYPES:
        raise StoreError(
            f"{foot.side} foot: values are {foot.values.dtype}; a store keeps {' or '.join(DTYPES)}, convert them first"
        )
    if foot.time_s.size and not np.abs(foot.time_s).max() < FAR_S:
        raise StoreError(f"{foot.side} foot: a time is beyond {FAR_S:g} s; count seconds from the recording's start")
    ticks = to_ticks_us(foot.time_s)
    close = np.flatnonzero(np.diff(ticks) <= 0)
    if close.size:
        raise StoreError(
            f"{foot.side} foot: rows {close[0]} and {close[0] + 1} are less than a microsecond apart "
            f"(at {foot.time_s[close[0]]} s); are the times in seconds?"
        )
    inertial = None if foot.inertial is None else foot.inertial.T
    return Piece(np.asarray(foot.sample, np.int64), ticks, foot.values.T, inertial)
