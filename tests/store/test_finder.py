"""A few of many: by words, a page at a time, nothing twice and nothing left out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from insole.recording import NO_DATE, About, Recording, Side
from tests.store.samples import STARTED_AT, recording, stream

if TYPE_CHECKING:
    from insole.store import Store
    from tests.store.samples import FakeClock


def add(store: Store, code: str = "", *, days: float = 0, dated: bool = True, **about: Any) -> str:
    foot = recording(stream(Side.LEFT, 3)).feet
    start = STARTED_AT + timedelta(days=days) if dated else NO_DATE
    return store.add(Recording("", start, foot, About(subject_code=code, **about)))


@pytest.fixture
def many(store: Store) -> dict[str, str]:
    return {
        "shoe": add(store, "Ärm-001", condition="shoe", task="walking", device="Pedar"),
        "orthosis": add(store, "Ärm-001", days=1, condition="Orthosis A", task="walking"),
        "other": add(store, "P-002", days=2, condition="shoe", source_name="Walk 7.asc"),
        "loose": add(store, days=3, condition="barefoot"),
        "undated": add(store, "P-002", dated=False),
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["loose", "other", "orthosis", "shoe", "undated"]),
        ("SHOE", ["other", "shoe"]),
        ("ärm", ["orthosis", "shoe"]),
        ("ÄRM orth walk", ["orthosis"]),
        ("2024-05-18", ["orthosis"]),
        ("pedar", ["shoe"]),
        ("7.asc", ["other"]),
        ("1970", []),
        ("shoe barefoot", []),
        ("%", []),
    ],
)
def test_all_words_occur_in_whatever_case(store: Store, many: dict[str, str], text: str, names: list[str]) -> None:
    found = store.finder.recordings(text)
    assert [i.id for i in found.items] == [many[name] for name in names]
    assert found.total == len(names)


def test_pages_follow_each_other(store: Store, many: dict[str, str]) -> None:
    whole = [i.id for i in store.list()]
    for text in ("", "a"):
        pages = [store.finder.recordings(text, limit=2, offset=k) for k in (0, 2, 4, 6)]
        alike = [i.id for i in store.finder.recordings(text).items]
        assert [i.id for page in pages for i in page.items] == alike
        assert {page.total for page in pages} == {len(alike)}
    assert [i.id for i in store.finder.recordings().items] == whole
    assert len(whole) == len(many)


def test_what_is_not_filed_and_what_is_in_the_bin(store: Store, many: dict[str, str]) -> None:
    assert [i.id for i in store.finder.recordings(unfiled=True).items] == [many["loose"]]
    assert store.finder.recordings("shoe", unfiled=True).total == 0
    store.recordings.delete(many["loose"])
    assert store.finder.recordings(unfiled=True, limit=0).total == 0
    assert store.finder.recordings("barefoot").items == ()
    store.subjects.delete(str(store.info(many["shoe"]).subject_id))
    assert [s.subject.code for s in store.finder.subjects().items] == ["P-002"]


def test_subjects_by_what_was_stored_last(store: Store, clock: FakeClock) -> None:
    for code, days in (("P-001", 0), ("P-002", 1), ("P-001", -7)):
        add(store, code, days=days)
        clock.forward(60)
    store.subjects.add("P-003")
    found = store.finder.subjects()
    assert [(s.subject.code, s.recordings) for s in found.items] == [("P-003", 0), ("P-001", 2), ("P-002", 1)]
    assert [s.latest for s in found.items] == [None, STARTED_AT - timedelta(days=7), STARTED_AT + timedelta(days=1)]
    assert store.finder.subjects("p-00", limit=1, offset=1).items == (found.items[1],)
    assert store.finder.subjects("p-00", limit=1, offset=1).total == 3
    assert store.finder.subjects("walking").total == 0
    store.recordings.delete(store.list()[0].id)
    assert {s.subject.code: s.recordings for s in store.finder.subjects().items}["P-002"] == 0
