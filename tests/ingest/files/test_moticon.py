"""Moticon exports: our example, a published walk against the maker's own columns, and what goes wrong in files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.build import EXAMPLES
from fixtures.texts import MOTICON_LATE_S
from ingest.files import read, understand
from insole.errors import FormatError
from insole.layout import load_layout
from insole.recording import NO_DATE, Side, Unit
from insole.records import MarkKind
from tests.ingest.files.makers import moticon_with_events
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "moticon_walk.txt"
HEAD = 9
ORIGIN = np.array([0.5, 0.0485])
"""Of the foot frame on the maker's scale, along (from the heel) and across: see the layout's source."""


@pytest.fixture
def lines() -> list[str]:
    return EXAMPLE.read_text("utf-8").splitlines(keepends=True)


@pytest.fixture
def reread(tmp_path: Path):
    def write_and_read(lines: list[str], encoding: str = "utf-8"):
        path = tmp_path / "walk.txt"
        path.write_bytes("".join(lines).encode(encoding))
        return read(path)

    return write_and_read


def test_every_value_of_the_example_is_read():
    recording = read(EXAMPLE)
    example = next(e for e in EXAMPLES if e.name == EXAMPLE.name)
    first = {Side.LEFT: round(MOTICON_LATE_S * example.gait.rate_hz), Side.RIGHT: 0}
    for side, kpa in example.values().items():
        foot = recording.feet[side]
        np.testing.assert_allclose(foot.values, kpa[first[side] :], rtol=0, atol=1e-3)
        np.testing.assert_array_equal(foot.sample, np.arange(first[side], 250))
        np.testing.assert_allclose(foot.time_s, foot.sample / 50, atol=1e-9)
        assert (foot.unit, foot.rate_hz, foot.layout.name) == (Unit.KPA, 50, "moticon-16:6")
        assert foot.values.dtype == np.float32
    assert recording.started_at == datetime(2025, 3, 6, 9, 30, 0, 250_000, tzinfo=UTC)


@pytest.mark.shared
def test_the_published_walk_starts_and_loses_what_its_blank_cells_say():
    recording = read(shared("data/moticon/230927_102114.txt"))
    assert recording.started_at == datetime(2023, 9, 27, 10, 21, 14, 922_000, tzinfo=UTC)
    left, right = recording.feet[Side.LEFT], recording.feet[Side.RIGHT]
    assert (len(left.sample), left.time_s[0], left.time_s[-1], left.missing_samples) == (1687, 0.5, 17.5, 14)
    assert (len(right.sample), right.time_s[0], right.time_s[-1], right.missing_samples) == (1737, 0.0, 17.45, 9)
    assert left.rate_hz == right.rate_hz == 100
    for foot in recording.feet.values():
        np.testing.assert_allclose(foot.time_s, foot.sample / 100, atol=1e-9)
    marks = [note for note in recording.about.notes if "7 heel strikes, 7 toe-offs" in note]
    assert len(marks) == 2
    assert not any("Some walking steps" in note for note in recording.about.notes)


@pytest.mark.shared
@pytest.mark.parametrize("side", Side)
def test_force_and_centre_are_those_of_the_published_file(side: Side):
    path = shared("data/moticon/230927_102114.txt")
    text = path.read_text("utf-8").partition("# time")[2]
    rows = list(csv.DictReader(io.StringIO("time" + text), delimiter="\t"))
    rows = [row for row in rows if row[f"{side} pressure 1[N/cm²]"]]
    given_n = np.array([float(row[f"{side} total force[N]"]) for row in rows])
    given = np.array([[float(row[f"{side} center of pressure {c}[-0.5...+0.5]"]) for c in "XY"] for row in rows])
    foot = read(path).feet[side]
    force_n = foot.values * foot.layout.area_mm2 * 1e-3
    total_n = force_n.sum(axis=1)
    assert np.sqrt(np.mean((total_n - given_n) ** 2)) < 0.5
    assert np.abs(total_n - given_n).max() < 1.5
    loaded = given_n > 50
    cop_mm = (force_n @ foot.layout.xy_mm)[loaded] / total_n[loaded, None]
    scaled = cop_mm[:, ::-1] / (288.0, 101.4) - ORIGIN
    np.testing.assert_allclose(scaled, given[loaded], rtol=0, atol=1e-3)


def test_sizes_scale_as_the_insole_does():
    seven = load_layout("moticon-16:7")
    sizes = [load_layout(f"moticon-16:{size}") for size in range(1, 10)]
    for layout in sizes:
        size = np.ptp(layout.outline_mm, axis=0)
        scale = size / np.ptp(seven.outline_mm, axis=0)
        np.testing.assert_allclose(layout.xy_mm, seven.xy_mm * scale, atol=0.05)
        np.testing.assert_allclose(layout.area_mm2, seven.area_mm2 * scale.prod(), rtol=2e-3)
    lengths = [layout.length_mm for layout in sizes]
    assert lengths == sorted(set(lengths))


@pytest.mark.parametrize(
    ("old", "new", "encoding"),
    [
        ("[N/cm²]", "[N/cm2]", "utf-8"),
        ("[N/cm²]", "[N/cm²]", "latin-1"),
        ("[N/cm²]", "[N/cm²]", "utf-8-sig"),
        ("[-0.5...+0.5]", "[%]", "utf-8"),
        ("# time", "#time", "utf-8"),
        ("\n", "\r\n", "utf-8"),
    ],
)
def test_spellings_of_the_header(old: str, new: str, encoding: str, lines: list[str], reread):
    again = reread([line.replace(old, new) for line in lines], encoding)
    for side, foot in read(EXAMPLE).feet.items():
        np.testing.assert_array_equal(again.feet[side].values, foot.values)


def test_columns_in_another_order_with_others_between(lines: list[str], reread):
    extra = ["left temperature[C]", *["blank"] * 239 + ["not read"] * 11]
    cells = [
        [*reversed(line.rstrip("\n").split("\t")[1:]), add] for line, add in zip(lines[HEAD - 1 :], extra, strict=True)
    ]
    first = [line.split("\t")[0] for line in lines[HEAD - 1 :]]
    table = ["\t".join([time, *row]) + "\n" for time, row in zip(first, cells, strict=True)]
    again = reread([*lines[: HEAD - 1], *table])
    for side, foot in read(EXAMPLE).feet.items():
        np.testing.assert_array_equal(again.feet[side].values, foot.values)


def without(lines: list[str], words: str) -> list[str]:
    """The table without the columns whose name has the words."""
    rows = [line.rstrip("\n").split("\t") for line in lines[HEAD - 1 :]]
    keep = [i for i, name in enumerate(rows[0]) if words not in name]
    return [*lines[: HEAD - 1], *("\t".join(row[i] for i in keep) + "\n" for row in rows)]


def test_one_foot_alone(lines: list[str], reread):
    recording = reread(without(lines, "left"))
    assert list(recording.feet) == [Side.RIGHT]
    np.testing.assert_array_equal(recording.feet[Side.RIGHT].values, read(EXAMPLE).feet[Side.RIGHT].values)


def test_a_foot_without_samples_is_said(lines: list[str], reread):
    recording = reread(short(lines, 50))
    assert list(recording.feet) == [Side.RIGHT]
    assert "the file has no samples of the left foot" in recording.about.notes


def short(lines: list[str], n: int) -> list[str]:
    """The first n samples, with a duration that says so."""
    return [line.replace("00:04.980", f"00:{(n - 1) / 50:06.3f}") for line in lines[: HEAD + n]]


def test_no_foot_with_samples_is_refused(lines: list[str], reread):
    with pytest.raises(FormatError, match="no samples"):
        reread(short(without(lines, "right"), 50))


def test_nothing_that_may_name_a_person_is_kept(lines: list[str], reread):
    lines = [line.replace("synthetic", "Erika Mustermann").replace("made, not measured", "Max's hip") for line in lines]
    about = repr(reread(lines).about)
    assert "Mustermann" not in about
    assert "Max" not in about


def test_a_row_without_a_foot_is_a_gap_of_that_foot(lines: list[str], reread):
    cells = lines[HEAD + 100].rstrip("\n").split("\t")
    cells[1:20] = [""] * 19
    lines[HEAD + 100] = "\t".join(cells) + "\n"
    del lines[HEAD + 120 : HEAD + 123]
    feet = reread(lines).feet
    assert feet[Side.LEFT].missing_samples == 4
    assert feet[Side.RIGHT].missing_samples == 3


def test_marks_of_the_makers_software_are_kept_beside(tmp_path: Path):
    (tmp_path / "walk.txt").write_bytes(moticon_with_events())
    found = understand(tmp_path / "walk.txt")
    assert "the file marks 2 heel strikes, 1 toe-off, 1 other mark of the left foot" in found.recording.about.notes
    marked = [(round(e.time_s, 6), e.side, e.text) for e in found.events]
    assert marked == [
        (1.02, Side.LEFT, "heel strike"),
        (1.62, Side.LEFT, "toe-off"),
        (2.02, Side.LEFT, "heel strike"),
        (2.04, Side.LEFT, "mark 99"),
    ]
    assert {m.kind for m in found.marks} == {MarkKind.EVENT}
    assert [(m.start_s, m.stop_s, m.side, m.text) for m in found.marks] == [
        (e.time_s, e.time_s, e.side, e.text) for e in found.events
    ]


def test_areas_that_the_total_force_denies_are_not_used(lines: list[str], reread):
    for i, line in enumerate(lines[HEAD:], HEAD):
        cells = line.rstrip("\n").split("\t")
        for column in (17, 36):
            cells[column] = f"{float(cells[column]) * 1.07:.3f}" if cells[column] else ""
        lines[i] = "\t".join(cells) + "\n"
    recording = reread(lines)
    assert all(np.isnan(foot.layout.area_mm2).all() for foot in recording.feet.values())
    assert any("total force is 1.07 times" in note for note in recording.about.notes)


def test_a_file_without_total_force_says_that_areas_are_unchecked(lines: list[str], reread):
    recording = reread(without(lines, "total force"))
    assert (recording.feet[Side.LEFT].layout.area_mm2 > 0).all()
    assert any("no total force" in note for note in recording.about.notes)


@pytest.mark.parametrize(
    ("line", "column", "cell", "words"),
    [
        (150, 3, "", "has some of its values"),
        (150, 3, "-0.25", "not a pressure"),
        (150, 3, "501", "not a pressure"),
        (150, 3, "1e308", "not a pressure"),
        (150, 3, "nan", "column 3 holds 'nan'"),
        (150, 3, "inf", "column 3 holds 'inf'"),
        (150, 3, "1_0", "column 3 holds '1_0'"),
        (150, 3, "12.25", "total force is"),
        (150, 18, "1e308", "total force is"),
        (150, 1, "", "not a frame time"),
        (150, 1, "3.51", "not a frame time"),
        (150, 1, "1e308", "not a frame time"),
        (150, 5, "1\t1", "40 columns, not 39"),
        (30, 18, "12.0", "has some of its values"),
    ],
)
def test_damage_is_refused_at_its_line(line: int, column: int, cell: str, words: str, lines: list[str], reread):
    cells = lines[line - 1].rstrip("\n").split("\t")
    cells[column - 1] = cell
    lines[line - 1] = "\t".join(cells) + "\n"
    with pytest.raises(FormatError, match=words) as e:
        reread(lines)
    assert e.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "words", "line"),
    [
        ("# Size: 6", "# Size: 10", "needs a size", 4),
        ("# Size: 6\n", "#\n", "needs a size", 9),
        ("[N/cm²]", "[tons]", "'tons' is not a unit of pressure", 9),
        ("total force[N]", "total force[kPa]", "'kPa' is not a unit of force", 9),
        ("left pressure 9", "left pressure 8", "stands there twice", 9),
        ("right pressure 16", "right toe", "lacks the time or some of 16", 9),
        ("# time", "# clock", "no known format", None),
        ("06.03.2025", "31.02.2025", "not a date", 1),
        ("00:04.980", "00:09.980", "announces 9.98 s", 2),
    ],
)
def test_a_damaged_header_is_refused(old: str, new: str, words: str, line: int | None, lines: list[str], reread):
    with pytest.raises(FormatError, match=words) as e:
        reread([text.replace(old, new) for text in lines])
    assert e.value.line == line


@pytest.mark.parametrize(("label", "words"), [("# Start time", "gives no date"), ("# Duration", "gives no duration")])
def test_what_the_header_lacks_is_said(label: str, words: str, lines: list[str], reread):
    recording = reread([line for line in lines if not line.startswith(label)])
    assert any(words in note for note in recording.about.notes)
    assert (recording.started_at == NO_DATE) == (label == "# Start time")


def test_every_cut_is_refused(lines: list[str], reread):
    text = "".join(lines)
    for cut in [*range(len(text) - 60, len(text) - 1), *range(0, len(text), 997)]:
        with pytest.raises(FormatError):
            reread([text[:cut]])
