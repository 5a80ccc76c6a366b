"""Quantiles of Student's t, exact also for the two or three steps for which the normal curve is far off."""

from __future__ import annotations

import math
from statistics import NormalDist

TINY = 1e-300
"""Stands for a zero that would be divided by."""

MOST_TERMS = 500
"""Of the continued fraction; it needs about the square root of the degrees of freedom, and fewer here."""

MOST_DF = 1e6
"""From here on t is the normal curve to 3e-6."""


def t_quantile(p: float, df: float) -> float:
    """The t below which a part ``p`` of Student's distribution lies.

    Newton's steps on the upper tail from the normal quantile. The tail is convex and t's is
    the heavier, so the steps climb to the root and never pass it.

    Parameters
    ----------
    p
        Between 0 and 1.
    df
        Degrees of freedom, above zero; need not be whole (Welch).

    Raises
    ------
    ValueError
        If ``p`` or ``df`` is out of range.
    """
    if not 0 < p < 1 or not df > 0:
        raise ValueError(f"there is no t quantile of p = {p} with {df} degrees of freedom")
    if p < 0.5:
        return -t_quantile(1 - p, df)
    t, df = NormalDist().inv_cdf(p), min(df, MOST_DF)
    for _ in range(200):
        step = (upper_tail(t, df) - (1 - p)) / _density(t, df)
        t += step
        if abs(step) <= 1e-12 * t:
            break
    return t


def upper_tail(t: float, df: float) -> float:
    """The part of Student's distribution above ``t``, which is not negative: I_x(df/2, 1/2)/2, x = df/(df + t²).

    References
    ----------
    NIST Digital Library of Mathematical Functions, 8.17 (incomplete beta function).
    """
    return 0.5 * _incomplete_beta(df / 2, 0.5, df / (df + t * t), t * t / (df + t * t))


def _density(t: float, df: float) -> float:
    log_scale = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return math.exp(log_scale - (df + 1) / 2 * math.log1p(t * t / df))


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """Regularised I_x(a, b); ``rest`` is 1 - x, given because it may be tiny."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest)
    if x < (a + 1) / (a + b + 2):
        return math.exp(log_front) * _fraction(a, b, x) / a
    return 1.0 - math.exp(log_front) * _fraction(b, a, rest) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    c, d = 1.0, 1.0 / _not_zero(1.0 - (a + b) * x / (a + 1))
    h = d
    for m in range(1, MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1.0 / _not_zero(1.0 + term * d)
            c = _not_zero(1.0 + term / c)
            h *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return h


def _not_zero(number: float) -> float:
    return number if abs(number) > TINY else TINY
