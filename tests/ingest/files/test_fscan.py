"""F-Scan movies: our example, a published walk, and what goes wrong in files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.grids import MATRICES
from ingest.files import read
from insole.errors import FormatError
from insole.recording import FootStream, Side, Unit
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "fscan_walk_L.asf"


@pytest.fixture
def text() -> str:
    return EXAMPLE.read_bytes().decode("ascii").replace("\r\n", "\n")


@pytest.fixture
def reread(tmp_path: Path):
    def write_and_read(text: str, name: str = "walk_L.asf"):
        path = tmp_path / name
        path.write_bytes(text.encode("latin-1"))
        return read(path)

    return write_and_read


def force_n(foot: FootStream) -> np.ndarray:
    return foot.values.astype(float) @ foot.layout.area_mm2 * 1e-3


def test_every_value_of_the_example_is_read():
    matrix = next(m for m in MATRICES if m.name == EXAMPLE.name)
    recording = read(EXAMPLE)
    foot = recording.feet[Side.LEFT]
    np.testing.assert_array_equal(foot.values, matrix.matrices(Side.LEFT)[:, matrix.present])
    np.testing.assert_allclose(foot.time_s, np.arange(17) * 0.04, atol=1e-9)
    assert foot.unit is Unit.KPA
    assert foot.saturation == 862.5
    assert list(recording.feet) == [Side.LEFT]
    assert recording.started_at == datetime(2025, 3, 6, 21, 30, 15, tzinfo=UTC)
    assert "model" not in repr(recording.about), "comments may hold a name"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "side", "mean_n", "saturation"),
    [("P01L", Side.LEFT, 397.1, 1514.73), ("P01R", Side.RIGHT, 277.3, 553.643)],
)
def test_a_published_walk(name: str, side: Side, mean_n: float, saturation: float):
    recording = read(shared(f"data/fscan/{name}.asf"))
    ((found, foot),) = recording.feet.items()
    assert found is side
    assert force_n(foot).mean() == pytest.approx(mean_n, abs=0.05)
    assert len(foot.sample) == 205
    assert foot.rate_hz == 1 / 0.032
    assert foot.saturation == saturation
    assert foot.layout.n_sensors == 60 * 21 - 305
    assert foot.layout.area_mm2[0] == 25.8064
    assert foot.layout.length_mm == pytest.approx(47 * 5.08)
    assert recording.started_at == datetime(2017, 2, 16, 11, 26, 22, tzinfo=UTC)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["P01L", "P01R"])
def test_in_a_published_walk_steps_run_from_heel_to_toes_and_load_the_lateral_midfoot(name: str):
    """What the orientation was settled by."""
    (foot,) = read(shared(f"data/fscan/{name}.asf")).feet.values()
    mask = foot.layout.masks["zones9"]
    x, y = foot.layout.xy_mm.T
    midfoot = foot.values @ np.where(mask.members("midfoot"), 1.0, 0.0)
    assert (foot.values[midfoot > 0] @ np.where(mask.members("midfoot"), x, 0)).sum() < 0
    load = force_n(foot)
    along = (foot.values @ y)[load > 50] / foot.values.sum(axis=1)[load > 50]
    jumps_back = (np.diff(along) < -60).sum()
    assert jumps_back >= 4, "each of 5 stances begins again at the heel"
    assert np.median(np.diff(along)) > 0


def test_line_ends_do_not_matter(text: str, reread):
    for side_values in (reread(text), reread(text.replace("\n", "\r\n"))):
        np.testing.assert_array_equal(side_values.feet[Side.LEFT].values, read(EXAMPLE).feet[Side.LEFT].values)


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("P01R.asf", Side.RIGHT),
        ("walkR.asf", Side.RIGHT),
        ("walk_r.asf", Side.RIGHT),
        ("WALK LEFT.asf", Side.LEFT),
        ("L.asf", Side.LEFT),
    ],
)
def test_the_name_gives_the_foot(name: str, side: Side, text: str, reread):
    recording = reread(text.replace("synthetic_walk_L", "x"), name)
    assert list(recording.feet) == [side]


@pytest.mark.parametrize("name", ["walk.asf", "CONTROL.asf", "control.asf", "upright.asf", "walk_R.asf"])
def test_a_name_that_gives_no_foot_or_another_is_refused(name: str, text: str, reread):
    header = "synthetic_walk_L" if name == "walk_R.asf" else "x"
    with pytest.raises(FormatError, match="letter L or R"):
        reread(text.replace("synthetic_walk_L", header), name)


def test_the_movies_own_name_gives_the_foot_of_a_renamed_file(text: str, reread):
    assert list(reread(text, "walk.asf").feet) == [Side.LEFT]


def test_units(text: str, reread):
    kpa = read(EXAMPLE).feet[Side.LEFT].values
    psi = reread(text.replace("UNITS KPa", "UNITS PSI").replace(",", ",")).feet[Side.LEFT]
    np.testing.assert_allclose(psi.values, kpa * 6.894757293168361, rtol=1e-6)
    assert psi.saturation == 862.5, "its own unit stands beside it"
    few = "\n".join(
        line if line[:1].isalpha() and line[0] != "B" else line.replace("1", "2") for line in text.split("\n")
    )
    raw = few.replace("UNITS KPa", "UNITS raw")
    raw = "\n".join(
        ",".join(c if c == "B" else str(min(int(c), 255)) for c in line.split(","))
        if "," in line and ":" not in line
        else line
        for line in raw.split("\n")
    )
    foot = reread(raw).feet[Side.LEFT]
    assert foot.unit is Unit.COUNTS
    assert foot.saturation == 255
    assert foot.values.max() <= 255


def test_a_short_load_does_not_cut_the_sheet(text: str, reread):
    """A heel alone tells nothing of the insole's length."""
    head, mark, body = text.partition("ASCII_DATA @@\n")
    rows = [
        [("0" if c != "B" and k % 62 < 50 else c) for c in line.split(",")] if "," in line else [line]
        for k, line in enumerate(body.split("\n"))
    ]
    recording = reread(head + mark + "\n".join(",".join(row) for row in rows))
    assert any("whole sheet" in note for note in recording.about.notes)
    assert recording.feet[Side.LEFT].layout.length_mm == pytest.approx(60 * 5.08)


