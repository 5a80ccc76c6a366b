"""The gaitpdb layout against the positions that the data set publishes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from insole.layout import load_layout
from tests.insole.layouts.test_pedar_99 import outside
from tests.support import shared


@pytest.mark.shared
@pytest.mark.parametrize(("letter", "medial"), [("L", 1), ("R", -1)])
def test_both_feets_published_positions_give_the_layout(letter: str, medial: int):
    text = shared("data/gaitpdb/format.txt").read_text("utf-8")
    found = re.findall(rf"^{letter}(\d)\s+(-?\d+)\s+(-?\d+)", text, re.MULTILINE)
    assert [int(n) for n, _, _ in found] == list(range(1, 9))
    units = np.array([[float(x), float(y)] for _, x, y in found])
    centred = (units - [units[0, 0], 0]) * [medial, 1]
    np.testing.assert_allclose(load_layout("gaitpdb-8").xy_mm, centred * 0.13 + [0, 132.5], atol=0.051)


def test_the_layout_is_sound():
    layout = load_layout("gaitpdb-8")
    assert layout.schematic
    assert np.isnan(layout.area_mm2).all()
    assert layout.length_mm == 265
    assert np.ptp(layout.outline_mm[:, 0]) == pytest.approx(95, abs=0.5)
    assert outside(layout).size == 0
    assert layout.mask.regions == ("heel", "midfoot", "forefoot")
    np.testing.assert_array_equal(layout.mask.weight.sum(axis=0), 1)
    thirds = np.searchsorted([265 / 3, 530 / 3], layout.xy_mm[:, 1])
    np.testing.assert_array_equal(layout.mask.weight.argmax(axis=0), thirds)
