from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from insole.recording import Side
from insole.store import Store, check
from insole.store.writer import LEASE
from tests.postgres import Server, programs
from tests.store.appender import SAMPLES
from tests.store.samples import CHANNELS, inertial, recording, stream, values
from tests.support import ROOT

if TYPE_CHECKING:
    from insole.recording import FootStream


@pytest.mark.parametrize(("acknowledged", "channels"), [(1, ()), (2, CHANNELS), (7, ()), (23, CHANNELS), (61, ())])
def test_every_acknowledged_append_survives_a_kill(where: str, acknowledged: int, channels: tuple[str, ...]) -> None:
    """SIGKILL in the midst of appends: whatever was printed is there, bit for bit."""
    command = [sys.executable, "-m", "tests.store.appender", where, "100000", *channels]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        recording_id = process.stdout.readline().strip()
        for _ in range(acknowledged):
            last = process.stdout.readline()
        process.kill()
        rest = process.stdout.read().splitlines()
    last = int((rest or [last])[-1])  # what it printed before the signal arrived

    with Store.open(where) as store:
        before = store.read(recording_id)
        _check(before.feet[Side.LEFT], last, channels)
        assert store.recover() == []
        assert store.info(recording_id).state == "recording"

    killed_at = store._now()
    with Store.open(where, now=lambda: killed_at + LEASE) as store:
        assert store.recover() == [recording_id]
        assert store.info(recording_id).state == "sealed"
        for foot in store.read(recording_id).feet.values():
            _check(foot, last, channels)
        assert store.recover() == []
    assert check(where).is_sound


@pytest.mark.postgres
def test_every_acknowledged_append_survives_the_servers_kill() -> None:
    """The appender is told by an error; the store opens by itself once the server is there again."""
    if programs() is None:
        pytest.skip("needs PostgreSQL's initdb and postgres (Debian: apt install postgresql)")
    server = Server(durable=True)
    try:
        for acknowledged in (3, 17):
            with server.database() as where:
                recording_id, last, errors = _killed_while_appending(server, where, acknowledged)
                assert "the server does not answer" in errors.splitlines()[-1], errors
                server.start()
                with Store.open(where) as store:
                    _check(store.read(recording_id).feet[Side.LEFT], last, ())
                    assert store.info(recording_id).state == "recording"
                assert check(where).is_sound
    finally:
        server.stop()


def _killed_while_appending(server: Server, where: str, acknowledged: int) -> tuple[str, int, str]:
    """The recording, the last append that was printed, and what the appender said of its end."""
    command = [sys.executable, "-m", "tests.store.appender", where, "100000"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        recording_id = process.stdout.readline().strip()
        for _ in range(acknowledged):
            last = process.stdout.readline()
        server.kill()
        rest, errors = process.communicate()
    return recording_id, int((rest.splitlines() or [last])[-1]), errors


@pytest.mark.postgres
def test_a_server_that_was_started_again_is_found_again(postgres: Server) -> None:
    """With connections from before: a page that is asked for afterwards is answered."""
    with postgres.database() as where, Store.open(where) as store:
        one = store.add(recording(stream(Side.LEFT, 3)))
        postgres.restart()
        assert [i.id for i in store.list()] == [one]


def _check(stored: FootStream, last: int, channels: tuple[str, ...]) -> None:
    """Appends 0 to ``last`` whole; one more may have been written and not been printed."""
    n = (last + 1) * SAMPLES
    assert len(stored.values) in (n, n + SAMPLES)
    assert np.array_equal(stored.values[:n], values(stored.side, 0, n))
    assert stored.inertial_channels == channels
    if channels:
        assert stored.inertial is not None
        assert stored.inertial[:n].tobytes() == inertial(stored.side, 0, n, channels=channels).tobytes()
