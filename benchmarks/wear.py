"""A long wear of two virtual insoles, as fast as this computer can, as docs/performance.md quotes it.

    python -m benchmarks.wear --hours 8 --speed 100

The whole way: emulated radio, bleak, collector, store and live view, then sealing and analysis.
Memory is the process's own (resident), Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from analysis.live import LiveView
from analysis.recipe import analyse
from benchmarks.memory import Memory
from ingest.collector import collect
from ingest.virtual import virtual_pair
from insole.layout import load_layout
from insole.recording import About
from insole.store import Store
from insole.walker import Gait, Walker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.summary import Summary
    from insole.recording import Chunk, FootMeta, Side
    from insole.store import Writer
    from insole.typing import F64

GAIT = Gait(cadence_spm=110.0, load_symmetry_index_pct=8.0, noise_kpa=1.0)


class Wear:
    """The sink and the live view of one wear, with a note of memory after a minute and each five of it."""

    def __init__(self, store: Store, duration_s: float) -> None:
        self.store, self.duration_s = store, duration_s
        self.stop = asyncio.Event()
        self.memory = Memory()
        self.seal_s = 0.0
        self.writer: Writer
        self._view: LiveView

    def open(self, feet: Mapping[Side, FootMeta]) -> Wear:
        self.writer = self.store.begin(datetime.now(UTC), About(device="Open Insole (virtual)"), feet)
        self._view = LiveView(feet)
        self.append, self.set_clock = self.writer.append, self.writer.set_clock
        return self

    def seal(self) -> None:
        began = time.perf_counter()
        self.writer.seal()
        self.seal_s = time.perf_counter() - began

    def on_chunk(self, chunk: Chunk, time_s: F64) -> None:
        self._view.push(chunk, time_s)
        now_s = float(time_s[-1])
        if self.memory.note(now_s):
            print(f"{now_s / 60:8.1f} min worn {self.memory.marks_mb[-1]:8.1f} MB resident", flush=True)
        if now_s >= self.duration_s:
            self.stop.set()


async def wear(store: Store, duration_s: float, speed: float) -> tuple[Wear, Summary]:
    async with virtual_pair(Walker(GAIT, load_layout("open-insole-16")), speed=speed) as pair:
        worn = Wear(store, duration_s)
        summary = await collect(pair.links, open_sink=worn.open, stop=worn.stop, on_chunk=worn.on_chunk, now=pair.now)
        return worn, summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--speed", type=float, default=20.0, help="at most")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store.open(folder) as store:
        began, cpu = time.perf_counter(), time.process_time()
        worn, summary = asyncio.run(wear(store, 3600 * asked.hours, asked.speed))
        took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
        print(f"took {took_s:.0f} s, {cpu_s:.0f} s of a core: {3600 * asked.hours / took_s:.0f} times real time")
        for side, foot in summary.feet.items():
            print(
                f"{side}: {foot.samples} samples, {foot.lost} lost, {foot.overruns} overrun, {foot.duplicates} double"
            )
            print(f"  buffer {foot.buffer_samples} samples, {foot.buffer_bytes / 1e3:.0f} kB")
        worn.memory.end()
        first, *_, last = worn.memory.marks_mb
        print(f"memory: start {first:.1f}, most {max(worn.memory.marks_mb):.1f}, end {last:.1f} MB")
        print(f"slowest append {1e3 * summary.slowest_append_s:.0f} ms; sealed in {worn.seal_s:.2f} s")
        print(f"sync uncertainty {summary.sync_uncertainty_ms:.2f} ms of the virtual time")
        began = time.perf_counter()
        report = analyse(store.read(worn.writer.id))
        index = report.get("load_symmetry_index_pct")
        print(f"analysed in {time.perf_counter() - began:.2f} s: symmetry index {index.value if index else None}")
        print(f"on disk {sum(p.stat().st_size for p in Path(folder).iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
