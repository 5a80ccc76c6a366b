"""Studies of synthetic walks, made once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.recipe import study
from insole.layout import load_layout
from insole.recording import About, Side, Unit
from insole.store import Store
from insole.walker import Gait, Walker

LAYOUT = load_layout("open-insole-16")


def walked(**gait):
    """A recording of a walk of 12 s, the right foot carrying more."""
    chosen = {"duration_s": 12.0, "load_symmetry_index_pct": 10.0, **gait}
    recording = Walker(Gait(**chosen), LAYOUT).recording()
    return replace(recording, about=About(subject_code="P-001", condition="shoe", task="walking", body_mass_kg=70.0))


@pytest.fixture(scope="session")
def walk():
    return study(walked())


@pytest.fixture(scope="session")
def long_walk():
    return study(walked(duration_s=20.0))


@pytest.fixture(scope="session")
def one_foot():
    recording = walked()
    return study(replace(recording, feet={Side.RIGHT: recording.feet[Side.RIGHT]}))


@pytest.fixture(scope="session")
def no_steps():
    return study(walked(stand_s=12.0))


@pytest.fixture(scope="session")
def with_gaps():
    return study(walked(gaps={Side.LEFT: ((5.0, 5.5),)}, dead_sensors={Side.LEFT: (9,)}))


@pytest.fixture(scope="session")
def all_zero():
    recording = walked()
    feet = {s: replace(f, values=np.zeros_like(f.values)) for s, f in recording.feet.items()}
    return study(replace(recording, feet=feet))


def of_other_values(recording, unit, change):
    """The recording with values of another unit and no calibration."""
    feet = {s: replace(f, values=change(f.values), unit=unit) for s, f in recording.feet.items()}
    return study(replace(recording, feet=feet))


@pytest.fixture(scope="session")
def counts():
    return of_other_values(walked(), Unit.COUNTS, lambda kpa: (kpa * 6 + 200).round().astype(np.uint16))


@pytest.fixture(scope="session")
def newtons():
    return of_other_values(walked(), Unit.N, lambda kpa: kpa)


@pytest.fixture(scope="session")
def nothing_measured():
    return of_other_values(walked(), Unit.KPA, lambda kpa: np.full_like(kpa, np.nan))


@pytest.fixture
def info(tmp_path):
    with Store.open(tmp_path) as store:
        return store.info(store.add(walked()))
