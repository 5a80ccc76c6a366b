"""Over the emulated radio, and over bleak's BlueZ backend: one foot is looked for while the other comes and goes."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from shutil import which
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")

from ingest import arrivals
from ingest.collector import collect
from ingest.finding import Search
from ingest.link import BleLink
from ingest.virtual import KINDS, virtual_pair, virtual_walker
from ingest.virtual.playing import counts
from insole.errors import LinkError
from insole.recording import About, Side
from insole.store import Store
from insole.walker import Gait, nominal_calibration
from tests.ingest.bluez import computer
from tests.store.samples import STARTED_AT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from ingest.virtual import VirtualPair
    from insole.recording import Chunk, FootMeta
    from insole.typing import F64

LEFT, RIGHT = Side.LEFT, Side.RIGHT
pytestmark = pytest.mark.virtual_time

SPEED = 3.0
BLUEZ = pytest.param(
    "open16",
    True,
    id="minibluez",
    marks=[
        pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is Linux's way to Bluetooth"),
        pytest.mark.skipif(which("dbus-daemon") is None, reason="needs dbus-daemon (Debian: `apt install dbus`)"),
    ],
)


class Unheard(BleLink):
    """Gives up once at the start, so that a session begins without it at once; then it looks as any other."""

    first = True

    async def connect(self) -> FootMeta:
        if self.first:
            self.first = False
            raise LinkError("nobody answers")
        return await super().connect()


class Watch:
    """Tells when a foot has brought so many samples more."""

    def __init__(self) -> None:
        self._came = dict.fromkeys(Side, 0)
        self._news = asyncio.Event()

    def on_chunk(self, chunk: Chunk, _: F64) -> None:
        self._came[chunk.side] += len(chunk.samples)
        self._news.set()

    async def more(self, side: Side, samples: int) -> None:
        enough = self._came[side] + samples
        while self._came[side] < enough:
            self._news.clear()
            await self._news.wait()


@asynccontextmanager
async def insoles(
    monkeypatch: pytest.MonkeyPatch, kind: str, *, bluez: bool
) -> AsyncIterator[tuple[VirtualPair, list[BleLink]]]:
    """A virtual pair and links to it, of which the right one begins late."""
    walker, device = virtual_walker(Gait(), kind), KINDS[kind].device
    if bluez:
        async with computer(monkeypatch, walker, speed=SPEED, kind=kind) as (pair, _):
            search = Search()
            yield (
                pair,
                [link(side, device, search=search, now=pair.now) for side, link in ((LEFT, BleLink), (RIGHT, Unheard))],
            )
    else:
        async with virtual_pair(walker, kind=kind, speed=SPEED) as pair:
            search, client = Search(**pair.scanner), dict(pair.client)
            left = BleLink(LEFT, device, search=search, client=client, now=pair.now)
            yield pair, [left, Unheard(RIGHT, device, search=search, client=client, now=pair.now)]


def noting_refusals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """By what names the emulated BlueZ refuses to scan from now on."""
    from ingest.virtual.minibluez.tree import BluezError

    refused: list[str] = []

    def refuse(name: str, text: str) -> BluezError:
        refused.append(name)
        return BluezError(name, text)

    monkeypatch.setattr("ingest.virtual.minibluez.adapter.BluezError", refuse)
    return refused


@pytest.mark.parametrize(("kind", "bluez"), [("open16", False), ("orphe", False), BLUEZ])
async def test_a_foot_comes_back_while_the_other_is_looked_for_and_that_one_joins(
    kind: str, bluez: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """BlueZ refuses a program a second scan: the search for one foot must not be in the other's way."""
    monkeypatch.setattr(arrivals, "AGAIN_S", 0.0)
    watch, stop, ids = Watch(), asyncio.Event(), []
    refused = noting_refusals(monkeypatch) if bluez else []

    with Store.open(tmp_path) as store:

        def begin(feet: dict[Side, FootMeta]) -> object:
            writer = store.begin(STARTED_AT, About(), feet)
            ids.append(writer.id)
            return writer

        async with insoles(monkeypatch, kind, bluez=bluez) as (pair, links):
            away = asyncio.create_task(pair.cut(RIGHT, 1e6))
            task = asyncio.create_task(
                collect(links, open_sink=begin, stop=stop, on_chunk=watch.on_chunk, now=pair.now)
            )
            await watch.more(LEFT, 50)
            await pair.cut(LEFT, 1.0)
            await watch.more(LEFT, 50)
            assert list(store.info(ids[0]).sides) == [LEFT]
            away.cancel()  # the patient puts the other shoe on
            await asyncio.gather(*(watch.more(side, 100) for side in Side))
            stop.set()
            summary = await task
        feet, info = store.read(ids[0]).feet, store.info(ids[0])
    assert (info.state, info.sides, summary.problems) == ("sealed", (LEFT, RIGHT), ())
    assert "InProgress" not in refused
    assert [summary.feet[side].drops for side in Side] == [1, 0]
    for side, foot in feet.items():
        assert summary.feet[side].lost == foot.missing_samples == 0  # both makes keep what they sent
        walker = virtual_walker(Gait(), kind)
        calibration = None if np.isnan(walker.layout.area_mm2).any() else nominal_calibration(walker.layout)
        first = int(foot.sample[0])
        assert np.array_equal(foot.values, counts(walker, side, first, len(foot.sample), calibration))
    assert feet[RIGHT].time_s[0] > feet[LEFT].time_s[0] + 1.0
