"""Events: what a maker's software marked in a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insole.records import Mark, MarkKind

if TYPE_CHECKING:
    from insole.side import Side

LONGEST_EVENT = 200
"""Characters of an event that are kept (our judgement)."""


@dataclass(frozen=True)
class Event:
    """What a maker's software marked in a recording.

    Attributes
    ----------
    time_s
        When, in the file's seconds.
    side
        Of which foot; None for both.
    text
        What, for example ``heel strike``.
    """

    time_s: float
    side: Side | None
    text: str

    def as_mark(self) -> Mark:
        """The event as a store keeps it."""
        return Mark(
            MarkKind.EVENT, self.time_s, self.time_s, self.side, text=self.text.strip()[:LONGEST_EVENT] or "event"
        )
