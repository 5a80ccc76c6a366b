"""Whether the service is well."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import TheStore
from api.schemas import Health

router = APIRouter()


@router.get("/healthz")
def health(store: TheStore) -> Health:
    """Whether the service answers and its store can be read."""
    return Health(status="ok", recordings=len(store.list()))
