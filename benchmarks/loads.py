"""Pairs of virtual insoles that the benchmarks of the radio play, and whether what was stored is what they played."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ingest.virtual import KINDS, playing, virtual_walker
from insole.grids import grid_layout
from insole.walker import Gait, Walker, nominal_calibration

if TYPE_CHECKING:
    from collections.abc import Callable

    from insole.devices import Device
    from insole.recording import FootStream
    from insole.typing import Samples

GAIT = Gait(noise_kpa=1.0)
"""Its noise makes every sample another: none can be taken for the one before."""

CONNECTED_S = 60.0
"""An insole is connected to within so long after it was switched on; otherwise nothing is found to be exact."""

AT_ONCE = 8192
"""Samples asked of a walker at once."""


@dataclass(frozen=True)
class Load:
    """A pair of virtual insoles to measure: its kind, and what walks on it."""

    title: str
    kind: str
    walker: Callable[[], Walker]

    @property
    def device(self) -> Device:
        return KINDS[self.kind].device


def _fast() -> Walker:
    """A sample of 112 sensors fills a notification of 244 bytes; a thousand a second."""
    present = np.ones((16, 7), bool)
    layout = grid_layout(name="grid-112", title="Grid", source="a benchmark", present=present, pitch_mm=(12.0, 16.0))
    return Walker(replace(GAIT, rate_hz=1000.0), layout)


def _of(name: str) -> Load:
    walker = virtual_walker(GAIT, name)
    make = KINDS[name].device.title.partition(",")[0].removesuffix(" profile")
    return Load(f"{make}, {walker.layout.n_sensors} x {walker.rate_hz:g} Hz", name, lambda: walker)


LOADS = {name: _of(name) for name in KINDS} | {"stress": Load("stress: 1000 x 244 bytes/s", "open16", _fast)}


def is_exact(load: Load, foot: FootStream) -> bool:
    """Whether a foot's stored counts are what its insole played, each in its place, bit by bit.

    Some insoles number their samples from a beginning of their own, so that it is looked for
    where in what was played the recording begins.
    """
    walker = load.walker()
    calibration = nominal_calibration(walker.layout) if np.isfinite(walker.layout.area_mm2).all() else None
    index = foot.sample - foot.sample[0]
    n = int(index[-1]) + 1 + round(CONNECTED_S * foot.rate_hz)
    played = np.concatenate(
        [playing.counts(walker, foot.side, a, min(AT_ONCE, n - a), calibration) for a in range(0, n, AT_ONCE)]
    )
    return any(np.array_equal(played[start + index], foot.values) for start in _starts(played, foot, int(index[-1])))


def _starts(played: Samples, foot: FootStream, last: int) -> list[int]:
    """Where a recording may begin in what was played, by its most loaded sample."""
    loaded = int(np.argmax(foot.values.sum(axis=1, dtype=np.int64)))
    before = int(foot.sample[loaded] - foot.sample[0])
    there = np.flatnonzero((played == foot.values[loaded]).all(axis=1)) - before
    return [int(start) for start in there if 0 <= start < len(played) - last]
