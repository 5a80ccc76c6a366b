"""What is near, by its own word: over the emulated radio, and from advertisements made up here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import BleakDBusError, BleakError

from ingest.scan import Found, ask, recognise, scan
from insole.devices import Advertised, find_device
from insole.devices import open_insole as profile
from insole.errors import AdapterError, LinkError
from insole.layout import load_layout
from insole.recording import Side
from insole.walker import Gait, Walker

pytestmark = pytest.mark.virtual_time

DEVICE = find_device("open-insole")
WALKER = Walker(Gait(), load_layout("open-insole-16"))


def advertisement(side: Side = Side.LEFT, *, rssi: int = -60, service: str = DEVICE.service_uuid) -> AdvertisementData:
    said = profile.encode_advertised(Advertised(side, 40))
    return AdvertisementData(None, {0xFFFF: said}, {}, [service], None, rssi, ())


def radio(address: str = "AA", name: str | None = None) -> BLEDevice:
    return BLEDevice(address, name, None)


def test_an_insole_is_recognised_by_service_and_advertisement_together() -> None:
    found = recognise(radio(name="sole"), advertisement(Side.RIGHT), [DEVICE])
    assert found == Found(
        "open-insole", DEVICE.title, Side.RIGHT, "AA", name="sole", signal_dbm=-60, battery_pct=40, firmware=""
    )
    assert recognise(radio(), advertisement(service="180d"), [DEVICE]) is None
    assert recognise(radio(), advertisement()._replace(manufacturer_data={}), [DEVICE]) is None


@pytest.mark.parametrize(
    ("dbm", "word"),
    [(-40, "strong"), (-60, "strong"), (-61, "good"), (-75, "good"), (-76, "weak"), (-86, "very weak"),
     (-127, "unknown")],
)  # fmt: skip
def test_a_signal_has_a_word(dbm: int, word: str) -> None:
    found = recognise(radio(), advertisement(rssi=dbm), [DEVICE])
    assert found is not None
    assert found.signal == word


class Heard(BaseBleakScanner):
    """A radio that hears what it is told, in that order."""

    air: tuple[tuple[BLEDevice, AdvertisementData], ...] = ()
    trouble: Exception | None = None

    def __init__(self, detection_callback: object, service_uuids: list[str] | None, *_: object, **__: object) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.seen_devices = {}
        for device, data in self.air:
            self.call_detection_callbacks(device, data)

    async def stop(self) -> None:
        pass


async def test_left_comes_first_then_the_strongest_and_each_once() -> None:
    class Air(Heard):
        air = (
            (radio("R1"), advertisement(Side.RIGHT, rssi=-50)),
            (radio("L1"), advertisement(rssi=-80)),
            (radio("L2"), advertisement(rssi=-127)),
            (radio("L3"), advertisement(rssi=-70)),
            (radio("L1"), advertisement(rssi=-60)),
        )

    found = await scan(seconds=0.01, backend=Air)
    assert [(f.address, f.signal_dbm) for f in found] == [("L1", -60), ("L3", -70), ("L2", None), ("R1", -50)]


async def test_it_stops_as_soon_as_enough_was_heard() -> None:
    class Air(Heard):
        air = ((radio("R1"), advertisement(Side.RIGHT)),)

    assert len(await scan(seconds=1e6, enough=lambda heard: len(heard) == 1, backend=Air)) == 1


async def test_silence_is_no_error() -> None:
    assert await scan(seconds=0.01, backend=Heard) == []


@pytest.mark.parametrize(
    ("trouble", "error"),
    [(BleakDBusError("org.bluez.Error.NotReady", []), AdapterError), (BleakError("odd"), LinkError)],
)
async def test_a_radio_that_fails_says_why(trouble: Exception, error: type[LinkError]) -> None:
    class Broken(Heard):
        pass

    Broken.trouble = trouble
    with pytest.raises(error, match=r"switched off|odd"):
        await scan(seconds=0.01, backend=Broken)


async def test_virtual_insoles_are_found_and_say_what_they_are() -> None:
    pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")
    from ingest.virtual import virtual_pair

    async with virtual_pair(WALKER) as pair:
        near = await scan(enough=lambda heard: len(heard) == 2, **pair.scanner)
        assert [(f.side, f.battery_pct, f.firmware, f.sensors) for f in near] == [
            (Side.LEFT, 87, "", None),
            (Side.RIGHT, 87, "", None),
        ]
        asked = await ask([*near, replace(near[0], side=None)], scanner=pair.scanner, client=pair.client)
    assert [(f.side, f.firmware, f.sensors, f.rate_hz, f.problem) for f in asked] == [
        (side, "virtual 1", 16, 100.0, "") for side in (Side.LEFT, Side.RIGHT, Side.LEFT)
    ]


async def test_an_insole_that_does_not_answer_is_left_after_a_while() -> None:
    pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")
    from ingest.virtual import virtual_pair

    async with virtual_pair(WALKER, sides=[Side.LEFT]) as pair:
        gone = Found("open-insole", "", Side.RIGHT, "F0:F1:F2:F3:F4:99", battery_pct=3)
        (asked,) = await ask([gone], seconds=0.05, scanner=pair.scanner, client=pair.client)
    assert "did not answer" in asked.problem
    assert asked.battery_pct == 3
