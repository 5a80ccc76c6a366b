"""Key figures: left, right, symmetry, and the least difference that counts as a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.mdc import mdc_of
from dashboards.language import N_, _
from dashboards.report.tables import table
from dashboards.report.type import amount, line, shown
from dashboards.words import label, number, unit
from insole.recording import Side

if TYPE_CHECKING:
    from typing import Any

    from analysis.mdc import Mdc
    from analysis.recipe import Study
    from insole.report import Report

ROWS = (
    ("load_share_pct", "load_symmetry_index_pct"),
    ("standing_load_share_pct", "standing_asymmetry_pct_bw"),
    ("force_mean_n", ""),
    ("peak_force_n", "peak_force_symmetry_index_pct"),
    ("peak_force_pct_bw", ""),
    ("force_time_integral_ns", "impulse_symmetry_index_pct"),
    ("peak_pressure_kpa", ""),
    ("contact_area_mm2", ""),
    ("stance_time_s", "stance_time_symmetry_index_pct"),
    ("swing_time_s", "swing_time_symmetry_index_pct"),
    ("stance_pct", ""),
    ("double_support_pct", ""),
    ("gait_line_length_mm", "gait_line_asymmetry_pct"),
    ("sway_area_mm2", ""),
    ("arch_index", ""),
    ("cpei_pct", ""),
)
"""Values of the two feet, and the measure of their symmetry where the report has one."""

UNITS = {
    "peak_force_pct_bw": N_("% of body weight"),
    "stance_pct": N_("% of stride"),
    "double_support_pct": N_("% of stride"),
}

NOTE = N_(
    "Mean ± standard deviation over the stances used, where there is one. Symmetry: 200 · (right − left)/(right + "
    "left) in %, above zero: more on the right (Robinson 1987); in standing 100 · (right − left)/(right + left). "
    "Counts as change: the least difference between two recordings that is more than noise; a dash where none is "
    "published, and two baselines of the same subject would give one."
)


def key_figures(study: Study, width: float) -> list[Any]:
    """The table and its note; empty where nothing of it was measured."""
    rows = [row for name, symmetry in ROWS if (row := _row(study, name, symmetry))]
    cadence = study.report.get("cadence_spm")
    if cadence is not None:
        title = _("{cadence} (steps/min), both feet").format(cadence=label("cadence_spm"))
        rows.append([shown(title), amount(cadence), "", "", amount(None)])
    if not rows:
        return []
    head = ["", _("Left"), _("Right"), _("Symmetry (%)"), _("Counts as change")]
    widths = [width * share for share in (0.34, 0.17, 0.17, 0.12, 0.20)]
    return [line(_("Key figures"), "head"), table([head, *rows], widths), line(_(NOTE), "small")]


def _row(study: Study, name: str, symmetry: str) -> list[str]:
    report = study.report
    left, right = (report.get(name, side=side) for side in Side)
    known = left or right
    if known is None:
        return []
    index = report.get(symmetry) if symmetry else None
    unit_text = _(UNITS[name]) if name in UNITS else unit(known.unit)
    title = f"{label(name)} ({unit_text})" if unit_text else label(name)
    cells = [amount(value, spread=True) for value in (left, right)]
    return [shown(title), *cells, amount(index, signed=True), threshold(report, name)]


def threshold(report: Report, name: str) -> str:
    """The minimal detectable change of the value on the left and the right foot, and whose it is."""
    found: list[Mdc] = []
    for side in Side:
        value, foot = report.get(name, side=side), report.recording["feet"].get(side)
        mdc = None if value is None or foot is None else mdc_of(value, platform=foot["platform"])
        if mdc is not None:
            found.append(mdc)
    if not found:
        return shown(number(None))
    sizes = " / ".join(number(mdc.value) for mdc in found)
    return shown(f"{sizes} ({found[0].short})")
