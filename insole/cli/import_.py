"""``insole import``: bring vendors' files into the store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, err, open_store, out, print_json, progress
from insole.errors import InsoleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.files import Understood
    from insole.recording import Recording
    from insole.store import Store

Group = tuple[Path, ...]
"""The files of one recording: one, or a left and a right."""


def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders of files.")],
    subject: Annotated[str, typer.Option(help="Subject code (a pseudonym).")] = "",
    condition: Annotated[str, typer.Option(help="For example: shoe, orthosis A.")] = "",
    task: Annotated[str, typer.Option(help="For example: walking, standing.")] = "",
    mass: Annotated[float | None, typer.Option(help="Body mass in kg.")] = None,
    describe: Annotated[bool, typer.Option("--describe", help="Say what is understood, and store nothing.")] = False,
    mapping: Annotated[Path | None, typer.Option(help="A TOML file that says which column is what.")] = None,
    salvage: Annotated[bool, typer.Option("--salvage", help="Take what is whole of damaged files.")] = False,
    keep_names: Annotated[bool, typer.Option("--keep-names", help="Keep names that stand in headers.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Import recordings from vendors' files. A file that is already there is not stored twice.

    Files may be gzipped or zipped. Two files that differ only by the foot in their name are one recording.
    """
    how: dict[str, Any] = {"salvage": salvage, "keep_names": keep_names, "mapping": _mapping(mapping)}
    groups = _groups(paths, mapping)
    about = {"subject_code": subject, "condition": condition, "task": task, "body_mass_kg": mass}

    def understood(group: Group) -> Understood:
        from ingest.files import understand

        return understand(*group, **how)

    if describe:
        results = _each(groups, "Reading", lambda group: _described(understood(group)))
    else:
        with open_store(data) as store:
            results = _each(groups, "Importing", lambda group: _stored(store, understood(group), about))
    _report(results, as_json=as_json, described=describe)


def _mapping(path: Path | None) -> Any:
    from ingest.files import load_mapping

    return None if path is None else load_mapping(path)


def _groups(paths: list[Path], mapping: Path | None) -> list[Group]:
    """The files named, and those in folders; what lies beside a recording is none of its own."""
    from ingest.files import is_beside, recordings_in

    files = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files += [f for f in inside if not f.is_dir() and (f == path or not is_beside(f)) and f != mapping]
    if not files:
        raise InsoleError(f"there is no file in {', '.join(map(str, paths))}; give the files to import")
    return [(f,) for f in files] if mapping else recordings_in(files)


def _each(groups: list[Group], what: str, work: Callable[[Group], dict[str, Any]]) -> list[dict[str, Any]]:
    """Do the work for each recording; one that fails does not stop the others."""
    results = []
    by_first = {group[0]: group for group in groups}
    for first in progress(by_first, what=what, total=len(groups)):
        path = " + ".join(str(p) for p in by_first[first])
        try:
            results.append({"path": path, **work(by_first[first])})
        except InsoleError as e:
            results.append({"path": path, "error": str(e)})
    return results


def _described(understood: Understood) -> dict[str, Any]:
    from ingest.files.describe import describe
    from insole.cli.described import lines

    found = describe(understood)
    return {**found.as_dict(), "text": "\n".join(lines(found))}


def _stored(store: Store, understood: Understood, about: dict[str, Any]) -> dict[str, Any]:
    recording = understood.recording
    known = store.find_source(recording.about.source_sha256)
    if known is not None:
        return {"id": known, "new": False}
    given = {key: value for key, value in about.items() if value}
    recording = replace(recording, about=replace(recording.about, **given))
    return {"id": store.add(recording, marks=understood.marks), "new": True, **_summary(recording)}


def _summary(recording: Recording) -> dict[str, Any]:
    return {
        "device": recording.about.device,
        "duration_s": round(recording.duration_s, 3),
        "feet": [
            {
                "side": str(side),
                "sensors": foot.layout.n_sensors,
                "rate_hz": foot.rate_hz,
                "unit": str(foot.unit),
                "samples": len(foot.sample),
            }
            for side, foot in recording.feet.items()
        ],
    }


def _report(results: list[dict[str, Any]], *, as_json: bool, described: bool) -> None:
    """Print what became of each; end with an error if any failed."""
    failed = [r for r in results if "error" in r]
    if as_json:
        print_json([{key: value for key, value in r.items() if key != "text"} for r in results])
    else:
        for r in results:
            _print(r)
    if failed and described:
        err.print(f"{len(failed)} of {len(results)} recordings were not understood.")
    elif failed:
        err.print(f"{len(failed)} of {len(results)} recordings were not imported; nothing of them was stored.")
    if failed:
        raise typer.Exit(2)


def _print(result: dict[str, Any]) -> None:
    if "error" in result:
        err.print(result["error"], markup=False, style="red")
    elif "text" in result:
        out.print(result["text"], markup=False)
    elif result["new"]:
        feet = ", ".join(f"{f['side']} {f['sensors']} sensors at {f['rate_hz']:g} Hz" for f in result["feet"])
        out.print(f"{result['id']}  {result['path']}: {result['duration_s']:.1f} s, {feet}", markup=False)
    else:
        out.print(f"{result['id']}  {result['path']}: already in the store", markup=False)
