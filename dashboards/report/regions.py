"""The regions of both feet, beside published means where these were measured alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.wording import upper_first
from dashboards.language import N_, _
from dashboards.norms import SOURCE, norm_of
from dashboards.report.tables import table
from dashboards.report.type import amount, line, shown
from dashboards.words import number, region, sentence, side_name
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from analysis.recipe import Study

COLUMNS = (
    ("peak_pressure_kpa", None, N_("Peak pressure\n(kPa)")),
    ("pressure_time_integral_kpas", "novel", N_("Pressure-time\nintegral (kPa·s)")),
    ("contact_area_mm2", None, N_("Contact area\n(mm²)")),
    ("contact_time_pct", None, N_("Contact time\n(% of stance)")),
    ("load_share_pct", None, N_("Share of load\n(%)")),
    ("peak_force_n", None, N_("Peak force\n(N)")),
    ("force_time_integral_ns", None, N_("Force-time\nintegral (N·s)")),
)
"""Values by region: name, variant, head. The first ``MOST`` that were measured are shown."""

MOST = 4


def region_table(study: Study, width: float) -> list[Any]:
    """The table and its notes; empty where no region was measured."""
    report = study.report
    regions = list(dict.fromkeys(v.region for v in report.values if v.region is not None))
    measured = {v.name for v in report.values if v.region is not None}
    columns = [column for column in COLUMNS if column[0] in measured][:MOST]
    if not regions or not columns:
        return []
    pressures = columns[0][0] == COLUMNS[0][0]
    norms = {name: norm for name in regions if pressures and (norm := norm_of(name, study.walk)) is not None}
    rows = []
    for name in regions:
        cells = [
            amount(report.get(value, side=side, region=name, variant=variant))
            for value, variant, _head in columns
            for side in Side
        ]
        if norms:
            norm = norms.get(name)
            text = "" if norm is None else f"{number(norm.mean_kpa)} ± {number(norm.sd_kpa)}"
            cells.insert(2, shown(text))
        rows.append([shown(upper_first(region(name))), *cells])
    found = [
        line(_("Regions"), "head"),
        _table(rows, [_(head) for _name, _variant, head in columns], width, norms=bool(norms)),
    ]
    notes = [_("Means over the stances used; shares of load over the whole recording.")]
    if norms:
        said = _("Published: {source} No judgement follows from lying above or below.")
        notes.append(said.format(source=sentence(SOURCE)))
    return [*found, line(" ".join(notes), "small")]


def _table(rows: Sequence[Sequence[str]], heads: Sequence[str], width: float, *, norms: bool) -> Any:
    names, top, second, spans = [side_name(side) for side in Side], [""], [""], []
    for i, head in enumerate(heads):
        sides = [*names, _("Published")] if norms and i == 0 else names
        spans.append((len(top), len(top) + len(sides) - 1))
        top += [head, *[""] * (len(sides) - 1)]
        second += sides
    first = 0.22 * width
    weights = [1.6 if norms and i == len(names) else 1.0 for i in range(len(second) - 1)]
    rest = [(width - first) * w / sum(weights) for w in weights]
    return table([top, second, *rows], [first, *rest], heads=2, spans=spans)
