"""Ask insoles for samples that were lost, while a session lasts and at its end."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ingest.backlog import Fetch
    from ingest.foot import Foot

ASK_EVERY_S = 0.02
"""How often it is looked whether there is anything to ask an insole for, on average (our judgement).

The pauses are uneven, half as long to half as long again: an insole that makes a packet every 20 ms
and was asked every 100 ms would be asked at the same moment of each packet. Its samples would all
look late by the same part of 20 ms, the other foot's by another.
"""

GOLDEN = 0.6180339887498949
"""Multiples of it, without their whole part, are spread most evenly (H. Weyl, 1916, doi 10.1007/BF01475864)."""

IDLE_S = 1.0
"""The same while nothing is; a new gap is looked at at once (our judgement)."""

BACKLOG_END_S = 15.0
"""How long the end of a session waits for samples that were lost and can be had again (our judgement)."""


async def keep_asking(foot: Foot, fetch: Fetch, *, now: Callable[[], float]) -> None:
    """Ask an insole for what it still has and did not bring, until cancelled."""
    for turn in count():
        command = fetch.next(now())
        if command is not None:
            fetch.told(sent=await foot.link.ask(command))
        pause_s = ASK_EVERY_S * (0.5 + turn * GOLDEN % 1) if fetch.busy else IDLE_S
        await foot.news(pause_s)


async def wait_for_rest(
    feet: Collection[Foot], streams: Collection[asyncio.Task[None]], *, now: Callable[[], float]
) -> None:
    """Take nothing new, and wait until nothing that was lost can be had any more."""
    until_s = now() + BACKLOG_END_S
    for foot in feet:
        foot.end()
    while now() < until_s and not all(stream.done() for stream in streams):
        if not any(foot.fetch is not None and foot.fetch.waits for foot in feet):
            return
        await asyncio.sleep(ASK_EVERY_S)
