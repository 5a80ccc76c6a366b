from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insole.calibration import Calibration, TableCalibration, calibration_from_dict, calibration_to_dict
from insole.errors import CalibrationError


def make(counts: Any = ((10, 20, 40), (0, 100, 300)), kpa: Any = (0, 100, 200), error: float | None = 0.5) -> Any:
    return TableCalibration("t-1", date(2026, 1, 2), "bladder", np.array(counts, float), np.array(kpa, float), error)


def test_between_the_points_are_straight_lines_and_the_ends_go_on() -> None:
    counts = np.array([[10, 0], [15, 50], [30, 200], [40, 300], [50, 500], [5, 65535]], np.uint16)
    kpa = make().to_kpa(counts)
    assert kpa.dtype == np.float32
    assert kpa[:, 0] == pytest.approx([0, 50, 150, 200, 250, -50], abs=1e-3)
    assert kpa[:, 1] == pytest.approx([0, 50, 150, 200, 300, 200 + (65535 - 300) / 2], abs=1e-2)


def test_a_missing_value_stays_missing_and_counts_stay() -> None:
    counts = np.array([[np.nan, 100]], np.float32)
    kpa = make().to_kpa(counts)
    assert np.isnan(kpa[0, 0])
    assert kpa[0, 1] == 100
    assert np.isnan(counts[0, 0])


@given(st.floats(0, 500), st.floats(0.01, 10), st.lists(st.integers(0, 65535), min_size=1, max_size=20))
def test_a_table_on_a_line_is_that_line(offset: float, slope: float, counts: list[int]) -> None:
    kpa = np.array([0.0, 30, 200])
    table = make(counts=[offset + kpa / slope], kpa=kpa)
    line = Calibration("l", date(2026, 1, 2), "x", np.array([offset]), np.array([slope]), None)
    some = np.array(counts, np.uint16)[:, None]
    assert table.to_kpa(some) == pytest.approx(line.to_kpa(some), rel=1e-4, abs=1e-2 * slope)


def test_many_samples_are_looked_up_to_the_same_values() -> None:
    """More samples than counts go another way; a float of the same count goes the slow one."""
    counts = np.random.default_rng(5).integers(0, 400, (1000, 2)).astype(np.uint16)
    np.testing.assert_array_equal(make().to_kpa(counts), make().to_kpa(counts.astype(np.float32)))
    assert make().to_kpa(counts[:0]).shape == (0, 2)


def test_sensor_major_samples_stay_sensor_major() -> None:
    counts = np.zeros((2, 50), np.uint16).T
    assert make().to_kpa(counts).flags.f_contiguous


def test_json_brings_it_back() -> None:
    before = make(error=None)
    after = calibration_from_dict(json.loads(json.dumps(calibration_to_dict(before))))
    assert isinstance(after, TableCalibration)
    np.testing.assert_array_equal(after.counts, before.counts)
    np.testing.assert_array_equal(after.kpa, before.kpa)
    assert (after.id, after.made_on, after.method, after.fit_error_kpa) == ("t-1", date(2026, 1, 2), "bladder", None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"counts": [[1, 2]]}, "one count for each"),
        ({"counts": [1, 2, 3]}, "one count for each"),
        ({"counts": [[1]], "kpa": [0]}, "one count for each"),
        ({"counts": [[1, 2, np.nan]]}, "not a number"),
        ({"counts": [[1, 3, 2]]}, "does not rise"),
        ({"counts": [[1, 2, 2]]}, "does not rise"),
        ({"kpa": [0, 2, 1]}, "does not rise"),
        ({"kpa": "none"}, "not a calibration"),
        ({"fit_error_kpa": "small"}, "fit_error_kpa"),
        ({"fit_error_kpa": -1}, "fit_error_kpa"),
        ({"fit_error_kpa": True}, "fit_error_kpa"),
    ],
)
def test_a_table_that_cannot_be_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(CalibrationError, match=says):
        calibration_from_dict(calibration_to_dict(make()) | change)


def test_samples_of_another_insole_are_refused() -> None:
    with pytest.raises(CalibrationError, match="is for 2 sensors"):
        make().to_kpa(np.zeros((4, 3), np.uint16))
