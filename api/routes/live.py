"""The live view's stream."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from api.deps import TheLive, Theme
from api.live import Flow, LiveSource, send_frames
from api.schemas import Grid, LiveOut, StreamOut, ThemeName
from dashboards.feet import page_grid
from dashboards.footmap import grid_to_json
from dashboards.livefigures import FIRST_TOP, live_map, live_trace
from dashboards.theme import PALETTES, recolour

if TYPE_CHECKING:
    from analysis.live import LiveView

router = APIRouter(prefix="/api/v1/live", tags=["live"])


@router.get("")
def live(source: TheLive, theme: Theme = "light") -> LiveOut:
    """Whether there is a stream now, and what is needed to draw it."""
    view = source.view
    return LiveOut(text=source.state, stream=None if view is None else _stream(view, theme))


def _stream(view: LiveView, theme: ThemeName) -> StreamOut:
    layouts = {side: meta.layout for side, meta in view.feet.items()}
    grid = page_grid(layouts)
    figures = (live_map(layouts, unit=view.unit, grid=grid), live_trace(list(layouts), unit=view.force_unit))
    drawn = [json.loads(recolour(figure.to_json(), PALETTES[theme])) for figure in figures]
    return StreamOut(
        id=id(view),
        unit=view.unit,
        force_unit=view.force_unit,
        period_s={side: 1 / meta.rate_hz for side, meta in view.feet.items()},
        top=FIRST_TOP[view.unit],
        grid=Grid(**grid_to_json(grid, layouts)),
        map=drawn[0],
        trace=drawn[1],
    )


@router.websocket("/ws")
async def frames(socket: WebSocket, source: TheLive) -> None:
    """Frames as JSON; the client answers each with its number once it is drawn."""
    await socket.accept()
    flow = Flow()
    async with anyio.create_task_group() as both:
        both.start_soon(_send, socket, source, flow)
        await _listen(socket, flow)
        both.cancel_scope.cancel()


async def _send(socket: WebSocket, source: LiveSource, flow: Flow) -> None:
    with suppress(WebSocketDisconnect):  # the client left; the listener sees it too
        await send_frames(source, flow, socket.send_json)


async def _listen(socket: WebSocket, flow: Flow) -> None:
    async for text in socket.iter_text():
        if text.isascii() and text.isdigit() and len(text) < 16:
            flow.drawn(int(text))
