"""What one notification costs the collector, stage by stage, as docs/performance.md quotes it.

    python -m benchmarks.notification

No radio: the bytes of a virtual insole are ready, and each stage is given them all. Processor
time of this process, the best of several rounds, in microseconds per notification.
"""

from __future__ import annotations

import asyncio
import os
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.loads import LOADS
from ingest.buffer import Ring
from ingest.clock import ClockEstimate
from ingest.foot import Foot
from ingest.timeline import Timeline
from ingest.virtual import KINDS
from insole.devices import Packet, join
from insole.recording import Chunk, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.loads import Load
    from ingest.link import Link
    from insole.recording import FootMeta

NOTIFICATIONS = 3000
ROUNDS = 7
PAYLOAD_MAX = 244


def payloads(load: Load) -> tuple[FootMeta, list[bytes]]:
    """What a foot is, and its first notifications."""
    walker, kind = load.walker(), KINDS[load.kind]
    meta = kind.meta(Side.LEFT, walker, None)
    firmware = kind.firmware(meta)
    k, period_us = firmware.at_once(PAYLOAD_MAX), round(1e6 / meta.rate_hz)
    counts = walker.counts(Side.LEFT, 0, k * NOTIFICATIONS, meta.calibration)
    packets = (
        Packet(first, first * period_us, period_us, counts[first : first + k], meta.layout.n_sensors)
        for first in range(0, len(counts), k)
    )
    return meta, [message for packet in packets for message in firmware.messages(packet, PAYLOAD_MAX)]


def cost_us(prepare: Callable[[], Callable[[Any], object]], items: Sequence[Any]) -> float:
    """Microseconds of processor time for one of ``items``, given to what ``prepare`` makes anew each round."""

    def one_round() -> float:
        stage = prepare()
        began = time.process_time()
        for item in items:
            stage(item)
        return time.process_time() - began

    return 1e6 * min(one_round() for _ in range(ROUNDS)) / len(items)


def stages(load: Load) -> Iterable[tuple[str, float]]:
    """Each stage and what it costs."""
    meta, messages = payloads(load)
    device, sensors = KINDS[load.kind].device, meta.layout.n_sensors
    packets = [device.decode(message) for message in messages]
    chunks = [
        Chunk(meta.side, p.counter, p.samples, p.times_us(p.device_us), p.device_us * 1e-6, None) for p in packets
    ]
    wrap = {"counter_bits": device.counter_bits, "time_wrap_us": device.time_wrap_us, "rate_hz": meta.rate_hz}

    def place() -> Callable[[Packet], object]:
        line = Timeline(**wrap)
        return lambda packet: line.place(packet, packet.device_us * 1e-6)

    def push() -> Callable[[Chunk], object]:
        return Ring(meta.side, sensors, round(60 * meta.rate_hz)).push

    def fit() -> Callable[[Packet], object]:
        clock = ClockEstimate()
        return lambda packet: clock.add(packet.device_us, packet.device_us * 1e-6)

    def receive(*, seen: bool) -> Callable[[bytes], object]:
        link = cast("Link", SimpleNamespace(device=device, connections=1))
        foot = Foot(link, meta, start_s=0.0, on_chunk=(lambda _chunk, _time_s: None) if seen else None)
        arrivals = iter(range(len(messages)))
        return lambda message: foot.receive(message, next(arrivals) / meta.rate_hz)

    yield "decode", cost_us(lambda: device.decode, messages)
    yield "join", cost_us(lambda: lambda packet: join([packet]), packets)
    yield "place", cost_us(place, packets)
    yield "clock", cost_us(fit, packets)
    yield "ring", cost_us(push, chunks)
    yield "all", cost_us(lambda: receive(seen=False), messages)
    yield "all, with a live view", cost_us(lambda: receive(seen=True), messages)


async def main() -> None:
    for name in ("stress", "open99", "open16"):
        told = ", ".join(f"{stage} {us:.1f}" for stage, us in stages(LOADS[name]))
        print(f"{LOADS[name].title}: {told} us", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
