"""``insole analyse``: the report of one recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, NoMarks, find_marked, number, out, print_json
from insole.cli.stretches import in_words, mark_of
from insole.side import Side

if TYPE_CHECKING:
    from insole.records import Mark
    from insole.report import Report


Mask = Annotated[str | None, typer.Option(help="Division into regions, by its name in the layout.")]
Measured = Annotated[
    bool, typer.Option("--as-measured", help="Take nothing off: leave in what the sensors read in swing.")
]


def analyse_one(
    path_or_id: Annotated[str, typer.Argument(metavar="PATH_OR_ID", help="A file, or a recording's id.")],
    mask: Mask = None,
    as_measured: Measured = False,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="FROM-TO", help="Leave steps in these seconds out, for example 12-15.5.")
    ] = None,
    standing: Annotated[
        list[str] | None, typer.Option(metavar="FROM-TO", help="Quiet standing is in these seconds, and not elsewhere.")
    ] = None,
    stance_width: Annotated[
        float | None, typer.Option(help="Distance of the feet's midlines in standing, in mm: for sway of both feet.")
    ] = None,
    no_marks: NoMarks = False,
    findings: Annotated[
        bool, typer.Option("--findings", help="Hold the values against cited thresholds; for clinicians.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Analyse a recording: load, left/right balance, steps, pressure and timing, with units."""
    from analysis.options import Options
    from analysis.recipe import analyse
    from insole.records import MarkKind

    recording, stored = find_marked(path_or_id, data)
    used = () if no_marks else stored
    marks = [*used, *(mark_of(MarkKind.EXCLUDE, text) for text in exclude or ())]
    marks += [mark_of(MarkKind.STANDING, text) for text in standing or ()]
    options = Options(
        mask=mask, zero=not as_measured, marks=tuple(marks), stance_width_mm=stance_width, findings=findings
    )
    report = analyse(recording, options)
    if as_json:
        print_json(report.to_json())
        return
    out.print(_table(report))
    if findings:
        _print_findings(report)
    _print_marks(used, stored)
    for caveat in report.caveats:
        out.print(f"• {caveat.text}", markup=False)
    software = report.software
    out.print(
        f"insole {software['insole']}, algorithm {software['algorithm']}. "
        "For research and education; not for diagnosis.",
        style="dim",
    )


def _print_marks(used: tuple[Mark, ...], stored: tuple[Mark, ...]) -> None:
    for mark in used:
        out.print(f"Marked: {in_words(mark)}", markup=False)
    if len(stored) > len(used):
        out.print(f"Stored marks that are not used: {len(stored)}.")


def _print_findings(report: Report) -> None:
    if not report.findings:
        out.print("No value lies beyond a cited threshold by more than it is unsure.")
    for f in report.findings:
        out.print(f"{str(f.severity).capitalize()}: {f.text}", markup=False)
        out.print(f"  Evidence: {f.evidence}. {f.source}.", markup=False, style="dim")


def _table(report: Report) -> Any:
    """Values of the whole foot, left and right side by side."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("value")
    for name in ("left", "right", "both"):
        table.add_column(name, justify="right")
    table.add_column("unit")
    rows: dict[tuple[str, str, str], dict[Side | None, float]] = {}
    for v in report.values:
        if v.region is None:
            rows.setdefault((v.name, v.variant or "", v.unit), {})[v.side] = v.value
    for (name, variant, unit), by_side in rows.items():
        label = f"{name} ({variant})" if variant else name
        digits = 3 if unit == "s" else 0 if name.endswith("_count") else 1
        cells = [number(by_side[s], digits) if s in by_side else "" for s in (Side.LEFT, Side.RIGHT, None)]
        table.add_row(label, *cells, "" if unit == "1" else unit)
    return table
