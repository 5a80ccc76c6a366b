"""Timings of the main job, as docs/performance.md quotes them.

    python -m benchmarks.main_job

Each line is the best of several runs: what the code needs, not what else the machine did.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from analysis.live import LiveView
from analysis.options import Options
from analysis.recipe import analyse
from ingest.files import read
from insole.layout import load_layout
from insole.recording import About, Chunk, FootMeta, Side, Unit
from insole.store import Store
from insole.walker import Gait, Walker, nominal_calibration

if TYPE_CHECKING:
    from collections.abc import Callable

PEER_S = (("all masks", 8.0, 15.0), ("one variable", 1.6, 3.0))
"""What a peer (R) needs for its mask analysis of the same walk, in s, as measured on a like machine."""

ROOT = Path(__file__).resolve().parent.parent
REAL_PEDAR = ROOT.parent / "shared" / "data" / "pedar" / "pedar_example.asc"


def once_ms(work: Callable[..., object], *args: object) -> float:
    began = time.perf_counter()
    work(*args)
    return 1e3 * (time.perf_counter() - began)


def best_ms(work: Callable[[], object], *, runs: int = 10) -> float:
    return min(once_ms(work) for _ in range(runs))


def show(what: str, ms: float, note: str = "") -> None:
    print(f"{what:<52}{ms:>10.2f} ms  {note}")


def program() -> None:
    command = [sys.executable, "-m", "insole.cli", "--help"]
    show("insole --help, a new process", best_ms(lambda: subprocess.run(command, check=True, capture_output=True)))


def files(folder: Path) -> None:
    path = REAL_PEDAR if REAL_PEDAR.exists() else ROOT / "fixtures" / "pedar_walk.asc"
    recording = read(path)
    foot = recording.feet[Side.LEFT]
    show(f"read {path.name}", best_ms(lambda: read(path)), f"{foot.values.shape} a foot")
    whole = best_ms(lambda: analyse(recording), runs=30)
    show(f"analyse {path.name}", whole, f"{len(analyse(recording).values)} values")
    zones = Options(mask="zones9")
    nine = best_ms(lambda: analyse(recording, zones), runs=30)
    show("the same in nine zones", nine, f"{len(analyse(recording, zones).values)} values")
    if path == REAL_PEDAR:
        for what, low_s, high_s in PEER_S:
            times = f"{low_s * 1e3 / nine:.0f} to {high_s * 1e3 / nine:.0f} x"
            print(f"  pressuRe 0.2.7, {what}: {low_s:g} to {high_s:g} s, {times}")
    with Store.open(folder / "files") as store:
        show("store it", best_ms(lambda: store.add(recording)))
        known = store.list()[0].id
        show("read it from the store", best_ms(lambda: store.read(known)))


def hour() -> None:
    for name in ("open-insole-16", "pedar-99:x"):
        layout = load_layout(name)
        recording = Walker(Gait(duration_s=3600, noise_kpa=1, drift_kpa_per_h=10), layout).recording(
            unit=Unit.COUNTS, calibration=nominal_calibration(layout)
        )
        force = best_ms(lambda r=recording: [f.values.astype(np.float32).sum() for f in r.feet.values()], runs=3)
        whole = best_ms(lambda r=recording: analyse(r), runs=3)
        note = f"{whole / force:.0f} x reading and adding up its samples"
        show(f"analyse an hour, 2 x {layout.n_sensors} sensors at 100 Hz", whole, note)


CHANNELS = ("quat_w", "quat_x", "quat_y", "quat_z", *(f"{q}_{axis}" for q in ("gyro", "acc") for axis in "xyz"))
"""As many as an insole with orientation sends."""


def live(folder: Path) -> None:
    for name, channels in (("open-insole-16", ()), ("open-insole-16", CHANNELS), ("pedar-99:y", ())):
        layout = load_layout(name)
        calibration = nominal_calibration(layout)
        feet = {side: FootMeta(side, layout, Unit.COUNTS, 100.0, calibration, inertial=channels) for side in Side}
        walker = Walker(Gait(), layout)
        second = {side: walker.counts(side, 0, 100, calibration) for side in Side}
        moves = np.random.default_rng(1).normal(size=(100, len(channels))).astype(np.float32) if channels else None
        with Store.open(folder / f"{layout.name.replace(':', '-')}-{len(channels)}") as store:
            writer, view = store.begin(datetime.now(UTC), About(), feet), LiveView(feet)
            appends: list[float] = []
            pushes: list[float] = []
            frames: list[float] = []
            for k in range(60):
                us = (np.arange(100) + 100 * k) * 10_000
                chunks = [Chunk(side, 100 * k, second[side], us, k + 1.0, moves) for side in Side]
                appends.append(once_ms(writer.append, chunks))
                pushes += [once_ms(view.push, chunk, us * 1e-6) for chunk in chunks]
                frames.append(once_ms(view.frame, {}))
            writer.seal()
        what = f"2 x {layout.n_sensors}" + (f" and {len(channels)} inertial" if channels else "")
        show(f"durable append of a second, {what}", float(np.percentile(appends, 50)), "median")
        show("  the same", float(np.percentile(appends, 99)), "99th percentile")
        show("live: take a second of one foot", float(np.median(pushes)), "median")
        show("live: one frame of both feet", float(np.median(frames)), "median, with the whole trace")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        program()
        files(Path(folder))
        hour()
        live(Path(folder))


if __name__ == "__main__":
    main()
