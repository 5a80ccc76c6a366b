from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.live import LiveView
from analysis.recipe import study
from insole.errors import RecordingError
from insole.layout import load_layout
from insole.recording import Chunk, FootMeta, Side, Unit
from insole.walker import Gait, Walker, nominal_calibration
from tests.analysis import made

L, R = Side.LEFT, Side.RIGHT
LAYOUT = load_layout("open-insole-16")
CALIBRATION = nominal_calibration(LAYOUT)
META = {side: FootMeta(side, LAYOUT, Unit.COUNTS, 100.0, CALIBRATION) for side in Side}


def chunk(side: Side, first: int, samples: np.ndarray, rate_hz: float = 100.0) -> tuple[Chunk, np.ndarray]:
    index = np.arange(first, first + len(samples))
    time_s = index / rate_hz
    return Chunk(side, first, samples, (time_s * 1e6).astype(np.int64), 0.0), time_s


def small(*sides: Side, unit: Unit = Unit.KPA, window_s: float = 3.0, clock: object = None) -> LiveView:
    feet = {side: FootMeta(side, made.LAYOUT, unit, 100.0) for side in sides}
    return LiveView(feet, window_s, **({} if clock is None else {"clock": clock}))  # type: ignore[arg-type]


def fed(gait: Gait, *, size: int = 5, until_s: float | None = None) -> LiveView:
    walker, view = Walker(gait, LAYOUT), LiveView(META)
    n = int((until_s or gait.duration_s) * gait.rate_hz)
    counts = {side: walker.counts(side, 0, n, CALIBRATION) for side in Side}
    for first in range(0, n, size):
        for side in Side:
            view.push(*chunk(side, first, counts[side][first : first + size]))
    return view


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("noise_kpa", [0.0, 2.0])
def test_live_steps_are_those_of_the_report(size: int, noise_kpa: float) -> None:
    gait = Gait(duration_s=20.0, noise_kpa=noise_kpa)
    batch = study(Walker(gait, LAYOUT).recording(unit=Unit.COUNTS, calibration=CALIBRATION))
    frame = fed(gait, size=size).frame()
    for side in Side:
        steps = batch.steps[side]
        live = frame.feet[side]
        # The first second goes into finding the levels.
        assert len(steps) - 2 <= live.steps_count <= len(steps)
        finished = [s for s in steps if s.stop_s < 19.8]
        assert live.stance_time_s == pytest.approx(finished[-1].stop_s - finished[-1].start_s, abs=0.01)
        assert live.peak == pytest.approx(batch.report.get("peak_pressure_kpa", side=side).value, rel=0.1)


def test_a_frame_shows_the_newest_sample_and_the_last_second() -> None:
    gait = Gait(load_symmetry_index_pct=20.0, cadence_spm=120.0)  # a stride is a second
    walker = Walker(gait, LAYOUT)
    view = fed(gait, until_s=10.0)
    frame = view.frame()
    assert (view.unit, view.force_unit) == ("kPa", "N")
    assert frame.time_s == pytest.approx(9.99)
    for side in Side:
        foot = frame.feet[side]
        now = walker.pressure_kpa(side, 999, 1)[0]
        np.testing.assert_allclose(foot.pressure, now, atol=0.1)
        assert foot.force == pytest.approx(walker.force_n(side, np.array([9.99]))[0], abs=1)
        assert foot.load_share_pct == pytest.approx(walker.truth.load_share_pct[side], abs=0.1)
        assert (foot.samples, foot.lost) == (1000, 0)
    fore = walker.pressure_kpa(L, 900, 100).astype(float) * LAYOUT.area_mm2
    expected = 100 * fore[:, LAYOUT.fore].sum() / fore.sum()
    assert frame.feet[L].fore_share_pct == pytest.approx(expected, abs=0.1)


def test_standing_on_both_feet_counts_no_steps() -> None:
    frame = fed(Gait(stand_s=30.0), until_s=15.0).frame()
    assert [foot.steps_count for foot in frame.feet.values()] == [0, 0]
    assert frame.feet[L].stance_time_s is None
    assert frame.feet[L].load_share_pct == pytest.approx(50, abs=0.5)


