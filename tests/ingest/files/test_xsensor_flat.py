"""XSENSOR's flat export: our example, and what goes wrong in files. No published file was at hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.grids import MATRICES
from ingest.files import read, understand
from insole.errors import FormatError
from insole.recording import NO_DATE, Recording, Side, Unit
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "xsensor_flat_walk.csv"


@pytest.fixture
def lines() -> list[str]:
    return EXAMPLE.read_text("utf-8").splitlines(keepends=True)


@pytest.fixture
def reread(tmp_path: Path) -> Callable[[list[str]], Recording]:
    def write_and_read(lines: list[str]) -> Recording:
        (tmp_path / "walk.csv").write_text("".join(lines), "utf-8")
        return read(tmp_path / "walk.csv")

    return write_and_read


def put(lines: list[str], row: int, column: str, cell: str) -> None:
    at = lines[1].rstrip("\n").split(",").index(column)
    cells = lines[row].rstrip("\n").split(",")
    cells[at] = cell
    lines[row] = ",".join(cells) + "\n"


def test_every_value_of_the_example_is_read():
    matrix = next(m for m in MATRICES if m.name == EXAMPLE.name)
    recording = read(EXAMPLE)
    for side, foot in recording.feet.items():
        np.testing.assert_allclose(
            foot.values, matrix.matrices(side)[:, matrix.present] * matrix.kpa_per_unit, rtol=1e-5, atol=1e-4
        )
        assert (foot.unit, foot.rate_hz) == (Unit.KPA, pytest.approx(20))
        np.testing.assert_allclose(foot.time_s, np.arange(22) * 0.05, atol=1e-6)
        np.testing.assert_allclose(foot.layout.area_mm2, 324, rtol=0.01)
    assert recording.started_at == datetime(2025, 3, 6, 9, 30, tzinfo=UTC)


def test_the_line_about_the_session_may_be_missing(lines: list[str], reread):
    np.testing.assert_array_equal(reread(lines[1:]).feet[Side.LEFT].values, read(EXAMPLE).feet[Side.LEFT].values)


def test_the_second_insoles_names_may_be_numbered_and_the_side_spelt_out(lines: list[str], reread):
    names = lines[1].rstrip("\n").split(",")
    numbered = [f"{n}.1" if n in names[:i] else n.replace("Insole", "Insole Side") for i, n in enumerate(names)]
    lines[1] = ",".join(numbered) + "\n"
    assert set(reread(lines).feet) == set(Side)


def test_a_pad_is_not_read(lines: list[str], tmp_path: Path):
    (tmp_path / "a.csv").write_text("".join(line.replace("Right", "Dorsal") for line in lines), "utf-8")
    found = understand(tmp_path / "a.csv")
    assert list(found.recording.feet) == [Side.LEFT]
    assert found.unread == ("Insole 'dorsal'",)


def test_over_midnight_and_a_gap(lines: list[str], reread):
    rows = [
        line.replace(
            f" 09:30:0{k // 20}.{50 * k % 1000:03d}",
            f" {'23:59:59' if k < 10 else '00:00:00'}.{(500 + 50 * k) % 1000:03d}",
        )
        for k, line in enumerate(lines[2:])
    ]
    del rows[15:17]
    recording = reread([*lines[:2], *rows[:20]])
    foot = recording.feet[Side.LEFT]
    assert foot.missing_samples == 2
    np.testing.assert_allclose(foot.time_s, foot.sample * 0.05, atol=1e-6)


def test_without_a_date(lines: list[str], reread):
    assert reread([line.replace("2025 Mar 06", "") for line in lines]).started_at == NO_DATE


@pytest.mark.parametrize(
    ("column", "cell", "words", "line"),
    [
        ("Time", "noon", "the time is none", 10),
        ("Time", " 09:30:00.100", "does not follow", 10),
        ("Est. Load (lbf)", "999", "the file gives", 10),
        ("Total Area (cm²)", "999", "the file gives", 10),
        ("S_1_3", "x", "holds 'x'", 10),
        ("S_1_3", "-1", "the file gives", 10),
        ("S_1_3", "1e308", "the file gives", 10),
        ("S_1_3", "1,2", "columns", 10),
    ],
)
def test_damage_is_refused_at_its_line(column: str, cell: str, words: str, line: int, lines: list[str], reread):
    put(lines, line - 1, column, cell)
    with pytest.raises(FormatError, match=words) as e:
        reread(lines)
    assert e.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",PSI,", ",bananas,", "not a unit of pressure"),
        ("Left", "Right", "stands there twice"),
        ("Total Area", "Area", "lacks cells or area"),
        ("Left", "Pad", "none"),
        ("S_1_3", "S_0_3", "lacks cells"),
        ("S_1_3", "S_999_3", "lacks cells"),
        (",Time,", ",Clock,", "row of names"),
    ],
)
def test_a_damaged_header_is_refused(old: str, new: str, words: str, lines: list[str], reread):
    lines = [line.replace(old, new) for line in lines]
    lines = [line.replace("Right", "Pad") for line in lines] if new == "Pad" else lines
    with pytest.raises(FormatError, match="no insole" if new == "Pad" else words):
        reread(lines)
