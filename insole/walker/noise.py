"""Noise that is the same at any index, in any order of asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.recording import Side

if TYPE_CHECKING:
    from insole.typing import F32

BLOCK = 256
"""Samples drawn at once; changing it changes every noisy walk."""


def white_noise(seed: int, side: Side, first_sample: int, shape: tuple[int, ...]) -> F32:
    """Standard normal noise of samples ``first_sample`` onwards, ``shape`` = ``(n, S)`` with n above 0.

    From the counter-based generator Philox (Salmon et al. 2011, doi 10.1145/2063384.2063405):
    each block has its own counter, so it can be drawn without those before it.
    """
    n, sensors = shape
    blocks = range(first_sample // BLOCK, (first_sample + n - 1) // BLOCK + 1)
    skip = first_sample % BLOCK
    return np.concatenate([_block(seed, side, block, sensors) for block in blocks])[skip : skip + n]


def _block(seed: int, side: Side, block: int, sensors: int) -> F32:
    bits = np.random.Philox(key=[seed, list(Side).index(side)], counter=[0, block, 0, 0])
    return np.random.Generator(bits).standard_normal((BLOCK, sensors), np.float32)
