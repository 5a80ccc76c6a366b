"""Recordings with answers one can work out on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.calibration import Calibration
from insole.layout import SensorLayout, layout_from_dict
from insole.recording import About, FootStream, Recording, Side, Unit

if TYPE_CHECKING:
    from insole.report import Report
    from insole.typing import F64

STARTED_AT = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


def layout4(**changes: Any) -> SensorLayout:
    """Two sensors at the heel, two at the forefoot, 1000 mm² each: 1 kPa on one is 1 N."""
    data: dict[str, Any] = {
        "name": "four",
        "title": "Four sensors",
        "source": "a test",
        "schematic": False,
        "xy_mm": [[10, 30], [-10, 30], [20, 200], [-20, 200]],
        "area_mm2": [1000, 1000, 1000, 1000],
        "outline_mm": [[-40, 0], [40, 0], [40, 260], [-40, 260], [-40, 0]],
        "masks": {"two": {"source": "a test", "regions": {"heel": [1, 2], "forefoot": [3, 4]}}},
    }
    return layout_from_dict({**data, **changes})


LAYOUT = layout4()


def stream(
    side: Side,
    values: Any,
    *,
    layout: SensorLayout = LAYOUT,
    unit: Unit = Unit.KPA,
    rate_hz: float = 100.0,
    sample: Any = None,
    start_s: float = 0.0,
    **more: Any,
) -> FootStream:
    values = np.asarray(values, np.uint16 if unit is Unit.COUNTS else np.float32)
    index = np.arange(len(values)) if sample is None else np.asarray(sample, np.int64)
    return FootStream(side, layout, index, start_s + index / rate_hz, values, unit, rate_hz, **more)


def recording(*streams: FootStream, **about: Any) -> Recording:
    return Recording("r1", STARTED_AT, {s.side: s for s in streams}, About(**about))


def stances(n: int, *, every: int, on: int, first: int = 0, total_n: float = 700.0) -> F64:
    """``(n, 4)`` kPa: full load on all four sensors from each foot-on for ``on`` samples, else zero."""
    down = (np.arange(n) - first) % every < on
    return np.where(down & (np.arange(n) >= first), total_n / 4, 0.0)[:, None] * np.ones(4)


def rectangular_walk(
    *,
    every: int = 110,
    on: int = 66,
    n: int = 3000,
    rate_hz: float = 100.0,
    left_n: float = 700.0,
    right_n: float = 700.0,
) -> Recording:
    """Both feet, half a stride apart, forces on and off within one sample."""
    return recording(
        stream(Side.LEFT, stances(n, every=every, on=on, first=20, total_n=left_n), rate_hz=rate_hz),
        stream(Side.RIGHT, stances(n, every=every, on=on, first=20 + every // 2, total_n=right_n), rate_hz=rate_hz),
    )


def linear_calibration(n: int, *, offset: float = 100.0, kpa_per_count: float = 0.25) -> Calibration:
    return Calibration("cal-7", date(2025, 2, 1), "bladder", np.full(n, offset), np.full(n, kpa_per_count), 1.2)


def swapped(r: Recording) -> Recording:
    """The same recording with the feet exchanged."""
    feet = {s.other: FootStream(**{**vars(f), "side": s.other}) for s, f in r.feet.items()}
    return Recording(r.id, r.started_at, feet, r.about)


def changed(r: Recording, **by_name: Any) -> Recording:
    """Each foot's fields changed: a value, or a function of the foot."""
    feet = {
        s: FootStream(**{**vars(f), **{k: v(f) if callable(v) else v for k, v in by_name.items()}})
        for s, f in r.feet.items()
    }
    return Recording(r.id, r.started_at, feet, r.about)


def keyed(report: Report) -> dict[tuple[str, Side | None, str | None], float]:
    """Values by name, side, region; of several variants the last."""
    return {(v.name, v.side, v.region): v.value for v in report.values}


def every(report: Report) -> dict[tuple[str, Side | None, str | None, str | None], float]:
    """Values by name, side, region, variant."""
    return {(v.name, v.side, v.region, v.variant): v.value for v in report.values}


def plate_step(side: Side = Side.RIGHT, **stream_options: Any) -> FootStream:
    """A block of 100 x 250 mm rolls over a plate of 1 cm cells, one row a sample.

    Every cell reads 100 kPa, the lateral half of rows 9 to 20 twice as much. So the centre passes
    25/3 mm lateral of the straight line: CPEI is 25/3 %; the arch index is 1/3.
    """
    x, y = np.meshgrid(np.arange(-45, 50, 10), np.arange(5, 250, 10))
    xy = np.column_stack([x.ravel(), y.ravel()])
    peak = np.where((x < 0) & (y > 80) & (y < 200), 200.0, 100.0).ravel()
    layout = layout4(
        name="plate",
        platform=True,
        xy_mm=xy.tolist(),
        area_mm2=[100.0] * len(xy),
        outline_mm=[[-50, 0], [50, 0], [50, 250], [-50, 250], [-50, 0]],
        masks={"one": {"source": "a test", "regions": {"foot": list(range(1, len(xy) + 1))}}},
    )
    rolling = np.arange(25)[:, None] == np.arange(len(xy)) // 10
    return stream(side, np.where(rolling, peak, 0.0), **{"layout": layout, **stream_options})
