"""Sinks that keep a session in memory, as tests want to look at it, and what ends one."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import StoreFullError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insole.recording import Chunk, ClockFit, FootMeta
    from insole.typing import F64


class MemorySink:
    """Keeps everything, and notes whether it was called as promised."""

    def __init__(self, *, full_after: int | None = None, gate: threading.Event | None = None) -> None:
        self.metas: dict[Side, FootMeta] = {}
        self.chunks: list[Chunk] = []
        self.clocks: dict[Side, ClockFit] = {}
        self.seals = self.appends = 0
        self.full_after, self.gate = full_after, gate
        self.called = threading.Event()
        self._busy = threading.Lock()

    def open(self, metas: Mapping[Side, FootMeta]) -> MemorySink:
        self.metas = dict(metas)
        return self

    def add_foot(self, meta: FootMeta) -> None:
        assert threading.current_thread() is not threading.main_thread()
        assert meta.side not in self.metas
        self.metas[meta.side] = meta

    def append(self, chunks: Sequence[Chunk]) -> None:
        assert threading.current_thread() is not threading.main_thread()
        assert self._busy.acquire(blocking=False), "two calls at once"
        try:
            self.called.set()
            if self.gate is not None:
                assert self.gate.wait(60)
            if self.full_after is not None and self.appends >= self.full_after:
                raise StoreFullError("no room left on the disk; delete recordings")
            self.appends += 1
            self.chunks += chunks
        finally:
            self._busy.release()

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        self.clocks[side] = fit

    def seal(self) -> None:
        self.seals += 1

    def index(self, side: Side) -> list[int]:
        """Sample numbers kept of a foot, in the order they came."""
        return [i for c in self.chunks if c.side is side for i in range(c.first_sample, c.stop_sample)]

    def in_order(self, side: Side) -> tuple[list[int], np.ndarray]:
        """Sample numbers kept of a foot, rising, and their samples."""
        index, samples = self.index(side), self.samples(side)
        order = np.argsort(index, kind="stable")
        return np.array(index)[order].tolist(), samples[order]

    def samples(self, side: Side) -> np.ndarray:
        """``(n, S)`` samples kept of a foot."""
        return np.concatenate([c.samples for c in self.chunks if c.side is side])


class Until:
    """Stops a collection when each foot has brought a number of samples."""

    def __init__(self, samples: int, sides: tuple[Side, ...] = tuple(Side)) -> None:
        self.stop = asyncio.Event()
        self._left = dict.fromkeys(sides, samples)

    def __call__(self, chunk: Chunk, time_s: F64) -> None:
        self._left[chunk.side] -= len(chunk.samples)
        if all(left <= 0 for left in self._left.values()):
            self.stop.set()
