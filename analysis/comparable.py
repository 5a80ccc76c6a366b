"""Whether two reports can be held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.metrics.step_counts import FEW_STEPS
from insole.recording import Side
from insole.report import Caveat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insole.report import Report

CADENCE_TOLERANCE_PCT = 10.0
"""Cadences further apart than this, in % of their mean, are not the same walk: pressure and time
both go with speed (our judgement)."""


@dataclass(frozen=True)
class Refusals:
    """Why a comparison is not made.

    Attributes
    ----------
    whole
        Nothing is judged.
    loads
        Pressures, forces and places are not judged; times are.
    """

    whole: tuple[Caveat, ...]
    loads: tuple[Caveat, ...]

    @property
    def all(self) -> tuple[Caveat, ...]:
        """Both kinds."""
        return (*self.whole, *self.loads)


def refusals(a: Report, b: Report) -> Refusals:
    """Why two reports cannot be compared, in whole or in part; both empty if they can."""
    return Refusals(
        whole=(*belonging(a, b), *_walks(a, b)),
        loads=tuple(instruments(a, b)),
    )


def belonging(a: Report, b: Report) -> Iterator[Caveat]:
    """Whether they are of one subject, have a foot in common and come from one algorithm."""
    codes = [r.recording.get("subject_code") for r in (a, b)]
    if all(codes) and codes[0] != codes[1]:
        yield Caveat("other_subject", f"the recordings are of two subjects, {codes[0]} and {codes[1]}")
    versions = [r.software.get("algorithm") for r in (a, b)]
    if versions[0] != versions[1]:
        text = f"the reports were made by algorithm {versions[0]} and {versions[1]}; analyse both again"
        yield Caveat("other_algorithm", text)
    if not _common(a, b):
        yield Caveat("no_common_foot", "the recordings have no foot in common")


def _walks(a: Report, b: Report) -> Iterator[Caveat]:
    for side in _common(a, b):
        used = [_number(r, "steps_used_count", side) or 0.0 for r in (a, b)]
        if min(used) < FEW_STEPS:
            text = (
                f"{side} foot: {used[0]:.0f} and {used[1]:.0f} steps; "
                f"a comparison needs {FEW_STEPS} or more in both recordings (Arts & Bus 2011)"
            )
            yield Caveat("too_few_steps", text, side)
    cadences = [_number(r, "cadence_spm") for r in (a, b)]
    if cadences[0] is None or cadences[1] is None:
        text = "the cadence of one recording is not known, so it is not known whether both walks were equally fast"
        yield Caveat("no_cadence", text)
    elif 200 * abs(cadences[1] - cadences[0]) / (cadences[0] + cadences[1]) > CADENCE_TOLERANCE_PCT:
        text = (
            f"cadence is {cadences[0]:.0f} and {cadences[1]:.0f} steps a minute, over {CADENCE_TOLERANCE_PCT:.0f} % "
            "apart; pressures and times go with speed, so walk again at one speed"
        )
        yield Caveat("other_cadence", text)


def instruments(a: Report, b: Report) -> Iterator[Caveat]:
    """Whether each foot was measured by the same insole, calibration and regions."""
    zeroed = [r.software.get("options", {}).get("zero", True) for r in (a, b)]
    if zeroed[0] != zeroed[1]:
        text = "what sensors read in swing was taken off in one report only, so only times are compared"
        yield Caveat("other_zeroing", text)
    for side in _common(a, b):
        feet = [r.recording["feet"][side] for r in (a, b)]
        for code, what, read in (
            ("other_layout", "layouts", lambda f: f.get("layout")),
            ("other_unit", "units", lambda f: f.get("unit")),
            ("other_calibration", "calibrations", _calibration),
            ("other_mask", "divisions into regions", lambda f: f.get("mask")),
        ):
            pair = [read(f) for f in feet]
            if pair[0] != pair[1]:
                names = " and ".join(str(p or "none") for p in pair)
                text = f"{side} foot: the {what} differ ({names}), so only times are compared"
                yield Caveat(code, text, side)


def _calibration(foot: dict[str, Any]) -> str | None:
    calibration = foot.get("calibration")
    return None if calibration is None else str(calibration["id"])


def _common(a: Report, b: Report) -> list[Side]:
    return [s for s in Side if s in a.recording["feet"] and s in b.recording["feet"]]


def _number(report: Report, name: str, side: Side | None = None) -> float | None:
    value = report.get(name, side=side)
    return None if value is None else value.value
