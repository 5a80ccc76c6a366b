"""How good the recording is, foot by foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.language import N_, _
from dashboards.report.tables import table
from dashboards.report.type import amount, line, shown
from dashboards.words import number, side_name
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from analysis.recipe import Study
    from insole.report import Report

COLUMNS = (
    ("wear_time_s", N_("Recorded\n(s)")),
    ("gap_time_s", N_("In gaps\n(s)")),
    ("lost_packets_count", N_("Samples\nlost")),
    ("dead_sensors_count", N_("Sensors\nwithout signal")),
    ("drift_kpa_per_h", N_("Drift\n(kPa/h)")),
)

HEAD = ("", N_("Stances used\nof found"), *(head for _name, head in COLUMNS), N_("Calibration"))

SHARES = (0.07, 0.12, 0.11, 0.10, 0.10, 0.12, 0.11, 0.27)


def quality_box(study: Study, width: float) -> list[Any]:
    """A row for each foot, and how well the two agree in time."""
    report = study.report
    rows = [_row(report, side, foot) for side in Side if (foot := report.recording["feet"].get(side)) is not None]
    widths = [width * share for share in SHARES]
    head = ["", *(_(text) for text in HEAD[1:])]
    found = [line(_("Quality of the recording"), "head"), table([head, *rows], widths, words=(0, len(HEAD) - 1))]
    return [*found, line(_sync(report), "small")]


def _row(report: Report, side: Side, foot: Mapping[str, Any]) -> list[str]:
    used, found = (report.get(name, side=side) for name in ("steps_used_count", "steps_count"))
    cells = [amount(report.get(name, side=side)) for name, _head in COLUMNS]
    if used is None or found is None:
        stances = amount(None)
    else:
        stances = shown(_("{used} of {found}").format(used=amount(used), found=amount(found)))
    return [side_name(side), stances, *cells, calibrated(foot)]


def calibrated(foot: Mapping[str, Any]) -> str:
    """A foot's calibration: its id, date and error; or why it has none."""
    given = foot["calibration"]
    if given is None:
        if foot["unit"] == "counts":
            return shown(_("not calibrated"))
        return shown(_("none needed, the source gives {unit}").format(unit=foot["unit"]))
    error = _("not known") if given["fit_error_kpa"] is None else f"{number(given['fit_error_kpa'])} kPa"
    return shown(_("{id} of {date}, error {error}").format(id=given["id"], date=given["made_on"], error=error))


def _sync(report: Report) -> str:
    if len(report.recording["feet"]) < 2:
        return _("One foot was recorded.")
    sync = report.recording["sync_uncertainty_ms"]
    if sync is None:
        return _("Times of the two feet come from one source; how well they agree is not known.")
    return _("The times of the two feet agree to {ms} ms.").format(ms=number(sync))
