"""Names of what the store keeps: short, sortable by the time they were made, safe in URLs and file names."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, small letters: no i, l, o, u to misread, and in ASCII order."""

TIME_CHARS = 9
"""Milliseconds since 1970 in 45 bits: enough until the year 3084."""

RANDOM_CHARS = 8
"""40 random bits: two ids of the same millisecond are alike once in 10**12."""


def new_id(at: datetime, *, kind: str = "recording") -> str:
    """A new id, for example ``r1hkzq3v2a8c5d7wxm``, later ones of a kind sorting after earlier ones.

    It begins with the first letter of its kind: ``recording``, ``subject``, ``visit`` or ``mark``.
    """
    milliseconds = int(at.timestamp() * 1000)
    return kind[0] + _base32(milliseconds, TIME_CHARS) + _base32(secrets.randbits(5 * RANDOM_CHARS), RANDOM_CHARS)


def _base32(number: int, chars: int) -> str:
    return "".join(ALPHABET[(number >> 5 * i) & 31] for i in reversed(range(chars)))
