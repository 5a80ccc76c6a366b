"""A few values over a subject's visits: what changed beyond noise, in words and as small figures."""

from dashboards.trend.judged import Measured
from dashboards.trend.page import Trend, trend

__all__ = ["Measured", "Trend", "trend"]
