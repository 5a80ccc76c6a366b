"""The table of a comparison: both values, the difference with its interval, what counts as a change, the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.compare import Verdict
from analysis.wording import upper_first
from dashboards.comparetable import place
from dashboards.language import N_, _, ngettext
from dashboards.report.tables import table
from dashboards.report.type import line, plus, shown
from dashboards.words import label, number, unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from analysis.compare import Comparison, Row

ORDER = (Verdict.CHANGED, Verdict.NO_CHANGE, Verdict.NOT_JUDGED)

ALWAYS = frozenset(
    {
        "load_share_pct",
        "load_symmetry_index_pct",
        "standing_load_share_pct",
        "peak_force_n",
        "contact_area_mm2",
        "stance_time_s",
        "double_support_pct",
        "gait_line_length_mm",
        "cadence_spm",
    }
)
"""Values of the whole foot that stand in the table even if they are not judged."""

SHARES = (0.20, 0.24, 0.08, 0.08, 0.08, 0.15, 0.08, 0.09)

WHY = {"refused": N_("refused"), "no_mdc": N_("not judged"), "no_interval": N_("not judged")}


def change_table(comparison: Comparison, letters: tuple[str, str], width: float) -> list[Any]:
    """The rows that were judged and the key figures, the clearest first, and how many rows are left out."""
    rows = [row for verdict in ORDER for row in comparison.of(verdict) if _kept(row)]
    if not rows:
        return [line(_("The two have no value in common that is shown here."), "small")]
    a, b = letters
    head = ["", _("Where"), a, b, f"{b} − {a}", _("95 % interval"), _("Least\nchange"), _("Verdict")]
    strong = [i for i, row in enumerate(rows, 1) if row.verdict is Verdict.CHANGED]
    cells = [_cells(row) for row in rows]
    widths = [width * share for share in SHARES]
    found = [table([head, *cells], widths, words=(0, 1), strong=strong)]
    left_out = len(comparison.rows) - len(rows)
    if left_out:
        text = ngettext(
            "{n} further value was not judged; `insole compare` lists all.",
            "{n} further values were not judged; `insole compare` lists all.",
            left_out,
        )
        found.append(line(text.format(n=left_out), "small"))
    return found


def _kept(row: Row) -> bool:
    return row.verdict is not Verdict.NOT_JUDGED or (row.name in ALWAYS and row.region is None)


def _cells(row: Row) -> list[str]:
    name = f"{label(row.name)} ({row.unit})" if unit(row.unit) else label(row.name)
    return [
        shown(name),
        shown(upper_first(place(row))),
        shown(number(row.a, row.unit)),
        shown(number(row.b, row.unit)),
        plus(row.difference, row.unit),
        interval(row.interval, row.unit),
        shown(number(None if row.mdc is None else row.mdc.value, row.unit)),
        shown(_verdict(row)),
    ]


def _verdict(row: Row) -> str:
    if row.why:
        return _(WHY[row.why])
    return _("no change") if row.verdict is Verdict.NO_CHANGE else _("changed")


def interval(ends: Sequence[float] | None, of: str) -> str:
    """``−2.1 to +3.4``; a dash where none can be stated."""
    if ends is None:
        return shown(number(None))
    return shown(_("%(low)s to %(high)s") % {"low": plus(ends[0], of), "high": plus(ends[1], of)})


def sources(comparisons: Sequence[Comparison]) -> list[str]:
    """Whose changes are used, each once."""
    return list(dict.fromkeys(row.mdc.source for c in comparisons for row in c.rows if row.mdc is not None))
