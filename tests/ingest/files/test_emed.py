"""emed steps: a published one with another program's numbers, and what goes wrong in files."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.grids import MATRICES
from ingest.files import read
from ingest.files._footprint import bend, heel_below, in_foot_frame, loaded_box
from insole.errors import FormatError
from insole.recording import FootStream, Side, Unit
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "emed_step.lst"


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


@pytest.fixture
def lines() -> list[str]:
    return [f"{line}\n" for line in EXAMPLE.read_bytes().decode("latin-1").split("\n")[:-1]]


@pytest.fixture
def reread(tmp_path: Path):
    def write_and_read(lines: list[str]):
        path = tmp_path / "step.lst"
        path.write_bytes("".join(lines).encode("latin-1"))
        return read(path)

    return write_and_read


def test_every_value_of_the_example_is_read():
    matrix = next(m for m in MATRICES if m.name == EXAMPLE.name)
    (foot,) = read(EXAMPLE).feet.values()
    expected = loaded_box(matrix.matrices(Side.LEFT))
    np.testing.assert_array_equal(foot.values, expected.reshape(len(expected), -1))
    assert foot.side is Side.LEFT
    np.testing.assert_allclose(foot.time_s, np.arange(23) * 0.03, atol=1e-9)


def test_a_persons_name_is_not_kept(lines: list[str], reread):
    found = reread([line.replace("synthetic_step", "Erika Mustermann") for line in lines])
    assert "Mustermann" not in repr(found.about)


def test_pages_of_maxima_are_left_out(lines: list[str], reread):
    start = next(i for i, line in enumerate(lines) if "Page 23" in line) - 1
    page = "".join(lines[start:-1]).replace("Pict-No.: 23", "MPP")
    found = reread([*lines[:-1], page])
    (foot,) = found.feet.values()
    assert len(foot.sample) == 23


FIRST_ROW = 11
"""Line of the first page's first row."""


def replace_in(line: int, old: str, new: str):
    def change(lines: list[str]) -> None:
        assert old in lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new, 1)

    return change


def drop(first: int, last: int):
    def change(lines: list[str]) -> None:
        del lines[first - 1 : last]

    return change


def again(lines: list[str]) -> None:
    lines[-1:] = lines[:-1]


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (replace_in(8, "Pict-No.: 1", "Pict-No.: 2"), 1, "number 1"),
        (replace_in(8, "Pict-No.", "Pict"), 1, "no picture number"),
        (replace_in(5, "1.00 cm", "7.00 cm"), 1, "not the header of a plate"),
        (replace_in(5, "30.0 ms", "0.0 ms"), 1, "not the header of a plate"),
        (replace_in(10, "\t21", "\t27"), 1, "not the header of a plate"),
        (replace_in(10, "Force", ""), 1, "no row of column numbers"),
        (replace_in(FIRST_ROW, "\t0.00", "\tx"), FIRST_ROW, "column 2 holds 'x'"),
        (replace_in(FIRST_ROW, "\t0.00", "\t25.00"), FIRST_ROW, "the file gives 0 N"),
        (replace_in(FIRST_ROW, "\t0.00", "\t-5.00"), FIRST_ROW, "not a pressure"),
        (replace_in(FIRST_ROW, "\t0.00", ""), FIRST_ROW, "columns"),
        (drop(FIRST_ROW + 3, FIRST_ROW + 3), FIRST_ROW + 3, "not the next row"),
        (drop(FIRST_ROW + 27, FIRST_ROW + 27), FIRST_ROW, "row 'Force'"),
        (again, None, "several steps"),
    ],
)
def test_damage_is_refused_at_its_line(change, line: int | None, words: str, lines: list[str], reread):
    change(lines)
    with pytest.raises(FormatError, match=words) as e:
        reread(lines)
    assert line is None or e.value.line == line


def test_a_missing_page_is_refused(lines: list[str], reread):
    starts = [i for i, line in enumerate(lines) if "\f" in line]
    with pytest.raises(FormatError, match="pages are missing"):
        reread(lines[: starts[4]] + lines[starts[5] :])


def test_a_step_without_load_is_refused(lines: list[str], reread):
    empty = "".join(lines[: FIRST_ROW + 28])
    with pytest.raises(FormatError, match="no cell is loaded"):
        reread([empty])
