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

STARTED_AT = datetime(2024, 5, 17, 9, 30, 0, 250_000, tzinfo=UTC)
PERIOD_US = 10_000


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


def meta(side: Side, unit: Unit = Unit.COUNTS, *, sensors: int = 4) -> FootMeta:
    """A foot at 100 Hz, calibrated if it sends counts."""
    made = calibration(sensors) if unit is Unit.COUNTS else None
    return FootMeta(side, grid(sensors), unit, 100.0, made, 4095.0 if made else None)


def both(unit: Unit = Unit.COUNTS, *, sensors: int = 4) -> Mapping[Side, FootMeta]:
    """Both feet."""
    return {side: meta(side, unit, sensors=sensors) for side in Side}


def values(side: Side, first: int, n: int, *, unit: Unit = Unit.COUNTS, sensors: int = 4) -> np.ndarray[Any, Any]:
    """``(n, S)`` random values that depend on the sample's index only; every tenth float is NaN."""
    rows = [np.random.default_rng([first + i, side is Side.LEFT]).integers(0, 2**16, sensors) for i in range(n)]
    counts = np.array(rows, np.uint16).reshape(n, sensors)
    if unit is Unit.COUNTS:
        return counts
    floats = (counts / np.float32(7)).astype(np.float32)
    floats[counts % 10 == 0] = np.nan
    return floats


def chunk(side: Side, first: int, n: int, *, unit: Unit = Unit.COUNTS, sensors: int = 4) -> Chunk:
    """Samples ``[first, first + n)`` of a device at 100 Hz whose time began at 5 s."""
    device_us = 5_000_000 + PERIOD_US * np.arange(first, first + n, dtype=np.int64)
    samples = values(side, first, n, unit=unit, sensors=sensors)
    return Chunk(side, first, samples, device_us, arrival_s=(first + n) / 100)


def stream(side: Side, n: int, *, unit: Unit = Unit.COUNTS, gap: slice | None = None) -> FootStream:
    """An imported foot of n samples at 100 Hz, less those of the gap."""
    sample = np.arange(n, dtype=np.int64)
    if gap is not None:
        sample = np.delete(sample, gap)
    m = meta(side, unit)
    return FootStream(
        side, m.layout, sample, sample / 100, values(side, 0, n, unit=unit)[sample], unit, 100.0, m.calibration
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
