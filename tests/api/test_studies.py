from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from api.studies import Studies
from insole.calibration import scaled
from insole.errors import NotFoundError
from insole.recording import Side, Unit
from insole.walker import nominal_calibration
from tests.api.conftest import LAYOUT, recording


class Counting:
    """A store that counts how often it is read."""

    def __init__(self, store):
        self.store = store
        self.reads = 0

    def read(self, of):
        self.reads += 1
        return self.store.read(of)


@pytest.fixture
def counting(store):
    return Counting(store)


def test_a_study_is_made_once_even_for_many_at_the_same_time(counting, store, stored):
    studies, info, together = Studies(counting), store.info(stored), Barrier(4)

    def ask(_):
        together.wait()
        return studies.get(info)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    assert counting.reads == 1
    assert all(f is found[0] for f in found)


def test_the_least_used_study_goes_first(counting, store):
    studies = Studies(counting, kept=2)
    a, b, c = (store.info(store.add(recording(duration_s=3.0))) for _ in range(3))
    for info in (a, b, a, c, a):
        studies.get(info)
    assert counting.reads == 3
    studies.get(b)
    assert counting.reads == 4


def test_a_recording_that_grew_is_studied_again(counting, store, stored):
    studies, info = Studies(counting), store.info(stored)
    studies.get(info)
    studies.get(replace(info, duration_s=info.duration_s + 1))
    assert counting.reads == 2


def test_another_calibration_is_another_study(counting, store):
    of = store.add(recording(unit=Unit.COUNTS))
    studies = Studies(counting)
    before = studies.get(store.info(of)).report
    half = scaled(nominal_calibration(LAYOUT), 0.5, foot="left", made_on=date(2026, 11, 25), method="a test")
    store.set_calibration(of, Side.LEFT, half)
    after = studies.get(store.info(of)).report
    assert after.recording["feet"]["left"]["calibration"]["id"] == half.id
    forces = [r.get("force_mean_n", side=Side.LEFT).value for r in (before, after)]
    assert forces[1] == pytest.approx(forces[0] / 2, rel=1e-5)
    assert counting.reads == 2


def test_a_failure_is_not_kept(counting, store, stored):
    studies, info = Studies(counting), store.info(stored)
    gone = replace(info, id="gone")
    for _ in range(2):
        with pytest.raises(NotFoundError):
            studies.get(gone)
    assert counting.reads == 2


def test_forgetting(counting, store, stored):
    studies, info = Studies(counting), store.info(stored)
    studies.get(info)
    studies.forget(stored)
    studies.get(info)
    assert counting.reads == 2
