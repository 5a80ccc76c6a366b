"""The collector over bleak's own BlueZ backend and a real message bus; only org.bluez and the air are emulated."""

from __future__ import annotations

import asyncio
import sys
from shutil import which
from typing import TYPE_CHECKING

import numpy as np
import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError

from ingest.collector import collect
from ingest.finding import Search
from ingest.link import BleLink
from ingest.scan import scan
from ingest.talk import BATTERY_UUID
from ingest.virtual import KINDS, virtual_pair, virtual_walker
from ingest.virtual.playing import counts
from insole.devices import open_insole as profile
from insole.errors import AdapterError, LinkError
from insole.layout import load_layout
from insole.recording import Side
from insole.walker import Gait, Walker, nominal_calibration
from tests.ingest.bluez import SPEED, WALKER, computer
from tests.ingest.sinks import MemorySink, Until

if TYPE_CHECKING:
    from ingest.summary import Summary
    from ingest.virtual import VirtualPair
    from insole.devices import Device
    from insole.recording import Chunk
    from insole.typing import F64

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is Linux's way to Bluetooth"),
    pytest.mark.skipif(which("dbus-daemon") is None, reason="needs dbus-daemon (Debian: `apt install dbus`)"),
]
SAMPLES = 999
"""Whole notifications of 16 sensors (three samples each) and of 99 (one)."""
START = profile.encode_command(profile.Start())


class Watch:
    """Stops a session at its end, and notes what came and when each foot had brought enough."""

    def __init__(self, samples: int) -> None:
        self.sink, self._until, self._first = MemorySink(), Until(samples), Until(100)
        self.begun = self._first.stop

    def on_chunk(self, chunk: Chunk, time_s: F64) -> None:
        self._first(chunk, time_s)
        self._until(chunk, time_s)

    async def session(self, pair: VirtualPair, device: Device = profile.DEVICE) -> Summary:
        """Collect over BlueZ, with links that know nothing of the emulated radio."""
        search = Search()
        links = [BleLink(side, device, search=search, now=pair.now) for side in Side]
        return await collect(
            links, open_sink=self.sink.open, stop=self._until.stop, on_chunk=self.on_chunk, now=pair.now
        )

    def assert_bit_exact(self, walker: Walker, side: Side) -> list[int]:
        """What was kept of a foot is what it played, each sample once; their numbers as they came."""
        index = self.sink.index(side)
        first, n = min(index), max(index) - min(index) + 1
        played = walker.counts(side, first, n, nominal_calibration(walker.layout))
        assert np.array_equal(self.sink.samples(side), played[np.array(index) - first])
        assert len(set(index)) == len(index)
        return index


async def found(side: Side) -> object:
    """bleak's device for a foot."""

    def is_it(_: object, data: object) -> bool:
        said = profile.decode_advertised(data.manufacturer_data)
        return said is not None and said.side is side

    return await BleakScanner.find_device_by_filter(is_it)


async def read_for_ever(client: BleakClient) -> None:
    while True:
        await client.read_gatt_char(BATTERY_UUID)


