"""What was deleted and can be restored."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from api.deps import TheStore, TheStudies
from api.records import BinnedOut

router = APIRouter(prefix="/api/v1/bin", tags=["bin"])


@router.get("")
def binned(store: TheStore) -> list[BinnedOut]:
    """What was deleted by itself, the latest first; it is restored where it was deleted."""
    return [BinnedOut(**asdict(one)) for one in store.bin.list()]


@router.delete("/{item_id}", status_code=204)
def purge(item_id: str, store: TheStore, studies: TheStudies) -> None:
    """Remove one thing, and what was deleted with it, for good."""
    store.bin.purge(item_id)
    studies.forget(item_id)
