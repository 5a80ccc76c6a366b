"""Inertial values beside the samples: every bit comes back, and damage to them hides no pressure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st

from insole.errors import DamagedError, StoreError
from insole.recording import About, Chunk, FootStream, Side, Unit
from insole.store import Store, tables
from insole.store.engine import Database, locate
from insole.store.migrate import alembic_config
from insole.store.pieces import Piece, second_row
from insole.store.writer import LEASE
from tests.store.samples import (
    CHANNELS,
    STARTED_AT,
    assert_same,
    bits,
    both,
    chunk,
    inertial,
    meta,
    recording,
    stream,
)

if TYPE_CHECKING:
    from pathlib import Path

    from insole.recording import Recording
    from tests.store.samples import FakeClock


def nan_rows(foot: FootStream) -> list[int]:
    """Sample numbers of rows whose channels are all the NaN that stands for "not sent"."""
    assert foot.inertial is not None
    return foot.sample[(foot.inertial.view(np.uint32) == 0x7FC00000).all(axis=1)].tolist()


def plain_chunk(side: Side, first: int, n: int) -> Chunk:
    """One whose pressures are zero: made fast."""
    index = np.arange(first, first + n, dtype=np.int64)
    samples = np.zeros((n, 4), np.uint16)
    return Chunk(side, first, samples, 5_000_000 + 10_000 * index, n / 100, inertial(side, first, n))


def plain_stream(side: Side, n: int) -> FootStream:
    """An imported foot whose pressures are zero."""
    m, index = meta(side), np.arange(n)
    moves = inertial(side, 0, n)
    return FootStream(
        side,
        m.layout,
        index,
        index / 100,
        np.zeros((n, 4), np.uint16),
        Unit.COUNTS,
        100.0,
        inertial=moves,
        inertial_channels=CHANNELS,
    )


@pytest.mark.parametrize("unit", list(Unit))
def test_an_import_comes_back_bit_for_bit(store: Store, unit: Unit) -> None:
    """A foot with channels beside one without."""
    left = stream(Side.LEFT, 6100, unit=unit, gap=slice(40, 90), channels=CHANNELS)
    back = store.read(store.add(recording(left, stream(Side.RIGHT, 250, unit=unit))))
    assert back.feet[Side.LEFT].inertial_channels == CHANNELS
    assert bits(back.feet[Side.LEFT]) == bits(left)
    assert back.feet[Side.RIGHT].inertial is None
    again = store.read(store.add(back))
    for side, foot in back.feet.items():
        assert_same(foot, again.feet[side])


@pytest.mark.parametrize("sealed", [False, True])
def test_what_was_appended_comes_back(store: Store, sealed: bool) -> None:
    writer = store.begin(STARTED_AT, About(), both(channels=CHANNELS))
    for first in range(0, 7000, 1000):
        writer.append([plain_chunk(side, first, 1000) for side in Side])
    if sealed:
        writer.seal()
    for side, foot in store.read(writer.id).feet.items():
        assert bits(foot) == inertial(side, 0, 7000).tobytes()


@pytest.mark.parametrize("sealed", [False, True])
def test_chunks_without_inertial_values_leave_them_missing(store: Store, sealed: bool) -> None:
    """Within a run that is stored as one row, in a row of its own, and in a whole foot."""
    writer = store.begin(STARTED_AT, About(), both(channels=CHANNELS))
    given = [chunk(Side.LEFT, 0, 10, channels=CHANNELS), chunk(Side.LEFT, 10, 10)]
    writer.append([*given, chunk(Side.LEFT, 20, 10, channels=CHANNELS)])
    writer.append([chunk(Side.LEFT, 30, 10), chunk(Side.RIGHT, 0, 10)])
    if sealed:
        writer.seal()
    left, right = store.read(writer.id).feet.values()
    assert nan_rows(left) == [*range(10, 20), *range(30, 40)]
    assert left.inertial is not None
    assert left.inertial[20:30].tobytes() == inertial(Side.LEFT, 20, 10).tobytes()
    assert nan_rows(right) == list(range(10))


N = 13_000


@pytest.fixture(scope="module")
def whole(shared_store: Store) -> Recording:
    writer = shared_store.begin(STARTED_AT, About(), both(channels=CHANNELS))
    for first in range(0, N, 1000):
        writer.append([plain_chunk(side, first, 1000) for side in Side])
    writer.seal()
    return shared_store.read(writer.id)


@settings(max_examples=30, deadline=None)
@given(edges=st.tuples(st.floats(0, 140), st.floats(0, 140)))
def test_a_window_is_a_slice_of_the_whole(shared_store: Store, whole: Recording, edges: tuple[float, float]) -> None:
    start_s, stop_s = sorted(edges)
    part = shared_store.read(whole.id, start_s=start_s, stop_s=stop_s)
    for side, foot in whole.feet.items():
        assert foot.inertial is not None
        keep = (foot.time_s >= start_s) & (foot.time_s < stop_s)
        assert part.feet[side].inertial_channels == CHANNELS
        assert bits(part.feet[side]) == foot.inertial[keep].tobytes()


def flip(store: Store, table: sa.Table, column: str, seq: int) -> None:
    c = table.c
    with store._database.write() as connection:
        blob = bytearray(connection.scalar(sa.select(c[column]).where(c.seq == seq, c.side == "left")))
        blob[len(blob) // 2] ^= 1
        connection.execute(sa.update(table).where(c.seq == seq, c.side == "left").values({column: bytes(blob)}))


@pytest.mark.parametrize("column", ["inertial", "inertial_checksum"])
def test_damage_in_a_block_is_named_and_hides_nothing_else(store: Store, column: str) -> None:
    about = About(notes=("of the user",))
    given = recording(plain_stream(Side.LEFT, N), plain_stream(Side.RIGHT, N), about=about)
    recording_id = store.add(given)
    flip(store, tables.block, column, 1)
    back = store.read(recording_id)
    user, note = back.about.notes
    assert user == "of the user"
    assert "inertial values of the left foot, block 1 (60.000 to 119.990 s)" in note
    left, right = back.feet.values()
    assert left.values.shape == (N, 4)
    assert not left.values.any()
    assert nan_rows(left) == list(range(6000, 12_000))
    assert left.inertial is not None
    assert left.inertial[:6000].tobytes() == inertial(Side.LEFT, 0, 6000).tobytes()
    assert bits(right) == bits(given.feet[Side.RIGHT])
    assert store.read(recording_id, stop_s=60.0).about.notes == ("of the user",)


def test_damage_while_recording_stops_no_recovery(store: Store, clock: FakeClock) -> None:
    writer = store.begin(STARTED_AT, About(), {Side.LEFT: meta(Side.LEFT, channels=CHANNELS)})
    for first in (0, 100, 200):
        writer.append([chunk(Side.LEFT, first, 100, channels=CHANNELS)])
    flip(store, tables.second, "inertial", 1)
    before = store.read(writer.id)
    clock.forward(LEASE.total_seconds() + 1)
    assert store.recover() == [writer.id]
    after = store.read(writer.id)
    for back in (before, after):
        (note,) = back.about.notes
        assert "left foot, second 1 (6.000 to 6.990 s)" in note
        assert nan_rows(back.feet[Side.LEFT]) == list(range(100, 200))
    assert_same(before.feet[Side.LEFT], after.feet[Side.LEFT])


def test_a_damaged_pressure_is_still_an_error(store: Store) -> None:
    recording_id = store.add(recording(stream(Side.LEFT, 10, channels=CHANNELS)))
    flip(store, tables.block, "samples", 0)
    with pytest.raises(DamagedError, match="left foot, block 0"):
        store.read(recording_id)


def test_swapped_inertial_values_are_noticed(store: Store) -> None:
    """Each is whole, but stands in the other's row."""
    recording_id = store.add(recording(plain_stream(Side.LEFT, 12_000)))
    b = tables.block
    with store._database.write() as connection:
        rows = connection.execute(sa.select(b.c.seq, b.c.inertial, b.c.inertial_checksum)).all()
        for row, other in zip(rows, reversed(rows), strict=True):
            new = {"inertial": other.inertial, "inertial_checksum": other.inertial_checksum}
            connection.execute(sa.update(b).where(b.c.seq == row.seq).values(new))
    assert len(store.read(recording_id).about.notes) == 2


