from __future__ import annotations

import numpy as np
import pytest

from dashboards import maps
from insole.recording import Side


def test_peaks_and_means_leave_missing_samples_out(with_gaps):
    foot = with_gaps.walk.feet[Side.LEFT]
    alive = ~foot.dead
    known = foot.values[foot.valid][:, alive]
    np.testing.assert_array_equal(maps.peak_values(with_gaps.walk)[Side.LEFT][alive], known.max(axis=0))
    np.testing.assert_allclose(
        maps.mean_values(with_gaps.walk)[Side.LEFT][alive], known.mean(axis=0, dtype=float), rtol=1e-6
    )


def test_a_dead_sensor_has_no_value_at_all(with_gaps):
    foot = with_gaps.walk.feet[Side.LEFT]
    assert foot.dead[9]
    for values in (maps.peak_values(with_gaps.walk), maps.mean_values(with_gaps.walk)):
        assert np.isnan(values[Side.LEFT][9])
    at_s = np.array([2.0, 3.0])
    assert np.isnan(maps.moments(with_gaps.walk, at_s)[Side.LEFT][:, 9]).all()


def test_means_do_not_depend_on_the_block(monkeypatch, walk):
    whole = maps.mean_values(walk.walk)[Side.LEFT]
    monkeypatch.setattr(maps, "ROWS_AT_ONCE", 7)
    np.testing.assert_allclose(maps.mean_values(walk.walk)[Side.LEFT], whole)


def test_moments_are_the_nearest_samples_and_empty_in_a_gap(with_gaps):
    foot = with_gaps.walk.feet[Side.LEFT]
    at_s = np.array([2.0, 5.25, 7.004])
    got = maps.moments(with_gaps.walk, at_s)[Side.LEFT]
    alive = ~foot.dead
    for row, time in ((0, 2.0), (2, 7.004)):
        nearest = np.abs(foot.time_s - time).argmin()
        np.testing.assert_array_equal(got[row, alive], foot.values[nearest, alive])
    assert np.isnan(got[1]).all()


def test_moments_before_and_after_the_recording_are_empty(walk):
    got = maps.moments(walk.walk, np.array([-5.0, 500.0]))
    assert all(np.isnan(v).all() for v in got.values())


def test_span(walk):
    start, stop = maps.span_s(walk.walk)
    assert start == 0
    assert stop == pytest.approx(11.99)


def test_nearest():
    assert maps.nearest(np.array([0.0, 1.0, 2.0]), np.array([-1.0, 0.4, 0.6, 1.5, 9.0])).tolist() == [0, 0, 1, 1, 2]
