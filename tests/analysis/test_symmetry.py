from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.symmetry import symmetry_angle_pct, symmetry_index_pct

FORCES = st.floats(0.001, 1e5)


@pytest.mark.parametrize(
    ("left", "right", "index", "angle"),
    [
        (0.25, 0.39, 43.75, 13.71),  # the worked example of a published comparison of indices
        (0.39, 0.25, -43.75, -13.71),
        (1.0, 1.0, 0.0, 0.0),
        (0.0, 3.0, 200.0, 50.0),
        (3.0, 0.0, -200.0, -50.0),
    ],
)
def test_worked_values(left: float, right: float, index: float, angle: float) -> None:
    assert symmetry_index_pct(left, right) == pytest.approx(index)
    assert symmetry_angle_pct(left, right) == pytest.approx(angle, abs=0.005)


def test_nothing_on_either_side_has_no_symmetry() -> None:
    assert symmetry_index_pct(0.0, 0.0) is None
    assert symmetry_angle_pct(0.0, 0.0) is None


@given(left=FORCES, right=FORCES, scale=st.floats(0.1, 10))
def test_odd_bounded_and_without_scale(left: float, right: float, scale: float) -> None:
    for measure, bound in ((symmetry_index_pct, 200), (symmetry_angle_pct, 50)):
        value = measure(left, right)
        assert value is not None
        assert abs(value) <= bound
        assert measure(right, left) == pytest.approx(-value, abs=1e-9)
        assert measure(scale * left, scale * right) == pytest.approx(value, abs=1e-9)
        assert (value > 0) == (right > left) or value == pytest.approx(0, abs=1e-9)
