"""The Open Insole profile, version 1: a wire format for anyone who builds an insole.

``docs/devices/open-insole.md`` is the specification; this module is its reference.

A data notification, little-endian::

    0   u8   version 1 in the high nibble; bit 0: resent from the backlog; bits 1 to 3: 0
    1   u8   N, sensors of the insole (1 to 255)
    2   u8   first sensor in this notification (0-based)
    3   u8   M, sensors in this notification (1 to N - first)
    4   u8   K, frames (1 to 255)
    5   u8   0, reserved
    6   u16  period in microseconds (1 to 65535)
    8   u32  sample counter of the first frame
    12  u48  device time of the first frame in microseconds
    18  u16  K x M counts, frame by frame
    end u16  CRC-16 of all bytes before it
"""

from __future__ import annotations

import binascii
import struct
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from insole.devices import _open_insole_about as about
from insole.devices._device import Advertised, Backlog, Device, Packet
from insole.devices._dialogue import Dialogue, Read, Write
from insole.devices._open_insole_control import (
    Ping,
    Resend,
    Start,
    Stop,
    decode_command,
    decode_gone,
    decode_pong,
    encode_command,
    encode_gone,
    encode_pong,
)
from insole.errors import PacketError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from insole.recording import FootMeta

__all__ = [
    "BACKLOG_UUID",
    "CONTROL_UUID",
    "DATA_UUID",
    "DEVICE",
    "PAYLOAD_MAX",
    "SERVICE_UUID",
    "Ping",
    "Resend",
    "Start",
    "Stop",
    "crc16",
    "decode",
    "decode_advertised",
    "decode_command",
    "decode_gone",
    "decode_pong",
    "encode",
    "encode_advertised",
    "encode_command",
    "encode_gone",
    "encode_pong",
    "frames_that_fit",
    "split",
]

SERVICE_UUID = about.uuid(0x0001)
DATA_UUID = about.uuid(0x0003)
CONTROL_UUID = about.uuid(0x0004)
BACKLOG_UUID = about.uuid(0x0005)

PAYLOAD_MAX = 244
"""Bytes in a notification that fits one link-layer packet with data length extension: 251 less 7."""

BACKLOG_WINDOW = 200
"""Samples asked for again at once: 29 notifications of 16 sensors (our judgement)."""

_HEADER = struct.Struct("<BBBBBBHIIH")
_CRC = struct.Struct("<H")
_OVERHEAD = _HEADER.size + _CRC.size
_VERSION = 1
_RESENT = 1


def decode(payload: bytes) -> Packet:
    """Read a notification of the data or the backlog characteristic.

    Parameters
    ----------
    payload
        The notification's bytes.

    Raises
    ------
    PacketError
        If it is too short, of another version, contradicts itself or fails its checksum.
    """
    size = len(payload)
    if size < _OVERHEAD + 2:
        raise PacketError(f"{size} bytes; a packet has at least {_OVERHEAD + 2}")
    lead, n, first, m, k, reserved, period, counter, low, high = _HEADER.unpack_from(payload)
    if lead >> 4 != _VERSION or lead & 0x0E or reserved:
        raise PacketError(f"bytes 0 and 5 are 0x{lead:02x} and 0x{reserved:02x}; expected 0x10 or 0x11, and 0")
    if not (m and k and period) or first + m > n:
        raise PacketError(f"bytes 1 to 7: sensors {first} to {first + m} of {n}, {k} frames {period} us apart")
    expected = _OVERHEAD + 2 * m * k
    if size != expected:
        raise PacketError(f"{size} bytes; {k} frames of {m} sensors make {expected}")
    sent, own = _CRC.unpack_from(payload, size - 2)[0], crc16(payload[:-2])
    if sent != own:
        raise PacketError(f"checksum at byte {size - 2} is 0x{sent:04x}; expected 0x{own:04x}")
    samples = np.frombuffer(payload, "<u2", m * k, _HEADER.size).astype(np.uint16, copy=False).reshape(k, m)
    return Packet(counter, low | high << 32, period, samples, n, first, bool(lead & _RESENT))