@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 400), min_size=1, max_size=12), asks=st.data())
def test_the_trace_gives_every_sample_once(sizes: list[int], asks: st.DataObject) -> None:
    view, since, got, first = small(L), 0, [], 0
    for size in sizes:
        values = 5000 + np.arange(first, first + size, dtype=np.float32)[:, None] * np.ones(4, np.float32)
        view.push(*chunk(L, first, values))
        first += size
        if asks.draw(st.booleans()):
            foot = view.frame({L: since}).feet[L]
            kept = min(first - since, 300)
            assert foot.trace_s.tolist() == pytest.approx((np.arange(first - kept, first) / 100).tolist())
            since = foot.next
            got.append(foot)
    final = view.frame({L: since}).feet[L]
    assert final.samples == first
    assert final.force == pytest.approx(4 * (5000 + first - 1))  # never in the air, so nothing is taken off
    assert view.frame({L: final.next}).feet[L].trace_s.size == 0


def test_losses_are_counted_and_samples_that_came_before_left_out() -> None:
    view = small(L)
    ones = np.ones((10, 4), np.float32)
    view.push(*chunk(L, 100, ones))
    view.push(*chunk(L, 125, ones))
    view.push(*chunk(L, 130, 2 * ones))  # five of them again
    view.push(*chunk(L, 100, 9 * ones))  # all of them again
    foot = view.frame().feet[L]
    assert (foot.samples, foot.lost, foot.force) == (25, 15, 8)
    assert np.diff(foot.trace_s).max() == pytest.approx(0.16)


def test_a_gap_drops_the_stance_that_it_touches() -> None:
    values = made.stances(2000, every=110, on=66, first=20).astype(np.float32)
    counts = []
    for gap in (None, (580, 584), (580, 600), (650, 656)):
        view = small(L, window_s=10.0)
        for first in range(0, 2000, 2):
            if gap is None or not gap[0] <= first < gap[1]:
                view.push(*chunk(L, first, values[first : first + 2]))
        counts.append(view.frame().feet[L].steps_count)
    whole, bridged, lost, in_swing = counts
    assert (bridged, lost, in_swing) == (whole, whole - 1, whole)


def test_one_foot_has_no_share_and_an_empty_view_a_frame() -> None:
    view = small(R)
    foot = view.frame().feet[R]
    assert view.frame().time_s == 0
    assert np.isnan(foot.pressure).all()
    assert (foot.force, foot.age_s, foot.load_share_pct, foot.fore_share_pct) == (None, None, None, None)
    view.push(*chunk(R, 0, np.ones((200, 4), np.float32)))
    foot = view.frame().feet[R]
    assert foot.load_share_pct is None
    assert foot.fore_share_pct == pytest.approx(50)
    with pytest.raises(RecordingError):
        LiveView({})


def test_shares_need_both_feet_at_the_same_time() -> None:
    view = small(L, R)
    view.push(*chunk(L, 0, np.ones((300, 4), np.float32)))
    assert view.frame().feet[L].load_share_pct is None
    view.push(*chunk(R, 0, 3 * np.ones((20, 4), np.float32)))
    assert view.frame().feet[L].load_share_pct is None  # a fifth of a second is too little
    view.push(*chunk(R, 20, 3 * np.ones((250, 4), np.float32)))
    assert view.frame().feet[L].load_share_pct == pytest.approx(25)
    assert view.frame().feet[R].load_share_pct == pytest.approx(75)
    view.push(*chunk(L, 300, np.ones((900, 4), np.float32)))  # the right foot fell silent
    assert view.frame().feet[R].load_share_pct is None


def test_a_foot_that_joins_leaves_what_was_seen_of_the_other() -> None:
    view = small(R, window_s=3.0)
    view.push(*chunk(R, 0, 3 * np.ones((200, 4), np.float32)))
    both = view.joined_by(FootMeta(L, made.LAYOUT, Unit.KPA, 100.0))
    assert both is not view
    assert list(both.feet) == [L, R]
    assert (both.frame().feet[R].samples, both.frame().feet[L].samples) == (200, 0)
    view.push(*chunk(R, 200, 3 * np.ones((100, 4), np.float32)))  # somebody still has the old one
    both.push(*chunk(L, 100, np.ones((200, 4), np.float32)))
    frame = both.frame()
    assert (frame.feet[R].samples, frame.feet[R].lost) == (300, 0)
    assert frame.feet[L].load_share_pct == pytest.approx(25)
    with pytest.raises(RecordingError, match="left foot already"):
        both.joined_by(FootMeta(L, made.LAYOUT, Unit.KPA, 100.0))


def test_age_goes_by_the_clock() -> None:
    now = [100.0]
    view = small(L, R, clock=lambda: now[0])
    view.push(*chunk(L, 0, np.ones((5, 4), np.float32)))
    now[0] = 102.5
    frame = view.frame()
    assert frame.feet[L].age_s == pytest.approx(2.5)
    assert frame.feet[R].age_s is None


