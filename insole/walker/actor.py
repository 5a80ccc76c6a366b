"""A walker who does as told while samples are being asked for: stands still, walks, stands on one leg."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from insole.recording import Side
from insole.units import weight_n
from insole.walker.gait import SHIFT_S, resting_n
from insole.walker.samples import Walker

if TYPE_CHECKING:
    from insole.layout import SensorLayout
    from insole.typing import F32, F64
    from insole.walker.gait import Gait


class Activity(StrEnum):
    """What a person can be told to do."""

    WALK = "walk"
    STAND = "stand"
    LEFT_LEG = "left leg"
    RIGHT_LEG = "right leg"


_STOOD_ON = {Activity.LEFT_LEG: Side.LEFT, Activity.RIGHT_LEG: Side.RIGHT}


class Actor(Walker):
    """A person on a pair of insoles who walks until told to do something else.

    A sample that was asked for once never changes: what is told takes effect after the last sample
    that either foot has given, and weight shifts within ``SHIFT_S``. ``truth`` is that of walking,
    and ``force_n`` too.

    Parameters
    ----------
    gait
        How they walk; they do not stand first.
    layout
        Geometry of either insole.

    Attributes
    ----------
    activity
        What they were told last.
    """

    def __init__(self, gait: Gait, layout: SensorLayout) -> None:
        super().__init__(gait, layout)
        self._told: list[tuple[int, Activity]] = [(0, Activity.WALK)]
        self._given = 0
        self._lock = Lock()

    @property
    def activity(self) -> Activity:
        """What they were told last."""
        return self._told[-1][1]

    def act(self, activity: Activity) -> int:
        """Do this from now on; the sample from which on it shows."""
        with self._lock:
            start = max(self._given, self._told[-1][0] + self._shift)
            if activity is not self.activity:
                self._told.append((start, activity))
            return start

    @property
    def _shift(self) -> int:
        return max(1, round(SHIFT_S * self.gait.rate_hz))

    def _fill_load(self, side: Side, first: int, time_s: F64, out: F32) -> None:
        stop = first + len(out)
        with self._lock:
            self._given = max(self._given, stop)
            told = [*self._told, (np.iinfo(np.int64).max, Activity.WALK)]
        before = told[0][1]
        for (start, activity), (end, _) in pairwise(told):
            rows = slice(max(start, first) - first, min(end, stop) - first)
            if rows.start < rows.stop:
                self._fill_activity(activity, side, time_s[rows], out[rows])
                shifted = max(rows.start, min(rows.stop, start + self._shift - first) if start else 0)
                shifting = slice(rows.start, shifted)
                self._shift_weight(before, side, (first + rows.start - start, time_s[shifting]), out[shifting])
            before = activity

    def _fill_activity(self, activity: Activity, side: Side, time_s: F64, out: F32) -> None:
        if activity is Activity.WALK:
            self._fill_walking(side, time_s, out)
            return
        foot = _STOOD_ON.get(activity)
        force_n = resting_n(self.gait, side) if foot is None else weight_n(self.gait.body_mass_kg) * (foot is side)
        out[:] = self._swaying(side, time_s) * (force_n * self._per_newton)

    def _shift_weight(self, before: Activity, side: Side, when: tuple[int, F64], out: F32) -> None:
        """Go over smoothly from what was done before, given how many samples ago it ended."""
        ago, time_s = when
        if not len(out):
            return
        was = np.empty_like(out)
        self._fill_activity(before, side, time_s, was)
        u = (ago + np.arange(len(out)) + 0.5) / self._shift
        part = (u * u * (3 - 2 * u)).astype(np.float32)[:, None]
        out += (was - out) * (1 - part)
