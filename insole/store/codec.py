"""Samples to bytes and back, bit for bit.

Blocks are sensor-major: a sensor's samples of one minute stand together, so their bits, shuffled
by Blosc, are alike and zstd finds them. Sample indices and times are stored as differences.
All arrays are little-endian on disk.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.errors import StoreError

if TYPE_CHECKING:
    from insole.typing import I64, Samples

CODEC = "blosc-1"
"""Name of this encoding, stored with each block so that a later one can stand beside it."""

DTYPES: dict[str, np.dtype[Any]] = {"uint16": np.dtype("<u2"), "float32": np.dtype("<f4")}
"""The value types that are stored, by the name in the table."""

CHECKSUM_BYTES = 8


def checksum(*parts: bytes | str | int) -> bytes:
    """8 bytes of BLAKE2b over the parts, each with its length before it, so that none can lend to its neighbour."""
    digest = hashlib.blake2b(digest_size=CHECKSUM_BYTES)
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.digest()


def pack_values(values: Samples) -> bytes:
    """Compress sensor-major values ``(S, n)``."""
    return bytes(_blosc().encode(_little(values)))


def unpack_values(data: bytes, *, dtype: str, sensors: int, codec: str) -> Samples:
    """The sensor-major values ``(S, n)`` of a block.

    Raises
    ------
    StoreError
        If the encoding is not known to this version.
    """
    _check_codec(codec)
    return np.frombuffer(_blosc().decode(data), DTYPES[dtype]).reshape(sensors, -1)


def pack_ticks(ticks: I64) -> bytes:
    """Compress rising integers ``(n,)`` as their differences."""
    return bytes(_blosc().encode(_little(np.diff(ticks, prepend=0))))


def unpack_ticks(data: bytes, *, codec: str) -> I64:
    """The integers ``(n,)`` that ``pack_ticks`` compressed.

    Raises
    ------
    StoreError
        If the encoding is not known to this version.
    """
    _check_codec(codec)
    return np.cumsum(np.frombuffer(_blosc().decode(data), "<i8"), dtype=np.int64)


def raw(a: Samples) -> bytes:
    """The array's bytes in C order, little-endian: how seconds are kept while recording."""
    return _little(a).tobytes()


def _little(a: Samples) -> Samples:
    return np.ascontiguousarray(a, a.dtype.newbyteorder("<"))


def _check_codec(codec: str) -> None:
    if codec != CODEC:
        raise StoreError(f"a block is encoded as {codec!r}, this version knows {CODEC!r}; update insole")


@cache
def _blosc() -> Any:
    from numcodecs import blosc  # 60 ms that a list of recordings can do without

    # A block is too small for threads of its own: they cost more of a core than they save of time.
    blosc.use_threads = False
    return blosc.Blosc(cname="zstd", clevel=3, shuffle=blosc.Blosc.BITSHUFFLE)
