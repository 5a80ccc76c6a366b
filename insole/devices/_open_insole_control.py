"""What is written to an Open Insole's control characteristic, and what it answers."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TypeAlias

from insole.errors import PacketError


@dataclass(frozen=True)
class Start:
    """Start the stream; a period of 0 is the nominal one."""

    period_us: int = 0


@dataclass(frozen=True)
class Stop:
    """Stop the stream."""


@dataclass(frozen=True)
class Ping:
    """Ask for the device's time; the token comes back with it."""

    token: int


@dataclass(frozen=True)
class Resend:
    """Ask for ``count`` samples from ``first`` (raw counter) on the backlog characteristic."""

    first: int
    count: int


Command: TypeAlias = Start | Stop | Ping | Resend
_COMMANDS: dict[int, tuple[type[Command], str]] = {
    0x01: (Start, "<H"),
    0x02: (Stop, "<"),
    0x03: (Ping, "<I"),
    0x04: (Resend, "<IH"),
}


def encode_command(command: Command) -> bytes:
    """The bytes to write to the control characteristic."""
    code, layout = next((c, f) for c, (kind, f) in _COMMANDS.items() if isinstance(command, kind))
    return bytes([code]) + struct.pack(layout, *vars(command).values())


def decode_command(data: bytes) -> Command:
    """Read what was written to the control characteristic.

    Raises
    ------
    PacketError
        If there is no such command or its length is wrong.
    """
    kind, layout = _COMMANDS.get(data[0] if data else 0, (None, ""))
    if kind is None or len(data) != 1 + struct.calcsize(layout):
        raise PacketError(f"{data.hex() or 'nothing'} is not a command; see the control characteristic's table")
    return kind(*struct.unpack_from(layout, data, 1))


def encode_pong(token: int, device_us: int) -> bytes:
    """The answer to a ping, notified on the control characteristic."""
    return struct.pack("<BIIH", 0x83, token, device_us & 0xFFFFFFFF, device_us >> 32)


def decode_pong(data: bytes) -> tuple[int, int]:
    """Token and device time in microseconds of a ping's answer.

    Raises
    ------
    PacketError
        If it is not one.
    """
    if len(data) != 11 or data[0] != 0x83:
        raise PacketError(f"{data.hex() or 'nothing'} is not the answer to a ping; expected 83 and 10 bytes")
    _, token, low, high = struct.unpack("<BIIH", data)
    return token, low | high << 32


def encode_gone(first: int, count: int) -> bytes:
    """What an insole notifies on backlog of samples asked for that it no longer has."""
    return struct.pack("<BIH", 0x84, first, count)


def decode_gone(data: bytes) -> tuple[int, int] | None:
    """First raw counter and number of the samples that are gone; None if it says something else."""
    if len(data) != 7 or data[0] != 0x84:
        return None
    first, count = struct.unpack_from("<IH", data, 1)
    return first, count
