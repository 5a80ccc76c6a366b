"""Sway in closed form: centres of pressure that go where they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.options import Options
from analysis.recipe import analyse
from analysis.sway import Trace, sway_of
from insole.recording import FootStream, Recording, Side
from insole.records import Mark, MarkKind
from tests.analysis import made

if TYPE_CHECKING:
    from insole.typing import F64

L, R = Side.LEFT, Side.RIGHT
HALF_MM = 20.0
SQUARE = made.layout4(xy_mm=[[20, 120], [-20, 120], [20, 80], [-20, 80]])
RADIUS_MM, TURN_HZ, WIDTH_MM = 5.0, 0.5, 180.0
AREA_MM2 = np.pi * 5.991 * RADIUS_MM**2 / 2
RMS_MM = RADIUS_MM / np.sqrt(2)
VELOCITY = 2 * np.pi * RADIUS_MM * TURN_HZ


def times(seconds: float, rate_hz: float = 100.0) -> F64:
    return np.arange(round(seconds * rate_hz)) / rate_hz


def at(x_mm: F64, y_mm: F64, force_n: F64 | float = 350.0) -> F64:
    """``(n, 4)`` kPa whose centre lies at x, y about the middle of the square: bilinear weights."""
    u, v = x_mm / HALF_MM, y_mm / HALF_MM
    weight = np.column_stack([(1 + u) * (1 + v), (1 - u) * (1 + v), (1 + u) * (1 - v), (1 - u) * (1 - v)]) / 4
    return np.asarray(weight * np.broadcast_to(force_n, u.shape)[:, None])


def circle(t: F64, *, turn: float = 1.0) -> F64:
    angle = turn * 2 * np.pi * TURN_HZ * t
    return at(RADIUS_MM * np.cos(angle), RADIUS_MM * np.sin(angle))


def foot(side: Side, values: F64, **more: object) -> FootStream:
    return made.stream(side, values, layout=SQUARE, **more)


def sway(recording: Recording, *marks: Mark, width_mm: float | None = WIDTH_MM) -> dict[tuple[str, Side | None], float]:
    found = made.keyed(analyse(recording, Options(marks=marks, stance_width_mm=width_mm)))
    return {(name[5:], side): value for (name, side, _), value in found.items() if name.startswith("sway_")}


def codes(recording: Recording, **options: float) -> set[str]:
    return {c.code for c in analyse(recording, Options(**options)).caveats}


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0])
def test_a_circle(rate_hz: float) -> None:
    values = circle(times(40, rate_hz))
    found = sway(made.recording(*(foot(side, values, rate_hz=rate_hz) for side in Side)))
    for side in Side:
        assert found["area_mm2", side] == pytest.approx(AREA_MM2, rel=0.001)
        assert found["rms_ml_mm", side] == pytest.approx(RMS_MM, rel=0.001)
        assert found["rms_ap_mm", side] == pytest.approx(RMS_MM, rel=0.001)
        assert found["velocity_mm_per_s", side] == pytest.approx(VELOCITY, rel=0.002)
        assert found["path_mm", side] == pytest.approx(VELOCITY * 40, rel=0.002)


def test_both_feet_going_inwards_at_once_move_the_body_forwards_only() -> None:
    # x is medial on both feet: the two go against each other and cancel, y does not.
    values = circle(times(40))
    found = sway(made.recording(foot(L, values), foot(R, values)))
    assert found["rms_ml_mm", None] == pytest.approx(0, abs=1e-3)
    assert found["rms_ap_mm", None] == pytest.approx(RMS_MM, rel=0.001)
    assert found["area_mm2", None] < 0.05


def test_both_feet_going_to_the_right_move_the_body_to_the_right() -> None:
    t = times(40)
    x, y = RADIUS_MM * np.cos(2 * np.pi * TURN_HZ * t), RADIUS_MM * np.sin(2 * np.pi * TURN_HZ * t)
    found = sway(made.recording(foot(L, at(x, y)), foot(R, at(-x, y))))
    for name in ("area_mm2", "path_mm", "rms_ml_mm", "rms_ap_mm"):
        assert found[name, None] == pytest.approx(found[name, L], rel=1e-3)


def test_weight_going_from_foot_to_foot_moves_the_body_by_the_stance_width() -> None:
    t = times(40)
    part = 0.05 * np.sin(2 * np.pi * 0.2 * t)
    still = np.zeros_like(t)
    pair = made.recording(foot(L, at(still, still, 700 * (0.5 - part))), foot(R, at(still, still, 700 * (0.5 + part))))
    for width_mm in (100.0, 250.0):
        found = sway(pair, width_mm=width_mm)
        assert found["rms_ml_mm", None] == pytest.approx(width_mm * 0.05 / np.sqrt(2), rel=1e-3)
        assert found["path_mm", None] == pytest.approx(4 * 8 * width_mm * 0.05, rel=0.01)
        assert found["rms_ap_mm", None] == pytest.approx(0, abs=1e-3)
        assert found["rms_ml_mm", L] == pytest.approx(0, abs=1e-3)


def test_swapped_and_scaled_feet_sway_alike() -> None:
    t = times(35)
    pair = made.recording(foot(L, circle(t)), foot(R, circle(t, turn=0.6) * 1.5))
    before = sway(pair)
    swapped = sway(made.swapped(pair))
    assert swapped == pytest.approx({(name, side and side.other): v for (name, side), v in before.items()}, rel=1e-6)
    scaled = sway(made.changed(pair, values=lambda f: f.values * np.float32(1.7)))
    assert scaled == pytest.approx(before, rel=1e-4)


def test_two_clocks_pair_by_the_nearest_sample() -> None:
    t = times(40)
    together = sway(made.recording(foot(L, circle(t)), foot(R, circle(-t))))
    apart = sway(made.recording(foot(L, circle(t)), foot(R, circle(-(t + 0.003)), start_s=0.003)))
    unlike = sway(made.recording(foot(L, circle(t)), foot(R, circle(-times(40, 200.0)), rate_hz=200.0)))
    for name in ("rms_ml_mm", "rms_ap_mm", "area_mm2"):
        assert apart[name, None] == pytest.approx(together[name, None], rel=0.02, abs=0.1)
        assert unlike[name, None] == pytest.approx(together[name, None], rel=0.001, abs=0.1)


def test_noise_above_ten_hertz_is_taken_off() -> None:
    t = times(40)
    shaking = RADIUS_MM * np.cos(2 * np.pi * 40 * t)
    found = sway(made.recording(foot(L, at(shaking, 0 * t))))
    assert found["rms_ml_mm", L] < 0.02 * RMS_MM


def test_there_is_no_detrending() -> None:
    t = times(40)
    found = sway(made.recording(foot(L, at(10 * t / 40 - 5, 0 * t))))
    assert found["rms_ml_mm", L] == pytest.approx(10 / np.sqrt(12), rel=1e-3)
    assert found["path_mm", L] == pytest.approx(10, rel=1e-3)


def test_less_than_half_a_minute_has_no_sway() -> None:
    t = times(30)
    assert sway(made.recording(foot(L, circle(t)), foot(R, circle(t))))
    assert sway(made.recording(foot(L, circle(t[:-1])), foot(R, circle(t[:-1])))), "a clock may be a little off"
    short = made.recording(foot(L, circle(t[:-40])), foot(R, circle(t[:-40])))
    assert not sway(short)
    assert "short_standing" in codes(short, stance_width_mm=WIDTH_MM)
    assert analyse(short).get("standing_time_s").value == pytest.approx(29.6)


def test_a_walk_without_standing_has_no_sway_and_no_word_about_it() -> None:
    walk = made.rectangular_walk()
    assert not sway(walk)
    assert not {"short_standing", "no_stance_width"} & codes(walk)


def test_both_feet_together_need_the_distance_between_them() -> None:
    t = times(35)
    pair = made.recording(foot(L, circle(t)), foot(R, circle(t)))
    assert ("path_mm", None) not in sway(pair, width_mm=None)
    assert "no_stance_width" in codes(pair)
    assert codes(pair, stance_width_mm=150.0) >= {"assumed_stance"}
    assert "no_stance_width" not in codes(made.recording(foot(L, circle(t))))


@pytest.mark.parametrize(("rows", "whole"), [(5, True), (6, False)])
def test_short_gaps_are_crossed_in_a_straight_line(rows: int, whole: bool) -> None:
    t = times(40)
    keep = np.flatnonzero((np.arange(4000) < 2000) | (np.arange(4000) >= 2000 + rows))
    found = sway(made.recording(foot(L, circle(t)[keep], sample=keep)))
    assert bool(found) is whole
    if whole:
        assert found["path_mm", L] == pytest.approx(VELOCITY * 40, rel=0.002)
        assert found["area_mm2", L] == pytest.approx(AREA_MM2, rel=0.002)


def test_the_longest_time_without_a_gap_is_measured_alone() -> None:
    t = times(90)
    keep = np.r_[0:3100, 3150:7500, 7550:9000]
    values = np.where((t < 31.2)[:, None], circle(t, turn=3.0), circle(t))
    found = sway(made.recording(foot(L, values[keep], sample=keep)))
    assert found["path_mm", L] == pytest.approx(VELOCITY * 43.5, rel=0.005)


def test_a_marked_time_is_measured_though_the_rest_is_still() -> None:
    t = times(100)
    values = np.where(((t >= 50) & (t < 90))[:, None], circle(t), at(0 * t, 0 * t))
    marked = sway(made.recording(foot(L, values)), Mark(MarkKind.STANDING, 50, 90))
    assert marked["area_mm2", L] == pytest.approx(AREA_MM2, rel=0.001)


def test_one_short_foot_leaves_the_other() -> None:
    t = times(40)
    keep = np.r_[0:2000, 2008:4000]  # too long to cross, too short to hide a step
    pair = made.recording(foot(L, circle(t)[keep], sample=keep), foot(R, circle(t)))
    assert {side for _, side in sway(pair)} == {R}
    assert [c.side for c in analyse(pair).caveats if c.code == "short_standing"] == [L]
    report = analyse(pair, Options(stance_width_mm=WIDTH_MM))
    assert [c.side for c in report.caveats if c.code == "short_standing"] == [L, None]


def test_slow_devices_are_measured_unfiltered_and_the_report_says_so() -> None:
    slow = made.recording(foot(L, circle(times(40, 20.0)), rate_hz=20.0))
    assert sway(slow)["area_mm2", L] == pytest.approx(AREA_MM2, rel=0.01)
    assert "sway_unfiltered" in codes(slow)
    assert "sway_unfiltered" not in codes(made.recording(foot(L, circle(times(40, 25.0)), rate_hz=25.0)))


def test_crossed_samples_do_not_count_in_the_spread() -> None:
    t = times(40)
    xy = np.column_stack([np.where(t < 20, -1.0, 1.0), 0 * t])
    measured = (t < 10) | (t >= 20)
    found = sway_of(Trace(t, xy, measured, 20.0))  # too slow for the filter, so exact
    assert found.rms_ml_mm == pytest.approx(np.sqrt(8 / 9))
    assert found.area_mm2 == 0
    assert found.path_mm == pytest.approx(2)
