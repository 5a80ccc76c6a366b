"""One foot's way from notification to chunk: decode, join, place, fit, buffer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from ingest.backlog import Fetch
from ingest.buffer import Ring
from ingest.clock import ClockEstimate
from ingest.timeline import Timeline
from insole.devices import Packet, join
from insole.errors import PacketError
from insole.recording import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.link import Link
    from ingest.timeline import Placed
    from insole.recording import FootMeta
    from insole.typing import F64

RING_S = 60.0
"""Seconds of samples that wait for a slow store before the oldest give way (our judgement)."""

PARTS_MAX = 255
"""Parts of one frame that are waited for: as many as there can be sensors."""


class Foot:
    """What arrives from one insole during a session.

    Parameters
    ----------
    link, meta
        The insole, and what it said it is.
    start_s
        Second zero of the session, on the clock of the link's arrivals.
    on_chunk
        Called at once with each chunk and its session times, for the live view.

    Attributes
    ----------
    timeline, clock, ring
        Where its samples belong, its clock, and what nobody stored yet.
    fetch
        What to ask the insole for again; None if it keeps nothing.
    garbled
        Notifications that were not packets, or not of this insole; ``why`` is the last reason.
    first_us, last_us
        Device times of the first (None before it) and the last sample.
    """

    def __init__(
        self, link: Link, meta: FootMeta, *, start_s: float, on_chunk: Callable[[Chunk, F64], None] | None = None
    ) -> None:
        self.link, self.meta = link, meta
        self.timeline = Timeline(
            counter_bits=link.device.counter_bits, time_wrap_us=link.device.time_wrap_us, rate_hz=meta.rate_hz
        )
        backlog = link.device.backlog
        keeps = backlog is not None and backlog.rate_hz in {None, meta.rate_hz}
        self.fetch = Fetch(backlog, self.timeline) if backlog is not None and keeps else None
        self.clock = ClockEstimate()
        self.ring = Ring(
            meta.side, meta.layout.n_sensors, max(1, round(RING_S * meta.rate_hz)), channels=len(meta.inertial)
        )
        self.garbled, self.why = 0, ""
        self.first_us: int | None = None
        self.last_us = 0
        self._start_s, self._on_chunk = start_s, on_chunk
        self._parts: dict[bool, list[Packet]] = {False: [], True: []}  # of live frames, and of those sent again
        self._newest_at_s: dict[int, float] = {}  # by sample, of an insole that sends only when asked
        self._connection = link.connections
        self._fit = self.clock.fit()
        self._last_s = -np.inf
        self._ended = False
        self._news = asyncio.Event()

    @property
    def drops(self) -> int:
        """How often the connection was lost and made again."""
        return max(0, self.link.connections - 1)

    def refit(self) -> None:
        """Take up what the clock has learned, for the times that the live view is given."""
        self._fit = self.clock.fit()

    def end(self) -> None:
        """Take nothing new any more, only what fills gaps."""
        self._ended = True
        if self.fetch is not None:
            self.fetch.end()

    async def news(self, timeout_s: float) -> None:
        """Wait until something is lost, the insole has answered about its backlog, or the time is over.

        What came since this was asked last counts: an answer may be here before the question is known
        to have been taken.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):  # wait_for may swallow a cancellation in Python 3.11
                await self._news.wait()
        self._news.clear()

    def receive(self, payload: bytes, arrival_s: float) -> None:
        """Take a notification in; what is wrong with it is counted, not raised."""
        if self.fetch is not None and self.fetch.takes(payload):
            self._news.set()
            if self.fetch.newest is not None:
                self._newest_at_s.setdefault(self.fetch.newest, arrival_s - self._start_s)
            return
        device = self.link.device
        try:
            for message in device.cut(payload):
                packet = self._whole(device.decode(message))
                if packet is not None:
                    self._place(packet, arrival_s)
        except PacketError as e:
            self.garbled, self.why = self.garbled + 1, str(e)
            self._parts = {False: [], True: []}

    def _place(self, packet: Packet, arrival_s: float) -> None:
        reconnected = False
        if packet.resent and self.fetch is not None:
            self.fetch.came(arrival_s)
            self._news.set()
        elif self._ended:
            return
        else:
            reconnected = self._connection != self.link.connections and self.timeline.first_sample is not None
            self._connection = self.link.connections
        since_start_s, lost = arrival_s - self._start_s, self.timeline.lost
        for placed in self.timeline.place(packet, since_start_s, reconnected=reconnected):
            rows = slice(placed.skip, placed.skip + placed.n)
            device_us = packet.times_us(placed.device_us)[: placed.n]
            inertial = None if packet.inertial is None else packet.inertial[rows]
            samples = packet.samples[rows]
            chunk = Chunk(self.meta.side, placed.first_sample, samples, device_us, since_start_s, inertial)
            self._accept(chunk, placed, in_time=not packet.resent)
        if self.timeline.lost > lost:
            self._news.set()

    def _whole(self, part: Packet) -> Packet | None:
        """The packet that ``part`` completes; raises if it is of another insole than this."""
        n = self.meta.layout.n_sensors
        if part.n_sensors != n:
            raise PacketError(f"a packet of {part.n_sensors} sensors from an insole that said it has {n}")
        channels = len(self.meta.inertial)
        if part.inertial is not None and part.inertial.shape != (len(part.samples), channels):
            raise PacketError(f"inertial values {part.inertial.shape} from an insole of {channels} such channels")
        if part.period_us and abs(part.period_us * self.meta.rate_hz - 1e6) > 1e4:
            raise PacketError(f"samples {part.period_us} us apart from an insole of {self.meta.rate_hz:g} Hz")
        parts = self._parts[part.resent]
        if parts and parts[0].counter != part.counter:
            parts.clear()
        parts.append(part)
        packet = join(parts)
        if packet is not None or len(parts) > PARTS_MAX:
            parts.clear()
        return packet

    def _accept(self, chunk: Chunk, placed: Placed, *, in_time: bool) -> None:
        """Keep a chunk. What is late goes to the store only.

        What was sent when it was asked for tells nothing of the clock. But when the insole said that it had this
        sample, and none after it, does.
        """
        self.ring.push(chunk)
        if placed.late:
            return
        if self.first_us is None:
            self.first_us = int(chunk.device_us[0])
        self.last_us = int(chunk.device_us[-1])
        if in_time or self.timeline.first_sample == chunk.first_sample:
            self.clock.add(self.last_us, chunk.arrival_s)
        for sample in [s for s in self._newest_at_s if s < chunk.stop_sample]:
            at_s = self._newest_at_s.pop(sample)
            if sample >= chunk.first_sample:
                self.clock.add(int(chunk.device_us[sample - chunk.first_sample]), at_s)
        if self._on_chunk is not None:
            if self._last_s == -np.inf:
                self.refit()
            time_s = self._fit.to_session_s(chunk.device_us)
            # While the fit still improves it may step back by a few milliseconds; shown time never does.
            time_s = time_s + max(0.0, self._last_s + 0.5 / self.meta.rate_hz - float(time_s[0]))
            self._last_s = float(time_s[-1])
            self._on_chunk(chunk, time_s)
