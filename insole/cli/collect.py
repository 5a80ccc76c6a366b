"""``insole collect``: record a pair of insoles over Bluetooth."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from insole.cli.console import Data, Json, err, open_store, out, print_json
from insole.cli.virtual import Drift, Drop, Jitter, Kind, Loss, Speed, gait, virtual_session, walker_answers
from insole.errors import InsoleError, LinkError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from ingest.link import Link
    from ingest.summary import Summary
    from ingest.virtual import VirtualPair
    from insole.calibration_file import FootCalibration
    from insole.cli.session import Session
    from insole.cli.virtual import VirtualSession
    from insole.recording import About, Side
    from insole.store import Store

T = TypeVar("T")

LATE_MS = 10.0
"""Lateness in our time from which a virtual session ran too fast for this computer (our judgement)."""


LATER_S = 2.0
"""From when on a foot that begins after the other is said to have come later (our judgement)."""


def collect(
    virtual: Kind = None,
    duration: Annotated[
        float | None, typer.Option(help="Seconds to record.", show_default="until Ctrl-C", min=0.1)
    ] = None,
    subject: Annotated[str, typer.Option(help="Subject code (a pseudonym).")] = "",
    condition: Annotated[str, typer.Option(help="For example: shoe, orthosis A.")] = "",
    mass: Annotated[float | None, typer.Option(help="Body mass in kg.")] = None,
    calibration: Annotated[
        list[Path] | None, typer.Option(help="Calibration file to use instead of the insole's own; once a foot.")
    ] = None,
    speed: Speed = 1.0,
    drop: Drop = None,
    loss: Loss = None,
    jitter: Jitter = None,
    drift: Drift = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Record your pair of insoles (or the left and right one nearby), until the time is over or Ctrl-C."""
    from insole.cli.session import Session
    from insole.recording import About

    about = About(subject_code=subject, condition=condition, body_mass_kg=mass)
    asked = virtual_session(virtual, speed=speed, drop=drop, loss=loss, jitter=jitter, drift=drift)
    calibrations = _read_calibrations(calibration or [])
    with open_store(data) as store:
        session = Session(store, calibrations=calibrations)
        work = _real(session, about, duration, data) if asked is None else _virtual(session, about, duration, asked)
        summary = run(session, store, work, as_json=as_json)
    if asked is not None:
        warn_if_too_fast(summary, asked.speed)
    walked = {} if asked is None else {"walker": walker_answers(asked.walker)}
    report(session, summary, as_json=as_json, **walked)


def run(session: Session, store: Store, work: Coroutine[Any, Any, T], *, as_json: bool) -> T:
    """Do the work; if it fails, say what is kept before the error is shown."""
    try:
        return asyncio.run(work)
    except InsoleError as e:
        kept = _kept(session, store)
        if kept:
            e.add_note(f"Recording {kept['id']} is kept: {kept['duration_s']:.1f} s ({kept['state']}).")
            if as_json:
                print_json({**kept, "error": str(e)})
        raise


def _kept(session: Session, store: Store) -> dict[str, Any]:
    if not session.recording_id:
        return {}
    try:
        info = store.info(session.recording_id)
    except InsoleError:
        return {}
    samples = {str(side): n for side, n in info.samples.items()}
    return {"id": info.id, "state": info.state, "duration_s": info.duration_s, "samples": samples}


def _read_calibrations(paths: list[Path]) -> dict[Side, FootCalibration]:
    from insole.calibration_file import read_calibration

    found = [read_calibration(path) for path in paths]
    by_side = {one.side: one for one in found}
    if len(by_side) != len(found):
        raise InsoleError("two calibrations are for the same foot; give one for each foot")
    return by_side


async def _virtual(session: Session, about: About, duration_s: float | None, asked: VirtualSession) -> Summary:
    about = replace(
        about,
        device=asked.title,
        task="walking",
        body_mass_kg=about.body_mass_kg or gait().body_mass_kg,
        notes=(*about.notes, "Virtual insoles: a model walked, not a person."),
    )
    async with asked.pair() as pair:
        return await record_virtual(session, pair, about, duration_s, asked)


