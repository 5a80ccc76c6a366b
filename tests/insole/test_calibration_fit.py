"""Fits of known loads: closed forms, and what must not become a calibration."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insole.calibration import Calibration, TableCalibration, fit_line, fit_table, scaled
from insole.errors import CalibrationError

LOADS = np.array([0.0, 50, 100, 200, 400])
DAY = date(2026, 11, 25)
HOW: dict[str, Any] = {"foot": "left", "made_on": DAY, "method": "bladder"}


def readings(offset: list[float], slope: list[float], loads: Any = LOADS) -> Any:
    return np.asarray(loads)[:, None] / np.array(slope) + np.array(offset)


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0.05, 2)), min_size=1, max_size=8))
def test_a_hidden_line_is_found_again(sensors: list[tuple[float, float]]) -> None:
    offset, slope = [a for a, _ in sensors], [b for _, b in sensors]
    fit = fit_line(readings(offset, slope), LOADS, **HOW)
    assert isinstance(fit.calibration, Calibration)
    assert fit.calibration.offset == pytest.approx(offset, abs=1e-6)
    assert fit.calibration.kpa_per_count == pytest.approx(slope, rel=1e-9)
    assert fit.calibration.fit_error_kpa == pytest.approx(0, abs=1e-6)


def test_the_error_is_over_the_degrees_of_freedom_that_the_lines_leave() -> None:
    """One sensor is a count off its line at each of four loads, the other exact: residuals by hand."""
    loads = np.array([0.0, 100, 200, 300])
    off = np.array([1.0, -1, -1, 1])  # at right angles to 1 and to the loads, so the line does not move
    counts = np.column_stack([10 + loads / 0.5 + off, loads / 0.25])
    fit = fit_line(counts, loads, **HOW)
    assert isinstance(fit.calibration, Calibration)
    assert fit.calibration.kpa_per_count == pytest.approx([0.5, 0.25])
    assert fit.residual_kpa[:, 0] == pytest.approx(off * 0.5)
    assert fit.worst_kpa == pytest.approx([0.5, 0.0])
    assert fit.calibration.fit_error_kpa == pytest.approx(np.sqrt(4 * 0.5**2 / (2 * (4 - 2))))


def test_pressures_by_the_fit_differ_from_the_known_by_the_residuals() -> None:
    noise = np.random.default_rng(3).normal(0, 3, (5, 4))
    counts = readings([90, 100, 110, 120], [0.1, 0.2, 0.3, 0.4]) + noise
    for fitted in (fit_line(counts, LOADS, **HOW), fit_table(np.repeat(counts, 2, 0), np.repeat(LOADS, 2), **HOW)):
        kpa = fitted.calibration.to_kpa(np.repeat(counts, len(fitted.load_kpa) // 5, 0))
        assert kpa - fitted.load_kpa[:, None] == pytest.approx(fitted.residual_kpa, abs=1e-3)


def test_noise_shows_in_the_error() -> None:
    """1 kPa of noise on 200 sensors at 5 loads: the error is 1 kPa within its own spread."""
    counts = readings([100.0] * 200, [0.2] * 200) + np.random.default_rng(4).normal(0, 5, (5, 200))
    assert fit_line(counts, LOADS, **HOW).calibration.fit_error_kpa == pytest.approx(1.0, rel=0.1)


def test_a_table_meets_loads_held_once_and_does_not_know_its_error() -> None:
    bent = 1000 * np.sqrt(LOADS)[:, None] + [5, 7]
    fit = fit_table(bent, LOADS, **HOW)
    assert isinstance(fit.calibration, TableCalibration)
    assert fit.calibration.to_kpa(bent) == pytest.approx(np.column_stack([LOADS, LOADS]), abs=1e-3)
    assert fit.calibration.fit_error_kpa is None
    assert any("error is not known" in note for note in fit.notes)


def test_a_table_held_up_and_down_knows_its_error() -> None:
    """5 counts either side of each point of a straight sensor of 0.1 kPa a count: 0.5 kPa each."""
    up_down = np.concatenate([LOADS, LOADS])
    counts = readings([0.0], [0.1], up_down) + np.repeat([[5.0], [-5.0]], 5, axis=0)
    fit = fit_table(counts, up_down, **HOW)
    assert fit.calibration.fit_error_kpa == pytest.approx(np.sqrt(10 * 0.5**2 / (10 - 5)), rel=1e-5)


def test_the_order_of_the_holds_does_not_matter() -> None:
    counts = readings([5.0, 6], [0.1, 0.2])
    order = [3, 0, 4, 1, 2]
    for fit in (fit_line, fit_table):
        one, other = fit(counts, LOADS, **HOW).calibration, fit(counts[order], LOADS[order], **HOW).calibration
        some = np.array([[100.0, 200.0], [900.0, 20.0]])
        assert one.to_kpa(some) == pytest.approx(other.to_kpa(some), abs=1e-3)


@pytest.mark.parametrize("fit", [fit_line, fit_table])
@pytest.mark.parametrize(
    ("counts", "loads", "says"),
    [
        (readings([1.0], [0.1], [0, 100]), [0, 100], "2 different loads"),
        (readings([1.0], [0.1], [0, 100, 100]), [0, 100, 100], "2 different loads"),
        (np.empty((0, 1)), [], "0 different loads"),
        (readings([1.0, 1.0], [0.1, -0.1]), LOADS, "sensor 2: the counts do not rise"),
        (readings([1.0], [100.0]), LOADS, "sensor 1: the counts do not rise"),
        (np.full((5, 2), 7.0), LOADS, "sensors 1, 2: the counts do not rise"),
        (np.where(np.eye(5, 2), np.nan, readings([1.0, 1], [0.1, 0.1])), LOADS, "sensors 1, 2: a hold has no"),
        (readings([1.0], [0.1], LOADS * 1000), LOADS * 1000, "are they in kPa"),
        (readings([1.0], [0.1], LOADS - 1), LOADS - 1, "are they in kPa"),
        (readings([1.0], [0.1], LOADS), LOADS * np.nan, "are they in kPa"),
        (readings([1.0], [0.1], LOADS), LOADS[1:], "one load for each hold"),
    ],
)
def test_what_cannot_be_fitted_is_refused(fit: Any, counts: Any, loads: Any, says: str) -> None:
    with pytest.raises(CalibrationError, match=says):
        fit(np.asarray(counts), np.asarray(loads, float), **HOW)


def test_a_table_refuses_a_sensor_that_falls_between_loads() -> None:
    counts = readings([1.0, 1], [0.1, 0.1])
    counts[3, 1] = counts[2, 1]
    with pytest.raises(CalibrationError, match="sensor 2: no more counts at 200 than at 100 kPa"):
        fit_table(counts, LOADS, **HOW)


def test_notes_say_what_the_loads_do_not_cover() -> None:
    assert fit_line(readings([1.0], [0.1]), LOADS, **HOW).notes == ()
    narrow = np.array([10.0, 20, 30])
    said = " ".join(fit_line(readings([1.0], [0.1], narrow), narrow, **HOW).notes)
    assert "highest load is 30 kPa" in said
    assert "lowest load is 10 kPa" in said
    bent = np.column_stack([1000 * np.sqrt(LOADS), 10 * LOADS])
    assert any("sensor 1; consider a table" in note for note in fit_line(bent, LOADS, **HOW).notes)


def test_an_id_is_the_foot_the_day_and_the_content() -> None:
    one = fit_line(readings([1.0], [0.1]), LOADS, **HOW).calibration
    again = fit_line(readings([1.0], [0.1]), LOADS, **HOW).calibration
    other = fit_line(readings([1.5], [0.1]), LOADS, **HOW).calibration
    assert one.id.startswith("left-2026-11-25-")
    assert one.id == again.id != other.id


@pytest.mark.parametrize("fit", [fit_line, fit_table])
def test_scaling_multiplies_every_pressure_and_the_error(fit: Any) -> None:
    counts = np.repeat(readings([90.0, 100], [0.1, 0.2]), 2, 0) + np.tile([[2.0], [-2.0]], (5, 1))
    before = fit(counts, np.repeat(LOADS, 2), **HOW).calibration
    after = scaled(before, 1.25, foot="left", made_on=DAY, method="x")
    assert after.to_kpa(counts) == pytest.approx(1.25 * before.to_kpa(counts), rel=1e-5, abs=1e-3)
    assert after.fit_error_kpa == pytest.approx(1.25 * before.fit_error_kpa)
    assert after.id != before.id
    if isinstance(after, Calibration):
        np.testing.assert_array_equal(after.offset, before.offset)


@pytest.mark.parametrize("factor", [0.0, -1.0, np.nan, np.inf])
def test_an_absurd_factor_is_refused(factor: float) -> None:
    before = fit_line(readings([1.0], [0.1]), LOADS, **HOW).calibration
    with pytest.raises(CalibrationError, match="cannot be scaled"):
        scaled(before, factor, foot="left", made_on=DAY, method="x")
