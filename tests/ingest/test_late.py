"""A foot that comes after the recording has begun joins it; nothing is made up for the time before."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ingest import arrivals
from ingest.collector import collect
from insole.calibration_file import FootCalibration
from insole.cli.session import Session
from insole.errors import CalibrationError, PacketError, StoreFullError
from insole.recording import About, Side
from insole.store import Store
from insole.store.writer import LEASE
from insole.walker import nominal_calibration
from tests.ingest.fakes import LAYOUT, META, FakeLink, K, LateLink, gathered, values, walk
from tests.ingest.sinks import MemorySink
from tests.store.samples import STARTED_AT
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.live import LiveView
    from insole.recording import Chunk, FootMeta
    from insole.typing import F64

LEFT, RIGHT = Side.LEFT, Side.RIGHT


@pytest.fixture(autouse=True)
def _ask_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "AGAIN_S", 0.0)


def let_come(link: LateLink, after: int) -> Any:
    """An ``on_chunk`` that lets a foot come once the other has brought so many samples."""

    def on_chunk(chunk: Chunk, _: F64) -> None:
        if chunk.stop_sample >= after:
            link.may_come.set()

    return on_chunk


async def test_both_feet_are_in_the_recording_each_from_its_first_sample_on(tmp_path: Path) -> None:
    late = LateLink(RIGHT, walk(800, 1000), comes_s=1002.0)
    with Store.open(tmp_path) as store:
        begun: list[Any] = []

        def begin(feet: Mapping[Side, FootMeta]) -> Any:
            assert list(feet) == [LEFT]
            begun.append(store.begin(STARTED_AT, About(), feet))
            return begun[0]

        links = [FakeLink(LEFT, walk(0, 400)), late]
        summary = await gathered(links, SimpleNamespace(open=begin), on_chunk=let_come(late, 200))
        recording, info = store.read(begun[0].id), store.info(begun[0].id)
    assert (info.state, info.sides, dict(info.sensors)) == ("sealed", (LEFT, RIGHT), {LEFT: 16, RIGHT: 16})
    for side, first, n in ((LEFT, 0, 400), (RIGHT, 800, 200)):
        foot = recording.feet[side]
        assert foot.sample.tolist() == list(range(first, first + n))
        assert np.array_equal(foot.values, values(first, n))
    assert recording.feet[LEFT].time_s[0] == pytest.approx(0.01)
    assert recording.feet[RIGHT].time_s[0] == pytest.approx(2.01)
    assert [summary["feet"][side]["began_s"] for side in Side] == pytest.approx([0.01, 2.01])
    assert list(summary["feet"]) == ["left", "right"]
    assert summary["sync_uncertainty_ms"] is not None
    assert summary["problems"] == []


async def test_a_left_foot_that_comes_late_still_stands_on_the_left() -> None:
    late, sink = LateLink(LEFT, walk(0, 40)), MemorySink()
    summary = await gathered([late, FakeLink(RIGHT, walk(0, 400))], sink, on_chunk=let_come(late, 200))
    assert list(summary["feet"]) == ["left", "right"]
    assert sink.index(LEFT) == list(range(40))
    assert sink.metas == META


async def test_an_insole_that_says_nonsense_is_asked_again_and_stops_nobody() -> None:
    class Odd(FakeLink):
        asked = 0

        async def connect(self) -> FootMeta:
            self.asked += 1
            if self.asked == 5:
                self.delivered.set()
            raise PacketError("a layout of 0 sensors")

    odd, sink = Odd(RIGHT, []), MemorySink()
    summary = await gathered([FakeLink(LEFT, walk(0, 400)), odd], sink)
    assert sink.index(LEFT) == list(range(400))
    assert summary["problems"] == ["the right insole: a layout of 0 sensors"]
    assert odd.asked >= 5


async def test_one_that_the_recording_cannot_take_is_let_go_and_named() -> None:
    class Picky(MemorySink):
        def add_foot(self, meta: FootMeta) -> None:
            raise CalibrationError("the calibration is of another layout")

    late, sink = LateLink(RIGHT, walk(0, 40)), Picky()
    disconnect = late.disconnect

    async def and_end() -> None:
        late.delivered.set()
        await disconnect()

    late.disconnect = and_end
    summary = await gathered([FakeLink(LEFT, walk(0, 400)), late], sink, on_chunk=let_come(late, 200))
    assert summary["problems"] == [
        "the right insole came later and could not join: the calibration is of another layout"
    ]
    assert (list(summary["feet"]), late.connections, sink.seals) == (["left"], 0, 1)
    assert sink.index(LEFT) == list(range(400))


async def test_a_disk_that_is_full_when_it_comes_ends_the_session_as_at_any_other_time() -> None:
    class Full(MemorySink):
        def add_foot(self, meta: FootMeta) -> None:
            raise StoreFullError("no room left")

    late, sink = LateLink(RIGHT, walk(0, 40)), Full()
    with pytest.raises(StoreFullError) as caught:
        await gathered([FakeLink(LEFT, walk(0, 400)), late], sink, on_chunk=let_come(late, 200))
    assert caught.value.__notes__ == ["The recording was sealed with what it holds."]
    assert sink.index(LEFT)[:200] == list(range(200))
    assert late.disconnects


async def test_a_defect_in_the_search_is_raised_after_sealing() -> None:
    class Defect(LateLink):
        async def connect(self) -> FootMeta:
            await super().connect()
            raise ZeroDivisionError

    late, sink = Defect(RIGHT, []), MemorySink()
    with pytest.raises(ZeroDivisionError):
        await gathered([FakeLink(LEFT, walk(0, 400)), late], sink, on_chunk=let_come(late, 200))
    assert sink.seals == 1
    assert sink.index(LEFT)[:200] == list(range(200))


@pytest.mark.parametrize("end", ["stop", "cancel"])
async def test_a_search_that_found_nobody_ends_with_the_session(end: str) -> None:
    late, link, sink, stop = LateLink(RIGHT, []), FakeLink(LEFT, walk(0, 400)), MemorySink(), asyncio.Event()
    before = asyncio.all_tasks()
    task = asyncio.create_task(collect([link, late], open_sink=sink.open, stop=stop, now=lambda: 1000.0))
    await link.delivered.wait()
    while not late.looking:  # noqa: ASYNC110 it has no event for it
        await asyncio.sleep(0)
    if end == "stop":
        stop.set()
        assert "nobody answers" in (await task).problems[0]
    else:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not late.looking
    assert late.disconnects
    assert asyncio.all_tasks() == before
    assert (sink.seals, sink.index(LEFT)) == (1, list(range(400)))


async def test_the_live_view_goes_on_with_both_feet_and_the_calibration_that_was_given(tmp_path: Path) -> None:
    given = FootCalibration(RIGHT, LAYOUT.name, nominal_calibration(LAYOUT))
    views: list[LiveView] = []
    stop = asyncio.Event()
    with Store.open(tmp_path) as store:
        session = Session(store, calibrations={RIGHT: given})

        class Watched(LateLink):
            async def stream(self, on_payload: Any) -> None:
                assert session.view is not None
                views.append(session.view)
                await super().stream(on_payload)

        first, late = FakeLink(LEFT, walk(0, 400)), Watched(RIGHT, walk(0, 200))
        late.firmware = "2.0"
        running = asyncio.create_task(
            session.run([first, late], about=About(), duration_s=None, stop=stop, now=lambda: 1000.0)
        )
        await first.delivered.wait()
        assert session.view is not None
        assert list(session.view.feet) == [LEFT]
        late.may_come.set()
        await late.delivered.wait()
        frame = views[0].frame()
        stop.set()
        await running
        info = store.info(session.recording_id)
    assert list(frame.feet) == [LEFT, RIGHT]
    assert [foot.samples for foot in frame.feet.values()] == [400, 200]
    assert dict(info.calibration_ids) == {LEFT: None, RIGHT: "virtual-nominal"}
    assert info.about.notes == ("right foot: calibration virtual-nominal used instead of the insole's own (none)",)
    assert info.about.firmware == "1.0, 2.0"


def test_after_a_kill_both_feet_are_recovered_on_one_clock(tmp_path: Path) -> None:
    """SIGKILL as soon as the late foot's first samples are stored, long before its clock is told as a routine."""
    command = [sys.executable, "-m", "tests.ingest.latecomer", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        recording_id = process.stdout.readline().strip()
        _, stored = process.stdout.readline().split()
        process.kill()
    with Store.open(tmp_path) as store:
        killed_at = store._now()
    with Store.open(tmp_path, now=lambda: killed_at + LEASE) as store:
        assert store.recover() == [recording_id]
        feet, info = store.read(recording_id).feet, store.info(recording_id)
    assert info.state == "sealed"
    assert len(feet[RIGHT].sample) >= int(stored)
    assert feet[LEFT].time_s[0] == pytest.approx(0.01)
    assert feet[RIGHT].time_s[0] == pytest.approx(2.01)
    for side, first in ((LEFT, 0), (RIGHT, 800)):
        assert np.array_equal(feet[side].values, values(first, len(feet[side].sample)))
        assert len(feet[side].sample) % K == 0
