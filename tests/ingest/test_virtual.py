"""End to end: walker, virtual insoles, bumble's GATT, unmodified bleak, collector, sink."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError

from ingest.collector import collect
from ingest.finding import Search
from ingest.link import BleLink
from ingest.talk import BATTERY_UUID
from ingest.virtual import VirtualPair, virtual_pair
from insole.devices import Advertised
from insole.devices import open_insole as profile
from insole.errors import AdapterError, LinkError
from insole.layout import load_layout
from insole.recording import Side
from insole.walker import Gait, Walker, nominal_calibration
from tests.ingest.sinks import MemorySink, Until

if TYPE_CHECKING:
    from ingest.summary import Summary
    from insole.recording import Chunk
    from insole.typing import F64

pytestmark = pytest.mark.virtual_time

WALKER = Walker(Gait(), load_layout("open-insole-16"))
SPEED = 8.0


async def collected(
    pair: VirtualPair, samples: int, sides: tuple[Side, ...] = tuple(Side)
) -> tuple[MemorySink, Summary]:
    sink, until = MemorySink(), Until(samples, sides)
    summary = await collect(pair.links, open_sink=sink.open, stop=until.stop, on_chunk=until, now=pair.now)
    return sink, summary


def played(walker: Walker, side: Side, index: list[int]) -> np.ndarray:
    first, n = index[0], index[-1] - index[0] + 1
    return walker.counts(side, first, n, nominal_calibration(walker.layout))[np.array(index) - first]


@pytest.mark.parametrize("layout", ["open-insole-16", "pedar-99:y"])
async def test_every_sample_of_both_feet_arrives_once_in_order_and_bit_exact(layout: str) -> None:
    walker = Walker(Gait(), load_layout(layout))
    async with virtual_pair(walker, speed=4.0 if "99" in layout else SPEED) as pair:
        sink, summary = await collected(pair, 600)
    for side in Side:
        index = sink.index(side)
        assert index == list(range(index[0], index[0] + len(index)))
        assert np.array_equal(sink.samples(side), played(walker, side, index))
        foot = summary.feet[side]
        assert (foot.samples, foot.lost, foot.duplicates, foot.garbled, foot.drops) == (len(index), 0, 0, 0, 0)
        assert (foot.battery_pct, foot.firmware) == (87, "virtual 1")
        meta = sink.metas[side]
        assert (meta.side, meta.layout.name, meta.rate_hz, meta.saturation) == (side, layout, 100.0, 4095.0)
        assert meta.calibration is not None
        assert meta.calibration.id == "virtual-nominal"
        assert meta.calibration.kpa_per_count == pytest.approx(nominal_calibration(walker.layout).kpa_per_count)
    assert sink.seals == 1
    assert summary.problems == ()


async def test_lost_notifications_are_fetched_from_the_backlog() -> None:
    async with virtual_pair(WALKER, speed=SPEED) as pair:
        pair.lose(Side.LEFT, 0.05)
        sink, summary = await collected(pair, 1200)
        dropped = pair.insoles[Side.LEFT].dropped_samples
    left, right = summary.feet[Side.LEFT], summary.feet[Side.RIGHT]
    index, samples = sink.in_order(Side.LEFT)
    assert (left.lost, right.lost, right.late) == (0, 0, 0)
    assert index == list(range(index[0], index[0] + left.samples))
    assert np.array_equal(samples, played(WALKER, Side.LEFT, index))
    # a notification that was lost after the last one heard cannot be missed
    assert 30 < left.late <= dropped


async def test_out_of_range_the_live_view_has_a_gap_and_the_recording_has_none() -> None:
    async with virtual_pair(WALKER, speed=SPEED) as pair:
        sink, until, first = MemorySink(), Until(400), Until(100)
        seen: list[int] = []

        def on_chunk(chunk: Chunk, time_s: F64) -> None:
            first(chunk, time_s)
            if first.stop.is_set():
                until(chunk, time_s)
            if chunk.side is Side.LEFT:
                seen.extend(range(chunk.first_sample, chunk.stop_sample))

        task = asyncio.create_task(
            collect(pair.links, open_sink=sink.open, stop=until.stop, on_chunk=on_chunk, now=pair.now)
        )
        await first.stop.wait()
        last = seen[-1]
        await pair.cut(Side.LEFT, 4.0)
        back_s = pair.now()
        summary = await task
        insole = pair.insoles[Side.LEFT]
        gap_at = int(np.flatnonzero(np.diff(seen) > 1)[0])
        assert last <= seen[gap_at] <= last + 3  # one notification may have been on its way
        assert insole.true_s(seen[gap_at + 1]) > back_s
    left, right = summary.feet[Side.LEFT], summary.feet[Side.RIGHT]
    assert len(set(seen)) == len(seen) == left.samples - left.late
    assert left.late == seen[gap_at + 1] - seen[gap_at] - 1 >= 390
    assert (left.drops, left.resets, left.lost) == (1, 0, 0)
    assert (right.drops, right.lost, right.late) == (0, 0, 0)
    index, samples = sink.in_order(Side.LEFT)
    assert index == list(range(seen[0], seen[-1] + 1))
    assert np.array_equal(samples, played(WALKER, Side.LEFT, index))


@pytest.mark.parametrize("turns", [0, 30, 100])
async def test_connections_that_break_while_they_are_made_are_made_again(turns: int) -> None:
    async with virtual_pair(WALKER, sides=[Side.LEFT], speed=SPEED) as pair:
        insole, made, cuts = pair.insoles[Side.LEFT], 0, set()

        async def cut_after_some_turns_of_the_loop() -> None:
            for _ in range(turns):
                await asyncio.sleep(0)
            await pair.cut(Side.LEFT, 0.8)

        def cut_the_odd_ones(_: object) -> None:
            nonlocal made
            made += 1
            if made in (1, 3):
                cuts.add(asyncio.get_running_loop().create_task(cut_after_some_turns_of_the_loop()))

        insole._host.on("connection", cut_the_odd_ones)
        sink, until, first = MemorySink(), Until(200, (Side.LEFT,)), Until(50, (Side.LEFT,))

        def on_chunk(chunk: Chunk, time_s: F64) -> None:
            first(chunk, time_s)
            until(chunk, time_s)

        task = asyncio.create_task(
            collect(pair.links, open_sink=sink.open, stop=until.stop, on_chunk=on_chunk, now=pair.now)
        )
        await first.stop.wait()
        await pair.cut(Side.LEFT, 0.8)
        summary = await task
        assert made == 4
        assert all(cut.done() for cut in cuts)
    foot, (index, samples) = summary.feet[Side.LEFT], sink.in_order(Side.LEFT)
    assert (foot.garbled, foot.resets, foot.lost) == (0, 0, 0)
    assert foot.drops >= 1
    assert foot.late >= 80
    assert index == list(range(index[0], index[0] + foot.samples))
    assert np.array_equal(samples, played(WALKER, Side.LEFT, index))


async def test_two_wrong_clocks_become_one_and_the_counter_wraps() -> None:
    drift = {Side.LEFT: 100.0, Side.RIGHT: -60.0}
    async with virtual_pair(
        WALKER,
        speed=25.0,
        drift_ppm=drift,
        clock_offset_us={Side.LEFT: 2**48 - 20_000_000, Side.RIGHT: 3},
        first_counter={Side.LEFT: 2**32 - 1500, Side.RIGHT: 0},
    ) as pair:
        power_on_s = {side: pair.insoles[side].true_s(0) for side in Side}
        start: list[float] = []
        sink, until = MemorySink(), Until(5000)

        def on_chunk(chunk: Chunk, time_s: F64) -> None:
            start.append(pair.now() - chunk.arrival_s)
            until(chunk, time_s)

        summary = await collect(pair.links, open_sink=sink.open, stop=until.stop, on_chunk=on_chunk, now=pair.now)
        true_s = {side: [pair.insoles[side].true_s(i) for i in range(8000)] for side in Side}
    for side, first in ((Side.LEFT, 2**32 - 1500), (Side.RIGHT, 0)):
        foot = summary.feet[side]
        assert (foot.lost, foot.resets) == (0, 0)
        chunks = [c for c in sink.chunks if c.side is side]
        device_us = np.concatenate([c.device_us for c in chunks])
        index = np.array(sink.index(side)) - first
        assert np.all(np.diff(device_us) == 10_000)
        error_s = sink.clocks[side].to_session_s(device_us) + start[0] - np.array(true_s[side])[index]
        # time runs 25 times as fast here, and so does all delay of the event loop
        assert np.ptp(error_s) < 25 * 0.002
        assert abs(error_s).max() < 25 * 0.02
        assert power_on_s[side] < start[0]


async def test_one_insole_alone_and_no_insole() -> None:
    async with virtual_pair(WALKER, sides=[Side.RIGHT], speed=SPEED) as pair:
        sink, summary = await collected(pair, 100, (Side.RIGHT,))
        assert list(summary.feet) == [Side.RIGHT]
        absent = BleLink(Side.LEFT, profile.DEVICE, search=Search(**pair.scanner), client=dict(pair.client))
        with pytest.raises(LinkError, match="left insole was not found"):
            await collect([absent], open_sink=sink.open, wait_s=0.2)


async def test_a_foot_that_starts_late_is_waited_for() -> None:
    async with virtual_pair(WALKER, speed=SPEED) as pair:
        late = asyncio.create_task(pair.cut(Side.RIGHT, 1.0 * SPEED))
        await asyncio.sleep(0)
        sink, summary = await collected(pair, 100)
        assert late.done()
        switched_on = pair.insoles[Side.RIGHT].true_s(sink.index(Side.RIGHT)[0])
        assert switched_on - pair.insoles[Side.RIGHT].true_s(0) >= 1.0 * SPEED
    assert set(summary.feet) == set(Side)
    assert [foot.lost for foot in summary.feet.values()] == [0, 0]
    assert summary.problems == ()


async def test_a_plain_bleak_client_finds_the_profile_as_specified() -> None:
    async with virtual_pair(WALKER, clock_offset_us={Side.LEFT: 50_000_000}) as pair:
        sides = {}
        async with BleakScanner(service_uuids=[profile.SERVICE_UUID], **pair.scanner) as scanner:
            async for device, data in scanner.advertisement_data():
                sides[profile.decode_advertised(data.manufacturer_data)] = device
                if len(sides) == 2:
                    break
        assert set(sides) == {Advertised(side, 87) for side in Side}
        found = sides[Advertised(Side.LEFT, 87)]
        gone, pongs = asyncio.Event(), asyncio.Queue()
        async with BleakClient(found, lambda _: gone.set(), **pair.client) as client:
            assert client.mtu_size == 247
            assert {c.uuid for c in client.services.get_service(profile.SERVICE_UUID).characteristics} >= {
                profile.DATA_UUID,
                profile.CONTROL_UUID,
            }
            assert await client.read_gatt_char(BATTERY_UUID) == b"\x57"
            await client.start_notify(profile.CONTROL_UUID, lambda _, data: pongs.put_nowait(bytes(data)))
            for token in (1, 2):
                await client.write_gatt_char(profile.CONTROL_UUID, profile.encode_command(profile.Ping(token)))
            answers = [profile.decode_pong(await pongs.get()) for _ in range(2)]
            assert [token for token, _ in answers] == [1, 2]
            assert 50_000_000 < answers[0][1] < answers[1][1] < 60_000_000
            cut = asyncio.create_task(pair.cut(Side.LEFT, 0.1))
            await gone.wait()
            with pytest.raises(BleakError):
                await client.read_gatt_char(BATTERY_UUID)
            await cut


async def test_a_read_that_is_cut_off_is_an_error_and_not_a_wait_for_ever() -> None:
    async with virtual_pair(WALKER, sides=[Side.LEFT]) as pair:
        found = await BleakScanner.find_device_by_filter(lambda *_: True, **pair.scanner)
        async with BleakClient(found, **pair.client) as client:
            reading = asyncio.create_task(client.read_gatt_char(BATTERY_UUID))
            await asyncio.sleep(0)
            cut = asyncio.create_task(pair.cut(Side.LEFT, 0.01))
            with pytest.raises(BleakError, match="disconnected"):
                await reading
            await cut


async def test_without_bumble_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bumble.device", None)
    with pytest.raises(LinkError, match=r"insole\[virtual\]"):
        async with virtual_pair(WALKER):
            pass


def test_starting_the_command_line_imports_no_radio() -> None:
    code = "import sys, ingest.collector, ingest.virtual; print({'bleak', 'bumble'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is Linux's way to Bluetooth")
async def test_a_computer_without_bluetooth_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    search = Search()
    links = [BleLink(side, profile.DEVICE, search=search) for side in Side]
    with pytest.raises(AdapterError, match="apt install bluez"):
        await collect(links, open_sink=MemorySink().open, wait_s=5.0)
