"""The last seconds of a stream, as numbers for a screen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.livefoot import LiveFoot, Ring
from analysis.symmetry import symmetry_index_pct
from analysis.tracker import walking
from insole.errors import RecordingError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insole.recording import Chunk, FootMeta
    from insole.typing import F64

__all__ = ["LiveFoot", "LiveFrame", "LiveView"]


LIVE_LEAST_STEPS = 3
"""Stances of each foot from which a live asymmetry is shown (our judgement)."""


@dataclass(frozen=True, eq=False)
class LiveFrame:
    """What a screen shows at one moment.

    Attributes
    ----------
    time_s
        Session time of the newest sample of either foot; 0 before the first.
    feet
        By side.
    stance_time_symmetry_index_pct, peak_force_symmetry_index_pct
        Robinson's 200 (R - L)/(R + L) of the feet's mean over their newest ``LIVE_STEPS`` stances;
        None before each foot has ``LIVE_LEAST_STEPS``, and for loads that are not compared.
    """

    time_s: float
    feet: Mapping[Side, LiveFoot]
    stance_time_symmetry_index_pct: float | None = None
    peak_force_symmetry_index_pct: float | None = None


class LiveView:
    """The last seconds of one or two feet. Push from one thread, ask for frames from any.

    Steps are found by the rules and thresholds of ``analysis.contacts``, with levels from
    the range of force in the window: none is counted before a foot has been loaded and
    lifted. Values are those of ``analysis.prepare``, but uncalibrated counts are counted
    from the least value that a sensor has shown so far.

    Parameters
    ----------
    feet
        What is known of each foot.
    window_s
        How much is kept.
    clock
        Seconds, rising; for ``age_s``.

    Attributes
    ----------
    feet
        As given.
    unit
        Of sensor values: ``kPa``, ``N`` or ``counts``.
    force_unit
        Of total forces: ``N``, or ``unit`` where force in N is not known.
    """

    def __init__(
        self,
        feet: Mapping[Side, FootMeta],
        window_s: float = 10.0,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not feet:
            raise RecordingError("a live view needs at least one foot")
        self.feet = MappingProxyType(dict(feet))
        self._rings = {side: Ring(meta, window_s) for side, meta in feet.items()}
        first = next(iter(self._rings.values()))
        self.unit, self.force_unit = str(first.unit), first.force_unit
        self._comparable = len({ring.force_unit for ring in self._rings.values()}) == 1 and len(feet) == 2
        self._clock, self._window_s = clock, window_s
        self._lock = Lock()

    def joined_by(self, meta: FootMeta) -> LiveView:
        """The same stream with one more foot, as a new view: what was seen so far stays.

        Both views may be used from then on, but only the new one knows the foot.

        Raises
        ------
        RecordingError
            If that foot is in this view.
        """
        if meta.side in self.feet:
            raise RecordingError(f"the live view has a {meta.side} foot already")
        known = {**self.feet, meta.side: meta}
        view = LiveView({side: known[side] for side in Side if side in known}, self._window_s, clock=self._clock)
        view._rings.update(self._rings)
        view._lock = self._lock
        return view

    def push(self, chunk: Chunk, time_s: F64) -> None:
        """Take in new samples.

        Parameters
        ----------
        chunk
            Of a foot of this view. Samples that came before are left out.
        time_s
            ``(n,)`` session seconds of its samples.

        Raises
        ------
        CalibrationError
            If the samples do not fit the foot's calibration.
        """
        with self._lock:
            self._rings[chunk.side].push(chunk, time_s, self._clock())

    def frame(self, since: Mapping[Side, int] | None = None) -> LiveFrame:
        """What to show now; the work does not grow with the window.

        Parameters
        ----------
        since
            ``LiveFoot.next`` of the frame before, by side; a foot not in it is traced from
            the start of the window.
        """
        with self._lock:
            now, shares = self._clock(), self._shares()
            feet = {
                side: ring.foot((since or {}).get(side, 0), now, shares.get(side)) for side, ring in self._rings.items()
            }
            newest = [ring.newest_s for ring in self._rings.values() if ring.total]
            stance, peak = (self._index(feet, key) for key in ("duration_s", "peak_force"))
            return LiveFrame(max(newest, default=0.0), MappingProxyType(feet), stance, peak)

    def _index(self, feet: Mapping[Side, LiveFoot], key: str) -> float | None:
        """Symmetry index of the newest stances' mean."""
        if len(feet) < 2 or (key == "peak_force" and not self._comparable):
            return None
        walked = {side: walking(foot.recent) for side, foot in feet.items()}
        if min(len(steps) for steps in walked.values()) < LIVE_LEAST_STEPS:
            return None
        mean = {side: sum(getattr(s, key) for s in steps) / len(steps) for side, steps in walked.items()}
        return symmetry_index_pct(mean[Side.LEFT], mean[Side.RIGHT])

    def _shares(self) -> dict[Side, float]:
        if not self._comparable or not all(ring.total for ring in self._rings.values()):
            return {}
        end_s = min(ring.newest_s for ring in self._rings.values())
        mean = {side: ring.mean_force(end_s) for side, ring in self._rings.items()}
        total = sum(mean.values())
        return {side: 100 * m / total for side, m in mean.items()} if total > 0 else {}
