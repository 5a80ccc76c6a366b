"""Damage, a full disk, and things that are not what they should be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from insole.errors import DamagedError, NotFoundError, StoreError, StoreFullError
from insole.recording import About, Chunk, ClockFit, Side, Unit
from insole.store import Store, tables
from insole.store.engine import FILE_NAME
from insole.store.writer import LEASE
from tests.store.conftest import ONLY_POSTGRES, ONLY_SQLITE
from tests.store.samples import STARTED_AT, both, chunk, meta, recording, stream, values

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.samples import FakeClock


def _flip(store: Store, table: sa.Table, column: str, seq: int) -> None:
    c = table.c
    with store._database.write() as connection:
        blob = bytearray(connection.scalar(sa.select(c[column]).where(c.seq == seq, c.side == "left")))
        blob[len(blob) // 2] ^= 1
        connection.execute(sa.update(table).where(c.seq == seq, c.side == "left").values({column: bytes(blob)}))


@pytest.mark.parametrize("column", ["sample", "device_us", "samples", "checksum"])
def test_a_flipped_bit_in_a_block_is_named(store: Store, column: str) -> None:
    recording_id = store.add(recording(stream(Side.LEFT, 13_000), stream(Side.RIGHT, 13_000)))
    _flip(store, tables.block, column, 1)
    for start_s, stop_s in ((None, None), (70.0, 71.0)):
        with pytest.raises(DamagedError, match=rf"{recording_id}, left foot, block 1 \(60\.000 to 119\.990 s\)"):
            store.read(recording_id, start_s=start_s, stop_s=stop_s)
    assert len(store.read(recording_id, stop_s=60.0).feet[Side.LEFT].sample) == 6000
    assert len(store.read(recording_id, start_s=120.0).feet[Side.LEFT].sample) == 1000


@pytest.mark.parametrize("column", ["device_us", "samples"])
def test_a_damaged_second_is_named_and_does_not_stop_recovery(store: Store, clock: FakeClock, column: str) -> None:
    damaged, sound = (store.begin(STARTED_AT, About(), {Side.LEFT: meta(Side.LEFT)}) for _ in range(2))
    damaged.append([chunk(Side.LEFT, 0, 100)])
    _flip(store, tables.second, column, 0)
    sound.append([chunk(Side.LEFT, 0, 100)])
    with pytest.raises(DamagedError, match=rf"{damaged.id}, left foot, second 0 \(5\.000 to 5\.990 s\)"):
        store.read(damaged.id)
    with pytest.raises(DamagedError):
        damaged.seal()
    clock.forward(LEASE.total_seconds() + 1)
    assert store.recover() == [sound.id]
    assert store.info(damaged.id).state == "recording"


def test_swapped_blocks_are_noticed(store: Store) -> None:
    """Each is whole, but stands in the other's place."""
    recording_id = store.add(recording(stream(Side.LEFT, 12_000)))
    b = tables.block
    with store._database.write() as connection:
        for old, new in ((0, 9), (1, 0), (9, 1)):
            connection.execute(sa.update(b).where(b.c.seq == old).values(seq=new))
    with pytest.raises(DamagedError, match="block 0"):
        store.read(recording_id)


def test_a_block_of_a_later_version_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insole.store.codec.CODEC", "blosc-99")
    recording_id = store.add(recording(stream(Side.LEFT, 3)))
    monkeypatch.undo()
    with pytest.raises(StoreError, match=r"'blosc-99'.*update insole"):
        store.read(recording_id)


@ONLY_SQLITE
def test_a_full_disk_keeps_what_was_acknowledged(store: Store) -> None:
    """SQLite's own limit on pages raises the very error that a full disk does."""
    writer = store.begin(STARTED_AT, About(), both(sensors=64))

    @event.listens_for(store._database._engine, "connect")
    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=150")

    store.close()  # the pool's connections are made anew, with the limit
    stored = 0
    full: StoreFullError | None = None
    while full is None:
        try:
            writer.append([chunk(Side.LEFT, stored, 100, sensors=64)])
            stored += 100
        except StoreFullError as e:
            full = e
    assert "acknowledged before is safe" in str(full)
    assert stored > 0
    with pytest.raises(StoreFullError):
        writer.seal()
    info = store.info(writer.id)
    assert (info.state, info.samples[Side.LEFT]) == ("recording", stored)
    assert np.array_equal(store.read(writer.id).feet[Side.LEFT].values, values(Side.LEFT, 0, stored, sensors=64))

    event.remove(store._database._engine, "connect", limit)
    store.close()  # there is room again: the same append is tried again
    writer.append([chunk(Side.LEFT, stored, 100, sensors=64)])
    writer.seal()
    assert store.info(writer.id).samples[Side.LEFT] == stored + 100


