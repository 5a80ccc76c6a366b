from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from insole.errors import ConflictError, NotFoundError, RecordsError
from insole.recording import About, Side
from insole.records import Mark, MarkKind
from tests.store.samples import assert_same, recording, stream

if TYPE_CHECKING:
    from insole.store import Store

MARKS = (
    Mark(MarkKind.NOTE, 2.0, 2.0, text="stumbled, „auf der Schwelle“"),
    Mark(MarkKind.STEP, 0.123456789012345, 0.9, Side.RIGHT),
    Mark(MarkKind.EXCLUDE, 1.0, 2.5, text="turned round"),
    Mark(MarkKind.STANDING, -0.5, 0.0, Side.LEFT),
)


def test_marks_come_back_as_they_were_made_by_time(store: Store) -> None:
    of, other = (store.add(recording(stream(Side.LEFT, 30))) for _ in range(2))
    before = store.read(of)
    made = [store.marks.add(of, mark) for mark in MARKS]
    assert store.marks.list(of) == sorted(made, key=lambda m: m.start_s)
    assert len({m.id for m in made}) == len(MARKS)
    assert store.marks.list(other) == []
    assert_same(before.feet[Side.LEFT], store.read(of).feet[Side.LEFT])


def test_marks_that_come_with_a_recording_are_there_or_nothing_is(store: Store) -> None:
    event = Mark(MarkKind.EVENT, 0.25, 0.25, Side.LEFT, text="heel strike")
    of = store.add(recording(stream(Side.LEFT, 30)), marks=[*MARKS, event])
    found = store.marks.list(of)
    assert [replace(m, id="") for m in found] == sorted([*MARKS, event], key=lambda m: m.start_s)
    assert len({m.id for m in found}) == len(found)
    store.marks.delete(of, found[0].id)
    assert store.marks.list(of) == found[1:]
    with pytest.raises(RecordsError):
        store.add(replace(recording(stream(Side.LEFT, 30)), about=About(subject_code="a\nb")), marks=[event])
    assert [info.id for info in store.list()] == [of]


def test_a_mark_goes_and_comes_back(store: Store) -> None:
    of, other = (store.add(recording(stream(Side.LEFT, 30))) for _ in range(2))
    one, two = (store.marks.add(of, mark) for mark in MARKS[:2])
    store.marks.delete(of, one.id)
    assert store.marks.list(of) == [two]
    for again in (lambda: store.marks.delete(of, one.id), lambda: store.marks.delete(other, two.id)):
        with pytest.raises(NotFoundError):
            again()
    assert store.marks.restore(of, one.id) == one
    assert store.marks.list(of) == [two, one]
    with pytest.raises(ConflictError, match="not in the bin"):
        store.marks.restore(of, one.id)
    with pytest.raises(NotFoundError, match="has no mark"):
        store.marks.restore(other, one.id)


def test_there_are_no_marks_without_their_recording(store: Store) -> None:
    of = store.add(recording(stream(Side.LEFT, 30)))
    mark = store.marks.add(of, MARKS[0])
    store.marks.delete(of, mark.id)
    store.recordings.delete(of)
    for call in (
        lambda: store.marks.list(of),
        lambda: store.marks.add(of, MARKS[0]),
        lambda: store.marks.restore(of, mark.id),
        lambda: store.marks.list("none"),
        lambda: store.marks.add("none", MARKS[0]),
    ):
        with pytest.raises(NotFoundError):
            call()
    store.recordings.restore(of)
    assert store.marks.list(of) == []
    assert store.marks.restore(of, mark.id) == mark
