"""Long series made short for the screen, without losing a peak or a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.typing import F64

MOST_POINTS = 6000
"""Points a line may have (our judgement: three for each pixel of a wide screen)."""


def thin(time_s: F64, values: F64, *, most: int = MOST_POINTS) -> tuple[F64, F64]:
    """Keep the smallest and the largest value of equal stretches.

    Parameters
    ----------
    time_s, values
        ``(n,)``; a NaN in ``values`` is a gap.
    most
        How many points may be left.

    Returns
    -------
    Times and values of at most ``most`` points in order of time; the same arrays when they
    are short enough. A stretch with a gap keeps a NaN, so the line is broken there.
    """
    n = values.size
    if n <= most:
        return time_s, values
    starts = np.linspace(0, n, most // 3 + 1).astype(np.int64)[:-1]
    low, high = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    gap = np.where(np.isnan(np.add.reduceat(values, starts)), np.nan, low)  # a sum knows of any gap
    y = np.column_stack([low, high, gap]).ravel()
    ends = np.append(starts[1:], n) - 1
    t0, t1 = time_s[starts], time_s[ends]
    x = np.column_stack([t0, t0 + (t1 - t0) / 3, t0 + 2 * (t1 - t0) / 3]).ravel()
    return x, y
