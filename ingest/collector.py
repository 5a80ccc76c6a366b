"""Collect a session: both insoles at once, into a store, until told to stop."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

from ingest.asking import keep_asking, wait_for_rest
from ingest.foot import Foot
from ingest.summary import Summary, summarise
from ingest.tasks import ended, first_of, in_thread
from insole.errors import InsoleError, LinkError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ingest.link import Link
    from insole.recording import Chunk, ClockFit, FootMeta, Side
    from insole.typing import F64

APPEND_EVERY_S = 0.5
"""At most so much is lost if the power fails: half of the second that is promised."""

CLOCK_EVERY_S = 10.0
"""How often the store is told of the clocks, for a recording that never gets to its end, and that
the session goes on while the radio is silent (our judgement; a store waits 30 s before it takes a
recording for abandoned)."""

WAIT_FOR_BOTH_S = 20.0
"""How long both feet are waited for before one alone is taken (our judgement)."""


class Sink(Protocol):
    """Where samples go. Its calls may block: they are made in a worker thread, one at a time."""

    def append(self, chunks: Sequence[Chunk]) -> None:
        """Keep them; they are safe when this returns. None at all says that the session goes on."""
        ...

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        """Keep the latest fit of a foot's clock."""
        ...

    def seal(self) -> None:
        """Finish the recording."""
        ...


async def collect(
    links: Sequence[Link],
    *,
    open_sink: Callable[[Mapping[Side, FootMeta]], Sink],
    duration_s: float | None = None,
    stop: asyncio.Event | None = None,
    on_chunk: Callable[[Chunk, F64], None] | None = None,
    wait_s: float = WAIT_FOR_BOTH_S,
    now: Callable[[], float] = time.monotonic,
) -> Summary:
    """Collect from one or two insoles at once.

    Starts when both are connected, or with the one that is there after ``wait_s``. A dropped
    connection leaves a gap; a garbled notification is counted. Whatever ends it, the streams
    are stopped, what arrived is appended, the clocks are set and the sink is sealed.

    Parameters
    ----------
    links
        One insole each, of different feet.
    open_sink
        Given what each foot is, begins a recording. Called in a worker thread.
    duration_s
        How long to collect, in seconds of ``now``; None until ``stop``.
    stop
        Ends it when set.
    on_chunk
        Called in this thread with each chunk as it comes and its ``(n,)`` session seconds.
    wait_s
        How long to wait for insoles that are not there.
    now
        The clock of the links' arrivals, in seconds.

    Returns
    -------
    Summary
        What came in.

    Raises
    ------
    LinkError
        If no insole is there, or two are of the same foot.
    InsoleError
        If the sink fails. It is sealed with what it holds, if it still can, and the error
        carries a note of how much that is.
    """
    stop = stop or asyncio.Event()
    session = _Session(now)
    try:
        metas = await session.connect(links, wait_s, stop)
        start_s = now()
        sink = await asyncio.to_thread(open_sink, metas)
        session.feet = {
            link.side: Foot(link, metas[link.side], start_s=start_s, on_chunk=on_chunk)
            for link in links
            if link.side in metas
        }
        await session.run(sink, start_s, duration_s, stop)
    finally:
        await asyncio.gather(*(link.disconnect() for link in links))
    return session.summary(now() - start_s)


