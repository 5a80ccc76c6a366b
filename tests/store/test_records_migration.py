"""An earlier store's codes become subjects and visits, and go back; samples are not touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from insole.recording import NO_DATE, About, Recording, Side
from insole.records import Mark, MarkKind
from insole.store import Store
from insole.store.engine import Database, locate
from tests.store.old import abouts, as_0002, to_revision
from tests.store.samples import STARTED_AT, both, chunk, recording, stream

DAY = timedelta(days=1)
STARTS = {
    "one": STARTED_AT,
    "same day": STARTED_AT + timedelta(hours=14),
    "next day": STARTED_AT + timedelta(hours=15),
    "other": STARTED_AT,
    "undated": NO_DATE,
    "undated too": NO_DATE,
    "nobody": STARTED_AT,
    "blank": STARTED_AT,
}
CODES = {
    "one": "P1",
    "same day": "P1",
    "next day": "P1",
    "other": "P2 — a code of an old store that is rather long, longer than any that is taken today, by far",
    "undated": "P1",
    "undated too": "P1",
    "nobody": "",
    "blank": "  ",
}


def old_store(where: str) -> dict[str, str]:
    """A store of revision 0002 with recordings; their ids by name."""
    foot = recording(stream(Side.LEFT, 30)).feet
    with Store.open(where) as store:
        ids = {
            name: store.add(Recording("", at, foot, About(condition=name, notes=("kept",), body_mass_kg=70.5)))
            for name, at in STARTS.items()
        }
    as_0002(where, {ids[name]: code for name, code in CODES.items()})
    return ids


def blocks(where: str) -> list[tuple[object, ...]]:
    """Every row of samples, as it is on the disk."""
    database = Database(locate(where))
    with database.read() as connection:
        found = [tuple(row) for row in connection.execute(sa.text("SELECT * FROM block ORDER BY recording_id, side"))]
    database.close()
    return found


def test_up(where: str) -> None:
    ids = old_store(where)
    before = blocks(where)
    with Store.open(where) as store:
        infos = {name: store.info(of) for name, of in ids.items()}
        assert {name: i.about.subject_code for name, i in infos.items()} == {k: v.strip() for k, v in CODES.items()}
        assert {i.about.notes for i in infos.values()} == {("kept",)}
        assert [s.code for s in store.subjects.list()] == ["P1", CODES["other"]]
        visits = {name: i.visit_id for name, i in infos.items()}
        assert visits["nobody"] is visits["blank"] is None
        assert visits["one"] == visits["same day"]
        assert visits["undated"] == visits["undated too"]
        assert len(set(visits.values())) == 5
        p1 = store.subjects.find("P1")
        assert p1 is not None
        assert [v.date for v in store.visits.list(p1.id)] == [date(2024, 5, 18), date(2024, 5, 17), None]
        assert {i.id for i in store.list(subject_id=p1.id)} == {ids[n] for n, code in CODES.items() if code == "P1"}
        # What is added next joins what was there.
        new = store.add(recording(stream(Side.LEFT, 3), about=About(subject_code="P1")))
        assert store.info(new).visit_id == visits["one"]
    assert blocks(where)[: len(before)] == before


def test_down_and_up_again(where: str) -> None:
    ids = old_store(where)
    before, samples = abouts(where), blocks(where)
    Store.open(where).close()
    to_revision(where, "0002")
    assert abouts(where) == {**before, ids["blank"]: {**before[ids["blank"]], "subject_code": ""}}
    assert blocks(where) == samples
    with Store.open(where) as store:
        assert {n: store.info(i).about.subject_code for n, i in ids.items()} == {n: c.strip() for n, c in CODES.items()}


def test_down_keeps_what_is_in_the_bin_and_the_code_of_now(where: str) -> None:
    ids = old_store(where)
    with Store.open(where) as store:
        store.recordings.delete(ids["one"])
        store.recordings.edit(ids["nobody"], subject_code="P3")
        p1 = store.subjects.find("P1")
        assert p1 is not None
        store.subjects.edit(p1.id, code="P9", body_mass_kg=80.0)
        store.marks.add(ids["other"], Mark(MarkKind.EXCLUDE, 1, 2))
    to_revision(where, "0002")
    found = {name: abouts(where)[of]["subject_code"] for name, of in ids.items()}
    assert (found["one"], found["undated"], found["nobody"]) == ("P9", "P9", "P3")
    with Store.open(where) as store:
        assert len(store.list()) == len(STARTS)


def test_a_recording_under_way_goes_through(where: str) -> None:
    with Store.open(where) as store:
        writer = store.begin(STARTED_AT, About(subject_code="P1"), both())
        writer.append([chunk(Side.LEFT, 0, 10)])
    to_revision(where, "0002")
    with Store.open(where) as store:
        info = store.info(writer.id)
        assert (info.state, info.about.subject_code) == ("recording", "P1")
        assert len(store.read(writer.id).feet[Side.LEFT].sample) == 10
    assert replace(info.about, subject_code="") == About()
