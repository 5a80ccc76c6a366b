"""Centre of pressure, and the gait line it draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.walk import FootWalk
    from insole.report import Step
    from insole.typing import F64, I64

COP_LEAST_SHARE = 0.05
"""The centre is undefined below this part of the foot's top force: that of foot-on (our judgement;
accuracy falls with force and with the number of loaded cells, PMC9370979)."""

COP_LEAST_N = 20.0
"""And below this force in N (our judgement)."""

TOP_PERCENTILE = 99.0
"""The top force is this percentile, so that a single wild sample does not move it (our judgement)."""

GAIT_LINE_POINTS = 101
"""Points of a stance from 0 to 100 %."""


def cop_mm(foot: FootWalk) -> F64:
    """Centre of pressure: force-weighted mean of the sensors' positions.

    Returns
    -------
    ``(n, 2)`` x, y in mm in the foot frame (+x medial, +y to the toes); NaN where samples are
    missing or the force is too small, and throughout where one sensor measures the whole foot.
    """
    least = least_force(foot) if foot.layout.n_sensors > 1 else 0.0
    out = np.full((foot.force.size, 2), np.nan)
    rows = np.flatnonzero(foot.force >= least) if least > 0 else np.empty(0, np.int64)
    out[rows] = foot.moment[rows] / foot.force[rows, None]
    return out


def least_force(foot: FootWalk) -> float:
    """Force in ``force_unit`` below which the centre of pressure is undefined."""
    top = float(np.percentile(foot.force[foot.valid], TOP_PERCENTILE))
    return max(COP_LEAST_SHARE * top, COP_LEAST_N if foot.in_newtons else 0.0)


@dataclass(frozen=True, eq=False)
class StepPaths:
    """The centre's path in each of K steps in which it is defined at least twice.

    Attributes
    ----------
    rows
        ``(K, 2)`` first row and row after the last of the whole stance.
    length_mm
        ``(K,)`` length of the path, sample to sample, straight across samples without a centre.
    range_mm
        ``(K, 2)`` width and length of the path.
    samples
        ``(K,)`` from the first to the last sample with a centre.
    """

    rows: I64
    length_mm: F64
    range_mm: F64
    samples: I64


def step_paths(cop: F64, steps: Sequence[Step]) -> StepPaths:
    """Measure the centre's path in each step.

    Parameters
    ----------
    cop
        From ``cop_mm``.
    steps
        Of this foot, apart from each other and in order.
    """
    defined, begin, end, kept = _defined(cop, steps)
    if not begin.size:
        return StepPaths(np.empty((0, 2), np.int64), np.empty(0), np.empty((0, 2)), np.empty(0, np.int64))
    line = np.vstack([cop[defined], np.zeros((1, 2))])  # one more, so that a last step may end here
    pieces = np.linalg.norm(np.diff(line[:-1], axis=0), axis=1)
    along = np.concatenate(([0.0], np.cumsum(pieces)))
    ends = np.column_stack([begin, end]).ravel()
    spread = np.maximum.reduceat(line, ends, axis=0)[::2] - np.minimum.reduceat(line, ends, axis=0)[::2]
    rows = np.array([[steps[k].start, steps[k].stop] for k in kept])
    return StepPaths(rows, along[end - 1] - along[begin], spread, defined[end - 1] - defined[begin])


def _defined(cop: F64, steps: Sequence[Step]) -> tuple[I64, I64, I64, I64]:
    """Rows with a centre; where among them each step begins and ends; and which steps have at least two."""
    defined = np.flatnonzero(np.isfinite(cop[:, 0]))
    begin = np.searchsorted(defined, [s.start for s in steps])
    end = np.searchsorted(defined, [s.stop for s in steps])
    kept = np.flatnonzero(end - begin > 1)
    return defined, begin[kept], end[kept], kept


def gait_lines(foot: FootWalk, steps: Sequence[Step], *, cop: F64 | None = None) -> F64:
    """Centre of pressure of each clean step over its stance.

    Parameters
    ----------
    steps
        Steps of this foot; those that are not clean are left out.
    cop
        From ``cop_mm``; computed when None.

    Returns
    -------
    ``(K, 101, 2)`` mm: from the first to the last sample of the stance at which the centre
    is defined, in equal parts of time.
    """
    cop = cop_mm(foot) if cop is None else cop
    clean = [s for s in steps if s.clean]
    defined, begin, end, _ = _defined(cop, clean)
    if not begin.size:
        return np.empty((0, GAIT_LINE_POINTS, 2))
    first, last = defined[begin], defined[end - 1]
    at = first[:, None] + (last - first)[:, None] * np.linspace(0, 1, GAIT_LINE_POINTS)
    return np.stack([np.interp(at.ravel(), defined, cop[defined, axis]).reshape(at.shape) for axis in (0, 1)], axis=2)


def gait_line(foot: FootWalk, steps: Sequence[Step], *, cop: F64 | None = None) -> tuple[F64, F64]:
    """Mean gait line of a foot over its clean steps.

    Parameters
    ----------
    steps, cop
        As for ``gait_lines``.

    Returns
    -------
    Mean and standard deviation over steps, ``(101, 2)`` each, in mm. NaN without a clean
    step; the deviation is NaN with one.
    """
    lines = gait_lines(foot, steps, cop=cop)
    none = np.full((GAIT_LINE_POINTS, 2), np.nan)
    mean = lines.mean(axis=0) if len(lines) else none
    return mean, lines.std(axis=0, ddof=1) if len(lines) > 1 else none


def path_length_mm(line: F64) -> float:
    """Length of a line ``(k, 2)``: the sum of its pieces, in mm."""
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
