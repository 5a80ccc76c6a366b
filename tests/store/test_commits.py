"""Appends that wait together share a transaction; each is on the disk or refused as if it were alone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sqlalchemy import event

from insole.errors import StoreError
from insole.recording import About, Side
from insole.store.commits import Commits
from tests.store.samples import STARTED_AT, both, chunk, values

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from insole.store import Store, Writer

WRITERS = 20


def begun(store: Store, n: int = WRITERS) -> list[Writer]:
    return [store.begin(STARTED_AT, About(), both()) for _ in range(n)]


def commits_of(store: Store) -> list[object]:
    """A list that grows with each transaction."""
    seen: list[object] = []
    event.listen(store._database._engine, "commit", seen.append)
    return seen


def together(store: Store, work: list[Callable[[], Any]], monkeypatch: pytest.MonkeyPatch) -> list[Exception | None]:
    """Do the first, and while it is being written ask for the others; what each raised."""
    being_written, go_on = threading.Event(), threading.Event()
    write, wait_for = Commits._write, threading.Condition.wait_for
    waiting = threading.Semaphore(0)

    def hold(self: Commits, connection: sa.Connection, appends: Any) -> Any:
        if not being_written.is_set():
            being_written.set()
            assert go_on.wait(60)
        return write(self, connection, appends)

    def count(self: threading.Condition, *args: Any) -> bool:
        waiting.release()  # it stands in the queue, and holds its lock until it sleeps
        return wait_for(self, *args)

    def outcome(one: Callable[[], Any]) -> Exception | None:
        try:
            one()
        except StoreError as e:
            return e
        return None

    monkeypatch.setattr(Commits, "_write", hold)
    monkeypatch.setattr(threading.Condition, "wait_for", count)
    with ThreadPoolExecutor(len(work)) as pool:
        futures = [pool.submit(outcome, work[0])]
        assert being_written.wait(60)
        futures += [pool.submit(outcome, one) for one in work[1:]]
        for _ in work:
            assert waiting.acquire(timeout=60)
        with store._commits._ready:  # the last of them sleeps
            pass
        go_on.set()
        return [future.result() for future in futures]


def test_those_who_wait_share_a_transaction(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    writers, commits = begun(store), commits_of(store)
    before = len(commits)
    work = [lambda w=w: w.append([chunk(side, 0, 50) for side in Side]) for w in writers]
    assert together(store, work, monkeypatch) == [None] * WRITERS
    assert len(commits) - before == 2, "the first, then all the others"
    for writer in writers:
        for side, foot in store.read(writer.id).feet.items():
            assert np.array_equal(foot.values, values(side, 0, 50))
        assert store.info(writer.id).samples == dict.fromkeys(Side, 50)


def test_who_is_refused_takes_nobody_along(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    writers = begun(store, 6)
    writers[2].seal()
    store.recordings.delete(writers[4].id)
    work = [lambda w=w: w.append([chunk(Side.LEFT, 0, 50)]) for w in writers]
    outcomes = together(store, work, monkeypatch)
    assert [i for i, error in enumerate(outcomes) if error] == [2, 4]
    assert all("no longer open" in str(outcomes[i]) and writers[i].id in str(outcomes[i]) for i in (2, 4))
    assert [len(store.read(writers[i].id).feet[Side.LEFT].sample) for i in (0, 1, 3, 5)] == [50] * 4


def test_where_a_transaction_fails_each_is_tried_by_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    writers = begun(store, 6)
    bad = writers[3].id
    write = Commits._write

    def fails_for_one(self: Commits, connection: sa.Connection, appends: Any) -> Any:
        done = write(self, connection, appends)
        if bad in {a.recording_id for a in appends}:
            raise StoreError("the disk is full for this one")
        return done

    monkeypatch.setattr(Commits, "_write", fails_for_one)
    outcomes = together(store, [lambda w=w: w.append([chunk(Side.LEFT, 0, 50)]) for w in writers], monkeypatch)
    assert [str(error) for error in outcomes if error] == ["the disk is full for this one"]
    assert store.info(bad).samples[Side.LEFT] == 0
    monkeypatch.setattr(Commits, "_write", write)
    writers[3].append([chunk(Side.LEFT, 0, 50)])  # and may try again
    assert [store.info(w.id).samples[Side.LEFT] for w in writers] == [50] * 6


def test_an_interrupted_writer_leaves_the_others_their_turn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Ctrl-C does in the thread that writes for all."""
    first, second = begun(store, 2)
    write, struck = Commits._write, []

    def interrupted(self: Commits, connection: sa.Connection, appends: Any) -> Any:
        if not struck:
            struck.append(True)
            raise KeyboardInterrupt
        return write(self, connection, appends)

    monkeypatch.setattr(Commits, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        first.append([chunk(Side.LEFT, 0, 50)])
    second.append([chunk(Side.LEFT, 0, 50)])
    first.append([chunk(Side.LEFT, 0, 50)])
    assert [store.info(w.id).samples[Side.LEFT] for w in (first, second)] == [50, 50]


def test_many_threads_write_at_once_and_nobody_is_refused(store: Store) -> None:
    """Also beginning and sealing, which are transactions of their own."""

    def record(_: int) -> str:
        writer = store.begin(STARTED_AT, About(), both())
        for i in range(5):
            writer.append([chunk(side, 10 * i, 10) for side in Side])
        writer.seal()
        return writer.id

    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(record, range(32)))
    for one in ids:
        assert np.array_equal(store.read(one).feet[Side.RIGHT].values, values(Side.RIGHT, 0, 50))
