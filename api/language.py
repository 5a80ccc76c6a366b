"""Answer in the language that the browser asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from dashboards.language import speaking, wanted

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Spoken:
    """Speaks the language of each request while it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        with speaking(wanted(Headers(scope=scope).get("accept-language", ""))):
            await self.app(scope, receive, send)
