"""How much memory this process has, while something runs. Linux only."""

from __future__ import annotations

import os
from pathlib import Path

MARKS_S = (60.0, *(300.0 * i for i in range(1, 1000)))
"""Memory is noted after one minute, then each five."""


def resident_mb() -> float:
    """Megabytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Memory:
    """Notes of resident memory, in MB: one at each mark that was reached, and one at the end."""

    def __init__(self) -> None:
        self.marks_mb: list[float] = []

    def note(self, since_s: float) -> bool:
        """Make a note if the next mark is reached, given seconds since the beginning; returns whether."""
        due = since_s >= MARKS_S[len(self.marks_mb)]
        if due:
            self.marks_mb.append(resident_mb())
        return due

    def end(self) -> None:
        """Make a last note."""
        self.marks_mb.append(resident_mb())
