"""What a Brilliant Sole is asked and answers: messages, positions, rates. All little-endian."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from insole.devices._told_layout import LENGTH_MM, WIDTH_MM, told_layout
from insole.errors import LayoutError, PacketError
from insole.recording import Side

if TYPE_CHECKING:
    from insole.layout import SensorLayout
    from insole.typing import F64

GET_TYPE, GET_RATES, SET_RATES, GET_POSITIONS, SAMPLES = 6, 10, 11, 12, 14
"""Types of message."""

PRESSURE, ACCELERATION, GYROSCOPE = 0, 1, 4
"""Sensors. There are others; they are not switched on, and skipped if they come."""

_HEAD = struct.Struct("<BH")


def messages(payload: bytes) -> list[tuple[int, bytes]]:
    """Type and content of each message in a notification, or in what is written.

    Raises
    ------
    PacketError
        If the last is cut short.
    """
    found, at = [], 0
    while at < len(payload):
        if len(payload) - at < _HEAD.size:
            raise PacketError(f"{len(payload) - at} bytes after byte {at}; a message has at least {_HEAD.size}")
        kind, size = _HEAD.unpack_from(payload, at)
        at += _HEAD.size
        if len(payload) - at < size:
            raise PacketError(f"message {kind} at byte {at - _HEAD.size}: {len(payload) - at} bytes; expected {size}")
        found.append((kind, payload[at : at + size]))
        at += size
    return found


def message(kind: int, content: bytes = b"") -> bytes:
    """One message as bytes."""
    return _HEAD.pack(kind, len(content)) + content


def layout_of(positions: bytes, side: Side) -> SensorLayout:
    """The layout that an insole tells: x and y of each sensor, in 256ths of width and length.

    They are taken as on a picture of the insole seen from above: x from its left edge, y from its
    toe end. That is how the maker's own programs draw them; it was not held against an insole.

    Raises
    ------
    PacketError
        If they are no positions.
    """
    if not positions or len(positions) % 2:
        raise PacketError(f"positions: {len(positions)} bytes; expected 2 a sensor")
    x, y = np.frombuffer(positions, np.uint8).reshape(-1, 2).T / 256
    across = x - 0.5 if side is Side.LEFT else 0.5 - x
    try:
        return told_layout(
            f"brilliant-sole-{len(x)}",
            title=f"Brilliant Sole, {len(x)} sensors",
            source="Positions told by the insole, as fractions, on the outline of the reference insole",
            xy_mm=np.stack([across * WIDTH_MM, (1 - y) * LENGTH_MM], axis=1),
            schematic=True,
        )
    except LayoutError as e:
        raise PacketError(f"what the insole says of its sensors is wrong: {e}") from e


def positions_of(xy_mm: F64, side: Side) -> bytes:
    """What ``layout_of`` reads, rounded to 256ths."""
    across, along = xy_mm[:, 0] / WIDTH_MM, 1 - xy_mm[:, 1] / LENGTH_MM
    x = 0.5 + across if side is Side.LEFT else 0.5 - across
    return np.rint(np.stack([x, along], axis=1) * 256).clip(0, 255).astype(np.uint8).tobytes()


def encode_rates(period_ms: int) -> bytes:
    """The period of each sensor that is used; 0 switches them off."""
    return b"".join(struct.pack("<BH", sensor, period_ms) for sensor in (PRESSURE, ACCELERATION, GYROSCOPE))


def decode_rates(content: bytes) -> dict[int, int]:
    """Period in ms by sensor.

    Raises
    ------
    PacketError
        If it is cut short.
    """
    if len(content) % 3:
        raise PacketError(f"sensor configuration: {len(content)} bytes; expected 3 a sensor")
    return dict(struct.iter_unpack("<BH", content))
