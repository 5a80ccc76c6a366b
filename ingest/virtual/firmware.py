"""What the firmware of a virtual insole decides, whatever its make. No radio and no clock here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from insole.devices import Device, Packet
    from insole.recording import FootMeta


@dataclass(frozen=True)
class Characteristic:
    """One of an insole's characteristics.

    Attributes
    ----------
    service, uuid
        Where it is.
    value
        What is read; None if it cannot be read.
    writes, notifies
        What else it does.
    """

    service: str
    uuid: str
    value: bytes | None = None
    writes: bool = False
    notifies: bool = False


@dataclass(frozen=True)
class Present:
    """The insole's own now.

    Attributes
    ----------
    device_us
        Raw device time in microseconds.
    counter, held
        Raw counter of its newest sample, and how many it holds up to there.
    """

    device_us: int
    counter: int
    held: int


@dataclass(frozen=True)
class Start:
    """Send samples from now on."""


@dataclass(frozen=True)
class Stop:
    """Send no more."""


@dataclass(frozen=True)
class SetClock:
    """Let the insole's clock show a device time from now on, in microseconds."""

    device_us: int


@dataclass(frozen=True)
class Notify:
    """Notify of something."""

    uuid: str
    payload: bytes


@dataclass(frozen=True)
class Resend:
    """Send samples once more, as many as are still held: ``count`` from raw counter ``first``."""

    first: int
    count: int


Action: TypeAlias = Start | Stop | SetClock | Notify | Resend


class Firmware(Protocol):
    """One make of virtual insole.

    Attributes
    ----------
    device, meta
        What it is, and which foot.
    memory
        Samples that it keeps to send once more.
    frames
        Its packets begin at a multiple of so many samples.
    counter_bits
        Width of the counter that it counts samples with.
    """

    device: Device
    meta: FootMeta
    memory: int
    frames: int
    counter_bits: int

    def characteristics(self) -> Sequence[Characteristic]:
        """All of them, but for battery and device information."""
        ...

    def advertised(self, battery_pct: int) -> bytes | None:
        """Manufacturer data, the company first; None if it has none."""
        ...

    def at_once(self, payload_max: int) -> int:
        """How many frames one notification of that size may hold, a multiple of ``frames``."""
        ...

    def written(self, uuid: str, data: bytes, present: Present) -> Sequence[Action]:
        """What to do about a write."""
        ...

    def messages(self, packet: Packet, payload_max: int) -> Iterable[bytes]:
        """The notifications that hold a packet."""
        ...

    def gone(self, first: int, count: int) -> bytes | None:
        """What it says of samples asked for that it no longer has; None if nothing."""
        ...
