"""What was deleted and can be restored."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from api.deps import TheStore
from api.records import BinnedOut

router = APIRouter(prefix="/api/v1/bin", tags=["bin"])


@router.get("")
def binned(store: TheStore) -> list[BinnedOut]:
    """What was deleted by itself, the latest first; it is restored where it was deleted."""
    return [BinnedOut(**asdict(one)) for one in store.bin.list()]
