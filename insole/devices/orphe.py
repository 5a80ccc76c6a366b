"""ORPHE INSOLE: six pressure sensors and an inertial unit, from the vendor's open description.

``docs/devices/orphe.md`` has the byte layout in words. Of its four ways to send, this project uses
two: the insole's own memory, from which samples are fetched by serial number so that nothing is lost
(200 Hz, the default), and the real-time stream with orientation (100 Hz).

A notification of samples, 104 bytes, big-endian::

    0   u8   55 or 54: 4 samples of 24 bytes (54: fetched from memory); 56: 2 samples of 32 bytes
    1   u16  serial number, one a packet
    3   u8   hour, u8 minute, u8 second, u16 millisecond: device time of the oldest sample
    8        samples, newest first: [4 x i16 quaternion, only 56], 3 x i16 gyroscope,
             3 x i16 acceleration, 6 x u16 pressure
    72       32 bytes without a meaning, only 56
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from insole.devices import _orphe_control as control
from insole.devices._device import Backlog, Device, Packet
from insole.devices._dialogue import Dialogue, Read, Write
from insole.errors import LinkError, PacketError
from insole.layout import load_layout
from insole.recording import FootMeta, Unit

if TYPE_CHECKING:
    from datetime import datetime

    from insole.typing import F32

SERVICE_UUID = "01a9d6b5-ff6e-444a-b266-0be75e85c064"
INFO_UUID = "24354f22-1c46-430e-a4ab-a1eeabbcdfc0"
TIME_UUID = "f53eeeb1-b2e8-492a-9673-10e0f1c29026"
DATA_SERVICE_UUID = "db1b7aca-cda5-4453-a49b-33a53d3f0833"
DATA_UUID = "f3f9c7ce-46ee-4205-89ac-abe64e626c0f"

SIZE = 104
LIVE, FETCHED, ORIENTED, WITHOUT_PRESSURE = 55, 54, 56, 50
SENSORS = 6
WINDOW = 400
"""Samples asked for at once: half of what the vendor's own program asks for (our judgement)."""

DAY_US = 24 * 3600 * 1_000_000
FULL_RATE_HZ, ORIENTED_RATE_HZ = 200.0, 100.0
"""Nominal rates. The inertial unit's own clock gives 208 Hz; the times in the packets say which it is."""

G_PER_LSB, DPS_PER_LSB, ONE_LSB = 16 / 32768, 0.07, 1 / 16384
INERTIAL = tuple(f"{kind}_{axis}_{unit}" for kind, unit in (("gyro", "dps"), ("acc", "g")) for axis in "xyz") + tuple(
    f"quat_{axis}" for axis in "wxyz"
)
_LSB = np.array([DPS_PER_LSB] * 3 + [G_PER_LSB] * 3 + [ONE_LSB] * 4)

_HEAD = struct.Struct(">BHBBBH")
_PLAIN = np.dtype([("motion", ">i2", 6), ("pressure", ">u2", SENSORS)])
_TURNED = np.dtype([("quat", ">i2", 4), ("motion", ">i2", 6), ("pressure", ">u2", SENSORS)])
_FRAMES = {LIVE: 4, FETCHED: 4, ORIENTED: 2}


def decode(payload: bytes) -> Packet:
    """Read a notification of samples.

    Parameters
    ----------
    payload
        The notification's bytes.

    Raises
    ------
    PacketError
        If it is of another size or kind, has no pressure, or its time is none.
    """
    if len(payload) != SIZE:
        raise PacketError(f"{len(payload)} bytes; a packet of ORPHE INSOLE has {SIZE}")
    header, serial, hour, minute, second, ms = _HEAD.unpack_from(payload)
    if header == WITHOUT_PRESSURE:
        raise PacketError("byte 0 is 50: mode 1 sends no pressure; choose mode 3 or 4, or the memory")
    if header not in _FRAMES:
        raise PacketError(f"byte 0 is {header}; expected 54, 55 or 56")
    if hour > 23 or minute > 59 or second > 59 or ms > 999:
        raise PacketError(f"bytes 3 to 7 say {hour}:{minute}:{second}.{ms}, which is no time of day")
    k = _FRAMES[header]
    oldest_first = np.frombuffer(payload, _TURNED if header == ORIENTED else _PLAIN, k, _HEAD.size)[::-1]
    samples = oldest_first["pressure"].astype(np.uint16)
    samples.flags.writeable = False
    return Packet(
        counter=serial * k,
        device_us=(((hour * 60 + minute) * 60 + second) * 1000 + ms) * 1000,
        period_us=_period_us(header),
        samples=samples,
        n_sensors=SENSORS,
        resent=header == FETCHED,
        counter_bits=_counter_bits(header),
        inertial=_inertial(oldest_first),
    )


