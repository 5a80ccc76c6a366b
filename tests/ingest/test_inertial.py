"""Inertial values on their way from a packet to a sink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ingest.finding import Search
from ingest.foot import Foot
from ingest.link import BleLink
from ingest.virtual import virtual_pair
from insole.devices import Packet, find_device
from insole.devices.open_insole import split
from insole.layout import load_layout
from insole.recording import FootMeta, Side, Unit
from insole.walker import Gait, Walker

pytestmark = pytest.mark.virtual_time

PLAIN = find_device("open-insole")
LAYOUT = load_layout("open-insole-16")
CHANNELS = ("acc_x_g", "quat_w")
META = FootMeta(Side.LEFT, LAYOUT, Unit.COUNTS, 100.0, inertial=CHANNELS)


def moves(index: np.ndarray) -> np.ndarray:
    return np.stack([index / 8, -index], axis=1).astype(np.float32)


def decode(payload: bytes) -> Packet:
    """An Open Insole's packet; one with its first sensor has inertial values as well, but for each tenth sample."""
    packet = PLAIN.decode(payload)
    index = packet.counter + np.arange(len(packet.samples))
    return packet if packet.first_sensor or packet.counter % 10 == 0 else replace(packet, inertial=moves(index))


DEVICE = replace(PLAIN, inertial=CHANNELS, decode=decode)


def packet(sample: int, k: int) -> Packet:
    return Packet(sample, sample * 10_000, 10_000, np.full((k, 16), sample, np.uint16), 16)


def received(meta: FootMeta, payloads: list[bytes]) -> Foot:
    foot = Foot(BleLink(Side.LEFT, DEVICE), meta, start_s=0.0)
    for i, payload in enumerate(payloads):
        foot.receive(payload, 0.1 + i / 100)
    return foot


def test_they_arrive_beside_their_samples_once_also_where_packets_overlap() -> None:
    foot = received(META, [DEVICE.encode(packet(i, 4)) for i in (1, 3, 5, 9, 9, 13, 21)])
    chunks = foot.ring.take()
    assert [(c.first_sample, c.stop_sample) for c in chunks] == [(1, 17), (21, 25)]
    for chunk in chunks:
        index = np.arange(chunk.first_sample, chunk.stop_sample)
        assert np.array_equal(chunk.inertial, moves(index))


def test_a_packet_without_them_leaves_them_missing() -> None:
    (chunk,) = received(META, [DEVICE.encode(packet(i, 2)) for i in (8, 10, 12)]).ring.take()
    assert np.isnan(chunk.inertial).all(axis=1).tolist() == [False, False, True, True, False, False]


def test_a_frame_in_parts_keeps_them() -> None:
    parts = [DEVICE.encode(p) for i in (1, 2) for p in split(packet(i, 1), payload_max=32)]
    assert len(parts) > 2
    (chunk,) = received(META, parts).ring.take()
    assert np.array_equal(chunk.inertial, moves(np.array([1, 2])))


def test_other_channels_than_the_insole_said_are_not_taken() -> None:
    foot = received(replace(META, inertial=("acc_x_g",)), [DEVICE.encode(packet(1, 4))])
    assert foot.garbled == 1
    assert "(4, 2) from an insole of 1 such channels" in foot.why
    assert foot.ring.waiting == 0


async def test_a_foot_has_the_channels_of_its_device() -> None:
    async with virtual_pair(Walker(Gait(), LAYOUT), sides=[Side.LEFT], speed=8.0) as pair:
        link = BleLink(Side.LEFT, DEVICE, search=Search(**pair.scanner), client=dict(pair.client))
        meta = await link.connect()
        await link.disconnect()
    assert meta.inertial == CHANNELS
