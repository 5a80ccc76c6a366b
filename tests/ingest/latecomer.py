"""A process of its own in which a right foot joins late: ``python -m tests.ingest.latecomer FOLDER``.

It prints the recording's id, then ``right N`` once N samples of that foot are stored; then it waits to be killed.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from ingest import arrivals
from ingest.collector import collect
from insole.recording import About, Side
from insole.store import Store
from tests.ingest.fakes import FakeLink, LateLink, walk
from tests.store.appender import say
from tests.store.samples import STARTED_AT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insole.recording import Chunk, FootMeta

arrivals.AGAIN_S = 0.0


class Telling:
    """The store's writer, which says when samples of the right foot are safe."""

    def __init__(self, store: Store, feet: Mapping[Side, FootMeta]) -> None:
        self._writer = store.begin(STARTED_AT, About(), feet)
        say(self._writer.id)

    def append(self, chunks: Sequence[Chunk]) -> None:
        self._writer.append(chunks)
        right = sum(len(chunk.samples) for chunk in chunks if chunk.side is Side.RIGHT)
        if right:
            say(f"right {right}")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


async def main(folder: str) -> None:
    late = LateLink(Side.RIGHT, walk(800, 1000), comes_s=1002.0)
    with Store.open(folder) as store:
        await collect(
            [FakeLink(Side.LEFT, walk(0, 400)), late],
            open_sink=lambda feet: Telling(store, feet),
            on_chunk=lambda chunk, _: late.may_come.set() if chunk.stop_sample >= 200 else None,
            now=lambda: 1000.0,
        )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
