"""The web service in this process: a socket on this machine only, and a server that stops when told."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from insole.errors import InsoleError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from fastapi import FastAPI

LOOPBACK = "127.0.0.1"
"""Until there are logins nobody but this machine is answered."""

DEFAULT_PORT = 8766
"""Our choice; `--port` takes another."""


def listen(port: int | None) -> socket.socket:
    """A listening socket on this machine: on ``port``, or by default on ours or the next free one.

    Raises
    ------
    InsoleError
        If the port asked for is taken.
    """
    for candidate in (port,) if port is not None else (DEFAULT_PORT, 0):
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((LOOPBACK, candidate))
        except OSError as e:
            found.close()
            if port is not None:
                raise InsoleError(f"port {port} cannot be used ({e.strerror}); choose another with --port") from e
            continue
        return found
    raise InsoleError("no port on this machine is free")


def address(listening: socket.socket) -> str:
    """Where the pages are."""
    return f"http://{LOOPBACK}:{listening.getsockname()[1]}/"


async def serve_until(app: FastAPI, listening: socket.socket, stop: asyncio.Event, started: asyncio.Event) -> None:
    """Serve until ``stop`` is set; ``started`` is set once pages are answered."""
    import asyncio

    import uvicorn

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # signals belong to the roof

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            started.set()

    server = Server(
        uvicorn.Config(app, log_level="warning", ws="websockets-sansio", lifespan="on", timeout_graceful_shutdown=2)
    )

    async def watch() -> None:
        await stop.wait()
        server.should_exit = True

    watching = asyncio.create_task(watch())
    try:
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
