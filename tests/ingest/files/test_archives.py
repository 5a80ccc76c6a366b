"""Packed files, and pairs of files: what is one recording, and what is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from ingest.files import _unpack, read, recordings_in
from insole.errors import FormatError
from insole.recording import Side
from tests.ingest.files.alike import unlike
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from insole.recording import Recording

PEDAR = ROOT / "fixtures" / "pedar_walk.asc"
FSCAN = ROOT / "fixtures" / "fscan_walk_L.asf"
GAITPDB = ROOT / "fixtures" / "gaitpdb_walk.txt"


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    path.write_bytes(packed(files))
    return path


def reread(content: bytes, path: Path, **how: bool) -> Recording:
    path.write_bytes(content)
    return read(path, **how)


def other_foot() -> bytes:
    return FSCAN.read_bytes().replace(b"synthetic_walk_L", b"synthetic_walk_R")


def test_gzip_is_unpacked_and_known_again(tmp_path: Path):
    found = reread(gzip.compress(PEDAR.read_bytes()), tmp_path / "walk.asc.gz")
    assert unlike(found, read(PEDAR)) == []
    assert found.about.source_name == "walk.asc"
    assert found.about.source_sha256 == hashlib.sha256(PEDAR.read_bytes()).hexdigest()


def test_a_zip_of_one_recording_is_that(tmp_path: Path):
    files = {"visit/walk.asc": PEDAR.read_bytes(), "visit/readme.md": b"hello", "__MACOSX/._walk.asc": b"\0"}
    assert unlike(read(zipped(tmp_path / "visit.zip", files)), read(PEDAR)) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: gzip.compress(PEDAR.read_bytes())[:-900], "cannot be unpacked"),
        (lambda: gzip.compress(b"1\n" * (40 * 1024**2)), "more than"),
        (lambda: packed({"a.asc": bytes(80 * 1024**2)}), "more than"),
        (lambda: packed({"a.asc": PEDAR.read_bytes(), "b.txt": GAITPDB.read_bytes()}), "holds 2 recordings"),
        (
            lambda: packed({"left/a.asf": FSCAN.read_bytes(), "right/a.asf": FSCAN.read_bytes()}),
            "two files in it are called",
        ),
        (lambda: packed({"a.md": b"x", "b.md": b"y"}), "none of its files"),
        (lambda: packed({f"{i}.txt": b"x" for i in range(101)}), "101 files are in it"),
        (lambda: packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "save its sheet as CSV"),
    ],
)
def test_what_is_no_archive_of_one_recording_is_refused(content: Callable[[], bytes], words: str, tmp_path: Path):
    with pytest.raises(FormatError, match=words) as e:
        reread(content(), tmp_path / "walk.zip")
    assert e.value.path.name == "walk.zip"


def test_a_pair_is_one_recording_zipped_or_side_by_side(tmp_path: Path):
    files = {"a_L.asf": FSCAN.read_bytes(), "a_R.asf": other_foot()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    in_zip = read(zipped(tmp_path / "a.zip", files))
    beside = read(tmp_path / "a_L.asf", tmp_path / "a_R.asf")
    assert unlike(in_zip, beside) == []
    turned = read(tmp_path / "a_R.asf", tmp_path / "a_L.asf")
    assert unlike(turned, beside) == []
    assert turned.about.source_sha256 == beside.about.source_sha256
    assert set(beside.feet) == set(Side)
    assert beside.about.source_name == "a_L.asf + a_R.asf"
    assert in_zip.about.source_sha256 == beside.about.source_sha256
    (side,) = (s for s, f in read(tmp_path / "a_R.asf").feet.items() if len(f.sample))
    assert side is Side.RIGHT


def test_files_are_paired_by_name_only_where_each_holds_one_foot(tmp_path: Path):
    for name in ("turn_left.asc", "turn_right.asc"):
        (tmp_path / name).write_bytes(PEDAR.read_bytes())
    for name, content in (("w L.asf", FSCAN.read_bytes()), ("w R.asf", other_foot()), ("v L.asf", FSCAN.read_bytes())):
        (tmp_path / name).write_bytes(content)
    names = [tuple(p.name for p in group) for group in recordings_in(sorted(tmp_path.iterdir()))]
    assert sorted(names) == [("turn_left.asc",), ("turn_right.asc",), ("v L.asf",), ("w L.asf", "w R.asf")]


@pytest.mark.shared
def test_a_published_pair_is_one_walk():
    recording = read(shared("data/fscan/P01L.asf"), shared("data/fscan/P01R.asf"))
    mean_n = [float((f.values.astype(float) @ f.layout.area_mm2).mean()) * 1e-3 for f in recording.feet.values()]
    assert mean_n == pytest.approx([397.1, 277.3], abs=0.05)


def test_files_that_are_no_pair_are_refused(tmp_path: Path):
    (tmp_path / "late_R.asf").write_bytes(other_foot().replace(b"9:30:15", b"9:45:15"))
    with pytest.raises(FormatError, match="not one walk"):
        read(FSCAN, tmp_path / "late_R.asf")
    with pytest.raises(FormatError, match="left and a right"):
        read(FSCAN, FSCAN)
    with pytest.raises(FormatError, match="no pair"):
        read(FSCAN, FSCAN, FSCAN)


def test_bombs_do_not_go_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_unpack, "FREE_BYTES", 1_000_000)
    zeros = b"\0" * 9_000_000
    (tmp_path / "a.gz").write_bytes(gzip.compress(zeros))
    zipped(tmp_path / "b.zip", {"a.asc": zeros})
    for name in ("a.gz", "b.zip"):
        with pytest.raises(FormatError, match="that is no recording"):
            read(tmp_path / name)
    monkeypatch.setattr(_unpack, "MOST_UNPACKED", 2_000_000)
    many = zipped(tmp_path / "c.zip", {f"{i}.asc": os.urandom(900_000) for i in range(4)})
    with pytest.raises(FormatError, match="that is no recording"):
        read(many)


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"a.asc": PEDAR.read_bytes()})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(data)
    with pytest.raises(FormatError):
        read(path)
