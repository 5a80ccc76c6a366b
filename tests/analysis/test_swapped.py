"""Sensors whose channels were exchanged."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.recipe import analyse, study
from analysis.swapped import swapped_sensors
from ingest.files import read
from insole.layout import load_layout
from insole.recording import Side
from insole.walker import Gait, Walker
from tests.analysis import made
from tests.support import shared

LAYOUT = load_layout("open-insole-16")
Y = LAYOUT.xy_mm[:, 1]


def exchanged(i: int, k: int, noise_kpa: float = 2.0) -> object:
    order = np.arange(LAYOUT.n_sensors)
    order[[i, k]] = k, i
    walk = Walker(Gait(duration_s=15.0, noise_kpa=noise_kpa), LAYOUT).recording()
    return made.changed(walk, values=lambda f: f.values[:, order])


@pytest.mark.parametrize("pair", [(0, 8), (1, 12), (2, 9), (3, 13)])
def test_a_heel_sensor_in_a_forefoot_sensors_place_is_found(pair: tuple[int, int]) -> None:
    assert abs(Y[pair[0]] - Y[pair[1]]) > 100
    report = analyse(exchanged(*pair))  # type: ignore[arg-type]
    said = [c for c in report.caveats if c.code == "swapped_sensors"]
    assert {c.side for c in said} == set(Side)
    assert all(f"sensors {pair[0] + 1} and {pair[1] + 1} load" in c.text for c in said)


@pytest.mark.parametrize("noise_kpa", [0.0, 5.0])
def test_a_whole_insole_has_no_exchanged_sensors(noise_kpa: float) -> None:
    found = study(Walker(Gait(duration_s=15.0, noise_kpa=noise_kpa), LAYOUT).recording())
    assert [swapped_sensors(foot, found.steps[s]) for s, foot in found.walk.feet.items()] == [[], []]


@pytest.mark.shared
def test_real_walks_have_none_and_an_exchange_in_one_is_found() -> None:
    for name in ("pedar/pedar_example.asc", "gaitpdb/GaPt14_01.txt", "gaitpdb/JuPt01_01.txt"):
        found = study(read(shared(f"data/{name}")))
        assert [swapped_sensors(foot, found.steps[s]) for s, foot in found.walk.feet.items()] == [[], []]
    order = np.arange(99)
    order[[8, 70]] = 70, 8  # a heel sensor and a metatarsal one
    walk = made.changed(read(shared("data/pedar/pedar_example.asc")), values=lambda f: f.values[:, order])
    found = study(walk)
    assert swapped_sensors(found.walk.feet[Side.RIGHT], found.steps[Side.RIGHT]) == [(8, 70)]
