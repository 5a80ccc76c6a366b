"""How long recordings take to leave, and in how much memory, as docs/performance.md quotes it.

    python -m benchmarks.export --hours 12

A recording of 2 x 16 sensors at 100 Hz is made in a store; each format is written by a process that does
nothing else, to a file that is removed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from insole.export import Choice, exporter, files_of, gather, zipped
from insole.layout import load_layout
from insole.recording import About, Chunk, FootMeta, Side, Unit
from insole.store import Store

ROOT = Path(__file__).resolve().parent.parent
RATE_HZ = 100


def fill(folder: Path, hours: float) -> None:
    """Store a walk of that length, counts as a device sends them, an hour at a time."""
    layout = load_layout("open-insole-16")
    feet = {side: FootMeta(side, layout, Unit.COUNTS, RATE_HZ) for side in Side}
    rng = np.random.default_rng(7)
    n = 60 * RATE_HZ
    phase = np.linspace(0, 60 * 2 * np.pi, n)[:, None]
    with Store.open(folder) as store:
        writer = store.begin(datetime(2026, 1, 1, tzinfo=UTC), About(), feet)
        for minute in range(round(60 * hours)):
            first = minute * n
            walk = np.maximum(0, np.sin(phase)) * 1500 + 200 + rng.normal(0, 8, (n, 16))
            ticks = (np.arange(first, first + n) * 10_000).astype(np.int64)
            writer.append([Chunk(side, first, walk.astype(np.uint16), ticks, ticks[-1] / 1e6) for side in Side])
        writer.seal()


def measured(folder: Path, name: str, *, is_zipped: bool) -> None:
    """Write all of the store in one format, and say what it took."""
    choice = Choice()
    with Store.open(folder) as store:
        samples = sum(sum(info.samples.values()) for info in store.list())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began, cpu = time.perf_counter(), time.process_time()
        files = files_of(exporter(name), gather(store, store.list(), choice), choice)
        parts = zipped(files) if is_zipped else (part for file in files for part in file.chunks())
        size = 0
        with tempfile.TemporaryFile(dir=folder) as out:
            for part in parts:
                size += out.write(part)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cells = [f"{name}, zipped" if is_zipped else name, f"{took:.1f}", f"{cpu:.1f}"]
    cells += [f"{samples / took / 1000:.0f}", f"{size / 1e6:.0f}", f"{before:.0f} / {peak:.0f}"]
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=12)
    parser.add_argument("--formats", nargs="+", default=["csv", "csv-wide", "parquet", "bids"])
    parser.add_argument("--one", nargs=3, metavar=("FOLDER", "FORMAT", "ZIPPED"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        measured(Path(given.one[0]), given.one[1], is_zipped=given.one[2] == "yes")
        return
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), given.hours)
        print("| format | s | s of a core | 1000 rows/s | MB | memory, MB: before / peak |", flush=True)
        print("|---|---|---|---|---|---|", flush=True)
        for name in given.formats:
            for is_zipped in ("no", "yes"):
                command = [sys.executable, "-m", "benchmarks.export", "--one", folder, name, is_zipped]
                subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
