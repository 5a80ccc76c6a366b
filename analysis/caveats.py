"""What a reader of the numbers must know about a recording, in plain words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analysis.quality import gap_runs, low_readings
from analysis.sensors import stuck_sensors
from insole.recording import Side, Unit
from insole.report import Caveat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.walk import FootWalk
    from insole.recording import Recording
    from insole.typing import I64

BELOW_ZERO_KPA = -10.0
"""A sensor's lowest readings from which its zero has moved (our judgement; 10 kPa is the least
pressure that pressuRe 0.2.7 counts as contact in an insole)."""

ZERO_MOVED_KPA = 10.0
"""A resting level in swing from which the report says so (our judgement, as for ``BELOW_ZERO_KPA``)."""

COARSE_RATE_HZ = 50.0
"""Below this rate a sample is more than 20 ms, a fifth of double support (our judgement)."""

LATE_S = 1.0
"""A foot that starts later, or ends earlier, than the other by this much is said to (our judgement)."""


def caveats_of(foot: FootWalk, *, zeroed: bool) -> list[Caveat]:
    """What a reader of the numbers must know about this foot.

    Parameters
    ----------
    zeroed
        Whether resting levels were taken off.
    """
    found = [_gaps(foot), _dead(foot), _saturated(foot), _stuck(foot)]
    found += [_unit(foot), _zero(foot, zeroed=zeroed), _rate(foot)]
    return [c for c in found if c is not None]


def caveats_of_both(recording: Recording, feet: Mapping[Side, FootWalk]) -> list[Caveat]:
    """What a reader must know about the pair."""
    found: list[Caveat] = []
    if not any(foot.layout.platform for foot in feet.values()):
        missing = [side for side in Side if side not in recording.feet]
        found = [Caveat("missing_foot", f"there is no {side} foot, so nothing is compared", side) for side in missing]
    if len({foot.force_unit for foot in feet.values()}) > 1:
        found.append(Caveat("unlike_units", "the feet are in different units, so their loads are not compared"))
    if len({foot.layout.name for foot in feet.values()}) > 1:
        found.append(Caveat("unlike_layouts", "the insoles are of different layouts, so gait lines are not compared"))
    if any(foot.layout.schematic for foot in feet.values()):
        text = "sensor positions are nominal: lengths in mm compare only between recordings of the same layout"
        found.append(Caveat("schematic", text))
    if recording.about.body_mass_kg is None and any(foot.in_newtons for foot in feet.values()):
        found.append(Caveat("no_mass", "body mass is not known, so nothing is given in % of body weight"))
    return found + _late(feet)


def _late(feet: Mapping[Side, FootWalk]) -> list[Caveat]:
    """Feet that do not span the same time."""
    found = []
    for a, b in pairwise([*feet.values(), *feet.values()][: 3 if len(feet) == 2 else 0]):
        late_s, early_s = a.time_s[0] - b.time_s[0], b.time_s[-1] - a.time_s[-1]
        for code, seconds, what in (("late_foot", late_s, "starts"), ("early_end", early_s, "ends")):
            if seconds > LATE_S:
                when = "later" if code == "late_foot" else "earlier"
                text = (
                    f"{a.side} foot: {what} {seconds:.1f} s {when} than the other; the feet are compared without that"
                )
                found.append(Caveat(code, text, a.side))
    return found


def _gaps(foot: FootWalk) -> Caveat | None:
    starts, stops = gap_runs(foot.valid)
    if not starts.size:
        return None
    lost_s, all_s = float((stops - starts).sum()) * foot.period_s, foot.valid.size * foot.period_s
    gaps = "1 gap" if starts.size == 1 else f"{starts.size} gaps"
    text = f"{foot.side} foot: {gaps}, {lost_s:.2f} s of {all_s:.1f} s; nothing was filled in"
    return Caveat("gaps", text, foot.side)


def _dead(foot: FootWalk) -> Caveat | None:
    if not foot.dead.any():
        return None
    text = (
        f"{foot.side} foot: {numbers(np.flatnonzero(foot.dead))} without signal; this foot's forces are too low, "
        "and shares, symmetry and centre of pressure lean away from there"
    )
    return Caveat("dead_sensors", text, foot.side)


def _saturated(foot: FootWalk) -> Caveat | None:
    if not foot.saturated:
        return None
    named = numbers(np.array(foot.saturated))
    text = f"{foot.side} foot: {named} reached the end of the range; true pressures there were higher"
    return Caveat("saturated", text, foot.side)


def _stuck(foot: FootWalk) -> Caveat | None:
    columns, seconds = stuck_sensors(foot)
    if not columns.size:
        return None
    text = (
        f"{foot.side} foot: {numbers(columns)} kept one value for up to {seconds.max():.0f} s of walking; "
        "what they read then is not a measurement, and forces hold it"
    )
    return Caveat("stuck_sensors", text, foot.side)


def _unit(foot: FootWalk) -> Caveat | None:
    if foot.unit is Unit.COUNTS:
        text = f"{foot.side} foot: not calibrated, so there is no pressure or force; shares and timing are from counts"
        return Caveat("uncalibrated", text, foot.side)
    if foot.unit is Unit.N:
        return Caveat(
            "force_only", f"{foot.side} foot: the insole measures force only, so there is no pressure", foot.side
        )
    if not foot.in_newtons:
        text = f"{foot.side} foot: sensor areas are not known, so there is no force in N; shares take them as equal"
        return Caveat("no_areas", text, foot.side)
    return None


def _zero(foot: FootWalk, *, zeroed: bool) -> Caveat | None:
    if foot.layout.platform or foot.unit is Unit.COUNTS:
        return None
    if foot.baseline is None:
        return _unzeroed(foot)
    if not foot.has_pressure:
        return None
    rest = np.nan_to_num(foot.baseline.level)
    moved = np.flatnonzero(np.abs(rest).max(axis=0) >= ZERO_MOVED_KPA)
    if not moved.size:
        return None
    low, high = float(rest[:, moved].min()), float(rest[:, moved].max())
    done = "which was taken off" if zeroed else "which was not taken off"
    text = f"{foot.side} foot: {numbers(moved)} read {low:.0f} to {high:.0f} kPa in swing, {done}; zero the insole"
    return Caveat("zero_moved", text, foot.side)


def _unzeroed(foot: FootWalk) -> Caveat | None:
    """Without a swing nothing tells where zero is, but far below it is no pressure."""
    low = np.flatnonzero(low_readings(foot.values) < BELOW_ZERO_KPA)
    if low.size and foot.has_pressure:
        text = f"{foot.side} foot: {numbers(low)} read below {BELOW_ZERO_KPA:g} kPa when unloaded; zero the insole"
        return Caveat("below_zero", text, foot.side)
    text = f"{foot.side} foot: it never left the ground while loaded, so its zero could not be checked"
    return Caveat("not_zeroed", text, foot.side)


def _rate(foot: FootWalk) -> Caveat | None:
    if foot.rate_hz >= COARSE_RATE_HZ:
        return None
    ms = 1000 * foot.period_s
    text = f"{foot.side} foot: a sample every {ms:.0f} ms; times of steps are that coarse, and short peaks are missed"
    return Caveat("coarse_timing", text, foot.side)


def numbers(columns: I64) -> str:
    """Sensor numbers from 1, as layouts count them."""
    listed = ", ".join(str(int(c) + 1) for c in columns[:8])
    more = f" and {columns.size - 8} more" if columns.size > 8 else ""
    return f"sensor {listed}" if columns.size == 1 else f"sensors {listed}{more}"
