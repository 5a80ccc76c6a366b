"""Which insoles to use: those that are remembered, or a left and a right one that are near, by their own word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insole.devices import find_device
from insole.errors import LinkError
from insole.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.link import Link
    from ingest.scan import Found
    from insole.remembered import Remembered

NOTHING_NEAR = (
    "No insole is near. Is it charged, switched on, worn or moved, and within a few metres? "
    "One that is connected to a phone or another computer does not show itself: close that app first."
)

LOOK_S = 20.0
"""How long `insole collect` looks for a pair that is not remembered (our judgement)."""


async def links(remembered: Mapping[Side, Remembered]) -> Sequence[Link]:
    """The insoles to collect from.

    Parameters
    ----------
    remembered
        Those that were paired: they and no others are taken, by address. If there are none, the
        strongest left and right of one make are; of a make that tells its side only when asked,
        the first of each side to answer.

    Raises
    ------
    LinkError
        If nothing is remembered and no insole is near, or the radio cannot be used.
    """
    from ingest.finding import Search
    from ingest.link import BleLink
    from ingest.scan import scan

    search = Search()

    def link(side: Side, make: str, address: str | None) -> Link:
        return BleLink(side, find_device(make), address=address, search=search)

    if remembered:
        return [link(side, one.device, one.address) for side, one in remembered.items()]
    found = await scan(seconds=LOOK_S, enough=lambda heard: has_both(heard.values()))
    if not found:
        raise LinkError(NOTHING_NEAR)
    make = best_make(found)
    nearest = [(side, strongest(found, make, side)) for side in Side]
    return [link(side, make, one.address if one else None) for side, one in nearest]


def has_both(found: Iterable[Found]) -> bool:
    """Whether a left and a right insole of one make are among them; any two of one that tells no side."""
    found = tuple(found)
    return any(_feet(found, one.device) == len(Side) for one in found)


def best_make(found: Sequence[Found]) -> str:
    """The make of which most feet are near; the more strongly received of two."""

    def rank(one: Found) -> tuple[int, int]:
        return _feet(found, one.device), _dbm(one)

    return max(found, key=rank).device


def _feet(found: Iterable[Found], make: str) -> int:
    """How many feet there are insoles of a make for; each that tells no side may be for one more."""
    near = [one for one in found if one.device == make]
    told = {one.side for one in near if one.side is not None}
    return min(len(Side), len(told) + sum(one.side is None for one in near))


def strongest(found: Iterable[Found], make: str, side: Side) -> Found | None:
    """The insole of a make and side that is received best; None if there is none."""
    return max((one for one in found if (one.device, one.side) == (make, side)), key=_dbm, default=None)


def choose(found: Sequence[Found], wanted: Mapping[Side, str]) -> dict[Side, Found]:
    """The left and the right insole to remember.

    Parameters
    ----------
    found
        What is near, each with its side.
    wanted
        Addresses that the user named, by side.

    Raises
    ------
    LinkError
        If one that was named is not near or of the other foot, two of one foot are near and
        none was named, or left and right are of different makes.
    """
    chosen = {side: one for side in Side if (one := _choose(found, side, wanted.get(side))) is not None}
    makes = {one.device for one in chosen.values()}
    if len(makes) > 1:
        raise LinkError(
            f"the left and the right insole are of different makes ({', '.join(sorted(makes))}), so their numbers "
            "cannot be held against each other; name the pair with --left and --right"
        )
    return chosen


def _choose(found: Sequence[Found], side: Side, address: str | None) -> Found | None:
    if address is not None:
        return _named(found, side, address)
    candidates = [one for one in found if one.side is side]
    if len(candidates) > 1:
        listed = ", ".join(f"{one.address} ({one.signal})" for one in candidates)
        raise LinkError(f"{len(candidates)} {side} insoles are near: {listed}; say which with --{side} ADDRESS")
    return candidates[0] if candidates else None


def _named(found: Sequence[Found], side: Side, address: str) -> Found:
    one = next((one for one in found if one.address.casefold() == address.strip().casefold()), None)
    if one is None:
        there = ", ".join(other.address for other in found) or "none"
        raise LinkError(f"no insole of address {address!r} is near; near: {there}")
    if one.side is not side:
        raise LinkError(f"{one.address} is the {one.side or 'unknown'} insole, by its own word, not the {side} one")
    return one


def _dbm(one: Found) -> int:
    return -999 if one.signal_dbm is None else one.signal_dbm
