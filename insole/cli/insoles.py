"""Insoles for a station: those that are near, or virtual ones with somebody on them who does as told."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insole.recording import About

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from ingest.link import Link
    from insole.walker import Actor


@dataclass(frozen=True, eq=False)
class Insoles:
    """Insoles to collect from.

    Attributes
    ----------
    links
        One a foot.
    about
        What is known of every recording of them.
    now
        The clock of arrivals.
    actor
        Who is on virtual ones.
    """

    links: Sequence[Link]
    about: About
    now: Callable[[], float] = time.monotonic
    actor: Actor | None = None


def nearby(data: Path | None) -> Callable[[], AbstractAsyncContextManager[Insoles]]:
    """The pair that is remembered, or a left and a right insole that are near."""

    @asynccontextmanager
    async def provide() -> AsyncIterator[Insoles]:
        from insole.cli.near import links
        from insole.disk import data_folder
        from insole.remembered import read_remembered

        found = await links(read_remembered(data_folder(data)))
        titles = {link.device.title.partition(",")[0] for link in found}
        yield Insoles(found, About(device=", ".join(sorted(titles))))

    return provide


def virtual(kind: str, *, speed: float = 1.0) -> Callable[[], AbstractAsyncContextManager[Insoles]]:
    """Virtual insoles of a kind, with somebody on them who walks until told to do something else."""

    @asynccontextmanager
    async def provide() -> AsyncIterator[Insoles]:
        from ingest.virtual import virtual_actor, virtual_pair
        from insole.cli.virtual import gait, title

        actor = virtual_actor(gait(), kind)
        about = About(
            body_mass_kg=gait().body_mass_kg,
            device=title(kind),
            notes=("Virtual insoles: a model walked, not a person.",),
        )
        async with virtual_pair(actor, kind=kind, speed=speed) as pair:
            yield Insoles(pair.links, about, pair.now, actor)

    return provide
