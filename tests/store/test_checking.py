"""Whatever is wrong with a store is found, and named: also one flipped byte anywhere in a row of samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from insole.errors import DamagedError, StoreError
from insole.recording import About, Side
from insole.records import Mark, MarkKind
from insole.store import Store, check, salvage, tables
from insole.store.engine import FILE_NAME
from tests.store.conftest import ONLY_SQLITE
from tests.store.old import to_revision
from tests.store.samples import CHANNELS, STARTED_AT, assert_same, both, chunk, inertial, recording, stream

if TYPE_CHECKING:
    from pathlib import Path

N = 13_000


def url(store: Store) -> str:
    return store._database.url.render_as_string(hide_password=False)


def change(store: Store, table: sa.Table, seq: int, **columns: Any) -> None:
    """Change a left row of samples behind the store's back."""
    with store._database.write() as connection:
        connection.execute(sa.update(table).where(table.c.seq == seq, table.c.side == "left").values(columns))


def flip(store: Store, table: sa.Table, seq: int, column: str, at: float) -> None:
    """Flip a bit of a byte of a left row of samples."""
    c = table.c
    with store._database.read() as connection:
        blob = bytearray(connection.scalar(sa.select(c[column]).where(c.seq == seq, c.side == "left")))
    blob[int(at * len(blob))] ^= 16
    change(store, table, seq, **{column: bytes(blob)})


@pytest.fixture
def one(store: Store) -> str:
    feet = (stream(side, N, channels=CHANNELS) for side in Side)
    return store.add(recording(*feet, about=About(subject_code="P1", notes=("of the user",))))


def test_a_sound_store_is_said_to_be(store: Store, one: str) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(Side.LEFT, 20, 10), chunk(Side.LEFT, 0, 20), chunk(Side.LEFT, 5, 10)])  # late, and twice
    store.recordings.delete(one)
    seen: list[tuple[int, int]] = []
    found = check(url(store), seen=lambda done, of: seen.append((done, of)))
    assert (found.damages, found.problems, found.is_sound) == ([], [], True)
    assert (found.recordings, found.rows, found.samples) == (2, 6 + 3, 2 * N + 40)
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("at", [0.0, 0.4, 0.999])
@pytest.mark.parametrize(
    ("column", "channel"),
    [
        *((name, "pressure") for name in ("sample", "device_us", "samples", "checksum")),
        ("inertial", "inertial"),
        ("inertial_checksum", "inertial"),
    ],
)
def test_a_flipped_byte_is_found_and_named(store: Store, one: str, column: str, channel: str, at: float) -> None:
    flip(store, tables.block, 1, column, at)
    found = check(url(store))
    (damage,) = found.damages
    assert not found.is_sound
    assert (damage.recording_id, damage.side, damage.channel) == (one, "left", channel)
    assert (damage.table, damage.seq, damage.start_s, damage.stop_s) == ("block", 1, 60.0, 119.99)
    assert found.problems == []
    assert "left foot, block 1 (60.000 to 119.990 s)" in damage.note


