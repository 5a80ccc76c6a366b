"""The walker's truths over a grid of walks, within the bounds of docs/clinical-method.md, section 12."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.metrics.balance import PART_STRIDES_POINTS
from analysis.recipe import analyse
from analysis.uncertainty import half_width
from insole.layout import load_layout
from insole.recording import Recording, Side
from insole.walker import Gait, Walker
from tests.analysis import made

if TYPE_CHECKING:
    from insole.report import Report

LAYOUT = load_layout("open-insole-16")
GAPS = st.lists(
    st.tuples(st.floats(1.0, 55.0), st.sampled_from([0.02, 0.05, 0.3, 1.0])).map(lambda g: (g[0], g[0] + g[1])),
    max_size=4,
).map(tuple)

WALKS = st.builds(
    Gait,
    body_mass_kg=st.floats(35.0, 130.0),
    cadence_spm=st.floats(60.0, 140.0),
    stance_pct=st.floats(56.0, 72.0),
    load_symmetry_index_pct=st.floats(-40.0, 40.0),
    drift_kpa_per_h=st.sampled_from([0.0, -60.0, 200.0]),
    noise_kpa=st.sampled_from([0.0, 1.0, 3.0]),
    rate_hz=st.sampled_from([50.0, 100.0, 200.0]),
    duration_s=st.just(60.0),
    gaps=st.fixed_dictionaries({Side.LEFT: GAPS, Side.RIGHT: GAPS}),
)


def allowed_index_points(report: Report) -> float:
    """What the report itself says that cut strides may move the index by."""
    said = [c.text for c in report.caveats if c.code == "part_strides"]
    found = re.search(r"up to (\d+) points", said[0]) if said else None
    return float(found[1]) + 0.5 if found else PART_STRIDES_POINTS


@settings(max_examples=20, deadline=None)
@given(gait=WALKS)
def test_every_truth_is_met_within_its_bound(gait: Gait) -> None:
    walker = Walker(gait, LAYOUT)
    truth, report = walker.truth, analyse(walker.recording())
    assert report.get("cadence_spm").value == pytest.approx(truth.cadence_spm, abs=1.0)
    index = report.get("load_symmetry_index_pct").value
    assert abs(index - truth.load_symmetry_index_pct) <= allowed_index_points(report)
    for side in Side:

        def value(name: str, side: Side = side) -> float:
            return report.get(name, side=side).value

        assert value("stance_time_s") == pytest.approx(truth.stance_time_s, rel=0.025, abs=0.005)
        assert value("stance_pct") == pytest.approx(truth.stance_pct, abs=2.0)
        assert value("double_support_pct") == pytest.approx(truth.double_support_pct, abs=3.0)
        peak = truth.first_peak_n[side]
        for name in ("peak_force_n", "first_peak_n", "second_peak_n"):
            assert value(name) == pytest.approx(peak, rel=0.04)
        assert value("midstance_trough_n") == pytest.approx(truth.midstance_trough_n[side], rel=0.04)
        impulse = truth.stride_force_mean_n[side] * truth.stride_time_s
        assert value("force_time_integral_ns") == pytest.approx(impulse, rel=0.02)
        if not gait.gaps[side]:
            steps = truth.steps[side]
            # A stance that begins or ends within 30 ms of the recording's ends may count or not.
            at_ends = (steps[0][0] < 0.03) + (steps[-1][1] + truth.stride_time_s < gait.duration_s + 0.03)
            assert abs(value("steps_count") - len(steps)) <= at_ends


def lost(recording: Recording, share: float, *, packet: int, seed: int) -> Recording:
    """The recording without a share of its packets of so many samples."""
    rng = np.random.default_rng(seed)

    def keep(n: int) -> np.ndarray:
        dropped = rng.random(-(-n // packet)) < share
        return np.flatnonzero(~np.repeat(dropped, packet)[:n])

    kept = {side: keep(len(foot.sample)) for side, foot in recording.feet.items()}
    return made.changed(
        recording,
        sample=lambda f: f.sample[kept[f.side]],
        time_s=lambda f: f.time_s[kept[f.side]],
        values=lambda f: f.values[kept[f.side]],
    )


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), packet=st.sampled_from([1, 2, 7]))
def test_without_a_twentieth_of_the_packets_values_stay_within_their_uncertainty(seed: int, packet: int) -> None:
    walk = Walker(Gait(duration_s=60.0, noise_kpa=2.0, load_symmetry_index_pct=10.0, seed=seed), LAYOUT).recording()
    before, after = analyse(walk), analyse(lost(walk, 0.05, packet=packet, seed=seed))
    assert after.get("steps_used_count", side=Side.LEFT).value >= 12
    judged = 0
    for a in before.values:
        b = after.get(a.name, side=a.side, region=a.region, variant=a.variant)
        if a.sd is None or b is None:
            continue
        # Two means of the same walk: each is as sure as it says, and what the walker repeats exactly
        # (its forces have no spread but the noise's) is known to half a percent, places to 0.1 mm.
        sure = sum(half_width(v, 100.0) or 0.0 for v in (a, b)) + 0.005 * abs(a.value) + 0.1 * (a.unit == "mm")
        assert abs(b.value - a.value) <= sure, (a.name, a.side, a.region)
        judged += 1
    assert judged > 80
    moved = abs(after.get("load_symmetry_index_pct").value - before.get("load_symmetry_index_pct").value)
    assert moved <= allowed_index_points(after)


@pytest.mark.parametrize("cut", [2000, 2555])
def test_the_halves_of_a_recording_hold_the_steps_of_the_whole(cut: int) -> None:
    walk = Walker(Gait(duration_s=50.0, noise_kpa=1.0), LAYOUT).recording()

    def part(rows: slice) -> Report:
        keys = ("sample", "time_s", "values")
        return analyse(made.changed(walk, **{key: lambda f, key=key: getattr(f, key)[rows] for key in keys}))

    whole, halves = analyse(walk), [part(slice(0, cut)), part(slice(cut, None))]
    for side in Side:
        on = [s.start_s for s in whole.steps if s.side is side]
        found = [s.start_s for half in halves for s in half.steps if s.side is side]
        assert len(on) - 1 <= len(found) <= len(on)  # at most the stance that was cut
        nearest = [min(abs(t - other) for other in on) for t in found]
        assert max(nearest) < 0.002
        used = [h.get("steps_used_count", side=side).value for h in halves]
        peaks = [h.get("peak_force_n", side=side).value for h in halves]
        joined = float(np.average(peaks, weights=used))
        assert joined == pytest.approx(whole.get("peak_force_n", side=side).value, rel=0.003)
