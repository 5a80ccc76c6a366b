"""``insole import``: bring vendors' files into the store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, err, open_store, out, print_json, progress
from insole.errors import InsoleError

if TYPE_CHECKING:
    from insole.recording import Recording
    from insole.store import Store


def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders of files.")],
    subject: Annotated[str, typer.Option(help="Subject code (a pseudonym).")] = "",
    condition: Annotated[str, typer.Option(help="For example: shoe, orthosis A.")] = "",
    task: Annotated[str, typer.Option(help="For example: walking, standing.")] = "",
    mass: Annotated[float | None, typer.Option(help="Body mass in kg.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Import recordings from vendors' files. A file that is already there is not stored twice."""
    files = [f for path in paths for f in (sorted(path.rglob("*")) if path.is_dir() else [path]) if not f.is_dir()]
    if not files:
        raise InsoleError(f"there is no file in {', '.join(map(str, paths))}; give the files to import")
    about = {"subject_code": subject, "condition": condition, "task": task, "body_mass_kg": mass}
    with open_store(data) as store:
        results = [_import_one(store, path, about) for path in progress(files, what="Importing", total=len(files))]
    failed = [r for r in results if "error" in r]
    if as_json:
        print_json(results)
    else:
        for r in results:
            _print(r)
    if failed:
        err.print(f"{len(failed)} of {len(results)} files were not imported; nothing of them was stored.")
        raise typer.Exit(2)


def _import_one(store: Store, path: Path, about: dict[str, Any]) -> dict[str, Any]:
    from ingest.files import read

    try:
        recording = read(path)
        known = store.find_source(recording.about.source_sha256)
        if known is not None:
            return {"path": str(path), "id": known, "new": False}
        given = {key: value for key, value in about.items() if value}
        recording = replace(recording, about=replace(recording.about, **given))
        return {"path": str(path), "id": store.add(recording), "new": True, **_summary(recording)}
    except InsoleError as e:
        return {"path": str(path), "error": str(e)}


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


def _print(result: dict[str, Any]) -> None:
    if "error" in result:
        err.print(result["error"], markup=False, style="red")
    elif result["new"]:
        feet = ", ".join(f"{f['side']} {f['sensors']} sensors at {f['rate_hz']:g} Hz" for f in result["feet"])
        out.print(f"{result['id']}  {result['path']}: {result['duration_s']:.1f} s, {feet}", markup=False)
    else:
        out.print(f"{result['id']}  {result['path']}: already in the store", markup=False)