class _Session:
    """The moving parts of one call of ``collect``."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.feet: dict[Side, Foot] = {}
        self._now = now
        self._problems: list[str] = []
        self._slowest_append_s = 0.0
        self._clocks_due_s = 0.0

    async def connect(self, links: Sequence[Link], wait_s: float, stop: asyncio.Event) -> dict[Side, FootMeta]:
        """Connect to all that are there in time; the others become problems."""
        if len({link.side for link in links}) != len(links):
            raise LinkError("two insoles of the same foot; give one of each")
        tasks = [asyncio.create_task(link.connect()) for link in links]
        try:
            await first_of([asyncio.gather(*tasks, return_exceptions=True)], stop, wait_s)
        finally:
            await ended(tasks)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        metas: dict[Side, FootMeta] = {}
        for link, result in zip(links, results, strict=True):
            if isinstance(result, asyncio.CancelledError):
                self._problems.append(f"the {link.side} insole was not found in time; is it charged and near?")
            elif isinstance(result, InsoleError):
                self._problems.append(f"the {link.side} insole: {result}")
            elif isinstance(result, BaseException):
                raise result
            else:
                metas[link.side] = result
        if not metas:
            first = next((r for r in results if isinstance(r, InsoleError)), None)
            raise first or LinkError("; ".join(self._problems) or "no insoles were given to collect from")
        return metas

    async def run(self, sink: Sink, start_s: float, duration_s: float | None, stop: asyncio.Event) -> None:
        """Stream until the end, then drain and seal, whatever the end was."""
        streams = [asyncio.create_task(self._stream(foot)) for foot in self.feet.values()]
        asking = [
            asyncio.create_task(keep_asking(foot, foot.fetch, now=self._now))
            for foot in self.feet.values()
            if foot.fetch is not None
        ]
        try:
            try:
                await self._append_until(sink, streams, start_s, duration_s, stop)
                await wait_for_rest(self.feet.values(), streams, now=self._now)
            finally:
                await self._stop(streams, asking)
            await self._append(sink)
            await self._set_clocks(sink)
        except BaseException as e:
            e.add_note(await self._rescue(sink))
            raise
        await in_thread(sink.seal)

    async def _append_until(
        self,
        sink: Sink,
        streams: Sequence[asyncio.Task[None]],
        start_s: float,
        duration_s: float | None,
        stop: asyncio.Event,
    ) -> None:
        """Append twice a second until told to stop, the time is over, or no stream is left."""
        while not stop.is_set() and not all(stream.done() for stream in streams):
            left_s = APPEND_EVERY_S if duration_s is None else start_s + duration_s - self._now()
            if left_s <= 0:
                break
            await first_of([s for s in streams if not s.done()], stop, min(APPEND_EVERY_S, left_s))
            await self._append(sink)

    def summary(self, duration_s: float) -> Summary:
        """What came in."""
        return summarise(
            self.feet,
            duration_s=duration_s,
            slowest_append_s=self._slowest_append_s,
            problems=tuple(self._problems),
        )

    async def _stream(self, foot: Foot) -> None:
        try:
            await foot.link.stream(foot.receive)
        except InsoleError as e:
            self._problems.append(f"the {foot.meta.side} insole stopped: {e}")

    async def _stop(self, streams: Sequence[asyncio.Task[None]], asking: Sequence[asyncio.Task[None]]) -> None:
        """Stop both insoles; what they sent before is delivered while they stop."""
        for task in asking:
            task.cancel()
        await asyncio.gather(*(foot.link.disconnect() for foot in self.feet.values()))
        for stream in streams:
            stream.cancel()
        for result in await asyncio.gather(*streams, *asking, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _append(self, sink: Sink) -> None:
        chunks = [chunk for foot in self.feet.values() for chunk in foot.ring.take()]
        for foot in self.feet.values():
            foot.refit()
        clocks_due = self._now() >= self._clocks_due_s
        if chunks or clocks_due:
            began = time.monotonic()
            await in_thread(sink.append, chunks)
            self._slowest_append_s = max(self._slowest_append_s, time.monotonic() - began)
        if clocks_due:
            self._clocks_due_s = self._now() + CLOCK_EVERY_S
            await self._set_clocks(sink)

    async def _set_clocks(self, sink: Sink) -> None:
        for side, foot in self.feet.items():
            if foot.timeline.received:
                await in_thread(sink.set_clock, side, foot.clock.fit())

    async def _rescue(self, sink: Sink) -> str:
        """After a failure: append and seal what the sink still takes, and say whether it did."""
        try:
            await self._append(sink)
            await self._set_clocks(sink)
        except InsoleError:
            pass  # the failure that brought us here, once more
        try:
            await in_thread(sink.seal)
        except InsoleError as e:
            return f"The recording could not be sealed ({e}); what was appended before is kept."
        return "The recording was sealed with what it holds."