@ONLY_POSTGRES
def test_a_full_disk_of_a_server_keeps_what_was_acknowledged(store: Store) -> None:
    """A trigger raises the very error (53100) that a full disk does."""
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(Side.LEFT, 0, 100)])
    body = "BEGIN RAISE 'full' USING ERRCODE = '53100'; END"
    full = f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    with store._database.write() as connection:
        connection.exec_driver_sql(full)
        for table in ("second", "block"):
            trigger = f"CREATE TRIGGER full_{table} AFTER INSERT ON {table} EXECUTE FUNCTION full_disk()"
            connection.exec_driver_sql(trigger)
    with pytest.raises(StoreFullError, match="acknowledged before is safe"):
        writer.append([chunk(Side.LEFT, 100, 100)])
    with pytest.raises(StoreFullError):
        writer.seal()
    assert store.info(writer.id).samples[Side.LEFT] == 100
    with store._database.write() as connection:
        connection.exec_driver_sql("DROP FUNCTION full_disk CASCADE")
    writer.append([chunk(Side.LEFT, 100, 100)])
    writer.seal()
    assert np.array_equal(store.read(writer.id).feet[Side.LEFT].values, values(Side.LEFT, 0, 200))


@ONLY_POSTGRES
def test_what_a_server_does_not_take_is_said(store: Store) -> None:
    with pytest.raises(StoreError, match="NUL"):
        store.subjects.add("P1", notes="a\0b")
    assert store.subjects.list() == []


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_said_not_to_answer(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not answer"):
        Store.open(f"postgresql://insole@/none?host={tmp_path}")


def test_the_driver_of_another_engine_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'insole\[postgres\]'"):
        Store.open("postgresql://insole@nowhere/none")


def _chunk(**changes: Any) -> Chunk:
    c = chunk(Side.LEFT, 100, 10)
    return Chunk(**{**{k: getattr(c, k) for k in Chunk.__dataclass_fields__}, **changes})


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (chunk(Side.RIGHT, 0, 1), "no right foot"),
        (chunk(Side.LEFT, 100, 10, sensors=5), "4 sensors"),
        (chunk(Side.LEFT, 100, 10, unit=Unit.KPA), "float32"),
        (_chunk(device_us=np.arange(9)), "times"),
        (_chunk(device_us=np.zeros(10, np.int64)), "does not rise"),
        (_chunk(device_us=np.arange(10, dtype=np.float64)), "float64"),
        (_chunk(device_us=np.arange(10)), "did the insole restart"),
        (_chunk(first_sample=20), "did the insole restart"),
    ],
)
def test_a_chunk_that_contradicts_is_refused_with_its_companions(store: Store, bad: Chunk, says: str) -> None:
    writer = store.begin(STARTED_AT, About(), {Side.LEFT: meta(Side.LEFT)})
    writer.append([chunk(Side.LEFT, 40, 10)])
    with pytest.raises(StoreError, match=says):
        writer.append([chunk(Side.LEFT, 50, 10), bad])
    writer.append([chunk(Side.LEFT, 60, 10)])
    assert store.read(writer.id).feet[Side.LEFT].sample.tolist() == [*range(40, 50), *range(60, 70)]


def test_a_writer_learns_that_its_recording_is_gone(store: Store) -> None:
    sealed, deleted = (store.begin(STARTED_AT, About(), both()) for _ in range(2))
    sealed.seal()
    sealed.seal()
    store.recordings.delete(deleted.id)
    for writer in (sealed, deleted):
        with pytest.raises(StoreError, match="no longer open"):
            writer.append([chunk(Side.LEFT, 0, 1)])
        with pytest.raises(StoreError, match="no longer open"):
            writer.set_clock(Side.LEFT, ClockFit())
    deleted.seal()
    store.bin.purge(deleted.id)
    with pytest.raises(NotFoundError):
        deleted.seal()


@pytest.mark.parametrize("fit", [ClockFit(rate=0.0), ClockFit(rate=-1.0), ClockFit(offset_s=float("nan"))])
def test_a_clock_that_does_not_run_is_refused(store: Store, fit: ClockFit) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    with pytest.raises(StoreError, match="run forward"):
        writer.set_clock(Side.LEFT, fit)


def test_a_recording_begins_with_feet_and_a_zone(store: Store) -> None:
    with pytest.raises(StoreError, match="one or two feet"):
        store.begin(STARTED_AT, About(), {})
    with pytest.raises(StoreError, match="own side"):
        store.begin(STARTED_AT, About(), {Side.LEFT: meta(Side.RIGHT)})
    with pytest.raises(StoreError, match="time zone"):
        store.begin(STARTED_AT.replace(tzinfo=None), About(), both())


@pytest.mark.parametrize("where", ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "://"])
def test_only_databases_that_keep_are_opened(where: str) -> None:
    with pytest.raises(StoreError):
        Store.open(where)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(StoreError, match="not an insole store"):
        Store.open(tmp_path)


def test_a_file_in_the_folder_s_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="give a folder"):
        Store.open(tmp_path / "taken")
