"""``insole report``: a recording, or conditions compared, as a PDF to hand over."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insole.cli.console import Data, Json, find_marked, out, print_json
from insole.errors import InsoleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.recipe import Study


class Paper(StrEnum):
    """Paper that a report can be printed on."""

    A4 = "a4"
    LETTER = "letter"


def report(
    recordings: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_ID...",
            help="A file, or a recording's id. With two to four the first is the baseline of a comparison.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    paper: Annotated[Paper, typer.Option(help="Paper to print it on.")] = Paper.A4,
    mask: Annotated[str | None, typer.Option(help="Division into regions; the layout's first when not given.")] = None,
    findings: Annotated[
        bool, typer.Option("--findings", help="Hold the values against cited thresholds; for clinicians.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write a report as PDF: of one recording, or of two to four conditions compared."""
    from analysis.options import Options
    from analysis.recipe import study
    from insole.disk import write_whole

    if output.exists() and not force:
        raise InsoleError(f"{output} is there already; choose another name, or replace it with --force")
    studies = []
    for name in recordings:
        recording, marks = find_marked(name, data)
        studies.append(study(recording, Options(mask=mask, findings=findings, marks=marks)))
    pdf = _pdf(studies, paper)
    try:
        write_whole(output, pdf)
    except OSError as e:
        raise InsoleError(f"{output} cannot be written ({e.strerror}); check the folder") from e
    if as_json:
        print_json({"recordings": recordings, "file": str(output), "bytes": len(pdf)})
    else:
        out.print(f"Wrote {output}.", markup=False)


def _pdf(studies: Sequence[Study], paper: Paper) -> bytes:
    from analysis.compare import compare
    from dashboards.report import pdf_of_comparison, pdf_of_recording

    if len(studies) == 1:
        return pdf_of_recording(studies[0], paper=paper)
    comparisons = [compare(studies[0].report, other.report) for other in studies[1:]]
    return pdf_of_comparison(studies, comparisons, paper=paper)
