"""Brilliant Sole: an open insole that tells where its pressure sensors are, 8 of them by default.

``docs/devices/brilliant-sole.md`` has the byte layout in words. Everything is a message, little-endian,
and a notification may hold several::

    0   u8   type
    1   u16  bytes that follow
    3        content

Samples are messages of type 14: u16 time in ms, then blocks of u8 sensor, u8 bytes, content. There is no
sample counter: samples are numbered by their time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.devices import _brilliant_said as said
from insole.devices._device import Advertised, Device, Packet
from insole.devices._dialogue import Ask, Dialogue
from insole.errors import LinkError, PacketError
from insole.recording import FootMeta, Side, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from insole.typing import F32

SERVICE_UUID = "ea6d0000-a725-4f9b-893d-c3913e33b39f"
RX_UUID = "ea6d1000-a725-4f9b-893d-c3913e33b39f"
TX_UUID = "ea6d1001-a725-4f9b-893d-c3913e33b39f"

RATE_HZ = 50.0
"""Asked for unless another is wanted (our judgement)."""

STEP_MS = 5
"""Periods are multiples of this."""

INERTIAL = ("acc_x_counts", "acc_y_counts", "acc_z_counts", "gyro_x_counts", "gyro_y_counts", "gyro_z_counts")

_MOTION = {said.ACCELERATION: slice(0, 3), said.GYROSCOPE: slice(3, 6)}


def cut(payload: bytes) -> tuple[bytes, ...]:
    """The messages of a notification that hold pressures."""
    samples = [content for kind, content in said.messages(payload) if kind == said.SAMPLES]
    return tuple(said.message(said.SAMPLES, content) for content in samples if said.PRESSURE in dict(_blocks(content)))


def decode(payload: bytes) -> Packet:
    """Read one message of samples.

    Raises
    ------
    PacketError
        If it is another, cut short, without pressure, or names a sensor twice.
    """
    found = said.messages(payload)
    if [kind for kind, _ in found] != [said.SAMPLES]:
        raise PacketError(f"messages {[kind for kind, _ in found]}; expected one of type {said.SAMPLES}")
    content = found[0][1]
    blocks = list(_blocks(content))
    by_sensor = dict(blocks)
    if len(by_sensor) != len(blocks):
        raise PacketError(f"sensors {[sensor for sensor, _ in blocks]}: one comes twice")
    pressure = by_sensor.get(said.PRESSURE, b"")
    if not pressure or len(pressure) % 2:
        raise PacketError(f"{len(pressure)} bytes of pressure; expected 2 a sensor")
    samples = np.frombuffer(pressure, "<u2").astype(np.uint16)[None, :]
    samples.flags.writeable = False
    time_ms = int.from_bytes(content[:2], "little")
    return Packet(0, time_ms * 1000, 0, samples, samples.shape[1], inertial=_inertial(by_sensor))


def encode(packet: Packet) -> bytes:
    """The message that holds a packet of one frame.

    Raises
    ------
    PacketError
        If it is not one frame of a whole insole, or a field does not fit.
    """
    k, m = packet.samples.shape
    plain = (packet.counter, packet.period_us, packet.resent, packet.first_sensor, k) == (0, 0, False, 0, 1)
    if not plain or packet.samples.dtype != np.uint16 or packet.n_sensors != m or not 1 <= m <= 127:
        raise PacketError(
            f"{packet.samples.shape} {packet.samples.dtype} samples, counter {packet.counter}, cannot be sent; "
            "needs one frame of 1 to 127 sensors and no counter or period"
        )
    time_ms, rest = divmod(packet.device_us, 1000)
    if rest or not 0 <= time_ms < 2**16:
        raise PacketError(f"device time {packet.device_us} us cannot be sent; needs milliseconds below 65536")
    content = time_ms.to_bytes(2, "little") + _block(said.PRESSURE, packet.samples.astype("<u2").tobytes())
    for sensor, columns in _MOTION.items():
        if packet.inertial is not None and np.isfinite(packet.inertial[0, columns]).all():
            content += _block(sensor, np.rint(packet.inertial[0, columns]).clip(-32768, 32767).astype("<i2").tobytes())
    return said.message(said.SAMPLES, content)


def _blocks(content: bytes) -> Iterator[tuple[int, bytes]]:
    if len(content) < 2:
        raise PacketError(f"samples: {len(content)} bytes; expected a time and a block at least")
    at = 2
    while at < len(content):
        if len(content) < at + 2 or len(content) < at + 2 + content[at + 1]:
            raise PacketError(f"samples: the block at byte {at} is cut short")
        stop = at + 2 + content[at + 1]
        yield content[at], content[at + 2 : stop]
        at = stop


def _block(sensor: int, data: bytes) -> bytes:
    return bytes([sensor, len(data)]) + data


def _inertial(by_sensor: Mapping[int, bytes]) -> F32 | None:
    if by_sensor.keys().isdisjoint(_MOTION):
        return None
    out = np.full((1, len(INERTIAL)), np.nan, np.float32)
    for sensor, columns in _MOTION.items():
        if sensor in by_sensor:
            if len(by_sensor[sensor]) != 6:
                raise PacketError(f"sensor {sensor}: {len(by_sensor[sensor])} bytes; expected 6")
            out[0, columns] = np.frombuffer(by_sensor[sensor], "<i2")
    return out


def _ask(content: bytes, *kinds: int) -> Dialogue[bytes]:
    """Write a message and wait for one of the given types; its content."""
    answer = yield Ask(RX_UUID, content, TX_UUID, lambda payload: _first(payload, kinds) is not None)
    return _first(answer or b"", kinds) or b""


def _first(payload: bytes, kinds: tuple[int, ...]) -> bytes | None:
    try:
        return next((content for kind, content in said.messages(payload) if kind in kinds), None)
    except PacketError:
        return None


def _describe(_now: datetime) -> Dialogue[FootMeta]:
    kind = yield from _ask(said.message(said.GET_TYPE), said.GET_TYPE)
    if kind not in (b"\0", b"\1"):
        raise PacketError(f"type {kind.hex() or 'missing'}: it is no insole; expected 00 (left) or 01 (right)")
    side = Side.RIGHT if kind[0] else Side.LEFT
    positions = yield from _ask(said.message(said.GET_POSITIONS), said.GET_POSITIONS)
    return FootMeta(side, said.layout_of(positions, side), Unit.COUNTS, RATE_HZ, saturation=None)


def _start(rate_hz: float | None) -> Dialogue[None]:
    period_ms = 1000 / (rate_hz or RATE_HZ)
    if period_ms % STEP_MS or not STEP_MS <= period_ms < 2**16:
        raise LinkError(f"Brilliant Sole cannot do {rate_hz:g} Hz; its periods are multiples of {STEP_MS} ms")
    rates = yield from _ask(
        said.message(said.SET_RATES, said.encode_rates(int(period_ms))), said.GET_RATES, said.SET_RATES
    )
    got_ms = said.decode_rates(rates).get(said.PRESSURE)
    if got_ms != period_ms:
        raise LinkError(f"Brilliant Sole was asked for a sample each {period_ms:g} ms and gives one each {got_ms} ms")


def _stop() -> Dialogue[None]:
    yield from _ask(said.message(said.SET_RATES, said.encode_rates(0)), said.GET_RATES, said.SET_RATES)


def _advertised(_manufacturer: Mapping[int, bytes]) -> Advertised:
    """Its service tells the make; the side is asked for."""
    return Advertised(None, None)


DEVICE = Device(
    name="brilliant-sole",
    title="Brilliant Sole, positions told by the insole",
    service_uuid=SERVICE_UUID,
    data_uuid=TX_UUID,
    control_uuid=RX_UUID,
    rate_hz=RATE_HZ,
    counter_bits=0,
    time_wrap_us=2**16 * 1000,
    advertised=_advertised,
    describe=_describe,
    start=_start,
    stop=_stop,
    decode=decode,
    encode=encode,
    cut=cut,
    inertial=INERTIAL,
)
