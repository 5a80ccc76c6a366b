from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from insole.recording import About, Side
from insole.store import Store
from tests.store.appender import SAMPLES
from tests.store.conftest import ONLY_POSTGRES
from tests.store.samples import STARTED_AT, both, chunk, values
from tests.support import ROOT

if TYPE_CHECKING:
    import pytest


def test_processes_open_write_and_read_one_new_store_together(where: str) -> None:
    """Three writers create and migrate the same store at once while this process reads: no lock error anywhere."""
    command = [sys.executable, "-m", "tests.store.appender", where, "20"]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    with Store.open(where) as store:
        while any(process.poll() is None for process in started):
            for info in store.list():
                if info.sides:
                    _check_a_prefix(store.read(info.id).feet[Side.LEFT].values)
        for process in started:
            out, err = process.communicate()
            assert (process.returncode, err) == (0, "")
            assert out.splitlines()[1:] == [str(i) for i in range(20)]
        assert sorted(i.state for i in store.list()) == ["sealed"] * 3


def _check_a_prefix(stored: np.ndarray) -> None:
    assert len(stored) % SAMPLES == 0
    assert np.array_equal(stored[-1:], values(Side.LEFT, len(stored) - 1, 1))


def test_threads_share_a_store(store: Store) -> None:
    """A writer appends while others read it and write their own."""
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(Side.LEFT, 0, 5)])

    def append(i: int) -> int:
        writer.append([chunk(Side.LEFT, 5 * i, 5)])
        return 0

    def look(_: int) -> int:
        own = store.begin(STARTED_AT, About(), both())
        own.append([chunk(Side.RIGHT, 0, 5)])
        own.seal()
        return len(store.read(writer.id).feet[Side.LEFT].sample)

    with ThreadPoolExecutor(8) as pool:
        seen = [*pool.map(append, range(1, 31)), *pool.map(look, range(30))]
        seen = [n for n in seen if n]
    assert all(n % 5 == 0 for n in seen)
    writer.seal()
    assert np.array_equal(store.read(writer.id).feet[Side.LEFT].values, values(Side.LEFT, 0, 155))
    assert len(store.list()) == 31


@ONLY_POSTGRES
def test_hosts_whose_clocks_differ_agree_on_who_is_alive(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour fast: by its own clock it would seal what another is recording."""
    with Store.open(where) as store:
        writer = store.begin(STARTED_AT, About(), both())
        writer.append([chunk(Side.LEFT, 0, 5)])
        monkeypatch.setattr("insole.store.engine._utc_now", lambda: datetime.now(UTC) + timedelta(hours=1))
        with Store.open(where) as fast:
            assert fast.recover() == []
            assert fast.begin(STARTED_AT, About(), both())
        monkeypatch.undo()
        assert store.info(writer.id).state == "recording"
        assert store.recover() == []
