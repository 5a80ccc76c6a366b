"""``insole collect``: record a pair of insoles over Bluetooth."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, err, open_store, out, print_json
from insole.errors import InsoleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.link import Link
    from ingest.summary import Summary
    from insole.calibration_file import FootCalibration
    from insole.cli.session import Session
    from insole.recording import About, Side

REFRESH_S = 0.2
"""How often the line on the terminal is drawn anew."""


def collect(
    virtual: Annotated[bool, typer.Option("--virtual", help="Two virtual insoles on an emulated radio.")] = False,
    duration: Annotated[
        float | None, typer.Option(help="Seconds to record.", show_default="until Ctrl-C", min=0.1)
    ] = None,
    subject: Annotated[str, typer.Option(help="Subject code (a pseudonym).")] = "",
    condition: Annotated[str, typer.Option(help="For example: shoe, orthosis A.")] = "",
    mass: Annotated[float | None, typer.Option(help="Body mass in kg.")] = None,
    calibration: Annotated[
        list[Path] | None, typer.Option(help="Calibration file to use instead of the insole's own; once a foot.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Record a left and a right insole nearby, until the time is over or Ctrl-C."""
    from insole.recording import About

    about = About(
        subject_code=subject,
        condition=condition,
        body_mass_kg=mass,
        task="walking" if virtual else "",
        device="Open Insole",
    )
    from insole.cli.session import VIRTUAL_GAIT, Session, walker_answers

    calibrations = _read_calibrations(calibration or [])
    with open_store(data) as store:
        session = Session(store, calibrations=calibrations)
        record = _virtual if virtual else _real
        summary = asyncio.run(record(session, about, duration))
    result = {"id": session.recording_id, **summary.to_json()}
    if virtual:
        result["walker"] = walker_answers(VIRTUAL_GAIT)
    if as_json:
        print_json(result)
    else:
        _print(session, summary)


def _read_calibrations(paths: list[Path]) -> dict[Side, FootCalibration]:
    from insole.calibration_file import read_calibration

    found = [read_calibration(path) for path in paths]
    by_side = {one.side: one for one in found}
    if len(by_side) != len(found):
        raise InsoleError("two calibrations are for the same foot; give one for each foot")
    return by_side


async def _virtual(session: Session, about: About, duration_s: float | None) -> Summary:
    from ingest.virtual import virtual_pair
    from insole.cli.session import VIRTUAL_GAIT, VIRTUAL_LAYOUT
    from insole.layout import load_layout
    from insole.walker import Walker

    about = replace(
        about,
        device="Open Insole (virtual)",
        task="walking",
        body_mass_kg=about.body_mass_kg or VIRTUAL_GAIT.body_mass_kg,
        notes=(*about.notes, "Virtual insoles: a model walked, not a person."),
    )
    async with virtual_pair(Walker(VIRTUAL_GAIT, load_layout(VIRTUAL_LAYOUT))) as pair:
        return await _record(session, pair.links, about, duration_s, now=pair.now)


async def _real(session: Session, about: About, duration_s: float | None) -> Summary:
    from ingest.link import BleLink
    from insole.devices import devices
    from insole.recording import Side

    device = devices()["open-insole"]
    return await _record(session, [BleLink(side, device) for side in Side], about, duration_s)


async def _record(
    session: Session, links: Sequence[Link], about: About, duration_s: float | None, **clock: Any
) -> Summary:
    from insole.cli.session import stop_on_signals

    stop = asyncio.Event()
    stop_on_signals(stop)
    line = asyncio.create_task(_show(session, duration_s))
    try:
        return await session.run(links, about=about, duration_s=duration_s, stop=stop, **clock)
    finally:
        line.cancel()
        with suppress(asyncio.CancelledError):
            await line


async def _show(session: Session, duration_s: float | None) -> None:
    """One line on the terminal that says how the session goes."""
    if not err.is_terminal:
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(session.state, total=duration_s)
        loop = asyncio.get_running_loop()
        began = None
        while True:
            if session.view is not None:
                began = began or loop.time()
                counts = ", ".join(f"{side} {n} samples" for side, n in session.samples.items())
                progress.update(task, completed=loop.time() - began, description=f"{session.state} {counts}")
            await asyncio.sleep(REFRESH_S)


def _print(session: Session, summary: Summary) -> None:
    if not session.recording_id:
        raise InsoleError("nothing was recorded")
    out.print(f"{session.recording_id}  {summary.duration_s:.1f} s", markup=False)
    for side, foot in summary.feet.items():
        rate = "" if foot.rate_hz is None else f", {foot.rate_hz:.2f} Hz"
        battery = "" if foot.battery_pct is None else f", battery {foot.battery_pct} %"
        out.print(f"  {side}: {foot.samples} samples, {foot.lost} lost{rate}{battery}", markup=False)
    for problem in summary.problems:
        err.print(f"  {problem}", markup=False, style="yellow")
    out.print(f"Next: insole analyse {session.recording_id}", markup=False)
