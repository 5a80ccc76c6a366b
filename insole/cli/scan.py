"""``insole scan``: which insoles are near."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Json, err, out, print_json
from insole.cli.virtual import Kind, virtual_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.scan import Found
    from insole.cli.virtual import VirtualSession

Seconds = Annotated[float, typer.Option(help="How long to listen.", min=0.1)]


def scan(
    seconds: Seconds = 5.0,
    details: Annotated[
        bool, typer.Option("--details", help="Connect to each, without pairing, and ask firmware and battery.")
    ] = False,
    virtual: Kind = None,
    as_json: Json = False,
) -> None:
    """Show which insoles are near: make, side, signal, battery."""
    from insole.cli.near import NOTHING_NEAR

    found = asyncio.run(look(seconds, details=details, virtual=virtual_session(virtual)))
    if as_json:
        print_json([as_dict(one) for one in found])
    elif not found:
        out.print(NOTHING_NEAR)
    else:
        out.print(table(found))
        if not details and any(one.side is None for one in found):
            out.print("Those that do not say which foot they are for tell it when asked: add [bold]--details[/].")
        for one in found:
            if one.problem:
                err.print(f"{one.address}: {one.problem}", markup=False, style="yellow")


async def look(seconds: float, *, details: bool, virtual: VirtualSession | None = None) -> list[Found]:
    """What is near on the computer's radio, or on the emulated one."""
    from ingest.scan import ask, scan

    if virtual is None:
        found = await scan(seconds=seconds)
        return await ask(found) if details else found
    async with virtual.pair() as pair:
        found = await scan(seconds=seconds, enough=lambda heard: len(heard) == len(pair.insoles), **pair.scanner)
        return await ask(found, scanner=pair.scanner, client=pair.client) if details else found


def as_dict(found: Found) -> dict[str, Any]:
    """For programs."""
    return {**asdict(found), "side": found.side and str(found.side), "signal": found.signal}


def table(found: Sequence[Found]) -> Any:
    """For people."""
    from rich.markup import escape
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold")
    named = any(one.name for one in found)
    for column in ("side", "address", "make", "signal", "battery", "firmware", *(["name"] if named else [])):
        made.add_column(column, no_wrap=column == "address")
    for one in found:
        dbm = "" if one.signal_dbm is None else f" ({one.signal_dbm} dBm)"
        battery = "not said" if one.battery_pct is None else f"{one.battery_pct} %"
        side = str(one.side or "not said")
        made.add_row(
            side,
            one.address,
            one.device,
            one.signal + dbm,
            battery,
            escape(one.firmware or "not said"),
            *([escape(one.name)] if named else []),
        )
    return made
