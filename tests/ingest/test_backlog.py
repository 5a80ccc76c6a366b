"""What was lost is asked for until it is here or gone for good; nothing is taken twice."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.backlog import POLL_S, QUIET_S, TRIES, Fetch
from ingest.gaps import Gap, Gaps
from ingest.timeline import Timeline
from insole.devices import Backlog, Packet

K = 4
PERIOD_US = 10_000
BITS = 16


def ask(first: int, count: int) -> bytes:
    return struct.pack("<BHH", 1, first, count)


def told(code: int, payload: bytes) -> tuple[int, int] | None:
    return struct.unpack_from("<HH", payload, 1) if payload[0] == code else None


PUSHES = Backlog("b", 40, ask, gone=lambda p: told(2, p))
PULLS = Backlog("b", 40, ask, gone=lambda p: told(2, p), newest=b"\x03", reached=lambda p: told(4, p))


class Insole:
    """Takes a sample every 10 ms, keeps the last ones, and is heard over a radio that loses some."""

    def __init__(self, backlog: Backlog, *, first: int, memory: int, loss: float, seed: int) -> None:
        self.line = Timeline(counter_bits=BITS, time_wrap_us=2**40, rate_hz=100.0)
        self.fetch = Fetch(backlog, self.line)
        self.first, self.memory, self.loss = first, memory, loss
        self.random = random.Random(seed)
        self.now_s, self.taken, self.held_from, self.up = 0.0, 0, 0, True
        self.got: list[int] = []
        self.us: dict[int, int] = {}
        self.asked: list[tuple[int, int]] = []

    def hear(self, sample: int, *, resent: bool) -> None:
        if not self.up or self.random.random() < self.loss:
            return
        counter = (self.first + sample) % 2**BITS
        packet = Packet(counter, sample * PERIOD_US, PERIOD_US, np.zeros((K, 1), np.uint16), 1, resent=resent)
        if resent:
            self.fetch.came(self.now_s)
        for part in self.line.place(packet, self.now_s):
            self.got += range(part.first_sample, part.first_sample + part.n)
            self.us |= {part.first_sample + i: part.device_us + i * PERIOD_US for i in range(part.n)}

    def answer(self, command: bytes) -> None:
        oldest = max(self.held_from, self.taken - self.memory)
        if command == b"\x03":
            if self.random.random() >= self.loss:
                counter = (self.first + oldest) % 2**BITS
                assert self.fetch.takes(struct.pack("<BHH", 4, counter, self.taken - oldest))
            return
        counter, count = struct.unpack_from("<HH", command, 1)
        first = self.taken - (self.first + self.taken - counter) % 2**BITS
        self.asked.append((first, count))
        assert 0 < count <= 40
        if first < oldest:
            assert self.fetch.takes(struct.pack("<BHH", 2, counter, min(count, oldest - first)))
        for sample in range(first - first % K, first + count, K):
            if sample >= oldest:
                self.hear(sample, resent=True)

    def tick(self) -> None:
        """One packet's time: it is taken, sent if it is sent unasked, and one question may be asked."""
        self.now_s += K * 0.01
        self.taken += K
        if not self.fetch.pulls:
            self.hear(self.taken - K, resent=False)
        command = self.fetch.next(self.now_s)
        if command is not None:
            self.fetch.told(sent=self.up)
            if self.up:
                self.answer(command)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / (K * 0.01))):
            self.tick()

    def finish(self) -> None:
        self.loss = 0.0
        self.run(3)
        self.fetch.end()
        for _ in range(2000):
            if not self.fetch.waits:
                return
            self.tick()
        raise AssertionError("it never ends")


@settings(max_examples=30, deadline=None)
@given(
    pulls=st.booleans(),
    first=st.sampled_from([0, 4, 2**16 - 400]),
    loss=st.sampled_from([0.0, 0.02, 0.2, 0.5]),
    cut_s=st.sampled_from([0.0, 1.0, 5.0]),
    seed=st.integers(0, 1000),
)
def test_what_the_insole_still_has_is_never_lost(
    *, pulls: bool, first: int, loss: float, cut_s: float, seed: int
) -> None:
    insole = Insole(PULLS if pulls else PUSHES, first=first, memory=6000, loss=loss, seed=seed)
    insole.run(2)
    insole.up = False
    insole.run(cut_s)
    insole.up = True
    insole.run(4)
    insole.finish()
    assert len(insole.got) == len(set(insole.got)) == insole.line.received
    assert sorted(insole.got) == list(range(min(insole.got), max(insole.got) + 1))
    assert max(insole.got) >= insole.taken + first - 3 * K - 1 - 200 * pulls
    assert insole.line.lost == 0
    assert insole.us == {sample: (sample - first) * PERIOD_US for sample in insole.got}


