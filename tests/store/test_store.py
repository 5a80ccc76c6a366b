from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from insole.errors import NotFoundError, StoreError, StoreFullError
from insole.recording import About, ClockFit, Recording, Side, Unit
from insole.store import Store, tables
from insole.store.engine import FILE_NAME
from insole.store.ids import new_id
from insole.store.writer import LEASE
from tests.store.conftest import ONLY_POSTGRES, ONLY_SQLITE
from tests.store.samples import STARTED_AT, both, chunk, meta, recording, stream

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.samples import FakeClock


def test_list_gives_the_latest_start_first(store: Store) -> None:
    foot = recording(stream(Side.LEFT, 3)).feet
    days = [3, 1, 2]
    ids = {d: store.add(Recording("", STARTED_AT + timedelta(days=d), foot)) for d in days}
    assert [i.id for i in store.list()] == [ids[3], ids[2], ids[1]]


def test_info_tells_of_a_recording_in_progress(store: Store) -> None:
    about = About(subject_code="P1", body_mass_kg=70)
    feet = {Side.RIGHT: meta(Side.RIGHT, Unit.KPA, sensors=3), Side.LEFT: meta(Side.LEFT)}
    writer = store.begin(STARTED_AT, about, feet)
    info = store.info(writer.id)
    assert (info.state, info.duration_s, info.sides, info.about) == ("recording", 0.0, (), about)
    assert dict(info.sensors) == {Side.LEFT: 4, Side.RIGHT: 3}
    assert dict(info.units) == {Side.LEFT: Unit.COUNTS, Side.RIGHT: Unit.KPA}

    writer.append([chunk(Side.LEFT, 0, 100), chunk(Side.LEFT, 150, 50)])
    writer.set_clock(Side.LEFT, ClockFit(rate=2.0))
    info = store.info(writer.id)
    assert info.sides == (Side.LEFT,)
    assert info.duration_s == pytest.approx(2 * 1.99 + 0.01)
    assert dict(info.samples) == {Side.LEFT: 150, Side.RIGHT: 0}
    assert info.started_at == STARTED_AT


def test_packets_that_follow_one_another_share_a_row(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(side, i, 2) for i in range(0, 100, 2) for side in Side])
    with store._database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.second)) == 2
    assert store.info(writer.id).samples == dict.fromkeys(Side, 100)


def test_nothing_received_is_said_plainly(store: Store, clock: FakeClock) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    for _ in range(2):
        with pytest.raises(StoreError, match=f"{writer.id}: nothing was received"):
            store.read(writer.id)
        clock.forward(LEASE.total_seconds() + 1)
        store.recover()
    assert store.info(writer.id).state == "sealed"


def test_a_silent_foot_is_left_out(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(Side.RIGHT, 0, 3)])
    for _ in range(2):
        assert list(store.read(writer.id).feet) == [Side.RIGHT]
        writer.seal()


def test_recover_leaves_a_live_writer_alone(store: Store, clock: FakeClock) -> None:
    lease_s = LEASE.total_seconds()
    live, left = (store.begin(STARTED_AT, About(), both()) for _ in range(2))
    for writer in (live, left):
        writer.append([chunk(Side.LEFT, 0, 10)])
    clock.forward(lease_s - 1)
    live.append([])  # nothing to store, but alive
    assert store.recover() == []
    clock.forward(2)
    assert store.recover() == [left.id]
    live.append([chunk(Side.LEFT, 10, 10)])
    assert store.info(live.id).state == "recording"
    with pytest.raises(StoreError, match="no longer open"):
        left.append([chunk(Side.LEFT, 10, 10)])
    clock.forward(lease_s + 1)
    assert store.recover() == [live.id]
    assert len(store.read(live.id).feet[Side.LEFT].sample) == 20


def test_sealing_leaves_no_seconds(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(side, 0, 100) for side in Side])
    writer.seal()
    assert _rows(store) == {"recording": 1, "foot": 2, "second": 0, "block": 2}


def test_purging_removes_every_row(store: Store) -> None:
    kept = store.add(recording(stream(Side.LEFT, 3)))
    gone = store.add(recording(stream(Side.LEFT, 3), stream(Side.RIGHT, 3)))
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(side, 0, 10) for side in Side])
    for one in (gone, writer.id):
        store.recordings.delete(one)
        store.bin.purge(one)
    assert _rows(store) == {"recording": 1, "foot": 1, "second": 0, "block": 1}
    assert [i.id for i in store.list()] == [kept]
    with pytest.raises(NotFoundError):
        store.read(gone)


def _rows(store: Store) -> dict[str, int | None]:
    with store._database.read() as c:
        return {
            name: c.scalar(sa.select(sa.func.count()).select_from(table))
            for name, table in tables.metadata.tables.items()
            if name in {"recording", "foot", "second", "block"}
        }


def test_find_source_gives_the_last_import_of_a_file(store: Store, clock: FakeClock) -> None:
    sha = "0f" * 32
    assert store.find_source(sha) is None
    store.add(recording(stream(Side.LEFT, 3), about=About(source_sha256=sha)))
    clock.forward(1)
    second = store.add(recording(stream(Side.LEFT, 3), about=About(source_sha256=sha)))
    store.add(recording(stream(Side.LEFT, 3)))
    assert store.find_source(sha) == second
    assert store.find_source("") is None


