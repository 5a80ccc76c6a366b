"""Sensors whose channels were exchanged: each loads when the other's place should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.walk import FootWalk
    from insole.report import Step
    from insole.typing import F64, I64

CURVE_POINTS = 41
"""Points of a stance at which a sensor's mean loading is taken."""

MOST_STANCES = 20
"""Stances looked at, spread evenly over the recording."""

LEAST_SENSORS = 8
"""Sensors below which neighbours are too far apart to tell (our judgement)."""

COURSE_LEAST_SHARE = 0.10
"""Sensors that range over less than this part of the widest range are not judged (our judgement)."""

COURSE_NEIGHBOURS = 3
"""A sensor is held against this many nearest ones (our judgement)."""

STRANGER = 0.0
"""A sensor whose course correlates with its neighbours' by less than this does not belong (our judgement)."""

AT_HOME = 0.7
"""Two such sensors are exchanged if each correlates with the other's neighbours by this much (our judgement)."""


def swapped_sensors(foot: FootWalk, steps: Sequence[Step]) -> list[tuple[int, int]]:
    """Find pairs of sensors that are exchanged.

    In a step neighbouring sensors load at about the same time. A sensor whose mean course over
    stance runs against its neighbours', while it fits another such sensor's place, and the other
    fits its own, is exchanged with it. Sensors of the same part of the foot exchanged with each
    other are not found: they load alike. Two feet exchanged as a whole are not found either:
    nothing in a foot's own samples says which foot it is.

    Parameters
    ----------
    steps
        Of this foot; those that are not clean are left out.

    Returns
    -------
    Columns, from 0, the smaller first.
    """
    clean = [s for s in steps if s.clean and s.stop - s.start > 2]
    if foot.layout.n_sensors < LEAST_SENSORS or not clean:
        return []
    course = _courses(foot, clean)
    spread = np.ptp(course, axis=0)
    judged = np.flatnonzero(spread > COURSE_LEAST_SHARE * spread.max(initial=0.0))
    if judged.size < LEAST_SENSORS:
        return []
    alike = np.asarray(np.corrcoef(course[:, judged].T))
    fits = _fits(alike, _nearest(foot.layout.xy_mm[judged]))
    strangers = np.flatnonzero(fits.diagonal() < STRANGER)
    return [
        (int(judged[i]), int(judged[k]))
        for i in strangers
        for k in strangers
        if i < k and fits[i, k] > AT_HOME and fits[k, i] > AT_HOME
    ]


def _fits(alike: F64, near: I64) -> F64:
    """``(S, S)`` mean correlation of sensor i with the neighbours of place k, itself left out."""
    own = np.eye(len(alike))
    others = (near[None] != np.arange(len(alike))[:, None, None]).sum(axis=2)
    return np.asarray((alike - own)[:, near].sum(axis=2) / others)


def _courses(foot: FootWalk, clean: Sequence[Step]) -> F64:
    """``(P, S)`` mean loading of each sensor over stance; zero for dead sensors."""
    chosen = clean[:: max(1, -(-len(clean) // MOST_STANCES))]
    rows = np.array([np.rint(np.linspace(s.start, s.stop - 1, CURVE_POINTS)) for s in chosen]).astype(np.int64)
    values = np.nan_to_num(foot.values[rows])
    return np.asarray(values.mean(axis=0, dtype=np.float64))


def _nearest(xy_mm: F64) -> I64:
    """``(S, N)`` the nearest other sensors of each."""
    gap = np.linalg.norm(xy_mm[:, None] - xy_mm[None], axis=2)
    np.fill_diagonal(gap, np.inf)
    return np.argsort(gap, axis=1, kind="stable")[:, :COURSE_NEIGHBOURS]