def _with(given: Any) -> Any:
    return replace(chunk(Side.LEFT, 10, 10), inertial=given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (np.zeros((10, 2), np.float32), r"\(10, 2\) float32.*3 channels"),
        (np.zeros((9, 3), np.float32), r"\(9, 3\)"),
        (np.zeros((10, 3)), "float64"),
    ],
)
def test_values_that_contradict_the_foot_are_refused(store: Store, given: Any, says: str) -> None:
    writer = store.begin(STARTED_AT, About(), {Side.LEFT: meta(Side.LEFT, channels=CHANNELS)})
    with pytest.raises(StoreError, match=says):
        writer.append([chunk(Side.LEFT, 0, 10, channels=CHANNELS), _with(given)])
    assert store.info(writer.id).samples[Side.LEFT] == 0


def test_a_foot_without_channels_takes_none(store: Store) -> None:
    writer = store.begin(STARTED_AT, About(), {Side.LEFT: meta(Side.LEFT)})
    with pytest.raises(StoreError, match="0 channels"):
        writer.append([_with(np.zeros((10, 1), np.float32))])


def test_rows_without_inertial_values_are_as_the_first_version_wrote_them() -> None:
    """The checksum of a second, computed by that version."""
    index = np.arange(40, 50, dtype=np.int64)
    counts = np.arange(40, dtype=np.uint16).reshape(4, 10)
    row = second_row(("r0", Side.LEFT, 3), Piece(index, 10_000 * index, counts), arrival_s=0.5)
    assert row["checksum"].hex() == "59e8d27691229efa"
    assert row["inertial"] is None


def test_down_and_up_again_with_recordings_in_it(tmp_path: Path) -> None:
    """Down gives up inertial values only; up finds recordings of the version before as they were."""
    with Store.open(tmp_path) as store:
        plain = store.add(recording(stream(Side.LEFT, 500), about=About(notes=("kept",))))
        moving = store.add(recording(stream(Side.LEFT, 500, channels=CHANNELS)))
        open_still = store.begin(STARTED_AT, About(), both(channels=CHANNELS))
        open_still.append([chunk(side, 0, 100, channels=CHANNELS) for side in Side])
        before = {i: store.read(i) for i in (plain, moving, open_still.id)}
    database = Database(locate(tmp_path), migrating=True)
    with database.write() as connection:
        command.downgrade(alembic_config(connection), "0001")
    with database.read() as connection:
        for table in ("foot", "second", "block"):
            columns = {c["name"] for c in sa.inspect(connection).get_columns(table)}
            assert not columns & {"inertial", "inertial_checksum"}
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) > 0
    database.close()
    with Store.open(tmp_path) as store:
        for recording_id, was in before.items():
            now = store.read(recording_id)
            assert now.about == was.about
            for side, foot in now.feet.items():
                assert (foot.inertial, foot.inertial_channels) == (None, ())
                assert foot.values.tobytes() == was.feet[side].values.tobytes()
                assert np.array_equal(foot.time_s, was.feet[side].time_s)
