"""Layouts of matrices: shapes whose regions and outlines are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from insole.errors import LayoutError
from insole.grids import Edge, across, edge_lines, grid_layout
from insole.layout import SensorLayout, layout_from_dict, layout_to_dict


def grid(present: np.ndarray, **more) -> SensorLayout:
    given = {"pitch_mm": (5.0, 10.0), **more}
    return grid_layout(name="g", title="a grid", source="this test", present=present, **given)


def share(layout: SensorLayout, mask: str, region: str) -> float:
    """Part of the layout's area that lies in a region."""
    rows = layout.masks[mask]
    return float(rows.weight[rows.regions.index(region)] @ layout.area_mm2 / layout.area_mm2.sum())


def test_sensors_are_numbered_from_the_heel_and_from_lateral():
    present = np.array([[False, True], [True, True]])
    layout = grid(present)
    assert layout.xy_mm.tolist() == [[2.5, 5.0], [-2.5, 15.0], [2.5, 15.0]]
    assert layout.area_mm2.tolist() == [50.0, 50.0, 50.0]
    assert not layout.platform


def test_the_outline_is_the_cells_edge_about_the_midline():
    outline = grid(np.array([[False, True, True], [True, True, True]])).outline_mm
    assert outline.tolist() == [
        [-2.5, 0],
        [-2.5, 10],
        [-7.5, 10],
        [-7.5, 20],
        [7.5, 20],
        [7.5, 10],
        [7.5, 10],
        [7.5, 0],
        [-2.5, 0],
    ]
    x, y = outline.T
    assert abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2 == 5 * 50


def test_an_area_may_be_less_than_the_cell():
    assert grid(np.ones((2, 2), bool), area_mm2=30.0).area_mm2.tolist() == [30.0] * 4


def test_zones_of_a_rectangle_are_the_published_percentages():
    layout = grid(np.ones((25, 20), bool))
    for region, part in (("heel", 0.27), ("midfoot", 0.28), ("forefoot", 0.45)):
        assert share(layout, "zones3", region) == pytest.approx(part, abs=0.25 / 16)
    for k, part in enumerate((0.30, 0.17, 0.17, 0.17, 0.19), 1):
        assert share(layout, "zones9", f"mth{k}") == pytest.approx(0.30 * part, abs=0.005)
    assert share(layout, "zones9", "hallux") == pytest.approx(0.15 * 0.33, abs=0.005)
    assert share(layout, "zones9", "toes") == pytest.approx(0.15 * 0.67, abs=0.005)


def test_a_cell_on_a_border_belongs_to_both_sides_by_area():
    layout = grid(np.ones((10, 1), bool))  # 27 % of 10 cells is 0.7 into the third
    weight = layout.masks["zones3"].weight
    np.testing.assert_allclose(weight[:2, 2], [0.7, 0.3], atol=1 / 16)
    np.testing.assert_array_equal(weight[:2, 1], [1, 0])


@pytest.mark.parametrize("platform", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_every_cell_is_wholly_divided_and_the_layout_can_be_stored(seed: int, platform: bool):
    rng = np.random.default_rng(seed)
    present = rng.random(rng.integers(1, 30, 2)) < rng.choice([0.1, 0.5, 1.0])
    present[0, 0] = True
    layout = grid(present, platform=platform)
    assert layout.n_sensors == present.sum()
    assert layout.outline_mm[:, 1].min() == 0
    assert layout.outline_mm[:, 0].min() == pytest.approx(-layout.outline_mm[:, 0].max())
    for mask in layout.masks.values():
        np.testing.assert_allclose(mask.weight.sum(axis=0), 1, atol=1e-6)
        assert mask.weight.any(axis=1).all(), "a region without cells is left out"
    again = layout_from_dict(layout_to_dict(layout))
    for name, mask in layout.masks.items():
        np.testing.assert_array_equal(again.masks[name].weight, mask.weight)
    assert again.platform == platform


def test_the_fan_of_a_wedge_divides_its_angle():
    """A foot whose edges open by 20 degrees from a point behind the heel."""
    half = np.radians(10)
    medial = Edge(np.zeros(2), np.array([np.cos(half), -np.sin(half)]))
    lateral = Edge(np.zeros(2), np.array([-np.cos(half), -np.sin(half)]))
    for part in (0.0, 0.3, 0.5, 0.81, 1.0):
        angle = half - part * 2 * half
        point = 150 * np.array([np.sin(angle), np.cos(angle)])
        assert across(point, medial, lateral) == pytest.approx(part)


def test_parallel_edges_divide_their_distance():
    medial, lateral = Edge(np.array([30.0, 0]), np.array([1.0, 0])), Edge(np.array([-10.0, 9]), np.array([-1.0, 0]))
    assert across(np.array([20.0, 123.0]), medial, lateral) == pytest.approx(0.25)


def test_edge_lines_bridge_an_arch():
    present = np.ones((30, 8), bool)
    present[10:18, 4:] = False
    medial, lateral = edge_lines(grid(present).outline_mm)
    assert medial.normal.tolist() == [1, 0]
    assert medial.point[0] == 20
    assert lateral.normal.tolist() == [-1, 0]


def test_a_footprint_turned_on_a_plate_is_divided_across_its_own_axis():
    """A long strip, 20 degrees off the plate's axis: its heel border is square to the strip."""
    y, x = np.mgrid[:120, :80] + 0.5
    turn = np.radians(20)
    along, side = x * np.sin(turn) + y * np.cos(turn), x * np.cos(turn) - y * np.sin(turn)
    strip = (along > 20) & (along < 120) & (side > 0) & (side < 30)
    layout = grid(np.ones_like(strip), footprint=strip, platform=True, pitch_mm=(5.0, 5.0))
    mask = layout.masks["zones3"]
    heel = mask.weight[0].reshape(strip.shape)[strip]
    np.testing.assert_allclose(heel[along[strip] < 46], 1)
    np.testing.assert_allclose(heel[along[strip] > 48.5], 0)


def test_the_footprint_not_the_plate_gives_outline_and_length():
    footprint = np.zeros((30, 20), bool)
    footprint[5:25, 8:12] = True
    layout = grid(np.ones((30, 20), bool), footprint=footprint, platform=True)
    assert layout.length_mm == 200
    assert layout.n_sensors == 600
    assert layout.xy_mm[0].tolist() == [-47.5, -45.0]


@pytest.mark.parametrize(
    ("present", "more"),
    [
        (np.zeros((3, 3), bool), {}),
        (np.ones((3, 3), bool), {"footprint": np.zeros((3, 3), bool)}),
        (np.ones((3, 3), bool), {"pitch_mm": (0.0, 5.0)}),
        (np.ones((3, 3), bool), {"pitch_mm": (float("nan"), 5.0)}),
        (np.ones((3, 3), bool), {"area_mm2": -1.0}),
        (np.ones((200, 200), bool), {}),
    ],
)
def test_what_is_no_grid_is_refused(present: np.ndarray, more: dict):
    with pytest.raises(LayoutError, match="layout 'g'"):
        grid(present, **more)
