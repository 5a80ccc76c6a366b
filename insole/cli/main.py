"""``insole``: every command, one file each. Heavy imports stand inside the commands."""

from __future__ import annotations

import os
import sys

# numpy must not start threads of its own: work is spread over recordings, not inside products
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import typer

from insole.cli import (
    analyse,
    calibrate,
    collect,
    compare,
    db,
    delete,
    demo,
    edit,
    export,
    import_,
    list_,
    mark,
    pair,
    replay,
    report,
    scan,
    serve,
)
from insole.cli.virtual import MayNameAKind
from insole.errors import InsoleError

app = typer.Typer(
    name="insole",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The open plantar-pressure pipeline: insoles in, numbers and pages out. "
    "For research and education; not for diagnosis.",
)
app.command("demo")(demo.demo)
app.command("import")(import_.import_files)
app.command("list")(list_.list_recordings)
app.command("analyse")(analyse.analyse_one)
app.command("compare")(compare.compare_two)
app.command("report")(report.report)
app.command("scan", cls=MayNameAKind)(scan.scan)
app.command("pair", cls=MayNameAKind)(pair.pair)
app.command("devices")(pair.devices)
app.command("collect", cls=MayNameAKind)(collect.collect)
app.command("replay")(replay.replay)
app.add_typer(calibrate.app, name="calibrate")
app.command("serve", cls=MayNameAKind)(serve.serve)
app.command("export")(export.export)
app.command("edit")(edit.edit)
app.command("mark")(mark.mark)
app.command("delete")(delete.delete)
app.command("restore")(delete.restore)
app.add_typer(db.app, name="db")


def run() -> None:
    """Run the command line; an error that a user can act on is one line and exit code 2."""
    try:
        app()
    except InsoleError as e:
        from insole.cli.console import err

        err.print(f"insole: {e}", markup=False, style="bold")
        for note in getattr(e, "__notes__", ()):
            err.print(note, markup=False)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
