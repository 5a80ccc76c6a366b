"""What every insole's module offers: a ``Device``, and the ``Packet`` that its radio payloads hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import PacketError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from insole.devices._dialogue import Dialogue
    from insole.recording import FootMeta, Side
    from insole.typing import F32, I64, Samples


def _whole(payload: bytes) -> tuple[bytes, ...]:
    return (payload,)


def _nothing(_: bytes) -> None:
    return None


@lru_cache(maxsize=64)
def _steps_us(k: int, period_us: int) -> I64:
    """``(k,)`` device times of k frames after the first: the same for nearly all packets of an insole."""
    return np.arange(k, dtype=np.int64) * period_us


@dataclass(frozen=True, eq=False)
class Packet:
    """What one notification holds: k consecutive frames of m of the insole's N sensors.

    Attributes
    ----------
    counter
        Raw sample counter of the first frame; wraps at ``2 ** counter_bits``.
    device_us
        Raw device time of the first frame in microseconds; wraps at ``Device.time_wrap_us``.
    period_us
        Device time between two frames, in microseconds; 0 if there is one frame and it does not say.
    samples
        ``(k, m)`` uint16 counts of the sensors ``first_sensor`` to ``first_sensor + m``.
    n_sensors
        N, of the whole insole.
    first_sensor
        0-based number of the first sensor in ``samples``.
    resent
        True if it answers a request for samples, see ``Backlog``.
    counter_bits
        Width of its counter where that is not ``Device.counter_bits``.
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
    counter_bits: int | None = None
    inertial: F32 | None = None

    @property
    def whole(self) -> bool:
        """Whether all N sensors are here, not just a part."""
        return int(self.samples.shape[1]) == self.n_sensors

    def times_us(self, first_us: int) -> I64:
        """``(k,)`` device times in microseconds of the frames, if the first is at ``first_us``."""
        return first_us + _steps_us(len(self.samples), self.period_us)


@dataclass(frozen=True)
class Advertised:
    """What an insole says of itself before anyone connects.

    Attributes
    ----------
    side
        Which foot; None if it says so only when asked.
    battery_pct
        Charge, 0 to 100; None if it does not say.
    firmware
        Empty if it does not say.
    """

    side: Side | None
    battery_pct: int | None
    firmware: str = ""


@dataclass(frozen=True)
class Backlog:
    """How an insole that keeps its last samples is asked for some of them.

    Attributes
    ----------
    uuid
        Characteristic that notifies of them, in messages as ``Device.cut`` and ``decode`` take them.
    window
        Samples asked for at once at most. A backlog that is pushed as a whole loses pages.
    ask
        The command, to ``Device.control_uuid``, that asks for ``count`` samples from raw counter
        ``first``. The insole may send a few around them as well.
    gone
        From a notification to ``(first, count)`` that the insole says it no longer has; None if it
        is something else.
    newest
        For an insole that sends samples only when asked: the command that asks how far it is.
        None if it sends them by itself.
    reached
        From a notification that answers ``newest`` to ``(first, count)`` of all that it holds;
        None if it is something else.
    rate_hz
        The only rate at which this works; None if it does at every one.
    """

    uuid: str
    window: int
    ask: Callable[[int, int], bytes]
    gone: Callable[[bytes], tuple[int, int] | None] = _nothing
    newest: bytes | None = None
    reached: Callable[[bytes], tuple[int, int] | None] = _nothing
    rate_hz: float | None = None


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
    rate_hz
        Nominal sample rate.
    counter_bits
        Width of the sample counter; 0 if there is none, and samples are numbered by their time.
    time_wrap_us
        Device time at which it begins again from zero, in microseconds.
    advertised
        From an advertisement's manufacturer data (company to bytes) to what it says; None if
        it is not this device's.
    describe
        The dialogue, given the wall time, that finds out what the foot is: once, before anything
        is streamed.
    start
        The dialogue that starts the stream, at the nominal rate (None) or at one in Hz: after each
        connection, when data are listened to already. Raises ``LinkError`` for a rate it cannot.
    stop
        The dialogue that stops it.
    cut
        From a notification to the messages in it that hold samples, none or several; raises
        ``PacketError`` if they cannot be told apart. By default the whole is one.
    decode
        From such a message to a packet. Raises ``PacketError`` and nothing else.
    encode
        From a packet to a message. ``decode(encode(p))`` is ``p``.
    backlog
        How lost samples are asked for; None if what is lost stays lost.
    inertial
        Names of its inertial channels, with their units: ``acc_x_g``, ``gyro_x_dps``, ``quat_w``, ...
        A foot whose description names its own (``FootMeta.inertial``) sends those instead.
    """

    name: str
    title: str
    service_uuid: str
    data_uuid: str
    control_uuid: str
    rate_hz: float
    counter_bits: int
    time_wrap_us: int
    advertised: Callable[[Mapping[int, bytes]], Advertised | None]
    describe: Callable[[datetime], Dialogue[FootMeta]]
    start: Callable[[float | None], Dialogue[None]]
    stop: Callable[[], Dialogue[None]]
    decode: Callable[[bytes], Packet]
    encode: Callable[[Packet], bytes]
    cut: Callable[[bytes], tuple[bytes, ...]] = _whole
    backlog: Backlog | None = None
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
    return replace(head, samples=samples, first_sensor=0, inertial=_joined_inertial(ordered))


def _joined_inertial(parts: Sequence[Packet]) -> F32 | None:
    """Inertial values of the frames: what a part did not send, a later one may have."""
    given = [p.inertial for p in parts if p.inertial is not None]
    if any(values.shape != given[0].shape for values in given):
        raise PacketError(f"parts with other inertial channels: {', '.join(str(v.shape) for v in given)}")
    if not given:
        return None
    joined = given[0]
    for values in given[1:]:
        joined = np.where(np.isnan(joined), values, joined)
    return joined


def _frames(part: Packet) -> tuple[int, int, int, int, int, bool]:
    return part.counter, part.device_us, part.period_us, len(part.samples), part.n_sensors, part.resent
