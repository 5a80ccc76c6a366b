from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insole.calibration import Calibration, calibration_from_dict, calibration_to_dict
from insole.errors import CalibrationError


def make(offset: list[float], slope: list[float], *, fit_error_kpa: float | None = 1.5) -> Calibration:
    return Calibration("c-7", date(2024, 2, 29), "bladder", np.array(offset), np.array(slope), fit_error_kpa)


def test_a_count_becomes_slope_times_its_distance_from_the_offset() -> None:
    kpa = make([10, 20], [0.5, 2.0]).to_kpa(np.array([[10, 20], [30, 25], [0, 0]], np.uint16))
    assert kpa.dtype == np.float32
    np.testing.assert_array_equal(kpa, [[0, 0], [10, 10], [-5, -40]])


def test_a_missing_value_stays_missing() -> None:
    kpa = make([0], [1]).to_kpa(np.array([[np.nan], [3]], np.float32))
    assert np.isnan(kpa[0, 0])
    assert kpa[1, 0] == 3


def test_counts_are_left_as_they_were() -> None:
    counts = np.array([[7, 8]], np.uint16)
    make([1, 1], [3, 3]).to_kpa(counts)
    np.testing.assert_array_equal(counts, [[7, 8]])


@given(
    st.lists(st.tuples(st.floats(0, 500), st.floats(0.01, 10)), min_size=1, max_size=8),
    st.one_of(st.none(), st.floats(0, 50)),
)
def test_json_brings_it_back(sensors: list[tuple[float, float]], fit_error_kpa: float | None) -> None:
    before = make([a for a, _ in sensors], [b for _, b in sensors], fit_error_kpa=fit_error_kpa)
    after = calibration_from_dict(json.loads(json.dumps(calibration_to_dict(before))))
    np.testing.assert_array_equal(after.offset, before.offset)
    np.testing.assert_array_equal(after.kpa_per_count, before.kpa_per_count)
    assert (after.id, after.made_on, after.method) == (before.id, before.made_on, before.method)
    assert after.fit_error_kpa == before.fit_error_kpa


@pytest.mark.parametrize(
    ("offset", "slope", "says"),
    [
        ([0, 0], [1], "each sensor needs one of both"),
        ([np.nan], [1], "not a number"),
        ([0], [np.inf], "not a number"),
        ([0, 0], [1, 0], "slope is not positive"),
        ([0, 0], [1, -1], "slope is not positive"),
    ],
)
def test_a_calibration_that_cannot_be_is_refused(offset: list[float], slope: list[float], says: str) -> None:
    with pytest.raises(CalibrationError, match=says):
        make(offset, slope)


@pytest.mark.parametrize("shape", [(4, 3), (2,)])
def test_samples_of_another_insole_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(CalibrationError, match="is for 2 sensors"):
        make([0, 0], [1, 1]).to_kpa(np.zeros(shape, np.uint16))


@pytest.mark.parametrize(
    "change",
    [{"made_on": "yesterday"}, {"offset": "zero"}, {"made_on": 5}, {"kpa_per_count": [[1.0], [2.0, 3.0]]}],
)
def test_json_with_a_wrong_value_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(CalibrationError):
        calibration_from_dict(calibration_to_dict(make([0], [1])) | change)


@pytest.mark.parametrize("key", ["id", "made_on", "method", "offset", "kpa_per_count", "fit_error_kpa"])
def test_json_without_a_key_is_refused(key: str) -> None:
    data = calibration_to_dict(make([0], [1]))
    del data[key]
    with pytest.raises(CalibrationError, match=key):
        calibration_from_dict(data)
