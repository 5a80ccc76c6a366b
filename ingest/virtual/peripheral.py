"""A virtual insole: a make's firmware over a real ATT/GATT server, playing a walker's foot or a recording's."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ingest.virtual import playing
from ingest.virtual.firmware import Notify, Present, Resend, SetClock, Start
from ingest.virtual.gatt import serve
from insole.calibration import Calibration
from insole.devices import Packet

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumble.device import Connection

    from ingest.virtual.firmware import Action, Firmware
    from ingest.virtual.pace import Pace
    from ingest.virtual.radio import Radio
    from ingest.virtual.source import Source
    from insole.typing import F32, Bool, Samples

EVENT_S = 0.0075
"""What is due within so long goes in one connection event; the shortest (Bluetooth Core 5.4, Vol 6, Part B, 4.5.1)."""

_BLOCK = 128  # samples that are asked of the source at once


class VirtualInsole:
    """One insole that plays a walker's foot, at its pace, on a clock of its own.

    Parameters
    ----------
    source, firmware
        What it plays, and how it speaks; the source makes counts by the firmware's ``meta.calibration``.
    radio, address
        Its controller and Bluetooth address.
    pace
        The true time.
    clock_offset_us, drift_ppm
        Its clock at power-on, and by how much it runs fast.
    first_counter
        Raw sample counter at power-on.
    battery_pct
        What it reports.

    Attributes
    ----------
    notifications, sent_samples, dropped_samples
        How many notifications of samples were due, how many samples went out (again, too), and how
        many live ones ``lose`` swallowed.
    sent_span
        From the first sample that went out to the one after the last, by when it was measured.
    lose
        Given the number of a notification, whether the radio loses it.
    late_s
        Given the number of a notification, by how many seconds it is sent late.
    withheld
        Given a first sample and a number n, ``(n,)`` whether each is one that it never measured. Only
        for a firmware whose packets may begin at any sample.
    """

    def __init__(
        self,
        source: Source,
        firmware: Firmware,
        radio: Radio,
        address: str,
        pace: Pace,
        *,
        clock_offset_us: int = 0,
        drift_ppm: float = 0.0,
        first_counter: int = 0,
        battery_pct: int = 87,
    ) -> None:
        calibration = firmware.meta.calibration
        if calibration is not None and not isinstance(calibration, Calibration):
            raise TypeError("a virtual insole needs a straight line to turn kPa into counts")
        self.meta, self.radio = firmware.meta, radio
        self.notifications = self.sent_samples = self.dropped_samples = 0
        self.sent_span = range(0)
        self.lose: Callable[[int], bool] | None = None
        self.late_s: Callable[[int], float] | None = None
        self.withheld: Callable[[int, int], Bool] | None = None
        self._firmware, self._source, self._calibration, self._pace = firmware, source, calibration, pace
        self._clock_offset_us, self._fast, self._first_counter = clock_offset_us, 1 + drift_ppm * 1e-6, first_counter
        self._counter_wrap = 1 << firmware.counter_bits
        self._period_us = round(1e6 / self.meta.rate_hz)
        self._power_on_s = pace.now()
        self._block: tuple[int, Samples] = (0, np.zeros((0, self.meta.layout.n_sensors), np.uint16))
        self._streaming: asyncio.Task[None] | None = None
        self._resending: asyncio.Task[None] | None = None
        self._advertising: asyncio.Task[None] | None = None
        self._host, self._served = serve(firmware, radio, address, battery_pct, on_write=self._on_write)
        self._host.on("connection", self._on_connection)

    async def power_on(self) -> None:
        """Begin to advertise."""
        await self._host.power_on()
        await self._host.start_advertising(auto_restart=False)

    async def power_off(self) -> None:
        """Stop everything."""
        for task in (self._streaming, self._resending, self._advertising):
            await _end(task)
        await self._host.power_off()

    def frames(self, first_sample: int, n: int) -> Samples:
        """``(n, S)`` uint16: what it measures as samples ``first_sample`` and after, counted from power-on."""
        start, block = self._block
        if not start <= first_sample <= first_sample + n <= start + len(block):
            size = max(n, _BLOCK)
            # A fast clock samples the same walk more often: each sample is the walk's nearest in true time.
            played = np.round(np.arange(first_sample, first_sample + size) / self._fast).astype(np.int64)
            lowest, highest = int(played[0]), int(played[-1])
            counts = playing.counts(self._source, self.meta.side, lowest, highest - lowest + 1, self._calibration)
            start, block = self._block = first_sample, counts[played - lowest]
        return block[first_sample - start : first_sample - start + n]

    def true_s(self, sample: int) -> float:
        """True time at which it takes a sample."""
        return self._power_on_s + sample * self._period_us * 1e-6 / self._fast

    @property
    def _newest(self) -> int:
        """The last sample of the last whole packet, counted from power-on."""
        taken = int((self._pace.now() - self._power_on_s) * self._fast * 1e6 // self._period_us) + 1
        return taken - (self._first_counter + taken) % self._firmware.frames - 1

    def _present(self) -> Present:
        elapsed_us = round((self._pace.now() - self._power_on_s) * self._fast * 1e6)
        counter, held = self._first_counter + self._newest, min(self._newest + 1, self._firmware.memory)
        device_us = (self._clock_offset_us + elapsed_us) % self._firmware.device.time_wrap_us
        return Present(device_us, counter % self._counter_wrap, held)

    async def _on_write(self, connection: Connection, uuid: str, data: bytes) -> None:
        for action in self._firmware.written(uuid, data, self._present()):
            await self._do(connection, action)

    def _on_connection(self, connection: Connection) -> None:
        connection.on("disconnection", self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        self._stop()
        self._advertising = asyncio.get_running_loop().create_task(self._host.start_advertising(auto_restart=False))

    async def _do(self, connection: Connection, action: Action) -> None:
        loop = asyncio.get_running_loop()
        if isinstance(action, Notify):
            self._host.notify(connection, self._served[action.uuid], action.payload)
        elif isinstance(action, Resend):
            await _end(self._resending)
            self._resending = loop.create_task(self._resend(connection, action))
        elif isinstance(action, SetClock):
            # A sample's time stays a whole number of periods after power-on.
            self._clock_offset_us = action.device_us - max(0, self._newest) * self._period_us
        else:
            self._stop()
            if isinstance(action, Start):
                self._streaming = loop.create_task(self._stream(connection))

    def _stop(self) -> None:
        for task in (self._streaming, self._resending):
            if task is not None:
                task.cancel()

    async def _stream(self, connection: Connection) -> None:
        """Notify of all samples from now on, each event at its true time: lateness never adds up."""
        k = self._firmware.at_once(connection.att_mtu - 3)
        fit = k * max(1, int(EVENT_S * self.meta.rate_hz) // k)
        sample = self._newest + 1
        while True:
            n, late_s = (fit, 0.0) if self.late_s is None else (k, self.late_s(self.notifications))
            await self._pace.until(self.true_s(sample + n - 1) + late_s)
            for first in range(sample, sample + n, k):
                self._notify(connection, first, k)
            sample += n

    async def _resend(self, connection: Connection, asked: Resend) -> None:
        """Notify of what is asked for and still held, in order, letting others run in between."""
        if self._firmware.device.backlog is None:
            return
        newest = self._newest
        oldest = max(0, newest + 1 - self._firmware.memory)
        oldest += -(self._first_counter + oldest) % self._firmware.frames
        behind = (self._first_counter + newest - asked.first) % self._counter_wrap
        first = newest - behind if behind < self._counter_wrap // 2 else newest + 1
        stop = min(first + asked.count, newest + 1)
        first -= (self._first_counter + first) % self._firmware.frames
        if first < oldest:
            self._say_gone(connection, asked.first, min(stop, oldest) - first)
        k = self._firmware.at_once(connection.att_mtu - 3)
        for sample in range(max(first, oldest), stop, k):
            n = min(k, stop - sample) if self._firmware.frames == 1 else k
            self._notify(connection, sample, n, resent=True)
            await asyncio.sleep(0)

    def _packet(self, sample: int, k: int, *, resent: bool = False) -> Packet:
        device = self._firmware.device
        return Packet(
            counter=(self._first_counter + sample) % self._counter_wrap,
            device_us=(self._clock_offset_us + sample * self._period_us) % device.time_wrap_us,
            period_us=self._period_us,
            samples=self.frames(sample, k),
            n_sensors=self.meta.layout.n_sensors,
            resent=resent,
            counter_bits=self._firmware.counter_bits if device.counter_bits else None,
            inertial=self._motion(sample, k) if device.inertial else None,
        )

    def _motion(self, sample: int, k: int) -> F32:
        time_s = np.arange(sample, sample + k, dtype=np.float64) * (self._period_us * 1e-6)
        return playing.motion(self._source, self._firmware.device.inertial, time_s)

    def _notify(self, connection: Connection, sample: int, k: int, *, resent: bool = False) -> None:
        number, self.notifications = self.notifications, self.notifications + 1
        if self.lose is not None and self.lose(number):
            self.dropped_samples += 0 if resent else k
            return
        device = self._firmware.device
        uuid = device.backlog.uuid if resent and device.backlog is not None else device.data_uuid
        for first, n, measured in self._runs(sample, k):
            if measured:
                for message in self._firmware.messages(self._packet(first, n, resent=resent), connection.att_mtu - 3):
                    self._host.notify(connection, self._served[uuid], message)
                self.sent_samples += n
                self.sent_span = range(
                    self.sent_span.start if self.sent_span else first, max(self.sent_span.stop, first + n)
                )
            elif resent:
                self._say_gone(connection, self._first_counter + first, n)

    def _runs(self, sample: int, k: int) -> list[tuple[int, int, bool]]:
        """First sample and length of each run of the ``k`` samples, and whether it was measured or withheld."""
        if self.withheld is None:
            return [(sample, k, True)]
        there = ~self.withheld(sample, k)
        edges = [0, *(np.flatnonzero(np.diff(there)) + 1).tolist(), k]
        return [(sample + start, stop - start, bool(there[start])) for start, stop in pairwise(edges)]

    def _say_gone(self, connection: Connection, counter: int, n: int) -> None:
        backlog, said = self._firmware.device.backlog, self._firmware.gone(counter % self._counter_wrap, n)
        if backlog is not None and said is not None:
            self._host.notify(connection, self._served[backlog.uuid], said)


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait([task])
