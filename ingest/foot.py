"""One foot's way from notification to chunk: decode, join, place, fit, buffer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ingest.buffer import Ring
from ingest.clock import ClockEstimate, Timeline
from insole.devices import Packet, join
from insole.errors import PacketError
from insole.recording import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.link import Link
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
        self.clock = ClockEstimate()
        self.ring = Ring(
            meta.side, meta.layout.n_sensors, max(1, round(RING_S * meta.rate_hz)), channels=len(meta.inertial)
        )
        self.garbled, self.why = 0, ""
        self.first_us: int | None = None
        self.last_us = 0
        self._start_s, self._on_chunk = start_s, on_chunk
        self._parts: list[Packet] = []
        self._connection = link.connections
        self._fit = self.clock.fit()
        self._last_s = -np.inf

    @property
    def drops(self) -> int:
        """How often the connection was lost and made again."""
        return max(0, self.link.connections - 1)

    def refit(self) -> None:
        """Take up what the clock has learned, for the times that the live view is given."""
        self._fit = self.clock.fit()

    def receive(self, payload: bytes, arrival_s: float) -> None:
        """Take a notification in; what is wrong with it is counted, not raised."""
        try:
            packet = self._whole(self.link.device.decode(payload))
        except PacketError as e:
            self.garbled, self.why = self.garbled + 1, str(e)
            self._parts = []
            return
        if packet is None:
            return
        arrival_s -= self._start_s
        reconnected = self._connection != self.link.connections and self.timeline.first_sample is not None
        self._connection = self.link.connections
        placed = self.timeline.place(packet, arrival_s, reconnected=reconnected)
        if placed is None:
            return
        samples = packet.samples[placed.skip :]
        device_us = packet.times_us(placed.device_us)[: len(samples)]
        inertial = None if packet.inertial is None else packet.inertial[placed.skip :]
        self._accept(Chunk(self.meta.side, placed.first_sample, samples, device_us, arrival_s, inertial))

    def _whole(self, part: Packet) -> Packet | None:
        """The packet that ``part`` completes; raises if it is of another insole than this."""
        n = self.meta.layout.n_sensors
        if part.n_sensors != n:
            raise PacketError(f"a packet of {part.n_sensors} sensors from an insole that said it has {n}")
        channels = len(self.meta.inertial)
        if part.inertial is not None and part.inertial.shape != (len(part.samples), channels):
            raise PacketError(f"inertial values {part.inertial.shape} from an insole of {channels} such channels")
        if abs(part.period_us * self.meta.rate_hz - 1e6) > 1e4:
            raise PacketError(f"samples {part.period_us} us apart from an insole of {self.meta.rate_hz:g} Hz")
        if self._parts and self._parts[0].counter != part.counter:
            self._parts = []
        self._parts.append(part)
        packet = join(self._parts)
        if packet is not None or len(self._parts) > PARTS_MAX:
            self._parts = []
        return packet

    def _accept(self, chunk: Chunk) -> None:
        if self.first_us is None:
            self.first_us = int(chunk.device_us[0])
        self.last_us = int(chunk.device_us[-1])
        self.clock.add(self.last_us, chunk.arrival_s)
        self.ring.push(chunk)
        if self._on_chunk is not None:
            if self._last_s == -np.inf:
                self.refit()
            time_s = self._fit.to_session_s(chunk.device_us)
            # While the fit still improves it may step back by a few milliseconds; shown time never does.
            time_s = time_s + max(0.0, self._last_s + 0.5 / self.meta.rate_hz - float(time_s[0]))
            self._last_s = float(time_s[-1])
            self._on_chunk(chunk, time_s)
