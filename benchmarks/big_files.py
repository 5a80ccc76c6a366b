"""How much memory a large file needs to be read, as docs/performance.md quotes it.

    python -m benchmarks.big_files --mb 300

Each file is made, and read by a process that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from ingest.files import formats, read

ROOT = Path(__file__).resolve().parent.parent


def write_pedar(path: Path, size: int) -> None:
    head = (ROOT / "fixtures" / "pedar_walk.asc").read_text("ascii").split("\n")[:10]
    row = "  2.500\t" * 198 + "\n"
    n = size // (len(row) + 13)
    head[2] = f"total time [secs]:  {n / 100:.3f}\ttime per frame [secs]:  0.01000\tscanning rate [Hz]:   100"
    _write(path, "\n".join(head) + "\n", (f"{k / 100:12.5f}\t{row}" for k in range(1, n + 1)))


def write_moticon(path: Path, size: int) -> None:
    head = (ROOT / "fixtures" / "moticon_walk.txt").read_text("utf-8").split("\n")[:9]
    row = ("\t1.25" * 16 + "\t230.0\t0.1\t0.1") * 2 + "\n"
    n = size // (len(row) + 9)
    head[1] = f"# Duration: {(n - 1) / 100 // 60:.0f}:{(n - 1) / 100 % 60:06.3f}"
    text = "\n".join(line for line in head) + "\n"
    text = text.replace("left total force[N]", "left force").replace("right total force[N]", "right force")
    _write(path, text, (f"{k / 100:.2f}{row}" for k in range(n)))


def write_gaitpdb(path: Path, size: int) -> None:
    row = "\t10.00" * 16 + "\t80.00\t80.00\n"
    n = size // (len(row) + 8)
    _write(path, "", (f"{k / 100:.2f}{row}" for k in range(n)))


def _write(path: Path, head: str, rows) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        file.writelines(rows)


def big(megabytes: int) -> None:
    """Peak memory of reading a large file, beside the size of the recording that comes of it."""
    with tempfile.TemporaryDirectory() as folder:
        for name, write in (("a.asc", write_pedar), ("b.txt", write_moticon), ("c.txt", write_gaitpdb)):
            path = Path(folder) / name
            write(path, megabytes * 1_000_000)
            subprocess.run([sys.executable, "-m", "benchmarks.big_files", "--memory", str(path)], check=True, cwd=ROOT)
            path.unlink()


def memory(path: Path) -> None:
    formats()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    recording = read(path)
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held = sum(a.nbytes for f in recording.feet.values() for a in (f.values, f.time_s, f.sample)) / 1e6
    size = path.stat().st_size / 1e6
    print(
        f"{recording.about.device:<40} {size:.0f} MB of text: the recording {held:.0f} MB, peak memory {peak:.0f} MB "
        f"({before:.0f} before), {took:.1f} s of a core",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=300, help="size of each file")
    parser.add_argument("--memory", type=Path, help="read this file, and say what it needed")
    given = parser.parse_args()
    if given.memory:
        memory(given.memory)
    else:
        big(given.mb)


if __name__ == "__main__":
    main()
