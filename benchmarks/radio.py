"""Two virtual insoles at full rate through each level of the emulated radio, as docs/performance.md quotes it.

    python -m benchmarks.radio [--seconds 60] [--no-qemu]

Each line is a process of its own: the collector and the real store. "In process" has the insoles
and the radio in it too; with "MiniBluez" they are in another, and the collector's is measured
alone. Latency is from the instant at which an insole begins to send a notification until the
collector has decoded it, both on this computer's clock. What an insole sends between the end of the
session and being told of it is not taken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from shutil import which
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from ingest.collector import collect
from ingest.finding import Search
from ingest.link import BleLink
from ingest.virtual import KINDS, virtual_pair, virtual_walker
from insole.grids import grid_layout
from insole.recording import About, Side
from insole.store import Store
from insole.walker import Gait, Walker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from ingest.virtual import VirtualPair
    from insole.devices import Device
    from insole.recording import Chunk, ClockFit, FootMeta
    from insole.store import Writer
    from insole.typing import F64


@dataclass(frozen=True)
class Load:
    """A pair of virtual insoles to measure: its kind, and what walks on it."""

    title: str
    kind: str
    walker: Callable[[], Walker]

    @property
    def device(self) -> Device:
        return KINDS[self.kind].device


def _fast() -> Walker:
    """A sample of 112 sensors fills a notification of 244 bytes; a thousand a second."""
    present = np.ones((16, 7), bool)
    layout = grid_layout(name="grid-112", title="Grid", source="a benchmark", present=present, pitch_mm=(12.0, 16.0))
    return Walker(Gait(rate_hz=1000), layout)


def _of(name: str) -> Load:
    walker = virtual_walker(Gait(), name)
    make = KINDS[name].device.title.partition(",")[0].removesuffix(" profile")
    return Load(f"{make}, {walker.layout.n_sensors} x {walker.rate_hz:g} Hz", name, lambda: walker)


LOADS = {name: _of(name) for name in KINDS} | {"stress": Load("stress: 1000 x 244 bytes/s", "open16", _fast)}
LEVELS = {"process": "in process", "minibluez": "MiniBluez"}


class Meter:
    """The store's writer, with the processor's time while it is open, and each chunk's latency."""

    def __init__(self, store: Store) -> None:
        self.recording_id = ""
        self.arrived_s: dict[Side, list[float]] = {side: [] for side in Side}
        self.cpu_pct = self.peak_mb = 0.0
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

    def add_foot(self, meta: FootMeta) -> None:
        self._writer.add_foot(meta)

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        self._writer.set_clock(side, fit)

    def seal(self) -> None:
        wall, cpu = self._began
        self.cpu_pct = 100 * (time.process_time() - cpu) / (time.monotonic() - wall)
        self.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self._writer.seal()

    def on_chunk(self, chunk: Chunk, _time_s: F64) -> None:
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
    """When each notification of a pair was sent, on this computer's clock; none is lost."""

    def __init__(self, pair: VirtualPair) -> None:
        self._pair = pair
        self._at_s: dict[Side, list[float]] = {side: [] for side in pair.insoles}
        for side in pair.insoles:
            pair.lose(side, partial(self._note, side))

    def _note(self, side: Side, _number: int) -> bool:
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
            "lost": sum(foot.missing_samples for foot in feet),
            "twice": sum(foot.duplicates for foot in summary.feet.values()),
            "median_ms": float(np.median(milliseconds)),
            "p99_ms": float(np.percentile(milliseconds, 99)),
            "cpu_pct": meter.cpu_pct,
            "peak_mb": meter.peak_mb,
        }


def table(seconds: float) -> None:
    print(f"{'':<40}{'sent':>8}{'stored':>8}{'lost':>6}{'twice':>6}{'median':>10}{'p99':>9}{'core':>7}{'memory':>9}")
    for level, where in LEVELS.items():
        if level == "minibluez" and which("dbus-daemon") is None:
            print(f"SKIPPED: {where} needs dbus-daemon (Debian: `apt install dbus`)")
            continue
        for name, load in LOADS.items():
            command = [sys.executable, "-m", "benchmarks.radio", "one", level, name, str(seconds)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            r = json.loads(done.stdout)
            print(
                f"{where + ', ' + load.title:<40}{r['sent']:>8}{r['stored']:>8}{r['lost']:>6}{r['twice']:>6}"
                f" {r['median_ms']:>6.1f} ms{r['p99_ms']:>6.1f} ms{r['cpu_pct']:>5.0f} %{r['peak_mb']:>6.0f} MB",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description="The radio, measured.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--no-qemu", action="store_true")
    options = parser.parse_args()
    print(f"Two feet, {options.seconds:.0f} s each; samples of both together.")
    table(options.seconds)
    if not options.no_qemu:
        print("\nReal BlueZ on a real kernel in QEMU, the left foot out of range for 2 s:", flush=True)
        subprocess.run([sys.executable, "-m", "scripts.bluez_vm"], check=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(sys.argv[2], sys.argv[3], float(sys.argv[4]))))
    elif sys.argv[1:2] == ["emulate"]:
        asyncio.run(emulate(LOADS[sys.argv[2]]))
    else:
        main()
