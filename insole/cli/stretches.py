"""Stretches of time as a user writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insole.errors import InsoleError

if TYPE_CHECKING:
    from insole.records import Mark, MarkKind
    from insole.side import Side


def mark_of(kind: MarkKind, text: str, *, side: Side | None = None, note: str = "") -> Mark:
    """A mark of a stretch in its form ``FROM-TO``, in seconds.

    Raises
    ------
    InsoleError
        If it is no stretch.
    """
    from insole.records import Mark

    start, _, stop = text.partition("-")
    try:
        start_s, stop_s = float(start), float(stop)
    except ValueError:
        raise InsoleError(f"{text!r} is not a stretch of time; give seconds as FROM-TO, for example 12-15.5") from None
    return Mark(kind, start_s, stop_s, side, text=note)


def in_words(mark: Mark) -> str:
    """``exclude, 3 to 5 s, left foot: turned round``."""
    foot = "" if mark.side is None else f", {mark.side} foot"
    return f"{mark.kind}, {mark.start_s:g} to {mark.stop_s:g} s{foot}{': ' if mark.text else ''}{mark.text}"