def test_uncalibrated_counts_are_counted_from_the_least_seen() -> None:
    view = small(L, unit=Unit.COUNTS)
    assert (view.unit, view.force_unit) == ("counts", "counts")
    rest = np.array([68, 350, 200, 90])
    counts = (made.stances(1500, every=110, on=66, first=20).astype(int) + rest).astype(np.uint16)
    for first in range(0, 1500, 10):
        view.push(*chunk(L, first, counts[first : first + 10]))
    foot = view.frame().feet[L]
    assert foot.trace_force.max() == 700
    assert foot.steps_count >= 10
    assert foot.peak == 175


def test_a_sample_without_a_value_is_missing() -> None:
    view = small(L)
    values = np.ones((150, 4), np.float32)
    values[40:60, 2] = np.nan
    view.push(*chunk(L, 0, values))
    foot = view.frame().feet[L]
    assert np.isnan(foot.trace_force[40:60]).all()
    assert foot.fore_share_pct == pytest.approx(50)


def test_a_dip_is_part_of_its_stance_and_a_touch_is_none() -> None:
    values = made.stances(2000, every=120, on=70, first=20).astype(np.float32)
    disturbed = values.copy()
    disturbed[640:650], disturbed[587:602] = 0.0, 175.0  # in the stance from 620, in the swing before
    seen: list[dict[int, float | None]] = []
    for some in (values, disturbed):
        view, stances = small(L, window_s=10.0), {}
        for first in range(0, 2000, 10):
            view.push(*chunk(L, first, some[first : first + 10]))
            foot = view.frame().feet[L]
            stances[foot.steps_count] = foot.stance_time_s
        seen.append(stances)
    assert seen[0] == seen[1]
    assert len(seen[0]) > 10


@pytest.mark.parametrize("index", [-20.0, 0.0, 30.0])
def test_live_asymmetries_are_those_of_the_newest_stances(index: float) -> None:
    frame = fed(Gait(load_symmetry_index_pct=index, duration_s=20.0)).frame()
    assert [len(frame.feet[side].recent) for side in Side] == [10, 10]
    assert frame.peak_force_symmetry_index_pct == pytest.approx(index, abs=0.5)
    assert frame.stance_time_symmetry_index_pct == pytest.approx(0, abs=1.5)


def test_there_is_no_live_asymmetry_of_one_foot_or_of_few_stances() -> None:
    assert fed(Gait(), until_s=3.0).frame().peak_force_symmetry_index_pct is None
    view = small(L)
    view.push(*chunk(L, 0, made.stances(2000, every=110, on=66, first=20).astype(np.float32)))
    assert view.frame().stance_time_symmetry_index_pct is None


def test_a_zero_that_moved_is_taken_off_live() -> None:
    walk = made.stances(3000, every=110, on=66, first=20).astype(np.float32)
    plain, shifted = small(L, window_s=10.0), small(L, window_s=10.0)
    for first in range(0, 3000, 20):
        part = walk[first : first + 20]
        plain.push(*chunk(L, first, part))
        shifted.push(*chunk(L, first, part + np.float32(60.0)))
    a, b = (view.frame().feet[L] for view in (plain, shifted))
    assert b.steps_count == a.steps_count >= 24
    assert b.peak == pytest.approx(a.peak, abs=1e-3)
    assert b.force == pytest.approx(a.force, abs=1e-3)
    assert b.stance_time_s == pytest.approx(a.stance_time_s, abs=1e-6)


def test_the_work_of_a_push_does_not_grow_with_the_time_worn() -> None:
    view = small(L, window_s=10.0)
    walk = made.stances(1100, every=110, on=66).astype(np.float32)
    for k in range(30):
        view.push(*chunk(L, 1100 * k, walk))
    ring = view._rings[L]
    assert ring._force.size == 1000
    assert ring._zero._rows.shape == (200, 4)
    assert len(ring._tracker.recent) == 10


def test_a_sensor_at_the_end_of_its_range_is_told_as_it_is_now() -> None:
    view = LiveView(
        {
            L: FootMeta(L, made.LAYOUT, Unit.COUNTS, 100.0, saturation=4095.0),
            R: FootMeta(R, made.LAYOUT, Unit.COUNTS, 100.0),
        }
    )
    assert view.frame().feet[L].saturated is None
    for side in Side:
        view.push(*chunk(side, 0, np.array([[4095, 4095, 4094, 0], [4095, 4094, 0, 0]], np.uint16)))
    frame = view.frame()
    assert frame.feet[L].saturated.tolist() == [True, False, False, False]  # type: ignore[union-attr]
    assert frame.feet[R].saturated is None, "where the range ends is not known"
