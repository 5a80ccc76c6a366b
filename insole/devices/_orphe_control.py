"""What an ORPHE INSOLE advertises and says of itself, and the commands that it takes. All big-endian."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from insole.devices._device import Advertised
from insole.errors import PacketError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ANSWER = 0x35
"""First byte of a notification that answers a command."""

NEWEST = b"\x0b\x01"
FROM_MEMORY, ORIENTED_MODE = b"\x0d\x02", b"\x0d\x04"
WATCH, REST = b"\x0b\x04", b"\x0b\x06"
"""Commands: how far are you; send from memory when asked, send by yourself; begin and end to fill the memory."""

FRAMES = 4
"""Samples of a packet in memory."""

RANGES = 30
"""Ranges of serial numbers in one request; what is not needed is zero."""

COMPANY = 0


def decode_advertised(manufacturer: Mapping[int, bytes]) -> Advertised | None:
    """Side and version; of the battery it tells only low, middle or high, which is no percentage."""
    data = manufacturer.get(COMPANY, b"")
    if len(data) < 18:
        return None
    return Advertised(_side(data[6]), None, ".".join(map(str, data[15:18])))


def encode_advertised(advertised: Advertised) -> bytes:
    """Manufacturer data, after the company's identifier: plantar, with a battery that is high."""
    data = bytearray(18)
    data[6], data[14] = advertised.side is Side.RIGHT, 2
    if advertised.firmware:
        data[15:18] = map(int, advertised.firmware.split("."))
    return bytes(data)


def decode_info(value: bytes) -> Side:
    """Which foot, from the information characteristic.

    Raises
    ------
    PacketError
        If it is too short, or the inertial unit is set to other ranges than 16 g and 2000 degrees
        a second, so that its numbers would mean something else.
    """
    if len(value) < 10:
        raise PacketError(f"information: {len(value)} bytes; expected at least 10")
    if (value[8], value[9]) != (3, 3):
        raise PacketError(
            f"information: inertial ranges {value[8]} and {value[9]}; set the insole to 16 g and 2000 degrees a second"
        )
    return _side(value[1])


def encode_info(side: Side) -> bytes:
    """The information characteristic of an insole of that foot."""
    return bytes([2, side is Side.RIGHT, 0, 0, 0, 0, 0, 0, 3, 3])


def encode_time(now: datetime) -> bytes:
    """The value that sets the insole's clock."""
    return bytes([now.year % 100, now.month, now.day, now.hour, now.minute, now.second, now.microsecond // 10_000])


def decode_time_us(value: bytes) -> int:
    """Time of day in microseconds that such a value sets."""
    _, _, _, hour, minute, second, centisecond = value
    return (((hour * 60 + minute) * 60 + second) * 100 + centisecond) * 10_000


def encode_ask(first: int, count: int) -> bytes:
    """The command that asks for samples again: the packets that hold them, in one range."""
    start, stop = first // FRAMES, -(-(first + count) // FRAMES)
    return bytes([0x0B, 0x02]) + struct.pack(">HH", start & 0xFFFF, stop - start) + bytes(4 * (RANGES - 1))


def decode_ask(data: bytes) -> list[tuple[int, int]]:
    """``(serial, count)`` of each range asked for, of packets; none if it is another command."""
    if len(data) != 2 + 4 * RANGES or data[:2] != b"\x0b\x02":
        return []
    return [pair for pair in struct.iter_unpack(">HH", data[2:]) if pair[1]]


def decode_gone(payload: bytes) -> tuple[int, int] | None:
    """``(first, count)`` of samples that were asked for and are in memory no longer."""
    if len(payload) < 6 or payload[:2] != bytes([ANSWER, 0x02]):
        return None
    serial, count = struct.unpack_from(">HH", payload, 2)
    return serial * FRAMES, count * FRAMES


def encode_gone(first: int, count: int) -> bytes:
    """The same as bytes."""
    return bytes([ANSWER, 0x02]) + struct.pack(">HH", first // FRAMES, -(-count // FRAMES))


def decode_reached(payload: bytes) -> tuple[int, int] | None:
    """``(first, count)`` of all samples in memory: the newest packet is named, and how many there are."""
    if len(payload) < 7 or payload[:2] != bytes([ANSWER, 0x01]):
        return None
    serial, _watermark, packets = struct.unpack_from(">HBH", payload, 2)
    return (serial + 1 - packets) * FRAMES % 2**18, packets * FRAMES


def encode_reached(newest: int, count: int) -> bytes:
    """The same as bytes, from the counter of the newest sample."""
    return bytes([ANSWER, 0x01]) + struct.pack(">HBH", newest // FRAMES, 0, count // FRAMES)


def _side(mounted: int) -> Side:
    return Side.RIGHT if mounted & 1 else Side.LEFT
