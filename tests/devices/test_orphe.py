"""ORPHE INSOLE: its bytes as its makers word them, and what is said to it."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from insole.devices import Advertised, Read, Write, hold, orphe
from insole.devices import _orphe_control as control
from insole.errors import LinkError, PacketError
from insole.recording import Side, Unit

NOW = datetime(2026, 3, 4, 23, 59, 58, 990_000, tzinfo=UTC)


def frame(s: int, *, quat: bool) -> bytes:
    """Sample ``s`` of a packet, 0 the oldest, by hand: every value tells where it belongs."""
    turn = struct.pack(">4h", 16384, 100 + s, 200 + s, -16384) if quat else b""
    return turn + struct.pack(">3h3h6H", 1000 + s, -1000 - s, 0, 2048, -2048, s, *(10 * s + i for i in range(6)))


def packet(kind: int, serial: int = 0x0102) -> bytes:
    n = 2 if kind == 56 else 4
    newest_first = b"".join(frame(s, quat=kind == 56) for s in reversed(range(n)))
    return (struct.pack(">BHBBBH", kind, serial, 1, 2, 3, 456) + newest_first).ljust(104, b"\xee")


@pytest.mark.parametrize(
    ("kind", "n", "period_us", "bits"), [(55, 4, 5000, 18), (54, 4, 5000, 18), (56, 2, 10_000, 17)]
)
def test_a_packet_says_what_its_bytes_say(kind: int, n: int, period_us: int, bits: int) -> None:
    got = orphe.decode(packet(kind))
    assert (got.counter, got.counter_bits, got.period_us, got.resent) == (0x0102 * n, bits, period_us, kind == 54)
    assert got.device_us == ((3600 + 2 * 60 + 3) * 1000 + 456) * 1000
    assert got.samples.tolist() == [[10 * s + i for i in range(6)] for s in range(n)]
    assert got.inertial is not None
    assert orphe.DEVICE.inertial[:6] == ("gyro_x_dps", "gyro_y_dps", "gyro_z_dps", "acc_x_g", "acc_y_g", "acc_z_g")
    assert got.inertial[1, :6] == pytest.approx([70.07, -70.07, 0, 1, -1, 16 / 32768])
    if kind == 56:
        assert got.inertial[1, 6:] == pytest.approx([1, 101 / 16384, 201 / 16384, -1])
    else:
        assert np.isnan(got.inertial[:, 6:]).all()


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (packet(55)[:-1], "103 bytes"),
        (packet(50), "mode 1 sends no pressure"),
        (packet(57), "byte 0 is 57"),
        (packet(55)[:3] + b"\x18" + packet(55)[4:], "no time of day"),
        (packet(55)[:6] + b"\x03\xe8" + packet(55)[8:], "no time of day"),
    ],
)
def test_what_is_no_packet_is_refused(payload: bytes, says: str) -> None:
    with pytest.raises(PacketError, match=says):
        orphe.decode(payload)


def test_what_does_not_fit_is_not_sent() -> None:
    good = orphe.decode(packet(55))
    wrong = [
        replace(good, samples=good.samples[:3], inertial=good.inertial[:3]),
        replace(good, samples=good.samples[:, :5]),
        replace(good, samples=good.samples.astype(float)),
        replace(good, counter=good.counter + 1),
        replace(good, counter=2**18),
        replace(good, period_us=10_000),
        replace(good, device_us=good.device_us + 1),
        replace(good, device_us=24 * 3600 * 10**6),
        replace(good, inertial=None),
    ]
    for one in wrong:
        with pytest.raises(PacketError, match="cannot be sent"):
            orphe.encode(one)


@pytest.mark.parametrize("side", Side)
def test_it_is_asked_what_it_is_and_its_clock_is_set(side: Side) -> None:
    steps = []

    def answer(step: Read | Write) -> bytes | None:
        steps.append(step)
        return bytes([2, 2 + (side is Side.RIGHT), *[0] * 6, 3, 3, 9]) if isinstance(step, Read) else None

    meta = hold(orphe.DEVICE.describe(NOW), answer)
    assert (meta.side, meta.layout.name, meta.unit, meta.rate_hz, meta.saturation) == (
        side, "orphe-6", Unit.COUNTS, 200, 65535,
    )  # fmt: skip
    assert steps == [Read(orphe.INFO_UUID), Write(orphe.TIME_UUID, bytes([26, 3, 4, 23, 59, 58, 99]))]
    assert control.decode_time_us(steps[1].data) == 86_398_990_000


@pytest.mark.parametrize(("value", "says"), [(bytes(9), "9 bytes"), (bytes([2, 1, *[0] * 6, 2, 3]), "ranges 2 and 3")])
def test_an_insole_whose_numbers_would_mean_something_else_is_refused(value: bytes, says: str) -> None:
    with pytest.raises(PacketError, match=says):
        control.decode_info(value)


def test_modes_are_chosen_by_rate() -> None:
    def written(rate_hz: float | None) -> list[str]:
        said: list[str] = []
        hold(orphe.DEVICE.start(rate_hz), lambda step: said.append(step.data.hex()))
        return said

    assert written(None) == written(200.0) == ["0d02", "0b04"]
    assert written(100.0) == ["0d04"]
    with pytest.raises(LinkError, match="150 Hz"):
        written(150.0)


def test_what_is_asked_for_again_covers_the_samples() -> None:
    backlog = orphe.DEVICE.backlog
    assert backlog is not None
    command = backlog.ask(4 * 65535 + 3, 6)
    assert command == b"\x0b\x02\xff\xff\x00\x03" + bytes(4 * 29)
    assert control.decode_ask(command) == [(65535, 3)]
    assert backlog.gone(bytes.fromhex("3502ffff0003")) == (4 * 65535, 12)
    assert control.encode_gone(4 * 65535 + 3, 9) == bytes.fromhex("3502ffff0003")
    assert backlog.gone(bytes.fromhex("350100020a0005")) is None
    # the newest is packet 2, and 5 are held: 65534, 65535, 0, 1, 2
    assert backlog.reached(bytes.fromhex("350100020a0005")) == (4 * 65534, 20)
    assert control.encode_reached(11, 20) == bytes.fromhex("35010002000005")
    assert backlog.reached(packet(54)) is backlog.gone(packet(54)) is None


def test_answers_hold_no_samples() -> None:
    assert orphe.DEVICE.cut(b"\x35\x04") == ()
    assert orphe.DEVICE.cut(packet(54)) == (packet(54),)


@pytest.mark.parametrize("side", Side)
def test_its_side_is_in_its_advertisement(side: Side) -> None:
    said = control.encode_advertised(Advertised(side, None, "1.12.3"))
    assert orphe.DEVICE.advertised({0: said}) == Advertised(side, None, "1.12.3")
    assert orphe.DEVICE.advertised({0: said[:17]}) is None
    assert orphe.DEVICE.advertised({1: said}) is None
