"""The least difference that counts as a change: published, or from the user's own repeated baselines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.comparable import refusals
from analysis.student import upper_tail
from analysis.uncertainty import rate_of, standard_error
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insole.recording import Side
    from insole.report import Report, Value

Key = tuple[str, "Side | None", "str | None", "str | None"]
"""What makes two values the same: name, side, region, variant."""

Z_95 = 1.96
"""Of the minimal detectable change: MDC95 = 1.96 · √2 · SEM."""


@dataclass(frozen=True)
class Mdc:
    """A minimal detectable change.

    Attributes
    ----------
    value
        In the unit of the value it is for.
    source
        Whose it is, with the citation.
    short
        The same in a few words.
    share_pct
        In % of the baseline value, where it was published so.
    """

    value: float
    source: str
    short: str
    share_pct: float | None = None


@dataclass(frozen=True)
class Published:
    """A published limit of repeatability, in % of the mean.

    Attributes
    ----------
    name
        Of the values it is for, whatever the side and region.
    platform
        Whether it is for barefoot steps on a plate, or for insoles in the shoe.
    share_pct
        In % of the mean.
    source, short
        As in ``Mdc``.
    """

    name: str
    platform: bool
    share_pct: float
    source: str
    short: str


PUBLISHED = (
    Published(
        "peak_pressure_kpa",
        platform=False,
        share_pct=15.3,
        source="Putti AB et al. 2007, Gait Posture 25:401: coefficient of repeatability of in-shoe peak pressure, "
        "1 to 32 days apart, at most 15.3 % of the mean (n = 53, healthy adults, 99-sensor insole)",
        short="Putti 2007",
    ),
)
"""All that is published and checked; everything else needs the user's own baselines."""


@dataclass(frozen=True, eq=False)
class OwnMdc:
    """Minimal detectable changes from repeated baselines of one subject.

    Attributes
    ----------
    values
        By key, in each value's unit.
    pairs
        Pairs of baselines behind them.
    baseline
        The first of them: whose, and with which insoles.
    """

    values: Mapping[Key, float]
    pairs: int
    baseline: Report


def key(value: Value) -> Key:
    """Name, side, region and variant of a value."""
    return value.name, value.side, value.region, value.variant


def _same_recording(a: Report, b: Report) -> bool:
    return any(a.recording.get(k) and a.recording.get(k) == b.recording.get(k) for k in ("id", "source_sha256"))


def own_mdc(*pairs: tuple[Report, Report]) -> OwnMdc:
    """Minimal detectable changes from pairs of baselines between which the insoles were taken out.

    SEM = SD of the differences / √2 and MDC95 = 1.96 · √2 · SEM = 1.96 · SD of the
    differences. The differences d of the pairs have no direction, so their mean is taken as
    zero: SD = √(Σ d²/pairs), and with one pair MDC95 = 1.96 · abs(d). Few pairs are weak
    (``passing_by_chance``), and two baselines may agree by luck; so the result is never
    below 1.96 standard errors of the difference between the two over their steps, which is
    noise that is there anyway.

    Raises
    ------
    AnalysisError
        If there is no pair, or a pair cannot be compared or is not of the same subject and
        insoles as the first.
    """
    if not pairs:
        raise AnalysisError("a test-retest needs at least two baseline recordings")
    first = pairs[0][0]
    for a, b in pairs:
        if _same_recording(a, b):
            raise AnalysisError(
                "a baseline was given twice; a retest is a second recording, the insoles taken out between"
            )
        found = [*refusals(a, b).all, *refusals(first, a).all]
        if found:
            raise AnalysisError(f"two baselines are not repeats of each other: {found[0].text}")
    per_pair = [_differences(a, b) for a, b in pairs]
    shared = [k for k in per_pair[0] if all(k in p for p in per_pair)]
    return OwnMdc({k: Z_95 * _rms([p[k] for p in per_pair]) for k in shared}, len(pairs), first)


def own_of(baselines: Sequence[Report]) -> OwnMdc | None:
    """Minimal detectable changes from baselines as a person names them: the first two are a pair, the next two, ...

    Returns
    -------
    As ``own_mdc``; None without baselines.

    Raises
    ------
    AnalysisError
        If one has no partner, and as ``own_mdc``.
    """
    if len(baselines) % 2:
        raise AnalysisError(
            f"baselines come in pairs, and {len(baselines)} were given; give two of one condition, or four"
        )
    return own_mdc(*zip(baselines[::2], baselines[1::2], strict=True)) if baselines else None


def passing_by_chance(pairs: int) -> float:
    """The part of unchanged values whose difference is larger than 1.96 SD, if the SD is from so few pairs.

    A normal difference over an SD of k independent ones follows Student's t with k degrees of
    freedom: 0.30 for one pair, 0.11 for five, 0.05 for many.
    """
    return 2 * upper_tail(Z_95, pairs)


def _differences(a: Report, b: Report) -> dict[Key, float]:
    """Size of each difference, or its standard error where that is larger."""
    others = {key(v): v for v in b.values}
    found: dict[Key, float] = {}
    for v in a.values:
        other = others.get(key(v))
        if other is not None:
            errors = standard_error(v, rate_of(a, v.side)), standard_error(other, rate_of(b, v.side))
            found[key(v)] = max(abs(other.value - v.value), math.hypot(*(e or 0.0 for e in errors)))
    return found


def _rms(numbers: Sequence[float]) -> float:
    return math.sqrt(sum(x * x for x in numbers) / len(numbers))


def mdc_of(value: Value, *, platform: bool, own: OwnMdc | None = None) -> Mdc | None:
    """The minimal detectable change for a baseline value: the user's own, else a published one.

    Parameters
    ----------
    value
        Of the baseline; published changes are shares of it.
    platform
        Whether it was measured on a plate.
    own
        The user's own, preferred where it has the value.

    Returns
    -------
    None where there is none.
    """
    if own is not None and key(value) in own.values:
        many = f"{own.pairs} pair{'s' if own.pairs > 1 else ''}"
        return Mdc(
            own.values[key(value)], f"own baselines, {many}: 1.96 · SD of the differences", f"own baselines, {many}"
        )
    for p in PUBLISHED:
        if (p.name, p.platform) == (value.name, platform):
            return Mdc(abs(value.value) * p.share_pct / 100, p.source, p.short, p.share_pct)
    return None
