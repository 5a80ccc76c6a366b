"""What virtual insoles say before they are connected to: how long it is, who hears which part, and what comes of it."""

from __future__ import annotations

import pytest
from bleak import BleakScanner

from ingest.scan import scan
from ingest.virtual import KINDS, virtual_pair, virtual_walker
from ingest.virtual.advertisement import PART_MAX, Advertisement, advertisement
from insole.errors import LinkError
from insole.recording import Side
from insole.walker import Gait

pytestmark = pytest.mark.virtual_time

FLAGS, SERVICE, COMPANY_AND_SAID = 3, 18, {"open16": 6, "open99": 6, "orphe": 22}
NAME = {side: 2 + len(f"Virtual insole {side}") for side in Side}
SERVICE_UUID = KINDS["orphe"].device.service_uuid
SAID = {"open16": (87, ""), "open99": (87, ""), "orphe": (None, "1.0.0"), "brilliant": (None, "")}
"""By kind: battery and firmware, as far as they are advertised."""


def parts(kind: str, side: Side) -> Advertisement:
    firmware = KINDS[kind].firmware(KINDS[kind].meta(side, virtual_walker(Gait(), kind), None))
    return advertisement(firmware.device.service_uuid, firmware.advertised(87), f"Virtual insole {side}")


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(
    ("kind", "data", "scan_response"),
    [
        ("open16", ["flags", "service", "manufacturer"], ["name"]),
        ("open99", ["flags", "service", "manufacturer"], ["name"]),
        ("orphe", ["flags", "service"], ["manufacturer"]),
        ("brilliant", ["flags", "service"], ["name"]),
    ],
)
def test_each_makes_two_parts_are_as_long_as_what_is_in_them(
    kind: str, data: list[str], scan_response: list[str], side: Side
) -> None:
    long = {"flags": FLAGS, "service": SERVICE, "manufacturer": COMPANY_AND_SAID.get(kind), "name": NAME[side]}
    made = parts(kind, side)
    assert len(made.data) == sum(long[what] for what in data) <= PART_MAX == 31
    assert len(made.scan_response) == sum(long[what] for what in scan_response) <= PART_MAX


@pytest.mark.parametrize(("first", "second", "what"), [(32, 0, "advertisement"), (31, 32, "scan response")])
def test_a_part_that_is_longer_than_a_radio_takes_is_refused(first: int, second: int, what: str) -> None:
    with pytest.raises(LinkError, match=f"{what} has 32 bytes and a radio takes 31"):
        Advertisement(bytes(first), bytes(second))
    assert Advertisement(bytes(31), bytes(31))


@pytest.mark.parametrize(
    ("manufacturer", "name", "lengths"),
    [(8, 29, (31, 31)), (9, 18, (21, 31)), (9, 19, (21, 11)), (29, 1, (21, 31)), (None, 30, (21, 0))],
)
def test_manufacturer_data_goes_where_it_fits_and_a_name_only_where_there_is_room(
    manufacturer: int | None, name: int, lengths: tuple[int, int]
) -> None:
    made = advertisement(SERVICE_UUID, None if manufacturer is None else bytes(manufacturer), "n" * name)
    assert (len(made.data), len(made.scan_response)) == lengths


def test_manufacturer_data_that_fits_nowhere_is_refused() -> None:
    with pytest.raises(LinkError, match="scan response has 32 bytes"):
        advertisement(SERVICE_UUID, bytes(30), "")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_scan_joins_both_parts(kind: str) -> None:
    async with virtual_pair(virtual_walker(Gait(), kind), kind=kind) as pair:
        near = await scan(enough=lambda heard: len(heard) == 2, **pair.scanner)
    named = kind != "orphe"
    sides = (None, None) if kind == "brilliant" else tuple(Side)
    assert [(f.device, f.side) for f in near] == [(KINDS[kind].device.name, side) for side in sides]
    assert [(f.battery_pct, f.firmware) for f in near] == [SAID[kind]] * 2
    assert {f.name for f in near} == ({f"Virtual insole {side}" for side in Side} if named else {""})


@pytest.mark.parametrize("mode", ["active", "passive"])
async def test_who_does_not_ask_hears_the_first_part_only(mode: str) -> None:
    heard = []
    async with (
        virtual_pair(virtual_walker(Gait(), "orphe"), kind="orphe", sides=[Side.LEFT]) as pair,
        BleakScanner(scanning_mode=mode, **pair.scanner) as scanner,
    ):
        async for _, data in scanner.advertisement_data():
            heard.append(data)
            if len(heard) == 5:
                break
    assert [data.service_uuids for data in heard] == [[SERVICE_UUID]] * 5
    assert [set(data.manufacturer_data) for data in heard] == [{0} if mode == "active" else set()] * 5
