"""Sealing goes in steps: others write in between, and wherever it is cut off the recording is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa

from insole.errors import NotFoundError, StoreError
from insole.recording import About, Side
from insole.store import Store, check, seal, tables
from insole.store.commits import LEASE
from insole.store.engine import Database
from tests.store.samples import STARTED_AT, both, chunk, recording, stream, values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from insole.store import Writer
    from tests.store.samples import FakeClock

N = 40


@pytest.fixture
def writer(store: Store, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Of a recording of many small blocks, each of which is a step."""
    monkeypatch.setattr("insole.store.pieces.BLOCK_S", 0.1)
    monkeypatch.setattr(seal, "STEP_BLOCKS", 1)
    monkeypatch.setattr(seal, "STEP_SECONDS", 1)
    monkeypatch.setattr(seal, "FETCH", 2)
    begun = store.begin(STARTED_AT, About(), both())
    for first in range(0, N, 10):
        begun.append([chunk(side, first, 10) for side in Side])
    return begun


class CutOffError(BaseException):
    """As a kill, it is handled nowhere."""


def before_write(monkeypatch: pytest.MonkeyPatch, do: Callable[[int], object]) -> None:
    """Do something before each transaction that writes, given its number."""
    write = Database.write
    number = iter(range(10**6))

    def counted(self: Database) -> AbstractContextManager[sa.Connection]:
        do(next(number))
        return write(self)

    monkeypatch.setattr(Database, "write", counted)


def assert_whole(store: Store, recording_id: str) -> None:
    for side in Side:
        foot = store.read(recording_id).feet[side]
        assert np.array_equal(foot.values, values(side, 0, N))
    assert store.info(recording_id).samples == dict.fromkeys(Side, N)


def steps(store: Store, writer: Writer) -> int:
    """How many transactions sealing takes: begin, blocks, finish, seconds, end."""
    assert writer.id
    return 1 + 2 * N // 10 + 1 + 2 * N // 10 + 1


@pytest.mark.parametrize("cut", range(19))
def test_wherever_it_is_cut_off_all_is_there(
    store: Store, writer: Writer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    assert steps(store, writer) == 19

    def cut_off(number: int) -> None:
        if number == cut:
            raise CutOffError

    with monkeypatch.context() as patch:
        before_write(patch, cut_off)
        with pytest.raises(CutOffError):
            writer.seal()
    assert_whole(store, writer.id)
    url = store._database.url.render_as_string(hide_password=False)
    assert check(url).is_sound
    is_sealed = store.info(writer.id).state == "sealed"
    assert is_sealed == (cut > 9)
    clock.forward(LEASE.total_seconds() + 1)
    assert store.recover() == ([] if is_sealed else [writer.id])
    assert_whole(store, writer.id)
    assert check(url).is_sound
    with store._database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.second)) == 0
        assert connection.scalar(sa.select(tables.recording.c.lease_until)) is None
    assert store.recover() == []


def test_others_write_and_read_between_the_steps(store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    other = store.begin(STARTED_AT, About(), both())
    busy: list[int] = []

    def beside(number: int) -> None:
        if busy:
            return
        busy.append(number)
        other.append([chunk(Side.LEFT, 10 * (len(store.info(other.id).sides) + number), 10)])
        assert_whole(store, writer.id)
        busy.clear()

    with monkeypatch.context() as patch:
        before_write(patch, beside)
        writer.seal()
    assert_whole(store, writer.id)
    assert store.info(other.id).samples[Side.LEFT] == 10 * 19


def test_nobody_else_seals_what_is_being_sealed(
    store: Store, writer: Writer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step renews the lease, however long all of them take."""
    recovered: list[list[str]] = []

    def beside(number: int) -> None:
        if 0 < number < 18:
            clock.forward(LEASE.total_seconds() - 1)
            recovered.append(store.recover())

    with monkeypatch.context() as patch:
        before_write(patch, beside)
        writer.seal()
    assert recovered
    assert not any(recovered)


def test_a_writer_that_comes_back_keeps_its_recording_open(
    store: Store, writer: Writer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A computer that slept appends while another seals what it takes for left."""
    clock.forward(LEASE.total_seconds() + 1)
    once: list[int] = []

    def wake(number: int) -> None:
        if number == 5 and not once:
            once.append(number)
            writer.append([chunk(Side.LEFT, N, 10)])

    with monkeypatch.context() as patch:
        before_write(patch, wake)
        assert store.recover() == []
    assert "being recorded again" in caplog.text
    assert store.info(writer.id).state == "recording"
    writer.append([chunk(Side.LEFT, N + 10, 10)])
    writer.seal()
    assert np.array_equal(store.read(writer.id).feet[Side.LEFT].values, values(Side.LEFT, 0, N + 20))


def test_a_recording_that_is_purged_meanwhile_is_gone(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    once: list[int] = []

    def purge(number: int) -> None:
        if number == 5 and not once:
            once.append(number)
            store.recordings.delete(writer.id)
            store.bin.purge(writer.id)

    with monkeypatch.context() as patch:
        before_write(patch, purge)
        with pytest.raises(NotFoundError):
            writer.seal()
    with store._database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.block)) == 0


def test_a_sealing_that_fails_leaves_no_blocks(store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(number: int) -> None:
        if number == 6:
            raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        before_write(patch, fail)
        with pytest.raises(StoreError, match="full"):
            writer.seal()
    with store._database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.block)) == 0
    assert_whole(store, writer.id)
    writer.seal()
    assert store.info(writer.id).state == "sealed"


def test_an_import_is_compressed_before_others_have_to_wait(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[bool] = []
    holding: list[bool] = []
    write, pack = Database.write, seal.block_rows

    def counted(self: Database) -> Iterator[sa.Connection]:
        holding.append(True)
        return write(self)

    def noted(*args: Any) -> Iterator[dict[str, Any]]:
        packed.append(bool(holding))
        return pack(*args)

    monkeypatch.setattr("insole.store.adding.block_rows", noted)
    monkeypatch.setattr(Database, "write", counted)
    store.add(recording(stream(Side.LEFT, 30), stream(Side.RIGHT, 30)))
    assert packed == [False, False]
