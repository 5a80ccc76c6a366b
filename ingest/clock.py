"""From an insole's own counter and clock to sample numbers and session seconds.

An insole numbers its samples and stamps them with its own clock. Both wrap, and the clock
runs a little fast or slow. Here they are unwrapped, losses are counted, and the device's
clock is fitted to the session's.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insole.recording import ClockFit

if TYPE_CHECKING:
    from insole.devices import Packet
    from insole.typing import F64

CLOCKS_AGREE_S = 2.0
"""A counter or device time that is further than this from where it should be has begun anew.

Our judgement: far above the jitter of a radio, far below the time an insole needs to reboot.
"""

GAPS_REMEMBERED = 64
"""Gaps kept to tell a late sample from a duplicate; older ones count as duplicates."""


def unwrap(raw: int, near: int, wrap: int) -> int:
    """The number that is ``raw`` modulo ``wrap`` and closest to ``near``."""
    ahead = (raw - near) % wrap
    return near + (ahead - wrap if ahead >= wrap - wrap // 2 else ahead)


@dataclass(frozen=True)
class Placed:
    """Where a packet belongs.

    Attributes
    ----------
    first_sample
        Unwrapped number of its first new sample.
    device_us
        Unwrapped device time of that sample, in microseconds.
    skip
        How many of its leading frames were already here.
    """

    first_sample: int
    device_us: int
    skip: int


class Timeline:
    """One foot's samples in order: unwraps, and counts what is lost, late or double.

    Samples are handed on once and in order. One that comes after a later one (``late``) or
    again (``duplicates``) is counted and left out; a late one stays ``lost``.

    Parameters
    ----------
    counter_bits
        Width of the device's sample counter.
    time_wrap_us
        Device time at which it begins again from zero.
    rate_hz
        Nominal rate, to judge how long a gap is when a device has begun anew.

    Attributes
    ----------
    first_sample, next_sample
        The recording's first sample number, and the next one expected.
    lost, duplicates, late
        Samples missing between the first and the last; received again; received too late.
    resets
        Times that the device's counter or clock began anew.
    """

    def __init__(self, *, counter_bits: int, time_wrap_us: int, rate_hz: float) -> None:
        self.first_sample: int | None = None
        self.next_sample = 0
        self.lost = self.duplicates = self.late = self.resets = 0
        self._counter_wrap = 1 << counter_bits
        self._time_wrap_us = time_wrap_us
        self._period_us = 1e6 / rate_hz
        self._sample_shift = 0  # added to an unwrapped counter, after resets
        self._time_shift_us = 0
        self._last_us = 0
        self._last_arrival_s = 0.0
        self._gaps: deque[tuple[int, int]] = deque(maxlen=GAPS_REMEMBERED)

    @property
    def received(self) -> int:
        """How many samples were handed on."""
        return 0 if self.first_sample is None else self.next_sample - self.first_sample - self.lost

    def place(self, packet: Packet, arrival_s: float, *, reconnected: bool = False) -> Placed | None:
        """Find a packet's place; None if all its samples were already here or come too late.

        Parameters
        ----------
        packet
            Of the whole insole.
        arrival_s
            When it came, in session seconds.
        reconnected
            True for the first packet of a new connection: any step back then means that the
            device was switched off and on. Within a connection a short step back is a
            duplicate.
        """
        n = len(packet.samples)
        if self.first_sample is None:
            self.first_sample = self.next_sample = packet.counter
            self._last_us = packet.device_us - packet.period_us
            return self._advance(packet.counter, packet.device_us, 0, packet, arrival_s)
        wrap = self._counter_wrap
        sample = unwrap((packet.counter + self._sample_shift) % wrap, self.next_sample, wrap)
        time_us = self._unwrap_us(packet, sample)
        skip = max(0, self.next_sample - sample)
        too_far_back = skip > (0 if reconnected else CLOCKS_AGREE_S * 1e6 / self._period_us)
        fresh = (sample + skip, time_us + skip * packet.period_us)
        if too_far_back or (skip < n and not self._plausible(*fresh, arrival_s if reconnected else None)):
            sample, time_us = self._begin_anew(packet, arrival_s)
            skip = 0
        if skip:
            self._count_old(sample, min(skip, n))
        if skip >= n:
            return None
        return self._advance(sample + skip, time_us + skip * packet.period_us, skip, packet, arrival_s)

    def _unwrap_us(self, packet: Packet, sample: int) -> int:
        expected = self._last_us + round((sample - self.next_sample + 1) * self._period_us)
        return unwrap((packet.device_us + self._time_shift_us) % self._time_wrap_us, expected, self._time_wrap_us)

    def _plausible(self, sample: int, time_us: int, arrival_s: float | None) -> bool:
        """Whether counter, device clock and (after a reconnection) arrival have moved alike."""
        by_counter_s = (sample - self.next_sample + 1) * self._period_us * 1e-6
        by_clock_s = (time_us - self._last_us) * 1e-6
        tolerance_s = CLOCKS_AGREE_S + 0.05 * by_counter_s
        if time_us <= self._last_us or abs(by_clock_s - by_counter_s) > tolerance_s:
            return False
        return arrival_s is None or abs(arrival_s - self._last_arrival_s - by_counter_s) <= tolerance_s

    def _begin_anew(self, packet: Packet, arrival_s: float) -> tuple[int, int]:
        """Continue the old numbering after a reset, with a gap as long as the pause on our clock."""
        self.resets += 1
        pause = round((arrival_s - self._last_arrival_s) * 1e6 / self._period_us) - len(packet.samples)
        sample = self.next_sample + max(0, pause)
        time_us = self._last_us + round((sample - self.next_sample + 1) * self._period_us)
        self._sample_shift = sample - packet.counter
        self._time_shift_us = time_us - packet.device_us
        return sample, time_us

    def _count_old(self, first: int, count: int) -> None:
        """Count samples that come after later ones: late if they fell into a gap, double otherwise."""
        stop = first + count
        late = sum(max(0, min(stop, b) - max(first, a)) for a, b in self._gaps)
        self.late += late
        self.duplicates += count - late

    def _advance(self, sample: int, time_us: int, skip: int, packet: Packet, arrival_s: float) -> Placed:
        if sample > self.next_sample:
            self.lost += sample - self.next_sample
            self._gaps.append((self.next_sample, sample))
        fresh = len(packet.samples) - skip
        self.next_sample = sample + fresh
        self._last_us = time_us + (fresh - 1) * packet.period_us
        self._last_arrival_s = arrival_s
        return Placed(sample, time_us, skip)


BLOCK_US = 1_000_000
"""Device time over which only the least delayed arrival is kept, at first (our judgement)."""

BLOCKS_MAX = 512
"""When there are more, neighbours are merged, so that memory and time stay bounded."""

SPAN_FOR_RATE_S = 10.0
"""Below this span a radio's jitter says nothing about a crystal's rate; it is taken as exact (our judgement)."""

RATE_ERROR_MAX = 500e-6
"""The largest error of a Bluetooth sleep clock (Bluetooth Core 5.4, Vol 6, Part B, 4.2.2)."""


class ClockEstimate:
    """Fits device time to session time while packets come.

    An arrival is the device's time plus a constant plus a delay that is never negative. So
    the clock's line lies below all arrivals and as close to them as it can: of all lines
    under the points, the one with the least sum of distances. It is the edge of the lower
    convex hull that spans the mean of the abscissae (S. B. Moon, P. Skelly, D. Towsley,
    "Estimation and removal of clock skew from network delay measurements", IEEE INFOCOM
    1999, doi 10.1109/INFCOM.1999.749287).

    What it cannot see is the least delay itself: session times are late by that much, alike
    for both feet of one radio.
    """

    def __init__(self) -> None:
        self._origin_us: int | None = None
        self._block_us = BLOCK_US
        self._blocks: dict[int, tuple[float, float]] = {}

    def add(self, device_us: int, arrival_s: float) -> None:
        """Note when a sample came.

        Parameters
        ----------
        device_us
            Unwrapped device time, in microseconds, of the last sample of a notification.
        arrival_s
            When the notification came, in session seconds.
        """
        if self._origin_us is None:
            self._origin_us = device_us
        x = (device_us - self._origin_us) * 1e-6
        key = (device_us - self._origin_us) // self._block_us
        kept = self._blocks.get(key)
        if kept is None or arrival_s - x < kept[1] - kept[0]:
            self._blocks[key] = (x, arrival_s)
        if len(self._blocks) > BLOCKS_MAX:
            self._merge()

    def fit(self) -> ClockFit:
        """The line through what came so far; its residual is the median distance of the blocks' arrivals from it."""
        if self._origin_us is None:
            return ClockFit()
        points = np.array([self._blocks[k] for k in sorted(self._blocks)])
        x, late = points[:, 0], points[:, 1] - points[:, 0]
        slope = 0.0
        if np.ptp(x) >= SPAN_FOR_RATE_S:
            slope = float(np.clip(_lower_slope(x, late), -RATE_ERROR_MAX, RATE_ERROR_MAX))
        above = late - slope * x
        offset = float(above.min())
        rate = 1.0 + slope
        return ClockFit(offset - rate * self._origin_us * 1e-6, rate, float(np.median(above - offset)))

    def _merge(self) -> None:
        self._block_us *= 2
        merged: dict[int, tuple[float, float]] = {}
        for key, point in self._blocks.items():
            kept = merged.get(key // 2)
            if kept is None or point[1] - point[0] < kept[1] - kept[0]:
                merged[key // 2] = point
        self._blocks = merged


def _lower_slope(x: F64, y: F64) -> float:
    """Slope of the lower hull's edge above the mean of ``x`` (strictly rising)."""
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1 and _turns_right(x, y, hull[-2], hull[-1], i):
            hull.pop()
        hull.append(i)
    mean = float(x.mean())
    k = next(k for k in range(1, len(hull)) if x[hull[k]] >= mean)
    a, b = hull[k - 1], hull[k]
    return float((y[b] - y[a]) / (x[b] - x[a]))


def _turns_right(x: F64, y: F64, a: int, b: int, c: int) -> bool:
    return bool((x[b] - x[a]) * (y[c] - y[a]) <= (y[b] - y[a]) * (x[c] - x[a]))
