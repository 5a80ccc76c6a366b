from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.feet import CELL_MM, closed, inside, page_grid, place, shepard
from insole.layout import load_layout
from insole.recording import Side

LAYOUTS = [load_layout("open-insole-16"), load_layout("pedar-99:y"), load_layout("gaitpdb-8")]
SQUARE = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_left_foot_is_left_right_foot_is_right_and_medial_edges_face_each_other(layout):
    left, right = (place(side, layout.outline_mm, layout) for side in Side)
    assert left[:, 0].max() < 0 < right[:, 0].min()
    medial = layout.outline_mm[:, 0].argmax()
    lateral = layout.outline_mm[:, 0].argmin()
    assert abs(left[medial, 0]) < abs(left[lateral, 0])
    assert abs(right[medial, 0]) < abs(right[lateral, 0])


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_feet_mirror_each_other_and_toes_stay_up(layout):
    left, right = (place(side, layout.xy_mm, layout) for side in Side)
    np.testing.assert_allclose(left * [-1, 1], right)
    np.testing.assert_array_equal(left[:, 1], layout.xy_mm[:, 1])


def test_placing_keeps_all_distances():
    layout = LAYOUTS[0]
    for side in Side:
        placed = place(side, layout.xy_mm, layout)
        np.testing.assert_allclose(
            np.hypot(*(placed[0] - placed[1:]).T), np.hypot(*(layout.xy_mm[0] - layout.xy_mm[1:]).T)
        )


def test_inside_a_square():
    points = np.array([[5.0, 5.0], [-1.0, 5.0], [11.0, 5.0], [5.0, 11.0], [9.9, 0.1]])
    assert inside(points, SQUARE).tolist() == [True, False, False, False, True]
    assert closed(SQUARE).shape == (5, 2)
    assert closed(closed(SQUARE)).shape == (5, 2)


@given(st.integers(1, 20), st.integers(0, 10**6))
def test_weights_sum_to_one_are_never_negative_and_give_a_sensor_its_own_value(n, seed):
    rng = np.random.default_rng(seed)
    sensors = rng.uniform(0, 100, (n, 2)) + np.arange(n)[:, None] * 0.01
    sensor, weight = shepard(np.vstack([sensors, rng.uniform(-20, 120, (30, 2))]), sensors)
    np.testing.assert_allclose(weight.sum(axis=1), 1)
    assert (weight >= 0).all()
    np.testing.assert_array_equal(sensor[:n, 0], np.arange(n))
    np.testing.assert_allclose(weight[:n, 0], 1, atol=1e-6)


def test_a_map_stays_between_its_smallest_and_largest_value():
    layouts = dict.fromkeys(Side, LAYOUTS[0])
    values = {side: np.linspace(20, 300, 16) for side in Side}
    z = page_grid(layouts).fill(values)
    assert np.nanmin(z) >= 20
    assert np.nanmax(z) <= 300


def test_every_cell_inside_an_outline_is_coloured_and_nothing_far_outside_is():
    layout = LAYOUTS[1]
    grid = page_grid({Side.RIGHT: layout})
    z = grid.fill({Side.RIGHT: np.ones(99)})
    centres = np.column_stack([np.tile(grid.x_mm, grid.y_mm.size), np.repeat(grid.y_mm, grid.x_mm.size)])
    outline = place(Side.RIGHT, layout.outline_mm, layout)
    within = inside(centres, outline)
    assert np.isfinite(z.ravel()[within]).all()
    nearest = np.hypot(*(centres[:, None] - outline[None]).transpose(2, 0, 1)).min(axis=1)
    assert np.isnan(z.ravel()[~within & (nearest > 8 * CELL_MM)]).all()


def test_a_missing_sensor_leaves_its_place_empty_and_never_counts_as_zero():
    layout = LAYOUTS[0]
    grid = page_grid({Side.LEFT: layout})
    values = np.full(16, 100.0)
    values[5] = np.nan
    z = grid.fill({Side.LEFT: values}).ravel()
    foot = grid.feet[Side.LEFT]
    assert np.isnan(z[foot.cell[foot.sensor[:, 0] == 5]]).all()
    np.testing.assert_allclose(z[foot.cell[foot.sensor[:, 0] != 5]], 100)


def test_only_the_foot_that_has_values_is_coloured():
    grid = page_grid(dict.fromkeys(Side, LAYOUTS[0]))
    z = grid.fill({Side.RIGHT: np.ones(16)})
    assert np.isnan(z[:, grid.x_mm < 0]).all()
    assert np.isfinite(z[:, grid.x_mm > 0]).any()
