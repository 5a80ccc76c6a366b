"""Collect a session: both insoles at once, into a store, until told to stop."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from ingest.arrivals import Arrivals
from ingest.asking import keep_asking, wait_for_rest
from ingest.foot import Foot
from ingest.summary import Summary, summarise
from ingest.tasks import first_of, in_thread
from insole.errors import InsoleError, StoreError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ingest.link import Link
    from ingest.sink import Sink
    from insole.recording import Chunk, FootMeta
    from insole.typing import F64

APPEND_EVERY_S = 0.5
"""At most so much is lost if the power fails: half of the second that is promised."""

CLOCK_EVERY_S = 10.0
"""How often the store is told of the clocks, for a recording that never gets to its end, and that
the session goes on while the radio is silent (our judgement; a store waits 30 s before it takes a
recording for abandoned)."""

WAIT_FOR_BOTH_S = 20.0
"""How long both feet are waited for before a recording begins with one (our judgement)."""


async def collect(
    links: Sequence[Link],
    *,
    open_sink: Callable[[Mapping[Side, FootMeta]], Sink],
    duration_s: float | None = None,
    stop: asyncio.Event | None = None,
    on_chunk: Callable[[Chunk, F64], None] | None = None,
    wait_s: float = WAIT_FOR_BOTH_S,
    clock_every_s: float = CLOCK_EVERY_S,
    now: Callable[[], float] = time.monotonic,
) -> Summary:
    """Collect from one or two insoles at once.

    Starts when both are connected, or with the one that is there after ``wait_s``; the other is
    looked for as long as it lasts, and joins when it comes. A dropped connection leaves a gap; a
    garbled notification is counted. Whatever ends it, the streams are stopped, what arrived is
    appended, the clocks are set and the sink is sealed.

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
    clock_every_s
        How often the sink is told of the clocks at least.
    now
        The clock of the links' arrivals, in seconds.

    Returns
    -------
    What came in.

    Raises
    ------
    LinkError
        If no insole is there, two are of the same foot, or ``stop`` was set before one was there.
    InsoleError
        If the sink fails. It is sealed with what it holds, if it still can, and the error
        carries a note of how much that is.
    """
    stop = stop or asyncio.Event()
    session = _Session(links, on_chunk, now, clock_every_s)
    try:
        metas = await session.arrivals.first(stop, wait_s)
        start_s = session.start_s = now()
        sink = await _opened(open_sink, metas)
        await session.run(sink, metas, duration_s, stop)
    finally:
        await session.arrivals.end()
        await asyncio.gather(*(link.disconnect() for link in links))
    return session.summary(now() - start_s)


async def _opened(open_sink: Callable[[Mapping[Side, FootMeta]], Sink], metas: Mapping[Side, FootMeta]) -> Sink:
    """A new recording; if cancelled while it begins, it is sealed."""
    opening = asyncio.ensure_future(asyncio.to_thread(open_sink, metas))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.wait([opening])
        if opening.exception() is None:
            await in_thread(opening.result().seal)
        raise


class _Session:
    """The moving parts of one call of ``collect``."""

    def __init__(
        self,
        links: Sequence[Link],
        on_chunk: Callable[[Chunk, F64], None] | None,
        now: Callable[[], float],
        clock_every_s: float,
    ) -> None:
        self.arrivals = Arrivals(links)
        self.start_s = 0.0
        self._links = {link.side: link for link in links}
        self._feet: dict[Side, Foot] = {}
        self._streams: list[asyncio.Task[None]] = []
        self._asking: list[asyncio.Task[None]] = []
        self._on_chunk, self._now = on_chunk, now
        self._problems: list[str] = []
        self._waiting: list[Chunk] = []  # taken from the rings, and not yet safe
        self._clocks_told: set[Side] = set()
        self._clocks_due_s, self._clock_every_s = 0.0, clock_every_s
        self._slowest_append_s = 0.0

    async def run(
        self, sink: Sink, metas: Mapping[Side, FootMeta], duration_s: float | None, stop: asyncio.Event
    ) -> None:
        """Stream until the end, then drain and seal, whatever the end was."""
        try:
            try:
                for meta in metas.values():
                    self._begin(meta)
                await self._append_until(sink, duration_s, stop)
                await wait_for_rest(self._feet.values(), self._streams, now=self._now)
            finally:
                await self._stop()
            await self._append(sink)
            await self._set_clocks(sink)
        except BaseException as e:
            e.add_note(await self._rescue(sink))
            raise
        await in_thread(sink.seal)

    def summary(self, duration_s: float) -> Summary:
        """What came in."""
        return summarise(
            {side: self._feet[side] for side in Side if side in self._feet},
            duration_s=duration_s,
            slowest_append_s=self._slowest_append_s,
            problems=(*self.arrivals.problems(), *self._problems),
        )

    def _begin(self, meta: FootMeta) -> None:
        """Stream from an insole that is there."""
        link = self._links[meta.side]
        foot = self._feet[meta.side] = Foot(link, meta, start_s=self.start_s, on_chunk=self._on_chunk)
        self._streams.append(asyncio.create_task(self._stream(foot)))
        if foot.fetch is not None:
            self._asking.append(asyncio.create_task(keep_asking(foot, foot.fetch, now=self._now)))

    async def _join(self, sink: Sink) -> None:
        """Let feet join that came after the recording had begun; one that cannot does not stop the other."""
        for side, meta in self.arrivals.come().items():
            try:
                await in_thread(sink.add_foot, meta)
            except StoreError:
                raise
            except InsoleError as e:
                self._problems.append(f"the {side} insole came later and could not join: {e}")
                await self._links[side].disconnect()
            else:
                self._begin(meta)

    async def _append_until(self, sink: Sink, duration_s: float | None, stop: asyncio.Event) -> None:
        """Append twice a second until told to stop, the time is over, or no stream is left."""
        while not stop.is_set() and not all(stream.done() for stream in self._streams):
            left_s = APPEND_EVERY_S if duration_s is None else self.start_s + duration_s - self._now()
            if left_s <= 0:
                break
            waiting = [s for s in self._streams if not s.done()] + self.arrivals.tasks
            await first_of(waiting, stop, min(APPEND_EVERY_S, left_s))
            await self._join(sink)
            await self._append(sink)

    async def _stream(self, foot: Foot) -> None:
        try:
            await foot.link.stream(foot.receive)
        except InsoleError as e:
            self._problems.append(f"the {foot.meta.side} insole stopped: {e}")

    async def _stop(self) -> None:
        """Look for nobody any more, and stop the insoles; what they sent before is delivered while they stop."""
        await self.arrivals.end()
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*(foot.link.disconnect() for foot in self._feet.values()))
        for stream in self._streams:
            stream.cancel()
        for result in await asyncio.gather(*self._streams, *self._asking, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _append(self, sink: Sink) -> None:
        self._waiting += [chunk for foot in self._feet.values() for chunk in foot.ring.take()]
        for foot in self._feet.values():
            foot.refit()
        clocks_due = self._now() >= self._clocks_due_s
        if clocks_due or not self._clocks_told.issuperset(self._heard()):
            self._clocks_due_s = self._now() + self._clock_every_s
            await self._set_clocks(sink)  # of a new foot before its samples: they are never without it
        if self._waiting or clocks_due:
            began = time.monotonic()
            await in_thread(self._keep, sink)
            self._slowest_append_s = max(self._slowest_append_s, time.monotonic() - began)

    def _keep(self, sink: Sink) -> None:
        sink.append(self._waiting)
        self._waiting = []

    def _heard(self) -> list[Side]:
        """Feet that have sent a sample."""
        return [side for side, foot in self._feet.items() if foot.timeline.received]

    async def _set_clocks(self, sink: Sink) -> None:
        for side in self._heard():
            await in_thread(sink.set_clock, side, self._feet[side].clock.fit())
            self._clocks_told.add(side)

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
