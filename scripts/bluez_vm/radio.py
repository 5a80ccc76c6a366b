"""On the host: two virtual insoles, and the controller that the guest takes for its adapter."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bumble.transport import open_transport

from ingest.virtual import virtual_pair
from ingest.virtual.radio import Radio
from insole.recording import Side
from insole.walker import Gait

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from ingest.virtual import VirtualPair
    from insole.walker import Walker

ADDRESS = "00:11:22:33:44:55"
GAIT = Gait(noise_kpa=1.0)
"""Its noise makes every sample another: none can be taken for the one before."""


@asynccontextmanager
async def pair_on(line: Path, walker: Walker, kind: str) -> AsyncIterator[VirtualPair]:
    """Two insoles of a kind in range of a controller at the end of a socket that the machine has opened."""
    async with await open_transport(f"unix-client:{line}") as wire, virtual_pair(walker, kind=kind) as pair:
        air = pair.insoles[Side.LEFT].radio.link
        Radio("BlueZ", host_source=wire.source, host_sink=wire.sink, link=air, public_address=ADDRESS)
        yield pair


async def cut_after(pair: VirtualPair, side: Side, samples: int, seconds: float) -> int:
    """Take a foot out of range once it has sent so many samples; returns how many it had then."""
    insole = pair.insoles[side]
    while insole.sent_samples < samples:  # noqa: ASYNC110 (nobody tells)
        await asyncio.sleep(0.05)
    sent = insole.sent_samples
    await pair.cut(side, seconds)
    return sent
