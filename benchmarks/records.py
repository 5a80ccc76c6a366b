"""How long the first page takes with many recordings: ``python -m benchmarks.records [N]``."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dashboards.homepage import PER_PAGE, SUBJECTS_FIRST, Asked, home_page
from insole.layout import load_layout
from insole.recording import About
from insole.store import Store
from insole.walker import Gait, Walker

if TYPE_CHECKING:
    from collections.abc import Callable

CONDITIONS = ("shoe", "barefoot", "orthosis A", "orthosis B")
PEOPLE = 340
RUNS = 5


def fill(store: Store, n: int) -> None:
    """So many recordings of a second, of many people; one in fifty is not filed."""
    made = Walker(Gait(duration_s=1.0), load_layout("open-insole-16")).recording()
    first = datetime(2024, 1, 1, tzinfo=UTC)
    for k in range(n):
        code = f"P-{k % PEOPLE:03}" if k % 50 else ""
        about = About(code, CONDITIONS[k % len(CONDITIONS)], 70.0, "walking", "open16")
        store.add(replace(made, started_at=first + timedelta(hours=7 * k), about=about))


def page(store: Store, text: str) -> str:
    """The first page, as the service makes it."""
    found = store.finder.recordings(text, limit=PER_PAGE)
    subjects = store.finder.subjects(text, limit=SUBJECTS_FIRST)
    return home_page(Asked(text), found, subjects, unfiled=store.finder.recordings(unfiled=True, limit=0).total)


def best_ms(what: Callable[[], object]) -> float:
    """Processor time of the best of some runs: other work on the machine lengthens it little."""
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        what()
        times.append(time.process_time() - began)
    return 1000 * min(times)


def main() -> None:
    """Measure, and print a table's rows."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with TemporaryDirectory() as folder, Store.open(folder) as store:
        fill(store, n)
        for what, text in (("all", ""), ("two words", "orth p-01"), ("words that nothing has", "zzz")):
            print(f"| the first page of {n} recordings, {what} | {best_ms(lambda t=text: page(store, t)):.0f} |")
        print(f"| all {n}, as a list of the API | {best_ms(store.list):.0f} |")


if __name__ == "__main__":
    main()
