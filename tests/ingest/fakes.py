"""Links that are only bytes, and a session over them that ends when all were delivered."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import numpy as np

from ingest.collector import collect
from insole.devices import Device, Packet, find_device
from insole.errors import LinkError
from insole.layout import load_layout
from insole.recording import FootMeta, Side, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.sink import Sink
    from insole.recording import Chunk
    from insole.typing import F64
    from tests.ingest.sinks import MemorySink

DEVICE = find_device("open-insole")
LAYOUT = load_layout("open-insole-16")
META = {side: FootMeta(side, LAYOUT, Unit.COUNTS, 100.0) for side in Side}
K = 4


def values(sample: int, k: int = K, n: int = 16) -> np.ndarray:
    """Counts that tell which sample and sensor they are."""
    return ((np.arange(sample, sample + k)[:, None] * 31 + np.arange(n)) % 4096).astype(np.uint16)


def payload(sample: int, k: int = K, n: int = 16) -> bytes:
    return DEVICE.encode(Packet(sample, 7_000_000 + sample * 10_000, 10_000, values(sample, k, n), n))


RECONNECT = b"reconnect"


class FakeLink:
    """Delivers given payloads, each ``K`` samples later, then waits until it is told to stop."""

    device: Device = DEVICE
    name, firmware = "fake", "1.0"
    battery_pct: int | None = 50
    signal_dbm: int | None = -58

    def __init__(self, side: Side, script: Sequence[bytes], *, fails: Exception | None = None) -> None:
        self.side, self.script, self.fails = side, script, fails
        self.connections = 0
        self.disconnects = 0
        self.delivered = asyncio.Event()
        self.now = 1000.0
        self._closed = asyncio.Event()

    async def connect(self) -> FootMeta:
        if self.fails is not None:
            raise self.fails
        return META[self.side]

    async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
        self.connections = 1
        for item in self.script:
            self.now += 0.01 * K
            if item == RECONNECT:
                self.connections += 1
            else:
                on_payload(item, self.now)
            await asyncio.sleep(0)
        self.delivered.set()
        await self._closed.wait()

    async def ask(self, command: bytes) -> bool:
        return False

    async def disconnect(self) -> None:
        self.disconnects += 1
        self._closed.set()


class AbsentLink(FakeLink):
    async def connect(self) -> FootMeta:
        await asyncio.Event().wait()
        raise AssertionError


async def gathered(
    links: Sequence[FakeLink],
    sink: Sink | MemorySink | object,
    *,
    on_chunk: Callable[[Chunk, F64], None] | None = None,
    wait_s: float = 5.0,
) -> dict:
    """Collect until every link that connects has delivered its script."""
    stop = asyncio.Event()

    async def stop_when_delivered() -> None:
        await asyncio.gather(*(link.delivered.wait() for link in links if not isinstance(link, AbsentLink)))
        stop.set()

    stopper = asyncio.create_task(stop_when_delivered())
    try:
        summary = await collect(
            links,
            open_sink=getattr(sink, "open", lambda _: sink),
            stop=stop,
            on_chunk=on_chunk,
            wait_s=wait_s,
            now=lambda: 1000.0,
        )
    finally:
        stopper.cancel()
    return json.loads(json.dumps(summary.to_json()))


def walk(start: int, stop: int) -> list[bytes]:
    return [payload(i) for i in range(start, stop, K)]


class LateLink(FakeLink):
    """Is not there when a session begins, and comes once it may; on its clock, at ``comes_s``."""

    def __init__(self, side: Side, script: Sequence[bytes], *, comes_s: float = 1000.0) -> None:
        super().__init__(side, script)
        self.now = comes_s
        self.asked = 0
        self.may_come = asyncio.Event()
        self.looking = False

    async def connect(self) -> FootMeta:
        self.asked += 1
        if self.asked == 1:
            raise LinkError("nobody answers")  # so that the session begins at once, and not after a wait
        self.looking = True
        try:
            await self.may_come.wait()
        finally:
            self.looking = False
        return await super().connect()
