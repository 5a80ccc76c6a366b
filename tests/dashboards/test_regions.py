"""Regions on the map and in their table, and the published means beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboards.feet import page_grid, place
from dashboards.norms import IN_SHOE_PEAK_PRESSURE, SOURCE
from dashboards.regionmap import borders, region_maxima, regions_of
from dashboards.regions import region_table
from insole.recording import Side

NAMES = ["walk", "one_foot", "no_steps", "all_zero", "counts", "newtons", "nothing_measured"]


def test_regions_share_out_all_sensors(walk):
    for side, foot in walk.walk.feet.items():
        shares = sum(of.share for of in regions_of(walk, side))
        np.testing.assert_allclose(shares, walk.mask(side).weight.sum(axis=0), atol=1e-6)
        at = {of.name: (of.x_mm, of.y_mm) for of in regions_of(walk, side)}
        assert at["hallux"][1] > at["heel_medial"][1] + foot.layout.length_mm / 2


def test_medial_regions_face_the_other_foot(walk):
    at = {side: {of.name: of.x_mm for of in regions_of(walk, side)} for side in Side}
    assert at[Side.LEFT]["heel_lateral"] < at[Side.LEFT]["heel_medial"] < 0
    assert 0 < at[Side.RIGHT]["heel_medial"] < at[Side.RIGHT]["heel_lateral"]


def test_a_regions_number_is_its_highest_sensor(walk):
    regions = regions_of(walk, Side.LEFT)
    values = np.arange(16.0)
    values[15] = np.nan
    for of in regions:
        mine = values[of.share > 0]
        found = region_maxima(regions, values)[of.name]
        assert np.isnan(found) if np.isnan(mine).all() else found == np.nanmax(mine)


def test_borders_keep_sensors_of_different_regions_apart(walk):
    layouts = {side: foot.layout for side, foot in walk.walk.feet.items()}
    pieces = borders(walk, page_grid(layouts))
    assert len(pieces) > 20
    every = np.vstack([place(s, layout.xy_mm, layout) for s, layout in layouts.items()])
    middle = pieces.mean(axis=1)
    assert np.hypot(*(middle[:, None] - every).transpose(2, 0, 1)).min() > 1.0


def test_the_table_sets_the_reports_values_side_by_side(walk):
    table = region_table(walk)
    peak = [name for name, _unit in table.columns].index("peak_pressure_kpa")
    for row in table.rows:
        left, right = (walk.report.get("peak_pressure_kpa", side=s, region=row.region) for s in Side)
        assert (row.cells[peak].left, row.cells[peak].right) == (left, right)
        assert row.cells[peak].difference == right.value - left.value


def test_a_force_insole_has_forces_in_its_table(newtons):
    table = region_table(newtons)
    assert table.columns[0] == ("peak_force_n", "N")
    assert table.source == ""


def test_one_foot_has_no_difference(one_foot):
    assert {cell.difference for row in region_table(one_foot).rows for cell in row.cells} == {None}


@pytest.mark.parametrize("name", ["no_steps", "counts", "nothing_measured"])
def test_without_values_of_regions_there_is_no_table(request, name):
    assert region_table(request.getfixturevalue(name)) is None


def test_means_stand_beside_regions_of_the_same_name_only(walk):
    table = region_table(walk)
    found = {row.region: row.published for row in table.rows}
    assert found["hallux"] == IN_SHOE_PEAK_PRESSURE["hallux"]
    assert found["mth2_5"] is None
    assert found["heel_medial"] is None
    assert table.source == SOURCE


def test_barefoot_has_no_means_of_shoes(walk):
    barefoot = replace(walk.walk, about=replace(walk.walk.about, condition="barefoot"))
    table = region_table(replace(walk, walk=barefoot))
    assert {row.published for row in table.rows} == {None}
    assert table.source == ""
