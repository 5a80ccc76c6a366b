"""Scripts and styles, all from this machine."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from dashboards.render import STATIC
from dashboards.theme import tokens_css

if TYPE_CHECKING:
    from starlette.types import Scope

router = APIRouter(include_in_schema=False)

FOR_EVER = "public, max-age=31536000, immutable"
"""For addresses that hold a version."""


@router.get("/static/vendor/plotly-{wanted}.min.js")
def plotly(wanted: str) -> FileResponse:
    """Plotly's own script, from the installed Plotly; its address changes with its version."""
    if wanted != version("plotly"):
        raise HTTPException(404)
    script = Path(str(package_files("plotly") / "package_data" / "plotly.min.js"))
    return FileResponse(script, media_type="text/javascript", headers={"cache-control": FOR_EVER})


@router.get("/static/tokens.css")
def tokens() -> Response:
    """The palettes, for the style sheets."""
    return Response(tokens_css(), media_type="text/css", headers={"cache-control": "no-cache"})


class _Fresh(StaticFiles):
    """Files that a browser may keep but asks about each time, so an update shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "no-cache"
        return answer


def files() -> StaticFiles:
    """Our own scripts and styles."""
    return _Fresh(directory=STATIC)
