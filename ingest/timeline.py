"""From an insole's own counter and clock to sample numbers and unwrapped device time.

An insole numbers its samples and stamps them with its own clock. Both wrap. Here they are
unwrapped, losses are counted, and what comes late is put in its place.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from ingest.gaps import Gap, Gaps

if TYPE_CHECKING:
    from insole.devices import Packet

CLOCKS_AGREE_S = 2.0
"""A counter or device time that is further than this from where it should be has begun anew.

Our judgement: far above the jitter of a radio, far below the time an insole needs to reboot.
"""


def unwrap(raw: int, near: int, wrap: int) -> int:
    """The number that is ``raw`` modulo ``wrap`` and closest to ``near``."""
    ahead = (raw - near) % wrap
    return near + (ahead - wrap if ahead >= wrap - wrap // 2 else ahead)


class Placed(NamedTuple):
    """Where samples of a packet belong.

    Attributes
    ----------
    first_sample
        Unwrapped number of the first.
    device_us
        Unwrapped device time of that sample, in microseconds.
    skip, n
        How many of the packet's frames come before it, and how many samples there are.
    late
        Whether later samples came before them: they fill a gap.
    """

    first_sample: int
    device_us: int
    skip: int
    n: int
    late: bool = False


class Timeline:
    """One foot's samples, each once: unwraps, and counts what is lost, late or double.

    Samples are handed on in order, but for those that come late: they fill the gap they left. A
    sample that comes again is counted and left out.

    Parameters
    ----------
    counter_bits
        Width of the device's sample counter; 0 if it has none, and samples are numbered by time.
    time_wrap_us
        Device time at which it begins again from zero.
    rate_hz
        Nominal rate, to judge how long a gap is when a device has begun anew.

    Attributes
    ----------
    first_sample, next_sample
        The recording's first sample number, and the next one expected.
    lost, late, duplicates
        Samples missing between the first and the last; received after later ones; received again.
    resets
        Times that the device's counter or clock began anew.
    gaps
        What is missing and may still come. What the insole lost by being switched off is not.
    """

    def __init__(self, *, counter_bits: int, time_wrap_us: int, rate_hz: float) -> None:
        self.first_sample: int | None = None
        self.next_sample = 0
        self.lost = self.duplicates = self.late = self.resets = 0
        self.gaps = Gaps()
        self._counter_wrap = 1 << counter_bits
        self._time_wrap_us = time_wrap_us
        self._soon_us = min(round(CLOCKS_AGREE_S * 1e6), time_wrap_us // 4)
        self._period_us = 1e6 / rate_hz
        self._sample_shift = 0  # added to an unwrapped counter, after resets
        self._time_shift_us = 0
        self._last_us = 0
        self._last_arrival_s = 0.0
        self._least_delay_s = inf  # arrival less device time, since the clock last began anew
        self._anew = False

    @property
    def received(self) -> int:
        """How many samples were handed on."""
        return 0 if self.first_sample is None else self.next_sample - self.first_sample - self.lost

    def sample_of(self, counter: int, *, wrap: int | None = None) -> int:
        """The sample number near the present that has this raw counter."""
        wrap = wrap or self._counter_wrap
        if self.first_sample is None:
            return counter
        return unwrap((counter + self._sample_shift) % wrap, self.next_sample, wrap)

    def counter_of(self, sample: int) -> int:
        """The raw counter of a sample number, unless the device began anew since."""
        return (sample - self._sample_shift) % self._counter_wrap

    def expect_anew(self, counter: int) -> None:
        """The device has begun anew, and the next packet, of this raw counter, will follow a gap."""
        self._anew = True
        self._sample_shift = self.next_sample - counter
        self.gaps.clear()

    def place(self, packet: Packet, arrival_s: float, *, reconnected: bool = False) -> tuple[Placed, ...]:
        """Find the places of a packet's samples; none if all were already here or never belonged.

        Parameters
        ----------
        packet
            Of the whole insole.
        arrival_s
            When it came, in session seconds.
        reconnected
            True for the first packet of a new connection that was not asked for: any step back
            then means that the device was switched off and on. Within a connection a short step
            back is late or a duplicate.
        """
        n = len(packet.samples)
        if self.first_sample is None:
            self.first_sample = self.next_sample = packet.counter
            self._last_us = packet.device_us - packet.period_us
            return (self._advance(packet.counter, packet.device_us, 0, packet, arrival_s),)
        if not reconnected and (time_us := self._follows(packet)) is not None:
            return (self._advance(self.next_sample, time_us, 0, packet, arrival_s),)
        sample, time_us = self._unwrapped(packet, arrival_s)
        if self._has_begun_anew(packet, sample, time_us, arrival_s, reconnected=reconnected):
            sample, time_us = self._begin_anew(packet, arrival_s)
            placed = self._advance(sample, time_us, 0, packet, arrival_s)
            self.gaps.clear()
            return (placed,)
        skip = max(0, self.next_sample - sample)
        late = self._fill(packet, sample, time_us, min(skip, n)) if skip else ()
        if skip >= n:
            return late
        return (*late, self._advance(sample + skip, time_us + skip * packet.period_us, skip, packet, arrival_s))

    def _follows(self, packet: Packet) -> int | None:
        """Device time of a packet that is the very next, as nearly all are; None for all that needs a closer look."""
        wrap = self._counter_wrap if packet.counter_bits is None else 1 << packet.counter_bits
        if self._counter_wrap == 1 or self._anew or (packet.counter + self._sample_shift - self.next_sample) % wrap:
            return None
        ahead_us = (packet.device_us + self._time_shift_us - self._last_us) % self._time_wrap_us
        return self._last_us + ahead_us if 0 < ahead_us <= self._soon_us else None

    def _unwrapped(self, packet: Packet, arrival_s: float) -> tuple[int, int]:
        """Sample number and device time in microseconds of a packet's first frame."""
        raw_us = (packet.device_us + self._time_shift_us) % self._time_wrap_us
        if self._counter_wrap > 1:
            wrap = self._counter_wrap if packet.counter_bits is None else 1 << packet.counter_bits
            sample = self.sample_of(packet.counter, wrap=wrap)
            expected_us = self._last_us + round((sample - self.next_sample + 1) * self._period_us)
            return sample, unwrap(raw_us, expected_us, self._time_wrap_us)
        expected_us = self._last_us + round((arrival_s - self._last_arrival_s) * 1e6)
        time_us = unwrap(raw_us, expected_us, self._time_wrap_us)
        steps = round((time_us - self._last_us) / self._period_us)
        return self.next_sample - 1 + (max(1, steps) if time_us > self._last_us else min(0, steps)), time_us

    def _has_begun_anew(
        self, packet: Packet, sample: int, time_us: int, arrival_s: float, *, reconnected: bool
    ) -> bool:
        skip = max(0, self.next_sample - sample)
        if self._anew:
            return True
        if packet.resent and skip:
            return False
        if skip > (0 if reconnected else CLOCKS_AGREE_S * 1e6 / self._period_us):
            return True
        fresh = (sample + skip, time_us + skip * packet.period_us)
        return skip < len(packet.samples) and not self._plausible(*fresh, arrival_s if reconnected else None)

    def _plausible(self, sample: int, time_us: int, arrival_s: float | None) -> bool:
        """Whether counter, device clock and (after a reconnection) arrival have moved alike.

        What came last may have waited in a busy computer; what comes now then seems early by as much.
        """
        by_counter_s = (sample - self.next_sample + 1) * self._period_us * 1e-6
        by_clock_s = (time_us - self._last_us) * 1e-6
        tolerance_s = CLOCKS_AGREE_S + 0.05 * by_counter_s
        if time_us <= self._last_us or abs(by_clock_s - by_counter_s) > tolerance_s:
            return False
        if arrival_s is None:
            return True
        last_waited_s = self._last_arrival_s - self._last_us * 1e-6 - self._least_delay_s
        late_s = arrival_s - self._last_arrival_s - by_counter_s
        return -tolerance_s - last_waited_s <= late_s <= tolerance_s

    def _begin_anew(self, packet: Packet, arrival_s: float) -> tuple[int, int]:
        """Continue the old numbering after a reset, with a gap as long as the pause on our clock."""
        self.resets += 1
        self._anew, self._least_delay_s = False, inf
        pause = round((arrival_s - self._last_arrival_s) * 1e6 / self._period_us) - len(packet.samples)
        sample = self.next_sample + max(0, pause)
        time_us = self._last_us + round((sample - self.next_sample + 1) * self._period_us)
        self._sample_shift = sample - packet.counter
        self._time_shift_us = time_us - packet.device_us
        return sample, time_us

    def _fill(self, packet: Packet, sample: int, time_us: int, count: int) -> tuple[Placed, ...]:
        """Those of the packet's first ``count`` samples that fill a gap; the others are here already."""

        def us_of(number: int) -> int:
            return time_us + (number - sample) * packet.period_us

        filled = self.gaps.fill(sample, sample + count, us_of)
        late = sum(b - a for a, b in filled)
        self.late += late
        self.lost -= late
        self.duplicates += count - late
        return tuple(Placed(a, us_of(a), a - sample, b - a, late=True) for a, b in filled)

    def _advance(self, sample: int, time_us: int, skip: int, packet: Packet, arrival_s: float) -> Placed:
        if sample > self.next_sample:
            self.lost += sample - self.next_sample
            self.gaps.add(Gap(self.next_sample, sample, self._last_us, time_us))
        fresh = len(packet.samples) - skip
        self.next_sample = sample + fresh
        self._last_us = time_us + (fresh - 1) * packet.period_us
        self._last_arrival_s = arrival_s
        self._least_delay_s = min(self._least_delay_s, arrival_s - self._last_us * 1e-6)
        return Placed(sample, time_us, skip, fresh)
