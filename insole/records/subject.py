"""Whose recordings they are, by pseudonym."""

from __future__ import annotations

from dataclasses import dataclass

from insole.errors import RecordsError
from insole.recording import checked_mass_kg
from insole.records.text import checked_text

LONGEST_CODE = 64
"""Characters of a code: what still fits a line of a list (our judgement)."""

SHOE_SIZES_EU = (15.0, 60.0)
"""European sizes (Paris points) that we take to be a typing error outside of (our judgement)."""


@dataclass(frozen=True)
class Subject:
    """A person, known by a pseudonym only.

    Attributes
    ----------
    code
        Pseudonym; no other living subject of the store has it. Never a name.
    id
        Stable identifier, which a change of the code leaves as it is; empty until a store gives one.
    body_mass_kg
        At present; None when unknown. A recording keeps the mass of its own day.
    shoe_size_eu
        European size (Paris points); None when unknown.
    notes
        Free text.
    """

    code: str
    id: str = ""
    body_mass_kg: float | None = None
    shoe_size_eu: float | None = None
    notes: str = ""

    def __post_init__(self) -> None:
        if not self.code.strip():
            raise RecordsError("a subject needs a code; give a pseudonym, for example P-001")
        checked_mass_kg(self.body_mass_kg)
        low, high = SHOE_SIZES_EU
        if self.shoe_size_eu is not None and not low <= self.shoe_size_eu <= high:
            raise RecordsError(
                f"a shoe size of {self.shoe_size_eu:g} is outside {low:g} to {high:g}; "
                "give the European size, or leave it out"
            )
        checked_text(self.notes, what="the note")


def clean_code(code: str) -> str:
    """A code as it is kept: without space around it.

    Raises
    ------
    RecordsError
        If nothing is left, it is longer than ``LONGEST_CODE``, or it holds characters that do not print.
    """
    code = code.strip()
    if not code:
        raise RecordsError("a subject needs a code; give a pseudonym, for example P-001")
    if len(code) > LONGEST_CODE or not code.isprintable():
        raise RecordsError(
            f"the code {code[:LONGEST_CODE]!r} is no code; give one line of at most {LONGEST_CODE} characters"
        )
    return code
