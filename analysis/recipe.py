"""From a recording to a report."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.evidence import Evidence
from analysis.findings import find
from analysis.metric import Metric
from analysis.options import Options
from analysis.prepare import prepare
from insole.errors import AnalysisError
from insole.registry import discover
from insole.report import Caveat, Report, Value
from insole.sync import sync_uncertainty_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.recording import FootStream, Recording
    from insole.records import Mark

ALGORITHM_VERSION = "2"
"""Rises with every change of a number that a report holds; the changelog says which."""


@dataclass(frozen=True, eq=False)
class Study(Evidence):
    """A report together with what it stands on: the walk, its steps, centres of pressure, gait lines.

    Attributes
    ----------
    walk
        The prepared recording.
    report
        What was measured.
    """

    report: Report


def metrics() -> Mapping[str, Metric]:
    """The questions asked of every recording, by name."""
    return discover("analysis.metrics", "METRIC", Metric)


def analyse(recording: Recording, options: Options | None = None) -> Report:
    """Measure a recording.

    Parameters
    ----------
    options
        What the reader chose; the defaults when None.

    Returns
    -------
    Every value that could be measured, and a caveat for each kind that could not. A
    recording of one foot, without steps, or with nothing but gaps gives a report too.

    Raises
    ------
    CalibrationError
        If a calibration does not fit its foot.
    AnalysisError
        If a sample counter is broken, or no foot has the division into regions that was asked for.
    """
    return _report(recording, _evidence(recording, options))


def study(recording: Recording, options: Options | None = None) -> Study:
    """Measure a recording, and keep what the numbers stand on, for figures.

    Parameters
    ----------
    options
        As for ``analyse``.

    Raises
    ------
    CalibrationError, AnalysisError
        As ``analyse``.
    """
    evidence = _evidence(recording, options)
    found = Study(evidence.walk, _report(recording, evidence), options=evidence.options)
    # What was worked out for the report is not worked out again.
    vars(found).update({k: v for k, v in vars(evidence).items() if k not in vars(found)})
    return found


def _evidence(recording: Recording, options: Options | None) -> Evidence:
    options = options or Options()
    return Evidence(prepare(recording, zero=options.zero), options=options)


def _report(recording: Recording, evidence: Evidence) -> Report:
    values: list[Value] = []
    caveats: list[Caveat] = [*evidence.walk.caveats, *_mask_caveats(evidence)]
    for metric in metrics().values():
        for answer in metric.measure(evidence):
            if isinstance(answer, Value):
                values.append(answer)
            else:
                caveats.append(answer)
    report = Report(
        recording=_described(recording, evidence.options),
        software={
            "insole": _own_version(),
            "algorithm": ALGORITHM_VERSION,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "options": _described_options(evidence.options),
        },
        values=tuple(values),
        caveats=tuple(caveats),
        steps=tuple(sorted((s for of_side in evidence.steps.values() for s in of_side), key=lambda s: s.start_s)),
    )
    return replace(report, findings=find(report)) if evidence.options.findings else report


def _mask_caveats(evidence: Evidence) -> list[Caveat]:
    """Feet whose layout has not the division that was asked for; an error if none has it."""
    asked, feet = evidence.options.mask, evidence.walk.feet
    without = [side for side in feet if evidence.mask(side) is None]
    known = {side: ", ".join(feet[side].layout.masks) for side in without}
    if asked is not None and feet and len(without) == len(feet):
        raise AnalysisError(f"there is no division into regions called {asked!r}; known: {known[without[0]]}")
    return [
        Caveat("no_such_mask", f"{side} foot: no division {asked!r}, so no regions; known: {known[side]}", side)
        for side in without
    ]


@cache
def _own_version() -> str:
    try:
        return version("insole")
    except PackageNotFoundError:
        return "not installed"


def _described(recording: Recording, options: Options) -> dict[str, Any]:
    about = recording.about
    sync_s = sync_uncertainty_s([foot.clock for foot in recording.feet.values()])
    return {
        "id": recording.id,
        "started_at": recording.started_at.isoformat(),
        "duration_s": recording.duration_s,
        "sync_uncertainty_ms": None if sync_s is None else 1e3 * sync_s,
        "subject_code": about.subject_code,
        "condition": about.condition,
        "body_mass_kg": about.body_mass_kg,
        "device": about.device,
        "source_sha256": about.source_sha256,
        "feet": {str(side): _described_foot(foot, options) for side, foot in recording.feet.items()},
    }


def _described_options(options: Options) -> dict[str, Any]:
    """What the reader chose, as far as it changes numbers: marks in one order, whatever order they were made in."""
    heeded = sorted((m for m in options.marks if m.changes_numbers), key=_place)
    marks = [{**asdict(m), "kind": str(m.kind), "side": m.side and str(m.side)} for m in heeded]
    return {"zero": options.zero, "stance_width_mm": options.stance_width_mm, "marks": marks}


def _place(mark: Mark) -> tuple[str, float, float, str, str]:
    """By kind, then by time."""
    return mark.kind, mark.start_s, mark.stop_s, str(mark.side), mark.id


def _described_foot(foot: FootStream, options: Options) -> dict[str, Any]:
    calibration, masks = foot.calibration, foot.layout.masks
    return {
        "sensors": foot.layout.n_sensors,
        "rate_hz": foot.rate_hz,
        "unit": str(foot.unit),
        "layout": foot.layout.name,
        "platform": foot.layout.platform,
        "mask": next(iter(masks)) if options.mask is None else options.mask if options.mask in masks else None,
        "calibration": calibration
        and {
            "id": calibration.id,
            "made_on": calibration.made_on.isoformat(),
            "method": calibration.method,
            "fit_error_kpa": calibration.fit_error_kpa,
        },
    }
