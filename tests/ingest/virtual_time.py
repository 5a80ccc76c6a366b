"""An event loop whose time jumps to whatever is waited for, so that no test depends on how fast a machine is."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any

TURN_S = 1e-6
"""What a turn of the loop takes: who waits by turning gets older."""

LOOK_S = 0.05
"""While a thread works time stands still, and it is looked this often (of real seconds) whether it is done."""


class _Skipping(selectors.DefaultSelector):
    """Waits for files and threads in real time, and for nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> Any:
        """What is ready; if nothing is, the time that would have been waited has passed."""
        self.now_s += TURN_S
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.threads or timeout is None:
            return super().select(LOOK_S if self.threads else None)
        self.now_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time stands still while there is something to do, here or in a thread, and else jumps to the next timer."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        """Seconds since the loop was made, none of them real."""
        return self._skipping.now_s

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        """Run a call in a thread; no time passes meanwhile."""
        self._skipping.threads += 1
        call = super().run_in_executor(executor, func, *args)
        call.add_done_callback(self._done)
        return call

    def _done(self, _call: object) -> None:
        self._skipping.threads -= 1
