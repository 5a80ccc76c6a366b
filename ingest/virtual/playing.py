"""What a virtual insole measures: its source's foot in counts, and a motion that only looks like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.recording import Unit
from insole.walker import Walker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.virtual.source import Source
    from insole.calibration import Calibration
    from insole.recording import Side
    from insole.typing import F32, F64, Samples

COUNTS_PER_N = 40.0
"""Of an insole whose sensors have no known area: 65535 counts are 1.6 kN (our judgement)."""

GAIN = {"acc": 1.5, "gyro": 250.0, "quat": 0.2}
"""Swing of each kind of channel about its rest, in its own unit (our judgement)."""

STRIDE_S = 1.0
"""Rhythm of the motion where nobody walks (our judgement)."""


def counts(source: Source, side: Side, first: int, n: int, calibration: Calibration | None) -> Samples:
    """``(n, S)`` uint16 of a source's samples ``first`` and after.

    Parameters
    ----------
    source, side
        What is played, and which foot.
    calibration
        Turns kPa into counts; not used by a walker on a layout without areas, whose values are N.
    """
    if isinstance(source, Walker) and (source.unit is Unit.N or calibration is None):
        newtons = source.pressure_kpa(side, first, n)
        return np.asarray(np.clip(np.rint(newtons * COUNTS_PER_N), 0, 65535), np.uint16)
    return source.counts(side, first, n, calibration)


def motion(source: Source, names: Sequence[str], time_s: F64) -> F32:
    """``(n, C)`` of inertial channels: gravity and a sine of each stride.

    Plausible in size and rhythm, so that a channel's way can be followed from insole to
    export. It is not physics: nothing may be measured in it.

    Parameters
    ----------
    source
        Whose stride it is, if it is a walker; ``STRIDE_S`` otherwise.
    names
        Of the channels, as ``Device.inertial`` has them.
    time_s
        ``(n,)`` times.
    """
    stride_s = source.gait.stride_s if isinstance(source, Walker) else STRIDE_S
    out = np.zeros((len(time_s), len(names)), np.float32)
    for column, name in enumerate(names):
        phase = 2 * np.pi * time_s / stride_s + column
        rest = 1.0 if name in {"acc_z_g", "quat_w"} else 0.0
        out[:, column] = rest + (GAIN[name.partition("_")[0]] * np.sin(phase) if name != "quat_w" else 0.0)
    return out
