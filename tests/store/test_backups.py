"""A backup holds all of one moment, and becomes a store of either engine again."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa

from insole.errors import ConflictError, StoreError, StoreFullError
from insole.recording import About, Side
from insole.records import Mark, MarkKind
from insole.store import Store, backups, check, tables
from insole.store.engine import FILE_NAME
from tests.store.conftest import ENGINES, ONLY_SQLITE
from tests.store.old import to_revision
from tests.store.samples import CHANNELS, STARTED_AT, both, chunk, recording, stream, values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def url(store: Store) -> str:
    return store._database.url.render_as_string(hide_password=False)


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with store._database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in tables.metadata.sorted_tables
        }


def filled(store: Store) -> str:
    """A store with something in every table; the id of a recording that is being made."""
    for code in ("P1", "P2"):
        about = About(subject_code=code, notes=("Füße, „ἴχνος“",), body_mass_kg=70.1)
        one = store.add(recording(stream(Side.LEFT, 6100, channels=CHANNELS), stream(Side.RIGHT, 30), about=about))
    store.marks.add(one, Mark(MarkKind.EXCLUDE, 0.1, 0.2, Side.LEFT))
    store.recordings.delete(one)
    writer = store.begin(STARTED_AT, About(subject_code="P1"), both(channels=CHANNELS))
    writer.append([chunk(side, 0, 100, channels=CHANNELS) for side in Side])
    assert all(everything(store).values())
    return writer.id


@pytest.fixture(params=ENGINES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored' / FILE_NAME}"
        return
    with request.getfixturevalue("postgres").database() as new:
        yield new


def test_a_backup_becomes_a_store_of_either_engine(store: Store, target: str, tmp_path: Path) -> None:
    filled(store)
    before, seen = everything(store), []
    file = tmp_path / "backup.db"
    backups.back_up(file, url(store))
    assert file.stat().st_mode & 0o777 == 0o600
    assert check(f"sqlite:///{file}").is_sound
    assert {p.name for p in tmp_path.iterdir()} - {FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"} == {file.name}
    backups.restore(file, target, seen=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (sum(map(len, before.values())),) * 2
    with Store.open(target) as restored:
        assert everything(restored) == before
        kept = restored.subjects.add("P3")
        assert [e.action for e in restored.audit.of(kept.id)] == ["made"], "the audit's numbers go on"
    assert check(target).is_sound


def test_a_store_that_holds_something_is_not_restored_into(store: Store, tmp_path: Path) -> None:
    filled(store)
    file = tmp_path / "backup.db"
    backups.back_up(file, url(store))
    before = everything(store)
    with pytest.raises(ConflictError, match="holds something"):
        backups.restore(file, url(store))
    assert everything(store) == before
    with pytest.raises(ConflictError, match="there already"):
        backups.back_up(file, url(store))


def test_a_restore_that_fails_leaves_an_empty_store(
    store: Store, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    file = tmp_path / "backup.db"
    backups.back_up(file, url(store))

    def fail(done: int, _of: int) -> None:
        if done > 8:
            raise StoreError("cut off")

    with pytest.raises(StoreError, match="cut off"):
        backups.restore(file, target, seen=fail)
    backups.restore(file, target)
    with Store.open(target) as restored:
        assert everything(restored) == everything(store)


def test_a_backup_is_of_one_moment_while_recording_goes_on(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Appends between its steps are not refused, and not in it in part."""
    monkeypatch.setattr(backups, "PAGES", 3)
    monkeypatch.setattr(backups, "ROWS", 2)
    feet = both()
    writer = store.begin(STARTED_AT, About(), feet)
    numbers = count()

    def append() -> None:
        i = next(numbers)
        writer.append([chunk(side, 100 * i, 100) for side in Side])

    for _ in range(20):
        append()

    def beside(*_: int) -> None:
        thread = threading.Thread(target=append)
        thread.start()
        thread.join()

    backups.back_up(tmp_path / "backup.db", url(store), seen=beside)
    appended = 100 * next(numbers)
    assert appended > 2100
    assert check(f"sqlite:///{tmp_path / 'backup.db'}").is_sound
    with Store.open(f"sqlite:///{tmp_path / 'backup.db'}") as backup:
        for side, foot in backup.read(writer.id).feet.items():
            assert len(foot.sample) == 2000
            assert np.array_equal(foot.values, values(side, 0, 2000))
    assert store.info(writer.id).samples == dict.fromkeys(Side, appended)


@ONLY_SQLITE
def test_a_backup_of_an_earlier_version_is_brought_up(store: Store, target: str, tmp_path: Path) -> None:
    of = store.add(recording(stream(Side.LEFT, 30), about=About(subject_code="P1")))
    to_revision(url(store), "0002")
    file = tmp_path / "backup.db"
    backups.back_up(file, url(store))
    backups.restore(file, target)
    with Store.open(target) as restored:
        assert restored.info(of).about.subject_code == "P1"
    assert "0002" in check(f"sqlite:///{file}").problems[0], "the backup itself is not changed"


@ONLY_SQLITE
def test_what_is_no_backup_is_refused(store: Store, target: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database" * 1000)
    (tmp_path / "empty").write_text("")
    for name, says in (("text", "not an insole store"), ("empty", "no backup of insole"), ("absent", "no backup")):
        with pytest.raises(StoreError, match=says):
            backups.restore(tmp_path / name, target)
    with pytest.raises(StoreError, match="cannot be written"):
        backups.back_up(tmp_path / "nowhere" / "backup.db", url(store))
    with pytest.raises(StoreError, match="no store"):
        backups.back_up(tmp_path / "backup.db", tmp_path / "nowhere")
    with store._database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    backups.back_up(tmp_path / "newer.db", url(store))
    with pytest.raises(StoreError, match="newer version"):
        backups.restore(tmp_path / "newer.db", target)


def test_a_disk_that_fills_leaves_no_half_backup(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_durable", full)
    (tmp_path / "to").mkdir()
    with pytest.raises(StoreFullError, match="disk is full"):
        backups.back_up(tmp_path / "to" / "backup.db", url(store))
    assert list((tmp_path / "to").iterdir()) == []
