"""A calibration held against body weight: a person stands on one leg, and the insole should weigh them.

The quick check of a clinic without a bladder. It tells whether all sensors together read right,
not whether each does; and an insole sees only what passes through its sensors. A study of one
make found impulses 30 and 50 % off with either way of calibrating, one of them by body weight
(PMC6453056): a scaled calibration is no substitute for known loads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.load import known_at
from analysis.prepare import prepare
from analysis.quality import gap_runs
from insole.errors import CalibrationError
from insole.recording import About
from insole.units import weight_n

if TYPE_CHECKING:
    from analysis.walk import FootWalk
    from insole.recording import Recording, Side
    from insole.typing import F64, Bool

LEAST_STAND_S = 3.0
"""Shortest stand on one leg that is weighed (our judgement: longer than any step)."""

LIFTED_SHARE = 0.05
"""The other foot is lifted below this part of body weight: the level of foot-on."""

STANDING_SHARE = 0.6
"""The foot stands above this part of its 99th percentile of force: on both feet it carries about half
(our judgement)."""

STEADY_SHARE = 0.05
"""Force is steady if its standard deviation over ``STEADY_WINDOW_S`` is below this part of its mean (our
judgement: each foot of two public loadsol recordings of standing on both stays below 4.5 %)."""

STEADY_WINDOW_S = 1.0
"""Over how long force is to be steady (our judgement)."""

KNOWN_SHARE = 0.8
"""Part of a window's samples that must be there: a lost packet does not end a stand (our judgement)."""

WEIGHT_TOLERANCE = 0.10
"""The calibration holds if the force is within this part of body weight (our judgement; on a bladder three
makes of insole were off by 4 to 13 % on average: Price et al. 2016, Gait Posture 46:69)."""

RATIO_RANGE = (0.5, 2.0)
"""Measured force over body weight outside of this is a wrong mass or a wrong calibration, not one to be
scaled (our judgement)."""

UNSEEN_LEAST_RATIO = 0.7
"""Where the other foot was not seen, less than this may be standing on both (our judgement: each then
carries about half; one foot of a public recording of it reads 0.54 of body weight)."""


@dataclass(frozen=True)
class OneFootStand:
    """A stand on one leg, weighed.

    Attributes
    ----------
    side
        The foot stood on.
    start_s, stop_s
        The stand, ``[start, stop)`` in session seconds.
    force_n, force_sd_n
        Mean and standard deviation of the foot's force in it.
    body_weight_n
        What it should be.
    other_seen
        Whether the other foot was seen to be lifted; if not, the person must know.
    """

    side: Side
    start_s: float
    stop_s: float
    force_n: float
    force_sd_n: float
    body_weight_n: float
    other_seen: bool

    @property
    def ratio(self) -> float:
        """Measured force over body weight."""
        return self.force_n / self.body_weight_n

    @property
    def within_tolerance(self) -> bool:
        """Whether the force is within ``WEIGHT_TOLERANCE`` of body weight."""
        return abs(self.ratio - 1) <= WEIGHT_TOLERANCE


def one_foot_stand(recording: Recording, side: Side, *, body_mass_kg: float) -> OneFootStand:
    """Find the longest steady stand on one leg, and weigh it.

    The longest stretch in which the other foot is lifted and this one's force is high and
    steady. Missing samples count neither for nor against. Without the other foot's force,
    steadiness alone decides.

    Parameters
    ----------
    side
        The foot stood on.
    body_mass_kg
        Of the person, with what they wear.

    Raises
    ------
    CalibrationError
        If the foot's force is not known in N, there is no such stand of ``LEAST_STAND_S``, it
        weighs less than half or more than twice of what it should, or it may be standing on both feet.
    RecordingError
        If the mass is no person's.
    """
    About(body_mass_kg=body_mass_kg)  # refuses a typing error
    walk = prepare(recording, zero=False)
    foot, other = walk.feet.get(side), walk.feet.get(side.other)
    if foot is None or not foot.in_newtons:
        raise CalibrationError(
            f"the {side} foot's force is not known in N, so it cannot be held against body weight; "
            "calibrate it with known loads first"
        )
    body_weight_n = weight_n(body_mass_kg)
    other_seen = other is not None and other.in_newtons
    known, against = foot.valid, np.zeros(foot.valid.shape, np.bool_)
    if other is not None and other_seen:
        known = known & known_at(other, foot.time_s)
        against = known & ~_lifted(other, foot.time_s, LIFTED_SHARE * body_weight_n)
    start, stop = _longest(_steady(foot, known, against))
    if stop - start < LEAST_STAND_S * foot.rate_hz:
        raise CalibrationError(
            f"there is no steady stand of {LEAST_STAND_S:g} s on the {side} foot alone; "
            "stand still on that leg for 10 s, the other foot off the ground"
        )
    force = foot.force[start:stop][known[start:stop]]
    found = OneFootStand(
        side=side,
        start_s=float(foot.time_s[start]),
        stop_s=float(foot.time_s[stop - 1]) + foot.period_s,
        force_n=float(force.mean()),
        force_sd_n=float(force.std(ddof=1)),
        body_weight_n=body_weight_n,
        other_seen=other_seen,
    )
    _refuse_absurd(found, body_mass_kg)
    return found


