"""What every registered insole must do, whatever its make."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insole.devices import Advertised, Ask, Device, Packet, devices, find_device, hold
from insole.errors import LinkError, PacketError

if TYPE_CHECKING:
    from insole.devices import Dialogue, Step

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ALL = sorted(devices().values(), key=lambda d: d.name)


def be16(*numbers: int) -> str:
    return b"".join((n % 2**16).to_bytes(2, "big") for n in numbers).hex()


GOLDEN = {
    "open-insole": [
        # 2 frames of 3 sensors, 10 ms apart, sample 258 at 1 s; then one resent sensor of 255
        "100300030200102702010000" + "40420f000000" + "0100020003000a0bff0fffff" + "b116",
        "11ff09010100c812ffffffffffffffffffff0010" + "7c7f",
    ],
    "orphe": [
        # packet 258 at 23:59:58.999, of mode 3, from memory, and packet 65535 of mode 4 at 00:00:00.000
        f"{header:02x}"
        + "0102"
        + "173b3a03e7"
        + "".join(be16(*range(10 * s, 10 * s + 6), *range(100 * s, 100 * s + 6)) for s in (4, 3, 2, 1))
        for header in (55, 54)
    ]
    + [
        "38ffff0000000000"
        + "".join(be16(16384, -1, 0, 1, -32768, 32767, 3, 4, 5, 6, *[65535] * 6) for _ in range(2))
        + "00" * 32
    ],
    "brilliant-sole": [
        # 258 ms: 8 pressures, acceleration, gyroscope; then 2 pressures alone
        "0e2400"
        + "0201"
        + "0010"
        + "0100020003000400050006000700ffff"
        + "0106"
        + "0080ff7f0100"
        + "0406"
        + "0300feff0000",
        "0e0800" + "ffff" + "0004" + "00000a0b",
    ],
}
CHECKED = {"open-insole"}
"""Those whose messages end in a checksum."""


def same(a: Packet, b: Packet) -> bool:
    return (
        (a.counter, a.device_us, a.period_us, a.n_sensors, a.first_sensor, a.resent)
        == (b.counter, b.device_us, b.period_us, b.n_sensors, b.first_sensor, b.resent)
        and a.samples.dtype == b.samples.dtype
        and np.array_equal(a.samples, b.samples)
        and a.counter_bits == b.counter_bits
        and (a.inertial is None) == (b.inertial is None)
        and (a.inertial is None or b.inertial is None or np.array_equal(a.inertial, b.inertial, equal_nan=True))
    )


def nothing(step: Step) -> None:
    """An insole that has no characteristic and answers nothing."""
    if isinstance(step, Ask):
        raise TimeoutError("no answer")


def said_in(dialogue: Dialogue[None]) -> list[bytes]:
    """What a dialogue writes to an insole that takes everything."""
    written: list[bytes] = []

    def take(step: Step) -> bytes | None:
        written.append(step.data)
        return step.data if isinstance(step, Ask) else None  # as an insole that confirms what it is told

    hold(dialogue, take)
    return written


def outcome(device: Device, payload: bytes) -> Packet | None:
    """The packet, or None if it was refused as it must be; any other exception fails the test."""
    try:
        return device.decode(payload)
    except PacketError:
        return None


@st.composite
def packets(draw: st.DrawFn, device: Device) -> Packet:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return {"open-insole": open_insole, "orphe": orphe, "brilliant-sole": brilliant_sole}[device.name](draw, rng)


def open_insole(draw: st.DrawFn, rng: np.random.Generator) -> Packet:
    n = draw(st.integers(1, 255))
    first = draw(st.integers(0, n - 1))
    m = draw(st.integers(1, n - first))
    return Packet(
        counter=draw(st.integers(0, 2**32 - 1)),
        device_us=draw(st.integers(0, 2**48 - 1)),
        period_us=draw(st.integers(1, 65535)),
        samples=rng.integers(0, 2**16, (draw(st.integers(1, 5)), m), np.uint16),
        n_sensors=n,
        first_sensor=first,
        resent=draw(st.booleans()),
    )


def orphe(draw: st.DrawFn, rng: np.random.Generator) -> Packet:
    oriented = draw(st.booleans())
    k = 2 if oriented else 4
    raw = rng.integers(-(2**15), 2**15, (k, 10))
    inertial = (raw * ([0.07] * 3 + [16 / 32768] * 3 + [1 / 16384] * 4)).astype(np.float32)
    if not oriented:
        inertial[:, 6:] = np.nan
    return Packet(
        counter=draw(st.integers(0, 2**16 - 1)) * k,
        device_us=draw(st.integers(0, 24 * 3600 * 1000 - 1)) * 1000,
        period_us=10_000 if oriented else 5000,
        samples=rng.integers(0, 2**16, (k, 6), np.uint16),
        n_sensors=6,
        resent=not oriented and draw(st.booleans()),
        counter_bits=17 if oriented else 18,
        inertial=inertial,
    )


def brilliant_sole(draw: st.DrawFn, rng: np.random.Generator) -> Packet:
    n = draw(st.integers(1, 127))
    inertial = rng.integers(-(2**15), 2**15, (1, 6)).astype(np.float32)
    inertial[:, draw(st.sampled_from([slice(0), slice(0, 3), slice(3, 6)]))] = np.nan
    return Packet(
        counter=0,
        device_us=draw(st.integers(0, 2**16 - 1)) * 1000,
        period_us=0,
        samples=rng.integers(0, 2**16, (1, n), np.uint16),
        n_sensors=n,
        inertial=draw(st.sampled_from([None, inertial])),
    )


@pytest.mark.parametrize("device", ALL, ids=lambda d: d.name)
class TestEveryDevice:
    @given(data=st.data())
    def test_what_is_encoded_is_decoded(self, device: Device, data: st.DataObject) -> None:
        packet = data.draw(packets(device))
        payload = device.encode(packet)
        assert same(device.decode(payload), packet)
        assert device.encode(device.decode(payload)) == payload

    def test_golden_packets_encode_to_themselves(self, device: Device) -> None:
        for text in GOLDEN[device.name]:
            assert device.encode(device.decode(bytes.fromhex(text))).hex() == text

    def test_every_truncation_and_extension_is_refused(self, device: Device) -> None:
        for text in GOLDEN[device.name]:
            payload = bytes.fromhex(text)
            assert all(outcome(device, payload[:size]) is None for size in range(len(payload)))
            assert outcome(device, payload + b"\0") is None

    def test_every_changed_byte_is_refused_or_is_another_packet(self, device: Device) -> None:
        for text in GOLDEN[device.name]:
            payload = bytes.fromhex(text)
            for at in range(len(payload)):
                for flip in range(1, 256) if device.name in CHECKED else (1 << bit for bit in range(8)):
                    changed = bytearray(payload)
                    changed[at] ^= flip
                    packet = outcome(device, bytes(changed))
                    assert packet is None or device.name not in CHECKED
                    assert packet is None or same(device.decode(device.encode(packet)), packet)

    def test_random_payloads_raise_packet_errors_only(self, device: Device) -> None:
        rng = random.Random(7)
        heads = [bytes.fromhex(text)[: rng.randrange(20)] for text in GOLDEN[device.name] for _ in range(50)]
        for _ in range(10_000):
            payload = rng.choice([b"", rng.choice(heads)]) + rng.randbytes(rng.randrange(250))
            packet = outcome(device, payload)
            assert packet is None or same(device.decode(device.encode(packet)), packet)

    def test_a_notification_is_cut_into_messages_or_refused(self, device: Device) -> None:
        rng = random.Random(8)
        for text in GOLDEN[device.name]:
            payload = bytes.fromhex(text)
            assert device.cut(payload) == (payload,)
            for size in range(len(payload)):
                try:
                    device.cut(payload[:size] + rng.randbytes(rng.randrange(3)))
                except PacketError:
                    continue

    def test_decoding_keeps_no_state(self, device: Device) -> None:
        payload = bytes.fromhex(GOLDEN[device.name][0])
        first = device.decode(payload)
        outcome(device, payload[:-1])
        assert same(device.decode(payload), first)

    def test_what_it_says_of_itself_needs_to_be_there(self, device: Device) -> None:
        with pytest.raises((PacketError, TimeoutError), match=r"missing|no answer"):
            hold(device.describe(NOW), nothing)
        assert device.advertised({}) in (None, Advertised(None, None))

    def test_its_identity_is_complete(self, device: Device) -> None:
        uuids = (device.service_uuid, device.data_uuid, device.control_uuid)
        assert len(set(uuids)) == len(uuids)
        assert all(len(uuid) == 36 and uuid == uuid.lower() for uuid in uuids)
        started, stopped = said_in(device.start(None)), said_in(device.stop())
        assert started
        assert stopped
        assert started != stopped


def test_a_device_is_found_by_name_and_an_unknown_one_lists_the_known() -> None:
    assert find_device("open-insole").name == "open-insole"
    with pytest.raises(LinkError, match="open-insole"):
        find_device("shoe-phone")
