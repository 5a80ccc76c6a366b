"""The answers that a walk should lead to, from the model itself and never from an analysis."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from insole.recording import Side
from insole.walker import sole, stance
from insole.walker.gait import force_n, peak_n, resting_n

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insole.layout import SensorLayout
    from insole.typing import F64
    from insole.walker.gait import Gait

QUADRATURE_POINTS = 20_000
"""For at most a stride and the standing before it: a ten-thousandth of the force, or better."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Truth:
    """What a faultless analysis of the walker would find. Noise, drift, dead sensors and gaps are not in it.

    Attributes
    ----------
    steps
        Complete stances ``(on_s, off_s)``, over by the recording's last sample, by side. The
        contact of the foot that stands through ``stand_s`` is not one: its foot-on is not in it.
    cadence_spm, stride_time_s, stance_time_s, stance_pct, double_support_pct
        The same for both feet. Double support is the overlap of left and right contact as
        a share of the stride.
    load_share_pct, load_symmetry_index_pct, stride_force_mean_n
        Of mean forces over a whole number of strides.
    force_mean_n
        Over the whole recording, standing and part strides included (whole strides
        exactly, the rest by quadrature).
    first_peak_n, midstance_trough_n, second_peak_n
        Of each stance, by side.
    standing_asymmetry_pct_bw
        100 (R - L)/(R + L) of quiet standing; None where there is none.
    cop_path_mm
        ``(101, 2)`` centre of pressure of a stance, foot-on to foot-off, in the foot frame;
        both feet share it.
    """

    steps: Mapping[Side, tuple[tuple[float, float], ...]]
    cadence_spm: float
    stride_time_s: float
    stance_time_s: float
    stance_pct: float
    double_support_pct: float
    load_share_pct: Mapping[Side, float]
    load_symmetry_index_pct: float
    stride_force_mean_n: Mapping[Side, float]
    force_mean_n: Mapping[Side, float]
    first_peak_n: Mapping[Side, float]
    midstance_trough_n: Mapping[Side, float]
    second_peak_n: Mapping[Side, float]
    standing_asymmetry_pct_bw: float | None
    cop_path_mm: F64


def truth_of(gait: Gait, layout: SensorLayout) -> Truth:
    """Work out the answers of a gait on a layout."""
    return Truth(
        steps=_by_side(lambda side: _complete_stances(gait, side)),
        cadence_spm=gait.cadence_spm,
        stride_time_s=gait.stride_s,
        stance_time_s=gait.stance_s,
        stance_pct=gait.stance_pct,
        double_support_pct=2 * gait.stance_pct - 100,
        load_share_pct=_by_side(lambda side: 100 * gait.load_share(side)),
        load_symmetry_index_pct=gait.load_symmetry_index_pct,
        stride_force_mean_n=_by_side(lambda side: resting_n(gait, side)),
        force_mean_n=_by_side(lambda side: _recording_mean_n(gait, side)),
        first_peak_n=_by_side(lambda side: peak_n(gait, side)),
        midstance_trough_n=_by_side(lambda side: stance.TROUGH_OF_PEAK * peak_n(gait, side)),
        second_peak_n=_by_side(lambda side: peak_n(gait, side)),
        standing_asymmetry_pct_bw=gait.load_symmetry_index_pct / 2 if gait.stand_s else None,
        cop_path_mm=_cop_path_mm(layout),
    )


def _by_side(answer: Callable[[Side], T]) -> Mapping[Side, T]:
    return MappingProxyType({side: answer(side) for side in Side})


def _complete_stances(gait: Gait, side: Side) -> tuple[tuple[float, float], ...]:
    first = gait.foot_on_s(side)
    first += gait.stride_s if first < gait.stand_s else 0.0
    last_s = (round(gait.duration_s * gait.rate_hz) - 1) / gait.rate_hz
    ons = [first + k * gait.stride_s for k in range(int(gait.duration_s / gait.stride_s) + 1)]
    return tuple((on, on + gait.stance_s) for on in ons if on + gait.stance_s <= last_s)


def _recording_mean_n(gait: Gait, side: Side) -> float:
    """Mean force over the recording: whole strides exactly, the rest by the midpoint rule."""
    walked_s = max(gait.duration_s - gait.stand_s, 0.0)
    strides = int(walked_s / gait.stride_s)
    rest_s = gait.duration_s - strides * gait.stride_s
    middles = np.arange(0.5, QUADRATURE_POINTS, dtype=np.float64) * np.float64(rest_s / QUADRATURE_POINTS)
    rest_ns = float(force_n(gait, side, middles).mean()) * rest_s
    return (resting_n(gait, side) * strides * gait.stride_s + rest_ns) / gait.duration_s


def _cop_path_mm(layout: SensorLayout) -> F64:
    share = sole.roll(layout, np.linspace(0, 1, 101)) * sole.weighing_area(layout)
    path = share @ layout.xy_mm
    path.flags.writeable = False
    return np.asarray(path)
