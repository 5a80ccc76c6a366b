"""The live view's stream, and what the page asks of the insoles."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from api.control import LiveControl, controlled
from api.deps import TheGuidance, TheLive, Theme, TheStore
from api.guidance import Guidance
from api.live import Flow, LiveSource, send_frames
from api.livewire import GuideOut, LiveOut, LiveStatusOut, StartIn, StreamOut
from api.schemas import Grid, ThemeName
from dashboards.feet import page_grid
from dashboards.footmap import grid_to_json
from dashboards.livefigures import FIRST_TOP, live_map, live_trace
from dashboards.theme import PALETTES, recolour
from insole.recording import About

if TYPE_CHECKING:
    from analysis.live import LiveView
    from insole.store import Store

router = APIRouter(prefix="/api/v1/live", tags=["live"])


@router.get("")
def live(source: TheLive, guidance: TheGuidance, theme: Theme = "light") -> LiveOut:
    """Whether there is a stream now, and what is needed to draw it."""
    view = source.view
    stream = None if view is None else _stream(view, theme)
    return LiveOut(text=source.state, stream=stream, status=_status(source), guide=guide_out(guidance))


@router.post("/connect")
async def connect(source: TheLive) -> LiveStatusOut:
    """Look for the insoles and show them; nothing is recorded yet."""
    control = controlled(source)
    await control.connect()
    return _told(control)


@router.post("/disconnect")
async def disconnect(source: TheLive) -> LiveStatusOut:
    """Let the insoles go; a recording being made is sealed."""
    control = controlled(source)
    await control.disconnect()
    return _told(control)


@router.post("/start")
async def start(given: StartIn, source: TheLive, store: TheStore) -> LiveStatusOut:
    """Begin a recording, filed under its subject and the day's visit."""
    control = controlled(source)
    await control.start(await anyio.to_thread.run_sync(about_of, given, store))
    return _told(control)


@router.post("/stop")
async def stop(source: TheLive) -> LiveStatusOut:
    """End the recording and seal it; the insoles stay connected."""
    control = controlled(source)
    await control.stop()
    return _told(control)


def about_of(given: StartIn, store: Store) -> About:
    """What is known of a recording that a page asks for; of a known subject without a mass, the one on file."""
    subject = store.subjects.get(given.subject_id) if given.subject_id else store.subjects.find(given.subject_code)
    return About(
        subject_code=given.subject_code.strip() if subject is None else subject.code,
        condition=given.condition.strip(),
        task=given.task.strip(),
        body_mass_kg=given.body_mass_kg or (None if subject is None else subject.body_mass_kg),
    )


def guide_out(guidance: Guidance) -> GuideOut | None:
    """Where the guided test is; None before the first."""
    said = guidance.to_json()
    return None if said is None else GuideOut(**said)


def _status(source: LiveSource) -> LiveStatusOut | None:
    return _told(source) if isinstance(source, LiveControl) else None


def _told(control: LiveControl) -> LiveStatusOut:
    return LiveStatusOut(**control.status.to_json(), recorded_s=round(control.recorded_s, 1))


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
async def frames(socket: WebSocket, source: TheLive, guidance: TheGuidance) -> None:
    """Frames as JSON; the client answers each with its number once it is drawn."""
    await socket.accept()
    flow = Flow()
    async with anyio.create_task_group() as both:
        both.start_soon(_send, socket, source, guidance, flow)
        await _listen(socket, flow)
        both.cancel_scope.cancel()


async def _send(socket: WebSocket, source: LiveSource, guidance: Guidance, flow: Flow) -> None:
    with suppress(WebSocketDisconnect):  # the client left; the listener sees it too
        await send_frames(source, flow, socket.send_json, told=lambda: told(source, guidance))


def told(source: LiveSource, guidance: Guidance) -> dict[str, Any]:
    """What a message says besides its frame."""
    status = _status(source)
    return {} if status is None else {"status": status.model_dump(), "guide": guidance.to_json()}


async def _listen(socket: WebSocket, flow: Flow) -> None:
    async for text in socket.iter_text():
        if text.isascii() and text.isdigit() and len(text) < 16:
            flow.drawn(int(text))