@pytest.mark.parametrize("layout", ["open-insole-16", "pedar-99:y"])
async def test_ten_seconds_of_both_feet_are_stored_once_in_order_and_bit_exact(
    monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    walker, watch = Walker(Gait(), load_layout(layout)), Watch(SAMPLES)
    async with computer(monkeypatch, walker, speed=2.0 if "99" in layout else SPEED) as (pair, _):
        for side, insole in pair.insoles.items():  # then they fall silent, and nothing is on its way at the end
            pair.lose(side, lambda _, insole=insole: insole.sent_samples >= SAMPLES)
        summary = await watch.session(pair)
        sent = {side: insole.sent_samples for side, insole in pair.insoles.items()}
    for side in Side:
        index, foot = watch.assert_bit_exact(walker, side), summary.feet[side]
        assert index == list(range(index[0], index[0] + foot.samples))
        assert foot.samples == foot.expected == sent[side] == SAMPLES
        assert (foot.lost, foot.duplicates, foot.garbled, foot.drops) == (0, 0, 0, 0)
        assert (foot.battery_pct, foot.firmware) == (87, "virtual 1")
    assert (summary.problems, watch.sink.seals) == ((), 1)


@pytest.mark.parametrize("kind", ["orphe", "brilliant"])
async def test_makes_that_send_only_when_asked_or_tell_no_side(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    walker = virtual_walker(Gait(), kind)
    watch = Watch(round(3 * walker.rate_hz))
    async with computer(monkeypatch, walker, speed=2.0, kind=kind) as (pair, _):
        near = await scan(enough=lambda heard: len(heard) == 2)  # BlueZ joins an advertisement and its scan response
        summary = await watch.session(pair, KINDS[kind].device)
    assert [(f.side, f.firmware) for f in near] == (
        [(s, "1.0.0") for s in Side] if kind == "orphe" else [(None, "")] * 2
    )
    for side in Side:
        foot, (index, samples) = summary.feet[side], watch.sink.in_order(side)
        assert index == list(range(index[0], index[0] + foot.samples))
        assert (foot.lost, foot.garbled, foot.drops) == (0, 0, 0)  # a slow computer asks twice, and stores once
        whole = counts(walker, side, 0, 60 * len(index), nominal_calibration(walker.layout))
        begins = np.flatnonzero((whole[: -len(samples)] == samples[0]).all(axis=1))
        assert any(np.array_equal(whole[i : i + len(samples)], samples) for i in begins)


async def test_a_foot_out_of_range_for_two_seconds_comes_back_and_nothing_comes_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = Watch(800)
    async with computer(monkeypatch) as (pair, _):
        task = asyncio.create_task(watch.session(pair))
        await watch.begun.wait()
        await pair.cut(Side.LEFT, 2.0)
        summary = await task
    index, left, right = watch.assert_bit_exact(WALKER, Side.LEFT), summary.feet[Side.LEFT], summary.feet[Side.RIGHT]
    assert (left.drops, left.duplicates, left.resets) == (1, 0, 0)
    assert max(index) - min(index) + 1 - len(index) == left.lost
    assert np.count_nonzero(np.diff(sorted(index)) > 1) <= 1  # one gap, or none if the insole sends it later
    assert left.lost + left.late >= 195
    watch.assert_bit_exact(WALKER, Side.RIGHT)
    assert (right.lost, right.drops, right.duplicates) == (0, 0, 0)


async def test_the_adapter_is_switched_off_and_on_during_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(500)
    async with computer(monkeypatch) as (pair, bluez):
        task = asyncio.create_task(watch.session(pair))
        await watch.begun.wait()
        await bluez.power(on=False)
        await asyncio.sleep(0.3)
        await bluez.power(on=True)
        summary = await task
    for side in Side:
        watch.assert_bit_exact(WALKER, side)
        foot = summary.feet[side]
        assert (foot.drops, foot.duplicates) == (1, 0)
        assert foot.lost + foot.late >= 0.3 * SPEED * 100 * 0.9


async def test_a_client_that_is_not_let_go_after_a_drop_doubles_every_notification(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The trap that BleLink avoids (bleak issue 2002) is there to be avoided."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen() -> BleakClient:
        client = BleakClient(await found(Side.LEFT), lambda _: gone.set())
        await client.connect()
        await client.start_notify(profile.DATA_UUID, lambda _, data: heard.put_nowait(bytes(data)))
        await client.write_gatt_char(profile.CONTROL_UUID, START)
        return client

    async with computer(monkeypatch) as (pair, _):
        gone = asyncio.Event()
        old = await listen()
        await pair.cut(Side.LEFT, 0.4)
        await gone.wait()
        while not heard.empty():
            heard.get_nowait()
        new = await listen()
        assert len({await heard.get() for _ in range(40)}) == 20
        await old.disconnect()
        await new.disconnect()


async def test_notifications_through_a_socket_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: asyncio.Queue[int] = asyncio.Queue()
    async with computer(monkeypatch), BleakClient(await found(Side.RIGHT)) as client:
        await client.start_notify(
            profile.DATA_UUID,
            lambda _, data: heard.put_nowait(profile.decode(bytes(data)).counter),
            bluez={"use_start_notify": False},
        )
        await client.write_gatt_char(profile.CONTROL_UUID, START, response=False)
        counters = [await heard.get() for _ in range(50)]
        assert set(np.diff(counters)) == {3}
        await client.stop_notify(profile.DATA_UUID)
        late = heard.qsize()
        await asyncio.sleep(0.1)
        assert heard.qsize() == late


async def test_a_read_that_is_cut_off_and_one_after_it_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    async with computer(monkeypatch) as (pair, _), BleakClient(await found(Side.LEFT)) as client:
        assert client.services.get_characteristic(profile.DATA_UUID).max_write_without_response_size >= 244
        assert await client.read_gatt_char(BATTERY_UUID) == b"\x57"
        reading = asyncio.create_task(read_for_ever(client))
        await asyncio.sleep(0.05)
        cut = asyncio.create_task(pair.cut(Side.LEFT, 0.1))
        with pytest.raises(BleakError):
            await reading
        with pytest.raises(BleakError):
            await client.read_gatt_char(BATTERY_UUID)
        await cut


async def test_an_adapter_that_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async with computer(monkeypatch) as (pair, bluez):
        await bluez.power(on=False)
        with pytest.raises(AdapterError, match=r"switched off.*bluetoothctl power on"):
            await Watch(1).session(pair)


async def test_a_computer_without_an_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    async with computer(monkeypatch) as (pair, bluez):
        await bluez.unplug()
        with pytest.raises(AdapterError, match=r"no Bluetooth adapter.*insole demo"):
            await Watch(1).session(pair)


async def test_a_bus_without_bluez(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.virtual.minibluez.bus import private_bus

    async with virtual_pair(WALKER) as pair, private_bus() as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        with pytest.raises(AdapterError, match=r"BlueZ, the Bluetooth service, is not running.*apt install bluez"):
            await Watch(1).session(pair)


async def test_without_a_message_bus_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.virtual.minibluez.bus import private_bus

    monkeypatch.setenv("PATH", "")
    with pytest.raises(LinkError, match="apt install dbus"):
        async with private_bus():
            pass
