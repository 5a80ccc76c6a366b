"""What the synthetic person does: two feet half a stride apart, and the force under each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import RecordingError
from insole.recording import Side
from insole.units import weight_n
from insole.walker import stance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.typing import F64

SHIFT_S = 0.5
"""How long weight shifts to the stance foot before the first step (our judgement)."""


@dataclass(frozen=True)
class Gait:
    """What the synthetic person does. The defaults are an easy, even walk of half a minute.

    Attributes
    ----------
    body_mass_kg
        Mass of the person.
    cadence_spm
        Steps of both feet a minute.
    stance_pct
        Contact time of each foot as a share of the stride, from 51 to 79: less would be
        running. 62 %, with 24 % double support, is our judgement, beside the textbook's
        60 % and 20 %.
    load_symmetry_index_pct
        Robinson's 200 (R - L)/(R + L) of the mean forces; positive is more on the right.
    duration_s, rate_hz
        Length and sample rate of a ``recording``.
    stand_s
        Quiet standing on both feet before the first step.
    noise_kpa
        Standard deviation of each sensor's white noise (N where the layout has no areas).
        Readings near zero may then be negative.
    drift_kpa_per_h
        Rise of every sensor's zero (N/h where the layout has no areas).
    dead_sensors
        Columns, from 0, that read zero for ever.
    gaps
        Half-open ``(from_s, to_s)`` in which samples are missing from a ``recording``.
    first_step
        The foot that leaves the ground at ``stand_s``.
    seed
        Chooses the noise.
    """

    body_mass_kg: float = 70.0
    cadence_spm: float = 110.0
    stance_pct: float = 62.0
    load_symmetry_index_pct: float = 0.0
    duration_s: float = 30.0
    rate_hz: float = 100.0
    stand_s: float = 0.0
    noise_kpa: float = 0.0
    drift_kpa_per_h: float = 0.0
    dead_sensors: Mapping[Side, tuple[int, ...]] = field(default_factory=dict)
    gaps: Mapping[Side, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    first_step: Side = Side.RIGHT
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("body_mass_kg", "cadence_spm", "duration_s", "rate_hz"):
            _require(0 < getattr(self, name) < np.inf, name, getattr(self, name), "above zero")
        for name in ("stand_s", "noise_kpa"):
            _require(0 <= getattr(self, name) < np.inf, name, getattr(self, name), "zero or more")
        _require(51 <= self.stance_pct <= 79, "stance_pct", self.stance_pct, "from 51 to 79")
        index = self.load_symmetry_index_pct
        _require(-200 < index < 200, "load_symmetry_index_pct", index, "between -200 and 200")
        _require(np.isfinite(self.drift_kpa_per_h), "drift_kpa_per_h", self.drift_kpa_per_h, "a number")
        _require(0 <= self.seed < 2**64, "seed", self.seed, "a whole number from 0 that fits into 64 bits")
        for side, spans in self.gaps.items():
            _require(all(start < stop for start, stop in spans), "gaps", spans, f"from earlier to later ({side} foot)")

    @property
    def stride_s(self) -> float:
        """Time of one stride: two steps."""
        return 120.0 / self.cadence_spm

    @property
    def stance_s(self) -> float:
        """Contact time of one stance."""
        return self.stride_s * self.stance_pct / 100

    def load_share(self, side: Side) -> float:
        """Fraction of both feet's mean force that this foot carries."""
        sign = 1 if side is Side.RIGHT else -1
        return 0.5 + sign * self.load_symmetry_index_pct / 400

    def foot_on_s(self, side: Side) -> float:
        """One foot-on of walking: that before (stance foot) or after (first step) ``stand_s``."""
        fraction = self.stance_pct / 100
        ahead = 1 - fraction if side is self.first_step else 0.5 - fraction
        return self.stand_s + ahead * self.stride_s


def _require(ok: bool | np.bool_, name: str, value: object, must: str) -> None:
    if not ok:
        raise RecordingError(f"a gait with {name} = {value} cannot be walked; it must be {must}")


def mirrored(gait: Gait) -> Gait:
    """The same gait with left and right exchanged: each foot does what the other did (noise apart)."""
    return replace(
        gait,
        load_symmetry_index_pct=-gait.load_symmetry_index_pct,
        first_step=gait.first_step.other,
        dead_sensors={side.other: columns for side, columns in gait.dead_sensors.items()},
        gaps={side.other: spans for side, spans in gait.gaps.items()},
    )


def stance_fraction(gait: Gait, side: Side, time_s: F64) -> F64:
    """Time since the last foot-on of walking over the contact time, ``(n,)``: above 1 the foot swings."""
    stride = np.mod((np.asarray(time_s) - gait.foot_on_s(side)) / gait.stride_s, 1.0)
    return np.asarray(stride * (100 / gait.stance_pct))


def stillness(gait: Gait, time_s: F64) -> F64:
    """1 in quiet standing, falling to 0 at the first step as sharply as a foot-off, ``(n,)``."""
    return stance.rise((gait.stand_s - np.asarray(time_s)) / min(SHIFT_S, gait.stand_s))


def resting_n(gait: Gait, side: Side) -> float:
    """Force of the foot in quiet standing, and its mean over whole strides."""
    return weight_n(gait.body_mass_kg) * gait.load_share(side)


def peak_n(gait: Gait, side: Side) -> float:
    """Both force peaks of each stance."""
    return 2 * resting_n(gait, side) * stance.peak_force_bw(gait.stance_pct / 100)


def force_n(gait: Gait, side: Side, time_s: F64) -> F64:
    """True force of the foot in N at any times, ``(n,)``."""
    walking = peak_n(gait, side) * stance.force_shape(stance_fraction(gait, side, time_s))
    if not gait.stand_s:
        return walking
    start = force_at_start_n(gait, side)
    standing = start + (resting_n(gait, side) - start) * stillness(gait, time_s)
    return np.where(np.asarray(time_s) < gait.stand_s, standing, walking)


def force_at_start_n(gait: Gait, side: Side) -> float:
    """Force of the foot at the instant of the first step: none on the foot that leaves."""
    if side is gait.first_step:
        return 0.0
    u = 1 - 50 / gait.stance_pct
    return peak_n(gait, side) * float(stance.force_shape(np.array([u]))[0])