def _refuse_absurd(found: OneFootStand, body_mass_kg: float) -> None:
    low, high = RATIO_RANGE
    if not low <= found.ratio <= high:
        raise CalibrationError(
            f"from {found.start_s:.1f} to {found.stop_s:.1f} s the {found.side} foot reads {found.force_n:.0f} N, "
            f"{found.ratio:.2f} of the weight of {body_mass_kg:g} kg; outside {low:g} to {high:g} the mass or the "
            "calibration is wrong: check the mass, or calibrate with known loads"
        )
    if not found.other_seen and found.ratio < UNSEEN_LEAST_RATIO:
        raise CalibrationError(
            f"from {found.start_s:.1f} to {found.stop_s:.1f} s the {found.side} foot reads {found.ratio:.2f} of body "
            "weight, as in standing on both feet, and the other foot's force is not known; record both insoles"
        )


def _lifted(other: FootWalk, time_s: F64, least_n: float) -> Bool:
    """``(n,)`` true where the other foot carries less, by its valid samples."""
    return np.asarray(np.interp(time_s, other.time_s[other.valid], other.force[other.valid]) < least_n)


def _steady(foot: FootWalk, known: Bool, against: Bool) -> Bool:
    """``(n,)`` true for samples in a window whose known force is high and steady, with nothing against it."""
    size = max(2, round(STEADY_WINDOW_S * foot.rate_hz))
    if known.size < size:
        return np.zeros(known.shape, np.bool_)
    standing_n = STANDING_SHARE * float(np.percentile(foot.force[foot.valid], 99))
    middle = float(foot.force[foot.valid].mean())  # taken off first, so that the difference of squares is exact
    away = np.where(known, foot.force - middle, 0.0)
    n = _window_sums(known.astype(np.float64), size)
    mean = _window_sums(away, size) / np.maximum(n, 1)
    variance = np.maximum(_window_sums(away**2, size) / np.maximum(n, 1) - mean**2, 0.0)
    mean += middle
    good = (n >= KNOWN_SHARE * size) & (_window_sums(against.astype(np.float64), size) == 0)
    good &= (mean > standing_n) & (np.sqrt(variance) < STEADY_SHARE * mean)
    return _covered(good, size)


def _window_sums(a: F64, size: int) -> F64:
    """``(n - size + 1,)`` sums over ``[i, i + size)``."""
    total = np.concatenate(([0.0], np.cumsum(a)))
    return np.asarray(total[size:] - total[:-size])


def _covered(good: Bool, size: int) -> Bool:
    """Samples that lie in any good window: window i holds samples ``[i, i + size)``."""
    edges = np.zeros(good.size + size, np.int64)
    np.add.at(edges, np.flatnonzero(good), 1)
    np.add.at(edges, np.flatnonzero(good) + size, -1)
    return np.asarray(np.cumsum(edges)[:-1] > 0)


def _longest(true: Bool) -> tuple[int, int]:
    """``[start, stop)`` of the longest run of true; ``(0, 0)`` where there is none."""
    starts, stops = gap_runs(~true)
    if not starts.size:
        return 0, 0
    i = int(np.argmax(stops - starts))
    return int(starts[i]), int(stops[i])
