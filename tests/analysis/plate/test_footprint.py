"""Footprints: closed forms, turned feet, and what is no footprint."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.plate.arch import arch_index, cheapest_path, toes
from analysis.plate.excursion import cpei_pct, medial_tangent
from analysis.plate.footprint import Footprint, cell_pitch_mm, footprint
from analysis.plate.hull import convex_hull, crossings, long_axis, longest_edge
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from insole.typing import F64

PITCH = np.array([5.0, 5.0])
ELLIPSES = (  # centre x, y; half axes; kPa: heel, lateral column, ball, hallux, other toes
    (0, 36, 28, 36, 300),
    (-14, 110, 20, 75, 80),
    (0, 185, 46, 32, 350),
    (22, 245, 13, 20, 300),
    (-2, 240, 8, 12, 90),
    (-20, 229, 8, 11, 70),
    (-36, 219, 8, 10, 60),
)
COP = np.array([(2, 20), (-3, 60), (-14, 120), (-10, 185), (4, 215), (20, 250)], float)
STRAIGHT = np.array([(0, 10), (0, 230)], float)
TURNS = st.floats(-20, 20)
SHIFTS = st.tuples(st.floats(0, 5), st.floats(0, 5))


def turn(degrees: float) -> F64:
    a = np.radians(degrees)
    return np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])


def plate(pitch: F64 = PITCH) -> F64:
    x, y = np.meshgrid(np.arange(-140, 141, pitch[0]), np.arange(-45, 311, pitch[1]))
    return np.column_stack([x.ravel(), y.ravel()])


def pressure(points: F64, ellipses: tuple[tuple[float, ...], ...] = ELLIPSES) -> F64:
    """Pressure of a made foot: a dome over each ellipse."""
    domes = [
        top * (1 - ((points[..., 0] - x) / a) ** 2 - ((points[..., 1] - y) / b) ** 2) for x, y, a, b, top in ellipses
    ]
    return np.maximum(np.max(domes, axis=0), 0.0)


@cache
def made_foot(
    degrees: float = 0.0,
    shift: tuple[float, float] = (0.0, 0.0),
    ellipses: tuple[tuple[float, ...], ...] = ELLIPSES,
) -> Footprint:
    """The made foot, turned and shifted on a plate; each cell reads the mean over its area."""
    xy = plate()
    inside = np.stack(np.meshgrid(*[np.array([-1, 0, 1]) * PITCH[0] / 3] * 2), axis=-1).reshape(-1, 2)
    cells = (xy[:, None] + inside - np.array(shift)) @ turn(degrees).T
    return footprint(pressure(cells, ellipses).mean(axis=1), xy, PITCH)


def block(width: float = 100.0, length: float = 250.0, degrees: float = 0.0, pitch: F64 = PITCH) -> Footprint:
    xy = plate(pitch) + pitch / 2
    x, y = (xy @ turn(degrees).T).T
    return footprint(np.where((abs(x) < width / 2) & (y > 0) & (y < length), 100.0, 0.0), xy, pitch)


def test_hull_of_a_square_with_points_within_and_on_its_edges() -> None:
    points = np.array([(0, 0), (2, 0), (4, 0), (4, 4), (0, 4), (1, 2), (3, 3), (4, 2), (0, 0)], float)
    assert convex_hull(points).tolist() == [[0, 0], [4, 0], [4, 4], [0, 4]]
    assert convex_hull(np.array([(0.0, 0), (1, 1), (3, 3)])).tolist() == [[0, 0], [3, 3]]
    assert convex_hull(np.array([(2.0, 1)])).tolist() == [[2, 1]]


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=40))
def test_a_hull_turns_left_at_each_corner_and_holds_every_point(points: list[tuple[int, int]]) -> None:
    hull = convex_hull(np.array(points, float))
    if len(hull) < 3:
        return
    edge = np.roll(hull, -1, axis=0) - hull
    for corner, (dx, dy) in zip(hull, edge, strict=True):
        left = dx * (np.array(points)[:, 1] - corner[1]) - dy * (np.array(points)[:, 0] - corner[0])
        assert left.min() >= 0
    ahead = np.roll(edge, -1, axis=0)
    assert (edge[:, 0] * ahead[:, 1] - edge[:, 1] * ahead[:, 0] > 0).all()


@given(st.floats(-80, 80), st.floats(1.1, 5))
def test_the_long_axis_is_that_of_a_turned_rectangle(degrees: float, ratio: float) -> None:
    corners = np.array([(0, 0), (1, 0), (1, ratio), (0, ratio)]) @ turn(degrees)
    hull = convex_hull(corners)
    assert long_axis(hull) == pytest.approx(turn(degrees)[1], abs=1e-9)
    assert np.ptp(longest_edge(hull), axis=0) == pytest.approx(abs(turn(degrees)[1]) * ratio)


def test_crossings_come_in_order_of_the_line() -> None:
    line = np.array([(-1, 0), (1, 2), (3, 2), (-1, 6)], float)
    assert crossings(line).tolist() == [1, 5]
    assert crossings(line[:1]).size == 0


def test_the_cheapest_path_follows_a_valley_and_prefers_the_lowest_of_equals() -> None:
    cost = np.full((6, 5), 9.0)
    cost[[1, 1, 2, 3, 3], range(5)] = 0
    assert cheapest_path(cost).tolist() == [1, 1, 2, 3, 3]
    assert cheapest_path(np.ones((4, 3))).tolist() == [0, 0, 0]
    cost[2, 2] = np.inf
    assert np.isfinite(cost[cheapest_path(cost), range(5)]).all()


def test_a_block_has_its_own_length_and_an_arch_index_of_a_third() -> None:
    found = block()
    assert (found.length_mm, found.width_mm) == pytest.approx((250, 100))
    assert not toes(found).any()
    assert arch_index(found, STRAIGHT) == pytest.approx(1 / 3, abs=1e-9)


def test_a_block_without_its_middle_has_an_arch_index_of_its_bridge() -> None:
    xy = plate() + PITCH / 2
    x, y = xy.T
    bridge = (x < -30) | (y < 80) | (y > 160)
    found = footprint(np.where((abs(x) < 50) & (y > 0) & (y < 240) & bridge, 100.0, 0.0), xy, PITCH)
    assert arch_index(found, STRAIGHT) == pytest.approx(0.2 / 2.2, abs=1e-9)


@pytest.mark.parametrize(("bulge", "index"), [(-20, 20), (20, -20), (0, 0)])
def test_cpei_of_a_block_is_the_bulge_over_its_width_and_positive_to_the_lateral_side(
    bulge: float, index: float
) -> None:
    cop = np.array([(0, 10), (bulge, 150), (bulge, 180), (0, 240)], float)
    assert cpei_pct(block(), cop) == pytest.approx(index, abs=1e-9)
    gaps = np.insert(cop, [0, 2, 4], np.nan, axis=0)
    assert cpei_pct(block(), gaps) == pytest.approx(index, abs=1e-9)


def test_the_medial_tangent_bridges_the_arch() -> None:
    heel, fore = medial_tangent(made_foot())
    assert heel[0] == pytest.approx(27.5, abs=5)
    assert fore[0] == pytest.approx(46, abs=5)
    assert heel[1] < 60 < 160 < fore[1]


@settings(deadline=None, max_examples=25)
@given(degrees=st.floats(-30, 30), line=st.floats(0, 250), stretch=st.sampled_from([1.0, 1.5]))
def test_a_line_divides_the_area_of_turned_cells_exactly(degrees: float, line: float, stretch: float) -> None:
    pitch = PITCH * [1.0, stretch]
    found = block(degrees=degrees, pitch=pitch)
    share = found.share_before(found.heel_mm + line)
    points = np.linspace(-0.5, 0.5, 41)[:-1] + 0.0125
    fine = np.stack(np.meshgrid(points, points), axis=-1).reshape(-1, 2) * pitch
    cut = np.flatnonzero((share > 0) & (share < 1))[:20]
    along = (found.xy_mm[cut, None] + fine) @ found.axis
    assert share[cut] == pytest.approx((along < found.heel_mm + line).mean(axis=1), abs=0.03)
    whole = np.setdiff1d(np.arange(len(share)), np.flatnonzero((share > 0) & (share < 1)))
    assert set(share[whole]) <= {0.0, 1.0}


def test_toes_are_those_of_the_made_foot() -> None:
    found = made_foot()
    beyond = pressure(found.xy_mm, ELLIPSES[3:]) > 0
    ball = pressure(found.xy_mm, ELLIPSES[:3]) > 0
    cut = toes(found)
    assert not cut[ball & ~beyond].any()
    assert cut[found.loaded & beyond & ~ball].all()


def test_a_foot_whose_toes_left_no_mark_keeps_its_ball() -> None:
    whole, bare = made_foot(), made_foot(ellipses=ELLIPSES[:3])
    assert not toes(bare).any()
    assert arch_index(bare, COP) == pytest.approx(arch_index(whole, COP), abs=0.01)


@settings(deadline=None, max_examples=40)
@given(degrees=TURNS, shift=SHIFTS)
def test_turning_the_foot_on_the_plate_moves_the_numbers_little(degrees: float, shift: tuple[float, float]) -> None:
    """As much as cells of 5 mm allow: shifting the foot by half a cell moves them as much as turning it."""
    still, turned = made_foot(), made_foot(degrees, shift)
    cop = COP @ turn(degrees) + shift
    assert arch_index(turned, cop) == pytest.approx(arch_index(still, COP), abs=0.03)
    assert cpei_pct(turned, cop) == pytest.approx(cpei_pct(still, COP), abs=4.0)


@pytest.mark.parametrize(
    ("ellipses", "word"),
    [
        (((0, 100, 1, 1, 0),), "no footprint"),
        (((0, 100, 3, 3, 100),), "long"),
        (ELLIPSES[3:], "shape|long"),
        (ELLIPSES[2:], "shape"),
        (((0, 120, 140, 140, 200),), "shape"),
    ],
    ids=["unloaded", "one cell", "toes", "forefoot", "seat mat"],
)
def test_what_is_not_one_whole_foot_is_refused(ellipses: tuple[tuple[float, ...], ...], word: str) -> None:
    with pytest.raises(AnalysisError, match=word):
        made_foot(ellipses=ellipses)


@pytest.mark.parametrize(
    ("cop", "word"),
    [
        (np.empty((0, 2)), "travel"),
        (np.full((5, 2), np.nan), "travel"),
        (COP[:1], "travel"),
        (COP[:3], "travel"),
        (COP[4:], "travel"),
        ([(0, 10), (-90, 150), (-90, 180), (0, 240)], "no foot does"),
    ],
    ids=["none", "missing", "one", "stays at the heel", "forefoot only", "off the foot"],
)
def test_a_centre_that_is_not_of_a_step_gives_no_cpei(cop: F64, word: str) -> None:
    with pytest.raises(AnalysisError, match=word):
        cpei_pct(made_foot(), np.array(cop, float))


def test_a_path_that_ends_before_the_distal_third_gives_an_arch_index_and_no_cpei() -> None:
    assert arch_index(made_foot(), COP[:4] * 0.85) == pytest.approx(0.24, abs=0.02)
    with pytest.raises(AnalysisError, match="distal third"):
        cpei_pct(made_foot(), COP[:4] * 0.85)


def test_cells_that_are_on_no_grid_have_no_pitch() -> None:
    assert cell_pitch_mm(plate() * [1, 1.5]).tolist() == [5.0, 7.5]
    with pytest.raises(AnalysisError, match="regular grid"):
        cell_pitch_mm(np.array([(0, 0), (5, 5), (12, 10), (17, 15)], float))
    with pytest.raises(AnalysisError, match="one row or one column"):
        cell_pitch_mm(np.array([(0, 0), (5, 0), (10, 0)], float))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(0.5, 3))
def test_no_footprint_breaks_it(seed: int, density: float, slender: float) -> None:
    random = np.random.default_rng(seed)
    xy = plate()
    inside = (abs(xy[:, 0]) < 125 / slender) & (xy[:, 1] > 0) & (xy[:, 1] < 260)
    peak = np.where(inside & (random.random(len(xy)) < density), random.choice([np.nan, -9.0, 5.0, 80.0, 400.0]), 0.0)
    cop = random.normal((0, 130), (30, 90), (random.integers(0, 30), 2))
    with suppress(AnalysisError):
        found = footprint(peak, xy, PITCH)
        assert 0 <= arch_index(found, STRAIGHT) <= 1
        assert abs(cpei_pct(found, cop)) <= 50
