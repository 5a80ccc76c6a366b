"""A recording as what virtual insoles play, in place of the walker."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.calibration import Calibration
from insole.errors import RecordingError
from insole.recording import FootMeta, FootStream, Recording, Side, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.layout import SensorLayout
    from insole.typing import I64, Bool, Samples

COUNT_MAX = 65535
"""The largest count of the profile's 16 bits."""

KPA_PER_COUNT = 0.02
OFFSET_COUNTS = 1000
"""Line by which a recording in kPa becomes counts: steps of 20 Pa, from -20 to 1290 kPa (our judgement)."""

SENSORS_MAX = 255
"""What the Open Insole profile can carry."""


@dataclass(frozen=True, eq=False)
class _Foot:
    """Its samples by number from the recording's start: a row for each that was measured."""

    index: I64
    counts: Samples


class Player:
    """Plays a recording once: its own counts, and silence before it, after it and in its gaps.

    Counts are played bit by bit. A recording in kPa becomes counts by a line of its own
    (``KPA_PER_COUNT``); a row of it that misses a sensor is not played, since a packet cannot
    say so. Both feet are played at the nominal rate from the start of the earlier one: what the
    two clocks drifted apart while it was recorded is not played, and a foot's start is off by up
    to half a sample.

    Parameters
    ----------
    recording
        In counts or kPa, both feet of one rate.

    Attributes
    ----------
    metas
        What each insole says it is. A calibration that is a table is left out: the profile
        carries straight lines.
    samples
        Sample numbers from the start of the earlier foot to the end of the later one.
    wanted, over
        Set when all feet are asked for samples; and when all of the recording was sent.

    Raises
    ------
    RecordingError
        If it is in N, holds nothing to play, or does not fit the profile.
    """

    def __init__(self, recording: Recording) -> None:
        rates = {foot.rate_hz for foot in recording.feet.values()}
        if len(rates) != 1:
            raise RecordingError("the two feet have different rates; only a recording of one rate can be replayed")
        self.rate_hz = rates.pop()
        self.metas: Mapping[Side, FootMeta] = MappingProxyType({s: _meta(f) for s, f in recording.feet.items()})
        starts_s = [foot.time_s[0] for foot in recording.feet.values() if len(foot.time_s)]
        if not starts_s:
            raise RecordingError("the recording holds no samples; there is nothing to replay")
        self._feet = {side: _foot(foot, min(starts_s)) for side, foot in recording.feet.items()}
        self.samples = max(int(foot.index[-1]) + 1 for foot in self._feet.values())
        self._begin: dict[Side, int] = {}
        self._sent: dict[Side, int] = {}
        self.wanted, self.over = asyncio.Event(), asyncio.Event()

    @property
    def layout(self) -> SensorLayout:
        """Geometry of the first foot's insole; see ``metas`` for each."""
        return next(iter(self.metas.values())).layout

    @property
    def duration_s(self) -> float:
        """How long it plays."""
        return self.samples / self.rate_hz

    def begin(self, at: Mapping[Side, int]) -> None:
        """Let the recording start at these sample numbers, counted from each insole's power-on."""
        self._begin = dict(at)

    def withheld(self, side: Side, first_sample: int, n: int) -> Bool:
        """``(n,)`` whether each sample is one that the recording does not have."""
        # An insole asks for newer samples only when it has sent what it asked before; older ones it sends again.
        self._sent[side] = max(first_sample, self._sent.get(side, first_sample))
        if len(self._sent) == len(self._feet):
            self.wanted.set()
        if not self._begin:
            return np.ones(n, bool)
        if all(self._sent[s] > self._begin[s] + int(foot.index[-1]) for s, foot in self._feet.items()):
            self.over.set()
        wanted, rows = self._rows(side, first_sample, n)
        return np.asarray(self._feet[side].index[rows] != wanted)

    def counts(self, side: Side, first_sample: int, n: int, _calibration: Any = None, /) -> Samples:
        """``(n, S)`` uint16 counts; zeros where ``withheld``."""
        foot = self._feet[side]
        wanted, rows = self._rows(side, first_sample, n)
        return np.where((foot.index[rows] == wanted)[:, None], foot.counts[rows], np.uint16(0))

    def _rows(self, side: Side, first_sample: int, n: int) -> tuple[I64, I64]:
        """Numbers within the recording, and for each the row that holds it, if any does."""
        index = self._feet[side].index
        wanted = np.arange(first_sample, first_sample + n) - self._begin.get(side, 0)
        return wanted, np.minimum(np.searchsorted(index, wanted), len(index) - 1)


def _foot(foot: FootStream, start_s: float) -> _Foot:
    if not len(foot.sample):
        raise RecordingError(f"the {foot.side} foot holds no samples; there is nothing to replay")
    late = round((float(foot.time_s[0]) - start_s) * foot.rate_hz)
    index = foot.sample - foot.sample[0] + late
    if foot.unit is Unit.COUNTS:
        return _Foot(index, np.ascontiguousarray(foot.values))
    whole = np.isfinite(foot.values).all(axis=1)
    counts = np.rint(foot.values[whole] / KPA_PER_COUNT) + OFFSET_COUNTS
    if not whole.any():
        raise RecordingError(f"the {foot.side} foot misses a sensor in every row; a packet cannot say so")
    if counts.min() < 0 or counts.max() > COUNT_MAX:
        low, high = (KPA_PER_COUNT * (c - OFFSET_COUNTS) for c in (0, COUNT_MAX))
        raise RecordingError(
            f"the {foot.side} foot has pressures outside {low:g} to {high:.0f} kPa, which cannot be sent"
        )
    return _Foot(index[whole], counts.astype(np.uint16))


def _meta(foot: FootStream) -> FootMeta:
    layout, meta = foot.layout, foot.meta
    if foot.unit is Unit.N:
        raise RecordingError(
            f"the {foot.side} foot is in N; only counts or kPa can be sent by an insole of this profile"
        )
    if layout.n_sensors > SENSORS_MAX:
        raise RecordingError(
            f"layout {layout.name!r} has {layout.n_sensors} sensors; the profile carries {SENSORS_MAX}"
        )
    if foot.unit is Unit.KPA:
        return replace(meta, unit=Unit.COUNTS, calibration=_line(layout.n_sensors), saturation=float(COUNT_MAX))
    carried = meta.calibration if isinstance(meta.calibration, Calibration) else None
    return replace(meta, calibration=carried, saturation=meta.saturation or float(COUNT_MAX))


def _line(sensors: int) -> Calibration:
    return Calibration(
        id="replay-nominal",
        made_on=date(2025, 1, 1),
        method="by definition, to send a recording in kPa as counts",
        offset=np.full(sensors, float(OFFSET_COUNTS)),
        kpa_per_count=np.full(sensors, KPA_PER_COUNT),
        fit_error_kpa=None,
    )
