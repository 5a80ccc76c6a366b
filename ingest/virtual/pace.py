"""True time of a virtual pair: it may run faster than ours, so that tests need not wait."""

from __future__ import annotations

import asyncio
import heapq
import time

DEBT_MAX_S = 0.1
"""So much of our time, lost while this clock stood still, is made up for (our judgement)."""

SHORTEST_SLEEP_S = 0.0005
"""Waits shorter than this of ours are skipped: an event loop cannot sleep so briefly (our judgement)."""


def _ours_s() -> float:
    """Our time: that of the event loop, which may be a test's own."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return time.monotonic()


class Pace:
    """A clock in seconds that runs ``speed`` times as fast as ours, or as fast as the computer can.

    It stands still at a moment that somebody waits for until they had their turn: a computer
    that is too slow, or busy with something else, slows this time down and makes nobody late.

    Parameters
    ----------
    speed
        How fast at most.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"time must go forward; got a speed of {speed}")
        self.speed = speed
        self._ours_s = self._time_s = _ours_s()
        self._debt_s = 0.0
        self._waited_for: list[float] = []

    def now(self) -> float:
        """Seconds on this clock; they never go back."""
        ours_s = _ours_s()
        free_s = self._time_s + (ours_s - self._ours_s) * self.speed
        held_s = max(self._time_s, min(free_s, self._waited_for[0])) if self._waited_for else free_s
        self._debt_s = min(DEBT_MAX_S, self._debt_s + (free_s - held_s) / self.speed)
        self._ours_s, self._time_s = ours_s, held_s
        return held_s

    async def until(self, when_s: float) -> None:
        """Wait until this clock shows ``when_s``; if that is past, only let others run."""
        heapq.heappush(self._waited_for, when_s)
        pause_s = 0.0
        try:
            while True:
                await asyncio.sleep(pause_s)
                left_s = (when_s - self.now()) / self.speed
                if left_s <= 0 or self._skip(when_s, left_s):
                    return
                pause_s = left_s if left_s > self._debt_s + SHORTEST_SLEEP_S else 0.0
        finally:
            self._waited_for.remove(when_s)
            heapq.heapify(self._waited_for)

    def _skip(self, when_s: float, left_s: float) -> bool:
        """Go on to ``when_s`` at once, if it is next and there is time to make up for, or the wait too short."""
        if when_s > self._waited_for[0] or left_s > self._debt_s + SHORTEST_SLEEP_S:
            return False
        self._debt_s = max(0.0, self._debt_s - left_s)
        self._time_s = when_s
        return True
