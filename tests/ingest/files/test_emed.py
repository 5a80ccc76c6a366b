"""emed steps: a published one with another program's numbers, and what goes wrong in files."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from ingest.files import read
from ingest.files._footprint import bend, heel_below, in_foot_frame, loaded_box
from insole.recording import FootStream, Side, Unit
from tests.support import shared


def force_n(foot: FootStream) -> np.ndarray:
    return foot.values.astype(float) @ foot.layout.area_mm2 * 1e-3


@pytest.mark.shared
def test_every_picture_of_a_published_step_is_that_of_another_program():
    recording = read(shared("data/emed/emed_test.lst"))
    (foot,) = recording.feet.values()
    with shared("reference/pressuRe/curve_emed.csv").open() as file:
        rows = list(csv.DictReader(file))
    theirs = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    area_cm2 = (foot.values > 0) @ foot.layout.area_mm2 / 100
    np.testing.assert_allclose(force_n(foot), theirs["force_N"], rtol=0, atol=1e-6)
    np.testing.assert_array_equal(foot.values.max(axis=1), theirs["peak_kPa"])
    np.testing.assert_allclose(area_cm2, theirs["area_cm2"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(foot.time_s, theirs["time_s"], rtol=0, atol=1e-9)


@pytest.mark.shared
def test_the_foot_and_peaks_of_a_published_step():
    with shared("reference/pressuRe/scalars.csv").open() as file:
        theirs = {row["metric"]: row["value"] for row in csv.DictReader(file)}
    recording = read(shared("data/emed/emed_test.lst"))
    ((side, foot),) = recording.feet.items()
    assert side.upper() == theirs["side"]
    assert force_n(foot).max() == pytest.approx(float(theirs["max_force"]), abs=1e-6)
    assert foot.values.max() == float(theirs["max_peak_pressure"])
    assert ((foot.values > 0) @ foot.layout.area_mm2).max() == pytest.approx(100 * float(theirs["max_area"]))
    assert foot.unit is Unit.KPA
    assert foot.layout.platform
    assert foot.layout.length_mm == 270
    assert recording.about.task == "platform step"
    assert any("right foot" in note for note in recording.about.notes)


@pytest.mark.shared
def test_regions_of_a_published_step_are_near_those_of_another_program():
    """Its borders start as the same lines and bend along low pressure: areas differ by up to 6 % of the foot."""
    (foot,) = read(shared("data/emed/emed_test.lst")).feet.values()
    with shared("reference/pressuRe/mask_sensor_fraction_emed_automask_simple.csv").open() as file:
        theirs = np.array([[float(v) for v in list(row.values())[1:]] for row in csv.DictReader(file)])
    loaded = (foot.values > 0).any(axis=0)
    assert loaded.sum() == len(theirs)
    ours = foot.layout.masks["zones3"].weight[:, loaded].sum(axis=1)
    np.testing.assert_allclose(ours, theirs.sum(axis=0), atol=0.06 * len(theirs))


def step(rows: int = 30) -> np.ndarray:
    """A right foot, toes in the first row: heel and forefoot at the left, midfoot at the right; heel first."""
    foot = np.zeros((rows, 12))
    foot[: rows // 3, 1:8] = 1
    foot[rows // 3 : 2 * rows // 3, 6:9] = 1
    foot[2 * rows // 3 :, 2:7] = 1
    nearness = np.abs(np.linspace(rows, 0, 40)[:, None] - np.arange(rows)) < 8
    return 100 * nearness[:, :, None] * foot


@pytest.mark.parametrize(
    ("turn", "side"),
    [
        (lambda kpa: kpa, Side.RIGHT),
        (lambda kpa: kpa[:, ::-1, ::-1], Side.RIGHT),
        (lambda kpa: kpa[..., ::-1], Side.LEFT),
        (lambda kpa: kpa[:, ::-1], Side.LEFT),
    ],
    ids=["right", "right, walked down", "left", "left, walked down"],
)
def test_side_and_direction_are_found_in_all_four_poses(turn, side: Side):
    kpa, found, notes = in_foot_frame(turn(step()))
    assert found is side
    assert len(notes) == 1
    np.testing.assert_array_equal(kpa, step()[:, ::-1, ::-1])


def test_a_stand_and_a_flat_foot_are_noted():
    _, _, notes = in_foot_frame(np.ones((10, 30, 8)))
    assert len(notes) == 3
    assert "other one" in notes[1]
    assert "heel to toes" in notes[2]


def test_footprint_helpers_on_little():
    assert loaded_box(np.zeros((3, 5, 5))).size == 0
    assert loaded_box(np.pad(np.ones((1, 2, 3)), ((0, 0), (4, 1), (2, 2)))).shape == (1, 2, 3)
    assert bend(np.ones((2, 2), bool)) == 0
    assert heel_below(np.ones((1, 3, 3))) is None
    assert heel_below(step()) is True