async def record_virtual(
    session: Session, pair: VirtualPair, about: About, duration_s: float | None, asked: VirtualSession
) -> Summary:
    """Record a virtual pair while its plan of faults is played; its time may run fast."""
    stop = asyncio.Event()

    async def direct() -> None:
        await session.started.wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(asked.plan.play(pair, session.zero_s))
            if duration_s is not None:
                await pair.until(session.zero_s + duration_s)
                stop.set()

    directing = asyncio.create_task(direct())
    try:
        return await record(session, pair.links, about, duration_s, stop=stop, now=pair.now)
    finally:
        await _end(directing)


async def _real(session: Session, about: About, duration_s: float | None, data: Path | None) -> Summary:
    from ingest.tasks import ended, first_of
    from insole.cli.near import links
    from insole.cli.session import stop_on_signals
    from insole.disk import data_folder
    from insole.remembered import read_remembered

    stop = asyncio.Event()
    stop_on_signals(stop)
    looking = asyncio.ensure_future(links(read_remembered(data_folder(data))))
    try:
        await first_of([looking], stop, math.inf)
    finally:
        await ended([looking])
    if looking.cancelled():
        raise LinkError("stopped before an insole was found; nothing was recorded")
    found = looking.result()
    titles = {link.device.title.partition(",")[0] for link in found}
    return await record(session, found, replace(about, device=", ".join(sorted(titles))), duration_s, stop=stop)


async def record(
    session: Session,
    links: Sequence[Link],
    about: About,
    duration_s: float | None,
    *,
    stop: asyncio.Event | None = None,
    **clock: Any,
) -> Summary:
    """Run a session until it ends or a signal comes, and show it meanwhile."""
    from insole.cli.session import stop_on_signals
    from insole.cli.view import show

    stop = stop or asyncio.Event()
    stop_on_signals(stop)
    showing = asyncio.create_task(show(session, duration_s))
    try:
        return await session.run(links, about=about, duration_s=duration_s, stop=stop, **clock)
    finally:
        await _end(showing)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def warn_if_too_fast(summary: Summary, speed: float) -> None:
    """Say so where this computer could not keep up with the virtual insoles' time."""
    late_ms = max((foot.residual_ms or 0.0 for foot in summary.feet.values()), default=0.0)
    if late_ms > LATE_MS * speed:
        err.print(
            f"This computer could not keep up with a speed of {speed:g}: samples came late, and times are less sure. "
            "Take a lower --speed.",
            style="yellow",
        )


def report(session: Session, summary: Summary, *, as_json: bool, **more: Any) -> None:
    """Print how it went."""
    from insole.cli.view import clock

    if as_json:
        print_json({"id": session.recording_id, **summary.to_json(), **more})
        return
    if not session.recording_id:
        raise InsoleError("nothing was recorded")
    out.print(f"{session.recording_id}  {summary.duration_s:.1f} s", markup=False)
    began_s = min((foot.began_s for foot in summary.feet.values() if foot.began_s is not None), default=0.0)
    for side, foot in summary.feet.items():
        parts = [f"{foot.samples} samples", f"{foot.lost} lost"]
        if foot.began_s is not None and foot.began_s - began_s >= LATER_S:
            parts.insert(0, f"from {clock(foot.began_s)} on")
        parts += [f"{foot.late} brought later"] if foot.late else []
        parts += [] if foot.rate_hz is None else [f"{foot.rate_hz:.2f} Hz"]
        parts += [f"{foot.drops} drop{'s' if foot.drops > 1 else ''}"] if foot.drops else []
        parts += [] if foot.battery_pct is None else [f"battery {foot.battery_pct} %"]
        out.print(f"  {side}: {', '.join(parts)}", markup=False)
    if summary.sync_uncertainty_ms is not None:
        out.print(f"  left and right agree in time to {summary.sync_uncertainty_ms:.1f} ms", markup=False)
    for problem in summary.problems:
        err.print(f"  {problem}", markup=False, style="yellow")
    if any(foot.samples for foot in summary.feet.values()):
        out.print(f"Next: insole analyse {session.recording_id}", markup=False)
    else:
        err.print("No sample came, so there is nothing to analyse. Were the insoles worn, and switched on?")
