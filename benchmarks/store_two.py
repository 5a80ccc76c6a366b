"""A collector and a server on one store, and whether anybody is told that it is locked.

    python -m benchmarks.store_two --minutes 10

Three processes: ``--pairs`` pairs of insoles are appended each second, one of them begun and sealed anew each
half a minute; `insole serve` answers; and this one asks it for lists, a recording's page, windows and reports,
edits and marks, as fast as it is answered. Counted are answers by status, appends, and what either says of errors.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Thread

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from ingest.files import read
from insole.layout import load_layout
from insole.recording import About, Chunk, FootMeta, Side, Unit
from insole.store import Store, check

ROOT = Path(__file__).resolve().parent.parent
AGAIN_S = 30
"""A pair's recording is sealed after so long, and another begun: what holds SQLite longest."""


def collect(folder: str, pairs: int, minutes: float) -> None:
    """The collector, in a process of its own."""
    layout = load_layout("open-insole-16")
    feet = {side: FootMeta(side, layout, Unit.COUNTS, 100.0) for side in Side}
    until, took, errors = time.monotonic() + 60 * minutes, [], Counter[str]()
    counts = np.random.default_rng(1).integers(0, 4096, (100, 16)).astype(np.uint16)

    def wear(store: Store, i: int) -> None:
        writer, k = store.begin(datetime.now(UTC), About(subject_code=f"P{i}"), feet), 0
        due = time.monotonic() + i / pairs
        while due < until:
            time.sleep(max(0.0, due - time.monotonic()))
            us = (np.arange(100) + 100 * k) * 10_000
            began = time.perf_counter()
            try:
                writer.append([Chunk(side, 100 * k, counts, us, k + 1.0) for side in Side])
                if k % AGAIN_S == i % AGAIN_S and k:
                    writer.seal()
                    writer, k = store.begin(datetime.now(UTC), About(subject_code=f"P{i}"), feet), -1
            except Exception as e:  # noqa: BLE001 - what it says is what is looked for
                errors[str(e)] += 1
            took.append(1e3 * (time.perf_counter() - began))
            k, due = k + 1, due + 1

    with Store.open(folder) as store:
        threads = [Thread(target=wear, args=(store, i)) for i in range(pairs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    p50, p99 = np.percentile(took, [50, 99])
    print(json.dumps({"appends": len(took), "median_ms": p50, "p99_ms": p99, "most_ms": max(took), "errors": errors}))


class Asker:
    """Asks the service, and counts its answers."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.statuses: Counter[int] = Counter()
        self.said: Counter[str] = Counter()

    def ask(self, path: str, *, method: str = "GET", body: object = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.where + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                self.statuses[answer.status] += 1
                return bytes(answer.read())
        except urllib.error.HTTPError as e:
            self.statuses[e.code] += 1
            self.said[f"{method} {path.rsplit('/', 1)[-1]}: {e.read()[:200]!r}"] += 1
            return b""

    def round(self, n: int, known: str) -> None:
        """What a clinic's afternoon asks, once."""
        one = f"api/v1/recordings/{known}"
        for path in ("", "api/v1/recordings", f"recordings/{known}", one, f"{one}/report", "subjects", "bin"):
            self.ask(path)
        self.ask(one, method="PATCH", body={"condition": f"shoe {n}"})
        mark = self.ask(
            f"{one}/marks", method="POST", body={"kind": "note", "start_s": 1.0, "stop_s": 2.0, "text": "x"}
        )
        if mark:
            self.ask(f"{one}/marks/{json.loads(mark)['id']}", method="DELETE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--collect", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.collect:
        collect(asked.collect, asked.pairs, asked.minutes)
        return
    with tempfile.TemporaryDirectory() as folder:
        with Store.open(folder) as store:
            known = store.add(read(ROOT / "fixtures" / "pedar_walk.asc"))
        two(folder, known, asked.pairs, asked.minutes)
        print(f"all of it checked: {'sound' if check(folder).is_sound else 'NOT SOUND'}")


def two(folder: str, known: str, pairs: int, minutes: float) -> None:
    me = [sys.executable, "-m", "benchmarks.store_two", "--collect", folder]
    me += ["--pairs", str(pairs), "--minutes", str(minutes)]
    serve = [sys.executable, "-u", "-m", "insole.cli", "serve", "--data", folder, "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "cwd": ROOT}
    with subprocess.Popen(serve, **pipes) as server, subprocess.Popen(me, **pipes) as collector:  # type: ignore[call-overload]
        try:
            first = server.stdout.readline()
            where = re.search(r"http://\S+/", first)
            assert where, first
            asker = Asker(where.group())
            until = time.monotonic() + 60 * minutes
            for n in count():
                if time.monotonic() > until:
                    break
                asker.round(n, known)
            print(f"answers by status: {dict(asker.statuses)}; refusals: {dict(asker.said)}")
            print(f"collector: {collector.communicate(timeout=300)[0].strip()}")
        finally:
            server.terminate()
            collector.terminate()
        log = server.communicate(timeout=60)[0]
        print(
            f"lines of the server's that speak of a lock: {log.lower().count('locked') + log.count('another program')}"
        )


if __name__ == "__main__":
    main()
