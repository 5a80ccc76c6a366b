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
        self._index: I64 = np.zeros(capacity, np.int64)
        self._device_us: I64 = np.zeros(capacity, np.int64)
        self._arrival_s: F64 = np.zeros(capacity)
        self._written = 0
        self._taken = 0

    @property
    def capacity(self) -> int:
        """How many samples it holds."""
        return len(self._index)

    @property
    def nbytes(self) -> int:
        """Bytes that it takes, which never grow."""
        return sum(a.nbytes for a in (self._samples, self._index, self._device_us, self._arrival_s))

    @property
    def waiting(self) -> int:
        """How many samples nobody took yet."""
        return self._written - self._taken

    def push(self, chunk: Chunk) -> None:
        """Copy a chunk in. Of one longer than the ring, the end is kept and the rest counted as overrun."""
        capacity = self.capacity
        n = len(chunk.samples)
        keep = min(n, capacity)
        where = np.arange(self._written + n - keep, self._written + n) % capacity
        self._samples[where] = chunk.samples[n - keep :]
        self._inertial[where] = np.nan if chunk.inertial is None else chunk.inertial[n - keep :]
        self._index[where] = np.arange(chunk.stop_sample - keep, chunk.stop_sample)
        self._device_us[where] = chunk.device_us[n - keep :]
        self._arrival_s[where] = chunk.arrival_s
        self._written += n
        over = self.waiting - capacity
        if over > 0:
            self.overruns += over
            self._taken += over

    def take(self) -> list[Chunk]:
        """All samples not taken yet, oldest first, cut at gaps.

        The chunks are copies: they may be read in another thread while new samples come in.
        """
        where = np.arange(self._taken, self._written) % len(self._index)
        self._taken = self._written
        if not where.size:
            return []
        index, samples, inertial = self._index[where], self._samples[where], self._inertial[where]
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
