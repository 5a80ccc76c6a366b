"""Each kind of virtual insole, two feet, from the walker to the sealed recording."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.collector import collect
from ingest.virtual import KINDS, virtual_pair, virtual_walker
from ingest.virtual.playing import counts, motion
from insole.errors import LinkError
from insole.recording import About, Side
from insole.store import Store
from insole.walker import Gait, nominal_calibration
from tests.ingest.sinks import MemorySink
from tests.store.samples import STARTED_AT

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

    from ingest.summary import Summary
    from ingest.virtual import VirtualPair
    from insole.recording import FootStream
    from insole.walker import Walker

pytestmark = pytest.mark.virtual_time

KEEPS = {"open16": True, "open99": True, "orphe": True, "brilliant": False}
# A connection takes real time: the faster the pace, the more of the walk goes by meanwhile.
SPEED = {"open16": 8.0, "open99": 4.0, "orphe": 4.0, "brilliant": 3.0}


def played(walker: Walker, side: Side, first: int, n: int) -> np.ndarray:
    calibration = None if np.isnan(walker.layout.area_mm2).any() else nominal_calibration(walker.layout)
    return counts(walker, side, first, n, calibration)


async def recorded(
    pair: VirtualPair, store: Store, *, seconds: float, speed: float, cut_s: float = 0.0
) -> tuple[Summary, dict[Side, FootStream]]:
    """Collect into a store; a cut of the left foot begins after a third of the time."""
    ids: list[str] = []
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def begin(metas: object) -> object:
        writer = store.begin(STARTED_AT, About(), metas)
        ids.append(writer.id)
        loop.call_soon_threadsafe(begun.set)
        return writer

    task = asyncio.create_task(collect(pair.links, open_sink=begin, duration_s=seconds, now=pair.now))
    if cut_s:
        await begun.wait()
        await asyncio.sleep(seconds / 3 / speed)
        await pair.cut(Side.LEFT, cut_s)
    summary = await task
    return summary, dict((await asyncio.to_thread(store.read, ids[0])).feet)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_sample_of_each_kind_is_stored_once_in_order_and_bit_exact(kind: str, tmp_path: Path) -> None:
    walker = virtual_walker(Gait(), kind)
    with Store.open(tmp_path) as store:
        async with virtual_pair(walker, kind=kind, speed=SPEED[kind]) as pair:
            summary, feet = await recorded(pair, store, seconds=7, speed=SPEED[kind])
            assert set(feet) == set(Side)
            for side, foot in feet.items():
                said = summary.feet[side]
                assert (said.lost, said.garbled, said.drops, said.resets) == (0, 0, 0, 0)
                assert foot.rate_hz == KINDS[kind].rate_hz
                assert foot.layout.name == walker.layout.name
                assert len(foot.sample) == said.samples > 2 * foot.rate_hz
                assert np.all(np.diff(foot.sample) == 1)
                first = first_played(pair, walker, side, foot)
                assert np.array_equal(foot.values, played(walker, side, first, len(foot.sample)))
                assert np.diff(foot.time_s) == pytest.approx(1 / foot.rate_hz, rel=1e-3)


def first_played(pair: VirtualPair, walker: Walker, side: Side, foot: FootStream) -> int:
    """Where in the walk a recording begins: its insole's counter says so, or, without one, its values do."""
    if KINDS_WITH_COUNTER[pair.links[0].device.name]:
        return int(foot.sample[0])
    whole = played(walker, side, 0, 20_000)
    n = min(99, int(np.argmax(np.append(np.diff(foot.sample) > 1, True))) + 1)
    assert n > 10
    starts = np.flatnonzero((whole[: len(whole) - n] == foot.values[0]).all(axis=1))
    return next(int(i) for i in starts if np.array_equal(whole[i : i + n], foot.values[:n]))


KINDS_WITH_COUNTER = {kind.device.name: kind.device.counter_bits > 0 for kind in KINDS.values()}


@pytest.mark.parametrize("kind", ["open16", "orphe", "brilliant"])
async def test_loss_and_a_cut_leave_gaps_only_where_the_insole_keeps_nothing(kind: str, tmp_path: Path) -> None:
    walker = virtual_walker(Gait(), kind)
    with Store.open(tmp_path) as store:
        async with virtual_pair(walker, kind=kind, speed=SPEED[kind]) as pair:
            pair.lose(Side.RIGHT, 0.02)
            summary, feet = await recorded(pair, store, seconds=12, speed=SPEED[kind], cut_s=3)
            dropped = pair.insoles[Side.RIGHT].dropped_samples
            starts = {side: first_played(pair, walker, side, foot) for side, foot in feet.items()}
    for side, foot in feet.items():
        rows = foot.sample - foot.sample[0] + starts[side]
        assert np.array_equal(foot.values, played(walker, side, starts[side], int(np.ptp(rows)) + 1)[rows - rows[0]])
        assert summary.feet[side].lost == foot.missing_samples
    assert summary.feet[Side.LEFT].drops == 1
    gaps = {side: np.diff(foot.sample)[np.diff(foot.sample) > 1] - 1 for side, foot in feet.items()}
    if KEEPS[kind]:
        assert not gaps[Side.LEFT].size
        assert not gaps[Side.RIGHT].size
    else:
        assert len(gaps[Side.LEFT]) == 1
        assert gaps[Side.LEFT][0] >= 3 * walker.gait.rate_hz - 2
        assert dropped - 1 <= gaps[Side.RIGHT].sum() <= dropped


