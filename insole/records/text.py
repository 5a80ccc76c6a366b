"""Lines that people write."""

from __future__ import annotations

from insole.errors import RecordsError

LONGEST_TEXT = 4000
"""Characters of a note: two pages (our judgement)."""


def checked_text(text: str, *, what: str) -> str:
    """The text, if it is not too long.

    Raises
    ------
    RecordsError
        If it has more than ``LONGEST_TEXT`` characters.
    """
    if len(text) > LONGEST_TEXT:
        raise RecordsError(f"{what} has {len(text)} characters; at most {LONGEST_TEXT} are kept, so shorten it")
    return text
