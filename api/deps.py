"""What routes ask for, so that each reads as a plain signature."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from fastapi.requests import HTTPConnection

from api.guidance import Guidance
from api.live import LiveSource
from api.schemas import ThemeName
from api.studies import Studies
from api.uploads import Uploads
from insole.store import Store


def _store(connection: HTTPConnection) -> Store:
    store: Store = connection.app.state.store
    return store


def _studies(connection: HTTPConnection) -> Studies:
    studies: Studies = connection.app.state.studies
    return studies


def _live(connection: HTTPConnection) -> LiveSource:
    live: LiveSource = connection.app.state.live
    return live


def _uploads(connection: HTTPConnection) -> Uploads:
    uploads: Uploads = connection.app.state.uploads
    return uploads


def _guidance(connection: HTTPConnection) -> Guidance:
    guidance: Guidance = connection.app.state.guidance
    return guidance


TheStore = Annotated[Store, Depends(_store)]
TheStudies = Annotated[Studies, Depends(_studies)]
TheUploads = Annotated[Uploads, Depends(_uploads)]
TheLive = Annotated[LiveSource, Depends(_live)]
TheGuidance = Annotated[Guidance, Depends(_guidance)]
StanceWidth = Annotated[
    float | None,
    Query(
        allow_inf_nan=False,
        description="Distance between the feet's midlines in quiet standing, in mm: for sway of both feet together",
    ),
]
Theme = Annotated[ThemeName, Query(description="Colours of the figure")]
