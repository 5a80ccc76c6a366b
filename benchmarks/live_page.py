"""The live page in a browser, as docs/performance.md quotes it.

    python -m benchmarks.live_page --minutes 60 --kind open99

A server with two virtual insoles in a process of its own, Debian's Chromium without a window, and the page
as it is: nothing in it knows that it is measured. Told are

* frames drawn in a second,
* latency: from a notification's arrival in the collector until the browser begins the frame after the one in
  which its sample was drawn, which is at most a frame later than it stands on the screen,
* memory of the server, of the page's process, and of its scripts after their garbage was collected,
* processor time of both, in cores,
* how late a thread that does nothing but sleep is woken meanwhile: what a busy machine adds to each step of the way.

Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insole.typing import F64

ARRIVAL = struct.Struct("<dBq")
"""Wall time, which foot, and how many of its samples were there: one a notification."""

WARM_UP_S = 10.0
DRAIN_S = 2.0
MARK_S = 60.0
START_S = 60.0
NAP_S = 0.01

HOOK = """
window.drawnFrames = [];
const brought = new Map();
const wall = () => (performance.timeOrigin + performance.now()) / 1000;
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(...address) {
    super(...address);
    this.addEventListener("message", ({ data }) => {
      const { n, feet } = JSON.parse(data);
      if (feet) brought.set(n, [feet.left?.samples ?? 0, feet.right?.samples ?? 0]);
    });
  }
  send(n) {
    super.send(n);
    const samples = brought.get(Number(n));
    for (const old of brought.keys()) if (old <= Number(n)) brought.delete(old);
    if (samples) requestAnimationFrame(() => window.drawnFrames.push([wall(), ...samples]));
  }
};
"""
"""Put into the page before its own scripts: when each frame was drawn, and how many samples of each foot it knew."""


def serve(kind: str, port: int, data: Path, arrivals: Path) -> None:
    """The server, which writes down when each notification's samples were taken into the live view."""
    from analysis.live import LiveView
    from insole.cli import main

    out, total, plain = arrivals.open("wb", buffering=1 << 16), dict.fromkeys(Side, 0), LiveView.push

    def push(self: LiveView, chunk: Any, time_s: F64) -> None:
        arrived = time.time()
        plain(self, chunk, time_s)
        total[chunk.side] += len(chunk.samples)
        out.write(ARRIVAL.pack(arrived, list(Side).index(chunk.side), total[chunk.side]))

    LiveView.push = push  # type: ignore[method-assign]
    main.app(["serve", "--virtual", kind, "--port", str(port), "--data", str(data)])


@contextmanager
def server(kind: str, folder: Path) -> Iterator[tuple[int, str]]:
    """A server that streams: its process and its address; arrivals are written into the folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    given = ["--kind", kind, "--port", str(port), "--folder", str(folder)]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.live_page", "serve", *given])
    try:
        until = time.monotonic() + START_S
        while not streaming(address):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("the server does not stream")
            time.sleep(0.2)
        yield process.pid, address
    finally:
        process.terminate()
        process.wait(30)


def streaming(address: str) -> bool:
    """Whether the server has a stream."""
    try:
        with urllib.request.urlopen(f"{address}/api/v1/live") as answer:
            return json.load(answer)["stream"] is not None
    except OSError:
        return False


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Course:
    """What was noted while it ran."""

    drawn: list[list[float]] = field(default_factory=list)
    marks: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Minutes, and MB of the server, of the page's process and of its scripts."""
    cores: dict[str, float] = field(default_factory=dict)
    woken_late_ms: list[float] = field(default_factory=list)


def sleep(course: Course, over: threading.Event) -> None:
    """Sleep for ``NAP_S`` again and again, and note by how much too long."""
    while not over.is_set():
        began = time.perf_counter()
        time.sleep(NAP_S)
        course.woken_late_ms.append(1e3 * (time.perf_counter() - began - NAP_S))


