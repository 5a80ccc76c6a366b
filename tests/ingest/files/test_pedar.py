"""Pedar exports: our example with its known answers, a published walk, and what goes wrong in files."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.build import EXAMPLES
from ingest.files import read
from insole.errors import FormatError
from insole.layout import load_layout
from insole.recording import FootStream, Side, Unit
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "pedar_walk.asc"
FIRST = 11
"""Line of the first frame."""


@pytest.fixture
def lines() -> list[str]:
    return EXAMPLE.read_text("ascii").splitlines(keepends=True)


@pytest.fixture
def reread(tmp_path: Path):
    def write_and_read(content: str | bytes):
        path = tmp_path / "walk.asc"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("ascii"))
        return read(path)

    return write_and_read


def force_n(foot: FootStream) -> np.ndarray:
    return foot.values.astype(float) @ foot.layout.area_mm2 * 1e-3


def test_every_value_of_the_example_is_read():
    recording = read(EXAMPLE)
    example = next(e for e in EXAMPLES if e.name == EXAMPLE.name)
    for side, values in example.values().items():
        foot = recording.feet[side]
        np.testing.assert_array_equal(foot.values, values.astype(np.float32))
        assert foot.values.dtype == np.float32
        assert foot.unit is Unit.KPA
        assert foot.rate_hz == 50
        assert foot.layout.name == "pedar-99:x"
        np.testing.assert_allclose(foot.time_s, np.arange(1, 601) / 50, rtol=0, atol=1e-9)
        np.testing.assert_array_equal(foot.sample, np.arange(600))
    assert recording.started_at == datetime(2025, 3, 6, 9, 30, tzinfo=UTC)


@pytest.mark.shared
def test_force_of_a_published_walk_is_that_of_another_program():
    recording = read(shared("data/pedar/pedar_example.asc"))
    with shared("reference/pressuRe/curve_pedar.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1505
    for side, letter, mean_n in ((Side.LEFT, "L", 382.1), (Side.RIGHT, "R", 509.4)):
        foot = recording.feet[side]
        reference = np.array([float(row[f"force_{letter}_N"]) for row in rows])
        np.testing.assert_allclose(force_n(foot), reference, rtol=0, atol=1e-6)
        assert force_n(foot).mean() == pytest.approx(mean_n, abs=0.05)
        peak = np.array([float(row[f"peak_{letter}_kPa"]) for row in rows])
        np.testing.assert_array_equal(foot.values.max(axis=1), peak)
        assert foot.rate_hz == 100
        assert foot.missing_samples == 0
    assert recording.started_at == datetime(2023, 4, 25, 10, 49, tzinfo=UTC)
    assert recording.duration_s == pytest.approx(15.05)


def test_a_persons_name_in_the_header_is_not_kept(lines: list[str], reread):
    lines[0] = lines[0].replace("synthetic_walk", "Erika Mustermann 1961")
    about = reread("".join(lines)).about
    assert "Mustermann" not in repr(about)


@pytest.mark.parametrize(
    "variant",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("synthetic_walk", "Größe").encode("latin-1"),
        lambda text: text.replace("synthetic_walk", "Größe").encode("utf-8"),
        lambda text: text.replace("\t\n", "\n").encode(),
        lambda text: (text + "\n\n").encode(),
        lambda text: text.rstrip("\n").encode(),
    ],
    ids=["crlf", "bom", "latin-1", "utf-8", "no tab at line ends", "empty lines at the end", "no last line end"],
)
def test_harmless_variants_read_the_same(variant, reread):
    expected = read(EXAMPLE)
    found = reread(variant(EXAMPLE.read_text("ascii")))
    for side in Side:
        np.testing.assert_array_equal(found.feet[side].values, expected.feet[side].values)
        np.testing.assert_array_equal(found.feet[side].time_s, expected.feet[side].time_s)


def test_decimal_commas(lines: list[str], reread):
    body = "".join(lines[FIRST - 1 :]).replace(".", ",")
    lines[2] = lines[2].replace(".", ",")
    found = reread("".join(lines[: FIRST - 1]) + body)
    np.testing.assert_array_equal(found.feet[Side.LEFT].values, read(EXAMPLE).feet[Side.LEFT].values)


@pytest.mark.parametrize(("unit", "factor"), [("kPa", 1.0), ("N/cm²", 10.0), ("psi", 6.894757293168361)])
def test_units_become_kpa(unit: str, factor: float, lines: list[str], reread):
    lines[3] = lines[3].replace("kPa", unit)
    found = reread("".join(lines).encode("latin-1"))
    expected = read(EXAMPLE).feet[Side.RIGHT].values * factor
    np.testing.assert_allclose(found.feet[Side.RIGHT].values, expected, rtol=1e-6)


@pytest.mark.parametrize("size", ["u", "v", "w", "x", "y", "uw", "xw", "vw"])
def test_the_sensor_types_letters_choose_the_areas(size: str, lines: list[str], reread):
    lines[1] = lines[1].replace("x-0000l", f"{size.upper()}-0000l")
    recording = reread("".join(lines))
    assert recording.feet[Side.LEFT].layout is load_layout(f"pedar-99:{size}")
    assert any("nominal" in note for note in recording.about.notes) == (len(size) == 2)


def test_a_left_out_frame_is_a_gap_not_a_value(lines: list[str], reread):
    del lines[FIRST + 99 : FIRST + 102]
    foot = reread("".join(lines)).feet[Side.LEFT]
    assert len(foot.sample) == 597
    assert foot.missing_samples == 3
    assert foot.sample[99:101].tolist() == [99, 103]


def test_headers_without_date_total_or_rate(lines: list[str], reread):
    lines[0] = "file name:  x\n"
    lines[2] = "scanning rate [Hz]:   50\n"
    recording = reread("".join(lines))
    assert recording.started_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert any("no date" in note for note in recording.about.notes)
    assert any("no total time" in note for note in recording.about.notes)
    assert recording.feet[Side.LEFT].rate_hz == 50


@pytest.mark.parametrize("rate", ["scanning rate: fifty\n", "time per frame [secs]:  0\tscanning rate [Hz]: 50\n"])
def test_a_header_without_a_usable_rate_is_refused(rate: str, lines: list[str], reread):
    lines[2] = rate
    with pytest.raises(FormatError, match=r"time per frame"):
        reread("".join(lines))


def replace_in(line: int, old: str, new: str):
    def change(lines: list[str]) -> None:
        assert old in lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (replace_in(2, "x-0000l", "q-0000l"), 2, "one of u, uw, v, vw, w, x, xw, y"),
        (replace_in(2, "x-0000l", "-0000l"), None, "no 'size'"),
        (replace_in(4, "kPa", "bananas"), 4, "not a unit of pressure"),
        (replace_in(1, "06.03.25", "31.02.25"), 1, "not a date"),
        (replace_in(3, "0.02000", "0.01000"), 3, "contradict"),
        (replace_in(3, "0.02000", "zero"), 3, "not a number above zero"),
        (replace_in(3, "12.000", "inf"), 3, "not a number above zero"),
        (replace_in(10, "\t      7", ""), 10, "197 sensors"),
        (replace_in(10, "time[secs]", "seconds"), None, "before the row"),
        (replace_in(30, "  0.000\t", "       \t"), 30, "column 2 holds ''"),
        (replace_in(30, "  0.000\t", " O.OOO \t"), 30, "'O.OOO'"),
        (replace_in(30, "  0.000\t", "    nan\t"), 30, "'nan'"),
        (replace_in(30, "  0.000\t", "  1e400\t"), 30, "'1e400'"),
        (replace_in(30, "  0.000\t", " -2.500\t"), 30, "-2.5 kPa at left sensor 1"),
        (replace_in(30, "  0.000\t", " 250000\t"), 30, "250000 kPa"),
        (replace_in(30, "  0.000\t", ""), 30, "column 199 holds ''"),
        (replace_in(30, "\n", "  0.000\t\n"), 30, "columns"),
        (replace_in(30, "\n", "7\n"), 30, "columns"),
        (replace_in(30, "0.40000", "0.38000"), 30, "not a frame time"),
        (replace_in(30, "0.40000", "0.41000"), 30, "not a frame time"),
        (replace_in(30, "0.40000", "400000"), 30, "not a frame time"),
        (replace_in(11, "0.02000", "-.02000"), 11, "not a frame time"),
    ],
)
def test_damage_is_refused_at_its_line(change, line: int | None, words: str, lines: list[str], reread):
    change(lines)
    with pytest.raises(FormatError, match=words) as e:
        reread("".join(lines))
    assert e.value.line == line
    assert e.value.path.name == "walk.asc"


def test_a_file_cut_at_a_lines_end_is_refused(lines: list[str], reread):
    with pytest.raises(FormatError, match=r"announces 12 s, the last frame is at 11.98 s") as e:
        reread("".join(lines[:-1]))
    assert e.value.line == 3
    with pytest.raises(FormatError, match="no samples"):
        reread("".join(lines[: FIRST - 1]))


@pytest.mark.parametrize("trailing_tabs", [True, False])
def test_a_file_cut_within_its_last_line_is_refused_there(trailing_tabs: bool, reread):
    text = EXAMPLE.read_text("ascii")
    text = text if trailing_tabs else text.replace("\t\n", "\n")
    last = text.count("\n")
    for cut in (2 + trailing_tabs, 5, 40, 1000):
        with pytest.raises(FormatError) as e:
            reread(text[:-cut])
        assert e.value.line == last


def test_lines_out_of_order_are_refused(lines: list[str], reread):
    lines[50], lines[51] = lines[51], lines[50]
    with pytest.raises(FormatError, match="out of order"):
        reread("".join(lines))
