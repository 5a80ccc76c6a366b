"""Samples between the radio and the store: a preallocated ring that is never rolled."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from insole.recording import Chunk

if TYPE_CHECKING:
    from insole.recording import Side
    from insole.typing import F32, F64, I64, Samples


class Ring:
    """The last samples of one foot, until they are taken.

    Parameters
    ----------
    side
        Which foot.
    n_sensors
        S.
    capacity
        Samples it holds. When more come than are taken, the oldest give way and are counted.
    dtype
        Of the samples.
    channels
        C, of inertial values beside each sample. A chunk that brings none leaves them NaN.

    Attributes
    ----------
    overruns
        Samples that were overwritten before anyone took them.
    """

    def __init__(
        self, side: Side, n_sensors: int, capacity: int, dtype: type[np.generic] = np.uint16, *, channels: int = 0
    ) -> None:
        if capacity < 1:
            raise ValueError(f"a ring needs room for a sample; got a capacity of {capacity}")
        self.side = side
        self.overruns = 0
        self._samples: Samples = np.zeros((capacity, n_sensors), dtype)
        self._inertial: F32 = np.zeros((capacity, channels), np.float32)
        self._shift: I64 = np.zeros(capacity, np.int64)  # from samples pushed before one to its number
        self._device_us: I64 = np.zeros(capacity, np.int64)
        self._arrival_s: F64 = np.zeros(capacity)
        self._written = 0
        self._taken = 0

    @property
    def capacity(self) -> int:
        """How many samples it holds."""
        return len(self._samples)

    @property
    def nbytes(self) -> int:
        """Bytes that it takes, which never grow."""
        kept = (self._samples, self._inertial, self._shift, self._device_us, self._arrival_s)
        return sum(array.nbytes for array in kept)

    @property
    def waiting(self) -> int:
        """How many samples nobody took yet."""
        return self._written - self._taken

    def push(self, chunk: Chunk) -> None:
        """Copy a chunk in. Of one longer than the ring, the end is kept and the rest counted as overrun."""
        n, begin = len(chunk.samples), self._written
        skip = max(0, n - self.capacity)
        while skip < n:
            at = (begin + skip) % self.capacity
            part = min(n - skip, self.capacity - at)
            self._put(chunk, slice(skip, skip + part), slice(at, at + part))
            skip += part
        self._written += n
        over = self.waiting - self.capacity
        if over > 0:
            self.overruns += over
            self._taken += over

    def _put(self, chunk: Chunk, part: slice, rows: slice) -> None:
        self._samples[rows] = chunk.samples[part]
        self._device_us[rows] = chunk.device_us[part]
        self._shift[rows] = chunk.first_sample - self._written
        self._arrival_s[rows] = chunk.arrival_s
        if self._inertial.shape[1]:
            self._inertial[rows] = np.nan if chunk.inertial is None else chunk.inertial[part]

    def take(self) -> list[Chunk]:
        """All samples not taken yet, oldest first, cut at gaps.

        The chunks are copies: they may be read in another thread while new samples come in.
        """
        number = np.arange(self._taken, self._written)
        self._taken = self._written
        if not number.size:
            return []
        where = number % self.capacity
        index, samples, inertial = number + self._shift[where], self._samples[where], self._inertial[where]
        device_us, arrival_s = self._device_us[where], self._arrival_s[where]
        cuts = [0, *(np.flatnonzero(np.diff(index) != 1) + 1).tolist(), len(index)]
        return [
            Chunk(
                self.side,
                int(index[a]),
                samples[a:b],
                device_us[a:b],
                float(arrival_s[b - 1]),
                inertial[a:b] if inertial.shape[1] else None,
            )
            for a, b in pairwise(cuts)
        ]
