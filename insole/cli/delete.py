"""``insole delete``: remove recordings from the store."""

from __future__ import annotations

from typing import Annotated

import typer

from insole.cli.console import Data, open_store, out


def delete(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Recordings to delete.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Delete recordings for good."""
    with open_store(data) as store:
        for recording_id in ids:
            info = store.info(recording_id)
            what = f"{info.id} of {info.started_at:%Y-%m-%d %H:%M}, {info.duration_s:.1f} s"
            if yes or typer.confirm(f"Delete recording {what} for good?"):
                store.recordings.delete(recording_id)
                out.print(f"Deleted {what}.", markup=False)
