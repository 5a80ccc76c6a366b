"""The service: pages for people, ``/api/v1`` for programs, one WebSocket for the live view."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.guidance import Guidance
from api.headers import SecurityHeaders
from api.language import Spoken
from api.live import LiveSource, NoLive
from api.problems import install
from api.routes import (
    assets,
    binned,
    compare,
    compare_pages,
    drawings,
    exports,
    guide,
    health,
    marks,
    pages,
    record_pages,
    recordings,
    reports,
    subjects,
    trend,
    uploads,
    visits,
)
from api.routes import live as live_routes
from api.security import LocalOnly
from api.studies import Studies
from api.uploads import Uploads
from insole.store import Store


def create_app(store: Store, *, live: LiveSource | None = None) -> FastAPI:
    """Build the service over one store.

    Parameters
    ----------
    store
        Open; the caller closes it after the service has stopped.
    live
        Where the live view looks for a stream; None: there is never one.

    Returns
    -------
    An ASGI application that answers this computer only (see ``api.security``).
    """
    # No interactive documentation pages: they would load scripts from other hosts.
    app = FastAPI(
        title="insole",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_life,
    )
    app.state.store = store
    app.state.studies = Studies(store)
    app.state.uploads = Uploads(store)
    app.state.live = live or NoLive()
    app.state.guidance = Guidance(app.state.live, store)
    records = (recordings, drawings, marks, exports, subjects, visits, binned, uploads)
    live_parts = (live_routes, guide)
    for part in (health, *records, compare, compare_pages, trend, reports, *live_parts, pages, record_pages, assets):
        app.include_router(part.router)
    app.mount("/static", assets.files())
    install(app)
    app.add_middleware(Spoken)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(LocalOnly)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """What was sent and not stored is removed when the service stops."""
    yield
    app.state.uploads.close()
