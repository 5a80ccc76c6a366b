"""Brilliant Sole: messages in notifications, a layout that is told, and what is said to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from insole.devices import Ask, hold
from insole.devices import _brilliant_said as said
from insole.devices import brilliant_sole as sole
from insole.errors import LinkError, PacketError
from insole.recording import Side, Unit

NOW = datetime(2026, 3, 4, tzinfo=UTC)
SAMPLE = bytes.fromhex("0e1400" + "e803" + "0004" + "0100ffff" + "0406" + "010002000380" + "0702" + "0000")


def test_a_message_says_what_its_bytes_say() -> None:
    got = sole.decode(SAMPLE)
    assert (got.counter, got.device_us, got.period_us, got.n_sensors, got.resent) == (0, 1_000_000, 0, 2, False)
    assert got.samples.tolist() == [[1, 65535]]
    assert got.inertial is not None
    assert np.array_equal(got.inertial, [[np.nan, np.nan, np.nan, 1, 2, -32765]], equal_nan=True)


def test_a_notification_may_hold_several_and_others() -> None:
    battery, without = said.message(1, b"\0\0\0\0"), said.message(said.SAMPLES, bytes.fromhex("e8030106000000000000"))
    assert sole.cut(battery + SAMPLE + without + SAMPLE) == (SAMPLE, SAMPLE)
    assert sole.cut(battery) == sole.cut(b"") == ()
    for wrong in (SAMPLE[:-1], SAMPLE + b"\x0e", said.message(said.SAMPLES, b"\0")):
        with pytest.raises(PacketError):
            sole.cut(wrong)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("e803", "0 bytes of pressure"),
        ("e80300", "cut short"),
        ("e80300040100", "cut short"),
        ("e8030003010002", "3 bytes of pressure"),
        ("e8030002010000020100", "twice"),
        ("e8030002010001020100", "sensor 1: 2 bytes"),
    ],
)
def test_what_contradicts_itself_is_refused(content: str, says: str) -> None:
    with pytest.raises(PacketError, match=says):
        sole.decode(said.message(said.SAMPLES, bytes.fromhex(content)))
    with pytest.raises(PacketError, match="expected one of type 14"):
        sole.decode(said.message(12, bytes.fromhex(content)))


def test_what_does_not_fit_is_not_sent() -> None:
    good = sole.decode(SAMPLE)
    two = np.zeros((2, 2), np.uint16)
    for change in ({"counter": 1}, {"samples": two}, {"device_us": 65_536_000}, {"device_us": 5}, {"resent": True}):
        with pytest.raises(PacketError, match="cannot be sent"):
            sole.encode(replace(good, **change))


def insole(kind: int, positions: bytes) -> object:
    """An insole's answers, each after a notification of samples that nobody asked for."""

    def answer(step: Ask) -> bytes:
        [(asked, content)] = said.messages(step.data)
        assert not step.wants(SAMPLE)
        assert not step.wants(b"\x0e")
        return SAMPLE + said.message(
            asked, {said.GET_TYPE: bytes([kind]), said.GET_POSITIONS: positions}.get(asked, content)
        )

    return answer


@pytest.mark.parametrize("side", Side)
def test_it_tells_its_side_and_where_its_sensors_are(side: Side) -> None:
    medial = 192 if side is Side.LEFT else 64  # seen from above, a left insole's medial edge is its right one
    told = bytes([medial, 32, 128, 64, 128, 240])
    meta = hold(sole.DEVICE.describe(NOW), insole(side is Side.RIGHT, told))
    assert (meta.side, meta.unit, meta.rate_hz, meta.layout.name) == (side, Unit.COUNTS, 50, "brilliant-sole-3")
    assert meta.layout.xy_mm == pytest.approx(np.array([[23.75, 231.875], [0, 198.75], [0, 16.5625]]))
    assert meta.layout.schematic
    assert np.isnan(meta.layout.area_mm2).all()
    assert meta.layout.mask.regions == ("heel", "forefoot")
    assert said.positions_of(meta.layout.xy_mm, side) == told


@pytest.mark.parametrize(
    ("kind", "told", "says"), [(2, b"\1\2", "no insole"), (0, b"", "0 bytes"), (1, b"\1", "1 bytes")]
)
def test_what_is_no_insole_is_refused(kind: int, told: bytes, says: str) -> None:
    with pytest.raises(PacketError, match=says):
        hold(sole.DEVICE.describe(NOW), insole(kind, told))


def test_rates_are_asked_for_and_must_be_confirmed() -> None:
    steps: list[bytes] = []

    def confirm(step: Ask) -> bytes:
        steps.append(step.data)
        return step.data

    hold(sole.DEVICE.start(None), confirm)
    hold(sole.DEVICE.start(100.0), confirm)
    hold(sole.DEVICE.stop(), confirm)
    assert [step.hex() for step in steps] == [
        "0b0900" + "001400" + "011400" + "041400",
        "0b0900" + "000a00" + "010a00" + "040a00",
        "0b0900" + "000000" + "010000" + "040000",
    ]
    for rate_hz in (60.0, 400.0, 0.001):
        with pytest.raises(LinkError, match="multiples of 5 ms"):
            hold(sole.DEVICE.start(rate_hz), confirm)
    with pytest.raises(LinkError, match="gives one each 40 ms"):
        hold(sole.DEVICE.start(None), lambda _: said.message(said.GET_RATES, b"\0\x28\0"))
    with pytest.raises(PacketError, match="expected 3 a sensor"):
        said.decode_rates(b"\0\0")
