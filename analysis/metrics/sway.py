"""How much the person sways in quiet standing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from analysis.metric import Metric
from analysis.sway import SWAY_LOW_PASS_HZ, filtered, longest_trace, pair_cop_mm, sway_of
from insole.report import Caveat, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from analysis.sway import Trace
    from insole.recording import Side

LEAST_SWAY_S = 30.0
"""No sway is given of less: published trials last 30 to 60 s, and short ones mislead (Vieira et al.
2009, in docs/clinical-method.md)."""

UNITS = {
    "sway_area_mm2": "mm²",
    "sway_path_mm": "mm",
    "sway_velocity_mm_per_s": "mm/s",
    "sway_rms_ml_mm": "mm",
    "sway_rms_ap_mm": "mm",
}


CLOCK_TOLERANCE = 0.99
"""Part of the least time that is enough: devices' clocks differ from ours (our judgement)."""


def measure(evidence: Evidence) -> Iterator[Value | Caveat]:
    """Sway of each foot's centre of pressure, and of both feet's where their distance is stated.

    Over the longest time of quiet standing without a gap, by the recipe of ``sway_of``.
    """
    if not evidence.standing:
        return
    traces = {
        side: longest_trace(foot.time_s, evidence.cop[side], rate_hz=foot.rate_hz, stretches=evidence.standing)
        for side, foot in evidence.walk.feet.items()
    }
    short = [side for side, trace in traces.items() if _short(trace)]
    for side, trace in traces.items():
        if side not in short:
            yield from _answers(trace, side)
    if len(short) == len(traces):
        longest_s = max(trace.duration_s for trace in traces.values())
        yield _too_short(longest_s, None)
        return
    for side in short:
        yield _too_short(traces[side].duration_s, side)
    if evidence.loads_comparable:
        yield from _of_both(evidence)


def _of_both(evidence: Evidence) -> Iterator[Value | Caveat]:
    width = evidence.options.stance_width_mm
    if width is None:
        text = "the distance between the feet is not known: for sway of both feet together, state the stance width"
        yield Caveat("no_stance_width", text)
        return
    time_s, cop, rate_hz = pair_cop_mm(evidence.walk, width)
    trace = longest_trace(time_s, cop, rate_hz=rate_hz, stretches=evidence.standing)
    if _short(trace):
        seconds = f"{trace.duration_s:.1f} s of quiet standing"
        text = f"both feet are known at once for {seconds}; sway of both needs {LEAST_SWAY_S:g} s"
        yield Caveat("short_standing", text)
        return
    yield from _answers(trace, None)
    text = f"sway of both feet together assumes parallel feet, heels level, midlines {width:g} mm apart, as stated"
    yield Caveat("assumed_stance", text)


def _short(trace: Trace) -> bool:
    return trace.duration_s < CLOCK_TOLERANCE * LEAST_SWAY_S


def _too_short(longest_s: float, side: Side | None) -> Caveat:
    foot = "" if side is None else f"{side} foot: "
    text = f"{foot}quiet standing without a gap lasts {longest_s:.1f} s; sway needs {LEAST_SWAY_S:g} s"
    return Caveat("short_standing", text, side)


def _answers(trace: Trace, side: Side | None) -> Iterator[Value | Caveat]:
    for name, value in asdict(sway_of(trace)).items():
        yield Value(f"sway_{name}", value, UNITS[f"sway_{name}"], side=side)
    if not filtered(trace):
        text = f"{trace.rate_hz:g} samples a second are too few to take off what is above {SWAY_LOW_PASS_HZ:g} Hz"
        yield Caveat("sway_unfiltered", f"{text}: this sway compares only with itself", side)


METRIC = Metric(name="sway", title="How much does the person sway?", units=UNITS, measure=measure)