def test_ids_sort_by_time_and_are_safe_in_urls() -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    ids = [new_id(at + timedelta(milliseconds=i)) for i in range(300)]
    assert ids == sorted(ids)
    assert {len(i) for i in ids} == {18}
    assert all(i.isascii() and i.isalnum() and i.islower() for i in ids)
    assert len({new_id(at) for _ in range(300)}) == 300


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_others_cannot_read_patients_data(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "store"
    old = os.umask(0)
    try:
        with Store.open(folder) as store:
            store.add(recording(stream(Side.LEFT, 3)))
            modes = {p.name: p.stat().st_mode & 0o777 for p in folder.iterdir()}
    finally:
        os.umask(old)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert FILE_NAME in modes
    assert set(modes.values()) == {0o600}


def test_the_environment_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSOLE_DATA", str(tmp_path / "here"))
    Store.open().close()
    assert (tmp_path / "here" / FILE_NAME).is_file()
    monkeypatch.delenv("INSOLE_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("HOME", str(tmp_path))
    Store.open().close()
    assert [p for p in tmp_path.rglob(FILE_NAME) if "here" not in p.parts]


def test_the_environment_names_a_database_before_a_folder(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSOLE_DATA", str(tmp_path / "folder"))
    monkeypatch.setenv("INSOLE_DATABASE", where)
    with Store.open() as store:
        one = store.add(recording(stream(Side.LEFT, 3)))
    with Store.open(where) as store:
        assert [i.id for i in store.list()] == [one]
    assert not (tmp_path / "folder").exists()
    with Store.open(tmp_path / "other") as store:
        assert store.list() == []


@ONLY_SQLITE
def test_a_commit_waits_for_the_disk(store: Store) -> None:
    with store._database.write() as connection:
        pragma = {p: connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous")}
        keys = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    assert pragma == {"journal_mode": "wal", "synchronous": 2}
    assert keys == 1


@ONLY_POSTGRES
def test_a_commit_waits_for_the_disk_of_a_server_that_would_not(store: Store) -> None:
    with store._database.write() as connection:
        found = connection.exec_driver_sql("SELECT reset_val, setting FROM pg_settings WHERE name='synchronous_commit'")
        assert found.one() == ("off", "on")


def test_a_foot_may_be_added_while_a_recording_is_made(store: Store, clock: FakeClock) -> None:
    writer = store.begin(STARTED_AT, About(), {Side.RIGHT: meta(Side.RIGHT)})
    writer.append([chunk(Side.RIGHT, 0, 100)])
    with pytest.raises(StoreError, match="has no left foot"):
        writer.append([chunk(Side.LEFT, 0, 10)])
    clock.forward(LEASE.total_seconds() - 1)
    writer.add_foot(meta(Side.LEFT, Unit.KPA, sensors=3), About(notes=("came later",)))
    clock.forward(2)
    assert store.recover() == []  # it renewed the lease
    info = store.info(writer.id)
    assert (info.sides, dict(info.sensors)) == ((Side.RIGHT,), {Side.LEFT: 3, Side.RIGHT: 4})
    assert info.about.notes == ("came later",)
    writer.append([chunk(Side.LEFT, 70, 30, unit=Unit.KPA, sensors=3), chunk(Side.RIGHT, 100, 20)])
    writer.set_clock(Side.LEFT, ClockFit(offset_s=3.0))
    for _ in range(2):
        feet = store.read(writer.id).feet
        assert {side: len(foot.sample) for side, foot in feet.items()} == {Side.LEFT: 30, Side.RIGHT: 120}
        assert feet[Side.LEFT].sample[0] == 70
        assert (feet[Side.LEFT].unit, feet[Side.LEFT].clock.offset_s) == (Unit.KPA, 3.0)
        writer.seal()


def test_a_foot_that_is_there_or_comes_after_the_end_is_not_added(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(), {Side.RIGHT: meta(Side.RIGHT)})
    with pytest.raises(StoreError, match="has a right foot already"):
        writer.add_foot(meta(Side.RIGHT))
    writer.seal()
    with pytest.raises(StoreError, match="no longer open"):
        writer.add_foot(meta(Side.LEFT))
    assert set(store.info(writer.id).sensors) == {Side.RIGHT}
    with pytest.raises(StoreError, match="has no left foot"):  # it did not slip in halfway
        writer.append([chunk(Side.LEFT, 0, 10)])


@ONLY_SQLITE
def test_a_foot_that_finds_the_disk_full_may_be_added_once_there_is_room(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(), {Side.RIGHT: meta(Side.RIGHT)})
    with store._database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    large = meta(Side.LEFT, sensors=2000)
    with pytest.raises(StoreFullError):
        writer.add_foot(large)
    with store._database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    writer.add_foot(large)
    writer.append([chunk(Side.LEFT, 0, 10, sensors=2000)])
    assert store.info(writer.id).samples[Side.LEFT] == 10
