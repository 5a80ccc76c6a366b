"""The Open Insole profile: its bytes, its limits, and what an insole says of itself."""

from __future__ import annotations

import binascii
import struct
from contextlib import suppress
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insole.calibration import Calibration, TableCalibration
from insole.devices import Advertised, Packet, join
from insole.devices import _open_insole_about as about
from insole.devices import open_insole as profile
from insole.errors import CalibrationError, PacketError
from insole.layout import SensorLayout, layout_from_dict, load_layout
from insole.recording import FootMeta, Side, Unit
from tests.support import ROOT

RNG = np.random.default_rng(3)


def packet(n: int, k: int) -> Packet:
    return Packet(5, 123_456, 10_000, RNG.integers(0, 4096, (k, n), np.uint16), n)


def calibration(n: int) -> Calibration:
    return Calibration(
        "unit-7", date(2026, 2, 3), "bladder", RNG.integers(0, 50, n) * 1.0, RNG.uniform(0.1, 0.2, n), 1.5
    )


def own_layout(n: int) -> SensorLayout:
    """n sensors on a grid that no layout file holds."""
    i = np.arange(n)
    xy = np.stack([(i % 8) * 6.0 - 21, 10 + (i // 8) * 7.5], axis=1)
    return layout_from_dict(
        {
            "name": "own",
            "title": "own",
            "source": "test",
            "schematic": False,
            "xy_mm": xy.tolist(),
            "area_mm2": np.full(n, 40.0).tolist(),
            "outline_mm": [[-40, 0], [40, 0], [40, 265], [-40, 265], [-40, 0]],
            "masks": {"all": {"source": "test", "regions": {"all": list(range(1, n + 1))}}},
        }
    )


def test_the_golden_packet_says_what_its_bytes_say() -> None:
    body = bytes.fromhex("10030003020010270201000040420f0000000100020003000a0bff0fffff")
    got = profile.decode(body + struct.pack("<H", bitwise_crc(body)))
    assert (got.counter, got.device_us, got.period_us, got.n_sensors, got.resent) == (258, 1_000_000, 10_000, 3, False)
    assert got.samples.tolist() == [[1, 2, 3], [0x0B0A, 0x0FFF, 0xFFFF]]
    assert got.times_us(7).tolist() == [7, 10_007]


def bitwise_crc(data: bytes) -> int:
    """The checksum as the specification words it, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


@given(st.binary(max_size=60))
def test_the_checksum_is_the_published_one(data: bytes) -> None:
    assert profile.crc16(b"123456789") == 0x29B1
    assert profile.crc16(data) == bitwise_crc(data)


@pytest.mark.parametrize(("n", "frames"), [(16, 7), (99, 1), (112, 1), (113, 0), (255, 0), (1, 112)])
def test_frames_that_fit_244_bytes(n: int, frames: int) -> None:
    assert profile.frames_that_fit(n) == frames
    if frames:
        assert len(profile.encode(packet(n, frames))) <= 244
    assert len(profile.encode(packet(n, frames + 1))) > 244


@given(st.integers(1, 255), st.integers(1, 3), st.integers(30, 512), st.randoms())
def test_parts_fit_and_join_to_the_whole_in_any_order(n: int, k: int, limit: int, order: object) -> None:
    whole = packet(n, k)
    parts = [profile.encode(p) for p in profile.split(whole, payload_max=limit)]
    assert all(len(p) <= limit for p in parts)
    order.shuffle(parts)  # type: ignore[attr-defined]
    decoded = [profile.decode(p) for p in parts]
    assert all(join(decoded[:i]) is None for i in range(len(decoded)))
    joined = join(decoded)
    assert joined is not None
    assert joined.whole
    assert np.array_equal(joined.samples, whole.samples)


def moving(part: Packet, *rows: float) -> Packet:
    return replace(part, inertial=np.array([rows], np.float32))


def test_a_joined_frame_has_the_inertial_values_of_its_parts() -> None:
    a, b, *more = profile.split(packet(255, 1))
    assert join([a, b, *more]).inertial is None
    assert join([*more, moving(b, 1, 2), a]).inertial.tolist() == [[1, 2]]
    shared = join([moving(b, np.nan, 4), *more, moving(a, 3, np.nan)])
    assert shared.inertial.tolist() == [[3, 4]]
    assert shared.inertial.dtype == np.float32
    with pytest.raises(PacketError, match="other inertial channels"):
        join([moving(a, 1, 2), moving(b, 1), *more])


def test_parts_that_contradict_each_other_are_refused() -> None:
    a, b, *_ = profile.split(packet(255, 1))
    with pytest.raises(PacketError, match="came twice"):
        join([a, a, b])
    with pytest.raises(PacketError, match="different frames"):
        join([a, replace(b, counter=6)])


@pytest.mark.parametrize(
    "change",
    [{"counter": 2**32}, {"counter": -1}, {"device_us": 2**48}, {"period_us": 2**16}, {"n_sensors": 15}],
)
def test_what_does_not_fit_is_not_sent(change: dict[str, int]) -> None:
    with pytest.raises(PacketError):
        profile.encode(replace(packet(16, 1), **change))


@pytest.mark.parametrize(
    "command", [profile.Start(), profile.Start(5000), profile.Stop(), profile.Ping(2**32 - 1), profile.Resend(7, 6000)]
)
def test_commands_come_back(command: profile.Command) -> None:
    data = profile.encode_command(command)
    assert profile.decode_command(data) == command
    for wrong in (data + b"\0", data[:-1], b"\x7f" + data[1:]):
        with pytest.raises(PacketError, match="not a command"):
            profile.decode_command(wrong)


def test_a_ping_comes_back_with_the_devices_time() -> None:
    assert profile.decode_pong(profile.encode_pong(9, 2**48 - 1)) == (9, 2**48 - 1)
    with pytest.raises(PacketError, match="ping"):
        profile.decode_pong(b"\x83\0")


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("battery", [0, 100, None])
def test_an_advertisement_tells_side_and_battery_whatever_the_company(side: Side, battery: int | None) -> None:
    said = Advertised(side, battery)
    assert profile.decode_advertised({0x0059: b"other", 0xFFFF: profile.encode_advertised(said)}) == said
    assert profile.decode_advertised({0xFFFF: b"\x20\x10"}) is None
    assert profile.decode_advertised({0xFFFF: b"\x10\x65"}) is None


def test_an_advertisement_fits_31_bytes() -> None:
    flags, uuid, manufacturer = 3, 2 + 16, 2 + 2 + len(profile.encode_advertised(Advertised(Side.LEFT, 5)))
    assert flags + uuid + manufacturer <= 31


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("name", ["open-insole-16", "pedar-99:y"])
def test_an_insole_of_a_known_layout_is_described(side: Side, name: str) -> None:
    layout = load_layout(name)
    meta = FootMeta(side, layout, Unit.COUNTS, 100.0, calibration(layout.n_sensors))
    values = about.encode(meta)
    assert all(len(value) <= 512 for value in values.values())
    got = about.decode(values)
    assert (got.side, got.layout, got.rate_hz, got.unit, got.saturation) == (side, layout, 100.0, Unit.COUNTS, 4095.0)
    assert got.calibration is not None
    assert meta.calibration is not None
    assert (got.calibration.id, got.calibration.made_on) == ("unit-7", date(2026, 2, 3))
    assert got.calibration.fit_error_kpa == pytest.approx(1.5)
    assert np.array_equal(got.calibration.offset, meta.calibration.offset)
    assert got.calibration.kpa_per_count == pytest.approx(meta.calibration.kpa_per_count, rel=1e-7)


@pytest.mark.parametrize("n", [1, 72, 73, 255])
def test_an_insole_with_a_layout_of_its_own_is_described(n: int) -> None:
    layout = own_layout(n)
    values = about.encode(FootMeta(Side.LEFT, layout, Unit.COUNTS, 200.0, calibration(n)), bits=16)
    assert all(len(value) <= 512 for value in values.values())
    got = about.decode(values)
    assert (got.rate_hz, got.saturation) == (200.0, 65535.0)
    assert got.layout.xy_mm == pytest.approx(layout.xy_mm, abs=0.05)
    assert got.layout.area_mm2 == pytest.approx(layout.area_mm2)
    assert got.layout.length_mm == pytest.approx(265.0, abs=0.1)
    assert got.layout.mask.weight.sum(axis=0) == pytest.approx(np.ones(n))


def test_an_insole_without_calibration_has_none_and_without_areas_has_none() -> None:
    layout = replace(own_layout(16), area_mm2=np.full(16, np.nan))
    got = about.decode(about.encode(FootMeta(Side.LEFT, layout, Unit.COUNTS, 100.0)))
    assert got.calibration is None
    assert np.isnan(got.layout.area_mm2).all()


def described(n: int = 99, name: str = "pedar-99:y") -> dict[str, bytes]:
    return about.encode(FootMeta(Side.LEFT, load_layout(name), Unit.COUNTS, 100.0, calibration(n)))


@pytest.mark.parametrize("uuid", [u for u in about.UUIDS if u in described()])
def test_a_damaged_description_is_refused(uuid: str) -> None:
    values = described()
    for at in range(len(values[uuid])):
        changed = bytearray(values[uuid])
        changed[at] ^= 0x40
        with pytest.raises(PacketError):
            about.decode({**values, uuid: bytes(changed)})
    for size in range(0, len(values[uuid]), 7):
        with pytest.raises(PacketError):
            about.decode({**values, uuid: values[uuid][:size]})


def resealed(value: bytes, at: int, byte: int) -> bytes:
    changed = value[:at] + bytes([byte]) + value[at + 1 : -2]
    return changed + struct.pack("<H", binascii.crc_hqx(changed, 0xFFFF))


@pytest.mark.parametrize("uuid", [u for u in about.UUIDS if u in described()])
def test_a_description_that_lies_with_a_right_checksum_raises_packet_errors_only(uuid: str) -> None:
    values = described()
    for at in range(min(70, len(values[uuid]) - 2)):
        for byte in (0, 1, 2, 17, 127, 255):
            with suppress(PacketError):
                assert about.decode({**values, uuid: resealed(values[uuid], at, byte)}).layout.n_sensors == 99


def test_pages_of_two_calibrations_are_not_mixed() -> None:
    values, other = described(), described()
    page = about.CALIBRATION_UUIDS[1]
    head = bytearray(other[page])
    head[5] ^= 1
    with pytest.raises(PacketError, match="different heads"):
        about.decode({**values, page: resealed(bytes(head), 5, head[5])})


def test_geometry_of_another_insole_than_its_name_says_is_refused() -> None:
    values = described(16, "open-insole-16")
    wrong = resealed(values[about.GEOMETRY_UUIDS[0]], 5, 99)
    with pytest.raises(PacketError, match="not that of layout"):
        about.decode({**values, about.GEOMETRY_UUIDS[0]: wrong})
    own = about.encode(FootMeta(Side.LEFT, own_layout(16), Unit.COUNTS, 100.0))
    with pytest.raises(PacketError, match="geometry is missing"):
        about.decode({about.INFO_UUID: own[about.INFO_UUID]})


def test_the_specification_agrees_with_the_code() -> None:
    text = (ROOT / "docs" / "devices" / "open-insole.md").read_text("utf-8")
    example = text.split("### Example")[1].split("```")[1]
    assert profile.decode(bytes.fromhex(example)).samples.tolist() == [[1, 2, 3], [2826, 4095, 65535]]
    pattern = text.split("Each UUID is `")[1].split("`")[0]
    for number, uuid in [("0001", profile.SERVICE_UUID), ("0003", profile.DATA_UUID), ("0004", profile.CONTROL_UUID),
                         ("0005", profile.BACKLOG_UUID), ("0002", about.INFO_UUID), ("0013", about.GEOMETRY_UUIDS[3]),
                         ("0020", about.CALIBRATION_UUIDS[0])]:  # fmt: skip
        assert f"`{number}`" in text
        assert pattern.replace("XXXX", number) == uuid


def test_a_table_does_not_fit_the_profile() -> None:
    table = TableCalibration("t", date(2026, 1, 2), "x", np.cumsum(np.ones((16, 3)), axis=1), np.arange(3.0), None)
    meta = FootMeta(Side.LEFT, load_layout("open-insole-16"), Unit.COUNTS, 100.0, table)
    with pytest.raises(CalibrationError, match="straight lines"):
        about.encode(meta)
