"""``insole demo``: everything at once, with no hardware."""

from __future__ import annotations

import asyncio
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, err, open_store, out
from insole.cli.serve import Port
from insole.errors import InsoleError

if TYPE_CHECKING:
    from insole.cli.session import Session
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
    from api.app import create_app
    from insole.cli.session import Session, stop_on_signals
    from insole.cli.web import address, listen, serve_until

    import_example(store)
    stop, started = asyncio.Event(), asyncio.Event()
    stop_on_signals(stop)
    listening = listen(port)
    session = Session(store)
    serving = asyncio.create_task(serve_until(create_app(store, live=session), listening, stop, started))
    walking = asyncio.create_task(_walk(session, stop))
    await asyncio.wait({serving, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    if started.is_set():
        where = address(listening)
        out.print(f"insole is at {where}live with two virtual insoles walking, and at {where} with the recordings.")
        out.print("Only this machine is answered. Ctrl-C stops it.")
        if browser:
            await asyncio.to_thread(webbrowser.open, f"{where}live")
    await serving
    stop.set()
    await walking


async def _walk(session: Session, stop: asyncio.Event) -> None:
    """Collect from the virtual insoles; a failure is told, and the pages stay up."""
    from ingest.virtual import virtual_pair
    from insole.cli.virtual import gait, walker
    from insole.recording import About

    about = About(
        subject_code="demo",
        condition="shoe",
        task="walking",
        body_mass_kg=gait().body_mass_kg,
        device="Open Insole (virtual)",
        notes=("Virtual insoles: a model walked, not a person.",),
    )
    try:
        async with virtual_pair(walker()) as pair:
            await session.run(pair.links, about=about, duration_s=None, stop=stop, now=pair.now)
    except InsoleError as e:
        session.state = f"Stopped: {e}"
        err.print(f"The live stream stopped: {e}", markup=False)


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
