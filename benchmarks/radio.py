"""Two virtual insoles at full rate through each level of the emulated radio, as docs/performance.md quotes it.

    python -m benchmarks.radio [--seconds 60] [--level process] [--only stress] [--no-qemu]

Each line is a process of its own: the collector and the real store. "In process" has the insoles
and the radio in it too; with "MiniBluez" they are in another, and the collector's is measured
alone. "Exact" says whether each stored sample is, bit by bit, what the insole played in its place.
Latency is from the instant at which an insole begins to send a notification until the
collector has decoded it, both on this computer's clock. What an insole sends between the end of the
session and being told of it is not taken. Memory is the process's own (resident), after one
minute, five, ten and so on as far as it lasts, and at the end; then the buffer between radio and
store, both feet.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from shutil import which
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.loads import LOADS, is_exact
from benchmarks.memory import Memory
from ingest.collector import collect
from ingest.finding import Search
from ingest.link import BleLink
from ingest.virtual import virtual_pair
from insole.recording import About, Side
from insole.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from benchmarks.loads import Load
    from ingest.virtual import VirtualPair
    from insole.recording import Chunk, ClockFit, FootMeta
    from insole.store import Writer
    from insole.typing import F64


TIMED = 60_000
"""Notifications of each foot whose latency is kept: a long run's memory is not to be the benchmark's own."""

LEVELS = {"process": "in process", "minibluez": "MiniBluez"}


class Meter:
    """The store's writer, with the processor's time and memory while it is open, and each chunk's latency."""

    def __init__(self, store: Store) -> None:
        self.recording_id = ""
        self.arrived_s: dict[Side, list[float]] = {side: [] for side in Side}
        self.cpu_pct = 0.0
        self.memory = Memory()
        self._store = store
        self._writer: Writer
        self._began = (0.0, 0.0)

    def open(self, feet: Mapping[Side, FootMeta]) -> Meter:
        self._writer = self._store.begin(datetime.now(UTC), About(), feet)
        self.recording_id = self._writer.id
        self._began = (time.monotonic(), time.process_time())
        return self

    def append(self, chunks: list[Chunk]) -> None:
        self._writer.append(chunks)
        self.memory.note(time.monotonic() - self._began[0])

    def add_foot(self, meta: FootMeta) -> None:
        self._writer.add_foot(meta)

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        self._writer.set_clock(side, fit)

    def seal(self) -> None:
        wall, cpu = self._began
        self.cpu_pct = 100 * (time.process_time() - cpu) / (time.monotonic() - wall)
        self.memory.end()
        self._writer.seal()

    def on_chunk(self, chunk: Chunk, _time_s: F64) -> None:
        if len(self.arrived_s[chunk.side]) < TIMED:
            self.arrived_s[chunk.side].append(time.monotonic())


@asynccontextmanager
async def emulated(level: str, load: Load) -> AsyncIterator[tuple[VirtualPair, str]]:
    """The insoles; with MiniBluez also the address of its bus."""
    async with AsyncExitStack() as stack:
        pair, address = await stack.enter_async_context(virtual_pair(load.walker(), kind=load.kind)), ""
        if level == "minibluez":
            from ingest.virtual.minibluez import mini_bluez

            address = (await stack.enter_async_context(mini_bluez(pair))).address
        yield pair, address


class Log:
    """When the first notifications of a pair were sent, on this computer's clock; none is lost."""

    def __init__(self, pair: VirtualPair) -> None:
        self._pair = pair
        self._at_s: dict[Side, list[float]] = {side: [] for side in pair.insoles}
        for side in pair.insoles:
            pair.lose(side, partial(self._note, side))

    def _note(self, side: Side, _number: int) -> bool:
        if len(self._at_s[side]) < TIMED:
            self._at_s[side].append(time.monotonic())
        return False

    def to_json(self) -> dict[str, Any]:
        samples = sum(insole.sent_samples for insole in self._pair.insoles.values())
        return {"samples": samples, "at_s": {str(side): at_s for side, at_s in self._at_s.items()}}


