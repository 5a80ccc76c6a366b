"""Virtual insoles on the command line: which kind, how fast, and what shall go wrong."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from insole.errors import InsoleError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from ingest.virtual import VirtualPair
    from ingest.virtual.faults import FaultPlan
    from insole.walker import Gait, Walker


OPEN_KINDS = ("open16", "open99")
"""Kinds of the Open Insole profile, which carries any layout: they can play any recording."""

KINDS = (*OPEN_KINDS, "orphe", "brilliant")
"""Names of ``ingest.virtual.KINDS``, which is not imported only to be listed in a help text."""

DEFAULT_KIND = "open16"

OPTION = "--virtual"

Kind = Annotated[
    str | None,
    typer.Option(
        OPTION,
        metavar="[KIND]",
        show_default=False,
        help=f"Two virtual insoles on an emulated radio: {', '.join(KINDS)} ({DEFAULT_KIND} if left out).",
    ),
]
Speed = Annotated[float, typer.Option(help="How much faster than ours the virtual insoles' time runs.", min=0.01)]
_FAULT: dict[str, Any] = {"rich_help_panel": "What shall go wrong (virtual insoles)"}
Drop = Annotated[list[str] | None, typer.Option(metavar="[SIDE:]5s@12s", help="Out of range.", **_FAULT)]
Loss = Annotated[list[str] | None, typer.Option(metavar="[SIDE:]2%", help="Lose notifications.", **_FAULT)]
Jitter = Annotated[list[str] | None, typer.Option(metavar="[SIDE:]20ms", help="Deliver late.", **_FAULT)]
Drift = Annotated[list[str] | None, typer.Option(metavar="[SIDE:]50ppm", help="Let a clock run fast.", **_FAULT)]


class MayNameAKind(TyperCommand):
    """A command whose ``--virtual`` may be followed by a kind, or not."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in the kind that was left out."""
        return super().parse_args(ctx, with_kind(args))


def with_kind(args: Sequence[str]) -> list[str]:
    """The arguments with the default kind after each ``--virtual`` that nothing but another option follows."""
    said: list[str] = []
    for i, arg in enumerate(args):
        said.append(arg)
        if arg == OPTION and (i + 1 == len(args) or args[i + 1].startswith("-")):
            said.append(DEFAULT_KIND)
    return said


@dataclass(frozen=True)
class VirtualSession:
    """Virtual insoles that somebody asked for.

    Attributes
    ----------
    kind
        A name of ``KINDS``.
    plan
        What shall go wrong.
    speed
        How much faster than ours their time runs.
    """

    kind: str
    plan: FaultPlan
    speed: float = 1.0

    @property
    def walker(self) -> Walker:
        """What they walk."""
        return walker(self.kind)

    @property
    def title(self) -> str:
        """Their make, for people; it says that they are virtual."""
        return title(self.kind)

    @asynccontextmanager
    async def pair(self) -> AsyncIterator[VirtualPair]:
        """The insoles, switched on; they lose and delay as planned. Drops are for ``FaultPlan.play``."""
        from ingest.virtual import virtual_pair

        plan = self.plan
        async with virtual_pair(self.walker, kind=self.kind, drift_ppm=plan.drift_ppm, speed=self.speed) as pair:
            plan.apply(pair)
            yield pair


def title(kind: str) -> str:
    """The make of virtual insoles of a kind, for people; it says that they are virtual."""
    from ingest.virtual import KINDS as MADE

    make = MADE[kind].device.title.partition(",")[0]
    return f"{make.removesuffix(' profile')} (virtual)"


def gait() -> Gait:
    """What the virtual insoles walk: a stride a second, a little more load on the right, some noise."""
    from insole.walker import Gait

    return Gait(cadence_spm=120.0, load_symmetry_index_pct=8.0, noise_kpa=1.0)


def walker(kind: str = DEFAULT_KIND) -> Walker:
    """The walker on insoles of a kind.

    Raises
    ------
    LinkError
        If there is no such kind.
    """
    from ingest.virtual import virtual_walker

    return virtual_walker(gait(), kind)


def walker_answers(of: Walker) -> dict[str, Any]:
    """What the virtual insoles walk, as an analysis should find it, by the names of the values."""
    truth = of.truth
    return {
        "cadence_spm": truth.cadence_spm,
        "stride_time_s": truth.stride_time_s,
        "stance_time_s": truth.stance_time_s,
        "double_support_pct": truth.double_support_pct,
        "load_symmetry_index_pct": truth.load_symmetry_index_pct,
        "load_share_pct": {str(side): share for side, share in truth.load_share_pct.items()},
    }


def virtual_session(
    kind: str | None,
    *,
    speed: float = 1.0,
    drop: Sequence[str] | None = None,
    loss: Sequence[str] | None = None,
    jitter: Sequence[str] | None = None,
    drift: Sequence[str] | None = None,
) -> VirtualSession | None:
    """What the options ask for; None if for no virtual insoles.

    Raises
    ------
    InsoleError
        If an option cannot be understood, or asks real insoles to fail or hurry.
    """
    from ingest.virtual.faults import parse_plan

    faults = {"drop": drop, "loss": loss, "jitter": jitter, "drift": drift}
    if kind is None:
        given = [f"--{name}" for name, texts in faults.items() if texts] + (["--speed"] if speed != 1.0 else [])
        if given:
            raise InsoleError(f"{', '.join(given)}: only virtual insoles can do that; add {OPTION}")
        return None
    walker(kind)
    return VirtualSession(kind, parse_plan(**{name: texts or () for name, texts in faults.items()}), speed)
