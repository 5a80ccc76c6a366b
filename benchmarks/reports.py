"""How long a PDF takes once the analysis is there, as docs/performance.md quotes it.

python -m benchmarks.reports
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from analysis.compare import compare
from analysis.recipe import study
from dashboards.report import pdf_of_comparison, pdf_of_recording
from ingest.files import read
from insole.layout import load_layout
from insole.walker import Gait, Walker

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.recipe import Study

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
RUNS = 5


def walked(layout: str, duration_s: float, condition: str, **gait: float) -> Study:
    recording = Walker(Gait(duration_s=duration_s, noise_kpa=2.0, **gait), load_layout(layout)).recording()
    return study(replace(recording, about=replace(recording.about, condition=condition)))


def timed(what: str, make: Callable[[], bytes]) -> None:
    best, size = float("inf"), 0
    for _ in range(RUNS):
        start = time.perf_counter()
        size = len(make())
        best = min(best, time.perf_counter() - start)
    print(f"{what}: {1e3 * best:.0f} ms, {size / 1e3:.0f} kB")


def main() -> None:
    names = ("shoe", "orthosis A", "orthosis B", "orthosis C")
    four = [walked("pedar-99:x", 30, name, load_symmetry_index_pct=10.0 * i) for i, name in enumerate(names)]
    comparisons = [compare(four[0].report, other.report) for other in four[1:]]
    hour = walked("pedar-99:x", 3600, "shoe")
    matrix = study(read(FIXTURES / "fscan_walk_L.asf"))
    timed("30 s, 2 x 99 sensors", lambda: pdf_of_recording(four[0]))
    timed("an hour of it", lambda: pdf_of_recording(hour))
    timed(
        f"one foot of {next(iter(matrix.walk.feet.values())).layout.n_sensors} cells", lambda: pdf_of_recording(matrix)
    )
    timed("two conditions", lambda: pdf_of_comparison(four[:2], comparisons[:1]))
    timed("four conditions", lambda: pdf_of_comparison(four, comparisons))


if __name__ == "__main__":
    main()
