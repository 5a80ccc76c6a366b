"""The collector over links that are only bytes: what it keeps, counts and says when things go wrong."""

from __future__ import annotations

import asyncio
import itertools
import struct
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.asking import keep_asking
from ingest.collector import collect
from ingest.foot import Foot
from ingest.tasks import ended
from insole.devices import Packet
from insole.devices.open_insole import Resend, decode_command, split
from insole.errors import AdapterError, InsoleError, LinkError, StoreFullError
from insole.recording import About, Chunk, FootMeta, Side
from insole.store import Store
from tests.ingest.fakes import DEVICE, META, RECONNECT, AbsentLink, FakeLink, K, gathered, payload, values, walk
from tests.ingest.sinks import MemorySink
from tests.ingest.test_backlog import PULLS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from insole.typing import F64


class PausingLink(FakeLink):
    """Delivers one payload, and the rest only once something has happened."""

    def __init__(self, side: Side, script: Sequence[bytes], until: threading.Event) -> None:
        super().__init__(side, script[1:])
        self.first, self.until = script[0], until

    async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
        on_payload(self.first, self.now)
        await asyncio.to_thread(self.until.wait)
        await super().stream(on_payload)


async def test_both_feet_come_whole_and_in_order() -> None:
    sink = MemorySink()
    links = [FakeLink(Side.LEFT, walk(0, 400)), FakeLink(Side.RIGHT, walk(800, 1200))]
    summary = await gathered(links, sink)
    assert sink.metas == META
    for side, first in ((Side.LEFT, 0), (Side.RIGHT, 800)):
        assert sink.index(side) == list(range(first, first + 400))
        assert np.array_equal(sink.samples(side), values(first, 400))
        foot = summary["feet"][side]
        assert (foot["samples"], foot["expected"], foot["lost"], foot["battery_pct"]) == (400, 400, 0, 50)
        assert foot["rate_hz"] == pytest.approx(100.0, rel=1e-6)
        # the last frame of each packet is heard the moment it is measured
        assert sink.clocks[side].to_session_s(np.array([7_000_000 + 10_000 * (first + 3)])) == pytest.approx([0.04])
    assert sink.seals == 1
    assert summary["sync_uncertainty_ms"] == pytest.approx(0.0, abs=1e-6)
    assert summary["problems"] == []
    assert all(link.disconnects for link in links)


