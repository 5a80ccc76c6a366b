"""loadsol exports: our example, two published ones, and what goes wrong in files."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.build import EXAMPLES
from ingest.files import read
from insole.errors import FormatError
from insole.recording import NO_DATE, Side, Unit
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "loadsol_walk.txt"
HEAD = 4
LOST = ["-1.000"] * 3 + ["0.000"]


@pytest.fixture
def lines() -> list[str]:
    return EXAMPLE.read_text("ascii").splitlines(keepends=True)


@pytest.fixture
def reread(tmp_path: Path):
    def write_and_read(lines: list[str]):
        path = tmp_path / "walk.txt"
        path.write_bytes("".join(lines).encode())
        return read(path)

    return write_and_read


def put(lines: list[str], row: int, column: int, *cells: str) -> None:
    """Replace cells of a line of values, from a column (both from 0)."""
    row += HEAD
    old = lines[row].rstrip("\n").split("\t")
    old[column : column + len(cells)] = cells
    lines[row] = "\t".join(old) + "\n"


def columns(lines: list[str], keep: list[int]) -> list[str]:
    """The file with these columns only."""
    rows = [line.rstrip("\n").split("\t") for line in lines[2:]]
    return [*lines[:2], *("\t".join([*(row[i] for i in keep), "", ""]) + "\n" for row in rows)]


def test_every_value_of_the_example_is_read():
    recording = read(EXAMPLE)
    for side, force_n in next(e for e in EXAMPLES if e.name == EXAMPLE.name).values().items():
        foot = recording.feet[side]
        np.testing.assert_array_equal(foot.values, force_n)
        np.testing.assert_array_equal(foot.sample, np.arange(600))
        np.testing.assert_allclose(foot.time_s, foot.sample / 100, atol=1e-9)
        assert (foot.unit, foot.rate_hz, foot.layout.name) == (Unit.N, 100, "loadsol-3")
    assert recording.started_at == datetime(2025, 3, 6, 9, 30, 0, 250_000, tzinfo=UTC)
    assert not any("hold no values" in note or "carry the time" in note for note in recording.about.notes)


@pytest.mark.shared
def test_a_quiet_stand_weighs_what_the_force_plate_says():
    recording = read(shared("data/loadsol/test_poids.txt"))
    left, right = recording.feet.values()
    assert recording.started_at == datetime(2024, 1, 17, 14, 48, 48, 148_000, tzinfo=UTC)
    _, i, j = np.intersect1d(left.sample, right.sample, return_indices=True)
    total_n = left.values[i].sum(axis=1) + right.values[j].sum(axis=1)
    assert np.median(total_n) == pytest.approx(560.8, rel=0.01), "the force plate"
    # With the lost packets counted as zero, as the file prints them, it is the known 561.3 N.
    printed_n = np.zeros(1094)
    for foot in (left, right):
        printed_n[foot.sample] += foot.values.sum(axis=1)
    assert np.median(printed_n) == pytest.approx(561.3, abs=0.05)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows", "lost", "moved"),
    [("test_poids", 1094, (91, 178), (16, 27)), ("test_pointe_1_05_02", 6836, (742, 813), (93, 82))],
)
def test_published_files(name: str, rows: int, lost: tuple[int, int], moved: tuple[int, int]):
    path = shared(f"data/loadsol/{name}.txt")
    recording = read(path)
    cells = [line.split("\t") for line in path.read_text("ascii").splitlines()[HEAD:] if line]
    for foot, missing, late, first in zip(recording.feet.values(), lost, moved, (0, 12), strict=True):
        assert foot.missing_samples == missing
        assert foot.rate_hz == 200
        assert (foot.values >= 0).all()
        np.testing.assert_allclose(foot.time_s, foot.sample / 200, atol=1e-9)
        assert (int(foot.sample[0]), int(foot.sample[-1])) == (0, rows - 1)
        printed_s = np.array([float(row[first]) for row in cells])
        assert np.count_nonzero(np.diff(printed_s) == 0) == late
        zones = ["heel", "medial", "lateral"] if foot.side is Side.LEFT else ["lateral", "medial", "heel"]
        for zone, name_ in enumerate(["heel", "medial", "lateral"]):
            printed_n = np.array([float(row[first + 1 + zones.index(name_)]) for row in cells])
            np.testing.assert_allclose(foot.values[:, zone], printed_n[foot.sample], atol=1e-4)
    notes = " ".join(recording.about.notes)
    assert re.findall(r"(\d+) lines of the \w+ foot carry", notes) == [str(n) for n in moved]
    assert "poids" not in notes
    assert "talon" not in notes


def test_a_lost_packet_is_a_gap_of_its_foot(lines: list[str], reread):
    for row in range(100, 112):
        put(lines, row, 6, *LOST)
    feet = reread(lines).feet
    assert feet[Side.RIGHT].missing_samples == 12
    assert feet[Side.LEFT].missing_samples == 0
    assert not np.isin(np.arange(100, 112), feet[Side.RIGHT].sample).any()


def test_one_newton_below_zero_beside_a_load_was_measured(lines: list[str], reread):
    put(lines, 100, 1, "-1.000", "-1.000", "50.000", "48.000")
    np.testing.assert_array_equal(reread(lines).feet[Side.LEFT].values[100], [-1, -1, 50])


def test_a_missing_zone_is_missing_and_the_sample_stays(lines: list[str], reread):
    put(lines, 100, 1, "-")
    put(lines, 101, 1, "-", "-", "-", "-")
    left = reread(lines).feet[Side.LEFT]
    assert np.isnan(left.values[100]).tolist() == [True, False, False]
    assert left.missing_samples == 1


def test_a_line_with_the_time_of_the_next_gets_its_own(lines: list[str], reread):
    put(lines, 200, 0, "2.010")
    put(lines, 300, 0, "3.010")
    put(lines, 301, 0, "3.020")
    recording = reread(lines)
    whole = read(EXAMPLE)
    for side in Side:
        np.testing.assert_allclose(recording.feet[side].time_s, whole.feet[side].time_s, atol=1e-9)
        np.testing.assert_array_equal(recording.feet[side].sample, whole.feet[side].sample)
    assert any(note.startswith("3 lines of the left foot carry the time") for note in recording.about.notes)


def test_left_out_lines_are_a_gap(lines: list[str], reread):
    del lines[HEAD + 50 : HEAD + 60]
    assert [foot.missing_samples for foot in reread(lines).feet.values()] == [10, 10]


def test_one_foot_alone_by_its_label(lines: list[str], reread):
    recording = reread(columns(lines, [5, 6, 7, 8, 9]))
    assert list(recording.feet) == [Side.RIGHT]
    np.testing.assert_array_equal(recording.feet[Side.RIGHT].values, read(EXAMPLE).feet[Side.RIGHT].values)


def test_whole_feet(lines: list[str], reread):
    recording = reread(columns(lines, [0, 4, 5, 9]))
    for side, foot in read(EXAMPLE).feet.items():
        assert recording.feet[side].layout.name == "loadsol-1"
        np.testing.assert_array_equal(recording.feet[side].values[:, 0], foot.values.sum(axis=1))
    assert recording.about.device == "novel loadsol, 1 zone a foot"


def test_a_name_and_a_comment_are_not_kept(lines: list[str], reread):
    lines[:2] = ["Erika Mustermann.loadflux\n", "comment Max's hip\n"]
    lines[HEAD + 9] = lines[HEAD + 9].replace("\t\t\n", "\tEnd measurement: Max's hip\t\n")
    recording = reread(lines)
    assert recording.started_at == NO_DATE
    assert "Max" not in repr(recording.about)
    assert "Erika" not in repr(recording.about)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        (1, "999", "zones sum to"),
        (4, "999", "zones sum to"),
        (1, "99999", "not a force"),
        (1, "1e308", "not a force"),
        (6, "nan", "column 7 holds 'nan'"),
        (6, "", "column 7 holds ''"),
        (0, "-", "not a frame time"),
        (0, "1.52", "not a frame time"),
        (0, "1.503", "not a frame time"),
        (0, "1e308", "not a frame time"),
        (0, "-3", "not a frame time"),
        (3, "1\t1", "13 columns, not 12"),
    ],
)
def test_damage_is_refused_near_its_line(column: int, cell: str, words: str, lines: list[str], reread):
    put(lines, 149, column, cell)
    with pytest.raises(FormatError, match=words) as e:
        reread(lines)
    assert e.value.line is not None
    assert abs(e.value.line - (150 + HEAD)) <= 1


@pytest.mark.parametrize(
    ("old", "new", "words", "line"),
    [
        ("-L::heel", "-L::toes", "left foot lacks some of its zones", 3),
        ("-L::heel", "-L::medial", "two columns", 3),
        ("loadapp_2025_03", "loadapp_2025_13", "not named by a date", 1),
        ("Time[secs]", "Time[ms]", "no known format", None),
    ],
)
def test_a_damaged_header_is_refused(old: str, new: str, words: str, line: int | None, lines: list[str], reread):
    with pytest.raises(FormatError, match=words) as e:
        reread([text.replace(old, new) for text in lines])
    assert e.value.line == line


def test_a_file_of_lost_packets_only_is_refused(lines: list[str], reread):
    few = lines[: HEAD + 20]
    for row in range(20):
        put(few, row, 1, *LOST)
        put(few, row, 6, *LOST)
    with pytest.raises(FormatError, match="no samples"):
        reread(few)


def test_cuts_within_a_line_are_refused(lines: list[str], reread):
    text = "".join(lines[:200])
    for cut in range(len(text) - 60, len(text)):
        if not text[:cut].endswith("\n"):
            with pytest.raises(FormatError):
                reread([text[:cut]])