@given(loss=st.sampled_from([0.0, 0.2]), cut_s=st.floats(0.0, 20.0), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_what_was_measured_before_the_end_is_fetched_after_it(loss: float, cut_s: float, seed: int) -> None:
    """The end comes just as an insole that sends only when asked is back, and seconds behind."""
    insole = Insole(PULLS, first=0, memory=6000, loss=loss, seed=seed)
    insole.run(2)
    insole.up = False
    insole.run(cut_s)
    insole.up = True
    at_end = insole.taken
    insole.fetch.end()
    insole.tick()  # it is reachable again
    for _ in range(4000):
        if not insole.fetch.waits:
            break
        insole.tick()
    assert sorted(insole.got) == list(range(min(insole.got), max(insole.got) + 1))
    assert at_end <= max(insole.got) + 1 <= insole.taken
    assert insole.line.lost == 0
    asked = len(insole.asked)
    insole.run(2)
    assert len(insole.asked) == asked  # for nothing new


def test_an_insole_that_is_gone_at_the_end_is_not_waited_for() -> None:
    insole = Insole(PULLS, first=0, memory=6000, loss=0.0, seed=1)
    insole.run(2)
    insole.up = False
    insole.fetch.end()
    insole.run(1)
    assert not insole.fetch.waits


@pytest.mark.parametrize("backlog", [PUSHES, PULLS], ids=["pushes", "pulls"])
def test_what_the_insole_no_longer_has_is_given_up_at_once(backlog: Backlog) -> None:
    insole = Insole(backlog, first=0, memory=200, loss=0.0, seed=1)
    insole.run(2)
    insole.up = False
    insole.run(10)
    insole.up = True
    insole.run(2)
    insole.finish()
    assert 780 <= insole.line.lost <= 900  # it forgets on while it is asked
    assert len(insole.got) == insole.line.received
    assert max(insole.got) >= insole.taken - 220


def test_what_was_called_gone_and_comes_all_the_same_is_welcome() -> None:
    insole = Insole(PUSHES, first=0, memory=6000, loss=0.0, seed=1)
    insole.run(2)
    begun = insole.line.next_sample
    insole.taken += 40
    insole.hear(insole.taken, resent=False)
    assert insole.fetch.next(insole.now_s) == ask(begun, 40)
    assert insole.fetch.takes(struct.pack("<BHH", 2, begun, 40))
    assert not insole.fetch.waits
    insole.hear(begun + 20, resent=True)
    assert insole.fetch.next(insole.now_s) is None
    assert insole.line.lost == 40 - K
    assert insole.got[-K:] == list(range(begun + 20, begun + 20 + K))


def test_an_insole_that_never_answers_is_asked_so_often_and_no_more() -> None:
    insole = Insole(PUSHES, first=0, memory=6000, loss=0.0, seed=1)
    insole.run(1)
    insole.up = False
    insole.run(1)
    insole.up = True
    commands = []
    insole.answer = commands.append  # type: ignore[method-assign]
    insole.run((TRIES + 2) * (QUIET_S + 0.1) * 3)
    assert commands[:TRIES] == [ask(100, 40)] * TRIES
    assert commands[TRIES : 2 * TRIES] == [ask(140, 40)] * TRIES
    assert len(commands) == 3 * TRIES
    assert insole.line.lost == 100
    assert not insole.fetch.waits


def test_a_radio_that_is_gone_costs_no_tries_and_the_end_does_not_wait_for_it() -> None:
    insole = Insole(PUSHES, first=0, memory=6000, loss=0.0, seed=1)
    insole.run(1)
    insole.up = False
    insole.run(1)
    insole.up = True
    insole.hear(insole.taken, resent=False)
    insole.up = False
    insole.run(30)
    assert insole.line.gaps
    assert not insole.fetch.waits
    insole.up = True
    insole.finish()
    assert insole.line.lost == 0


def test_an_insole_that_sends_only_when_asked_and_was_switched_off_goes_on_after_a_gap() -> None:
    insole = Insole(PULLS, first=5000, memory=6000, loss=0.0, seed=1)
    insole.run(4)
    before = len(insole.got)
    insole.up = False
    insole.run(2)
    insole.up = True
    insole.first -= insole.taken  # its counter begins at 5000 again
    insole.held_from = insole.taken
    insole.run(4)
    assert insole.line.resets == 1
    assert insole.line.lost == pytest.approx(200, abs=40)
    assert len(insole.got) - before == pytest.approx(400, abs=40)
    assert len(insole.got) == len(set(insole.got))
    assert all(insole.us[a] < insole.us[b] for a, b in zip(sorted(insole.us), sorted(insole.us)[1:], strict=False))


def test_it_is_asked_how_far_it_is_no_oftener_than_said() -> None:
    line = Timeline(counter_bits=BITS, time_wrap_us=2**40, rate_hz=100.0)
    fetch = Fetch(PULLS, line)
    asked = [step for step in range(100) if fetch.next(step * POLL_S * 0.4) is not None]
    assert asked == list(range(0, 100, 3))


@given(
    gaps=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 6)), max_size=8),
    spans=st.lists(st.tuples(st.integers(-2, 60), st.integers(1, 20)), max_size=12),
)
def test_gaps_are_the_set_of_missing_samples(gaps: list[tuple[int, int]], spans: list[tuple[int, int]]) -> None:
    kept, missing, at = Gaps(), set(), 0
    for pause, length in gaps:
        first, at = at + pause, at + pause + length
        kept.add(Gap(first, at, first * 10 - 10, at * 10))
        missing |= set(range(first, at))
    for first, n in spans:
        span = set(range(first, first + n))
        after = sorted(i for i in missing if i >= first)
        assert kept.missing(first, first + n) == len(missing & span)
        assert (kept.oldest(first) or [None])[0] == (after[0] if after else None)
        filled = kept.fill(first, first + n, lambda sample: sample * 10)
        assert [i for a, b in filled for i in range(a, b)] == sorted(missing & span)
        missing -= span
        assert bool(kept) == bool(missing)
        assert kept.missing(-10, 1000) == len(missing)


def test_what_does_not_fit_in_time_fills_no_gap() -> None:
    gaps = Gaps()
    gaps.add(Gap(10, 20, 90, 200))
    assert gaps.fill(10, 12, lambda i: i * 10 - 20) == []
    assert gaps.fill(18, 20, lambda i: i * 10 + 20) == []
    assert gaps.fill(12, 14, lambda i: i * 10) == [(12, 14)]
    assert gaps.fill(14, 15, lambda i: i * 10 - 10) == []
    assert gaps.missing(0, 100) == 8
