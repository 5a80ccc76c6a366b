from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from insole.recording import Side
from insole.store import Store
from insole.store.writer import LEASE
from tests.store.appender import SAMPLES
from tests.store.samples import CHANNELS, inertial, values
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from insole.recording import FootStream


@pytest.mark.parametrize(("acknowledged", "channels"), [(1, ()), (2, CHANNELS), (7, ()), (23, CHANNELS), (61, ())])
def test_every_acknowledged_append_survives_a_kill(
    tmp_path: Path, acknowledged: int, channels: tuple[str, ...]
) -> None:
    """SIGKILL in the midst of appends: whatever was printed is there, bit for bit."""
    command = [sys.executable, "-m", "tests.store.appender", str(tmp_path), "100000", *channels]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        recording_id = process.stdout.readline().strip()
        for _ in range(acknowledged):
            last = process.stdout.readline()
        process.kill()
        rest = process.stdout.read().splitlines()
    last = int((rest or [last])[-1])  # what it printed before the signal arrived

    with Store.open(tmp_path) as store:
        before = store.read(recording_id)
        _check(before.feet[Side.LEFT], last, channels)
        assert store.recover() == []
        assert store.info(recording_id).state == "recording"

    killed_at = store._now()
    with Store.open(tmp_path, now=lambda: killed_at + LEASE) as store:
        assert store.recover() == [recording_id]
        assert store.info(recording_id).state == "sealed"
        for foot in store.read(recording_id).feet.values():
            _check(foot, last, channels)
        assert store.recover() == []


def _check(stored: FootStream, last: int, channels: tuple[str, ...]) -> None:
    """Appends 0 to ``last`` whole; one more may have been written and not been printed."""
    n = (last + 1) * SAMPLES
    assert len(stored.values) in (n, n + SAMPLES)
    assert np.array_equal(stored.values[:n], values(stored.side, 0, n))
    assert stored.inertial_channels == channels
    if channels:
        assert stored.inertial is not None
        assert stored.inertial[:n].tobytes() == inertial(stored.side, 0, n, channels=channels).tobytes()
