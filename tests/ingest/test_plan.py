"""The fault plan of the manual, played on insoles that keep nothing: its gaps, one time for both feet, the answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")

from analysis.recipe import analyse
from ingest.collector import collect
from ingest.virtual import virtual_pair
from ingest.virtual.faults import parse_plan
from insole.layout import load_layout
from insole.recording import About, Side
from insole.store import Store
from insole.walker import Gait, Walker, nominal_calibration

if TYPE_CHECKING:
    from pathlib import Path

    from insole.recording import Chunk
    from insole.report import Report
    from insole.typing import F64

GAIT = Gait(cadence_spm=120.0, load_symmetry_index_pct=8.0, noise_kpa=1.0)
WALKER = Walker(GAIT, load_layout("open-insole-16"))
PLAN = parse_plan(drop=["left:5s@12s"], loss=["right:2%"], drift=["left:50ppm", "right:-50ppm"])
FRAMES = 3  # of 16 sensors in one notification, 30 ms
SPEED, LAST_S = 5.0, 30.0


async def test_gaps_times_and_balance_under_the_plan_of_the_manual(tmp_path: Path) -> None:
    zero = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    with Store.open(tmp_path) as store:
        async with virtual_pair(WALKER, drift_ppm=PLAN.drift_ppm, speed=SPEED, remember=False) as pair:
            PLAN.apply(pair)

            def on_chunk(chunk: Chunk, _: F64) -> None:
                if not zero.done():
                    zero.set_result(pair.now() - chunk.arrival_s)

            async def direct() -> None:
                zero_s = await zero
                await PLAN.play(pair, zero_s)
                await pair.until(zero_s + LAST_S)
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
            true_s = {side: np.array([pair.insoles[side].true_s(i) for i in range(60_000)]) for side in Side}
        recording = store.read(store.list()[0].id)
    left, right = recording.feet[Side.LEFT], recording.feet[Side.RIGHT]

    # the left foot: one gap, from the plan's time on, until it was found again after the plan's end
    (hole,) = np.flatnonzero(np.diff(left.sample) > 1)
    true_left = true_s[Side.LEFT][left.sample] - zero.result()
    assert 12.0 - 2 * FRAMES / 100 <= true_left[hole] <= 12.0
    assert 17.0 < true_left[hole + 1] < LAST_S - 5
    assert summary.feet[Side.LEFT].drops == 1

    # the right foot: exactly the notifications that the plan loses
    first = int(right.sample[0])
    lost_before = next(n for n in range(100) if not PLAN.loses(Side.RIGHT, n))
    start = first - FRAMES * lost_before
    number = (np.arange(start, right.sample[-1] + 1) - start) // FRAMES
    expected = np.arange(start, right.sample[-1] + 1)[[not PLAN.loses(Side.RIGHT, n) for n in number.tolist()]]
    assert np.array_equal(right.sample, expected)
    assert right.missing_samples > 0

    # one time for both feet, against the walker's own; the recording says how sure it is
    errors = {s: f.time_s + zero.result() - true_s[s][f.sample] for s, f in recording.feet.items()}
    assert abs(errors[Side.LEFT].mean() - errors[Side.RIGHT].mean()) <= 0.005
    assert summary.sync_uncertainty_ms is not None
    report = analyse(recording)
    assert report.recording["sync_uncertainty_ms"] == pytest.approx(summary.sync_uncertainty_ms)

    # every sample is the walker's
    for side, foot in recording.feet.items():
        played = np.round(foot.sample / (1 + PLAN.drift_ppm[side] * 1e-6)).astype(int)
        counts = WALKER.counts(side, 0, int(played[-1]) + 1, nominal_calibration(WALKER.layout))
        assert np.array_equal(foot.values, counts[played])

    # and so are the answers: of whole steps to a point, of the whole time as surely as the report says
    truth = WALKER.truth
    peaks = truth.first_peak_n
    by_steps = 200 * (peaks[Side.RIGHT] - peaks[Side.LEFT]) / (peaks[Side.RIGHT] + peaks[Side.LEFT])
    assert value(report, "peak_force_symmetry_index_pct") == pytest.approx(by_steps, abs=1.0)
    (said,) = (c.text for c in report.caveats if c.code == "part_strides")
    points = float(said.rpartition(" up to ")[2].split()[0])
    assert points < 15  # some twenty strides, and the gaps
    assert value(report, "load_symmetry_index_pct") == pytest.approx(truth.load_symmetry_index_pct, abs=points)
    assert value(report, "cadence_spm") == pytest.approx(truth.cadence_spm, abs=0.5)
    for side in Side:
        assert value(report, "stance_time_s", side) == pytest.approx(truth.stance_time_s, abs=0.010)


def value(report: Report, name: str, side: Side | None = None) -> float:
    found = report.get(name, side=side)
    assert found is not None, name
    return found.value
