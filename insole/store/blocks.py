"""Blocks as rows, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insole.store.pieces import block_row, block_size, in_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insole.recording import Side
    from insole.store.pieces import Piece


@dataclass
class Facts:
    """The columns of a foot that sum its blocks up.

    Attributes
    ----------
    samples
        How many.
    first_us, last_us
        Device times of the earliest and the latest; None where there are none.
    """

    samples: int = 0
    first_us: int | None = None
    last_us: int | None = None

    def add(self, row: dict[str, Any]) -> None:
        """One block more."""
        self.samples += row["n"]
        self.first_us = row["first_us"] if self.first_us is None else min(self.first_us, row["first_us"])
        self.last_us = row["last_us"] if self.last_us is None else max(self.last_us, row["last_us"])


def block_rows(
    recording_id: str, side: Side, rate_hz: float, pieces: Iterable[Piece], facts: Facts
) -> Iterator[dict[str, Any]]:
    """A foot's pieces, given by first sample, as rows of blocks, one after another; ``facts`` grows with them."""
    for seq, piece in enumerate(in_blocks(pieces, size=block_size(rate_hz))):
        row = block_row((recording_id, side, seq), piece)
        facts.add(row)
        yield row
