"""``insole delete`` and ``insole restore``: recordings into the bin, and out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from insole.cli.console import Data, open_store, out

if TYPE_CHECKING:
    from insole.store import Store


def delete(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Recordings to delete.")],
    for_good: Annotated[bool, typer.Option("--for-good", help="Not into the bin: they cannot be restored.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Put recordings into the bin. They can be restored for 30 days."""
    with open_store(data) as store:
        for recording_id in ids:
            if for_good:
                _for_good(store, recording_id, yes=yes)
                continue
            store.recordings.delete(recording_id)
            out.print(f"{recording_id} is in the bin. To have it back: insole restore {recording_id}", markup=False)


def _for_good(store: Store, item_id: str, *, yes: bool) -> None:
    """Also what is in the bin already."""
    names = {one.id: f"{one.kind} {one.id} ({one.name})" for one in store.bin.list()}
    if item_id not in names:
        info = store.info(item_id)
        what = f"recording {info.id} of {info.started_at:%Y-%m-%d %H:%M}, {info.duration_s:.1f} s"
    else:
        what = names[item_id]
    if not (yes or typer.confirm(f"Delete {what} for good?")):
        return
    if item_id not in names:
        store.recordings.delete(item_id)
    store.bin.purge(item_id)
    out.print(f"Deleted {what} for good.", markup=False)


def restore(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Recordings, visits or subjects in the bin.")],
    data: Data = None,
) -> None:
    """Bring back what is in the bin (`insole list --deleted`), with what was deleted with it."""
    with open_store(data) as store:
        kinds = {one.id: one.kind for one in store.bin.list()}
        for item_id in ids:
            kind = kinds.get(item_id, "recording")
            if kind == "subject":
                store.subjects.restore(item_id)
            elif kind == "visit":
                store.visits.restore(item_id)
            else:
                store.recordings.restore(item_id)
            out.print(f"Restored {kind} {item_id}.", markup=False)
