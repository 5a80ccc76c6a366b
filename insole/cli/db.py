"""``insole db``: look after the store as a whole."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insole.cli.console import Data, Json, err, open_store, out, place, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from insole.store import Checked

app = typer.Typer(no_args_is_help=True, help="Look after the store: upgrade, check, back up, restore, salvage.")

Backup = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, one file.", dir_okay=False)]


@app.command("upgrade")
def upgrade(data: Data = None, as_json: Json = False) -> None:
    """Bring the store's tables to this version. Opening a store does the same; recordings stay as they are."""
    from insole.store import upgrade

    before, after = upgrade(place(data))
    if as_json:
        print_json({"before": before, "after": after})
    elif before == after:
        out.print(f"The store's tables are of this version ({after}) already.")
    else:
        out.print(f"Brought the store's tables from {before or 'none'} to {after}.")


@app.command("check")
def check(
    backup: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A backup, instead of the store.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Read everything that is stored and name what is damaged. Exit code 1 if something is; nothing is changed."""
    from insole.store import check

    with _bar("Checking") as seen:
        found = check(place(data) if backup is None else f"sqlite:///{backup.absolute()}", seen=seen)
    if as_json:
        print_json({"is_sound": found.is_sound, **asdict(found)})
    else:
        _print(found)
    if not found.is_sound:
        raise typer.Exit(1)


@app.command("backup")
def backup(to: Backup, data: Data = None) -> None:
    """Write all of the store into one file, also while insoles are recorded. The file must not be there yet."""
    from insole.store import back_up

    with _bar("Backing up") as seen:
        back_up(to, place(data), seen=seen)
    out.print(f"Wrote {to} ({to.stat().st_size / 1e6:.1f} MB). To look at it: insole db check {to}", markup=False)


@app.command("restore")
def restore(backup: Backup, data: Data = None) -> None:
    """Put a backup into a store that holds nothing, SQLite or PostgreSQL, whichever it was made of."""
    from insole.store import restore

    with _bar("Restoring") as seen:
        restore(backup, place(data), seen=seen)
    out.print(f"Restored all of {backup}.", markup=False)


@app.command("salvage")
def salvage(
    recording_id: Annotated[str, typer.Argument(metavar="ID", help="Damaged recording, as `insole db check` says.")],
    data: Data = None,
) -> None:
    """Store what is whole of a damaged recording once more; the damaged one stays as it is."""
    from insole.store import salvage

    with open_store(data) as store:
        new = salvage(store, recording_id)
        notes = store.info(new).about.notes
    out.print(f"{new} is what is whole of {recording_id}:", markup=False)
    for note in notes:
        out.print(f"  {note}", markup=False)


def _print(found: Checked) -> None:
    for damage in found.damages:
        out.print(f"recording {damage.recording_id}: {damage.note}", markup=False)
    for problem in found.problems:
        out.print(problem, markup=False)
    looked_at = f"{found.recordings} recordings, {found.samples} samples in {found.rows} rows"
    if found.is_sound:
        out.print(f"Sound: {looked_at}.")
        return
    err.print(f"{len(found.damages) + len(found.problems)} things are not as they should be; {looked_at} looked at.")
    if found.damages:
        err.print("Restore a backup into an empty store, or keep what is whole: insole db salvage ID")


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where there is a person to see it."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what)
        yield lambda done, of: progress.update(task, completed=done, total=of)