async def emulate(load: Load) -> None:
    """The other process: insoles and BlueZ, until its input ends."""
    async with emulated("minibluez", load) as (pair, address):
        log = Log(pair)
        print(json.dumps({"address": address}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps(log.to_json()), flush=True)


async def in_process(meter: Meter, load: Load, seconds: float) -> tuple[Any, dict[str, Any]]:
    async with emulated("process", load) as (pair, _):
        log = Log(pair)
        summary = await collect(pair.links, open_sink=meter.open, on_chunk=meter.on_chunk, duration_s=seconds)
        return summary, log.to_json()


async def over_minibluez(meter: Meter, name: str, seconds: float) -> tuple[Any, dict[str, Any]]:
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.radio", "emulate", name),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert other.stdout is not None
    told = json.loads(await other.stdout.readline())
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = told["address"]
    search = Search()
    links = [BleLink(side, LOADS[name].device, search=search) for side in Side]
    summary = await collect(links, open_sink=meter.open, on_chunk=meter.on_chunk, duration_s=seconds)
    rest, _ = await other.communicate(b"")
    return summary, json.loads(rest)


def latency_s(sent_s: Sequence[float], arrived_s: Sequence[float]) -> F64:
    """Of the notifications that arrived: all in their order, but for those after the end."""
    return np.array(arrived_s) - np.array(sent_s)[: len(arrived_s)]


def one(level: str, name: str, seconds: float) -> dict[str, Any]:
    """Measure one line, in this process."""
    with tempfile.TemporaryDirectory() as folder, Store.open(folder) as store:
        meter = Meter(store)
        if level == "process":
            summary, of = asyncio.run(in_process(meter, LOADS[name], seconds))
        else:
            summary, of = asyncio.run(over_minibluez(meter, name, seconds))
        feet = store.read(meter.recording_id).feet.values()
        milliseconds = 1e3 * np.concatenate([latency_s(of["at_s"][side], meter.arrived_s[side]) for side in Side])
        return {
            "sent": of["samples"],
            "stored": sum(len(foot.sample) for foot in feet),
            "exact": all(is_exact(LOADS[name], foot) for foot in feet),
            "lost": sum(foot.missing_samples for foot in feet),
            "twice": sum(foot.duplicates for foot in summary.feet.values()),
            "median_ms": float(np.median(milliseconds)),
            "p99_ms": float(np.percentile(milliseconds, 99)),
            "cpu_pct": meter.cpu_pct,
            "memory_mb": meter.memory.marks_mb,
            "buffer_bytes": sum(foot.buffer_bytes for foot in summary.feet.values()),
        }


HEAD = ("", "sent", "stored", "exact", "lost", "twice", "median", "p99", "core", "buffer", "memory")
ROW = "{:<41}{:>8}{:>8}{:>6}{:>6}{:>6}{:>10}{:>10}{:>7}{:>9}  {}"


def row(title: str, r: dict[str, Any]) -> str:
    exact, memory = "yes" if r["exact"] else "NO", ", ".join(f"{mb:.0f}" for mb in r["memory_mb"])
    numbers = (r["sent"], r["stored"], exact, r["lost"], r["twice"])
    latency = (f"{r['median_ms']:.1f} ms", f"{r['p99_ms']:.1f} ms")
    return ROW.format(title, *numbers, *latency, f"{r['cpu_pct']:.0f} %", f"{r['buffer_bytes'] / 1e6:.1f} MB", memory)


def table(levels: Sequence[str], names: Sequence[str], seconds: float) -> None:
    print(ROW.format(*HEAD))
    for level in levels:
        if level == "minibluez" and which("dbus-daemon") is None:
            print(f"SKIPPED: {LEVELS[level]} needs dbus-daemon (Debian: `apt install dbus`)")
            continue
        for name in names:
            command = [sys.executable, "-m", "benchmarks.radio", "one", level, name, str(seconds)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            print(row(f"{LEVELS[level]}, {LOADS[name].title}", json.loads(done.stdout)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="The radio, measured.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--level", choices=LEVELS, help="only this one, and no QEMU")
    parser.add_argument("--only", choices=LOADS, help="only this load, and no QEMU")
    parser.add_argument("--no-qemu", action="store_true")
    asked = parser.parse_args()
    print(f"Two feet, {asked.seconds:.0f} s each; samples of both together, memory in MB.")
    table([asked.level] if asked.level else [*LEVELS], [asked.only] if asked.only else [*LOADS], asked.seconds)
    if not (asked.no_qemu or asked.level or asked.only):
        print("\nReal BlueZ on a real kernel in QEMU, the left foot out of range for 2 s:", flush=True)
        subprocess.run([sys.executable, "-m", "scripts.bluez_vm"], check=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(sys.argv[2], sys.argv[3], float(sys.argv[4]))))
    elif sys.argv[1:2] == ["emulate"]:
        asyncio.run(emulate(LOADS[sys.argv[2]]))
    else:
        main()
