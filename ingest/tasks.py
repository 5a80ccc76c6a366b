"""Waiting for tasks, for an event and for threads, so that a cancellation loses nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

CANCEL_AGAIN_S = 0.5
"""How long a cancelled task may take to clean up before it is cancelled again (our judgement)."""


async def first_of(tasks: Sequence[asyncio.Future[Any]], stop: asyncio.Event, timeout_s: float) -> None:
    """Wait until a task is done, ``stop`` is set or the time is over."""
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([*tasks, stopping], timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)


async def ended(tasks: Collection[asyncio.Future[Any]]) -> None:
    """Cancel tasks until all are done: ``wait_for`` of Python 3.11, in libraries, may swallow a cancellation."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_S)


async def in_thread(call: Callable[..., None], *args: Any) -> None:
    """Make a blocking call in a worker thread; if cancelled meanwhile, let the call end first."""
    task = asyncio.ensure_future(asyncio.to_thread(call, *args))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
