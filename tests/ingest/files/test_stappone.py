"""stappone files: our example, a published one, and what goes wrong in files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.build import EXAMPLES
from fixtures.texts import STAPPONE_PER_N, STAPPONE_REST
from ingest.files import read
from insole.errors import FormatError
from insole.layout import load_layout
from insole.recording import Side, Unit
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "stappone_walk.csv"


@pytest.fixture
def lines() -> list[str]:
    return EXAMPLE.read_text("ascii").splitlines(keepends=True)


@pytest.fixture
def reread(tmp_path: Path):
    def write_and_read(lines: list[str]):
        path = tmp_path / "walk.csv"
        path.write_bytes("".join(lines).encode())
        return read(path)

    return write_and_read


def put(lines: list[str], row: int, column: int, cell: str) -> None:
    """Replace a cell of a line (both from 0)."""
    cells = lines[row].rstrip("\n").split(",")
    cells[column] = cell
    lines[row] = ",".join(cells) + "\n"


def test_every_value_of_the_example_is_read():
    recording = read(EXAMPLE)
    for side, force_n in next(e for e in EXAMPLES if e.name == EXAMPLE.name).values().items():
        foot = recording.feet[side]
        np.testing.assert_array_equal(foot.values, np.rint(STAPPONE_REST + STAPPONE_PER_N * force_n))
        np.testing.assert_array_equal(foot.sample, np.arange(300))
        np.testing.assert_allclose(foot.time_s, foot.sample * 0.016, atol=1e-9)
        assert (foot.unit, foot.rate_hz, foot.calibration) == (Unit.COUNTS, 62.5, None)
        assert foot.values.dtype == np.uint16
    assert recording.started_at == datetime(2025, 3, 6, 9, 30, tzinfo=UTC)
    assert any("sole 1 is taken for the left" in note for note in recording.about.notes)


@pytest.mark.shared
def test_the_published_file_is_one_sole_of_73_seconds():
    recording = read(shared("data/stappone/stappone_example.csv"))
    (foot,) = recording.feet.values()
    assert foot.side is Side.LEFT
    assert recording.duration_s == pytest.approx(73.2)
    assert foot.missing_samples == 0
    assert (foot.values.min(), foot.values.max()) == (68, 756)
    assert recording.started_at == datetime(2026, 1, 15, 16, 36, 19, 568_000, tzinfo=UTC)


@pytest.mark.shared
def test_heel_channels_are_loaded_before_midfoot_before_forefoot():
    foot = read(shared("data/stappone/stappone_example.csv")).feet[Side.LEFT]
    above = foot.values - np.percentile(foot.values, 5, axis=0)
    total = above.sum(axis=1)
    loaded = total > 0.35 * np.percentile(total, 95)
    on = np.flatnonzero(np.diff(loaded.astype(int)) == 1) + 1
    windows = np.stack([above[i : i + 40] for i in on if i + 40 <= len(above)])
    course = windows.mean(axis=0)
    course -= course.min(axis=0)
    when = (np.arange(40) @ course) / course.sum(axis=0)
    regions = load_layout("stappone-12").mask
    heel, mid, fore = (when[regions.members(name)] for name in ("heel", "midfoot", "forefoot"))
    assert heel.max() < mid.min()
    assert mid.max() < fore.min()


def test_corrupt_lines_are_a_gap_of_their_foot(lines: list[str], reread):
    for row in (21, 23, 25):  # lines of sole 1
        put(lines, row, -1, "1")
        put(lines, row, 12, "-5")
    recording = reread(lines)
    assert [foot.missing_samples for foot in recording.feet.values()] == [3, 0]
    assert "3 of 300 lines of the left foot are marked corrupt; they are gaps" in recording.about.notes


def test_the_second_sole_may_start_later_and_stand_alone(lines: list[str], reread):
    head, *rows = lines
    right = [row for row in rows if row.startswith("2,")]
    assert list(reread([head, *right]).feet) == [Side.RIGHT]
    feet = reread([head, *(row for row in rows if row.startswith("1,")), *right[10:]]).feet
    assert feet[Side.RIGHT].time_s[0] == pytest.approx(0.16)
    np.testing.assert_allclose(feet[Side.RIGHT].time_s, 0.16 + feet[Side.RIGHT].sample * 0.016, atol=1e-9)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        (0, "3", "neither 1 nor 2"),
        (1, "-1", "not a Unix time"),
        (1, "1e300", "not a Unix time"),
        (1, "1741253401605", "not a frame time"),
        (11, "", "not a whole number"),
        (2, "1.5", "inertial value is not a whole number"),
        (2, "1e300", "inertial value is not a whole number"),
        (2, "x", "column 3 holds 'x'"),
        (11, "1.5", "not a whole number"),
        (11, "65536", "not a whole number"),
        (11, "-1", "not a whole number"),
        (11, "nan", "column 12 holds 'nan'"),
        (23, "2", "neither 0 nor 1"),
        (11, "1,1", "25 columns, not 24"),
    ],
)
def test_damage_is_refused_at_its_line(column: int, cell: str, words: str, lines: list[str], reread):
    put(lines, 201, column, cell)
    with pytest.raises(FormatError, match=words) as e:
        reread(lines)
    assert e.value.line == 202


def test_lines_that_are_all_corrupt_are_refused(lines: list[str], reread):
    for row in range(1, len(lines)):
        put(lines, row, -1, "1")
    with pytest.raises(FormatError, match="every line is marked corrupt"):
        reread(lines)


def test_a_column_named_twice_is_refused(lines: list[str], reread):
    lines[0] = lines[0].replace("magn_z", "corrupt")
    with pytest.raises(FormatError, match="names a column twice") as e:
        reread(lines)
    assert e.value.line == 1


def test_cuts_within_a_line_are_refused(lines: list[str], reread):
    text = "".join(lines[:50])
    for cut in range(len(text) - 60, len(text)):
        if not text[:cut].endswith("\n"):
            with pytest.raises(FormatError):
                reread([text[:cut]])
