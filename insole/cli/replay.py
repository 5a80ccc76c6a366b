"""``insole replay``: virtual insoles play a stored recording."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from insole.cli.collect import record, report, run, warn_if_too_fast
from insole.cli.console import Data, Json, find_recording, open_store, out
from insole.cli.serve import Port
from insole.cli.virtual import DEFAULT_KIND, OPEN_KINDS, Speed
from insole.errors import InsoleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.summary import Summary
    from ingest.virtual import VirtualPair
    from ingest.virtual.player import Player
    from insole.calibration_file import FootCalibration
    from insole.cli.session import Session
    from insole.recording import About, Recording, Side
    from insole.store import Store

LEAD_S = 0.2
"""Seconds of ours between both insoles' streaming and the recording's first sample (our judgement)."""


def replay(
    path_or_id: Annotated[str, typer.Argument(metavar="PATH_OR_ID", help="A file, or a recording's id.")],
    kind: Annotated[
        str, typer.Option("--as", metavar="KIND", help=f"Which insole plays it: {', '.join(OPEN_KINDS)}.")
    ] = DEFAULT_KIND,
    speed: Speed = 1.0,
    serve: Annotated[bool, typer.Option("--serve", help="Only show it on the live page; record nothing.")] = False,
    port: Port = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Play a recording on a virtual pair, over the emulated radio, into a new recording or the live page."""
    from ingest.virtual.player import Player
    from insole.cli.session import Session

    if kind not in OPEN_KINDS:
        raise InsoleError(f"no virtual insole {kind!r} can carry any layout; those that can: {', '.join(OPEN_KINDS)}")
    recording = find_recording(path_or_id, data)
    player, about = Player(recording), _about(recording, path_or_id)
    with open_store(data) as store:
        session = Session(None if serve else store, calibrations=_tables(recording))
        if serve:
            run(session, store, _serve(session, store, player, about, speed, port), as_json=as_json)
            return
        summary = run(session, store, _play(session, player, about, speed), as_json=as_json)
    warn_if_too_fast(summary, speed)
    report(session, summary, as_json=as_json)


def _about(recording: Recording, path_or_id: str) -> About:
    about = recording.about
    notes = (*about.notes, f"Replay of {recording.id or path_or_id}, not a new measurement.")
    return replace(about, device="Open Insole (virtual)", firmware="", source_name="", source_sha256="", notes=notes)


def _tables(recording: Recording) -> Mapping[Side, FootCalibration]:
    """Calibrations that the profile cannot carry; the session takes them as they are."""
    from insole.calibration import TableCalibration
    from insole.calibration_file import FootCalibration

    return {
        side: FootCalibration(side, foot.layout.name, foot.calibration)
        for side, foot in recording.feet.items()
        if isinstance(foot.calibration, TableCalibration)
    }


async def _play(session: Session, player: Player, about: About, speed: float) -> Summary:
    from ingest.virtual import virtual_pair

    stop = asyncio.Event()
    async with virtual_pair(player, sides=list(player.metas), metas=player.metas, speed=speed) as pair:
        for side in pair.insoles:
            pair.withhold(side, partial(player.withheld, side))
        directing = asyncio.create_task(_direct(pair, player, speed, stop))
        try:
            return await record(session, pair.links, about, None, stop=stop, now=pair.now)
        finally:
            directing.cancel()
            with suppress(asyncio.CancelledError):
                await directing


async def _direct(pair: VirtualPair, player: Player, speed: float, stop: asyncio.Event) -> None:
    """Begin when both feet stream, so that none of the recording is missed; stop when all of it was sent."""
    await player.wanted.wait()
    begin_s = pair.now() + LEAD_S * speed
    player.begin({side: math.ceil((begin_s - foot.true_s(0)) * player.rate_hz) for side, foot in pair.insoles.items()})
    await player.over.wait()
    stop.set()


async def _serve(
    session: Session, store: Store, player: Player, about: About, speed: float, port: int | None
) -> Summary | None:
    from api.app import create_app
    from insole.cli.session import stop_on_signals
    from insole.cli.web import address, listen, serve_until

    stop, started = asyncio.Event(), asyncio.Event()
    listening = listen(port)
    serving = asyncio.create_task(serve_until(create_app(store, live=session), listening, stop, started))
    await asyncio.wait({serving, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    summary = None
    try:
        if started.is_set():
            out.print(f"Playing at {address(listening)}live, on this machine only. Ctrl-C stops it.")
            summary = await _play(session, player, about, speed)
    finally:
        if player.over.is_set():
            stop_on_signals(stop)  # the page stays up until it is no longer wanted
        else:
            stop.set()
        await serving
    return summary
