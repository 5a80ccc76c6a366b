"""What is deleted comes back exactly, or is gone for good; and every change is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from insole.errors import ConflictError, InsoleError, NotFoundError
from insole.recording import About, ClockFit, Recording, Side
from insole.records import Mark, MarkKind
from insole.store import Store, tables
from insole.store.bin import KEPT_FOR
from insole.store.writer import LEASE
from tests.store.samples import STARTED_AT, both, chunk, recording, stream

if TYPE_CHECKING:
    from tests.store.samples import FakeClock

NOTE = Mark(MarkKind.NOTE, 0.0, 1.0, text="said something")


def add(store: Store, code: str = "", *, days: float = 0) -> str:
    foot = recording(stream(Side.LEFT, 3)).feet
    return store.add(Recording("", STARTED_AT + timedelta(days=days), foot, About(subject_code=code)))


def seen(store: Store) -> tuple[Any, ...]:
    """Everything that lists show."""
    infos = [(i.id, i.visit_id, i.about) for i in store.list()]
    return store.subjects.list(), store.visits.list(), infos, [store.marks.list(of) for of, *_ in infos]


def test_a_subject_comes_back_with_exactly_what_went_with_it(store: Store) -> None:
    """The clock stands still: what went before is told apart by what it went with, not by when."""
    kept, gone, in_visit, other = add(store, "P1"), add(store, "P1"), add(store, "P1", days=1), add(store, "P2")
    store.marks.add(kept, NOTE)
    store.recordings.delete(gone)
    visit = store.info(in_visit).visit_id
    store.visits.delete(str(visit))
    before = seen(store)
    subject = store.info(kept).subject_id

    store.subjects.delete(str(subject))
    assert [i.id for i in store.list()] == [other]
    assert [s.code for s in store.subjects.list()] == ["P2"]
    assert {(b.kind, b.id, b.with_it) for b in store.bin.list()} == {
        ("recording", gone, 0),
        ("visit", visit, 1),
        ("subject", subject, 2),
    }
    assert {(b.kind, b.subject_code) for b in store.bin.list()} == {
        ("recording", "P1"),
        ("visit", "P1"),
        ("subject", ""),
    }
    for of in (kept, gone, in_visit):
        with pytest.raises(NotFoundError, match="in the bin"):
            store.info(of)
        with pytest.raises(NotFoundError, match="in the bin"):
            store.read(of)
    store.subjects.restore(str(subject))
    assert seen(store) == before
    store.visits.restore(str(visit))
    store.recordings.restore(gone)
    assert {i.id for i in store.list()} == {kept, gone, in_visit, other}
    assert store.bin.list() == []


def test_what_cannot_be_restored_says_what_to_do(store: Store) -> None:
    of, earlier = add(store, "P1"), add(store, "P1")
    info = store.info(of)
    with pytest.raises(ConflictError, match="not in the bin"):
        store.recordings.restore(of)
    store.recordings.delete(earlier)
    store.visits.delete(str(info.visit_id))
    with pytest.raises(ConflictError, match=f"with {info.visit_id}; restore that"):
        store.recordings.restore(of)
    with pytest.raises(ConflictError, match=f"belongs to visit {info.visit_id}.*restore that first"):
        store.recordings.restore(earlier)
    store.subjects.delete(str(info.subject_id))
    with pytest.raises(ConflictError, match=f"belongs to subject {info.subject_id}"):
        store.visits.restore(str(info.visit_id))
    for restore in (store.subjects.restore, store.visits.restore, store.recordings.restore):
        with pytest.raises(NotFoundError, match="'none'"):
            restore("none")
    for delete, of_kind in ((store.subjects.delete, info.subject_id), (store.recordings.delete, of)):
        with pytest.raises(NotFoundError, match="in the bin"):
            delete(str(of_kind))


def test_a_file_whose_recording_is_in_the_bin_is_not_there(store: Store) -> None:
    of = store.add(recording(stream(Side.LEFT, 3), about=About(source_sha256="0f" * 32)))
    store.recordings.delete(of)
    assert store.find_source("0f" * 32) is None
    store.recordings.restore(of)
    assert store.find_source("0f" * 32) == of


def test_a_code_whose_subject_is_in_the_bin_makes_a_new_one(store: Store) -> None:
    first = store.info(add(store, "P1")).subject_id
    store.subjects.delete(str(first))
    assert store.info(add(store, "P1")).subject_id != first


def test_deleting_ends_a_recording_under_way_and_keeps_what_came(store: Store, clock: FakeClock) -> None:
    writer = store.begin(STARTED_AT, About(subject_code="P1"), both())
    writer.append([chunk(Side.LEFT, 0, 10)])
    store.subjects.delete(str(store.info(writer.id).subject_id))
    for call in (lambda: writer.append([chunk(Side.LEFT, 10, 10)]), lambda: writer.set_clock(Side.LEFT, ClockFit())):
        with pytest.raises(InsoleError, match="no longer open"):
            call()
    clock.forward(LEASE.total_seconds() + 1)
    assert store.recover() == [writer.id]
    store.subjects.restore(store.bin.list()[0].id)
    assert store.info(writer.id).state == "sealed"
    assert len(store.read(writer.id).feet[Side.LEFT].sample) == 10


def rows(store: Store) -> dict[str, int]:
    kept = {name: t for name, t in tables.metadata.tables.items() if name != "audit"}
    with store._database.read() as c:
        counts = {name: c.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for name, t in kept.items()}
    return {name: count for name, count in counts.items() if count}


def test_after_its_time_it_is_gone_and_not_before(store: Store, clock: FakeClock) -> None:
    of, gone = add(store, "P1"), add(store, "P1")
    mark = store.marks.add(of, NOTE)
    subject = str(store.info(of).subject_id)
    store.recordings.delete(gone)
    store.marks.delete(of, mark.id)
    clock.forward(1)
    store.subjects.delete(subject)
    add(store)
    clock.forward(KEPT_FOR.total_seconds() - 2)
    assert store.bin.purge() == []
    clock.forward(1)
    assert sorted(store.bin.purge()) == sorted([gone, mark.id])
    assert {b.kept_until for b in store.bin.list()} == {clock() + timedelta(seconds=1)}
    clock.forward(1)
    assert store.bin.purge() == [subject]
    assert rows(store) == {"recording": 1, "foot": 1, "block": 1}
    with pytest.raises(NotFoundError, match="'" + subject):
        store.subjects.restore(subject)


def test_purged_at_once_takes_what_belongs_to_it_however_it_went(store: Store) -> None:
    of, earlier = add(store, "P1"), add(store, "P1")
    store.recordings.delete(earlier)
    subject = str(store.info(of).subject_id)
    with pytest.raises(ConflictError, match="not in the bin"):
        store.bin.purge(subject)
    store.subjects.delete(subject)
    with pytest.raises(ConflictError, match=f"with {subject}"):
        store.bin.purge(of)
    with pytest.raises(NotFoundError, match="'none'"):
        store.bin.purge("none")
    assert store.bin.purge(subject) == [subject]
    assert rows(store) == {}


def actions(store: Store, of: str) -> list[tuple[str, Any, Any]]:
    return [(e.action, e.before, e.after) for e in store.audit.of(of)]


def test_every_change_is_written_down(store: Store, clock: FakeClock) -> None:
    of = add(store, "P1")
    visit, subject = str(store.info(of).visit_id), str(store.info(of).subject_id)
    clock.forward(5)
    store.recordings.edit(of, condition="barefoot", body_mass_kg=70.0)
    store.recordings.edit(of, condition="barefoot")
    store.recordings.edit(of, subject_code="")
    store.visits.edit(visit, date=None)
    mark = store.marks.add(of, NOTE)
    store.recordings.delete(of)
    store.recordings.restore(of)
    made, *later = store.audit.of(of)
    assert (made.action, made.at, made.actor, made.kind) == (
        "made",
        clock() - timedelta(seconds=5),
        "local",
        "recording",
    )
    assert made.after is not None
    assert made.after["visit_id"] == visit
    assert [(e.action, e.before, e.after) for e in later] == [
        ("changed", {"condition": "", "body_mass_kg": None}, {"condition": "barefoot", "body_mass_kg": 70.0}),
        ("changed", {"visit_id": visit, "subject_id": subject}, {"visit_id": None, "subject_id": None}),
        ("binned", None, {"deleted_with": of}),
        ("restored", {"deleted_with": of}, None),
    ]
    assert actions(store, visit)[1:] == [("changed", {"date": STARTED_AT.date().isoformat()}, {"date": None})]
    assert actions(store, subject) == [("made", None, {"code": "P1"})]
    assert [(e.action, e.after and e.after["text"]) for e in store.audit.of(mark.id)] == [("made", "said something")]


def test_the_audit_names_who(where: str) -> None:
    with Store.open(where, actor="Dr. A") as store:
        assert {e.actor for e in store.audit.of(store.subjects.add("P1").id)} == {"Dr. A"}


def test_what_failed_is_not_written_down(store: Store) -> None:
    subject = store.subjects.add("P1")
    with pytest.raises(ConflictError):
        store.subjects.add("P1")
    with pytest.raises(InsoleError):
        store.subjects.edit(subject.id, body_mass_kg=1.0)
    with store._database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.audit)) == 1


def test_the_audit_forgets_what_a_purged_thing_held(store: Store) -> None:
    of = add(store, "P-secret")
    mark = store.marks.add(of, NOTE)
    info = store.info(of)
    store.subjects.edit(str(info.subject_id), notes="secret")
    store.subjects.delete(str(info.subject_id))
    store.bin.purge(str(info.subject_id))
    for one in (of, str(info.visit_id), str(info.subject_id)):
        entries = store.audit.of(one)
        assert [e.action for e in entries][-2:] == ["binned", "purged"]
        assert {(e.before, e.after) for e in entries} == {(None, None)}
    assert {(e.before, e.after) for e in store.audit.of(mark.id)} == {(None, None)}
    with store._database.read() as connection:
        everything = str(connection.execute(sa.select(tables.audit)).all())
    assert "secret" not in everything


@settings(max_examples=20)
@given(st.lists(st.integers(0, 5), max_size=12))
def test_undo_is_exact_whatever_was_deleted_in_whatever_order(shared_store: Store, order: list[int]) -> None:
    """Delete things of a subject, then all of it; undone in reverse, each step shows what was there before it."""
    store = shared_store
    ids = [add(store, "P1", days=k % 3) for k in range(4)]
    infos = [store.info(of) for of in ids]
    things = [
        *((store.recordings, of) for of in ids),
        (store.visits, str(infos[0].visit_id)),
        (store.subjects, str(infos[0].subject_id)),
    ]
    undone = []
    for k in order:
        room, of = things[k]
        before = seen(store)
        try:
            room.delete(of)
        except NotFoundError:
            continue
        undone.append((room, of, before))
    for room, of, before in reversed(undone):
        room.restore(of)
        assert seen(store) == before
    store.subjects.delete(str(infos[0].subject_id))
    store.bin.purge(str(infos[0].subject_id))
