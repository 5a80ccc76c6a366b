"""RSscan footscan steps: forces of cells to pressures, turned to the heel, and damage."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.files import read
from insole.errors import FormatError
from insole.recording import Unit
from insole.side import Side
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from insole.recording import Recording

EXAMPLE = ROOT / "fixtures" / "footscan_step.xls"


def reread(text: str, folder: Path, **how: bool) -> Recording:
    (folder / "step.xls").write_text(text, "utf-8")
    return read(folder / "step.xls", **how)


def printed_n(text: str) -> list[float]:
    """Sum of the forces of each frame, as they stand in the file."""
    frames = text.split("Frame ")[1:]
    return [sum(float(cell) for cell in frame.partition("\n")[2].split()) for frame in frames]


def test_force_of_each_frame_is_that_of_the_file():
    text = EXAMPLE.read_text("utf-8")
    recording = read(EXAMPLE)
    (side, foot), *_ = recording.feet.items()
    assert (side, foot.unit, foot.layout.platform) == (Side.RIGHT, Unit.KPA, True)
    force_n = foot.values @ foot.layout.area_mm2 / 1000
    np.testing.assert_allclose(force_n, printed_n(text), rtol=1e-5)
    assert foot.layout.area_mm2[0] == pytest.approx(5.08 * 7.62)
    assert recording.started_at == datetime(2025, 3, 6, tzinfo=UTC)
    along = (foot.values @ foot.layout.xy_mm[:, 1])[force_n > 50] / foot.values.sum(axis=1)[force_n > 50]
    assert along[-1] > along[0]


def test_a_step_walked_the_other_way_is_the_same(tmp_path: Path):
    """Rows and columns of every frame the other way round: the plate was crossed from its other end."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    marks = [i for i, line in enumerate(lines) if line.startswith("Frame ")]
    rows = 34
    for mark in marks:
        block = lines[mark + 1 : mark + 1 + rows]
        lines[mark + 1 : mark + 1 + rows] = ["\t".join(line.split("\t")[::-1]) for line in block[::-1]]
    (foot,) = reread("\n".join(lines) + "\n", tmp_path).feet.values()
    (expected,) = read(EXAMPLE).feet.values()
    np.testing.assert_array_equal(foot.values, expected.values)


def test_the_name_is_kept_only_if_asked_for(tmp_path: Path):
    text = EXAMPLE.read_text("utf-8").replace("synthetic walker", "Jane Doe")
    assert "Doe" not in repr(reread(text, tmp_path).about)
    assert "patient name: Jane Doe" in reread(text, tmp_path, keep_names=True).about.notes


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Frame 1 (", "Frame 2 (", "out of order"),
        ("height:\n34", "height:\n33", "not 33 rows"),
        ("width:\n20", "width:\n21", "columns"),
        ("width:\n20", "width:\n99999", "rectangle"),
        ("0.0387", "x", "not a number"),
        ("0.0387", "-1", "rows of forces"),
        ("0.0387", "1e6", "rows of forces"),
        ("06-03-2025", "31-02-2025", "not a date"),
        ("right foot: 10.00", "right foot: 500.00", "do not fit"),
        ("Right foot data", "Both foot data", "no known format"),
    ],
)
def test_damage_is_refused(old: str, new: str, words: str, tmp_path: Path):
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    with pytest.raises(FormatError, match=words) as e:
        reread(text.replace(old, new, 1), tmp_path)
    assert e.value.path.name == "step.xls"


def test_a_cut_file_is_refused_there_or_salvaged(tmp_path: Path):
    text = EXAMPLE.read_text("utf-8")
    cut = text[: text.index("Frame 5") + 600]
    with pytest.raises(FormatError) as e:
        reread(cut, tmp_path)
    mark = text[: text.index("Frame 5")].count("\n") + 1
    assert e.value.line is not None
    assert mark <= e.value.line <= cut.count("\n") + 1
    (foot,) = reread(cut, tmp_path, salvage=True).feet.values()
    assert len(foot.sample) == 5
