"""Feet, chunks and recordings for the store's tests: random bits, so that any change shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.calibration import Calibration
from insole.layout import layout_from_dict
from insole.recording import About, Chunk, FootMeta, FootStream, Recording, Side, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.layout import SensorLayout
    from insole.typing import F32

STARTED_AT = datetime(2024, 5, 17, 9, 30, 0, 250_000, tzinfo=UTC)
PERIOD_US = 10_000
CHANNELS = ("acc_x_g", "gyro_z_dps", "quat_w")


class FakeClock:
    """A wall clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = datetime(2024, 5, 17, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def grid(sensors: int) -> SensorLayout:
    """A layout of so many sensors in a row, with a region split between two masks' worth of weights."""
    y = np.linspace(10, 250, sensors)
    return layout_from_dict(
        {
            "name": f"row-{sensors}",
            "title": "A row of sensors",
            "source": "this test",
            "schematic": True,
            "xy_mm": [[0.1, v] for v in y],
            "area_mm2": [100.0 + i / 3 for i in range(sensors)],
            "outline_mm": [[-40, 0], [40, 0], [40, 260], [-40, 260], [-40, 0]],
            "masks": {
                "halves": {
                    "source": "this test",
                    "regions": {"rear": [1], "fore": [[i + 1, 0.7] for i in range(1, sensors)]},
                }
            },
        }
    )


def calibration(sensors: int) -> Calibration:
    """One with slopes that have no short decimal form."""
    return Calibration("c1", date(2024, 1, 2), "bladder", np.arange(sensors) / 7, np.full(sensors, 1 / 6.7), 0.3)


def meta(side: Side, unit: Unit = Unit.COUNTS, *, sensors: int = 4, channels: tuple[str, ...] = ()) -> FootMeta:
    """A foot at 100 Hz, calibrated if it sends counts."""
    made = calibration(sensors) if unit is Unit.COUNTS else None
    return FootMeta(side, grid(sensors), unit, 100.0, made, 4095.0 if made else None, channels)


def both(unit: Unit = Unit.COUNTS, *, sensors: int = 4, channels: tuple[str, ...] = ()) -> Mapping[Side, FootMeta]:
    """Both feet."""
    return {side: meta(side, unit, sensors=sensors, channels=channels) for side in Side}


def _hashed(side: Side, first: int, n: int, columns: int) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """``(n, columns)`` numbers without a pattern (Knuth's multiplicative hash), made fast."""
    rows = np.arange(first, first + n, dtype=np.uint64)[:, None] * np.uint64(256)
    which = rows + np.arange(columns, dtype=np.uint64) + np.uint64(side is Side.LEFT) * np.uint64(2**40)
    return (which * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)).astype(np.uint32)


def values(side: Side, first: int, n: int, *, unit: Unit = Unit.COUNTS, sensors: int = 4) -> np.ndarray[Any, Any]:
    """``(n, S)`` random values that depend on the sample's index only; every tenth float is NaN."""
    counts = (_hashed(side, first, n, sensors) >> 16).astype(np.uint16)
    if unit is Unit.COUNTS:
        return counts
    floats = (counts / np.float32(7)).astype(np.float32)
    floats[counts % 10 == 0] = np.nan
    return floats


def inertial(side: Side, first: int, n: int, *, channels: tuple[str, ...] = CHANNELS) -> F32:
    """``(n, C)`` random bits taken for float32, NaN of any kind among them, that depend on the sample's index only."""
    bits = _hashed(side, first, n, len(channels))
    bits[np.arange(first, first + n) % 10 == 3] = 0x7FC00001
    return bits.view(np.float32)


def chunk(
    side: Side,
    first: int,
    n: int,
    *,
    unit: Unit = Unit.COUNTS,
    sensors: int = 4,
    channels: tuple[str, ...] = (),
) -> Chunk:
    """Samples ``[first, first + n)`` of a device at 100 Hz whose time began at 5 s."""
    device_us = 5_000_000 + PERIOD_US * np.arange(first, first + n, dtype=np.int64)
    samples = values(side, first, n, unit=unit, sensors=sensors)
    beside = inertial(side, first, n, channels=channels) if channels else None
    return Chunk(side, first, samples, device_us, arrival_s=(first + n) / 100, inertial=beside)


def stream(
    side: Side,
    n: int,
    *,
    unit: Unit = Unit.COUNTS,
    gap: slice | None = None,
    channels: tuple[str, ...] = (),
) -> FootStream:
    """An imported foot of n samples at 100 Hz, less those of the gap."""
    sample = np.arange(n, dtype=np.int64)
    if gap is not None:
        sample = np.delete(sample, gap)
    m = meta(side, unit)
    return FootStream(
        side,
        m.layout,
        sample,
        sample / 100,
        values(side, 0, n, unit=unit)[sample],
        unit,
        100.0,
        m.calibration,
        inertial=inertial(side, 0, n, channels=channels)[sample] if channels else None,
        inertial_channels=channels,
    )


def recording(*feet: FootStream, about: About | None = None) -> Recording:
    """A recording of those feet."""
    return Recording("", STARTED_AT, {f.side: f for f in feet}, about or About())


def assert_same(one: FootStream, other: FootStream) -> None:
    """Bit for bit the same samples."""
    assert np.array_equal(one.sample, other.sample)
    assert np.array_equal(one.time_s, other.time_s)
    assert one.values.dtype == other.values.dtype
    assert one.values.shape == other.values.shape
    assert one.values.tobytes() == other.values.tobytes()
    assert one.inertial_channels == other.inertial_channels
    assert bits(one) == bits(other)


def bits(foot: FootStream) -> bytes | None:
    """Its inertial values, NaN of any kind told apart."""
    return None if foot.inertial is None else foot.inertial.tobytes()
