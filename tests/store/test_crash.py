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
from tests.store.samples import values
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("acknowledged", [1, 2, 7, 23, 61])
def test_every_acknowledged_append_survives_a_kill(tmp_path: Path, acknowledged: int) -> None:
    """SIGKILL in the midst of appends: whatever was printed is there, bit for bit."""
    command = [sys.executable, "-m", "tests.store.appender", str(tmp_path), "100000"]
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
        _check(before.feet[Side.LEFT].values, Side.LEFT, last)
        assert store.recover() == []
        assert store.info(recording_id).state == "recording"

    killed_at = store._now()
    with Store.open(tmp_path, now=lambda: killed_at + LEASE) as store:
        assert store.recover() == [recording_id]
        assert store.info(recording_id).state == "sealed"
        for side, foot in store.read(recording_id).feet.items():
            _check(foot.values, side, last)
        assert store.recover() == []


def _check(stored: np.ndarray, side: Side, last: int) -> None:
    """Appends 0 to ``last`` whole; one more may have been written and not been printed."""
    n = (last + 1) * SAMPLES
    assert len(stored) in (n, n + SAMPLES)
    assert np.array_equal(stored[:n], values(side, 0, n))