async def test_garbled_packets_are_counted_and_leave_a_gap() -> None:
    script = walk(0, 400)
    script[10] = script[10][:-1] + bytes([script[10][-1] ^ 1])
    script[20] = payload(80, n=15)
    sink = MemorySink()
    summary = await gathered([FakeLink(Side.LEFT, script)], sink)
    foot = summary["feet"]["left"]
    assert (foot["garbled"], foot["lost"], foot["samples"]) == (2, 8, 392)
    assert "15 sensors" in foot["why_garbled"]
    assert sink.index(Side.LEFT) == [i for i in range(400) if i // K not in (10, 20)]
    assert [c.first_sample for c in sink.chunks][:2] == [0, 44]


async def test_a_drop_leaves_its_gap_and_what_comes_twice_is_kept_once() -> None:
    sink = MemorySink()
    script = [*walk(0, 100), *[RECONNECT] * 25, *walk(200, 300), *walk(240, 300)]
    summary = await gathered([FakeLink(Side.LEFT, script)], sink)
    foot = summary["feet"]["left"]
    assert sink.index(Side.LEFT) == [*range(100), *range(200, 300)]
    assert (foot["drops"], foot["lost"], foot["duplicates"], foot["resets"]) == (25, 100, 60, 0)


class RememberingLink(FakeLink):
    """Sends again what it is asked for."""

    async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
        self._on_payload = on_payload
        await super().stream(on_payload)

    async def ask(self, command: bytes) -> bool:
        asked = decode_command(command)
        assert isinstance(asked, Resend)
        for sample in range(asked.first, asked.first + asked.count, K):
            whole = Packet(sample, 7_000_000 + sample * 10_000, 10_000, values(sample), 16, resent=True)
            self._on_payload(DEVICE.encode(whole), self.now)
        return True


async def test_what_is_missing_is_fetched_for_the_store_and_not_for_the_live_view() -> None:
    sink, seen = MemorySink(), []
    link = RememberingLink(Side.LEFT, [*walk(0, 100), *walk(140, 200)])
    summary = await gathered([link], sink, on_chunk=lambda chunk, _: seen.append(chunk.first_sample))
    foot = summary["feet"]["left"]
    assert (foot["samples"], foot["lost"], foot["late"], foot["duplicates"]) == (200, 0, 40, 0)
    index, samples = sink.in_order(Side.LEFT)
    assert index == list(range(200))
    assert np.array_equal(samples, values(0, 200))
    assert seen == [*range(0, 100, K), *range(140, 200, K)]


def test_at_the_end_gaps_are_filled_and_nothing_new_is_taken() -> None:
    foot = Foot(FakeLink(Side.LEFT, []), META[Side.LEFT], start_s=1000.0)
    for sample in (0, 8):
        foot.receive(payload(sample), 1000.1)
    foot.end()
    foot.receive(payload(12), 1000.2)
    resent = Packet(4, 7_040_000, 10_000, values(4), 16, resent=True)
    foot.receive(DEVICE.encode(resent), 1000.2)
    assert [(chunk.first_sample, len(chunk.samples)) for chunk in foot.ring.take()] == [(0, 4), (8, 4), (4, 4)]
    assert (foot.timeline.lost, foot.timeline.received) == (0, 12)


def pulled_foot() -> Foot:
    """Of an insole that sends only when asked, whose clock is 7 s ahead of the session's."""
    link = FakeLink(Side.LEFT, [])
    link.device = replace(DEVICE, backlog=PULLS)
    return Foot(link, META[Side.LEFT], start_s=1000.0)


def test_when_an_insole_said_what_it_had_tells_its_time_however_late_its_samples_come() -> None:
    foot = pulled_foot()
    for sample in range(0, 3000, K):
        newest_s = 1000.0 + (sample + K - 1) * 0.01
        foot.receive(struct.pack("<BHH", 4, 0, sample + K), newest_s)
        foot.receive(struct.pack("<BHH", 4, 0, sample + K), newest_s + 0.008)  # asked again, it has no more
        whole = Packet(sample, 7_000_000 + sample * 10_000, 10_000, values(sample), 16, resent=True)
        foot.receive(DEVICE.encode(whole), newest_s + (0.3 if sample < 1500 else 5.0))
    fit = foot.clock.fit()
    assert fit.to_session_s(np.array([7_000_000, 37_000_000])) == pytest.approx([0.0, 30.0], abs=1e-6)
    assert fit.residual_s == pytest.approx(0.0, abs=1e-6)
    assert foot.timeline.received == 3000


async def test_an_answer_that_comes_before_the_question_is_known_to_be_taken_is_not_waited_for() -> None:
    foot = pulled_foot()
    foot.receive(struct.pack("<BHH", 4, 0, 8), 1000.0)
    for done in (True, False):
        waiting = asyncio.create_task(foot.news(3600.0))
        for _ in range(5):
            await asyncio.sleep(0)
        assert waiting.done() is done
        waiting.cancel()


async def test_a_gap_is_asked_for_at_once_and_an_insole_with_none_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.asking.IDLE_S", 1e6)
    asked = asyncio.Event()

    class Asked(FakeLink):
        async def ask(self, command: bytes) -> bool:
            assert decode_command(command) == Resend(K, K)
            asked.set()
            return True

    link = Asked(Side.LEFT, [])
    link.connections = 1
    foot = Foot(link, META[Side.LEFT], start_s=0.0)
    assert foot.fetch is not None
    asking = asyncio.create_task(keep_asking(foot, foot.fetch, now=lambda: 0.0))
    foot.receive(payload(0), 0.0)
    for _ in range(10):
        await asyncio.sleep(0)
    assert not asked.is_set()
    foot.receive(payload(2 * K), 0.1)
    await asked.wait()
    await ended([asking])


async def test_an_insole_that_restarts_goes_on_in_the_same_recording(tmp_path: Path) -> None:
    """Counter and clock begin anew after the drop; the store takes them as later samples, after a gap."""
    script = [*walk(5000, 5400), *[RECONNECT] * 25, *walk(0, 400)]
    with Store.open(tmp_path) as store:
        writer = store.begin(datetime.now(UTC), About(), {Side.LEFT: META[Side.LEFT]})
        summary = await gathered([FakeLink(Side.LEFT, script)], writer)
        stored = store.read(writer.id).feet[Side.LEFT]
        assert store.info(writer.id).state == "sealed"
    foot = summary["feet"]["left"]
    assert (foot["resets"], foot["drops"], foot["samples"]) == (1, 25, 800)
    assert np.array_equal(stored.values, np.concatenate([values(5000, 400), values(0, 400)]))
    assert np.diff(stored.sample)[399] == 1 + foot["lost"] == 101
    assert np.diff(stored.time_s)[399] == pytest.approx(1.01)


async def test_frames_in_parts_are_put_together_and_a_lost_part_loses_the_frame() -> None:
    script = []
    for i in range(10):
        whole = Packet(i, i * 10_000, 10_000, values(i, 1), 16)
        parts = [DEVICE.encode(p) for p in split(whole, payload_max=32)]
        script += parts[:-1] if i == 5 else parts
    assert len(script) > 20
    sink = MemorySink()
    summary = await gathered([FakeLink(Side.LEFT, script)], sink)
    assert sink.index(Side.LEFT) == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert np.array_equal(sink.samples(Side.LEFT)[5], values(6, 1)[0])
    assert summary["feet"]["left"]["lost"] == 1


async def test_the_live_view_gets_each_packet_at_once_with_rising_times() -> None:
    seen: list[tuple[int, float]] = []
    sink = MemorySink()

    def on_chunk(chunk: Chunk, time_s: F64) -> None:
        assert len(sink.chunks) == 0 or seen
        seen.extend(zip(range(chunk.first_sample, chunk.stop_sample), time_s.tolist(), strict=True))

    await gathered([FakeLink(Side.LEFT, walk(0, 400))], sink, on_chunk=on_chunk)
    index, time_s = zip(*seen, strict=True)
    assert index == tuple(range(400))
    assert np.all(np.diff(time_s) > 0)
    assert time_s[-1] == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize("trouble", ["absent", "failing"])
async def test_one_foot_alone_is_collected_and_the_other_named(trouble: str) -> None:
    other = AbsentLink(Side.RIGHT, []) if trouble == "absent" else FakeLink(Side.RIGHT, [], fails=LinkError("odd one"))
    other.delivered.set()
    sink = MemorySink()
    summary = await gathered([FakeLink(Side.LEFT, walk(0, 40)), other], sink, wait_s=0.05)
    assert list(summary["feet"]) == ["left"]
    assert summary["sync_uncertainty_ms"] is None
    assert len(summary["problems"]) == 1
    assert "right insole" in summary["problems"][0]
    assert other.disconnects


async def test_no_foot_at_all_is_an_error_that_says_why() -> None:
    sink = MemorySink()
    with pytest.raises(AdapterError, match="switched off"):
        await gathered([FakeLink(Side.LEFT, [], fails=AdapterError("Bluetooth is switched off"))], sink)
    with pytest.raises(LinkError, match="not found in time"):
        await collect([AbsentLink(Side.LEFT, [])], open_sink=sink.open, wait_s=0.01)
    with pytest.raises(LinkError, match="no insoles were given"):
        await collect([], open_sink=sink.open)
    with pytest.raises(LinkError, match="same foot"):
        await gathered([FakeLink(Side.LEFT, []), FakeLink(Side.LEFT, [])], sink)
    assert sink.seals == 0


async def test_a_full_disk_stops_cleanly_seals_and_says_so() -> None:
    sink = MemorySink(full_after=0)
    link = FakeLink(Side.LEFT, walk(0, 400))
    with pytest.raises(StoreFullError, match="no room left") as caught:
        await gathered([link], sink)
    assert any("sealed with what it holds" in note for note in caught.value.__notes__)
    assert sink.seals == 1
    assert link.disconnects


async def test_a_sink_that_cannot_even_be_sealed_still_says_what_failed_first() -> None:
    class Broken(MemorySink):
        def seal(self) -> None:
            raise InsoleError("gone")

    with pytest.raises(StoreFullError) as caught:
        await gathered([FakeLink(Side.LEFT, walk(0, 40))], Broken(full_after=0))
    assert any("could not be sealed (gone)" in note for note in caught.value.__notes__)


async def test_a_slow_sink_holds_nothing_up_and_what_it_cannot_take_is_counted() -> None:
    gate = threading.Event()
    sink = MemorySink(gate=gate)
    link = PausingLink(Side.LEFT, walk(0, 10_000), sink.called)
    seen = 0

    def on_chunk(chunk: Chunk, _: F64) -> None:
        nonlocal seen
        seen += len(chunk.samples)
        if seen == 10_000:
            gate.set()

    summary = await gathered([link], sink, on_chunk=on_chunk)
    foot = summary["feet"]["left"]
    assert seen == 10_000
    kept = sink.index(Side.LEFT)
    assert kept[-6000:] == list(range(4000, 10_000))  # the ring holds the last minute
    assert foot["samples"] == len(kept)
    assert foot["samples"] + foot["overruns"] == 10_000
    assert foot["lost"] == foot["overruns"]
    assert foot["buffer_samples"] == 6000
    assert foot["buffer_bytes"] == 6000 * (16 * 2 + 8 + 8 + 8)  # and no more, however slow the sink
    assert summary["slowest_append_s"] > 0
    (problem,) = summary["problems"]
    assert f"{foot['overruns']} samples were lost because the store was too slow" in problem


async def test_a_link_that_fails_while_streaming_leaves_the_other_foot() -> None:
    class Failing(FakeLink):
        async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
            on_payload(payload(0), 1000.04)
            self.delivered.set()
            raise LinkError("firmware fell over")

    sink = MemorySink()
    summary = await gathered([Failing(Side.LEFT, []), FakeLink(Side.RIGHT, walk(0, 400))], sink)
    assert "firmware fell over" in summary["problems"][0]
    assert len(sink.index(Side.RIGHT)) == 400
    assert len(sink.index(Side.LEFT)) == K


async def test_a_defect_is_raised_after_sealing() -> None:
    class Defect(FakeLink):
        async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
            on_payload(payload(0), 1000.04)
            self.delivered.set()
            raise ZeroDivisionError

    sink = MemorySink()
    with pytest.raises(ZeroDivisionError):
        await gathered([Defect(Side.LEFT, [])], sink)
    assert (sink.seals, len(sink.index(Side.LEFT))) == (1, K)


async def test_cancelling_seals_what_arrived() -> None:
    sink = MemorySink()
    link = FakeLink(Side.LEFT, walk(0, 400))
    task = asyncio.create_task(collect([link], open_sink=sink.open, now=lambda: 1000.0))
    await link.delivered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (sink.seals, len(sink.index(Side.LEFT))) == (1, 400)


async def test_a_duration_ends_it() -> None:
    link, sink = FakeLink(Side.LEFT, walk(0, 400)), MemorySink()
    summary = await collect([link], open_sink=sink.open, duration_s=3.9, now=lambda: link.now)
    assert summary.duration_s >= 3.9
    assert sink.index(Side.LEFT) == list(range(400))


async def test_a_silent_radio_does_not_look_like_a_dead_collector() -> None:
    """A store takes a recording for abandoned when nothing is heard of its writer."""
    told: list[float] = []
    clock = itertools.count(1000.0, 5.0)

    class Listening(MemorySink):
        def append(self, chunks: Sequence[Chunk]) -> None:
            assert not chunks
            told.append(next(clock))

    link = FakeLink(Side.LEFT, [])
    link.device = replace(DEVICE, backlog=None)
    await collect([link], open_sink=Listening().open, duration_s=100, now=lambda: next(clock))
    assert len(told) >= 2
    assert max(np.diff([1000.0, *told])) <= 30


async def test_cancelling_while_an_insole_is_looked_for_ends_the_search() -> None:
    ended, began = asyncio.Event(), asyncio.Event()

    class Searching(FakeLink):
        async def connect(self) -> FootMeta:
            began.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            raise AssertionError

    link = Searching(Side.LEFT, [])
    task = asyncio.create_task(collect([link], open_sink=MemorySink().open))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await ended.wait()
    assert link.disconnects
