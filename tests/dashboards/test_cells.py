"""Sensors as areas: shapes against what layouts say, and the fine grid against the shapes."""

from __future__ import annotations

import numpy as np
import pytest

from dashboards.cells import FINE_MM, fine_grid, sensor_reach, sensor_shapes
from dashboards.feet import place
from insole.layout import load_layout
from insole.recording import Side


def area_mm2(shape):
    x, y = shape.T
    return 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def test_sensors_apart_are_circles_of_their_area():
    layout = load_layout("open-insole-16")
    areas = np.array([area_mm2(s) for s in sensor_shapes(layout)])
    # A circle that would reach into another is cut half way; most are whole but for being a polygon.
    assert (areas <= layout.area_mm2).all()
    assert (areas >= 0.85 * layout.area_mm2).all()
    assert np.median(areas / layout.area_mm2) == pytest.approx(1, abs=0.01)


def test_sensors_side_by_side_share_their_borders():
    layout = load_layout("pedar-99:y")
    shapes = sensor_shapes(layout)
    apart = np.linalg.norm(shapes[:, :, None] - layout.xy_mm, axis=3)
    own = apart[np.arange(99), :, np.arange(99)]
    assert (own <= apart.min(axis=2) + 1e-9).all()
    areas = np.array([area_mm2(s) for s in shapes])
    assert np.median(areas / layout.area_mm2) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("name", ["open-insole-16", "pedar-99:y", "loadsol-3", "loadsol-1", "gaitpdb-8"])
def test_every_sensor_has_cells_of_its_own_size(name):
    layouts = dict.fromkeys(Side, load_layout(name))
    grid = fine_grid(layouts)
    for side, layout in layouts.items():
        counted = np.bincount(grid.sensor[side], minlength=layout.n_sensors) * FINE_MM**2
        drawn = np.array([area_mm2(s) for s in sensor_shapes(layout)])
        np.testing.assert_allclose(counted, drawn, rtol=0.35)
        x, y = grid.x_mm[grid.cell[side] % grid.x_mm.size], grid.y_mm[grid.cell[side] // grid.x_mm.size]
        centre = place(side, layout.xy_mm, layout)[grid.sensor[side]]
        assert (np.hypot(*(np.column_stack([x, y]) - centre).T) <= sensor_reach(layout)[grid.sensor[side]] + 1e-9).all()


def test_feet_do_not_share_cells():
    grid = fine_grid(dict.fromkeys(Side, load_layout("pedar-99:y")))
    assert not set(grid.cell[Side.LEFT]) & set(grid.cell[Side.RIGHT])


def test_no_feet_make_an_empty_grid():
    assert fine_grid({}).cell == {}
