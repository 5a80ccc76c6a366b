"""How long it takes to read one file of each format, as docs/performance.md quotes it.

    python -m benchmarks.import_files

Published recordings where they are at hand, else this project's own examples. Processor time of this
process, the best of several rounds, in milliseconds: other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from ingest.files import read

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = {
    "pedar": ["pedar/pedar_example.asc"],
    "emed": ["emed/emed_test.lst"],
    "F-Scan, both feet": ["fscan/P01L.asf", "fscan/P01R.asf"],
    "XSENSOR": ["xsensor/walk_4kmh.csv"],
    "Moticon": ["moticon/230927_102114.txt"],
    "loadsol": ["loadsol/test_pointe_1_05_02.txt"],
    "gaitpdb": ["gaitpdb/GaCo02_01.txt"],
    "stappone": ["stappone/stappone_example.csv"],
}
EXAMPLES = {
    "footscan": ["footscan_step.xls"],
    "ORPHE, both feet": ["orphe_sensor-left.csv", "orphe_sensor-right.csv"],
}


def best_ms(paths: list[Path], rounds: int) -> float:
    """Milliseconds to read the file, or the pair of files, once."""
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        read(*paths)
        spent.append(time.process_time() - began)
    return 1000 * min(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="published recordings")
    given = parser.parse_args()
    chosen = [(name, [given.data / file for file in files]) for name, files in PUBLISHED.items()]
    chosen += [(name, [ROOT / "fixtures" / file for file in files]) for name, files in EXAMPLES.items()]
    print("| format | MB | ms |\n|---|---|---|")
    for name, paths in chosen:
        if all(path.is_file() for path in paths):
            size_mb = sum(path.stat().st_size for path in paths) / 1e6
            print(f"| {name} | {size_mb:.1f} | {best_ms(paths, given.rounds):.0f} |", flush=True)
        else:
            print(f"| {name} | not at hand | |", flush=True)


if __name__ == "__main__":
    main()
