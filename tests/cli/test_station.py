"""A station on virtual insoles: recordings begin and end while the insoles stay, and each is whole."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest

from analysis.options import Options
from analysis.protocol import OneLeg, Protocol, Stand, Walk
from analysis.recipe import analyse
from api.control import LiveControl, LiveState
from api.guidance import Guidance
from insole.cli.insoles import virtual
from insole.cli.station import Station
from insole.errors import LinkError, NotNowError, StoreFullError
from insole.recording import About, Side
from insole.records import MarkKind
from insole.store import Store, Writer

pytestmark = pytest.mark.virtual_time
WAIT_S = 0.05


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
async def station(store):
    made = Station(store, virtual("open16"), is_virtual=True)
    yield made
    await made.disconnect()


async def until(station, state):
    """Wait until the station is in that state; its time is the loop's."""
    await shows(lambda: station.status.state is state)


async def shows(what):
    async with asyncio.timeout(120):
        while not what():  # noqa: ASYNC110 (a state is looked at, as the page does; no real time passes)
            await asyncio.sleep(WAIT_S)


async def test_it_is_a_control_that_rests_until_asked(station):
    assert isinstance(station, LiveControl)
    assert (station.status.state, station.view, station.recorded_s) == (LiveState.IDLE, None, 0.0)
    for ask in (station.stop,):
        with pytest.raises(NotNowError, match="no recording"):
            await ask()


async def test_two_recordings_of_one_connection_each_with_its_own_zero(station, store):
    await station.connect()
    with pytest.raises(NotNowError, match="connected already"):
        await station.connect()
    await until(station, LiveState.READY)
    ids = []
    for condition, seconds in (("shoe", 6), ("orthosis A", 4)):
        await station.start(About(subject_code="P-1", condition=condition))
        assert station.status.state is LiveState.RECORDING
        with pytest.raises(NotNowError, match="already"):
            await station.start(About())
        await asyncio.sleep(seconds)
        ids.append(station.recording_id)
        await station.stop()
        assert station.status.state is LiveState.READY
        await asyncio.sleep(3)
    for recording_id, condition, seconds in zip(ids, ("shoe", "orthosis A"), (6, 4), strict=True):
        info, recording = store.info(recording_id), store.read(recording_id)
        assert (info.state, info.about.condition, info.about.subject_code) == ("sealed", condition, "P-1")
        assert info.about.body_mass_kg == 70.0
        assert "Virtual insoles: a model walked, not a person." in info.about.notes
        for foot in recording.feet.values():
            assert foot.sample[0] == 0
            assert np.diff(foot.sample).max() == 1, "nothing is lost in between"
            assert -0.1 < foot.time_s[0] < 0.2
            assert foot.time_s[-1] == pytest.approx(seconds, abs=0.3)
        starts = [foot.time_s[0] for foot in recording.feet.values()]
        assert abs(starts[0] - starts[1]) < 0.05
    assert store.info(ids[0]).visit_id == store.info(ids[1]).visit_id


async def test_a_recording_that_is_asked_for_first_begins_when_the_insoles_are_there(station, store):
    await station.start(About(condition="shoe"))
    assert station.status.state is LiveState.LOOKING
    with pytest.raises(NotNowError, match="already"):
        await station.start(About())
    await until(station, LiveState.RECORDING)
    await asyncio.sleep(2)
    assert station.recorded_s == pytest.approx(2, abs=0.5)
    await station.disconnect()  # in the middle of it
    assert store.info(station.recording_id).state == "sealed"
    assert station.status.state is LiveState.IDLE


async def test_each_insole_says_how_it_is(station):
    await station.connect()
    await until(station, LiveState.READY)
    await shows(lambda: len(station.status.feet) == 2)
    await asyncio.sleep(1)
    assert station.status.feet
    await asyncio.sleep(4)
    feet = station.status.feet
    assert set(feet) == set(Side)
    for foot in feet.values():
        assert foot.connected
        assert foot.battery_pct == 87
        assert foot.signal_dbm == -50
        assert foot.lost_pct == 0.0
        assert foot.rate_hz == pytest.approx(100, abs=3)


async def test_a_failure_is_told_and_the_next_try_may_succeed(store):
    tries = []

    @asynccontextmanager
    async def first_none():
        tries.append(1)
        if len(tries) == 1:
            raise LinkError("No insole is near.")
        async with virtual("open16")() as found:
            yield found

    station = Station(store, first_none)
    await station.connect()
    await until(station, LiveState.FAILED)
    assert station.state == "No insole is near."
    await station.start(About())
    await until(station, LiveState.RECORDING)
    await station.disconnect()
    assert station.status.state is LiveState.IDLE


async def test_a_full_disk_ends_the_stream_and_says_so(station, store, monkeypatch):
    await station.connect()
    await until(station, LiveState.READY)
    await station.start(About())

    def full(*_args):
        raise StoreFullError("the disk is full")

    monkeypatch.setattr(Writer, "append", full)
    await until(station, LiveState.FAILED)
    assert station.state == "the disk is full"
    assert store.info(station.recording_id).state == "sealed"


SHORT = Protocol("short", "Short", (Stand(6.0), Walk(8), OneLeg(Side.LEFT, 3.0)))


async def test_a_guided_test_on_virtual_insoles_passes_and_marks_its_recording(station, store, monkeypatch):
    monkeypatch.setattr("api.guidance.protocols", lambda: {"short": SHORT})
    guidance = Guidance(station, store)
    with pytest.raises(NotNowError, match="both insoles"):
        await guidance.begin("short", About())
    await station.connect()
    await until(station, LiveState.READY)
    await guidance.begin("short", About(condition="shoe", body_mass_kg=70.0))
    for _ in SHORT.tasks:
        guidance.task()
        await shows(lambda: guidance.to_json()["phase"] != "running")
        assert guidance.to_json()["progress"]["passed"], guidance.to_json()["progress"]
        await guidance.go_on()
    said = guidance.to_json()
    assert (said["phase"], said["sealed"], said["recording_id"]) == ("over", True, station.recording_id)
    assert store.info(said["recording_id"]).state == "sealed"
    kinds = [mark.kind for mark in store.marks.list(said["recording_id"])]
    assert kinds.count(MarkKind.STANDING) == kinds.count(MarkKind.EXCLUDE) == 1
    assert kinds.count(MarkKind.NOTE) == 3
    with pytest.raises(NotNowError, match="no guided test"):
        guidance.task()
    report = analyse(store.read(said["recording_id"]), Options(marks=tuple(store.marks.list(said["recording_id"]))))
    by_name = {(v.name, v.side): v.value for v in report.values}
    assert by_name["cadence_spm", None] == pytest.approx(120, abs=0.5)
    assert by_name["standing_load_share_pct", Side.RIGHT] == pytest.approx(52, abs=0.7)


async def test_a_guided_test_that_is_cut_short_keeps_what_it_got(station, store):
    guidance = Guidance(station, store)
    await station.connect()
    await until(station, LiveState.READY)
    await guidance.begin("balance-and-walking", About())
    guidance.task()
    await asyncio.sleep(8)
    await guidance.finish()
    said = guidance.to_json()
    assert said["sealed"]
    assert [task["passed"] for task in said["tasks"]] == [False, None, None, None]
    assert any("of 30 s" in mark.text for mark in store.marks.list(said["recording_id"]))
