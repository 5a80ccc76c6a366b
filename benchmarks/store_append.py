"""Many insoles into one store, each second durable, as docs/performance.md quotes it.

    python -m benchmarks.store_append --pairs 200 --seconds 60
    INSOLE_DATABASE=postgresql://... python -m benchmarks.store_append

Each pair is a recording of its own: two feet of 16 sensors at 100 Hz, appended once a second, the pairs spread
over it as insoles that were switched on by hand are. An append's time is from asking for it until it is on
the disk, with what it waits for others. The floor is what the disk needs for the same bytes a second: one
file, written and flushed each time an append group is.
"""

from __future__ import annotations

# ruff: noqa: SLF001 - it counts commits where they are made
import argparse
import asyncio
import os
import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from sqlalchemy import event

from insole.layout import load_layout
from insole.recording import About, Chunk, FootMeta, Side, Unit
from insole.store import Store, Writer
from insole.walker import Gait, Walker, nominal_calibration

RATE = 100
THREADS = 200


class Times:
    """What the store was asked and how long it took, in ms."""

    def __init__(self) -> None:
        self.appends: list[float] = []
        self.late: list[float] = []
        self.commits = 0


def seconds() -> dict[Side, np.ndarray]:
    """A minute of a walk, to be sent again and again."""
    layout = load_layout("open-insole-16")
    walker = Walker(Gait(noise_kpa=1), layout)
    return {side: walker.counts(side, 0, 60 * RATE, nominal_calibration(layout)) for side in Side}


async def wear(writer: Writer, walk: dict[Side, np.ndarray], until: float, pool: ThreadPoolExecutor, t: Times) -> None:
    loop = asyncio.get_running_loop()
    due = time.perf_counter() + random.random()
    k = 0
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        began = time.perf_counter()
        us = (np.arange(RATE) + RATE * k) * 10_000
        rows = slice(RATE * (k % 60), RATE * (k % 60 + 1))
        chunks = [Chunk(side, RATE * k, walk[side][rows], us, k + 1.0) for side in Side]
        await loop.run_in_executor(pool, writer.append, chunks)
        ended = time.perf_counter()
        t.appends.append(1e3 * (ended - began))
        t.late.append(1e3 * (began - due))
        k, due = k + 1, due + 1.0


def floor_ms(folder: Path, size: int, times: int) -> list[float]:
    """To append so many bytes to a file and wait for the disk, each time."""
    took = []
    data = os.urandom(size)
    with (folder / "floor").open("wb", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(data)
            os.fdatasync(file.fileno())
            took.append(1e3 * (time.perf_counter() - began))
    return took


def show(what: str, took: list[float]) -> None:
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    print(f"{what}: median {p50:.1f}, 95 % {p95:.1f}, 99 % {p99:.1f}, most {max(took):.1f} ms")


async def run(store: Store, pairs: int, seconds_s: float) -> Times:
    layout, walk, t = load_layout("open-insole-16"), seconds(), Times()
    feet = {side: FootMeta(side, layout, Unit.COUNTS, RATE, nominal_calibration(layout)) for side in Side}
    writers = [store.begin(datetime.now(UTC), About(), feet) for _ in range(pairs)]

    @event.listens_for(store._database._engine, "commit")
    def count(_connection: object) -> None:
        t.commits += 1

    began, cpu, until = time.perf_counter(), time.process_time(), time.perf_counter() + seconds_s
    with ThreadPoolExecutor(THREADS) as pool:
        await asyncio.gather(*(wear(writer, walk, until, pool, t) for writer in writers))
    took, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    size = sum(foot.nbytes for foot in walk.values()) // 60 + 2 * 8 * RATE
    print(f"{pairs} pairs for {took:.0f} s: {len(t.appends)} appends of {size / 1e3:.1f} kB in {t.commits} commits")
    print(f"processor: {100 * cpu_s / took:.0f} % of a core")
    show("an append, until it is on the disk", t.appends)
    show("begun late, which is the machine's", t.late)
    return t


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Store.open(os.environ.get("INSOLE_DATABASE") or folder / "store") as store:
            t = asyncio.run(run(store, asked.pairs, asked.seconds))
        a_commit = int(len(t.appends) / t.commits * 8000)
        show(f"floor: {a_commit / 1e3:.0f} kB to a file and flushed", floor_ms(folder, a_commit, 300))


if __name__ == "__main__":
    main()
