"""Whether two recordings hold the same samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.recording import Recording


def same(a: Recording, b: Recording) -> None:
    """The same feet with the same samples, to the bit."""
    assert a.feet.keys() == b.feet.keys()
    for side, foot in a.feet.items():
        np.testing.assert_array_equal(foot.values, b.feet[side].values)
        np.testing.assert_array_equal(foot.time_s, b.feet[side].time_s)
        np.testing.assert_array_equal(foot.sample, b.feet[side].sample)
