"""A recording's page in a browser, as docs/performance.md quotes it.

    python -m benchmarks.pages --hours 12

A server in a process of its own, Debian's Chromium without a window, and the page as it is. Told are, of a walk of a
minute and of one of hours, in ms and from the browser's own clock:

* the first load, until every figure is drawn: of a server that never saw the recording, and of one that did;
* what a person does on the page, until the browser begins the frame after the one that shows it: another moment,
  sensors one by one, a stretch of the force looked at closely, all of it again.

Linux only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.layout import load_layout
from insole.recording import About, Chunk, FootMeta, Side, Unit
from insole.store import Store
from insole.walker import Gait, Walker, nominal_calibration

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE_HZ = 100
PART_S = 60
LOADS, TURNS = 5, 20
START_S = 60.0

WATCH = """
new MutationObserver(() => {
  if (document.body?.dataset.figures === "drawn") window.drawnAt ??= performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-figures"] });
"""
"""Put into the page before its own scripts: when all figures were drawn, since the navigation began."""

TIMED = """async () => {{
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  const began = performance.now();
  {act};
  while (!({done})) await frame();
  await frame();
  return performance.now() - began;
}}"""
"""How long something takes until the frame after the one that shows it."""

FORCE = "document.querySelector('[data-figure=force]')"
MAP = "document.querySelector('[data-figure=pressure_map]')"
CLICK = "document.querySelector('{}').click()"


def walk_of(store: Store, seconds: float, layout_name: str) -> str:
    """Store a walk of that length; its samples repeat from minute to minute."""
    layout = load_layout(layout_name)
    calibration = nominal_calibration(layout)
    walker = Walker(Gait(duration_s=float(PART_S), noise_kpa=2.0), layout)
    part = {side: walker.counts(side, 0, PART_S * RATE_HZ, calibration) for side in Side}
    feet = {side: FootMeta(side, layout, Unit.COUNTS, float(RATE_HZ), calibration) for side in Side}
    about = About(subject_code="P-001", condition="shoe", task="walking", body_mass_kg=70.0)
    writer = store.begin(datetime(2026, 1, 5, 9, tzinfo=UTC), about, feet)
    for begin_s in range(0, int(seconds), PART_S):
        at, n = begin_s * RATE_HZ, min(PART_S, int(seconds) - begin_s) * RATE_HZ
        device_us = np.arange(at, at + n, dtype=np.int64) * (1_000_000 // RATE_HZ)
        writer.append([Chunk(side, at, part[side][:n], device_us, begin_s + n / RATE_HZ) for side in Side])
    writer.seal()
    return writer.id


@contextmanager
def server(data: Path) -> Iterator[str]:
    """A server of that store; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "insole.cli", "serve", "--port", str(port), "--data", str(data)])
    try:
        until = time.monotonic() + START_S
        while True:
            try:
                urllib.request.urlopen(f"{address}/api/v1/recordings").close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit("the server does not answer") from None
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def loaded(browser: Any, address: str) -> tuple[Any, float]:
    """Open a page in a browser that has nothing kept; the page, and when its figures were drawn."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector("body[data-figures=drawn]", timeout=120_000)
    return page, page.evaluate("window.drawnAt")


def tell(what: str, took_ms: list[float]) -> None:
    print(f"  {what:<44}{np.median(took_ms):7.0f}{max(took_ms):7.0f}")


def timed(page: Any, act: str, done: str) -> float:
    return float(page.evaluate(TIMED.format(act=act, done=done)))


def use(page: Any, seconds: float) -> None:
    """Do on the page what a person does, and tell how long each took."""

    def turns(what: str, *acts: tuple[str, str]) -> None:
        tell(what, [timed(page, *acts[k % len(acts)]) for k in range(TURNS)])

    page.wait_for_selector("body[data-map=ready]")
    page.evaluate(CLICK.format("[name=view][value=moment]"))
    moments = [seconds * share for share in (0.2, 0.4, 0.6, 0.8)]
    turns(
        "another moment",
        *(
            (
                f"const m = document.getElementById('moment'); window.was = {MAP}.dataset.at; m.value = {at};"
                "m.dispatchEvent(new Event('input', {bubbles: true}))",
                f"{MAP}.dataset.at !== window.was",
            )
            for at in moments
        ),
    )
    turns(
        "sensors one by one, smoothed again",
        *(
            (CLICK.format(f"[name=drawn][value={way}]"), f"{MAP}.dataset.drawn === '{way}'")
            for way in ("sensors", "smooth")
        ),
    )
    closer = [(seconds * share, seconds * share + 10.0) for share in (0.3, 0.7)]
    turns(
        "ten seconds of the force",
        *(
            (
                f"Plotly.relayout({FORCE}, {{'xaxis.range[0]': {a}, 'xaxis.range[1]': {b}}})",
                f"({FORCE}.dataset.window ?? '').includes('start_s={a:g}&')",
            )
            for a, b in closer
        ),
    )
    turns(
        "all of the force, and ten seconds",
        (f"Plotly.relayout({FORCE}, {{'xaxis.autorange': true}})", f"{FORCE}.dataset.window === 'all'"),
        (
            f"Plotly.relayout({FORCE}, {{'xaxis.range[0]': {closer[0][0]}, 'xaxis.range[1]': {closer[0][1]}}})",
            f"{FORCE}.dataset.window !== 'all'",
        ),
    )


def measure(hours: float, layout: str) -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        data, lengths_s = Path(name), (60.0, hours * 3600)
        with Store.open(data) as store:
            walks = [walk_of(store, seconds, layout) for seconds in lengths_s]
        with server(data) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            browser.new_page().goto(address)  # the server has loaded what it needs
            for seconds, recording_id in zip(lengths_s, walks, strict=True):
                print(f"{seconds / 3600:g} h of {layout}, two feet; ms: median, largest")
                at = f"{address}/recordings/{recording_id}"
                page, first_ms = loaded(browser, at)
                tell("the first load of all", [first_ms])
                more = []
                for _ in range(LOADS):
                    page.context.close()
                    page, took_ms = loaded(browser, at)
                    more.append(took_ms)
                tell("a further load, nothing kept by the browser", more)
                use(page, seconds)
            browser.close()
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=12.0)
    parser.add_argument("--layout", default="open-insole-16")
    asked = parser.parse_args()
    measure(asked.hours, asked.layout)


if __name__ == "__main__":
    main()
