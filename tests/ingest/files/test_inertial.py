"""Inertial columns of text exports: against published files, and put into our examples."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ingest.files import read
from insole.errors import FormatError
from insole.recording import Recording, Side
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ACC_GYRO = tuple(f"{name}_{axis}_{unit}" for name, unit in (("acc", "g"), ("gyro", "dps")) for axis in "xyz")
MOTICON, LOADSOL = (ROOT / "fixtures" / name for name in ("moticon_walk.txt", "loadsol_walk.txt"))
MOTICON_HEAD, LOADSOL_HEAD = 9, 4


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines(keepends=True)


@pytest.fixture
def reread(tmp_path: Path) -> Callable[[list[str]], Recording]:
    def write_and_read(lines: list[str]) -> Recording:
        path = tmp_path / "walk.txt"
        path.write_bytes("".join(lines).encode())
        return read(path)

    return write_and_read


def with_column(lines: list[str], head: int, names: tuple[str, ...], cells: list[str]) -> list[str]:
    """The file with a column put before the last empty ones: its names in the lines before ``head``, then cells."""
    every = [*names, *cells]
    start = head - len(names)
    out = lines[:start]
    for line, cell in zip(lines[start:], every, strict=True):
        row = line.rstrip("\n")
        ends = len(row) - len(row.rstrip("\t")) if head == LOADSOL_HEAD else 0
        out.append(row[: len(row) - ends] + "\t" + cell + "\t" * ends + "\n")
    return out


def moticon(lines: list[str], name: str, cells: list[str]) -> list[str]:
    return with_column(lines, MOTICON_HEAD, (name,), cells)


def loadsol(lines: list[str], label: str, unit: str, cells: list[str]) -> list[str]:
    return with_column(lines, LOADSOL_HEAD, (label, unit), cells)


def numbers(rows: list[Any], *, missing: str, scale: np.ndarray | float = 1.0) -> np.ndarray:
    """Cells as the files print them, scaled, in float32."""
    values = np.array([[float("nan" if cell == missing else cell) for cell in row] for row in rows])
    return (values * scale).astype(np.float32)


@pytest.mark.shared
@pytest.mark.parametrize("side", Side)
def test_every_cell_of_the_published_moticon_walk(side: Side) -> None:
    path = shared("data/moticon/230927_102114.txt")
    text = path.read_text("utf-8").partition("# time")[2]
    rows = list(csv.DictReader(io.StringIO("time" + text), delimiter="\t"))
    names = [f"{side} {what} {axis}" for what in ("acceleration", "angular") for axis in "XYZ"]
    units = ["[g]"] * 3 + ["[dps]"] * 3
    kept = [row for row in rows if row[f"{side} pressure 1[N/cm²]"]]
    printed = [[row[name + unit] for name, unit in zip(names, units, strict=True)] for row in kept]
    foot = read(path).feet[side]
    assert foot.inertial_channels == ACC_GYRO
    assert foot.inertial is not None
    np.testing.assert_array_equal(foot.inertial, numbers(printed, missing=""))
    assert np.isfinite(foot.inertial).all()
    # standing or walking, gravity is what is felt most of the time
    assert np.median(np.linalg.norm(foot.inertial[:, :3], axis=1)) == pytest.approx(1.0, abs=0.02)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["test_poids", "test_pointe_1_05_02"])
def test_every_cell_of_the_published_loadsol_files(name: str) -> None:
    path = shared(f"data/loadsol/{name}.txt")
    cells = [line.split("\t") for line in path.read_text("ascii").splitlines()[LOADSOL_HEAD:] if line]
    recording = read(path)
    scale = np.array([1.0] * 3 + [180 / np.pi] * 3)
    for side, first in ((Side.LEFT, 6), (Side.RIGHT, 18)):
        foot = recording.feet[side]
        printed = numbers([row[first : first + 6] for row in cells], missing="-", scale=scale)
        assert foot.inertial_channels == ACC_GYRO
        np.testing.assert_array_equal(foot.inertial, printed[foot.sample])
        assert np.isfinite(foot.inertial).all(), "where a packet was lost, forces and inertial values are"
    assert not any("inertial" in note for note in recording.about.notes)


@pytest.mark.shared
def test_a_quiet_stand_feels_one_g_and_does_not_turn() -> None:
    for foot in read(shared("data/loadsol/test_poids.txt")).feet.values():
        assert foot.inertial is not None
        assert np.median(np.linalg.norm(foot.inertial[:, :3], axis=1)) == pytest.approx(1.0, abs=0.02)
        assert np.median(np.linalg.norm(foot.inertial[:, 3:], axis=1)) < 2.0


@pytest.mark.shared
def test_every_cell_of_the_published_stappone_file() -> None:
    path = shared("data/stappone/stappone_example.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("ascii"))))
    names = [f"{what}_{axis}" for what in ("accel", "gyro", "magn") for axis in "xyz"]
    (foot,) = read(path).feet.values()
    assert foot.inertial_channels == tuple(f"{q}_{axis}_counts" for q in ("acc", "gyro", "mag") for axis in "xyz")
    np.testing.assert_array_equal(foot.inertial, np.array([[int(row[name]) for name in names] for row in rows]))
    assert not foot.inertial[:, 6:].any(), "the magnetometer of that file is silent"


def test_blank_moticon_cells_beside_pressures_are_missing(reread: Callable[[list[str]], Recording]) -> None:
    lines = lines_of(MOTICON)
    cells = [f"{i / 8}" for i in range(250)]
    cells[100] = ""
    lines = moticon(lines, "right angular Z[dps]", cells)
    lines = moticon(lines, "right acceleration Y[m/s²]", ["9.80665"] * 250)
    right = reread(lines).feet[Side.RIGHT]
    assert right.inertial_channels == ("acc_y_g", "gyro_z_dps"), "in our order, whatever the file's"
    assert right.inertial is not None
    assert np.isnan(right.inertial[100]).tolist() == [False, True]
    np.testing.assert_array_equal(np.delete(right.inertial[:, 1], 100), np.delete(np.arange(250) / 8, 100))
    np.testing.assert_array_equal(right.inertial[:, 0], np.ones(250))
    assert reread(lines).feet[Side.LEFT].inertial is None


def test_inertial_values_without_pressures_make_no_sample(reread: Callable[[list[str]], Recording]) -> None:
    """The left insole of the example starts 50 lines late."""
    recording = reread(moticon(lines_of(MOTICON), "left acceleration X[g]", ["1"] * 250))
    left = recording.feet[Side.LEFT]
    assert (int(left.sample[0]), len(left.sample)) == (50, 200)
    assert left.inertial.shape == (200, 1)
    assert "50 lines of the left foot hold inertial values only; they are gaps" in recording.about.notes


def test_loadsol_rotations_become_degrees(reread: Callable[[list[str]], Recording]) -> None:
    cells = [f"{i / 100}" for i in range(600)]
    cells[7] = "-"
    lines = loadsol(lines_of(LOADSOL), "P0V000-R::zGyro", "[rad/s]", cells)
    right = reread(lines).feet[Side.RIGHT]
    assert right.inertial_channels == ("gyro_z_dps",)
    expected = np.degrees(np.arange(600) / 100)
    expected[7] = np.nan
    np.testing.assert_allclose(right.inertial[:, 0], expected, rtol=1e-6)
    assert reread(lines).feet[Side.LEFT].inertial is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [("x", "holds 'x'"), ("nan", "holds 'nan'"), ("1e308", "not an acceleration"), ("-100001", "not an acceleration")],
)
def test_damage_is_refused_at_its_line(cell: str, words: str, reread: Callable[[list[str]], Recording]) -> None:
    for lines, head in (
        (moticon(lines_of(MOTICON), "right angular X[rad/s]", ["0"] * 99 + [cell] + ["0"] * 150), MOTICON_HEAD),
        (loadsol(lines_of(LOADSOL), "P0V000-L::xAcc", "[g]", ["0"] * 99 + [cell] + ["0"] * 500), LOADSOL_HEAD),
    ):
        with pytest.raises(FormatError, match=words) as e:
            reread(lines)
        assert e.value.line == head + 100


def test_an_unknown_unit_is_refused(reread: Callable[[list[str]], Recording]) -> None:
    with pytest.raises(FormatError, match="'furlong' is not a unit of acceleration") as e:
        reread(moticon(lines_of(MOTICON), "left acceleration X[furlong]", ["1"] * 250))
    assert e.value.line == MOTICON_HEAD
    with pytest.raises(FormatError, match="'rpm' is not a unit of rotation rate") as e:
        reread(loadsol(lines_of(LOADSOL), "P0V000-L::xGyro", "[rpm]", ["1"] * 600))
    assert e.value.line == LOADSOL_HEAD


def test_a_column_that_stands_there_twice_is_refused(reread: Callable[[list[str]], Recording]) -> None:
    once = moticon(lines_of(MOTICON), "left acceleration X[g]", ["1"] * 250)
    with pytest.raises(FormatError, match="stands there twice"):
        reread(moticon(once, "left acceleration X[g]", ["1"] * 250))
    once = loadsol(lines_of(LOADSOL), "P0V000-L::xAcc", "[g]", ["1"] * 600)
    with pytest.raises(FormatError, match="two columns"):
        reread(loadsol(once, "P0V000-L::xAcc", "[g]", ["1"] * 600))


def test_stappone_cells_may_be_blank_and_columns_missing(tmp_path: Path) -> None:
    rows = [line.split(",") for line in lines_of(ROOT / "fixtures" / "stappone_walk.csv")]
    gyro = rows[0].index("gyro_x")
    line = next(i for i, row in enumerate(rows) if row[0] == "1" and i > 100)
    rows[line][gyro] = ""
    path = tmp_path / "walk.csv"
    path.write_text("".join(",".join(row) for row in rows))
    left, right = read(path).feet.values()
    assert np.isnan(left.inertial).sum() == 1
    assert not np.isnan(right.inertial).any()
    keep = [i for i, name in enumerate(rows[0]) if not name.startswith(("accel", "gyro", "magn"))]
    path.write_text("".join(",".join(row[i] for i in keep) for row in rows))
    recording = read(path)
    assert all(foot.inertial is None for foot in recording.feet.values())
    assert not any("scale" in note for note in recording.about.notes)
