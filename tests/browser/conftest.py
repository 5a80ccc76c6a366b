"""A real server on a free port, and Debian's Chromium looking at it."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
import uvicorn

from analysis.live import LiveView
from api.app import create_app
from insole.layout import load_layout
from insole.recording import About, Chunk, FootMeta, Side, Unit
from insole.store import Store
from insole.walker import Gait, Walker, nominal_calibration
from tests.support import ROOT

ARTIFACTS = ROOT / "test-artifacts"
FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAYOUT = load_layout("open-insole-16")
PERIOD_S = 0.03


def pytest_collection_modifyitems(items):
    """Every test here is a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Stream:
    """A live source fed by the walker in the server's own loop, as the roof does it."""

    def __init__(self):
        self.view = None
        self.state = "Searching for insoles."
        self.silent = set()
        self.sides = tuple(Side)
        self.walker = Walker(Gait(load_symmetry_index_pct=20.0), LAYOUT)

    async def feed(self):
        calibration = nominal_calibration(LAYOUT)
        self.view = LiveView({side: FootMeta(side, LAYOUT, Unit.COUNTS, 100.0, calibration) for side in self.sides})
        clock = asyncio.get_running_loop().time
        began, sent = clock(), 0
        while True:
            await asyncio.sleep(PERIOD_S)
            upto = int((clock() - began) * 100)
            at = np.arange(sent, upto)
            for side in set(self.sides) - self.silent if at.size else ():
                counts = self.walker.counts(side, sent, at.size, calibration)
                self.view.push(Chunk(side, sent, counts, at * 10_000, upto / 100), at / 100)
            sent = upto


class Service:
    """Uvicorn in a thread; starts, stops and starts again on the same port."""

    def __init__(self, store, stream):
        self.stream = stream
        self.app = create_app(store, live=stream)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.feeding = None

    def start(self):
        self.ready, self.thread = threading.Event(), threading.Thread(target=lambda: asyncio.run(self._main()))
        self.thread.start()
        assert self.ready.wait(10)

    async def _main(self):
        config = uvicorn.Config(self.app, port=self.port, log_level="error", ws="websockets-sansio", lifespan="off")
        self.server, self.loop = uvicorn.Server(config), asyncio.get_running_loop()
        serving = asyncio.create_task(self.server.serve())
        while not self.server.started:  # noqa: ASYNC110 (uvicorn offers no event)
            await asyncio.sleep(0)
        self.ready.set()
        await serving
        if self.feeding is not None:
            self.feeding.cancel()

    def feed(self):
        """Let a stream begin."""

        def begin():
            self.feeding = self.loop.create_task(self.stream.feed())

        self.loop.call_soon_threadsafe(begin)

    def stop(self):
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def serious(page):
    """What axe finds on the page that is serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    found = axe.run(page, options=AXE_RULES).response["violations"]
    return [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found if v["impact"] in {"serious", "critical"}]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def stored(store):
    gait = Gait(
        load_symmetry_index_pct=12.0, noise_kpa=2.0, dead_sensors={Side.LEFT: (9,)}, gaps={Side.RIGHT: ((8.0, 8.6),)}
    )
    walked = Walker(gait, LAYOUT).recording()
    about = About(subject_code="P-001", condition="orthosis A", task="walking", device="open16", body_mass_kg=70.0)
    return store.add(replace(walked, about=about))


@pytest.fixture
def pair(store):
    """Two conditions of one person: a shoe, and an orthosis under which pressures are lower."""
    return [keep(store, "shoe"), keep(store, "orthosis A", by=0.6, dead_sensors={Side.LEFT: (9,)})]


def keep(store, condition, by=1.0, **gait):
    """Store a walk of that condition, every pressure times ``by``."""
    walked = Walker(Gait(**{"duration_s": 18.0, "noise_kpa": 1.0, **gait}), LAYOUT).recording()
    feet = {side: replace(foot, values=foot.values * np.float32(by)) for side, foot in walked.feet.items()}
    return store.add(replace(walked, feet=feet, about=About(subject_code="P-001", condition=condition)))


def compared(*ids):
    """The address of the page that compares them."""
    return f"/compare?{urlencode([('recording', i) for i in ids])}"


@pytest.fixture
def service(store):
    made = Service(store, Stream())
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def chromium():
    """A browser for one module: while it is open, its loop runs in this thread and no other may."""
    binary = shutil.which("chromium")
    if binary is None:
        pytest.skip("needs Chromium (Debian: apt install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    ARTIFACTS.mkdir(exist_ok=True)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium, service):
    """Open pages of the service; at the end, none may have complained or asked another host."""
    contexts, complaints, elsewhere = [], [], []

    def opened(path, *, width=1280, height=900, scheme="light", forgive=()):
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)

        def heard(message):
            if message.type in ("error", "warning") and not any(f in message.text for f in forgive):
                complaints.append(message.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda r: None if r.url.startswith((service.url, "data:", "blob:")) else elsewhere.append(r.url)
        )
        page.goto(service.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert elsewhere == []
