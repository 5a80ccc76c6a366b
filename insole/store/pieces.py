"""Runs of samples of one foot, as rows of the database and put in order.

A row's checksum covers its place (recording, foot, number) and all of its arrays, so that a
damaged and a misplaced row are both noticed. Inertial values have their own (``beside``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.store import codec
from insole.store.beside import beside, from_beside, side_by_side
from insole.store.damage import Damage, DamagedRowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import sqlalchemy as sa

    from insole.recording import Side
    from insole.typing import F32, I64, Samples

BLOCK_S = 60.0
"""Length of a sealed block: long enough to compress, short enough that a window reads little (our judgement)."""


@dataclass(frozen=True, eq=False)
class Piece:
    """Samples of one foot.

    Attributes
    ----------
    sample, device_us
        ``(n,)`` int64 indices and device times in microseconds.
    values
        ``(S, n)`` sensor-major.
    inertial
        ``(C, n)`` channel-major; None where none were sent.
    """

    sample: I64
    device_us: I64
    values: Samples
    inertial: F32 | None = None

    def __len__(self) -> int:
        return len(self.sample)

    def rows(self, which: slice | I64) -> Piece:
        """Some of the samples."""
        inertial = None if self.inertial is None else self.inertial[:, which]
        return Piece(self.sample[which], self.device_us[which], self.values[:, which], inertial)


def second_row(place: tuple[str, Side, int], piece: Piece, *, arrival_s: float) -> dict[str, Any]:
    """The row of samples that follow one another, as the radio sent them."""
    first_sample = int(piece.sample[0])
    device_us, samples = codec.raw(piece.device_us), codec.raw(piece.values.T)
    return {
        **_common(place, piece),
        "first_sample": first_sample,
        "arrival_s": arrival_s,
        "device_us": device_us,
        "samples": samples,
        "checksum": codec.checksum(*place, first_sample, device_us, samples),
        **beside(place, piece.inertial, lambda values: codec.raw(values.T)),
    }


def second_piece(row: sa.Row[Any], foot: sa.Row[Any], lost: list[Damage]) -> Piece:
    """The samples of a ``second`` row, checked.

    Parameters
    ----------
    lost
        Takes inertial values that are damaged, and so left out.

    Raises
    ------
    DamagedError
        If the row does not match its checksum.
    """
    place = (row.recording_id, row.side, row.seq)
    if codec.checksum(*place, row.first_sample, row.device_us, row.samples) != row.checksum:
        raise DamagedRowError(Damage.of(row, foot, "second", "pressure"))

    def unpack(data: bytes) -> F32:
        return np.frombuffer(data, "<f4").reshape(-1, len(foot.inertial)).T

    device_us = np.frombuffer(row.device_us, "<i8")
    return _checked(
        row,
        foot,
        "second",
        sample=np.arange(row.first_sample, row.first_sample + len(device_us), dtype=np.int64),
        device_us=device_us,
        values=np.frombuffer(row.samples, codec.DTYPES[foot.dtype]).reshape(-1, foot.sensors).T,
        inertial=from_beside(row, foot, "second", unpack, lost),
    )


def block_row(place: tuple[str, Side, int], piece: Piece) -> dict[str, Any]:
    """The row of samples in order, compressed."""
    packed = codec.pack_ticks(piece.sample), codec.pack_ticks(piece.device_us), codec.pack_values(piece.values)
    return {
        **_common(place, piece),
        "codec": codec.CODEC,
        **dict(zip(("sample", "device_us", "samples"), packed, strict=True)),
        "checksum": codec.checksum(*place, codec.CODEC, *packed),
        **beside(place, piece.inertial, codec.pack_values),
    }


def block_piece(row: sa.Row[Any], foot: sa.Row[Any], lost: list[Damage]) -> Piece:
    """The samples of a ``block`` row, checked.

    Parameters
    ----------
    lost
        As of ``second_piece``.

    Raises
    ------
    DamagedError
        If the row does not match its checksum.
    """
    place = (row.recording_id, row.side, row.seq)
    if codec.checksum(*place, row.codec, row.sample, row.device_us, row.samples) != row.checksum:
        raise DamagedRowError(Damage.of(row, foot, "block", "pressure"))

    def unpack(data: bytes) -> F32:
        return codec.unpack_values(data, dtype="float32", sensors=len(foot.inertial), codec=row.codec)

    return _checked(
        row,
        foot,
        "block",
        sample=codec.unpack_ticks(row.sample, codec=row.codec),
        device_us=codec.unpack_ticks(row.device_us, codec=row.codec),
        values=codec.unpack_values(row.samples, dtype=foot.dtype, sensors=foot.sensors, codec=row.codec),
        inertial=from_beside(row, foot, "block", unpack, lost),
    )


def _checked(row: sa.Row[Any], foot: sa.Row[Any], table: str, **arrays: Any) -> Piece:
    """The piece, if the row says of it what it holds: by that it is found."""
    piece = Piece(**arrays)
    if (len(piece), *_span(piece)) != (row.n, row.first_us, row.last_us):
        raise DamagedRowError(Damage.of(row, foot, table, "pressure"))
    return piece


def _span(piece: Piece) -> tuple[int, int]:
    return int(piece.device_us.min()), int(piece.device_us.max())


def empty(foot: sa.Row[Any]) -> Piece:
    """No samples of that foot."""
    none = np.empty(0, np.int64)
    return Piece(none, none, np.empty((foot.sensors, 0), codec.DTYPES[foot.dtype]))


def joined(pieces: Sequence[Piece]) -> Piece:
    """Several pieces, at least one, end to end."""
    if len(pieces) == 1:
        return pieces[0]
    return Piece(
        np.concatenate([p.sample for p in pieces]),
        np.concatenate([p.device_us for p in pieces]),
        np.concatenate([p.values for p in pieces], axis=1),
        side_by_side([(p.inertial, len(p)) for p in pieces]),
    )


def in_order(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one, rising, each sample once: of two with one index, the earlier piece's stays."""
    whole = joined(pieces)
    if (np.diff(whole.sample) > 0).all():
        return whole
    return whole.rows(np.unique(whole.sample, return_index=True)[1])


def in_blocks(pieces: Iterable[Piece], *, size: int) -> Iterator[Piece]:
    """Cut pieces into ordered blocks of ``size`` samples; the last may be shorter.

    Parameters
    ----------
    pieces
        By first sample. They may overlap: a sample is final when a piece begins after it,
        so no more than the overlap and one block is held in memory.
    size
        Samples of a block, 1 or more.
    """
    pending: list[Piece] = []
    held = 0
    for piece in pieces:
        if held >= size:
            whole = in_order(pending)
            final = int(np.searchsorted(whole.sample, piece.sample[0]))
            cut = final - final % size
            for start in range(0, cut, size):
                yield whole.rows(slice(start, start + size))
            pending, held = [whole.rows(slice(cut, None))], len(whole) - cut
        pending.append(piece)
        held += len(piece)
    if pending:
        whole = in_order(pending)
        for start in range(0, len(whole), size):
            yield whole.rows(slice(start, start + size))


def block_size(rate_hz: float) -> int:
    """Samples of a block at that rate."""
    return max(1, round(BLOCK_S * rate_hz))


def _common(place: tuple[str, Side, int], piece: Piece) -> dict[str, Any]:
    recording_id, side, seq = place
    first_us, last_us = _span(piece)
    return {
        "recording_id": recording_id,
        "side": str(side),
        "seq": seq,
        "n": len(piece),
        "first_us": first_us,
        "last_us": last_us,
    }
