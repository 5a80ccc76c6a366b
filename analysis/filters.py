"""Smoothing that moves nothing in time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.typing import F64


def low_pass(values: F64, *, rate_hz: float, cutoff_hz: float) -> F64:
    """Take off what is faster than a cutoff, without shifting anything in time.

    The gain is that of a second-order Butterworth filter run forwards and backwards,
    1/(1 + (√2 - 1)(f/cutoff)⁴): -3 dB at the cutoff after both passes (Winter 2009,
    Biomechanics and Motor Control of Human Movement, 4th ed., ch. 3). It is applied to the
    spectrum. The ends are continued by mirroring, so that noise in the first or last sample
    does not turn into a trend.

    Parameters
    ----------
    values
        ``(n, K)`` columns on a regular grid, without NaN.
    rate_hz
        Samples per second.
    cutoff_hz
        Where the gain is 1/√2; below half of the rate.

    Returns
    -------
    ``(n, K)`` in the same unit.

    Raises
    ------
    ValueError
        If the cutoff is not between zero and half of the rate.
    """
    if not 0 < cutoff_hz < rate_hz / 2:
        raise ValueError(
            f"a cutoff of {cutoff_hz} Hz needs more than {2 * cutoff_hz} samples per second, not {rate_hz}"
        )
    if not len(values):
        return values
    mirrored = np.concatenate([values, values[::-1]])
    f = np.fft.rfftfreq(len(mirrored), 1 / rate_hz)
    gain = 1 / (1 + (math.sqrt(2) - 1) * (f / cutoff_hz) ** 4)
    smooth = np.fft.irfft(np.fft.rfft(mirrored, axis=0) * gain[:, None], n=len(mirrored), axis=0)
    return np.asarray(smooth[: len(values)])
