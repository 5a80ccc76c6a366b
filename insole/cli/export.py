"""``insole export``: recordings as files for other programs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insole.cli.console import Data, Json, err, of_subject, open_store, out, print_json
from insole.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from insole.export import Exporter, OutFile, Outgoing
    from insole.store import Info, Store

FORMATS = "csv, csv-wide, parquet, steps, regions, cop, values, bids, c3d or mat"
"""Named here because finding them takes longer than ``--help`` may."""


def export(
    recordings: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="As in `insole list`.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="File, zip or folder to write.")] = Path(),
    kind: Annotated[str, typer.Option("--format", help=f"{FORMATS}.")] = "csv",
    subject: Annotated[str, typer.Option(help="All recordings of this subject code.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All recordings.")] = False,
    dated: Annotated[bool, typer.Option("--with-dates", help="With dates, notes and names of source files.")] = False,
    units_row: Annotated[bool, typer.Option("--units-row", help="A second line of units, in CSV.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Export recordings with a data dictionary: raw samples, steps, regions, centres of pressure or values.

    A name that ends in .zip is one file, one that ends as the format does is a recording's main file, and any
    other is a folder. Without --with-dates a subject is its code, and a day is counted from its first recording.
    """
    from insole.export import Choice, exporter, files_of, gather

    form, choice = exporter(kind), Choice(dated=dated, units_row=units_row)
    with open_store(data) as store:
        chosen = _chosen(store, recordings or [], subject, everything=everything)
        with _bar(chosen) as seen:
            leaving = gather(store, chosen, choice, seen=seen)
            if output.suffix.lower() == ".zip":
                written = [_zipped(files_of(form, leaving, choice), output, force=force)]
            elif form.suffix and output.suffix.lower() == form.suffix:
                files = files_of(form, _only(leaving, output, len(chosen)), choice, index=False)
                written = _written(files, output.parent, force=force)
            else:
                files = files_of(form, leaving, choice, index=len(chosen) > 1 or not form.suffix)
                written = _written(files, _folder(output, form), force=force)
    _say([info.id for info in chosen], kind, written, as_json=as_json)


def _chosen(store: Store, ids: Sequence[str], subject: str, *, everything: bool) -> list[Info]:
    if sum((bool(ids), bool(subject), everything)) != 1:
        raise ExportError("say which recordings: their ids, or --subject CODE, or --all")
    if ids:
        return [store.info(one) for one in dict.fromkeys(ids)]
    found = of_subject(store, subject) if subject else store.list()
    if not any(info.sides for info in found):
        raise ExportError("there is no recording to export; `insole list` shows those that there are")
    return found


def _only(leaving: Iterable[Outgoing], output: Path, n: int) -> Iterator[Outgoing]:
    """The one recording, under the name that was asked for."""
    if n != 1:
        raise ExportError(f"{output.name} takes one recording, and there are {n}; give a folder or a name in .zip")
    for one in leaving:
        yield replace(one, called=output.stem)


def _folder(output: Path, form: Exporter) -> Path:
    if output == Path():
        raise ExportError("say where to write, with -o: a name that ends in .zip, or a folder")
    if output.suffix and not output.is_dir():
        ends = f"in .zip or {form.suffix}" if form.suffix else "in .zip, or name a folder"
        raise ExportError(f"{output.name} is no name for this format: end it {ends}")
    return output


@contextmanager
def _bar(chosen: Sequence[Info]) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, by the samples that went out, where there is a person to see it."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Exporting", total=sum(sum(info.samples.values()) for info in chosen))
        yield lambda n: progress.advance(task, n)


def _zipped(files: Iterable[OutFile], output: Path, *, force: bool) -> Path:
    from insole.export import zipped

    return _write(output, zipped(files), force=force)


def _written(files: Iterable[OutFile], folder: Path, *, force: bool) -> list[Path]:
    return [_write(folder / file.name, file.chunks(), force=force) for file in files]


def _write(path: Path, parts: Iterable[bytes], *, force: bool) -> Path:
    from insole.disk import write_parts

    if path.exists() and not force:
        raise ExportError(f"{path} is there already; choose another name, or replace it with --force")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_parts(path, parts)
    except OSError as e:
        raise ExportError(f"{path} cannot be written ({e.strerror or e}); check the folder and the disk") from e
    return path


def _say(ids: Sequence[str], kind: str, written: Sequence[Path], *, as_json: bool) -> None:
    if as_json:
        print_json({"ids": ids, "format": kind, "files": [str(path) for path in written]})
    elif len(written) > 4:
        out.print(f"Wrote {len(written)} files, the last of them {written[-1]}.", markup=False)
    else:
        out.print(f"Wrote {' and '.join(str(path) for path in written)}.", markup=False)
