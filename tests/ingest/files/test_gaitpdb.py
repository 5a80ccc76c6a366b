"""gaitpdb walks: our example, six published walks, and what goes wrong in files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.build import EXAMPLES
from ingest.files import read
from insole.errors import FormatError
from insole.recording import Side, Unit
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "gaitpdb_walk.txt"


@pytest.fixture
def lines() -> list[str]:
    return EXAMPLE.read_bytes().decode("ascii").splitlines(keepends=True)


@pytest.fixture
def reread(tmp_path: Path):
    def write_and_read(lines: list[str], name: str = "walk.txt"):
        path = tmp_path / name
        path.write_bytes("".join(lines).encode("ascii"))
        return read(path)

    return write_and_read


def test_every_value_of_the_example_is_read():
    recording = read(EXAMPLE)
    example = next(e for e in EXAMPLES if e.name == EXAMPLE.name)
    for side, values in example.values().items():
        foot = recording.feet[side]
        np.testing.assert_allclose(foot.values, values, rtol=0, atol=1e-4)
        assert foot.values.dtype == np.float32
        assert foot.unit is Unit.N
        assert np.isnan(foot.layout.area_mm2).all()
        np.testing.assert_allclose(foot.time_s, np.arange(2000) / 100, atol=1e-9)
    assert recording.started_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert recording.about.body_mass_kg is None
    assert recording.about.subject_code == ""


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows", "left_n", "right_n"),
    [
        ("GaCo02_01", 12119, 443.0, 447.1),
        ("GaPt14_01", 12119, 558.2, 435.0),
        ("JuCo02_01", 4034, 517.7, 511.5),
        ("JuPt01_01", 8228, 346.9, 327.3),
        ("SiCo01_01", 12119, 360.8, 349.7),
        ("SiPt02_01", 12119, 471.4, 482.0),
    ],
)
def test_published_walks(name: str, rows: int, left_n: float, right_n: float):
    recording = read(shared(f"data/gaitpdb/{name}.txt"))
    for side, mean_n in ((Side.LEFT, left_n), (Side.RIGHT, right_n)):
        foot = recording.feet[side]
        # the known means leave out the first and the last 10 s
        assert foot.values[1000:-1000].sum(axis=1, dtype=float).mean() == pytest.approx(mean_n, abs=0.05)
        np.testing.assert_array_equal(foot.sample, np.arange(rows))
        assert foot.missing_samples == 0
    assert recording.about.subject_code == name[:6]
    assert recording.about.task == "walking"
    assert recording.about.condition == ""


@pytest.mark.parametrize(
    ("name", "subject", "dual"),
    [
        ("GaPt14_10.txt", "GaPt14", True),
        ("JuPt01_10.txt", "JuPt01", False),
        ("GaCo02_01.txt", "GaCo02", False),
        ("XxCo02_01.txt", "", False),
        ("Erika Mustermann.txt", "", False),
    ],
)
def test_the_name_gives_subject_and_task(name: str, subject: str, dual: bool, lines: list[str], reread):
    about = reread(lines, name).about
    assert about.subject_code == subject
    assert about.condition.startswith("dual task") == dual


def test_a_left_out_line_is_a_gap(lines: list[str], reread):
    del lines[500:510]
    foot = reread(lines).feet[Side.RIGHT]
    assert foot.missing_samples == 10
    assert len(foot.sample) == 1990


def test_the_last_line_may_lack_its_end(lines: list[str], reread):
    lines[-1] = lines[-1].rstrip("\r\n")
    assert len(reread(lines).feet[Side.LEFT].sample) == 2000


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        (2, "9.99", "sensors sum to"),
        (18, "1", "columns 18 and 19"),
        (19, "", "column 19 holds ''"),
        (5, "-1", "not a force"),
        (5, "20000", "not a force"),
        (5, "1_0", "'1_0'"),
        (5, "Infinity", "'Infinity'"),
        (1, "0.9899", "not a frame time"),
        (1, "1.0051", "not a frame time"),
        (1, "1e9", "not a frame time"),
        (1, "1e308", "not a frame time"),
        (1, "-1", "not a frame time"),
        (3, "1\t1", "20 columns"),
    ],
)
def test_damage_is_refused_at_its_line(column: int, cell: str, words: str, lines: list[str], reread):
    cells = lines[100].rstrip("\r\n").split("\t")
    cells[column - 1] = cell
    lines[100] = "\t".join(cells) + "\r\n"
    with pytest.raises(FormatError, match=words) as e:
        reread(lines)
    assert e.value.line == 101


def test_every_cut_within_the_last_line_is_refused(lines: list[str], reread):
    few, last = lines[:20], lines[20].rstrip("\r\n")
    assert last.endswith("\t0"), "the shorter the last number, the less a cut of it shows"
    for length in range(1, len(last)):
        with pytest.raises(FormatError) as e:
            reread([*few, last[:length]])
        assert e.value.line == 21


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_cut_last_number_shows_in_the_total(cut: int, lines: list[str], reread):
    row = next(i for i, line in enumerate(lines) if line.rstrip()[-3] == ".")
    with pytest.raises(FormatError, match="columns 18 and 19"):
        reread([*lines[:row], lines[row].rstrip()[:-cut]])


def test_an_empty_line_within_is_refused(lines: list[str], reread):
    lines.insert(7, "\r\n")
    with pytest.raises(FormatError, match="1 columns") as e:
        reread(lines)
    assert e.value.line == 8


def test_a_control_character_in_a_cell_is_no_accident_of_ours(lines: list[str], reread):
    lines[50] = lines[50].replace("\t", "\x1d\t", 1)
    lines[100] = "x" + lines[100]
    with pytest.raises(FormatError, match="column 1 holds") as e:
        reread(lines)
    assert e.value.line == 51
