"""``insole demo``: everything at once, with no hardware."""

from __future__ import annotations

import asyncio
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, open_store, out
from insole.cli.serve import Port, serve_station
from insole.cli.virtual import DEFAULT_KIND

if TYPE_CHECKING:
    from insole.store import Store

EXAMPLE = "pedar_walk.asc"
"""The recording in ``fixtures/`` that the demo imports."""


def demo(
    port: Port = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    data: Data = None,
) -> None:
    """Show the whole pipeline: an example recording, and two virtual insoles walking live."""
    with open_store(data or default_folder()) as store:
        asyncio.run(_demo(store, port, browser=browser))


def default_folder() -> Path:
    """Where the demo keeps its recordings: away from the user's own."""
    from platformdirs import user_data_path

    return user_data_path("insole", appauthor=False) / "demo"


async def _demo(store: Store, port: int | None, *, browser: bool) -> None:
    from insole.cli.insoles import virtual
    from insole.cli.station import Station

    import_example(store)
    station = Station(store, virtual(DEFAULT_KIND), is_virtual=True)

    async def started(where: str) -> None:
        await station.connect()
        out.print(f"insole is at {where}live with two virtual insoles walking, and at {where} with the recordings.")
        out.print("Only this machine is answered. Ctrl-C stops it.")
        if browser:
            await asyncio.to_thread(webbrowser.open, f"{where}live")

    await serve_station(store, station, port, started)


def import_example(store: Store) -> str:
    """Import the example recording, unless it is already there; its id."""
    from dataclasses import replace

    import fixtures
    from ingest.files import read

    recording = read(Path(str(fixtures.__file__)).parent / EXAMPLE)
    known = store.find_source(recording.about.source_sha256)
    if known is not None:
        return known
    example: dict[str, Any] = {"subject_code": "example", "condition": "shoe", "task": "walking"}
    return store.add(replace(recording, about=replace(recording.about, **example)))
