"""The fault plan of the manual, from the radio to the report: its gaps, one time for both feet, the answers.

Of a walk of 30 s that was cut for 5 s, what counts whole steps (peaks, times, cadence) must be the
walker's to a point. What is a mean over time is not: the load index is of the time that both feet are known,
and parts of strides at each end and at each gap weigh in it. The report says by how much; on a walk
that is four times as long, or without a gap, it is the walker's to a point as well.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")

from analysis.recipe import analyse
from ingest.collector import collect
from ingest.virtual import KINDS, virtual_pair, virtual_walker
from ingest.virtual.faults import parse_plan
from ingest.virtual.playing import counts
from insole.recording import About, Side
from insole.store import Store
from insole.walker import Gait, nominal_calibration

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.summary import Summary
    from insole.recording import Chunk, Recording
    from insole.report import Report
    from insole.typing import F64, I64, Samples

LEFT, RIGHT = Side.LEFT, Side.RIGHT
pytestmark = pytest.mark.virtual_time

GAIT = Gait(cadence_spm=120.0, load_symmetry_index_pct=8.0, noise_kpa=1.0)
PLAN = parse_plan(drop=["left:5s@12s"], loss=["right:2%"], drift=["left:50ppm", "right:-50ppm"])
PLAN_S = 30.0
SPEED = {"open16": 5.0, "orphe": 4.0, "brilliant": 4.0}
AT_ONCE = {"open16": 3, "orphe": 4, "brilliant": 1}
"""Samples in one notification."""


@dataclass(frozen=True, eq=False)
class Session:
    """What a session under the plan left.

    Attributes
    ----------
    summary, recording
        As the collector and the store say.
    numbers
        By side: of each stored sample, its number counted from the insole's power-on.
    true_s
        By side: session second at which each stored sample was truly taken.
    """

    summary: Summary
    recording: Recording
    numbers: dict[Side, I64]
    true_s: dict[Side, F64]


async def session(
    folder: Path, kind: str, *, remember: bool = True, last_s: float = PLAN_S, hurry: float = 1.0
) -> Session:
    """Collect a walk under the plan into a store."""
    walker = virtual_walker(GAIT, kind)
    zero: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    options = {"drift_ppm": PLAN.drift_ppm, "speed": hurry * SPEED[kind], "kind": kind, "remember": remember}
    with Store.open(folder) as store:
        async with virtual_pair(walker, **options) as pair:
            PLAN.apply(pair)

            def on_chunk(chunk: Chunk, _: F64) -> None:
                if not zero.done():
                    zero.set_result(pair.now() - chunk.arrival_s)

            async def direct() -> None:
                await PLAN.play(pair, await zero)
                await pair.until(zero.result() + last_s)
                stop.set()

            directing = asyncio.create_task(direct())
            summary = await collect(
                pair.links,
                open_sink=lambda feet: store.begin(datetime.now(UTC), About(body_mass_kg=70), feet),
                stop=stop,
                on_chunk=on_chunk,
                now=pair.now,
            )
            await directing
        recording = store.read(store.list()[0].id)
    numbers = {side: numbered(recording, kind, side) for side in Side}
    true_s = {
        side: np.array([pair.insoles[side].true_s(int(i)) for i in numbers[side]]) - zero.result() for side in Side
    }
    return Session(summary, recording, numbers, true_s)


def measured(kind: str, side: Side, numbers: I64) -> Samples:
    """Counts of samples: those of the walk at the time that the insole's own clock made them be taken."""
    walker = virtual_walker(GAIT, kind)
    at = np.round(numbers / (1 + PLAN.drift_ppm[side] * 1e-6)).astype(int)
    calibration = None if np.isnan(walker.layout.area_mm2).any() else nominal_calibration(walker.layout)
    return counts(walker, side, 0, int(at[-1]) + 1, calibration)[at]


def numbered(recording: Recording, kind: str, side: Side) -> I64:
    """Each sample's number from power-on: an insole's counter says it, or, without one, what it measured."""
    foot = recording.feet[side]
    if KINDS[kind].device.counter_bits:
        return foot.sample
    since_first = foot.sample - foot.sample[0]
    for first in range(3000):
        if np.array_equal(foot.values[:40], measured(kind, side, first + since_first[:40])):
            return first + since_first
    raise AssertionError("these values were never played")


def assert_the_walkers_samples(of: Session, kind: str) -> None:
    for side, foot in of.recording.feet.items():
        assert np.array_equal(foot.values, measured(kind, side, of.numbers[side]))
        assert of.summary.feet[side].lost == foot.missing_samples


