"""Counter and clock: every sample in its place, every loss counted, drift and offset recovered."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.clock import BLOCKS_MAX, ClockEstimate
from ingest.timeline import Timeline, unwrap
from insole.devices import Packet

PERIOD_US = 10_000
K = 3
WRAP = 2**32
TIME_WRAP = 2**48


def packet(counter: int, device_us: int, k: int = K) -> Packet:
    return Packet(counter % WRAP, device_us % TIME_WRAP, PERIOD_US, np.zeros((k, 2), np.uint16), 2)


class Feed:
    """A device of its own counter and clock that is heard at the true time."""

    def __init__(self, counter0: int = 0, us0: int = 0) -> None:
        self.line = Timeline(counter_bits=32, time_wrap_us=TIME_WRAP, rate_hz=100.0)
        self.counter0, self.us0 = counter0, us0
        self.got: list[int] = []
        self.us: list[int] = []

    def hear(self, sample: int, *, k: int = K, at_s: float | None = None, reconnected: bool = False) -> bool:
        p = packet(self.counter0 + sample, self.us0 + sample * PERIOD_US, k)
        arrival = (sample + k) * 0.01 if at_s is None else at_s
        placed = self.line.place(p, arrival, reconnected=reconnected)
        for part in placed:
            self.got += range(part.first_sample, part.first_sample + part.n)
            self.us += [part.device_us + i * PERIOD_US for i in range(part.n)]
        return bool(placed)

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        line = self.line
        return line.received, line.lost, line.duplicates, line.late, line.resets


@given(st.integers(1, 2**50), st.integers(-(2**30), 2**30))
def test_unwrap_finds_the_nearest_number_of_that_remainder(near: int, step: int) -> None:
    assert unwrap((near + step) % WRAP, near, WRAP) == near + step


@pytest.mark.parametrize("counter0", [0, WRAP - 1, WRAP - 2, WRAP - 31])
@pytest.mark.parametrize("us0", [0, TIME_WRAP - 1, TIME_WRAP - 155_000])
def test_counter_and_clock_may_wrap(counter0: int, us0: int) -> None:
    feed = Feed(counter0, us0)
    for sample in range(0, 60, K):
        assert feed.hear(sample)
    assert feed.got == list(range(counter0, counter0 + 60))
    assert feed.us == [us0 + i * PERIOD_US for i in range(60)]
    assert feed.counts == (60, 0, 0, 0, 0)


@given(st.sets(st.integers(1, 98), max_size=60))
def test_each_lost_packet_is_counted_and_nothing_is_invented(lost: set[int]) -> None:
    feed = Feed(WRAP - 100)
    for i in range(100):
        if i not in lost:
            feed.hear(i * K)
    assert feed.counts == ((100 - len(lost)) * K, len(lost) * K, 0, 0, 0)
    assert feed.got == [WRAP - 100 + i * K + j for i in range(100) if i not in lost for j in range(K)]


def test_a_duplicate_is_handed_on_once() -> None:
    feed = Feed()
    for sample in (0, 0, 3, 6, 3, 6):
        feed.hear(sample)
    assert feed.got == list(range(9))
    assert feed.counts == (9, 0, 9, 0, 0)


def test_of_a_packet_that_overlaps_only_the_new_samples_are_taken() -> None:
    feed = Feed()
    feed.hear(0, k=4)
    feed.hear(2, k=4)
    assert feed.got == list(range(6))
    assert feed.us == [i * PERIOD_US for i in range(6)]
    assert feed.counts == (6, 0, 2, 0, 0)


def test_a_late_packet_fills_its_gap_and_is_told_from_a_duplicate() -> None:
    feed = Feed()
    for sample in (0, 6, 3, 0, 3, 9):
        feed.hear(sample)
    assert feed.got == [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11]
    assert feed.us == [i * PERIOD_US for i in feed.got]
    assert feed.counts == (12, 0, 6, 3, 0)


def test_a_late_packet_over_two_gaps_and_what_lies_between_fills_both() -> None:
    feed = Feed()
    for sample in (0, 6, 12):
        feed.hear(sample)
    feed.hear(2, k=9)
    assert feed.got == [0, 1, 2, 6, 7, 8, 12, 13, 14, 3, 4, 5, 9, 10]
    assert feed.us == [i * PERIOD_US for i in feed.got]
    assert feed.line.gaps.oldest() == (11, 12)
    assert feed.counts == (14, 1, 4, 5, 0)


def test_a_drop_leaves_a_gap_of_its_length() -> None:
    feed = Feed()
    feed.hear(0)
    feed.hear(6000, reconnected=True)
    assert feed.counts == (6, 5997, 0, 0, 0)


def test_a_device_that_was_switched_off_and_on_goes_on_after_a_gap_of_that_length() -> None:
    feed = Feed(us0=10**9)
    for sample in range(0, 300, K):
        feed.hear(sample)
    feed.us0 = 0
    feed.hear(0, at_s=8.03, reconnected=True)
    feed.hear(3, at_s=8.06)
    assert feed.got[300:] == [800, 801, 802, 803, 804, 805]
    assert feed.us[300:] == [10**9 + s * PERIOD_US for s in range(800, 806)]
    assert feed.counts == (306, 500, 0, 0, 1)


def test_a_counter_that_restarts_within_a_connection_is_seen_too() -> None:
    feed = Feed()
    for sample in range(0, 600, K):
        feed.hear(sample)
    feed.hear(0, at_s=6.03)
    assert feed.got[600:] == [600, 601, 602]
    assert feed.counts == (603, 0, 0, 0, 1)


@pytest.mark.parametrize("waited_s", [0.0, 1.9, 5.0, 20.0])
def test_an_insole_is_not_taken_for_restarted_because_the_computer_was_busy_before_a_drop(waited_s: float) -> None:
    feed = Feed(us0=10**9)
    for sample in range(0, 300, K):
        feed.hear(sample, at_s=sample * 0.01 + waited_s * sample / 297)
    feed.hear(3000, at_s=30.0, reconnected=True)
    assert feed.got[300:] == [3000, 3001, 3002]
    assert feed.counts == (303, 2700, 0, 0, 0)


@pytest.mark.parametrize("waited_s", [0.0, 5.0])
def test_one_that_was_restarted_is_seen_however_busy_the_computer_was(waited_s: float) -> None:
    """Its counter and clock began from zero with the recording, and are ahead of it again."""
    feed = Feed()
    for sample in range(0, 300, K):
        feed.hear(sample, at_s=sample * 0.01 + waited_s * sample / 297)
    feed.hear(700, at_s=30.0, reconnected=True)
    assert feed.counts[4] == 1
    feed.hear(5700, at_s=30.0 + 0.03, reconnected=True)  # and one that is ahead of all that was heard is another
    assert feed.counts[4] == 2


def test_a_swapped_device_whose_counter_is_ahead_is_not_a_gap_of_days() -> None:
    feed = Feed()
    feed.hear(0)
    feed.hear(50_000_000, at_s=5.03, reconnected=True)
    assert feed.got[-1] == 502
    assert feed.counts == (6, 497, 0, 0, 1)


def test_a_clock_that_jumps_is_anchored_anew() -> None:
    feed = Feed()
    feed.hear(0)
    feed.us0 = -3 * PERIOD_US  # the device's clock went back by 30 ms, its counter went on
    feed.hear(3)
    assert np.all(np.diff(feed.us) > 0)
    assert feed.counts[4] == 1


@example([(0, 0, False), (1, 0, False)])  # overlaps, but its clock stood still
@given(st.lists(st.tuples(st.integers(0, WRAP - 1), st.integers(0, TIME_WRAP - 1), st.booleans()), max_size=40))
def test_whatever_comes_samples_and_times_rise_and_add_up(heard: list[tuple[int, int, bool]]) -> None:
    line = Timeline(counter_bits=32, time_wrap_us=TIME_WRAP, rate_hz=100.0)
    us_of: dict[int, int] = {}
    for i, (counter, device_us, reconnected) in enumerate(heard):
        for part in line.place(packet(counter, device_us), i * 0.03, reconnected=reconnected):
            new = {part.first_sample + j: part.device_us + j * PERIOD_US for j in range(part.n)}
            assert not new.keys() & us_of.keys()
            assert part.late == (bool(us_of) and min(new) < max(us_of))
            us_of |= new
    in_order = [us_of[sample] for sample in sorted(us_of)]
    assert all(a < b for a, b in pairwise(in_order))
    assert line.received == len(us_of)
    assert line.lost == (max(us_of) - min(us_of) + 1 - len(us_of) if us_of else 0)
    assert line.duplicates + len(us_of) == K * len(heard)


class Careful(Timeline):
    """Looks at every packet closely."""

    def _follows(self, packet: Packet) -> int | None:
        return None


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 0, 0, 3, 6, -3, -1, 1, 10**6]),
            st.sampled_from([0, 0, 0, 1, -30_000, 30_000, 1_960_000, 1_970_000, 1_980_000, -(2**47), 2**47]),
            st.booleans(),
            st.integers(1, 4),
        ),
        max_size=30,
    ),
    st.sampled_from([0, WRAP - 20]),
    st.sampled_from([0, TIME_WRAP - 500_000]),
)
def test_a_packet_that_is_the_very_next_is_placed_as_if_it_was_looked_at_closely(
    heard: list[tuple[int, int, bool, int]], counter0: int, us0: int
) -> None:
    options = {"counter_bits": 32, "time_wrap_us": TIME_WRAP, "rate_hz": 100.0}
    quick, careful = Timeline(**options), Careful(**options)
    sample, arrival_s = 0, 0.0
    for jump, jump_us, reconnected, k in heard:
        sample, arrival_s = max(0, sample + jump), arrival_s + 0.01 * k
        sent = packet(counter0 + sample, us0 + sample * PERIOD_US + jump_us, k)
        sample += k
        assert quick.place(sent, arrival_s, reconnected=reconnected) == careful.place(
            sent, arrival_s, reconnected=reconnected
        )
    state = [(line.received, line.lost, line.late, line.duplicates, line.resets) for line in (quick, careful)]
    assert state[0] == state[1]


DAY_US = 24 * 3600 * 10**6


def test_midnight_is_a_wrap_like_any_other() -> None:
    line, us = Timeline(counter_bits=18, time_wrap_us=DAY_US, rate_hz=200.0), []
    for first in range(0, 400, 4):
        device_us = (DAY_US - 1_000_000 + first * 5000) % DAY_US
        sent = Packet(first, device_us, 5000, np.zeros((4, 6), np.uint16), 6)
        us += [part.device_us for part in line.place(sent, first * 0.005)]
    assert np.diff(us) == pytest.approx(20_000)
    assert (line.received, line.lost, line.resets) == (400, 0, 0)


def test_a_packet_may_have_a_counter_of_another_width() -> None:
    line = Timeline(counter_bits=18, time_wrap_us=DAY_US, rate_hz=100.0)
    for first in range(0, 20, 2):
        counter = (2**17 - 10 + first) % 2**17
        line.place(
            Packet(counter, first * 10_000, 10_000, np.zeros((2, 6), np.uint16), 6, counter_bits=17), first * 0.01
        )
    assert (line.received, line.lost, line.resets) == (20, 0, 0)


@given(
    lost=st.sets(st.integers(1, 298), max_size=200),
    jitter=st.lists(st.integers(-4, 4), min_size=300, max_size=300),
    late_s=st.lists(st.floats(0, 3), min_size=300, max_size=300),
    pause_s=st.sampled_from([0, 20, 60, 100, 1000]),
    start_ms=st.integers(0, 2**16 - 1),
)
def test_without_a_counter_samples_are_numbered_by_their_time(
    lost: set[int], jitter: list[int], late_s: list[float], pause_s: int, start_ms: int
) -> None:
    line = Timeline(counter_bits=0, time_wrap_us=2**16 * 1000, rate_hz=50.0)
    got, us = [], []
    for i in range(300):
        if i in lost:
            continue
        ms = i * 20 + jitter[i] + (pause_s * 1000 if i >= 150 else 0)
        sent = Packet(0, (start_ms + ms) % 2**16 * 1000, 0, np.zeros((1, 8), np.uint16), 8)
        for part in line.place(sent, ms / 1000 + late_s[i]):
            got.append(part.first_sample)
            us.append(part.device_us)
    assert got == [i + (pause_s * 50 if i >= 150 else 0) for i in range(300) if i not in lost]
    assert np.all(np.diff(us) > 0)
    assert (line.resets, line.duplicates, line.late) == (0, 0, 0)
    assert line.lost == got[-1] + 1 - len(got)


def listen(ppm: float, offset_s: float, span_s: float, jitter_s: float, seed: int = 1, step_s: float = 0.03) -> object:
    """Arrivals at true times plus a delay that is never negative, often small, sometimes large."""
    rng = np.random.default_rng(seed)
    true_s = np.arange(0, span_s, step_s)
    device_us = np.round((true_s * (1 + ppm * 1e-6) + offset_s) * 1e6).astype(np.int64)
    estimate = ClockEstimate()
    for us, arrival in zip(device_us, true_s + rng.exponential(jitter_s, true_s.size), strict=True):
        estimate.add(int(us), float(arrival))
    error_ms = np.abs(estimate.fit().to_session_s(device_us) - true_s).max() * 1e3
    return estimate, error_ms


@pytest.mark.parametrize("ppm", [-100.0, 0.0, 20.0, 100.0])
@pytest.mark.parametrize("offset_s", [0.0, 777.0, 2.8e8])
def test_drift_and_offset_are_recovered_from_late_arrivals(ppm: float, offset_s: float) -> None:
    estimate, error_ms = listen(ppm, offset_s, 300.0, 0.008)
    fit = estimate.fit()
    assert (1 / fit.rate - 1) * 1e6 == pytest.approx(ppm, abs=5.0)
    assert error_ms < 1.0
    assert 0 <= fit.residual_s < 0.002


def test_a_short_session_takes_the_rate_as_exact() -> None:
    estimate, error_ms = listen(100.0, 5.0, 8.0, 0.005)
    assert estimate.fit().rate == 1.0
    assert error_ms < 1.5


def test_a_day_is_fitted_in_bounded_memory() -> None:
    estimate, error_ms = listen(100.0, 5.0, 86_400.0, 0.02, step_s=0.5)
    assert len(estimate._blocks) <= BLOCKS_MAX
    assert (1 / estimate.fit().rate - 1) * 1e6 == pytest.approx(100.0, abs=1.0)
    assert error_ms < 5.0


def test_a_stall_of_the_radio_does_not_bend_the_clock() -> None:
    estimate = ClockEstimate()
    for i in range(6000):
        stalled = 2.0 if 2000 <= i < 2200 else 0.002
        estimate.add(i * PERIOD_US, i * 0.01 + stalled)
    fit = estimate.fit()
    assert fit.rate == pytest.approx(1.0, abs=1e-9)
    assert fit.offset_s == pytest.approx(0.002, abs=1e-9)


def test_nothing_heard_is_a_clock_that_says_so() -> None:
    assert ClockEstimate().fit().residual_s is None
