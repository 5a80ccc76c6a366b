"""Insoles that are waited for: both at the beginning, and one that comes later for as long as a session runs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from ingest.tasks import ended, first_of
from insole.errors import InsoleError, LinkError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.link import Link
    from insole.recording import FootMeta, Side

_log = logging.getLogger(__name__)

AGAIN_S = 5.0
"""Pause before an insole that said nonsense, or could not be asked, is asked anew (our judgement)."""

NOT_FOUND = " was not found in time; is it charged and near?"


class Arrivals:
    """Connects to all insoles at once; whoever is late is waited for until ``end``.

    Parameters
    ----------
    links
        One insole each, of different feet.

    Raises
    ------
    LinkError
        If there are none, or two are of the same foot.
    """

    def __init__(self, links: Sequence[Link]) -> None:
        if not links:
            raise LinkError("no insoles were given to collect from")
        self._links = {link.side: link for link in links}
        if len(self._links) != len(links):
            raise LinkError("two insoles of the same foot; give one of each")
        self._tasks = {link.side: asyncio.create_task(link.connect()) for link in links}
        self._why: dict[Side, InsoleError] = {}

    @property
    def tasks(self) -> list[asyncio.Task[FootMeta]]:
        """What is waited for: one a foot that is not there."""
        return list(self._tasks.values())

    async def first(self, stop: asyncio.Event, wait_s: float) -> Mapping[Side, FootMeta]:
        """Wait until all are there, the time is over or ``stop`` is set; who is there, which is at least one.

        Raises
        ------
        LinkError
            If none is there, or ``stop`` was set before.
        InsoleError
            If none can be: what the first of them said.
        """
        both = asyncio.ensure_future(asyncio.wait(self.tasks))
        try:
            await first_of([both], stop, wait_s)
        finally:
            await ended([both])
        if stop.is_set():
            raise LinkError("stopped before the recording began; nothing was recorded")
        there = self.come()
        if not there:
            raise next(iter(self._why.values()), None) or LinkError("; ".join(self.problems()))
        return there

    def come(self) -> dict[Side, FootMeta]:
        """Who has come since this was asked last. Who failed is asked again, after a while."""
        there: dict[Side, FootMeta] = {}
        for side, task in list(self._tasks.items()):
            if not task.done():
                continue
            try:
                there[side] = task.result()
            except InsoleError as e:
                _log.info("the %s insole: %s; trying again", side, e)
                self._why[side] = e
                self._tasks[side] = asyncio.create_task(self._again(self._links[side]))
            else:
                del self._tasks[side]
        return there

    def problems(self) -> list[str]:
        """Who never came, in words."""
        return [self._missing(side) for side in self._tasks]

    async def end(self) -> None:
        """Look for nobody any more."""
        await ended(self.tasks)

    async def _again(self, link: Link) -> FootMeta:
        await asyncio.sleep(AGAIN_S)
        return await link.connect()

    def _missing(self, side: Side) -> str:
        return f"the {side} insole" + (f": {self._why[side]}" if side in self._why else NOT_FOUND)
