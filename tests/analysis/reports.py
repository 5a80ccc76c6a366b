"""Reports with values one can choose."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from insole.recording import Side
from insole.report import Report, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERS = count(1)


def report(
    *values: Value,
    cadence_spm: float | None = 110.0,
    steps: int = 20,
    sides: Iterable[Side] = tuple(Side),
    subject: str = "",
    condition: str = "",
    algorithm: str = "1",
    **foot: Any,
) -> Report:
    """A report of these values; ``foot`` changes what is said of each foot."""
    sides = tuple(sides)
    about = {
        "rate_hz": 100.0,
        "unit": "kPa",
        "layout": "four",
        "platform": False,
        "mask": "two",
        "calibration": {"id": "cal-1"},
        **foot,
    }
    given = [Value("steps_used_count", steps, "1", side=side) for side in sides]
    if cadence_spm is not None:
        given.append(Value("cadence_spm", cadence_spm, "steps/min", n_steps=2 * steps))
    return Report(
        recording={
            "id": f"r{next(_NUMBERS)}",
            "subject_code": subject,
            "condition": condition,
            "feet": {str(side): dict(about) for side in sides},
        },
        software={"algorithm": algorithm},
        values=(*given, *values),
    )


def peak(kpa: float, sd: float = 8.0, *, side: Side = Side.RIGHT, region: str | None = "hallux", n: int = 20) -> Value:
    return Value("peak_pressure_kpa", kpa, "kPa", side=side, region=region, n_steps=n, sd=sd)


def stance(seconds: float, sd: float = 0.02, *, side: Side = Side.RIGHT, n: int = 20) -> Value:
    return Value("stance_time_s", seconds, "s", side=side, n_steps=n, sd=sd)
