"""What a metric is: one question, one file in ``analysis/metrics``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insole.report import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.evidence import Evidence
    from analysis.stances import Stances
    from insole.recording import Side
    from insole.report import Caveat
    from insole.typing import F64


@dataclass(frozen=True, eq=False)
class Metric:
    """One question asked of a walk.

    Attributes
    ----------
    name
        Of the file.
    title
        The question, for people.
    units
        Names of the values it may answer with, and their units.
    measure
        Yields values, and caveats for those that could not be measured. Never a value that
        is not finite.
    """

    name: str
    title: str
    units: Mapping[str, str]
    measure: Callable[[Evidence], Iterable[Value | Caveat]]


def mean_over(
    name: str,
    unit: str,
    numbers: Sequence[float] | F64,
    side: Side | None,
    region: str | None = None,
    *,
    variant: str | None = None,
) -> list[Value]:
    """Mean over steps or strides, with the sample standard deviation (n - 1); empty when there are none.

    Parameters
    ----------
    numbers
        ``(K,)`` one per step; those that are not finite are left out.
    """
    a = np.asarray(numbers, np.float64)
    a = a[np.isfinite(a)]
    if not a.size:
        return []
    sd = float(a.std(ddof=1)) if a.size > 1 else None
    return [Value(name, float(a.mean()), unit, side, region, int(a.size), variant, sd)]


def over_regions(
    name: str, unit: str, numbers: F64, stances: Stances, side: Side, *, variant: str | None = None
) -> list[Value]:
    """``mean_over`` for the whole foot and each region.

    Parameters
    ----------
    numbers
        ``(K, R)`` one per step and region of the stances.
    """
    if numbers.shape[0] < 2 or not np.isfinite(numbers).all():
        columns = zip(stances.regions, numbers.T, strict=True)
        return [v for r, column in columns for v in mean_over(name, unit, column, side, r, variant=variant)]
    n, mean, sd = numbers.shape[0], numbers.mean(axis=0).tolist(), numbers.std(axis=0, ddof=1).tolist()
    rows = zip(stances.regions, mean, sd, strict=True)
    return [Value(name, m, unit, side, region, n, variant, s) for region, m, s in rows]
