"""From an insole's own clock to session seconds: it runs a little fast or slow, and it is fitted while packets come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.recording import ClockFit

if TYPE_CHECKING:
    from insole.typing import F64

BLOCK_US = 1_000_000
"""Device time over which only the least delayed arrival is kept, at first (our judgement)."""

BLOCKS_MAX = 512
"""When there are more, neighbours are merged, so that memory and time stay bounded."""

SPAN_FOR_RATE_S = 10.0
"""Below this span a radio's jitter says nothing about a crystal's rate; it is taken as exact (our judgement)."""

RATE_ERROR_MAX = 500e-6
"""The largest error of a Bluetooth sleep clock (Bluetooth Core 5.4, Vol 6, Part B, 4.2.2)."""


class ClockEstimate:
    """Fits device time to session time while packets come.

    An arrival is the device's time plus a constant plus a delay that is never negative. So
    the clock's line lies below all arrivals and as close to them as it can: of all lines
    under the points, the one with the least sum of distances. It is the edge of the lower
    convex hull that spans the mean of the abscissae (S. B. Moon, P. Skelly, D. Towsley,
    "Estimation and removal of clock skew from network delay measurements", IEEE INFOCOM
    1999, doi 10.1109/INFCOM.1999.749287).

    What it cannot see is the least delay itself: session times are late by that much, alike
    for both feet of one radio.
    """

    def __init__(self) -> None:
        self._origin_us: int | None = None
        self._block_us = BLOCK_US
        self._blocks: dict[int, tuple[float, float]] = {}

    def add(self, device_us: int, arrival_s: float) -> None:
        """Note when a sample came.

        Parameters
        ----------
        device_us
            Unwrapped device time, in microseconds, of the last sample of a notification.
        arrival_s
            When the notification came, in session seconds.
        """
        if self._origin_us is None:
            self._origin_us = device_us
        x = (device_us - self._origin_us) * 1e-6
        key = (device_us - self._origin_us) // self._block_us
        kept = self._blocks.get(key)
        if kept is None or arrival_s - x < kept[1] - kept[0]:
            self._blocks[key] = (x, arrival_s)
        if len(self._blocks) > BLOCKS_MAX:
            self._merge()

    def fit(self) -> ClockFit:
        """The line through what came so far; its residual is the median distance of the blocks' arrivals from it."""
        if self._origin_us is None:
            return ClockFit()
        points = np.array([self._blocks[k] for k in sorted(self._blocks)])
        x, late = points[:, 0], points[:, 1] - points[:, 0]
        slope = 0.0
        if np.ptp(x) >= SPAN_FOR_RATE_S:
            slope = float(np.clip(_lower_slope(x, late), -RATE_ERROR_MAX, RATE_ERROR_MAX))
        above = late - slope * x
        offset = float(above.min())
        rate = 1.0 + slope
        return ClockFit(offset - rate * self._origin_us * 1e-6, rate, float(np.median(above - offset)))

    def _merge(self) -> None:
        self._block_us *= 2
        merged: dict[int, tuple[float, float]] = {}
        for key, point in self._blocks.items():
            kept = merged.get(key // 2)
            if kept is None or point[1] - point[0] < kept[1] - kept[0]:
                merged[key // 2] = point
        self._blocks = merged


def _lower_slope(x: F64, y: F64) -> float:
    """Slope of the lower hull's edge above the mean of ``x`` (strictly rising)."""
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1 and _turns_right(x, y, hull[-2], hull[-1], i):
            hull.pop()
        hull.append(i)
    mean = float(x.mean())
    k = next(k for k in range(1, len(hull)) if x[hull[k]] >= mean)
    a, b = hull[k - 1], hull[k]
    return float((y[b] - y[a]) / (x[b] - x[a]))


def _turns_right(x: F64, y: F64, a: int, b: int, c: int) -> bool:
    return bool((x[b] - x[a]) * (y[c] - y[a]) <= (y[b] - y[a]) * (x[c] - x[a]))
