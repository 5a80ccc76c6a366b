from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.contacts import bridged
from analysis.evidence import Evidence
from analysis.levels import levels_of, plausible_weight_n
from analysis.prepare import prepare
from analysis.steps import find_steps
from insole.recording import Side
from insole.units import weight_n
from tests.analysis import made


def steps_of(values: object, **more: object) -> tuple:  # type: ignore[type-arg]
    walk = prepare(made.recording(made.stream(Side.LEFT, values, **more)))  # type: ignore[arg-type]
    return find_steps(walk)[Side.LEFT]


def evidence_of(values: object, **more: object) -> Evidence:
    return Evidence(prepare(made.recording(made.stream(Side.LEFT, values, **more))))  # type: ignore[arg-type]


def test_events_lie_between_the_samples_at_their_own_levels() -> None:
    force = np.zeros(1000)
    for start in range(50, 900, 100):
        force[start : start + 60] = 1000.0
    steps = steps_of(force[:, None] * np.full(4, 0.25))
    assert [s.start for s in steps] == list(range(50, 900, 100))
    assert [s.stop - s.start for s in steps] == [60] * 9
    # 0 to 1000 N within one sample: 5 % of the way up, 90 % of the way down
    assert steps[0].start_s == pytest.approx(0.4905)
    assert steps[0].stop_s == pytest.approx(1.0990)


def test_an_unloading_tail_does_not_lengthen_the_stance() -> None:
    force = np.zeros(1000)
    for start in range(50, 900, 100):
        force[start : start + 60] = 1000.0
        force[start + 60 : start + 75] = 80.0  # under the foot-off level, over the foot-on level
    steps = steps_of(force[:, None] * np.full(4, 0.25))
    assert {s.stop - s.start for s in steps} == {60}


def test_a_swing_that_is_not_empty_is_still_swing() -> None:
    values = made.stances(2000, every=110, on=66, first=20) + 30.0  # 120 N of lacing pressure
    steps = steps_of(values)
    assert {s.stop - s.start for s in steps} == {66}


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0])
def test_short_touches_and_short_dips_are_not_steps(rate_hz: float) -> None:
    k = rate_hz / 100
    values = made.stances(int(2000 * k), every=int(120 * k), on=int(70 * k), first=int(20 * k))
    touch, dip = slice(int(107 * k), int(122 * k)), slice(int(160 * k), int(170 * k))
    values[touch], values[dip] = 175.0, 0.0
    plain = steps_of(
        made.stances(int(2000 * k), every=int(120 * k), on=int(70 * k), first=int(20 * k)), rate_hz=rate_hz
    )
    steps = steps_of(values, rate_hz=rate_hz)
    assert [(s.start, s.stop) for s in steps] == [(s.start, s.stop) for s in plain]


def test_stances_cut_by_the_recording_are_not_complete() -> None:
    values = made.stances(1000, every=100, on=60)  # begins on the ground
    values[-30:] = 175.0  # ends on the ground
    steps = steps_of(values)
    assert steps[0].start == 100
    assert steps[-1].stop < 970
    assert [s.why for s in steps] == ["first", *[""] * (len(steps) - 2), "last"]


def test_standing_before_walking_is_no_step_and_standing_within_ends_a_bout() -> None:
    values = made.stances(4000, every=110, on=66, first=520)
    values[:400] = 90.0
    values[2000:2300] = 90.0
    steps = steps_of(values)
    long = [i for i, s in enumerate(steps) if s.why == "long"]
    assert len(long) == 1
    assert (steps[long[0] - 1].why, steps[long[0] + 1].why) == ("last", "first")
    assert steps[0].why == "first"
    assert steps[0].start_s > 5


def test_a_pause_on_the_other_foot_ends_a_bout() -> None:
    values = made.stances(4000, every=110, on=66)
    values[1320:1760] = 0.0
    steps = steps_of(values)
    before = max(i for i, s in enumerate(steps) if s.start < 1320)
    assert (steps[before].why, steps[before + 1].why) == ("last", "first")


