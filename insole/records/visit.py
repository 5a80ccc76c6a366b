"""When a subject came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insole.records.text import checked_text

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True)
class Visit:
    """A day on which recordings of a subject were made.

    Attributes
    ----------
    subject_id
        Whose.
    date
        The day, in UTC where it came from a recording's start; None when unknown.
    id
        Stable identifier; empty until a store gives one.
    notes
        Free text.
    """

    subject_id: str
    date: dt.date | None = None
    id: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        checked_text(self.notes, what="the note")
