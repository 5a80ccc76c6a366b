"""The emulated radio: what goes through it, in which order, and how often it speaks."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from bleak import BleakClient, BleakScanner
from bumble import hci
from bumble.link import LocalLink

from ingest.collector import collect
from ingest.virtual import virtual_pair
from ingest.virtual.peripheral import EVENT_S
from ingest.virtual.radio import Radio
from insole.devices import open_insole as profile
from insole.grids import grid_layout
from insole.layout import load_layout
from insole.recording import Side
from insole.walker import Gait, Walker, nominal_calibration
from tests.ingest.sinks import MemorySink, Until

pytestmark = pytest.mark.virtual_time

FAST_HZ = 1000


def fast_walker() -> Walker:
    """A sample a millisecond, of as many sensors as fit a notification."""
    layout = grid_layout(
        name="grid-112", title="Grid", source="a test", present=np.ones((16, 7), bool), pitch_mm=(12.0, 16.0)
    )
    return Walker(Gait(rate_hz=FAST_HZ, noise_kpa=1.0), layout)


class Host:
    """Keeps what a controller hands over; cannot read ``bad``."""

    bad = b""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.heard = asyncio.Event()

    def on_packet(self, packet: bytes) -> None:
        if packet == self.bad:
            raise ValueError("cannot be read")
        self.packets.append(packet)
        if len(self.packets) == 2:
            self.heard.set()


def completed(*counts: tuple[int, int]) -> bytes:
    handles, numbers = zip(*counts, strict=True)
    return bytes(hci.HCI_Number_Of_Completed_Packets_Event(handles, numbers))


async def test_a_thousand_samples_a_second_come_whole_in_a_notification_each() -> None:
    walker = fast_walker()
    async with virtual_pair(walker) as pair:
        sink, until = MemorySink(), Until(400)
        summary = await collect(pair.links, open_sink=sink.open, stop=until.stop, on_chunk=until, now=pair.now)
        notifications = {side: insole.notifications for side, insole in pair.insoles.items()}
    for side in Side:
        index = sink.index(side)
        assert index == list(range(index[0], index[0] + len(index)))
        played = walker.counts(side, index[0], len(index), nominal_calibration(walker.layout))
        assert np.array_equal(sink.samples(side), played)
        foot = summary.feet[side]
        assert (foot.lost, foot.duplicates, foot.garbled) == (0, 0, 0)
        assert notifications[side] >= foot.samples == len(index) >= 400


async def test_notifications_of_one_connection_event_go_together_at_its_end() -> None:
    async with virtual_pair(fast_walker()) as pair:
        sent_s: list[float] = []

        def note(_number: int) -> bool:
            sent_s.append(pair.now())
            return False

        pair.lose(Side.LEFT, note)
        sink, until = MemorySink(), Until(100)
        await collect(pair.links, open_sink=sink.open, stop=until.stop, on_chunk=until, now=pair.now)
        together = int(EVENT_S * FAST_HZ)
        first = sink.index(Side.LEFT)[0]
        ends_s = [
            pair.insoles[Side.LEFT].true_s(first + together * (number // together) + together - 1)
            for number in range(len(sent_s))
        ]
    assert together == 7
    assert len(sent_s) % together == 0
    assert all(at_s >= end_s for at_s, end_s in zip(sent_s, ends_s, strict=True))


async def test_only_who_subscribed_is_notified() -> None:
    async with virtual_pair(Walker(Gait(), load_layout("open-insole-16")), speed=20.0, sides=[Side.LEFT]) as pair:
        insole, got, stopped = pair.insoles[Side.LEFT], asyncio.Event(), []
        found = await BleakScanner.find_device_by_filter(lambda *_: True, **pair.scanner)
        assert found is not None
        async with BleakClient(found, **pair.client) as client:
            await client.start_notify(profile.DATA_UUID, lambda *_: stopped.append(1) if got.is_set() else got.set())
            await client.write_gatt_char(profile.CONTROL_UUID, profile.encode_command(profile.Start(0)))
            await got.wait()
            await client.stop_notify(profile.DATA_UUID)
            stopped.clear()
            sent = insole.notifications
            while insole.notifications < sent + 10:
                await pair.until(pair.now() + 0.05)
            assert stopped == []


async def test_a_radio_says_once_for_many_how_many_packets_it_sent() -> None:
    host = Host()
    radio = Radio("alone", link=LocalLink(), host_sink=host)

    class Assembler:
        def feed_packet(self, _packet: object) -> None:
            """Sent."""

    class Connection:
        assembler = Assembler()

        def __init__(self, handle: int) -> None:
            self.handle = handle

    radio.le_connections = {str(handle): Connection(handle) for handle in (1, 2)}
    for handle in (1, 2, 1, 1, 3):
        radio.on_hci_packet(hci.HCI_AclDataPacket(handle, 0, 0, 1, b"x"))
    radio.send_hci_packet(hci.HCI_Disconnection_Complete_Event(0, 1, 8))
    assert host.packets == []
    await asyncio.sleep(0)
    gone = bytes(hci.HCI_Disconnection_Complete_Event(0, 1, 8))
    assert host.packets == [completed((1, 3), (2, 1)), gone]
    await asyncio.sleep(0)
    assert len(host.packets) == 2


async def test_a_packet_that_a_host_cannot_read_does_not_hold_up_the_next() -> None:
    host, said = Host(), []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: said.append(context["exception"]))
    radio = Radio("alone", link=LocalLink(), host_sink=host)
    good, bad = hci.HCI_Disconnection_Complete_Event(0, 1, 8), hci.HCI_Disconnection_Complete_Event(0, 2, 8)
    host.bad = bytes(bad)
    for packet in (good, bad, good):
        radio.send_hci_packet(packet)
    await host.heard.wait()
    assert host.packets == [bytes(good)] * 2
    with pytest.raises(ValueError, match="cannot be read"):
        raise said[0]
