"""Kill what writes, in its midst, again and again: is each second that was acknowledged there, bit for bit?

    python -m benchmarks.crash --sqlite 100 --client 20 --server 20

``sqlite``: the process that appends to an SQLite store is killed (SIGKILL) at a random moment. ``client``: the
same, appending to PostgreSQL. ``server``: PostgreSQL's server is killed while a process appends. Each time the
store is opened again, what was acknowledged is compared, all of it is checked (`insole db check`), and what was
left open is sealed and compared again. Needs PostgreSQL's programs; the server is its own and flushes to the disk.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from insole.recording import Side
from insole.store import Store, check
from insole.store.writer import LEASE
from tests.postgres import Server, programs
from tests.store.appender import SAMPLES
from tests.store.samples import values

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
LONGEST_S = 1.0
"""A kill comes at most so long after the first append was acknowledged."""


def killed(where: str, kill: Callable[[subprocess.Popen[str]], None]) -> tuple[str, int]:
    """Append until killed: the recording's id, and the number of the last append that was acknowledged."""
    command = [sys.executable, "-m", "tests.store.appender", where, "1000000"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        recording_id, first = process.stdout.readline().strip(), process.stdout.readline()
        time.sleep(random.uniform(0, LONGEST_S))
        kill(process)
        rest = process.stdout.read().splitlines()
    return recording_id, int(rest[-1] if rest else first)


def is_there(store: Store, recording_id: str, last: int) -> bool:
    """Both feet of appends 0 to ``last``, bit for bit; one more may have been written and not been told."""
    n = (last + 1) * SAMPLES
    for side, foot in store.read(recording_id).feet.items():
        if len(foot.values) not in (n, n + SAMPLES):
            return False
        if not np.array_equal(foot.values, values(side, 0, len(foot.values))):
            return False
    return len(store.read(recording_id).feet) == len(Side)


def once(where: str, kill: Callable[[subprocess.Popen[str]], None], counts: Counter[str]) -> None:
    recording_id, last = killed(where, kill)
    counts["kills"] += 1
    counts["acknowledged"] += last + 1
    with Store.open(where) as store:
        counts["exact after opening"] += is_there(store, recording_id, last)
    counts["checked clean"] += check(where).is_sound
    with Store.open(where, now=lambda: datetime.now(UTC) + 2 * LEASE) as store:
        counts["sealed by itself"] += store.recover() == [recording_id]
        counts["exact after sealing"] += is_there(store, recording_id, last)


def say(what: str, counts: Counter[str]) -> None:
    print(f"{what}: " + ", ".join(f"{n} {name}" for name, n in counts.items()), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqlite", type=int, default=100)
    parser.add_argument("--client", type=int, default=20)
    parser.add_argument("--server", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts: Counter[str] = Counter()
        for i in range(asked.sqlite):
            once(f"sqlite:///{folder}/{i % 5}/insole.db", subprocess.Popen.kill, counts)
        say("SQLite, its process killed", counts)
    if programs() is None:
        print("PostgreSQL is not installed, so it was not tried")
        return
    with ExitStack() as stack:
        server = Server(durable=True)
        stack.callback(server.stop)
        where = stack.enter_context(server.database())
        counts = Counter()
        for _ in range(asked.client):
            once(where, subprocess.Popen.kill, counts)
        say("PostgreSQL, its client killed", counts)

        def kill_server(_process: subprocess.Popen[str]) -> None:
            server.kill()
            server.start()

        counts = Counter()
        for _ in range(asked.server):
            once(where, kill_server, counts)
        say("PostgreSQL, its server killed", counts)


if __name__ == "__main__":
    main()