def test_a_flipped_byte_in_a_second_is_found_and_named(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    for first in (0, 100):
        writer.append([chunk(side, first, 100) for side in Side])
    flip(store, tables.second, 1, "samples", 0.5)
    (damage,) = check(url(store)).damages
    assert "left foot, second 1 (6.000 to 6.990 s)" in damage.note
    with pytest.raises(DamagedError, match="insole db salvage"):
        store.read(writer.id)
    left = store.read(writer.id, salvage=True).feet[Side.LEFT]
    assert left.sample.tolist() == list(range(100))


@pytest.mark.parametrize("columns", [{"n": 5999}, {"first_us": 60_000_001}, {"last_us": 119_990_001}])
def test_a_row_that_says_of_itself_what_is_not_so_is_damaged(store: Store, one: str, columns: dict[str, int]) -> None:
    change(store, tables.block, 1, **columns)
    with pytest.raises(DamagedError, match="block 1"):
        store.read(one)
    found = check(url(store))
    assert [damage.seq for damage in found.damages] == [1]


def test_what_is_whole_can_be_read_and_kept(store: Store, one: str) -> None:
    before = store.read(one)
    store.marks.add(one, Mark(MarkKind.EXCLUDE, 3.0, 4.0))
    flip(store, tables.block, 1, "samples", 0.3)
    flip(store, tables.block, 2, "inertial", 0.3)
    new = salvage(store, one)
    for found in (store.read(one, salvage=True), store.read(new)):
        left = found.feet[Side.LEFT]
        assert left.sample.tolist() == [*range(6000), *range(12_000, N)]
        assert left.values[:6000].tobytes() == before.feet[Side.LEFT].values[:6000].tobytes()
        assert left.inertial is not None
        assert left.inertial[:6000].tobytes() == inertial(Side.LEFT, 0, 6000).tobytes()
        assert_same(found.feet[Side.RIGHT], before.feet[Side.RIGHT])
        user, pressures, moves, *more = found.about.notes
        assert user == "of the user"
        assert pressures.startswith("pressures of the left foot, block 1 (60.000 to 119.990 s) do not match")
        assert moves.startswith("inertial values of the left foot, block 2 (120.000 to 129.990 s) do not match")
    assert more == [f"what is whole of recording {one}"]
    assert store.info(new).visit_id == store.info(one).visit_id
    assert [(m.kind, m.start_s) for m in store.marks.list(new)] == [(MarkKind.EXCLUDE, 3.0)]
    assert len(store.read(one, start_s=60.0, stop_s=120.0, salvage=True).feet[Side.LEFT].sample) == 0
    with pytest.raises(DamagedError):
        store.read(one)


def test_where_nothing_is_whole_nothing_is_salvaged(store: Store) -> None:
    one = store.add(recording(stream(Side.LEFT, 3)))
    flip(store, tables.block, 0, "samples", 0.5)
    with pytest.raises(StoreError, match="no samples"):
        salvage(store, one)
    assert [i.id for i in store.list()] == [one]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM block WHERE side = 'left' AND seq = 1", ["rows 1 to 1 are missing", "there are 7000 from"]),
        ("UPDATE foot SET samples = 13001 WHERE side = 'left'", ["said to have 13001 samples"]),
        ("UPDATE recording SET state = 'recording'", ["there are 0 from None"]),
    ],
)
def test_an_index_that_does_not_fit_is_named(store: Store, one: str, statement: str, says: list[str]) -> None:
    with store._database.write() as connection:
        connection.execute(sa.text(statement))
    problems = check(url(store)).problems
    for words in says:
        assert any(p.startswith(f"recording {one}, left foot: ") and words in p for p in problems), problems


def test_seconds_of_a_sealed_recording_are_named(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(Side.LEFT, 0, 100)])
    with store._database.read() as connection:
        (row,) = connection.execute(sa.select(tables.second)).mappings().all()
    writer.seal()
    with store._database.write() as connection:
        connection.execute(sa.insert(tables.second), dict(row))
    assert check(url(store)).problems == [
        f"recording {writer.id}, left foot: it is sealed and still has 1 rows of seconds"
    ]


@ONLY_SQLITE
def test_rows_that_belong_to_nothing_are_counted(store: Store, one: str, tmp_path: Path) -> None:
    with store._database.read() as connection:  # where foreign keys may be switched off
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("DELETE FROM foot WHERE side = 'left'")
        connection.exec_driver_sql("BEGIN")
    assert check(tmp_path).problems == ["3 rows of block belong to a foot that is not there"]


def test_tables_of_another_version_are_said_to_be(where: str) -> None:
    Store.open(where).close()
    to_revision(where, "0002")
    (problem,) = check(where).problems
    assert "revision 0002" in problem
    assert "insole db upgrade" in problem


def test_tables_that_were_changed_by_hand_are_named(store: Store) -> None:
    with store._database.write() as connection:
        connection.execute(sa.text("DROP INDEX ix_recording_source_sha256"))
    (problem,) = check(url(store)).problems
    assert "source_sha256" in problem


def test_no_store_is_made_by_looking_for_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store"):
        check(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []


@ONLY_SQLITE
def test_a_damaged_page_is_a_problem_and_not_the_end(store: Store, one: str, tmp_path: Path) -> None:
    """The file's own structure is broken, not a value in it."""
    store.close()
    with (tmp_path / FILE_NAME).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096)
    found = check(tmp_path)
    assert not found.is_sound
