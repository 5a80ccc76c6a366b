"""``insole list``: what is in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insole.cli.console import Data, Json, open_store, out, print_json

if TYPE_CHECKING:
    from insole.store import Info


def list_recordings(data: Data = None, as_json: Json = False) -> None:
    """List the recordings, newest first."""
    with open_store(data) as store:
        infos = store.list()
    if as_json:
        print_json([_as_dict(info) for info in infos])
    elif not infos:
        out.print(
            "No recordings yet. Import a file with [bold]insole import FILE[/], "
            "or record the virtual insoles with [bold]insole collect --virtual --duration 10[/]."
        )
    else:
        out.print(_table(infos))


def _as_dict(info: Info) -> dict[str, Any]:
    return {
        "id": info.id,
        "started_at": info.started_at.isoformat(),
        "duration_s": round(info.duration_s, 3),
        "state": info.state,
        "sides": [str(s) for s in info.sides],
        "subject_code": info.about.subject_code,
        "condition": info.about.condition,
        "task": info.about.task,
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
    table.add_column("what", overflow="ellipsis", no_wrap=True)
    for i in infos:
        started = f"{i.started_at:%Y-%m-%d %H:%M}" if i.started_at > NO_DATE else "no date"
        feet = "+".join(side[0].upper() for side in i.sides)
        state = "recording" if i.state == "recording" else ""
        words = (state, i.about.subject_code, i.about.condition, i.about.task, i.about.source_name or i.about.device)
        table.add_row(i.id, started, f"{i.duration_s:.1f}", feet, escape(", ".join(filter(None, words))))
    return table
