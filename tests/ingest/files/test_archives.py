"""Packed files, other encodings, and what is whole of damaged ones."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.files import read, understand
from ingest.files._source import PIECE_BYTES
from insole.errors import FormatError
from insole.side import Side
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from insole.recording import Recording

PEDAR = ROOT / "fixtures" / "pedar_walk.asc"
FSCAN = ROOT / "fixtures" / "fscan_walk_L.asf"
GAITPDB = ROOT / "fixtures" / "gaitpdb_walk.txt"


def zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def reread(content: bytes, path: Path, **how: bool) -> Recording:
    path.write_bytes(content)
    return read(path, **how)


def assert_same(found: Recording, expected: Recording) -> None:
    assert found.feet.keys() == expected.feet.keys()
    for side, foot in expected.feet.items():
        np.testing.assert_array_equal(found.feet[side].values, foot.values)
        np.testing.assert_array_equal(found.feet[side].sample, foot.sample)


def right_fscan() -> bytes:
    """The example as if it were of the other foot."""
    return FSCAN.read_bytes().replace(b"_L", b"_R")


def test_gzip_is_unpacked_and_known_again(tmp_path: Path):
    found = reread(gzip.compress(PEDAR.read_bytes()), tmp_path / "walk.asc.gz")
    assert_same(found, read(PEDAR))
    assert found.about.source_name == "walk.asc"
    assert found.about.source_sha256 == hashlib.sha256(PEDAR.read_bytes()).hexdigest()


def test_a_zip_of_one_recording_is_that(tmp_path: Path):
    files = {"visit/walk.asc": PEDAR.read_bytes(), "visit/readme.md": b"hello", "__MACOSX/._walk.asc": b"\0"}
    assert_same(reread(zipped(files), tmp_path / "visit.zip"), read(PEDAR))


def test_a_zip_of_a_left_and_a_right_file_is_one_recording(tmp_path: Path):
    files = {"walk_L.asf": FSCAN.read_bytes(), "walk_R.asf": right_fscan()}
    found = reread(zipped(files), tmp_path / "walk.zip")
    assert list(found.feet) == [Side.LEFT, Side.RIGHT]
    np.testing.assert_array_equal(found.feet[Side.LEFT].values, read(FSCAN).feet[Side.LEFT].values)


def test_two_paths_of_one_walk_are_one_recording_whichever_comes_first(tmp_path: Path):
    left, right = tmp_path / "walk_L.asf", tmp_path / "walk_R.asf"
    left.write_bytes(FSCAN.read_bytes())
    right.write_bytes(right_fscan())
    found, turned = read(left, right), read(right, left)
    assert_same(turned, found)
    assert found.about.source_sha256 == turned.about.source_sha256
    with pytest.raises(FormatError, match="not of a left and a right foot"):
        read(left, left)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: gzip.compress(PEDAR.read_bytes())[:-900], "cannot be unpacked"),
        (lambda: gzip.compress(b"1\n" * (40 * 1024**2)), "more than"),
        (lambda: zipped({"a.asc": bytes(80 * 1024**2)}), "more than"),
        (lambda: zipped({"a.asc": PEDAR.read_bytes(), "b.txt": GAITPDB.read_bytes()}), "holds 2 recordings"),
        (
            lambda: zipped({"left/a.asf": FSCAN.read_bytes(), "right/a.asf": FSCAN.read_bytes()}),
            "two files in it are called",
        ),
        (lambda: zipped({"a.md": b"x", "b.md": b"y"}), "none of its files"),
        (lambda: zipped({f"{i}.txt": b"x" for i in range(101)}), "101 files are in it"),
        (lambda: zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "save its sheet as CSV"),
    ],
)
def test_what_is_no_archive_of_one_recording_is_refused(content: Callable[[], bytes], words: str, tmp_path: Path):
    with pytest.raises(FormatError, match=words) as e:
        reread(content(), tmp_path / "walk.zip")
    assert e.value.path.name == "walk.zip"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_and_line_ends(encoding: str, tmp_path: Path):
    text = PEDAR.read_text("latin-1").replace("synthetic", "Grün", 1)
    for end in ("\n", "\r\n", "\r"):
        assert_same(reread(text.replace("\n", end).encode(encoding), tmp_path / "walk.asc"), read(PEDAR))


def test_decimal_commas(tmp_path: Path):
    assert_same(reread(PEDAR.read_bytes().replace(b".", b","), tmp_path / "walk.asc"), read(PEDAR))


def test_pieces_of_a_long_table_are_one(tmp_path: Path):
    """A line that two pieces share is neither lost nor doubled, and a damaged one late in the file has its number."""
    first = GAITPDB.read_text("ascii").splitlines()[0].split("\t")[1:]
    n = 2 * PIECE_BYTES // len("\t".join(first)) + 100
    lines = ["\t".join([f"{k / 100:.2f}", *first]) + "\n" for k in range(n)]
    foot = reread("".join(lines).encode(), tmp_path / "walk.txt").feet[Side.LEFT]
    np.testing.assert_array_equal(foot.sample, np.arange(n))
    lines[n - 10] = "x" + lines[n - 10]
    with pytest.raises(FormatError, match="not a number") as e:
        reread("".join(lines).encode(), tmp_path / "walk.txt")
    assert e.value.line == n - 9


def test_a_file_cut_in_mid_line_is_refused_there_or_salvaged(tmp_path: Path):
    content, expected = PEDAR.read_bytes(), read(PEDAR)
    cut = content[: len(content) - 700]
    with pytest.raises(FormatError) as e:
        reread(cut, tmp_path / "walk.asc")
    assert e.value.line == cut.count(b"\n") + 1
    found = reread(cut, tmp_path / "walk.asc", salvage=True)
    for side, foot in found.feet.items():
        np.testing.assert_array_equal(foot.values, expected.feet[side].values[: len(foot.sample)])
        assert len(foot.sample) == len(expected.feet[side].sample) - 1
    said = [note for note in found.about.notes if note.startswith("salvaged:")]
    assert f"line {e.value.line}" in said[0]
    assert "announces" in said[1]


def test_a_damaged_line_is_a_gap_when_salvaged(tmp_path: Path):
    lines = GAITPDB.read_bytes().split(b"\n")
    lines[50] = b"?" + lines[50]
    found = reread(b"\n".join(lines), tmp_path / "walk.txt", salvage=True)
    for side, foot in read(GAITPDB).feet.items():
        np.testing.assert_array_equal(found.feet[side].sample, np.delete(foot.sample, 50))
        np.testing.assert_array_equal(found.feet[side].values, np.delete(foot.values, 50, axis=0))
    assert any("line 51" in note for note in found.about.notes)


def test_frames_before_the_damaged_one_are_salvaged(tmp_path: Path):
    content, whole = FSCAN.read_bytes(), read(FSCAN).feet[Side.LEFT]
    start = content.index(b"Frame 10")
    found = reread(content[:start] + content[start:].replace(b",", b";", 40), tmp_path / FSCAN.name, salvage=True)
    foot = found.feet[Side.LEFT]
    assert len(foot.sample) == 9 < len(whole.sample)
    assert any(note.startswith("salvaged: all from line") for note in found.about.notes)


def test_a_damaged_header_is_not_salvaged(tmp_path: Path):
    with pytest.raises(FormatError, match="sensors' areas"):
        reread(PEDAR.read_bytes().replace(b"sensor type:  x", b"sensor type:  q"), tmp_path / "w.asc", salvage=True)


def test_names_in_headers_are_kept_only_if_asked_for(tmp_path: Path):
    content = PEDAR.read_bytes().replace(b"synthetic_walk.sol", b"Jane Doe.sol")
    (tmp_path / "walk.asc").write_bytes(content)
    found = understand(tmp_path / "walk.asc").recording
    assert "Doe" not in repr(found.about)
    kept = understand(tmp_path / "walk.asc", keep_names=True).recording
    assert "file name: Jane Doe.sol" in kept.about.notes
