"""What every registered insole must do, whatever its make."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insole.devices import Device, Packet, devices, find_device, hold
from insole.errors import LinkError, PacketError

if TYPE_CHECKING:
    from insole.devices import Dialogue, Step

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ALL = sorted(devices().values(), key=lambda d: d.name)
GOLDEN = {
    "open-insole": [
        # 2 frames of 3 sensors, 10 ms apart, sample 258 at 1 s; then one resent sensor of 255
        "100300030200102702010000" + "40420f000000" + "0100020003000a0bff0fffff" + "b116",
        "11ff09010100c812ffffffffffffffffffff0010" + "7c7f",
    ]
}


def same(a: Packet, b: Packet) -> bool:
    return (
        (a.counter, a.device_us, a.period_us, a.n_sensors, a.first_sensor, a.resent)
        == (b.counter, b.device_us, b.period_us, b.n_sensors, b.first_sensor, b.resent)
        and a.samples.dtype == b.samples.dtype
        and np.array_equal(a.samples, b.samples)
    )


def nothing(_: Step) -> None:
    """An insole that has no characteristic."""


def said_in(dialogue: Dialogue[None]) -> list[bytes]:
    """What a dialogue writes to an insole that takes everything."""
    written: list[bytes] = []

    def take(step: Step) -> None:
        written.append(step.data)

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
    n = draw(st.integers(1, 255))
    first = draw(st.integers(0, n - 1))
    m = draw(st.integers(1, n - first))
    k = draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return Packet(
        counter=draw(st.integers(0, 2**device.counter_bits - 1)),
        device_us=draw(st.integers(0, device.time_wrap_us - 1)),
        period_us=draw(st.integers(1, 65535)),
        samples=rng.integers(0, 2**16, (k, m), np.uint16),
        n_sensors=n,
        first_sensor=first,
        resent=draw(st.booleans()),
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

    def test_every_changed_byte_is_refused(self, device: Device) -> None:
        for text in GOLDEN[device.name]:
            payload = bytes.fromhex(text)
            for at in range(len(payload)):
                for flip in range(1, 256):
                    changed = bytearray(payload)
                    changed[at] ^= flip
                    assert outcome(device, bytes(changed)) is None

    def test_random_payloads_raise_packet_errors_only(self, device: Device) -> None:
        rng = random.Random(7)
        heads = [bytes.fromhex(text)[: rng.randrange(20)] for text in GOLDEN[device.name] for _ in range(50)]
        for _ in range(10_000):
            payload = rng.choice([b"", rng.choice(heads)]) + rng.randbytes(rng.randrange(250))
            outcome(device, payload)

    def test_decoding_keeps_no_state(self, device: Device) -> None:
        payload = bytes.fromhex(GOLDEN[device.name][0])
        first = device.decode(payload)
        outcome(device, payload[:-1])
        assert same(device.decode(payload), first)

    def test_what_it_says_of_itself_needs_to_be_there(self, device: Device) -> None:
        with pytest.raises(PacketError, match="missing"):
            hold(device.describe(NOW), nothing)
        assert device.advertised({}) is None

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
