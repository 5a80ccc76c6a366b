"""``insole analyse``: the report of one recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, find_recording, number, out, print_json
from insole.recording import Side

if TYPE_CHECKING:
    from insole.report import Report


def analyse_one(
    path_or_id: Annotated[str, typer.Argument(metavar="PATH_OR_ID", help="A file, or a recording's id.")],
    findings: Annotated[
        bool, typer.Option("--findings", help="Hold the values against cited thresholds; for clinicians.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Analyse a recording: load, left/right balance, steps and timing, with units."""
    from analysis.options import Options
    from analysis.recipe import analyse

    report = analyse(find_recording(path_or_id, data), Options(findings=findings))
    if as_json:
        print_json(report.to_json())
        return
    out.print(_table(report))
    if findings:
        _print_findings(report)
    for caveat in report.caveats:
        out.print(f"• {caveat.text}", markup=False)
    software = report.software
    out.print(
        f"insole {software['insole']}, algorithm {software['algorithm']}. "
        "For research and education; not for diagnosis.",
        style="dim",
    )


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