def encode(packet: Packet) -> bytes:
    """The notification that holds a packet.

    Raises
    ------
    PacketError
        If a field does not fit the format.
    """
    k, m = packet.samples.shape
    if not m or not k or packet.first_sensor + m > packet.n_sensors or packet.samples.dtype != np.uint16:
        raise PacketError(
            f"{k} frames of {m} {packet.samples.dtype} sensors from {packet.first_sensor} of {packet.n_sensors} "
            "cannot be sent; needs uint16 and sensors within the insole"
        )
    try:
        head = _HEADER.pack(
            _VERSION << 4 | (_RESENT if packet.resent else 0),
            packet.n_sensors,
            packet.first_sensor,
            m,
            k,
            0,
            packet.period_us,
            packet.counter,
            packet.device_us & 0xFFFFFFFF,
            packet.device_us >> 32,
        )
    except struct.error as e:
        raise PacketError(f"a field does not fit its width: {e}") from e
    body = head + packet.samples.astype("<u2").tobytes()
    return body + _CRC.pack(crc16(body))


def crc16(data: bytes) -> int:
    """CRC-16 with polynomial 0x1021, start 0xFFFF, no reflection ("CCITT-FALSE"; "123456789" gives 0x29B1)."""
    return binascii.crc_hqx(data, 0xFFFF)


def frames_that_fit(n_sensors: int, *, payload_max: int = PAYLOAD_MAX) -> int:
    """How many whole frames fit one notification; 0 if a frame must be split."""
    return min(255, (payload_max - _OVERHEAD) // (2 * n_sensors))


def split(packet: Packet, *, payload_max: int = PAYLOAD_MAX) -> Iterator[Packet]:
    """Cut a whole packet by sensors into as few parts as fit ``payload_max`` bytes each."""
    k = len(packet.samples)
    width = max(1, (payload_max - _OVERHEAD) // (2 * k))
    if width >= packet.n_sensors:
        yield packet
        return
    for first in range(0, packet.n_sensors, width):
        part = packet.samples[:, first : first + width]
        yield replace(packet, samples=part, first_sensor=first)


def encode_advertised(advertised: Advertised) -> bytes:
    """Manufacturer data, after the company's identifier."""
    battery = 255 if advertised.battery_pct is None else advertised.battery_pct
    return bytes([_VERSION << 4 | (advertised.side is Side.RIGHT), battery])


def decode_advertised(manufacturer: Mapping[int, bytes]) -> Advertised | None:
    """What the manufacturer data of any company say, if they are of this profile."""
    for data in manufacturer.values():
        if len(data) == 2 and data[0] >> 1 == _VERSION << 3 and (data[1] <= 100 or data[1] == 255):
            return Advertised(Side.RIGHT if data[0] & 1 else Side.LEFT, None if data[1] == 255 else data[1])
    return None


def _describe(_now: datetime) -> Dialogue[FootMeta]:
    values: dict[str, bytes] = {}
    for uuid in about.UUIDS:
        value = yield Read(uuid)
        if value is not None:
            values[uuid] = value
    return about.decode(values)


def _start(rate_hz: float | None) -> Dialogue[None]:
    yield Write(CONTROL_UUID, encode_command(Start(0 if rate_hz is None else round(1e6 / rate_hz))))


def _ask(first: int, count: int) -> bytes:
    return encode_command(Resend(first, count))


def _stop() -> Dialogue[None]:
    yield Write(CONTROL_UUID, encode_command(Stop()))


DEVICE = Device(
    name="open-insole",
    title="Open Insole profile, 1 to 255 sensors",
    service_uuid=SERVICE_UUID,
    data_uuid=DATA_UUID,
    control_uuid=CONTROL_UUID,
    rate_hz=100.0,
    counter_bits=32,
    time_wrap_us=2**48,
    advertised=decode_advertised,
    describe=_describe,
    start=_start,
    stop=_stop,
    decode=decode,
    encode=encode,
    backlog=Backlog(uuid=BACKLOG_UUID, window=BACKLOG_WINDOW, ask=_ask, gone=decode_gone),
)
