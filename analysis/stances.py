"""What each clean stance holds, region by region: the sums and maxima that per-step metrics need.

A short gap within a stance stays missing: maxima are over the samples that were measured, and
in integrals each measured sample stands for the time up to half way to its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.walk import FootWalk
    from insole.layout import Mask
    from insole.report import Step
    from insole.typing import F32, F64, I64

CONTACT_KPA = 10.0
"""A sensor above this is loaded: the threshold of pressuRe 0.2.7 for insoles. Contact areas of three
in-shoe systems were -97 to +249 % off (Price et al. 2016), so they compare only with themselves."""

BLOCK_ROWS = 1024
"""Rows worked on at a time; bounds memory."""


@dataclass(frozen=True, eq=False)
class Stances:
    """The K clean stances of a foot in R regions, the first of which is the whole foot.

    Attributes
    ----------
    regions
        Names of the R regions; None is the whole foot.
    first
        ``(K,)`` where each stance begins in the m samples.
    row
        ``(m,)`` rows of the walk that were measured.
    sum_s, trapezoid_s
        ``(m,)`` seconds that each sample stands for in a sum, and in a trapezoidal integral.
    force
        ``(m, R)`` float64 in ``force_unit``.
    peak
        ``(m, R)`` float64 largest pressure of a sensor, kPa; NaN where there is no pressure.
    area_mm2
        ``(m, R)`` float64 loaded area; NaN where there is no pressure or no areas.
    ever_mm2
        ``(K, R)`` float64 area that is loaded at any time of a stance.
    threshold_kpa
        A sensor above this is loaded.
    """

    regions: tuple[str | None, ...]
    first: I64
    row: I64
    sum_s: F64
    trapezoid_s: F64
    force: F64
    peak: F64
    area_mm2: F64
    ever_mm2: F64
    threshold_kpa: float

    def most(self, series: F64) -> F64:
        """``(K, R)`` largest value of each stance, of a series ``(m, R)``."""
        return np.asarray(np.maximum.reduceat(series, self.first, axis=0))

    def integral(self, series: F64) -> F64:
        """``(K, R)`` trapezoidal integral over each stance, of a series ``(m, R)``; times s."""
        return np.asarray(np.add.reduceat(series * self.trapezoid_s[:, None], self.first, axis=0))

    def total(self, series: F64) -> F64:
        """``(K, R)`` sum of samples times their period over each stance, of a series ``(m, R)``; times s."""
        return np.asarray(np.add.reduceat(series * self.sum_s[:, None], self.first, axis=0))


def stances_of(
    foot: FootWalk, steps: Sequence[Step], *, mask: Mask | None, threshold_kpa: float | None = None
) -> Stances | None:
    """Gather the clean stances of a foot.

    Parameters
    ----------
    steps
        Of this foot; those that are not clean are left out.
    mask
        Division into regions; None for the whole foot only. Regions without a living sensor
        are left out. A sensor carries force and area by its fraction in a region, and is in a
        region's maximum if any part of it lies there.
    threshold_kpa
        A sensor above this is loaded; None for ``CONTACT_KPA``, or zero on a platform, which
        reads nothing where nobody stands.

    Returns
    -------
    None without a clean step.
    """
    if threshold_kpa is None:
        threshold_kpa = 0.0 if foot.layout.platform else CONTACT_KPA
    clean = [s for s in steps if s.clean]
    if not clean:
        return None
    every = np.concatenate([np.arange(s.start, s.stop) for s in clean])
    owner = np.repeat(np.arange(len(clean)), [s.stop - s.start for s in clean])
    measured = foot.valid[every]
    row, owner = every[measured], owner[measured]
    first = np.searchsorted(owner, np.arange(len(clean)))
    names, weight = _regions(foot, mask)
    force, peak, area = _series(foot, row, weight, threshold_kpa)
    sum_s, trapezoid_s = _seconds(row, owner, clean, foot.period_s)
    ever = _ever_loaded(foot, row, first, weight, threshold_kpa)
    return Stances(names, first, row, sum_s, trapezoid_s, force, peak, area, ever, threshold_kpa)


def _regions(foot: FootWalk, mask: Mask | None) -> tuple[tuple[str | None, ...], F64]:
    """Names of the regions with living sensors, and ``(R, S)`` fractions of the sensors in them."""
    names: list[str | None] = [None]
    rows = [np.ones(foot.layout.n_sensors)]
    for name, weight in zip(mask.regions, mask.weight, strict=True) if mask is not None else ():
        if (weight[~foot.dead] > 0).any():
            names.append(name)
            rows.append(weight.astype(np.float64))
    weight = np.array(rows)
    weight[:, foot.dead] = 0.0
    return tuple(names), weight


def _series(foot: FootWalk, row: I64, weight: F64, threshold_kpa: float) -> tuple[F64, F64, F64]:
    """``(m, R)`` force, largest pressure and loaded area at each row."""
    scale = np.ones(foot.layout.n_sensors) if foot.newton_per_value is None else foot.newton_per_value
    by_force = (weight * scale).T
    areas = foot.layout.area_mm2
    members = [np.flatnonzero(w > 0) for w in weight]
    force, peak, area = (np.full((row.size, len(weight)), np.nan) for _ in range(3))
    for start in range(0, row.size, BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        values = foot.values[row[part]]
        if foot.dead.any():
            values[:, foot.dead] = 0.0
        force[part] = values.astype(np.float64) @ by_force
        if foot.has_pressure:
            by_sensor = np.ascontiguousarray(values.T)  # five times as fast as maxima along rows
            for region, columns in enumerate(members):
                peak[part, region] = by_sensor[columns].max(axis=0)
            if not np.isnan(areas).any():
                area[part] = (values > threshold_kpa) @ (weight * areas).T
    return force, peak, area


def _ever_loaded(foot: FootWalk, row: I64, first: I64, weight: F64, threshold_kpa: float) -> F64:
    areas = foot.layout.area_mm2
    if not foot.has_pressure or np.isnan(areas).any():
        return np.full((first.size, len(weight)), np.nan)
    most = sensor_peaks(foot, row, first)
    return np.asarray((most > threshold_kpa) @ (weight * areas).T)


def sensor_peaks(foot: FootWalk, row: I64, first: I64) -> F32:
    """``(K, S)`` largest value of each sensor in each stance; zero for dead sensors.

    Parameters
    ----------
    row, first
        As in ``Stances``.
    """
    ends = np.append(first[1:], row.size)
    spans = ((int(row[a]), int(row[b - 1]) + 1, a, b) for a, b in zip(first, ends, strict=True))
    # A stance without gaps is a slice, and needs no copy.
    stances = (foot.values[i:j] if j - i == b - a else foot.values[row[a:b]] for i, j, a, b in spans)
    out = np.array([values.max(axis=0) for values in stances])
    out[:, foot.dead] = 0.0
    return out


def _seconds(row: I64, owner: I64, clean: Sequence[Step], period_s: float) -> tuple[F64, F64]:
    """How long each measured sample stands for: in a sum, and in a trapezoidal integral."""
    before = np.diff(row, prepend=row[0] - 1).astype(np.float64)
    after = np.diff(row, append=row[-1] + 1).astype(np.float64)
    begins = np.diff(owner, prepend=-1) > 0
    ends = np.diff(owner, append=len(clean)) > 0
    before[begins], after[ends] = 1.0, 1.0
    total = (before + after) / 2 * period_s
    inner = (np.where(begins, 0.0, before) + np.where(ends, 0.0, after)) / 2 * period_s
    return total, inner
