"""The low-pass filter against its response in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.filters import low_pass

RATE_HZ = 100.0
TIME_S = np.arange(3000) / RATE_HZ


@pytest.mark.parametrize("hz", [0.5, 1.0, 5.0, 10.0, 20.0, 40.0])
def test_a_sine_keeps_its_phase_and_loses_what_the_formula_says(hz: float) -> None:
    sine = np.sin(2 * np.pi * hz * TIME_S + 0.7)[:, None]
    expected = sine / (1 + (np.sqrt(2) - 1) * (hz / 10) ** 4)
    # Mirrored ends bend a sine's phase: its response is exact away from them.
    inside = slice(100, -100)
    smooth = low_pass(sine, rate_hz=RATE_HZ, cutoff_hz=10.0)
    np.testing.assert_allclose(smooth[inside], expected[inside], atol=1e-6)


def test_slow_passes_fast_is_gone_and_the_cutoff_is_at_three_decibels() -> None:
    def left_of(hz: float) -> float:
        sine = np.sin(2 * np.pi * hz * TIME_S)[:, None]
        return float(np.abs(low_pass(sine, rate_hz=RATE_HZ, cutoff_hz=10.0)[100:-100]).max())

    assert left_of(1.0) == pytest.approx(1, abs=0.001)
    assert left_of(40.0) < 0.01
    assert 20 * np.log10(left_of(10.25)) == pytest.approx(-3.2, abs=0.1)


def test_lines_pass_unchanged_up_to_their_ends_and_columns_do_not_mix() -> None:
    lines = np.column_stack([3 + 0 * TIME_S, 7 - 2 * TIME_S])
    smooth = low_pass(lines, rate_hz=RATE_HZ, cutoff_hz=10.0)
    np.testing.assert_allclose(smooth[:, 0], lines[:, 0], atol=1e-9)
    np.testing.assert_allclose(smooth[100:-100, 1], lines[100:-100, 1], atol=1e-6)
    # At a mirrored end, off by no more than the line goes in the filter's memory of 20 ms.
    np.testing.assert_allclose(smooth[:, 1], lines[:, 1], atol=2 * 0.02)


def test_backwards_in_time_is_the_same() -> None:
    walk = np.random.default_rng(1).standard_normal((997, 2)).cumsum(axis=0)
    there = low_pass(walk, rate_hz=RATE_HZ, cutoff_hz=10.0)
    back = low_pass(walk[::-1], rate_hz=RATE_HZ, cutoff_hz=10.0)[::-1]
    np.testing.assert_allclose(there, back, atol=1e-9)


@pytest.mark.parametrize("n", [0, 1, 2, 50, 100, 101])
def test_short_pieces_keep_their_length(n: int) -> None:
    out = low_pass(np.full((n, 1), 4.0), rate_hz=RATE_HZ, cutoff_hz=10.0)
    np.testing.assert_allclose(out, np.full((n, 1), 4.0), atol=1e-12)


@pytest.mark.parametrize("rate_hz", [5.0, 20.0])
def test_a_cutoff_above_half_of_the_rate_is_refused(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="samples per second"):
        low_pass(np.zeros((10, 1)), rate_hz=rate_hz, cutoff_hz=10.0)
