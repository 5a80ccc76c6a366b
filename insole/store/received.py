"""What a foot's insole has sent so far, and what may follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.errors import StoreError
from insole.store.codec import DTYPES
from insole.store.feet import foot_row

if TYPE_CHECKING:
    from insole.recording import Chunk, FootMeta


@dataclass(frozen=True)
class Received:
    """What a foot has sent so far.

    Attributes
    ----------
    sensors, dtype, channels
        Of its samples, and of the inertial values beside them.
    rows, samples
        How many of each came.
    first_us, last_us, last_sample
        Device times of its earliest and its furthest sample, and the number of that one.
    """

    sensors: int
    dtype: np.dtype[Any]
    channels: int = 0
    rows: int = 0
    samples: int = 0
    first_us: int = 0
    last_us: int = 0
    last_sample: int = 0

    @classmethod
    def nothing(cls, meta: FootMeta) -> Received:
        """Of a foot, before its first sample."""
        return cls(meta.layout.n_sensors, DTYPES[foot_row("", meta)["dtype"]], len(meta.inertial))

    def after(self, chunk: Chunk) -> Received:
        """With a chunk more."""
        first_us, last_us = int(chunk.device_us[0]), int(chunk.device_us[-1])
        if self.samples == 0:
            return replace(
                self, samples=len(chunk.samples), first_us=first_us, last_us=last_us, last_sample=chunk.stop_sample - 1
            )
        return replace(
            self,
            samples=self.samples + len(chunk.samples),
            first_us=min(self.first_us, first_us),
            last_us=max(self.last_us, last_us),
            last_sample=max(self.last_sample, chunk.stop_sample - 1),
        )


def check(chunk: Chunk, before: Received) -> None:
    """Refuse a chunk that contradicts its foot, itself, or the time of what came before.

    Raises
    ------
    StoreError
        Which says what does not fit.
    """
    where = f"{chunk.side} foot, samples from {chunk.first_sample}"
    n = len(chunk.samples)
    if chunk.samples.shape != (n, before.sensors) or chunk.device_us.shape != (n,):
        raise StoreError(
            f"{where}: samples are {chunk.samples.shape} and times {chunk.device_us.shape}, "
            f"the layout has {before.sensors} sensors; check the device's decoder"
        )
    if chunk.samples.dtype != before.dtype or chunk.device_us.dtype != np.int64:
        raise StoreError(
            f"{where}: samples are {chunk.samples.dtype} and times {chunk.device_us.dtype}, "
            f"this foot takes {before.dtype} and int64; check the device's decoder"
        )
    inertial = chunk.inertial
    if inertial is not None and (inertial.shape != (n, before.channels) or inertial.dtype != np.float32):
        raise StoreError(
            f"{where}: inertial values are {inertial.shape} {inertial.dtype}, "
            f"this foot takes float32 of {before.channels} channels; check the device's decoder"
        )
    if not (np.diff(chunk.device_us) > 0).all():
        raise StoreError(f"{where}: device time does not rise; check the device's clock")
    if before.samples:
        _check_order(chunk, before, where)


def _check_order(chunk: Chunk, before: Received, where: str) -> None:
    """Samples before the furthest known one are earlier than it, samples after it later."""
    known = before.last_sample - chunk.first_sample
    earlier, later = chunk.device_us[: max(known, 0)], chunk.device_us[max(known + 1, 0) :]
    if (earlier.size and earlier[-1] >= before.last_us) or (later.size and later[0] <= before.last_us):
        raise StoreError(
            f"{where}: device time contradicts sample {before.last_sample} at {before.last_us} us; "
            "did the insole restart? Begin a new recording"
        )
