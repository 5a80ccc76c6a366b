"""What every insole's module offers: a ``Device``, and the ``Packet`` that its radio payloads hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import PacketError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from insole.recording import FootMeta, Side
    from insole.typing import F32, I64, Samples


@dataclass(frozen=True, eq=False)
class Packet:
    """What one notification holds: k consecutive frames of m of the insole's N sensors.

    Attributes
    ----------
    counter
        Raw sample counter of the first frame; wraps at ``2 ** Device.counter_bits``.
    device_us
        Raw device time of the first frame in microseconds; wraps at ``Device.time_wrap_us``.
    period_us
        Device time between two frames, in microseconds.
    samples
        ``(k, m)`` uint16 counts of the sensors ``first_sensor`` to ``first_sensor + m``.
    n_sensors
        N, of the whole insole.
    first_sensor
        0-based number of the first sensor in ``samples``.
    resent
        True if it answers a request for samples that had been lost.
    inertial
        ``(k, C)`` float32 of the device's ``inertial`` channels, a row per frame, NaN where one was
        not sent; None where the packet has none.
    """

    counter: int
    device_us: int
    period_us: int
    samples: Samples
    n_sensors: int
    first_sensor: int = 0
    resent: bool = False
    inertial: F32 | None = None

    @property
    def whole(self) -> bool:
        """Whether all N sensors are here, not just a part."""
        return int(self.samples.shape[1]) == self.n_sensors

    def times_us(self, first_us: int) -> I64:
        """``(k,)`` device times in microseconds of the frames, if the first is at ``first_us``."""
        return first_us + np.arange(len(self.samples), dtype=np.int64) * self.period_us


@dataclass(frozen=True)
class Advertised:
    """What an insole says of itself before anyone connects.

    Attributes
    ----------
    side
        Which foot.
    battery_pct
        Charge, 0 to 100; None if it does not say.
    firmware
        Empty if it does not say.
    """

    side: Side
    battery_pct: int | None
    firmware: str = ""


@dataclass(frozen=True)
class Device:
    """One make of insole: how to find, start and understand it. Holds no state.

    Attributes
    ----------
    name, title
        Stable name for commands and files; a title for people.
    service_uuid
        128-bit UUID of the GATT service that its advertisement lists.
    data_uuid
        Characteristic that notifies of samples.
    control_uuid
        Characteristic that takes commands.
    about_uuids
        Characteristics to read after connecting. Those that a given insole lacks are left out.
    rate_hz
        Nominal sample rate.
    counter_bits
        Width of the sample counter.
    time_wrap_us
        Device time at which it begins again from zero, in microseconds.
    advertised
        From an advertisement's manufacturer data (company to bytes) to what it says; None if
        it is not this device's.
    describe
        From the values of ``about_uuids`` that could be read to what the foot is.
    start
        The command that starts the stream, at the nominal rate (None) or at one in Hz.
    stop
        The command that stops it.
    decode
        From a notification to a packet. Raises ``PacketError`` and nothing else.
    encode
        From a packet to the notification. ``decode(encode(p))`` is ``p``.
    inertial
        Names of its inertial channels, with their units: ``acc_x_g``, ``gyro_x_dps``, ``quat_w``, ...
    """

    name: str
    title: str
    service_uuid: str
    data_uuid: str
    control_uuid: str
    about_uuids: tuple[str, ...]
    rate_hz: float
    counter_bits: int
    time_wrap_us: int
    advertised: Callable[[Mapping[int, bytes]], Advertised | None]
    describe: Callable[[Mapping[str, bytes]], FootMeta]
    start: Callable[[float | None], bytes]
    stop: bytes
    decode: Callable[[bytes], Packet]
    encode: Callable[[Packet], bytes]
    inertial: tuple[str, ...] = ()


def join(parts: Sequence[Packet]) -> Packet | None:
    """Put frames together that were too long for one notification.

    Parameters
    ----------
    parts
        Packets of the same frames, in the order of arrival.

    Returns
    -------
    Packet or None
        The whole packet; None while sensors are missing.

    Raises
    ------
    PacketError
        If the parts overlap or are not of the same frames.
    """
    if not parts:
        return None
    if len(parts) == 1 and parts[0].whole:
        return parts[0]
    ordered = sorted(parts, key=lambda p: p.first_sensor)
    head, reached = ordered[0], 0
    for part in ordered:
        if _frames(part) != _frames(head):
            raise PacketError(f"parts of different frames: {_frames(part)} after {_frames(head)}")
        if part.first_sensor < reached:
            raise PacketError(f"sensor {part.first_sensor} came twice for sample {part.counter}")
        if part.first_sensor > reached:
            return None
        reached += part.samples.shape[1]
    if reached < head.n_sensors:
        return None
    samples = np.concatenate([p.samples for p in ordered], axis=1)
    return Packet(head.counter, head.device_us, head.period_us, samples, head.n_sensors, 0, head.resent)


def _frames(part: Packet) -> tuple[int, int, int, int, int, bool]:
    return part.counter, part.device_us, part.period_us, len(part.samples), part.n_sensors, part.resent
