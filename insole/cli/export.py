"""``insole export``: a recording as a file for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from insole.cli.console import Data, Json, open_store, out, print_json


class ExportFormat(StrEnum):
    """Formats that a recording can leave in."""

    CSV = "csv"


def export(
    recording_id: Annotated[str, typer.Argument(metavar="ID", help="Recording, as in `insole list`.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    kind: Annotated[ExportFormat, typer.Option("--format", help="Kind of file.")] = ExportFormat.CSV,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Export a recording's raw samples, with a data dictionary beside them."""
    from insole.export import write_csv

    with open_store(data) as store:
        recording = store.read(recording_id)
    written = write_csv(recording, output)
    if as_json:
        print_json({"id": recording_id, "format": str(kind), "files": [str(path) for path in written]})
    else:
        out.print(f"Wrote {' and '.join(str(path) for path in written)}.", markup=False)
