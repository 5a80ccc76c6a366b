from __future__ import annotations

import numpy as np
import pytest

from dashboards.feet import page_grid, place
from dashboards.footmap import MAP, MISSING, SENSORS, feet_map, grid_to_json, scale_top, svg_path
from insole.layout import load_layout
from insole.recording import Side

LAYOUT = load_layout("open-insole-16")
BOTH = dict.fromkeys(Side, LAYOUT)


@pytest.fixture
def values():
    left, right = np.linspace(0, 230, 16), np.linspace(10, 80, 16)
    left[3] = np.nan
    return {Side.LEFT: left, Side.RIGHT: right}


def test_the_scale_starts_at_zero_ends_at_a_round_number_and_says_its_unit(values):
    heat = feet_map(BOTH, values, unit="kPa", top=scale_top(values)).data[MAP]
    assert (heat.zmin, heat.zmax) == (0, 250)
    assert heat.colorbar.ticksuffix == " kPa"


def test_a_sensor_without_a_value_is_a_ring_and_says_so(values):
    figure = feet_map(BOTH, values, unit="kPa", top=250)
    ring = figure.data[MISSING]
    assert ring.marker.symbol == "circle-x-open"
    np.testing.assert_allclose([ring.x[0], ring.y[0]], place(Side.LEFT, LAYOUT.xy_mm[3:4], LAYOUT)[0])
    assert len(ring.x) == 1
    assert figure.data[SENSORS].text[3] == "left sensor 4: no value"
    assert figure.data[SENSORS].text[15] == "left sensor 16: 230 kPa"
    assert len(figure.data[SENSORS].text) == 32


def test_a_foot_without_any_value_has_only_rings():
    figure = feet_map(BOTH, {Side.LEFT: np.ones(16)}, unit="kPa", top=1)
    assert len(figure.data[MISSING].x) == 16
    assert (figure.data[MISSING].x > 0).all()


@pytest.mark.parametrize(
    ("largest", "top"), [(0.9, 1), (1, 1), (1.01, 1.5), (232, 250), (301, 400), (599, 600), (8.5, 10), (0, 1), (-5, 1)]
)
def test_scale_top(largest, top):
    assert scale_top({Side.LEFT: np.array([np.nan, largest])}) == pytest.approx(top)


def test_scale_top_without_values():
    assert scale_top({Side.LEFT: np.full(3, np.nan)}) == 1


def test_the_browsers_grid_repaints_the_same_map(values):
    grid = page_grid(BOTH)
    sent = grid_to_json(grid, BOTH)
    z = np.full(sent["nx"] * sent["ny"], np.nan)
    for side, foot in sent["feet"].items():
        of = np.asarray(foot["sensor"]).reshape(-1, foot["k"])
        weight = np.asarray(foot["weight"]).reshape(of.shape)
        near = values[side][of]
        weight = np.where(np.isnan(near), 0, weight)
        mean = (weight * np.nan_to_num(near)).sum(axis=1) / weight.sum(axis=1)
        z[foot["cell"]] = np.where(np.isnan(near[:, 0]), np.nan, mean)
    np.testing.assert_allclose(z.reshape(sent["ny"], sent["nx"]), grid.fill(values), atol=0.2)


def test_svg_path():
    assert svg_path(np.array([[0.0, 1.0], [2.0, 3.04]])) == "M0.0,1.0 L2.0,3.0 Z"
