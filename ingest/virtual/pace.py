"""True time of a virtual pair: it may run faster than ours, so that tests need not wait."""

from __future__ import annotations

import asyncio
import time


class Pace:
    """A clock in seconds that runs ``speed`` times as fast as ours."""

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"time must go forward; got a speed of {speed}")
        self.speed = speed
        self._start_s = time.monotonic()

    def now(self) -> float:
        """Seconds on this clock."""
        return self._start_s + (time.monotonic() - self._start_s) * self.speed

    async def until(self, when_s: float) -> None:
        """Wait until this clock shows ``when_s``; if that is past, only let others run."""
        await asyncio.sleep(max(0.0, (when_s - self.now()) / self.speed))
