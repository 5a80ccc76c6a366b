"""What the commands share: where the store is, how things are printed, how errors end."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from insole.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insole.recording import Recording
    from insole.records import Mark
    from insole.store import Info, Store

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the store.", envvar="INSOLE_DATA", show_default="your user data folder"),
]
NoMarks = Annotated[bool, typer.Option("--no-marks", help="As if nothing were marked (`insole mark`).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

PROGRESS_FROM = 2
"""Items from which on a list of work shows a bar."""


def open_store(data: Path | None) -> Store:
    """Open the store in ``data``, or in its default place; seal what a killed writer left, purge the old bin."""
    from insole.store import Store

    store = Store.open(place(data))
    for recovered in store.recover():
        err.print(f"Recovered recording {recovered}: it had been cut off; all that was saved is there.")
    store.bin.purge()
    return store


def place(data: Path | None) -> Path | None:
    """The folder that the command line names; None where the environment (INSOLE_DATABASE, INSOLE_DATA) decides.

    Typer fills ``data`` from INSOLE_DATA, which must not win over INSOLE_DATABASE.
    """
    said = os.environ.get("INSOLE_DATA")
    return None if data is None or (said and data == Path(said)) else data


def find_recording(path_or_id: str, data: Path | None) -> Recording:
    """The recording of a file's path, or of an id in the store (opened only if needed)."""
    return find_marked(path_or_id, data)[0]


def find_marked(path_or_id: str, data: Path | None) -> tuple[Recording, tuple[Mark, ...]]:
    """As ``find_recording``, with the marks that the store has of it; notes, which change no number, are left out."""
    if Path(path_or_id).exists():
        from ingest.files import read

        return read(Path(path_or_id)), ()
    with open_store(data) as store:
        recording = store.read(path_or_id)
        return recording, tuple(mark for mark in store.marks.list(path_or_id) if mark.changes_numbers)


def of_subject(store: Store, code: str) -> list[Info]:
    """The recordings of a subject, the latest first.

    Raises
    ------
    NotFoundError
        If there is no subject of that code, with those that there are.
    """
    subject = store.subjects.find(code)
    if subject is None:
        known = ", ".join(s.code for s in store.subjects.list()) or "none"
        raise NotFoundError(f"there is no subject {code!r}; there are: {known}")
    return store.list(subject_id=subject.id)


def print_json(data: Any) -> None:
    """Print plain JSON on standard output."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")


def progress(items: Iterable[Path], *, what: str, total: int) -> Iterator[Path]:
    """Go through items with a bar on standard error, where there is a person to see it."""
    if total < PROGRESS_FROM or not err.is_terminal:
        yield from items
        return
    from rich.progress import track

    yield from track(items, description=what, total=total, console=err, transient=True)


def number(value: float | None, digits: int = 1) -> str:
    """A number for a table; an absent one is a dash."""
    return "–" if value is None else f"{value:.{digits}f}"
