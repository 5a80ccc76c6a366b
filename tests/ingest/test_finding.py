"""One scan for all who look: BlueZ allows a program no second one, and what was claimed is always given back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from bleak.exc import BleakDBusError

from ingest.finding import Search
from ingest.link import BleLink
from insole.devices import Advertised, find_device
from insole.errors import LinkError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEVICE = replace(find_device("open-insole"), advertised=lambda side: Advertised(side, None))
IN_PROGRESS = BleakDBusError("org.bluez.Error.InProgress", ["Operation already in progress"])


class Radio:
    """Stands in for ``BleakScanner``: one scan at a time, and what is near is what a test says."""

    def __init__(self) -> None:
        self.scans: list[Callable[[Any, Any], None]] = []
        self.begins: asyncio.Queue[int] = asyncio.Queue()
        self.fails_to_start: Exception | None = None
        self.fails_to_stop: Exception | None = None

    def __call__(self, look: Callable[[Any, Any], None], **_: Any) -> Radio:
        self._look = look
        return self

    async def __aenter__(self) -> None:
        await asyncio.sleep(0)
        if self.scans:
            raise IN_PROGRESS
        if self.fails_to_start is not None:
            raise self.fails_to_start
        self.scans.append(self._look)
        self.begins.put_nowait(len(self.scans))

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0)
        self.scans.clear()
        if self.fails_to_stop is not None:
            raise self.fails_to_stop

    def hear(self, side: Side, address: str, *, service: str = DEVICE.service_uuid) -> None:
        """Somebody advertises."""
        for look in list(self.scans):
            said = SimpleNamespace(manufacturer_data=side, service_uuids=[service], rssi=-60)
            look(SimpleNamespace(address=address), said)


@pytest.fixture
def radio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Radio]:
    made = Radio()
    monkeypatch.setattr("bleak.BleakScanner", made)
    yield made
    assert not made.scans, "a scan was left running"


def finding(search: Search, side: Side, **more: Any) -> asyncio.Task[Any]:
    return asyncio.create_task(search.find(DEVICE, side, **more))


async def left_found(search: Search, radio: Radio) -> str:
    """The address of the left insole, heard once in a new search."""
    task = finding(search, Side.LEFT)
    await radio.begins.get()
    radio.hear(Side.LEFT, "L")
    return str((await task)[0].address)


async def test_two_look_in_one_scan_and_each_finds_its_own(radio: Radio) -> None:
    search = Search()
    left, right = finding(search, Side.LEFT), finding(search, Side.RIGHT)
    await radio.begins.get()  # both had begun to look before it
    for side, address in ((Side.RIGHT, "R"), (Side.LEFT, "L")):
        radio.hear(side, address)
    assert [found.address for found, _ in await asyncio.gather(left, right)] == ["L", "R"]


async def test_one_that_is_never_there_does_not_keep_another_from_coming_back(radio: Radio) -> None:
    """macOS tells of an insole only once in a scan, so each who begins to look begins the scan anew."""
    search = Search()
    missing = finding(search, Side.RIGHT)
    await radio.begins.get()
    for _ in range(3):
        assert await left_found(search, radio) == "L"
        search.release("L")
        assert not missing.done()
    radio.hear(Side.RIGHT, "R")
    assert (await missing)[0].address == "R"


async def test_only_the_one_that_is_wanted_is_taken(radio: Radio) -> None:
    search = Search()
    task = finding(search, Side.LEFT, address="L2", others={"L3"})
    await radio.begins.get()
    radio.hear(Side.RIGHT, "L2")
    radio.hear(Side.LEFT, "L1")
    radio.hear(Side.LEFT, "L3")
    radio.hear(Side.LEFT, "L2", service="0000180f-0000-1000-8000-00805f9b34fb")
    assert not task.done()
    radio.hear(Side.LEFT, "L2")
    assert (await task)[1] == Advertised(Side.LEFT, None)
    again = finding(search, Side.LEFT)
    await radio.begins.get()
    radio.hear(Side.LEFT, "L2")
    await asyncio.sleep(0)
    assert not again.done()  # it is somebody's
    search.release("L2")
    radio.hear(Side.LEFT, "L2")
    assert (await again)[0].address == "L2"


@pytest.mark.parametrize("error", [IN_PROGRESS, OSError("the bus died"), ZeroDivisionError()])
async def test_all_who_wait_are_told_what_fails_and_may_look_again(radio: Radio, error: Exception) -> None:
    search = Search()
    radio.fails_to_start = error
    for _ in range(2):
        told = await asyncio.gather(*(finding(search, side) for side in Side), return_exceptions=True)
        assert told == [error, error]
    radio.fails_to_start = None
    assert await left_found(search, radio) == "L"


async def test_a_scan_that_fails_to_stop_takes_nothing_away(radio: Radio) -> None:
    search = Search()
    radio.fails_to_stop = IN_PROGRESS
    for _ in range(2):
        assert await left_found(search, radio) == "L"
        search.release("L")


@pytest.mark.parametrize("turns", range(8))
async def test_whenever_a_search_is_cancelled_the_scan_stops_and_the_claim_is_given_back(
    radio: Radio, turns: int
) -> None:
    search = Search()
    task = finding(search, Side.LEFT)
    await radio.begins.get()
    radio.hear(Side.LEFT, "L")
    for _ in range(turns):
        await asyncio.sleep(0)
    if not task.cancel():
        await task  # it was faster
        search.release("L")
    await asyncio.gather(task, return_exceptions=True)
    assert await left_found(search, radio) == "L"


@pytest.mark.parametrize("error", [IN_PROGRESS, LinkError("says nonsense"), ZeroDivisionError()])
async def test_an_insole_that_cannot_be_talked_to_is_nobodys(
    radio: Radio, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def connect(*_: Any, **__: Any) -> None:
        tried.set()
        raise error

    monkeypatch.setattr("bleak_retry_connector.establish_connection", connect)
    search = Search()
    link = BleLink(Side.LEFT, DEVICE, search=search)
    connecting = asyncio.create_task(link.connect())
    await radio.begins.get()
    radio.hear(Side.LEFT, "L")
    await tried.wait()
    other = finding(search, Side.LEFT)
    await radio.begins.get()
    while not other.done():
        radio.hear(Side.LEFT, "L")
        await asyncio.sleep(0)
    assert (await other)[0].address == "L"
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await link.disconnect()
    while not radio.begins.empty():
        radio.begins.get_nowait()
    third = finding(search, Side.LEFT)
    await radio.begins.get()
    radio.hear(Side.LEFT, "L")
    await asyncio.sleep(0)
    assert not third.done(), "what a link let go before is not its own to let go again"
    third.cancel()
    await asyncio.gather(third, return_exceptions=True)
