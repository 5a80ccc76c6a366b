"""Tasks end, whatever swallows a cancellation."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from ingest.tasks import ended


async def test_a_task_that_swallows_a_cancellation_ends_all_the_same() -> None:
    swallowed: list[int] = []

    async def stubborn() -> None:
        for turn in range(2):
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            swallowed.append(turn)
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(stubborn()), asyncio.create_task(asyncio.Event().wait())]
    await asyncio.sleep(0)
    await ended(tasks)
    assert all(task.cancelled() for task in tasks)
    assert swallowed == [0, 1]


async def test_nothing_to_end_is_no_error() -> None:
    await ended([])
    assert asyncio.all_tasks() == {asyncio.current_task()}
