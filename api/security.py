"""Who may talk to the service: this computer, and pages that came from this service.

There are no logins yet, so the service answers only requests whose ``Host`` is this
computer: a web page elsewhere that points its own name at 127.0.0.1 (DNS rebinding) is
refused. A request that a browser sends for a page of another origin is refused when it
changes something or opens a WebSocket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.problems import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class LocalOnly:
    """Refuses other hosts' names, and other origins' changes and sockets."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a welcome request on; answer any other."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = why_refused(scope)
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        else:
            status, text = refusal
            await problem(status, text)(scope, receive, send)


def why_refused(scope: Scope) -> tuple[int, str] | None:
    """Status and reason for refusing a connection; None when it is welcome."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if _name(host) not in LOCAL_NAMES:
        return 421, "This server answers to localhost only; open it as http://localhost with its port."
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return None
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return 403, "Only this server's own pages may do that."
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        return 403, "Only this server's own pages may do that."
    return None


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
