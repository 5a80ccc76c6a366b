"""How good the recording is, foot by foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.report.tables import table
from dashboards.report.type import amount, line, shown
from dashboards.words import number
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from analysis.recipe import Study
    from insole.report import Report

COLUMNS = (
    ("wear_time_s", "Recorded\n(s)"),
    ("gap_time_s", "In gaps\n(s)"),
    ("lost_packets_count", "Samples\nlost"),
    ("dead_sensors_count", "Sensors\nwithout signal"),
    ("drift_kpa_per_h", "Drift\n(kPa/h)"),
)

HEAD = ("", "Stances used\nof found", *(head for _, head in COLUMNS), "Calibration")

SHARES = (0.07, 0.12, 0.11, 0.10, 0.10, 0.12, 0.11, 0.27)


def quality_box(study: Study, width: float) -> list[Any]:
    """A row for each foot, and how well the two agree in time."""
    report = study.report
    rows = [_row(report, side, foot) for side in Side if (foot := report.recording["feet"].get(side)) is not None]
    widths = [width * share for share in SHARES]
    found = [line("Quality of the recording", "head"), table([HEAD, *rows], widths, words=(0, len(HEAD) - 1))]
    return [*found, line(_sync(report), "small")]


def _row(report: Report, side: Side, foot: Mapping[str, Any]) -> list[str]:
    used, found = (report.get(name, side=side) for name in ("steps_used_count", "steps_count"))
    cells = [amount(report.get(name, side=side)) for name, _ in COLUMNS]
    stances = amount(None) if used is None or found is None else f"{amount(used)} of {amount(found)}"
    return [side.capitalize(), stances, *cells, calibrated(foot)]


def calibrated(foot: Mapping[str, Any]) -> str:
    """A foot's calibration: its id, date and error; or why it has none."""
    given = foot["calibration"]
    if given is None:
        return "not calibrated" if foot["unit"] == "counts" else f"none needed, the source gives {foot['unit']}"
    error = "not known" if given["fit_error_kpa"] is None else f"{number(given['fit_error_kpa'])} kPa"
    return shown(f"{given['id']} of {given['made_on']}, error {error}")


def _sync(report: Report) -> str:
    if len(report.recording["feet"]) < 2:
        return "One foot was recorded."
    sync = report.recording["sync_uncertainty_ms"]
    if sync is None:
        return "Times of the two feet come from one source; how well they agree is not known."
    return f"The times of the two feet agree to {number(sync)} ms."