def encode(packet: Packet) -> bytes:
    """The notification that holds a packet: 54 if it is resent, 56 if it holds two samples, else 55.

    Raises
    ------
    PacketError
        If a field does not fit the format.
    """
    k = len(packet.samples)
    header = ORIENTED if k == _FRAMES[ORIENTED] else FETCHED if packet.resent else LIVE
    serial, remainder = divmod(packet.counter, k or 1)
    fits = (k, packet.resent, packet.period_us) == (_FRAMES[header], header == FETCHED, _period_us(header))
    whole = packet.samples.shape[1:] == (SENSORS,) and packet.n_sensors == SENSORS and not packet.first_sensor
    motion = np.zeros((0, 0), np.float32) if packet.inertial is None else packet.inertial
    moves = motion.shape == (k, len(INERTIAL))
    if not (fits and whole and moves and packet.samples.dtype == np.uint16) or remainder or serial >> 16:
        raise PacketError(
            f"{packet.samples.shape} {packet.samples.dtype} from {packet.counter}, {packet.period_us} us apart, "
            "cannot be sent; needs 4 at 200 Hz or 2 at 100 Hz of 6 sensors, a multiple of that, and motion"
        )
    if packet.device_us % 1000 or not 0 <= packet.device_us < DAY_US:
        raise PacketError(f"device time {packet.device_us} us cannot be sent; needs whole milliseconds of a day")
    seconds, ms = divmod(packet.device_us // 1000, 1000)
    rows = np.zeros(k, _TURNED if header == ORIENTED else _PLAIN)
    rows["pressure"] = packet.samples
    raw = np.rint(np.nan_to_num(motion) / _LSB).clip(-32768, 32767)
    rows["motion"] = raw[:, :6]
    if header == ORIENTED:
        rows["quat"] = raw[:, 6:]
    head = _HEAD.pack(header, serial, seconds // 3600, seconds // 60 % 60, seconds % 60, ms)
    return (head + rows[::-1].tobytes()).ljust(SIZE, b"\0")


def cut(payload: bytes) -> tuple[bytes, ...]:
    """The notification itself, or nothing if it answers a command."""
    return () if payload[:1] == bytes([control.ANSWER]) else (payload,)


def _period_us(header: int) -> int:
    return round(1e6 / (ORIENTED_RATE_HZ if header == ORIENTED else FULL_RATE_HZ))


def _counter_bits(header: int) -> int:
    return 17 if header == ORIENTED else 18


def _inertial(rows: np.ndarray) -> F32:
    """``(k, 10)``: gyroscope, acceleration, quaternion; the last NaN where it is not sent."""
    raw = np.full((len(rows), len(INERTIAL)), np.nan)
    raw[:, :6] = rows["motion"]
    if "quat" in (rows.dtype.names or ()):
        raw[:, 6:] = rows["quat"]
    return np.asarray(raw * _LSB, np.float32)


def _describe(now: datetime) -> Dialogue[FootMeta]:
    value = yield Read(INFO_UUID)
    if value is None:
        raise PacketError(f"information: characteristic {INFO_UUID} is missing")
    side = control.decode_info(value)
    yield Write(TIME_UUID, control.encode_time(now))
    return FootMeta(side, load_layout("orphe-6"), Unit.COUNTS, FULL_RATE_HZ, saturation=65535.0)


def _start(rate_hz: float | None) -> Dialogue[None]:
    if rate_hz not in (None, FULL_RATE_HZ, ORIENTED_RATE_HZ):
        raise LinkError(f"ORPHE INSOLE cannot do {rate_hz:g} Hz; ask for 200 or 100")
    if rate_hz == ORIENTED_RATE_HZ:
        yield Write(INFO_UUID, control.ORIENTED_MODE)
    else:
        yield Write(INFO_UUID, control.FROM_MEMORY)
        yield Write(INFO_UUID, control.WATCH)


def _stop() -> Dialogue[None]:
    yield Write(INFO_UUID, control.REST)


DEVICE = Device(
    name="orphe",
    title="ORPHE INSOLE, 6 sensors",
    service_uuid=SERVICE_UUID,
    data_uuid=DATA_UUID,
    control_uuid=INFO_UUID,
    rate_hz=FULL_RATE_HZ,
    counter_bits=18,
    time_wrap_us=DAY_US,
    advertised=control.decode_advertised,
    describe=_describe,
    start=_start,
    stop=_stop,
    decode=decode,
    encode=encode,
    cut=cut,
    backlog=Backlog(
        uuid=DATA_UUID,
        window=WINDOW,
        ask=control.encode_ask,
        gone=control.decode_gone,
        newest=control.NEWEST,
        reached=control.decode_reached,
        rate_hz=FULL_RATE_HZ,
    ),
    inertial=INERTIAL,
)
