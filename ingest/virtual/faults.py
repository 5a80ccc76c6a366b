"""What goes wrong with virtual insoles, and when: a plan, written in a few words and played on a pair.

::

    drop    [SIDE:]DURATION@TIME   left:5s@12s    out of range for 5 s from second 12 on
    loss    [SIDE:]PERCENT         right:2%       the radio loses that part of the notifications
    jitter  [SIDE:]DURATION        20ms           each notification comes up to that much later
    drift   [SIDE:]PPM             left:-50ppm    the insole's clock runs fast (or slow) by that much

Without a side, both feet. Times are session seconds. Which notifications are lost and how late
each comes is random but the same each time.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import InsoleError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ingest.virtual.pair import VirtualPair

DRIFT_MAX_PPM = 500.0
"""A Bluetooth sleep clock is no further off (Bluetooth Core 5.4, Vol 6, Part B, 4.2.2)."""

JITTER_MAX_S = 1.0
"""More than a radio's jitter is a drop (our judgement)."""

_SECONDS = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_WHAT = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>[a-z%]*)")
_EXAMPLE = {"drop": "left:5s@12s", "loss": "right:2%", "jitter": "20ms", "drift": "left:50ppm"}


@dataclass(frozen=True)
class Drop:
    """A foot out of range during ``[start_s, stop_s)``, in session seconds."""

    side: Side
    start_s: float
    stop_s: float


@dataclass(frozen=True)
class FaultPlan:
    """What shall go wrong.

    Attributes
    ----------
    drops
        In order of time.
    loss
        Part of the notifications that the radio loses, 0 to 1, by side.
    jitter_s
        Notifications come up to so many seconds late, evenly spread, in order, by side.
    drift_ppm
        By how much each insole's clock runs fast; give it to ``virtual_pair``.
    seed
        Of the random numbers.
    """

    drops: tuple[Drop, ...] = ()
    loss: Mapping[Side, float] = field(default_factory=lambda: MappingProxyType({}))
    jitter_s: Mapping[Side, float] = field(default_factory=lambda: MappingProxyType({}))
    drift_ppm: Mapping[Side, float] = field(default_factory=lambda: MappingProxyType({}))
    seed: int = 0

    def loses(self, side: Side, number: int) -> bool:
        """Whether the radio loses the foot's notification of that number, counted from power-on."""
        return self._chance(side, number, 0) < self.loss.get(side, 0.0)

    def late_s(self, side: Side, number: int) -> float:
        """How much later than it should the foot's notification of that number is sent."""
        return self._chance(side, number, 1) * self.jitter_s.get(side, 0.0)

    def _chance(self, side: Side, number: int, what: int) -> float:
        """Evenly spread in [0, 1), for each notification its own, asked in any order."""
        return float(np.random.default_rng((self.seed, what, side is Side.RIGHT, number)).random())

    def apply(self, pair: VirtualPair) -> None:
        """Let a pair's radio lose and delay from now on."""
        for side in pair.insoles:
            if self.loss.get(side):
                pair.lose(side, partial(self.loses, side))
            if self.jitter_s.get(side):
                pair.delay(side, partial(self.late_s, side))

    async def play(self, pair: VirtualPair, zero_s: float) -> None:
        """Cut each foot off and bring it back, at the plan's times; returns when the last is back.

        Parameters
        ----------
        pair
            Feet that are not in it are left out.
        zero_s
            Second zero of the session, on ``pair.now``'s clock.
        """

        async def one(drop: Drop) -> None:
            await pair.until(zero_s + drop.start_s)
            await pair.cut(drop.side, zero_s + drop.stop_s - pair.now())

        async with asyncio.TaskGroup() as group:
            for drop in self.drops:
                if drop.side in pair.insoles:
                    group.create_task(one(drop))


def parse_plan(
    *, drop: Iterable[str] = (), loss: Iterable[str] = (), jitter: Iterable[str] = (), drift: Iterable[str] = ()
) -> FaultPlan:
    """Read a plan from its words; see the module for how each is written.

    Raises
    ------
    InsoleError
        If one cannot be understood, is out of range, or two contradict each other.
    """
    drops = sorted((d for text in drop for d in _drops(text)), key=lambda d: (d.start_s, d.side))
    for side in Side:
        mine = [d for d in drops if d.side is side]
        for a, b in pairwise(mine):
            if b.start_s < a.stop_s:
                raise InsoleError(
                    f"the {side} foot is dropped again at {b.start_s:g} s, before it is back; use one drop"
                )
    return FaultPlan(
        tuple(drops),
        _by_side("loss", loss, {"%": 0.01}, (0.0, 1.0)),
        _by_side("jitter", jitter, _SECONDS, (0.0, JITTER_MAX_S)),
        _by_side("drift", drift, {"ppm": 1.0}, (-DRIFT_MAX_PPM, DRIFT_MAX_PPM)),
    )


def _drops(text: str) -> list[Drop]:
    sides, what = _sides("drop", text)
    duration, at, start = what.partition("@")
    if not at:
        raise _unclear("drop", text, "it needs a duration and a time")
    duration_s, start_s = (_value("drop", text, part, _SECONDS) for part in (duration, start))
    if duration_s <= 0 or start_s < 0:
        raise _unclear("drop", text, "a drop lasts more than 0 s and begins at 0 s or later")
    return [Drop(side, start_s, start_s + duration_s) for side in sides]


def _by_side(
    option: str, texts: Iterable[str], units: Mapping[str, float], within: tuple[float, float]
) -> Mapping[Side, float]:
    found: dict[Side, float] = {}
    low, high = within
    for text in texts:
        sides, what = _sides(option, text)
        value = _value(option, text, what, units)
        if not low <= value <= high:
            unit, factor = next(iter(units.items()))
            raise _unclear(option, text, f"it goes from {low / factor:g} to {high / factor:g} {unit}")
        for side in sides:
            if side in found:
                raise _unclear(option, text, f"the {side} foot has two of them")
            found[side] = value
    return MappingProxyType(found)


def _sides(option: str, text: str) -> tuple[tuple[Side, ...], str]:
    side, colon, what = text.strip().lower().rpartition(":")
    if not colon:
        return tuple(Side), what
    if side not in list(Side):
        raise _unclear(option, text, f"{side!r} is no side; write left or right, or leave it out for both")
    return (Side(side),), what


def _value(option: str, text: str, what: str, units: Mapping[str, float]) -> float:
    found = _WHAT.fullmatch(what.strip())
    if found is None or found["unit"] not in units:
        raise _unclear(option, text, f"{what.strip()!r} is not a number with its unit ({', '.join(units)})")
    return float(found["number"]) * units[found["unit"]]


def _unclear(option: str, text: str, why: str) -> InsoleError:
    return InsoleError(f"--{option} {text}: {why}. For example: --{option} {_EXAMPLE[option]}")
