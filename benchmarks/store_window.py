"""A window of a long recording of many sensors, and how small it is on the disk, as docs/performance.md quotes it.

    python -m benchmarks.store_window --hours 12

The floor is to read and add up as many bytes as the window's samples are. Processor time is what the code
needs; the clock says also what the rest of the machine took.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from insole.layout import load_layout
from insole.recording import About, Chunk, FootMeta, Side, Unit
from insole.store import Store
from insole.walker import Gait, Walker, nominal_calibration

if TYPE_CHECKING:
    from collections.abc import Callable

    from insole.walker import Walker as AnyWalker

RATE = 100
MINUTES = 10
WINDOWS = 200


def spent_ms(work: Callable[[], object], *, runs: int) -> np.ndarray:
    """Processor time and clock of each run, ``(runs, 2)`` in ms."""
    took = []
    for _ in range(runs):
        cpu, began = time.process_time(), time.perf_counter()
        work()
        took.append((1e3 * (time.process_time() - cpu), 1e3 * (time.perf_counter() - began)))
    return np.array(took)


def walked() -> tuple[AnyWalker, dict[Side, np.ndarray]]:
    """Ten minutes of a walk with noise: what is repeated over the hours."""
    layout = load_layout("pedar-99:x")
    walker = Walker(Gait(duration_s=60 * MINUTES, noise_kpa=1.0), layout)
    calibration = nominal_calibration(layout)
    return walker, {side: walker.counts(side, 0, 60 * MINUTES * RATE, calibration) for side in Side}


def record(store: Store, hours: float) -> str:
    walker, counts = walked()
    layout = walker.layout
    feet = {side: FootMeta(side, layout, Unit.COUNTS, RATE, nominal_calibration(layout)) for side in Side}
    writer = store.begin(datetime.now(UTC), About(), feet)
    n = 60 * MINUTES * RATE
    for k in range(round(hours * 60 / MINUTES)):
        us = (np.arange(n) + n * k) * 10_000
        writer.append([Chunk(side, n * k, counts[side], us, 60.0 * MINUTES * (k + 1)) for side in Side])
    cpu, began = time.process_time(), time.perf_counter()
    writer.seal()
    print(f"sealed {hours:g} h in {time.perf_counter() - began:.1f} s, {time.process_time() - cpu:.1f} s of a core")
    return writer.id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=12.0)
    asked = parser.parse_args()
    random = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder, Store.open(folder) as store:
        known = record(store, asked.hours)
        starts = iter(random.uniform(0, 3600 * asked.hours - 10, size=2 * WINDOWS))

        def window() -> None:
            start_s = float(next(starts))
            store.read(known, start_s=start_s, stop_s=start_s + 10)

        spent_ms(window, runs=20)  # warm
        took = spent_ms(window, runs=WINDOWS)
        (cpu_ms, clock_ms), (best_cpu, best_clock) = np.median(took, axis=0), took.min(axis=0)
        print(
            f"10 s of {asked.hours:g} h, 2 x 99 sensors: median {cpu_ms:.1f} ms of a core, {clock_ms:.1f} by the "
            f"clock; least {best_cpu:.1f}, {best_clock:.1f}"
        )
        samples = store.read(known, start_s=0.0, stop_s=10.0).feet
        plain = b"".join(foot.values.tobytes() for foot in samples.values())
        path = Path(folder) / "plain"
        path.write_bytes(plain)
        read = spent_ms(lambda: np.frombuffer(path.read_bytes(), np.uint16).sum(dtype=np.int64), runs=WINDOWS)
        floor_ms = float(np.median(read[:, 0]))
        print(f"floor, to read and add up {len(plain) / 1e3:.0f} kB: {floor_ms:.2f} ms, ratio {cpu_ms / floor_ms:.0f}")
        store_sizes(store, folder, asked.hours)


def store_sizes(store: Store, folder: str, hours: float) -> None:
    raw = hours * 3600 * RATE * 2 * 99 * 2
    with store._database.read() as connection:  # noqa: SLF001 - pages are SQLite's
        size, pages, free = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_size", "page_count", "freelist_count")
        )
    used = size * (pages - free)
    print(
        f"int16 raw {raw / 1e6:.0f} MB; pages in use {used / 1e6:.0f} MB, everything included: {raw / used:.2f} times"
    )
    store.close()
    file = Path(folder) / "insole.db"
    print(f"the file {file.stat().st_size / 1e6:.0f} MB: what its seconds left free is used by the next recording")


if __name__ == "__main__":
    main()
