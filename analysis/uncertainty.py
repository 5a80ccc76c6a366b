"""How sure one value is: the spread over its steps, and how finely it can be measured at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.student import t_quantile
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from insole.recording import Side
    from insole.report import Report, Value

COVERAGE = 0.95
"""Of every interval here."""

TIME_SAMPLES = 1.0
"""How finely a time between two events is known, in sample periods. Two events rounded to whole
samples would give 0.41; ours are interpolated, but insoles unload slowly and events were within one
sample of a vendor's (``docs/clinical-method.md``, Steps): so one (our judgement)."""

STRIDE_S = 1.0
"""A stride for turning that time into % of a stride; most strides are longer, so this is the larger
share (our judgement)."""

STANCE_S = 0.6
"""The same for % of a stance (our judgement)."""

OF_STRIDE = frozenset({"stance_pct", "swing_pct", "double_support_pct", "single_support_pct", "stride_time_cv_pct"})
OF_STANCE = frozenset({"contact_time_pct", "stance_time_cv_pct"})


def half_width(value: Value, rate_hz: float) -> float | None:
    """Half of the 95 % confidence interval of a mean over steps, in the value's unit.

    Student's t with n - 1 degrees of freedom times the standard error.

    Parameters
    ----------
    rate_hz
        Sample rate of the foot, or the lower of both.

    Returns
    -------
    None where it cannot be stated: no steps behind the value, fewer than two, or no spread.

    Raises
    ------
    AnalysisError
        If the rate is not above zero.
    """
    error = standard_error(value, rate_hz)
    if error is None or value.n_steps is None:
        return None
    return t_quantile(0.5 + COVERAGE / 2, value.n_steps - 1) * error


def standard_error(value: Value, rate_hz: float) -> float | None:
    """Standard error of a mean over n steps: √((sd² + resolution²)/n), in the value's unit.

    The spread over steps holds all that differs from step to step. The resolution is added
    because steps that fall on the same sample each time show no spread and are still not
    known more finely than that; where it is a part of the spread already, the result is
    slightly too large.

    A coefficient of variation has its own: 100 c √(1/(2(n - 1)) + c²/n), c = value/100, which
    follows from the variances of a mean and of a standard deviation of normal numbers.

    Returns
    -------
    None where it cannot be stated.

    Raises
    ------
    AnalysisError
        If the rate is not above zero.
    """
    if not rate_hz > 0:
        raise AnalysisError(f"the uncertainty at a rate of {rate_hz} Hz cannot be told; give one above zero")
    n = value.n_steps
    if n is None or n < 2:
        return None
    fine = resolution(value, rate_hz) / math.sqrt(n)
    if value.name.endswith("_cv_pct"):
        c = value.value / 100
        return math.hypot(100 * c * math.sqrt(1 / (2 * (n - 1)) + c * c / n), fine)
    if value.sd is None:
        return None
    return math.hypot(value.sd / math.sqrt(n), fine)


def resolution(value: Value, rate_hz: float) -> float:
    """How finely one step's number can be measured, in the value's unit.

    Known for times and shares of time only. What one count is worth in kPa differs between
    devices, and a largest pressure changes from step to step by far more: zero.
    """
    time_s = TIME_SAMPLES / rate_hz
    if value.unit == "s":
        return time_s
    if value.name in OF_STRIDE:
        return 100 * time_s / STRIDE_S
    return 100 * time_s / STANCE_S if value.name in OF_STANCE else 0.0


def index_half_width(left: Value, right: Value, rate_hz: float) -> float | None:
    """Half-width, in %, of Robinson's index 200 (R - L)/(R + L) of two sides' means.

    First order: 400/(R + L)² · √((L·hR)² + (R·hL)²) with the sides' half-widths hL and hR.

    Returns
    -------
    None where either side's cannot be stated or the sum is not above zero.

    Raises
    ------
    AnalysisError
        If the rate is not above zero.
    """
    widths = half_width(left, rate_hz), half_width(right, rate_hz)
    total = left.value + right.value
    if widths[0] is None or widths[1] is None or not total > 0:
        return None
    return 400 / total**2 * math.hypot(left.value * widths[1], right.value * widths[0])


def rate_of(report: Report, side: Side | None) -> float:
    """Sample rate of a report's foot in Hz; of both feet the lower.

    Raises
    ------
    AnalysisError
        If the report names no such foot.
    """
    rates = [float(foot["rate_hz"]) for s, foot in report.recording["feet"].items() if side in (None, s)]
    if not rates:
        raise AnalysisError(f"the report has no {side or 'left or right'} foot, so no sample rate")
    return min(rates)