class NearMidnight(datetime):
    """The computer's clock, by which an ORPHE sets its own: two seconds before it begins again from zero."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> NearMidnight:
        return cls(2024, 5, 17, 23, 59, 58, tzinfo=tz)


async def test_midnight_and_the_counters_end_pass_unnoticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.link.datetime", NearMidnight)
    walker, end = virtual_walker(Gait(), "orphe"), 1 << KINDS["orphe"].device.counter_bits
    counters = dict.fromkeys(Side, end - 600)
    with Store.open(tmp_path) as store:
        async with virtual_pair(walker, kind="orphe", speed=4.0, first_counter=counters) as pair:
            summary, feet = await recorded(pair, store, seconds=6, speed=4.0)
    for side, foot in feet.items():
        said = summary.feet[side]
        assert (said.lost, said.resets, said.garbled) == (0, 0, 0)
        assert foot.sample[0] < end < foot.sample[-1]
        assert np.all(np.diff(foot.sample) == 1)
        assert np.diff(foot.time_s) == pytest.approx(1 / 200, rel=1e-3)
        assert np.ptp(foot.time_s) > 4
        assert np.array_equal(foot.values, played(walker, side, int(foot.sample[0]) - end + 600, len(foot.sample)))


async def test_an_orphe_with_orientation_streams_at_half_the_rate(tmp_path: Path) -> None:
    walker = virtual_walker(Gait(), "orphe")
    walker = type(walker)(type(walker.gait)(rate_hz=100.0), walker.layout)
    async with virtual_pair(walker, kind="orphe", speed=8.0) as pair:
        sink = MemorySink()
        summary = await collect(pair.links, open_sink=sink.open, duration_s=4, now=pair.now)
    for side in Side:
        index = sink.index(side)
        assert index == list(range(index[0], index[0] + len(index)))
        assert (summary.feet[side].lost, summary.feet[side].garbled) == (0, 0)
        assert np.array_equal(sink.samples(side), played(walker, side, index[0], len(index)))


async def test_an_insole_that_remembers_nothing_says_that_what_was_lost_is_gone() -> None:
    walker = virtual_walker(Gait())
    async with virtual_pair(walker, sides=[Side.LEFT], speed=8.0, remember=False) as pair:
        pair.lose(Side.LEFT, 0.05)
        sink = MemorySink()
        summary = await collect(pair.links, open_sink=sink.open, duration_s=5, now=pair.now)
        dropped = pair.insoles[Side.LEFT].dropped_samples
    foot, index = summary.feet[Side.LEFT], sink.index(Side.LEFT)
    assert foot.late == 0
    assert dropped - 6 <= foot.lost == index[-1] - index[0] + 1 - len(index) <= dropped  # none after the last heard
    assert foot.lost > 0


async def test_an_orphe_cannot_do_without_its_memory() -> None:
    with pytest.raises(LinkError, match="sends only what it remembers"):
        async with virtual_pair(virtual_walker(Gait(), "orphe"), kind="orphe", remember=False):
            pass


async def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LinkError, match=r"'shoe'; known: open16, open99, orphe, brilliant"):
        virtual_walker(Gait(), "shoe")
    with pytest.raises(LinkError, match="orphe"):
        async with virtual_pair(virtual_walker(Gait()), kind="shoe"):
            pass


async def test_a_walker_that_an_orphe_cannot_play_is_refused() -> None:
    with pytest.raises(LinkError, match="not 16 at 100 Hz"):
        async with virtual_pair(virtual_walker(Gait()), kind="orphe"):
            pass


def test_the_motion_played_rests_on_gravity_and_repeats_with_the_stride() -> None:
    names = ("acc_x_g", "acc_z_g", "gyro_y_dps", "quat_w")
    walker = virtual_walker(Gait(cadence_spm=120 / 1.1))
    one, next_one = (motion(walker, names, np.arange(0, 1.1, 0.01) + t) for t in (0.0, 1.1))
    assert one == pytest.approx(next_one, abs=1e-4)
    assert one[:110].mean(axis=0) == pytest.approx([0, 1, 0, 1], abs=1e-3)
