"""Recordings find their subject and visit, and can be told another; what is known of them changes, samples do not."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from insole.errors import ConflictError, InsoleError, NotFoundError, RecordsError
from insole.recording import NO_DATE, About, Recording, Side
from insole.records import Subject, Visit
from tests.store.samples import STARTED_AT, assert_same, both, chunk, recording, stream
from tests.support import ROOT

if TYPE_CHECKING:
    from insole.store import Store

DAY = STARTED_AT.date()


def add(store: Store, code: str = "", *, days: float = 0, **about: Any) -> str:
    foot = recording(stream(Side.LEFT, 30), stream(Side.RIGHT, 30)).feet
    return store.add(Recording("", STARTED_AT + timedelta(days=days), foot, About(subject_code=code, **about)))


def test_a_subject_and_its_visits_come_with_the_recordings(store: Store) -> None:
    ids = [add(store, " P1 "), add(store, "P1"), add(store, "P1", days=1), add(store, "P2"), add(store)]
    infos = [store.info(i) for i in ids]
    assert [i.about.subject_code for i in infos] == ["P1", "P1", "P1", "P2", ""]
    assert [store.read(i).about.subject_code for i in ids] == ["P1", "P1", "P1", "P2", ""]
    assert infos[0].visit_id == infos[1].visit_id
    assert len({i.visit_id for i in infos}) == 4
    assert infos[4].visit_id is infos[4].subject_id is None
    p1 = store.subjects.find("P1")
    assert p1 is not None
    assert p1.id == infos[0].subject_id
    assert [v.date for v in store.visits.list(p1.id)] == [DAY + timedelta(days=1), DAY]
    assert {i.id for i in store.list(subject_id=p1.id)} == set(ids[:3])
    assert [i.id for i in store.list(visit_id=infos[2].visit_id)] == [ids[2]]
    assert len(store.list()) == 5
    assert len(store.visits.list()) == 3


def test_a_live_recording_is_filed_too(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(subject_code="P1"), both())
    writer.append([chunk(Side.LEFT, 0, 5)])
    assert store.info(writer.id).about.subject_code == store.read(writer.id).about.subject_code == "P1"


def test_a_recording_without_a_date_has_a_visit_without_one(store: Store) -> None:
    foot = recording(stream(Side.LEFT, 3)).feet
    ids = [store.add(Recording("", NO_DATE, foot, About(subject_code="P1"))) for _ in range(2)]
    (visit,) = store.visits.list()
    assert visit.date is None
    assert {store.info(i).visit_id for i in ids} == {visit.id}


def test_what_is_no_code_is_refused_and_stores_nothing(store: Store) -> None:
    for code in ("a\nb", "x" * 65):
        with pytest.raises(RecordsError, match="code"):
            add(store, code)
        with pytest.raises(RecordsError, match="code"):
            store.begin(STARTED_AT, About(subject_code=code), both())
    assert store.list() == []
    assert store.subjects.list() == []


def test_a_code_that_changes_changes_everywhere(store: Store) -> None:
    of = add(store, "P1")
    subject = store.subjects.list()[0]
    edited = store.subjects.edit(subject.id, code=" P-001 ", body_mass_kg=72.5, shoe_size_eu=43.5, notes="flat feet")
    assert edited == Subject("P-001", subject.id, 72.5, 43.5, "flat feet") == store.subjects.get(subject.id)
    assert store.info(of).about.subject_code == store.read(of).about.subject_code == "P-001"
    assert store.info(of).about.body_mass_kg is None, "a recording keeps the mass of its own day"
    assert store.subjects.edit(subject.id, body_mass_kg=None).body_mass_kg is None
    assert store.subjects.find("P1") is None


def test_a_code_is_unique_among_the_living(store: Store) -> None:
    first = store.subjects.add("P1", notes="the first")
    for taken in ("P1", " P1"):
        with pytest.raises(ConflictError, match="already"):
            store.subjects.add(taken)
    other = store.subjects.add("P2")
    with pytest.raises(ConflictError, match="already"):
        store.subjects.edit(other.id, code="P1")
    assert store.subjects.get(other.id).code == "P2"
    store.subjects.delete(first.id)
    second = store.subjects.edit(other.id, code="P1")
    with pytest.raises(ConflictError, match="another code first"):
        store.subjects.restore(first.id)
    store.subjects.edit(second.id, code="P3")
    assert store.subjects.restore(first.id) == first
    assert [s.code for s in store.subjects.list()] == ["P1", "P3"]


def test_of_many_who_make_one_subject_at_once_one_does(store: Store) -> None:
    together = Barrier(6)

    def make(_: int) -> str:
        together.wait()
        try:
            return store.subjects.add("P1").id
        except ConflictError:
            return ""

    with ThreadPoolExecutor(6) as pool:
        made = [i for i in pool.map(make, range(6)) if i]
    assert [s.id for s in store.subjects.list()] == made


def test_processes_file_under_one_subject_and_visit(where: str) -> None:
    from insole.store import Store

    command = [sys.executable, "-m", "tests.store.filer", where, "P1", "5"]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in started:
        assert process.communicate()[1] == ""
        assert process.returncode == 0
    with Store.open(where) as store:
        assert len(store.list()) == 15
        assert len(store.subjects.list()) == len(store.visits.list()) == 1
        (visit,) = store.visits.list()
        assert len(store.list(visit_id=visit.id)) == 15


def test_visits_are_made_changed_and_given_to_another(store: Store) -> None:
    one, two = store.subjects.add("P1"), store.subjects.add("P2")
    visit = store.visits.add(one.id, date=date(2026, 1, 2), notes="first")
    assert store.visits.get(visit.id) == visit == Visit(one.id, date(2026, 1, 2), visit.id, "first")
    of = add(store, "P1")
    assert store.recordings.edit(of, visit_id=visit.id).visit_id == visit.id
    assert store.visits.edit(visit.id, subject_id=two.id, date=None).subject_id == two.id
    assert store.info(of).about.subject_code == "P2"
    assert store.info(of).subject_id == two.id
    with pytest.raises(NotFoundError, match="no subject"):
        store.visits.edit(visit.id, subject_id="nobody")
    with pytest.raises(NotFoundError, match="no subject"):
        store.visits.add("nobody")
    with pytest.raises(NotFoundError, match="no visit"):
        store.visits.edit("none", notes="x")


def test_a_recording_moves(store: Store) -> None:
    of = add(store, "P1", condition="shoe")
    moved = store.recordings.edit(of, subject_code="P2")
    assert moved.about.subject_code == "P2"
    assert moved.about.condition == "shoe"
    assert store.visits.get(str(moved.visit_id)).date == DAY
    assert store.recordings.edit(of, subject_code="").visit_id is None
    assert store.read(of).about.subject_code == ""
    with pytest.raises(ConflictError, match="one of both"):
        store.recordings.edit(of, visit_id=moved.visit_id, subject_code="P2")
    with pytest.raises(InsoleError, match="kilograms"):
        store.recordings.edit(of, subject_code="P7", body_mass_kg=1.0)
    assert store.subjects.find("P7") is None, "all of it or nothing"
    with pytest.raises(NotFoundError, match="no visit"):
        store.recordings.edit(of, visit_id="none")
    store.visits.delete(str(moved.visit_id))
    with pytest.raises(NotFoundError, match="in the bin"):
        store.recordings.edit(of, visit_id=moved.visit_id)
    with pytest.raises(NotFoundError, match="no recording"):
        store.recordings.edit("none", subject_code="P1")


def test_what_is_known_changes_and_the_samples_stay(store: Store) -> None:
    of = add(store, "P1", body_mass_kg=70.0, notes=("from the file",), task="walking", source_sha256="0f" * 32)
    before = store.read(of)
    store.recordings.edit(of, condition="orthosis A", body_mass_kg=72.5, note=" tired ")
    info = store.recordings.edit(of, task="standing")
    assert (info.about.condition, info.about.task, info.about.body_mass_kg) == ("orthosis A", "standing", 72.5)
    assert info.about.notes == ("from the file", "tired")
    assert info.about.source_sha256 == "0f" * 32
    assert store.recordings.edit(of, body_mass_kg=None).about.body_mass_kg is None
    for side in Side:
        assert_same(before.feet[side], store.read(of).feet[side])


@pytest.mark.parametrize("facts", [{"body_mass_kg": 0.07}, {"condition": "x" * 5000}, {"note": "x" * 5000}])
def test_what_cannot_be_is_refused_and_changes_nothing(store: Store, facts: dict[str, Any]) -> None:
    of = add(store, "P1", condition="shoe")
    before = store.info(of).about
    with pytest.raises(InsoleError, match=r"kilograms|shorten"):
        store.recordings.edit(of, **facts)
    assert store.info(of).about == before
    with pytest.raises(NotFoundError, match="no recording"):
        store.recordings.edit("none", task="walking")


def test_a_visit_of_another_day(store: Store) -> None:
    other = date(2024, 5, 1)
    foot = recording(stream(Side.LEFT, 3)).feet
    one = store.add(Recording("", NO_DATE, foot, About(subject_code="P1")), visit_date=other)
    assert store.info(one).visit_date == other
    two = add(store, "P1")
    assert store.info(two).visit_date == DAY
    moved = store.recordings.edit(two, subject_code="P1", visit_date=other)
    assert moved.visit_id == store.info(one).visit_id
    assert store.recordings.edit(two, subject_code="P1", visit_date=None).visit_date is None
    assert store.recordings.edit(two, subject_code="P1").visit_date == DAY
    assert store.recordings.edit(two, subject_code="", visit_date=None).visit_id is None


def test_a_day_is_nobodys_visit(store: Store) -> None:
    one = add(store, "P1")
    with pytest.raises(ConflictError, match="goes with a subject"):
        store.recordings.edit(one, visit_date=DAY)
    with pytest.raises(ConflictError, match="goes with a subject"):
        store.recordings.edit(one, subject_code=" ", visit_date=DAY)
    with pytest.raises(ConflictError, match="give one of both"):
        store.recordings.edit(one, visit_id=store.info(one).visit_id, visit_date=DAY)
    assert store.info(one).visit_date == DAY
