"""``insole serve``: the pages, on this machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from insole.cli.console import Data, open_store, out

if TYPE_CHECKING:
    from insole.store import Store

Port = Annotated[
    int | None, typer.Option(help="Port to serve on.", show_default="8766, or a free one", min=0, max=65535)
]


def serve(port: Port = None, data: Data = None) -> None:
    """Serve the pages of the store, to this machine only."""
    with open_store(data) as store:
        asyncio.run(_serve(store, port))


async def _serve(store: Store, port: int | None) -> None:
    from api.app import create_app
    from insole.cli.session import stop_on_signals
    from insole.cli.web import address, listen, serve_until

    stop, started = asyncio.Event(), asyncio.Event()
    stop_on_signals(stop)
    listening = listen(port)
    serving = asyncio.create_task(serve_until(create_app(store), listening, stop, started))
    await started.wait()
    out.print(f"insole is at {address(listening)} on this machine only (there are no logins yet). Ctrl-C stops it.")
    await serving
