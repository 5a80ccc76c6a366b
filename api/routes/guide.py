"""Guided tests."""

from __future__ import annotations

import anyio
from fastapi import APIRouter

from api.deps import TheGuidance, TheStore
from api.guidance import Guidance
from api.livewire import GuideIn, GuideOut
from api.routes.live import about_of, guide_out
from insole.errors import NotNowError

router = APIRouter(prefix="/api/v1/live/guide", tags=["live"])


@router.post("", status_code=201)
async def begin(given: GuideIn, guidance: TheGuidance, store: TheStore) -> GuideOut:
    """Begin a recording and a guided test in it; its first task waits to be begun."""
    await guidance.begin(given.protocol, await anyio.to_thread.run_sync(about_of, given, store))
    return _out(guidance)


@router.post("/task")
async def task(guidance: TheGuidance) -> GuideOut:
    """Begin the task, or begin it again."""
    guidance.task()
    return _out(guidance)


@router.post("/end")
async def end(guidance: TheGuidance) -> GuideOut:
    """End the task that runs, with what there is."""
    guidance.end()
    return _out(guidance)


@router.post("/next")
async def go_on(guidance: TheGuidance) -> GuideOut:
    """Go to the next task; after the last the recording is sealed and marked."""
    await guidance.go_on()
    return _out(guidance)


@router.post("/finish")
async def finish(guidance: TheGuidance) -> GuideOut:
    """End the test with what there is; the recording is sealed and marked."""
    await guidance.finish()
    return _out(guidance)


def _out(guidance: Guidance) -> GuideOut:
    out = guide_out(guidance)
    if out is None:
        raise NotNowError("no guided test is running; begin one first")
    return out
