"""``insole serve``: the pages, on this machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from insole.cli.console import Data, open_store, out
from insole.cli.virtual import Kind, virtual_session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from insole.cli.station import Station
    from insole.store import Store

Port = Annotated[
    int | None, typer.Option(help="Port to serve on.", show_default="8766, or a free one", min=0, max=65535)
]


def serve(port: Port = None, virtual: Kind = None, data: Data = None) -> None:
    """Serve the pages of the store, to this machine only; the live page connects your insoles and records them."""
    virtual_session(virtual)  # refuses a kind that there is not
    with open_store(data) as store:
        asyncio.run(_serve(store, port, virtual, data))


async def _serve(store: Store, port: int | None, kind: str | None, data: Path | None) -> None:
    from insole.cli.insoles import nearby, virtual
    from insole.cli.station import Station

    insoles = nearby(data) if kind is None else virtual(kind)
    station = Station(store, insoles, is_virtual=kind is not None)

    async def started(where: str) -> None:
        out.print(f"insole is at {where} on this machine only (there are no logins yet). Ctrl-C stops it.")
        if kind is not None:
            await station.connect()

    await serve_station(store, station, port, started)


async def serve_station(
    store: Store, station: Station, port: int | None, started: Callable[[str], Awaitable[None]]
) -> None:
    """Serve a store and a station until a signal comes; a recording being made is sealed then.

    Parameters
    ----------
    started
        Called with the address of the pages once they are answered.
    """
    from api.app import create_app
    from insole.cli.session import stop_on_signals
    from insole.cli.web import address, listen, serve_until

    stop, ready = asyncio.Event(), asyncio.Event()
    stop_on_signals(stop)
    listening = listen(port)
    serving = asyncio.create_task(serve_until(create_app(store, live=station), listening, stop, ready))
    await asyncio.wait({serving, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if ready.is_set():
            await started(address(listening))
        await serving
    finally:
        await station.disconnect()
