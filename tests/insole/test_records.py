"""Subjects, visits and marks that contradict themselves are refused in words."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insole.errors import InsoleError, RecordsError
from insole.recording import Side
from insole.records import Mark, MarkKind, Subject, Visit, clean_code
from insole.records.subject import LONGEST_CODE
from insole.records.text import LONGEST_TEXT


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ({"code": " "}, "needs a code"),
        ({"code": "P", "body_mass_kg": 0.07}, "kilograms"),
        ({"code": "P", "body_mass_kg": math.nan}, "kilograms"),
        ({"code": "P", "shoe_size_eu": 260.0}, "European size"),
        ({"code": "P", "shoe_size_eu": math.nan}, "European size"),
        ({"code": "P", "notes": "x" * (LONGEST_TEXT + 1)}, "shorten"),
    ],
)
def test_a_subject_that_cannot_be(made: dict[str, Any], says: str) -> None:
    with pytest.raises(InsoleError, match=says):
        Subject(**made)


def test_a_visit_keeps_no_book() -> None:
    with pytest.raises(RecordsError, match="shorten"):
        Visit("s1", notes="x" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize("code", ["", "  ", "a\nb", "a\tb", "x" * (LONGEST_CODE + 1), "P\x00"])
def test_what_is_no_code(code: str) -> None:
    with pytest.raises(RecordsError, match="code"):
        clean_code(code)


@given(st.text())
def test_a_clean_code_stays_clean(code: str) -> None:
    try:
        cleaned = clean_code(code)
    except RecordsError:
        return
    assert cleaned == clean_code(cleaned) == Subject(cleaned).code
    assert cleaned.strip() == cleaned


STRETCHES = [(1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (0.0, math.nan), (-math.inf, 1.0), (0.0, math.inf)]


@pytest.mark.parametrize(("start_s", "stop_s"), STRETCHES)
@pytest.mark.parametrize("kind", [MarkKind.EXCLUDE, MarkKind.STEP, MarkKind.STANDING])
def test_a_stretch_that_is_none(kind: MarkKind, start_s: float, stop_s: float) -> None:
    with pytest.raises(RecordsError, match="must end after"):
        Mark(kind, start_s, stop_s, Side.LEFT)


def test_a_note_may_be_of_a_moment_and_has_a_text() -> None:
    for kind in (MarkKind.NOTE, MarkKind.EVENT):
        assert Mark(kind, 1.0, 1.0, text="stumbled").changes_numbers is False
        with pytest.raises(RecordsError, match="needs a text"):
            Mark(kind, 1.0, 1.0, text=" ")
    with pytest.raises(RecordsError, match="needs a text"):
        Mark(MarkKind.NOTE, 1.0, 2.0, text=" ")
    for start_s, stop_s in STRETCHES[1:]:
        with pytest.raises(RecordsError, match="must end after"):
            Mark(MarkKind.NOTE, start_s, stop_s, text="stumbled")


def test_a_step_is_of_a_foot() -> None:
    with pytest.raises(RecordsError, match="left or right"):
        Mark(MarkKind.STEP, 1.0, 2.0)
