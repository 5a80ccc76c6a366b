"""What was marked in a recording: what is not to count, where the subject stood, what there is to say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from insole.errors import RecordsError
from insole.records.text import checked_text

if TYPE_CHECKING:
    from insole.side import Side


class MarkKind(StrEnum):
    """What a mark says of its stretch."""

    EXCLUDE = "exclude"
    STEP = "step"
    STANDING = "standing"
    NOTE = "note"
    EVENT = "event"


@dataclass(frozen=True)
class Mark:
    """A stretch or a moment that a person, or the software that a file came from, marked.

    Attributes
    ----------
    kind
        ``exclude``: steps that touch it are left out of the means, its samples out of loads. ``step``: of this
        foot, the one stance that shares most time with it is left out. ``standing``: quiet standing is taken from
        the marked stretches and not looked for elsewhere. ``note``: a text. ``event``: what a
        maker's software marked, as it was in its file. The last two change no number.
    start_s, stop_s
        Half-open ``[start, stop)`` in session seconds; a note or an event may be of one moment, with both the same.
    side
        The foot it concerns; None for both.
    id
        Stable identifier; empty until a store gives one.
    text
        What there is to say; a note and an event have some.
    """

    kind: MarkKind
    start_s: float
    stop_s: float
    side: Side | None = None
    id: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        moment = not self.changes_numbers and self.start_s == self.stop_s
        if not (self.start_s < self.stop_s or moment) or math.isinf(self.start_s) or math.isinf(self.stop_s):
            raise RecordsError(
                f"the stretch marked as {self.kind} goes from {self.start_s} to {self.stop_s} s; "
                "it must end after it begins"
            )
        if self.kind is MarkKind.STEP and self.side is None:
            raise RecordsError("a marked step is of one foot; say whether left or right")
        if not self.changes_numbers and not self.text.strip():
            raise RecordsError("a note needs a text, and so does an event")
        checked_text(self.text, what="the mark's text")

    @property
    def changes_numbers(self) -> bool:
        """Whether an analysis heeds it: all but notes and events."""
        return self.kind not in {MarkKind.NOTE, MarkKind.EVENT}
