from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from api.studies import Studies
from insole.calibration import scaled
from insole.errors import DamagedError
from insole.recording import Side, Unit
from insole.records import Mark, MarkKind
from insole.walker import nominal_calibration
from tests.api.conftest import LAYOUT, recording


class Counting:
    """A store that counts how often it is read."""

    def __init__(self, store):
        self.store = store
        self.marks = store.marks
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


class Broken(Counting):
    """Reads are counted, and fail."""

    def read(self, of):
        super().read(of)
        raise DamagedError("block 3")


def test_a_failure_is_not_kept(store, stored):
    broken = Broken(store)
    studies, info = Studies(broken), store.info(stored)
    for ask in (studies.get, studies.get, studies.report, studies.report):
        with pytest.raises(DamagedError):
            ask(info)
    assert broken.reads == 4


def test_a_report_is_made_once_and_a_study_has_one(counting, store, stored):
    studies, info = Studies(counting, kept_reports=1), store.info(stored)
    assert studies.report(info) is studies.report(info)
    assert counting.reads == 1
    found = studies.get(info)
    assert studies.report(info) is found.report
    assert counting.reads == 2
    studies.forget(stored)
    studies.report(info)
    assert counting.reads == 3


def test_marks_make_another_study_and_notes_do_not(counting, store, stored):
    studies, info = Studies(counting), store.info(stored)
    plain = studies.get(info)
    store.marks.add(stored, Mark(MarkKind.NOTE, 1.0, 1.0, text="spoke"))
    assert studies.get(info) is plain
    mark = store.marks.add(stored, Mark(MarkKind.EXCLUDE, 1.0, 4.0))
    marked = studies.get(info)
    assert marked.report.values != plain.report.values
    store.marks.delete(stored, mark.id)
    assert studies.get(info) is plain
    assert counting.reads == 2


def test_another_mass_or_subject_is_another_study(counting, store, stored):
    studies = Studies(counting)
    reports = [studies.report(store.info(stored)).recording]
    reports += [studies.report(store.recordings.edit(stored, body_mass_kg=90.0)).recording]
    reports += [studies.report(store.recordings.edit(stored, subject_code="P-77")).recording]
    assert [(r["body_mass_kg"], r["subject_code"]) for r in reports] == [(None, "P-001"), (90, "P-001"), (90, "P-77")]
    assert counting.reads == 3


def test_forgetting(counting, store, stored):
    studies, info = Studies(counting), store.info(stored)
    studies.get(info)
    studies.forget(stored)
    studies.get(info)
    assert counting.reads == 2