def _with_gap(start: int, stop: int) -> Evidence:
    values = made.stances(2000, every=110, on=66, first=20)
    keep = np.r_[0:start, stop:2000]
    return evidence_of(values[keep], sample=keep)


def test_a_stance_that_touches_a_long_gap_is_not_complete() -> None:
    whole = evidence_of(made.stances(2000, every=110, on=66, first=20)).steps[Side.LEFT]
    for gap in ((590, 610), (560, 580), (630, 640)):
        steps = _with_gap(*gap).steps[Side.LEFT]
        assert len(steps) == len(whole) - 1
        assert 570 not in [s.start for s in steps]


def test_a_gap_that_could_hide_a_step_makes_no_stride() -> None:
    evidence = _with_gap(650, 675)  # in swing
    strides = evidence.strides[Side.LEFT]
    assert {round(s.duration_s, 9) for s in strides} == {1.1}
    assert len(strides) == len(evidence_of(made.stances(2000, every=110, on=66, first=20)).strides[Side.LEFT]) - 1


@pytest.mark.parametrize("force", [np.full(3000, 350.0), np.zeros(3000), np.full(3000, np.nan)])
def test_a_foot_that_never_leaves_the_ground_has_no_levels(force: np.ndarray) -> None:
    sway = force + 20 * np.sin(np.arange(3000) / 40)
    assert levels_of(sway, in_newtons=True) is None


def test_the_stated_mass_is_used_only_where_forces_agree() -> None:
    r = made.rectangular_walk(left_n=600, right_n=600)
    # 60 % of the time at 600 N a foot: 720 N on both
    ratio = 720 / weight_n(75.0)
    assert ratio == pytest.approx(0.98, abs=0.01)
    walk = prepare(made.recording(*r.feet.values(), body_mass_kg=75.0))
    assert plausible_weight_n(walk) == pytest.approx(weight_n(75.0))
    assert plausible_weight_n(prepare(made.recording(*r.feet.values(), body_mass_kg=50.0))) is None
    assert plausible_weight_n(prepare(made.recording(r.feet[Side.LEFT], body_mass_kg=75.0))) is None
    assert plausible_weight_n(prepare(r)) is None


@given(st.lists(st.one_of(st.just(np.nan), st.floats(0, 1000)), max_size=60), st.integers(0, 8))
def test_bridging_fills_short_inner_gaps_only(force: list[float], most: int) -> None:
    f = np.array(force, float)
    out, known = bridged(f, most=most)
    measured = np.isfinite(f)
    np.testing.assert_array_equal(out[measured], f[measured])
    np.testing.assert_array_equal(known, np.isfinite(out))
    inside = np.flatnonzero(measured)
    for i in np.flatnonzero(~measured):
        before, after = inside[inside < i], inside[inside > i]
        short = before.size and after.size and after[0] - before[-1] - 1 <= most
        assert bool(short) == bool(known[i])


@given(
    st.lists(st.sampled_from([np.nan, 0.0, 20.0, 60.0, 90.0, 110.0, 400.0, 900.0]), max_size=400), st.integers(1, 12)
)
def test_any_force_gives_ordered_steps_with_their_events_beside_their_rows(force: list[float], stretch: int) -> None:
    f = np.repeat(np.array(force, float), stretch)
    evidence = evidence_of(f[:, None] * np.full(4, 0.25))
    for side, contacts in evidence.contacts.items():
        foot = evidence.walk.feet[side]
        assert all(a.stop_s <= b.start_s + 1e-9 for a, b in pairwise(contacts))
        for c in contacts:
            assert 0 <= c.start < c.stop <= len(f)
            assert c.start_s < c.stop_s
            assert not (c.complete and c.cut)
        for s in evidence.steps[side]:
            assert foot.time_s[s.start] - foot.period_s <= s.start_s <= foot.time_s[s.start]
            assert foot.time_s[s.stop - 1] <= s.stop_s <= foot.time_s[s.stop]
            assert not s.clean or foot.valid[[max(s.start - 1, 0), s.start, s.stop - 1, s.stop]].all()
        for stride in evidence.strides[side]:
            assert stride.start_s < stride.off_s < stride.stop_s