def watch(kind: str, minutes: float) -> tuple[Course, F64]:
    """Run it; what was noted, and ``(n, 3)`` arrivals."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        arrivals = Path(name) / "arrivals"
        with server(kind, Path(name)) as (pid, address), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.add_init_script(HOOK)
            page.goto(f"{address}/live")
            page.wait_for_timeout(1e3 * WARM_UP_S)
            processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
            renderers = [p["id"] for p in processes if p["type"] == "renderer"]
            course = follow(page, minutes, server_pid=pid, page_pid=max(renderers, key=resident_mb))
            browser.close()
        read = np.frombuffer(arrivals_of(arrivals), np.dtype([("at", "<f8"), ("foot", "u1"), ("n", "<i8")]))
    return course, np.column_stack([read["at"], read["foot"], read["n"]])


def arrivals_of(path: Path) -> bytes:
    whole = path.read_bytes()
    return whole[: len(whole) - len(whole) % ARRIVAL.size]


def follow(page: Any, minutes: float, *, server_pid: int, page_pid: int) -> Course:
    """Take what was drawn out of the page for so long, and note the memory each minute."""
    tools, course, pids = page.context.new_cdp_session(page), Course(), {"server": server_pid, "page": page_pid}
    page.evaluate("window.drawnFrames.splice(0)")
    over = threading.Event()
    sleeper = threading.Thread(target=sleep, args=(course, over))
    sleeper.start()
    began, used = time.monotonic(), {name: processor_s(pid) for name, pid in pids.items()}
    while (since := time.monotonic() - began) < 60 * minutes:
        page.wait_for_timeout(1e3 * DRAIN_S)
        course.drawn += page.evaluate("window.drawnFrames.splice(0)")
        if since >= MARK_S * len(course.marks):
            tools.send("HeapProfiler.collectGarbage")
            scripts = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
            course.marks.append((since / 60, resident_mb(server_pid), resident_mb(page_pid), scripts))
    over.set()
    sleeper.join()
    course.cores = {name: (processor_s(pid) - used[name]) / since for name, pid in pids.items()}
    return course


def latencies_ms(arrivals: F64, drawn: F64) -> F64:
    """``(m,)`` how long each notification that came while frames were noted took until it was drawn."""
    found = []
    for foot in range(len(Side)):
        own = arrivals[arrivals[:, 1] == foot]
        own = own[(own[:, 0] >= drawn[0, 0]) & (own[:, 2] <= drawn[-1, 1 + foot])]
        at = np.searchsorted(drawn[:, 1 + foot], own[:, 2])
        found.append(1e3 * (drawn[at, 0] - own[:, 0]))
    return np.concatenate(found)


def tell(course: Course, arrivals: F64) -> None:
    drawn = np.array(course.drawn)
    whole = np.bincount((drawn[:, 0] - drawn[0, 0]).astype(int))[1:-1]
    late = latencies_ms(arrivals, drawn)
    p = np.percentile
    print(f"frames/s: median {p(whole, 50):.0f}, 5th percentile {p(whole, 5):.0f}, {len(drawn)} frames")
    print(f"ms: median {p(late, 50):.0f}, p95 {p(late, 95):.0f}, p99 {p(late, 99):.0f}, {late.size} notifications")
    print("cores: " + ", ".join(f"{name} {share:.2f}" for name, share in course.cores.items()))
    woken = p(course.woken_late_ms, [50, 99])
    print(f"a sleeper is woken late by ms: median {woken[0]:.1f}, p99 {woken[1]:.0f}")
    print("minute: MB of server, page, scripts")
    for minute, *mb in course.marks[:: max(1, len(course.marks) // 12)] + course.marks[-1:]:
        print(f"{minute:6.1f}: " + ", ".join(f"{each:.1f}" for each in mb))
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="measure", choices=["measure", "serve"])
    parser.add_argument("--kind", default="open99")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.what == "serve":
        serve(asked.kind, asked.port, asked.folder / "store", asked.folder / "arrivals")
    else:
        tell(*watch(asked.kind, asked.minutes))


if __name__ == "__main__":
    main()
