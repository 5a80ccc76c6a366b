"""``insole list``: what is in the store."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, of_subject, open_store, out, print_json

if TYPE_CHECKING:
    from insole.store import Binned, Info


def list_recordings(
    subject: Annotated[str, typer.Option(help="Only those of this subject code.")] = "",
    deleted: Annotated[bool, typer.Option("--deleted", help="What is in the bin, instead.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the recordings, newest first."""
    with open_store(data) as store:
        if deleted:
            _print_bin(store.bin.list(), as_json=as_json)
            return
        infos = of_subject(store, subject) if subject else store.list()
    if as_json:
        print_json([_as_dict(info) for info in infos])
    elif not infos:
        out.print(
            "No recordings yet. Import a file with [bold]insole import FILE[/], "
            "or record the virtual insoles with [bold]insole collect --virtual --duration 10[/]."
        )
    else:
        out.print(_table(infos))


def _print_bin(binned: list[Binned], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in binned])
        return
    for one in binned:
        along = f", and {one.with_it} that went along" if one.with_it else ""
        until = f"{one.kept_until:%Y-%m-%d}"
        out.print(f"{one.id}  {one.kind} {one.name}{along}; kept until {until}", markup=False)
    if not binned:
        out.print("The bin is empty.")


def _as_dict(info: Info) -> dict[str, Any]:
    return {
        "id": info.id,
        "started_at": info.started_at.isoformat(),
        "duration_s": round(info.duration_s, 3),
        "state": info.state,
        "sides": [str(s) for s in info.sides],
        "subject_id": info.subject_id,
        "visit_id": info.visit_id,
        "subject_code": info.about.subject_code,
        "condition": info.about.condition,
        "task": info.about.task,
        "body_mass_kg": info.about.body_mass_kg,
        "device": info.about.device,
        "source_name": info.about.source_name,
        "source_sha256": info.about.source_sha256,
    }


def _table(infos: list[Info]) -> Any:
    """Names as wide as they are; what describes a recording shares what room is left."""
    from rich.markup import escape
    from rich.table import Table

    from insole.recording import NO_DATE

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("id", no_wrap=True, min_width=max(len(i.id) for i in infos))
    table.add_column("started (UTC)", no_wrap=True, min_width=16)
    table.add_column("seconds", justify="right", no_wrap=True, min_width=7)
    table.add_column("feet", no_wrap=True, min_width=4)
    for name in ("subject", "condition"):
        table.add_column(name, overflow="ellipsis", no_wrap=True, max_width=24)
    table.add_column("what", overflow="ellipsis", no_wrap=True)
    for i in infos:
        started = f"{i.started_at:%Y-%m-%d %H:%M}" if i.started_at > NO_DATE else "no date"
        feet = "+".join(side[0].upper() for side in i.sides)
        state = "recording" if i.state == "recording" else ""
        what = ", ".join(filter(None, (state, i.about.task, i.about.source_name or i.about.device)))
        words = [escape(text) for text in (i.about.subject_code, i.about.condition, what)]
        table.add_row(i.id, started, f"{i.duration_s:.1f}", feet, *words)
    return table
