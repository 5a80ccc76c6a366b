"""Damage files of every format thousands of times, and say what became of them.

    python -m benchmarks.fuzz_files --count 10000

Each damaged file must give a recording or a ``FormatError``, within a time and a size. What does not is kept and
named, and the program ends with an error.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.ingest.files.fuzz import DAMAGES, attempt, cases

MOST_S = 10.0
MOST_MB = 1000.0


def fuzz(format_: str, count: int, seed: int) -> int:
    """Damage one format's example; how many files broke a rule."""
    case, failed, was_read, slowest = cases()[format_], 0, 0, 0.0
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for k in range(count):
            rng = random.Random(f"{format_} {seed} {k}")
            start = time.process_time()
            try:
                was_read += attempt(case, DAMAGES[k % len(DAMAGES)], rng, Path(folder))
            except Exception as e:  # noqa: BLE001 - whatever it is, it is what is looked for
                failed += 1
                kept = Path(tempfile.mkdtemp(prefix=f"fuzz-{format_}-{k}-"))
                shutil.copytree(folder, kept, dirs_exist_ok=True)
                print(f"{format_} {k}: {type(e).__name__}: {str(e)[:200]}  ({kept})")
            spent = time.process_time() - start
            slowest = max(slowest, spent)
            failed += spent > MOST_S
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    failed += memory_mb > MOST_MB
    print(
        f"{format_:<14}{count:>7} damaged, {was_read:>6} read, {count - was_read:>6} refused, {failed} failed; "
        f"slowest {slowest:.2f} s of processor, peak memory {memory_mb:.0f} MB, "
        f"{time.perf_counter() - began:.0f} s in all",
        flush=True,
    )
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=sorted(cases()))
    given = parser.parse_args()
    warnings.simplefilter("error")
    sys.exit(bool(sum(fuzz(name, given.count, given.seed) for name in given.only or sorted(cases()))))


if __name__ == "__main__":
    main()
