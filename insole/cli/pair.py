"""``insole pair`` and ``insole devices``: which insoles are the user's own."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, err, out, print_json
from insole.cli.scan import Seconds, look
from insole.cli.virtual import Kind, virtual_session
from insole.errors import LinkError
from insole.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ingest.scan import Found
    from insole.remembered import Remembered


def pair(
    left: Annotated[str | None, typer.Option(metavar="ADDRESS", help="The left insole, if several are near.")] = None,
    right: Annotated[str | None, typer.Option(metavar="ADDRESS", help="The right insole, if several are near.")] = None,
    seconds: Seconds = 5.0,
    virtual: Kind = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Remember a left and a right insole, so that `insole collect` takes these and no others."""
    from insole.cli.near import NOTHING_NEAR, choose
    from insole.disk import data_folder
    from insole.remembered import Remembered, remember

    wanted = {side: address for side, address in ((Side.LEFT, left), (Side.RIGHT, right)) if address is not None}
    found = asyncio.run(look(seconds, details=True, virtual=virtual_session(virtual)))
    if not found:
        raise LinkError(NOTHING_NEAR)
    chosen = choose(found, wanted)
    _check(chosen)
    insoles = {side: Remembered(side, one.device, one.address, one.name) for side, one in chosen.items()}
    now: Mapping[Side, Remembered] = insoles if virtual else remember(data_folder(data), insoles)
    if as_json:
        print_json({"remembered": [_as_dict(insole) for insole in insoles.values()], "missing": _missing(now)})
        return
    for insole in insoles.values():
        out.print(f"The {insole.side} insole is {insole.address} ({insole.device}).", markup=False)
    if virtual:
        out.print("They are virtual, so this was practice: nothing is remembered, and your own stay as they were.")
    for side in _missing(now):
        err.print(f"No {side} insole is near; bring it near and pair again. The other is remembered.", style="yellow")


def devices(
    forget: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Forget the insole of that address.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the insoles that are remembered, or forget one."""
    from insole.disk import data_folder
    from insole.remembered import forget as forget_one
    from insole.remembered import read_remembered

    folder = data_folder(data)
    gone = None if forget is None else forget_one(folder, forget)
    known = read_remembered(folder)
    if as_json:
        print_json([_as_dict(insole) for insole in known.values()])
        return
    if gone is not None:
        out.print(f"Forgot the {gone.side} insole, {gone.address}.", markup=False)
    if known:
        out.print(_table(known.values()))
    else:
        out.print("No insole is remembered. Bring yours near and run [bold]insole pair[/].")


def _check(chosen: Mapping[Side, Found]) -> None:
    """Only an insole that answered is remembered: it is of the side that it advertises, and works."""
    if not chosen:
        raise LinkError("the insoles that are near do not say which foot they are for; see `insole scan --details`")
    for side, one in chosen.items():
        if one.problem:
            raise LinkError(f"the {side} insole, {one.address}: {one.problem}")


def _missing(known: Mapping[Side, Remembered]) -> list[str]:
    return [str(side) for side in Side if side not in known]


def _as_dict(insole: Remembered) -> dict[str, Any]:
    return {**asdict(insole), "side": str(insole.side)}


def _table(insoles: Iterable[Remembered]) -> Any:
    from rich.markup import escape
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("side", "address", "make", "name"):
        made.add_column(column)
    for insole in insoles:
        made.add_row(str(insole.side), escape(insole.address), insole.device, escape(insole.name))
    return made
