"""How well the two feet's times fit together."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insole.recording import ClockFit


def sync_uncertainty_s(clocks: Iterable[ClockFit]) -> float | None:
    """By how much a time of one foot may be off against one of the other, in seconds.

    Each foot's clock is fitted to the arrivals of its notifications, by the line under the least
    delayed ones (``ingest.clock``); its residual is the median distance of each second's least
    delayed arrival from that line. Left and right are fitted apart, so their errors are taken
    as independent, and that of the difference is ``sqrt(left ** 2 + right ** 2)`` (propagation of
    uncertainty, JCGM 100:2008, 5.1.2).

    What cancels: the delay that both feet share (one radio, one make, one connection interval).
    What neither cancels nor shows: a constant delay of one foot only, as of two different makes,
    or of insoles whose rate is a multiple of the connection's, so that each waits for the radio
    by the same part of an interval each time: at most one connection interval, 7.5 to 50 ms as
    systems choose it.

    Parameters
    ----------
    clocks
        Of the feet there are.

    Returns
    -------
    None with one foot, and where times came from a file and not from two clocks.
    """
    residuals_s = [clock.residual_s for clock in clocks]
    if len(residuals_s) != 2:
        return None
    left_s, right_s = residuals_s
    return None if left_s is None or right_s is None else hypot(left_s, right_s)