def assert_one_time_for_both_feet(of: Session) -> None:
    """At each moment: what both feet are late by alike cancels."""
    feet = of.recording.feet
    late_s = {side: feet[side].time_s - of.true_s[side] for side in Side}
    at_s = np.linspace(0.0, PLAN_S, 100)
    left_s, right_s = (np.interp(at_s, of.true_s[side], late_s[side]) for side in Side)
    assert abs(left_s - right_s).max() <= 0.005
    assert of.summary.sync_uncertainty_ms is not None


def assert_the_walkers_steps(report: Report, kind: str) -> None:
    """To a point, half a step a minute, and 10 ms or one sample."""
    truth = virtual_walker(GAIT, kind).truth
    if any(v.name == "peak_force_symmetry_index_pct" for v in report.values):
        peaks = truth.first_peak_n
        by_steps = 200 * (peaks[RIGHT] - peaks[LEFT]) / (peaks[RIGHT] + peaks[LEFT])
        assert value(report, "peak_force_symmetry_index_pct") == pytest.approx(by_steps, abs=1.0)
    assert value(report, "stance_time_symmetry_index_pct") == pytest.approx(0.0, abs=1.0)
    assert value(report, "cadence_spm") == pytest.approx(truth.cadence_spm, abs=0.5)
    for side in Side:
        assert value(report, "stance_time_s", side) == pytest.approx(
            truth.stance_time_s, abs=max(0.010, 1 / KINDS[kind].rate_hz)
        )


def value(report: Report, name: str, side: Side | None = None) -> float:
    found = report.get(name, side=side)
    assert found is not None, name
    return found.value


@pytest.mark.parametrize("kind", ["open16", "orphe"])
async def test_an_insole_that_keeps_what_it_sent_ends_without_a_gap(kind: str, tmp_path: Path) -> None:
    of = await session(tmp_path, kind)
    assert_the_walkers_samples(of, kind)
    assert [foot.missing_samples for foot in of.recording.feet.values()] == [0, 0]
    assert of.summary.feet[LEFT].drops == 1
    for side in Side:
        assert of.true_s[side][0] <= 0.5
        assert of.true_s[side][-1] >= PLAN_S - 0.5
    assert_one_time_for_both_feet(of)
    report = analyse(of.recording)
    assert report.recording["sync_uncertainty_ms"] == pytest.approx(of.summary.sync_uncertainty_ms)
    assert_the_walkers_steps(report, kind)


@pytest.mark.parametrize("kind", ["open16", "brilliant"])
async def test_of_one_that_keeps_nothing_the_gaps_are_where_the_plan_put_them(kind: str, tmp_path: Path) -> None:
    of = await session(tmp_path, kind, remember=False)
    assert_the_walkers_samples(of, kind)

    # the left foot: one gap, from the plan's time on, until it was found again after the plan's end
    (hole,) = np.flatnonzero(np.diff(of.recording.feet[LEFT].sample) > 1)
    assert 12.0 - 2 * AT_ONCE[kind] / KINDS[kind].rate_hz <= of.true_s[LEFT][hole] <= 12.0
    assert 17.0 < of.true_s[LEFT][hole + 1] < PLAN_S - 5
    assert of.summary.feet[LEFT].drops == 1

    # the right foot: exactly the notifications that the plan loses
    numbers = of.numbers[RIGHT]
    lost_before = next(n for n in range(100) if not PLAN.loses(RIGHT, n))
    all_sent = np.arange(numbers[0], numbers[-1] + 1)
    notification = (all_sent - numbers[0]) // AT_ONCE[kind] + lost_before
    assert np.array_equal(numbers, all_sent[[not PLAN.loses(RIGHT, n) for n in notification.tolist()]])
    assert of.recording.feet[RIGHT].missing_samples > 0

    assert_one_time_for_both_feet(of)
    assert_the_walkers_steps(analyse(of.recording), kind)


async def test_of_a_longer_walk_the_load_is_the_walkers_too(tmp_path: Path) -> None:
    of = await session(tmp_path, "open16", remember=False, last_s=4 * PLAN_S, hurry=2.0)
    report = analyse(of.recording)
    (said,) = (c.text for c in report.caveats if c.code == "part_strides")
    assert of.recording.feet[LEFT].missing_samples >= 500, said
    assert value(report, "load_symmetry_index_pct") == pytest.approx(GAIT.load_symmetry_index_pct, abs=1.0)
