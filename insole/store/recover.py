"""Seal what a killed writer left open, and end what a killed sealing left to do."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sqlalchemy as sa

from insole.errors import StoreError
from insole.store import tables
from insole.store.seal import Sealing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from insole.store.engine import Database

log = logging.getLogger(__name__)


def recover(database: Database, *, now: Callable[[], datetime]) -> list[str]:
    """Seal every recording whose lease ran out; their ids, oldest first. See ``Store.recover``."""
    sealed: list[str] = []
    for recording_id, state in _left(database, now()):
        sealing = Sealing(database, recording_id, now=now)
        try:
            if state == "sealed":
                sealing.tidy()
            elif sealing.seal(left_only=True):
                sealed.append(recording_id)
        except StoreError as e:
            log.warning("recording %s stays open: %s", recording_id, e)
    return sealed


def _left(database: Database, at: datetime) -> list[tuple[str, str]]:
    r = tables.recording
    left = sa.select(r.c.id, r.c.state).where(r.c.lease_until < at).order_by(r.c.id)
    with database.read() as connection:
        return [(row.id, row.state) for row in connection.execute(left)]
