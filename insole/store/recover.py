"""Seal what a killed writer left open."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sqlalchemy as sa

from insole.errors import StoreError
from insole.store import tables
from insole.store.seal import seal

if TYPE_CHECKING:
    from insole.store.audit import Ledger

log = logging.getLogger(__name__)


def recover(ledger: Ledger) -> list[str]:
    """Seal every recording whose lease ran out; their ids, oldest first. See ``Store.recover``."""
    sealed: list[str] = []
    for recording_id in _left_open(ledger):
        try:
            if _seal_if_left(ledger, recording_id):
                sealed.append(recording_id)
        except StoreError as e:
            log.warning("recording %s stays open: %s", recording_id, e)
    return sealed


def _left_open(ledger: Ledger) -> list[str]:
    with ledger.read() as connection:
        query = sa.select(tables.recording.c.id).where(_is_left(ledger)).order_by(tables.recording.c.id)
        return [*connection.scalars(query)]


def _seal_if_left(ledger: Ledger, recording_id: str) -> bool:
    """Seal, after looking again within the transaction: the writer may have come back."""
    r = tables.recording
    with ledger.change() as change:
        query = sa.select(r.c.id).where(r.c.id == recording_id, _is_left(ledger)).with_for_update()
        if change.connection.scalar(query) is None:
            return False
        seal(change.connection, recording_id)
        return True


def _is_left(ledger: Ledger) -> sa.ColumnElement[bool]:
    r = tables.recording
    return sa.and_(r.c.state == "recording", r.c.lease_until < ledger.now())
