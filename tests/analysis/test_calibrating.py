from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.calibrating import Hold, hold_means
from insole.errors import CalibrationError
from insole.recording import FootStream, Side, Unit
from tests.analysis import made

HOLDS = (Hold(0.5, 4.5, 0.0), Hold(5.5, 9.5, 100.0), Hold(10.5, 14.5, 200.0))


def staircase(**more: Any) -> FootStream:
    """5 s each at 100, 500 and 900 counts, sensor i reading i more."""
    steps = np.repeat([100, 500, 900], 500)[:, None] + np.arange(4)
    return made.stream(Side.LEFT, steps, unit=Unit.COUNTS, **more)


def test_each_hold_is_its_sensors_means() -> None:
    means = hold_means(staircase(), [HOLDS[2], HOLDS[0]])
    np.testing.assert_array_equal(means, [[900, 901, 902, 903], [100, 101, 102, 103]])


def test_noise_is_averaged_and_holds_are_half_open() -> None:
    foot = staircase()
    noisy = np.array(foot.values)
    noisy[0::2] += 4
    noisy[450] = 60_000  # the first sample after the hold
    means = hold_means(made.stream(Side.LEFT, noisy, unit=Unit.COUNTS), [Hold(0.5, 4.5, 0.0)])
    np.testing.assert_array_equal(means, [[102, 103, 104, 105]])


@pytest.mark.parametrize(
    ("foot", "holds", "says"),
    [
        (staircase(saturation=903.0), HOLDS, "200 kPa from 10.5 to 14.5 s: sensor 4 reached the end"),
        (staircase(), [*HOLDS, Hold(9.0, 10.0, 50.0)], "overlap: 100 kPa from 5.5 to 9.5 s, and 50 kPa"),
        (staircase(), [*HOLDS, Hold(14.6, 30.0, 50.0)], "40 samples of the left foot"),
        (staircase(), [*HOLDS, Hold(40.0, 50.0, 50.0)], "0 samples"),
        (
            staircase(),
            [Hold(0.5, 6.5, 0.0), Hold(10.5, 14.5, 200.0)],
            "0 kPa from 0.5 to 6.5 s: the pressure was still",
        ),
        (made.stream(Side.LEFT, np.zeros((1500, 4))), HOLDS, "values are kPa, not counts"),
    ],
)
def test_what_cannot_be_averaged_is_refused(foot: FootStream, holds: Any, says: str) -> None:
    with pytest.raises(CalibrationError, match=says):
        hold_means(foot, holds)


def test_a_missing_value_in_a_hold_is_refused() -> None:
    values = np.array(staircase().values, np.float32)
    values[700, 2] = np.nan
    foot = made.changed(made.recording(staircase()), values=values).feet[Side.LEFT]
    with pytest.raises(CalibrationError, match=r"100 kPa from 5.5 to 9.5 s: values are missing"):
        hold_means(foot, HOLDS)


@pytest.mark.parametrize(("start", "stop"), [(2.0, 2.0), (3.0, 2.0), (np.nan, 2.0), (1.0, np.nan)])
def test_a_hold_ends_after_it_begins(start: float, stop: float) -> None:
    with pytest.raises(CalibrationError, match="must end after"):
        Hold(start, stop, 10.0)
