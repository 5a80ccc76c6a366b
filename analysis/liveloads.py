"""What both feet bore since a task began, kept from the frames of a live view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.contacts import LEAST_SWING_S, bridged
from analysis.standing import MEAN_S
from analysis.tracker import walking
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.live import LiveFrame
    from analysis.tracker import Stance
    from insole.typing import F64

WAIT_S = 1.0
"""A foot that is behind the other by more is silent: what it would have sent is missing (our judgement)."""

ENDS_OF_A_WALK = 2
"""The first and the last stance of a walk, which the analysis leaves out of its means."""


class LiveLoads:
    """Mean forces of both feet over ``MEAN_S``, and the stances that began, since a time.

    Parameters
    ----------
    start_s
        Session second from which on it counts.
    most_s
        How long it goes on at most.
    """

    def __init__(self, start_s: float, *, most_s: float) -> None:
        self.start_s = start_s
        self.now_s = start_s
        bins = int(most_s / MEAN_S) + 2
        self._sum, self._n = np.zeros((2, bins)), np.zeros((2, bins), np.int64)
        self._newest = dict.fromkeys(Side, start_s)
        self._counted: dict[Side, int] = {}
        self._stances: dict[Side, list[Stance]] = {side: [] for side in Side}

    def push(self, frame: LiveFrame) -> None:
        """Take in a frame; each sample of its traces is to come once."""
        for row, side in enumerate(Side):
            foot = frame.feet.get(side)
            if foot is None:
                continue
            new = foot.steps_count - self._counted.get(side, foot.steps_count)
            self._counted[side] = foot.steps_count
            self._stances[side] += [s for s in foot.recent[max(0, len(foot.recent) - new) :] if s.on_s >= self.start_s]
            if not foot.trace_s.size:
                continue
            self._newest[side] = float(foot.trace_s[-1])
            at = np.floor((foot.trace_s - self.start_s) / MEAN_S + 1e-9).astype(np.int64)
            ok = np.isfinite(foot.trace_force) & (at >= 0) & (at < self._n.shape[1])
            np.add.at(self._sum[row], at[ok], foot.trace_force[ok])
            np.add.at(self._n[row], at[ok], 1)
        self.now_s = max(self.now_s, *self._newest.values())

    def force(self) -> F64:
        """``(2, K)`` mean forces, left and right, of the times that are over; NaN is missing, short gaps bridged."""
        over_s = max(min(self._newest.values()), self.now_s - WAIT_S)
        k = min(max(int((over_s - self.start_s) / MEAN_S + 1e-9), 0), self._n.shape[1])
        with np.errstate(invalid="ignore"):
            mean = np.where(self._n[:, :k] > 0, self._sum[:, :k] / self._n[:, :k], np.nan)
        return np.array([bridged(foot, most=int(LEAST_SWING_S / MEAN_S))[0] for foot in mean])

    def steps(self) -> dict[Side, int]:
        """Stances of each foot that an analysis will use: complete, no standing among them, without the ends."""
        return {side: max(0, len(walking(stances)) - ENDS_OF_A_WALK) for side, stances in self._stances.items()}