def changed(old: str, new: str):
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (changed("ASCII_DATA @@", "ASCII_DATA"), None, "ASCII_DATA @@"),
        (changed("ROWS 60", "ROWS 44"), 5, "not that of an F-Scan"),
        (changed("ROWS 60", "ROWS 1e9"), 5, "not that of an F-Scan"),
        (changed("ROWS 60", "ROWS 60.5"), 5, "not a whole number"),
        (changed("COL_SPACING 5.08 mm", "COL_SPACING 1e308 mm"), 9, "are none"),
        (changed("COL_SPACING 5.08 mm", "COL_SPACING 5.08 ells"), 8, "not a number above zero"),
        (changed("SENSEL_AREA 25", "SENSEL_AREA 95"), 9, "are none"),
        (changed("MIRROR_COL 0", "MIRROR_COL 1"), 21, "mirrored"),
        (changed("UNITS KPa", "UNITS bananas"), 19, "not a unit of pressure"),
        (changed("862.5 KPa", "862.5"), None, "not enough values"),
        (changed("862.5 KPa", "much KPa"), 13, "not a number above zero"),
        (changed("SECONDS_PER_FRAME 0.04", "SECONDS_PER_FRAME 4"), 11, "not an F-Scan rate"),
        (changed("SECONDS_PER_FRAME 0.04", "SECONDS_PER_FRAME inf"), 11, "not a number above zero"),
        (changed("6 March 2025", "31 June 2025"), 12, "not a date"),
        (changed("6 March 2025", "6 Brumaire 2025"), 12, "not a date"),
        (changed("END_FRAME 17", "END_FRAME 18"), None, "1 to 18 are announced; 17"),
        (changed("Frame 4\n", "Frame 5\n"), None, "out of order"),
        (changed(",0,", ",-1,"), 25, "negative"),
        (changed(",0,", ",x,"), None, "holds 'x'"),
        (changed(",0,", ",nan,"), None, "holds 'nan'"),
        (changed(",0,", ",B,"), None, "change from frame to frame"),
        (changed(",0,", ",6000,"), None, "not a pressure"),
        (changed(",0,", ","), None, "columns"),
        (changed("\n@@\n", "\n"), None, "cut"),
    ],
)
def test_damage_is_refused(change, line: int | None, words: str, text: str, reread):
    with pytest.raises(FormatError, match=words) as e:
        reread(change(text))
    assert line is None or e.value.line == line


def test_every_cut_is_refused(text: str, reread):
    for cut in range(1, len(text) - 2, 997):
        with pytest.raises(FormatError):
            reread(text[:cut])
