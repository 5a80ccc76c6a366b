"""What this program exported and somebody then damaged: refused, and told where."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from ingest.files import read, understand
from insole.errors import FormatError
from tests.export.making import made, put
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WALK = ROOT / "fixtures" / "moticon_walk.txt"
SHEET = "walk.recording.json"


@pytest.fixture
def files() -> dict[str, bytes]:
    return made("csv", read(WALK))


def line_of(content: bytes, number: int, change: Callable[[list[str]], object]) -> bytes:
    lines = content.decode().split("\n")
    cells = lines[number - 1].split(",")
    change(cells)
    lines[number - 1] = ",".join(cells)
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        (0, "both", "begins with no foot"),
        (1, "1.5", "not a whole one"),
        (1, "", "sample number is missing"),
        (1, "0", "sample number does not rise"),
        (2, "", "time is missing"),
        (2, "0", "time does not rise"),
        (3, "x", "not a number"),
        (3, "1e99", "too large"),
        (3, "nan", "not a number"),
    ],
)
def test_a_cell_that_cannot_be_is_told_with_its_line(column: int, cell: str, words: str, files, tmp_path: Path):
    files["walk.csv"] = line_of(files["walk.csv"], 40, lambda cells: cells.__setitem__(column, cell))
    put(files, tmp_path)
    with pytest.raises(FormatError, match=words) as e:
        read(tmp_path / "walk.csv")
    assert e.value.line == 40


def test_a_table_that_was_cut_is_refused_or_salvaged(files, tmp_path: Path):
    """Also between two lines, where nothing but the sheet tells it."""
    lines = files["walk.csv"].splitlines(keepends=True)
    files["walk.csv"] = b"".join(lines[:-7])
    put(files, tmp_path)
    with pytest.raises(FormatError, match=r"the right foot has \d+ rows of \d+: the file is cut"):
        read(tmp_path / "walk.csv")
    found = understand(tmp_path / "walk.csv", salvage=True).recording
    assert sum(len(foot.sample) for foot in found.feet.values()) == len(lines) - 8
    assert any("the file is cut" in note for note in found.about.notes)


def test_a_table_without_its_sheet_is_refused(files, tmp_path: Path):
    del files[SHEET]
    put(files, tmp_path)
    with pytest.raises(FormatError, match=f"{SHEET} is not beside it"):
        read(tmp_path / "walk.csv")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda sheet: sheet.update(insole=2), "update insole"),
        (lambda sheet: sheet.pop("feet"), "not the sheet of an exported recording"),
        (lambda sheet: sheet["feet"].pop("left"), "of a foot that its sheet does not have"),
        (lambda sheet: sheet["feet"]["left"].update(unit="N"), "columns are not those"),
        (lambda sheet: sheet["feet"]["left"].update(rate_hz=0), "cannot|can stand here"),
        (lambda sheet: sheet["feet"]["left"].update(dtype="float64"), "dtype"),
        (lambda sheet: sheet["feet"]["left"].update(dtype="uint16"), "no count"),
        (lambda sheet: sheet["about"].update(body_mass_kg=7000), "body mass"),
        (lambda sheet: sheet["marks"].append({"kind": "rumour"}), "not the sheet"),
        (lambda sheet: sheet.update(started_at="soon"), "not the sheet"),
    ],
)
def test_a_sheet_that_does_not_fit_is_refused(change: Callable[[dict], object], words: str, files, tmp_path: Path):
    sheet = json.loads(files[SHEET])
    change(sheet)
    files[SHEET] = json.dumps(sheet).encode()
    put(files, tmp_path)
    with pytest.raises(FormatError, match=words):
        read(tmp_path / "walk.csv")


def parquet_with(change: Callable[[pa.Table], pa.Table]) -> bytes:
    table = parquet.read_table(pa.BufferReader(made("parquet", read(WALK))["walk.parquet"]))
    out = io.BytesIO()
    parquet.write_table(change(table), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace_schema_metadata({}), "not one that insole exported"),
        (lambda t: t.replace_schema_metadata({"insole": "{"}), "not JSON"),
        (lambda t: t.drop_columns(["s01_kpa"]), "columns are not those"),
        (lambda t: t.slice(0, t.num_rows - 7), "the file is cut"),
        (lambda t: t.set_column(1, "sample", pa.array(np.zeros(t.num_rows, np.int64))), "does not rise"),
        (lambda t: t.set_column(1, "sample", pa.array(["x"] * t.num_rows)), "damaged"),
        (lambda t: t.set_column(2, "time_s", pa.nulls(t.num_rows, pa.float64())), "time is missing"),
    ],
)
def test_parquet_that_does_not_fit_is_refused(change: Callable[[pa.Table], pa.Table], words: str, tmp_path: Path):
    (tmp_path / "walk.parquet").write_bytes(parquet_with(change))
    with pytest.raises(FormatError, match=words):
        read(tmp_path / "walk.parquet")


def test_parquet_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ingest.files.insole_parquet.FREE_BYTES", 1000)
    monkeypatch.setattr("ingest.files.insole_parquet.MOST_RATIO", 0)
    put(made("parquet", read(WALK)), tmp_path)
    with pytest.raises(FormatError, match="that is no recording"):
        read(tmp_path / "walk.parquet")
