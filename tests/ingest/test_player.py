"""A recording played by virtual insoles: the same counts again, silence in its gaps."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from ingest.virtual.player import KPA_PER_COUNT, OFFSET_COUNTS, Player
from insole.errors import RecordingError
from insole.layout import load_layout
from insole.recording import FootStream, Recording, Side, Unit
from insole.walker import Gait, Walker, nominal_calibration
from insole.walker.samples import STARTED_AT
from tests.ingest.sinks import MemorySink

pytestmark = pytest.mark.virtual_time

LAYOUT = load_layout("open-insole-16")
RNG = np.random.default_rng(7)


def foot(side: Side, index: np.ndarray, *, start_s: float = 0.0, saturation: float | None = 65535.0) -> FootStream:
    values = RNG.integers(0, 65536, (len(index), 16)).astype(np.uint16)
    return FootStream(
        side, LAYOUT, index, start_s + (index - index[0]) / 100, values, Unit.COUNTS, 100.0,
        calibration=nominal_calibration(LAYOUT), saturation=saturation,
    )  # fmt: skip


def gappy() -> Recording:
    """All 16 bits, a foot that starts later, single samples and long stretches missing."""
    left = np.delete(np.arange(1000, 1600), [*range(5, 6), *range(100, 101), *range(102, 130), *range(300, 500)])
    right = np.delete(np.arange(70, 640), np.arange(1, 500, 37))
    return Recording(
        "r", STARTED_AT, {Side.LEFT: foot(Side.LEFT, left), Side.RIGHT: foot(Side.RIGHT, right, start_s=0.2)}
    )


def test_it_plays_what_it_has_and_withholds_what_it_has_not() -> None:
    recording = gappy()
    player = Player(recording)
    assert player.withheld(Side.LEFT, 0, 5).all()  # nothing before it begins
    player.begin({Side.LEFT: 50, Side.RIGHT: 60})
    for side, begin, late in ((Side.LEFT, 50, 0), (Side.RIGHT, 60, 20)):
        stream = recording.feet[side]
        there = ~player.withheld(side, 0, 900)
        expected = stream.sample - stream.sample[0] + begin + late
        assert np.array_equal(np.flatnonzero(there), expected)
        assert np.array_equal(player.counts(side, 0, 900)[there], stream.values)
        assert not player.counts(side, 0, 900)[~there].any()


def test_it_knows_when_both_feet_want_samples_and_when_all_is_sent() -> None:
    player = Player(gappy())
    player.withheld(Side.LEFT, 0, 3)
    assert not player.wanted.is_set()
    player.withheld(Side.RIGHT, 0, 3)
    assert player.wanted.is_set()
    player.begin({Side.LEFT: 10, Side.RIGHT: 10})
    for side, first in ((Side.LEFT, 609), (Side.RIGHT, 600), (Side.LEFT, 610)):
        player.withheld(side, first, 3)
        assert player.over.is_set() == (first == 610)


def test_kpa_become_counts_by_a_line_that_leads_back_to_them() -> None:
    walked = Walker(Gait(duration_s=2.0, gaps={Side.LEFT: ((0.5, 0.7),)}), LAYOUT).recording()
    stream = walked.feet[Side.LEFT]
    values = stream.values.copy()
    values[10, 3] = np.nan
    broken = replace(walked, feet={**walked.feet, Side.LEFT: replace(stream, values=values)})
    player = Player(broken)
    meta = player.metas[Side.LEFT]
    player.begin({Side.LEFT: 0, Side.RIGHT: 0})
    there = ~player.withheld(Side.LEFT, 0, 200)
    assert not there[10]
    assert there.sum() == len(stream.sample) - 1
    assert meta.calibration is not None
    back = meta.calibration.to_kpa(player.counts(Side.LEFT, 0, 200)[there])
    assert back == pytest.approx(np.delete(values, 10, axis=0), abs=KPA_PER_COUNT / 2 + 1e-3)
    assert meta.saturation == 65535


def test_what_is_not_known_is_not_made_up() -> None:
    stream = replace(foot(Side.LEFT, np.arange(9), saturation=None), calibration=None)
    meta = Player(Recording("", STARTED_AT, {Side.LEFT: stream})).metas[Side.LEFT]
    assert meta.calibration is None
    assert meta.saturation == 65535


def at(side: Side, rate_hz: float) -> FootStream:
    return replace(foot(side, np.arange(9)), rate_hz=rate_hz)


def one(**changes: object) -> Recording:
    return Recording("", STARTED_AT, {Side.LEFT: replace(foot(Side.LEFT, np.arange(9)), **changes)})


@pytest.mark.parametrize(
    ("recording", "why"),
    [
        (Recording("", STARTED_AT, {Side.LEFT: at(Side.LEFT, 50), Side.RIGHT: at(Side.RIGHT, 100)}), "different rates"),
        (one(sample=np.arange(0), time_s=np.zeros(0), values=np.zeros((0, 16), np.uint16)), "no samples"),
        (one(unit=Unit.N, values=np.ones((9, 16), np.float32)), "in N"),
        (one(unit=Unit.KPA, values=np.full((9, 16), np.nan, np.float32)), "misses a sensor in every row"),
        (one(unit=Unit.KPA, values=np.full((9, 16), 1400, np.float32)), "outside -20 to 1291 kPa"),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_refused(recording: Recording, why: str) -> None:
    with pytest.raises(RecordingError, match=why):
        Player(recording)
    assert OFFSET_COUNTS * KPA_PER_COUNT == 20


async def test_over_the_radio_the_same_counts_come_again_bit_by_bit() -> None:
    pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")
    import asyncio

    from ingest.collector import collect
    from ingest.virtual import virtual_pair

    recording = gappy()
    player, sink, stop = Player(recording), MemorySink(), asyncio.Event()
    async with virtual_pair(player, sides=list(player.metas), metas=player.metas, speed=20.0) as pair:
        for side in pair.insoles:
            pair.withhold(side, partial(player.withheld, side))

        async def direct() -> None:
            await player.wanted.wait()
            begin_s = pair.now() + 1.0
            player.begin({s: math.ceil((begin_s - i.true_s(0)) * 100) for s, i in pair.insoles.items()})
            await player.over.wait()
            stop.set()

        directing = asyncio.create_task(direct())
        summary = await collect(pair.links, open_sink=sink.open, stop=stop, now=pair.now)
        await directing
        insoles, first_s = pair.insoles, {}
    for side, stream in recording.feet.items():
        index = np.array(sink.index(side))
        assert np.array_equal(index - index[0], stream.sample - stream.sample[0])
        assert np.array_equal(sink.samples(side), stream.values)
        assert summary.feet[side].lost == stream.missing_samples
        assert sink.metas[side].saturation == 65535
        first_s[side] = insoles[side].true_s(int(index[0]))
    assert first_s[Side.RIGHT] - first_s[Side.LEFT] == pytest.approx(0.2, abs=0.01)  # to a sample
