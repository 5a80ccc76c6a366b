"""Files as they come: packed, in any encoding, cut, too large, with names in them."""

from __future__ import annotations

import gzip
import os
import struct
import threading
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.files import _source, _unpack, read, recordings_in, understand
from insole.errors import FormatError
from insole.recording import Recording, Side
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

FIXTURES = ROOT / "fixtures"
PEDAR = FIXTURES / "pedar_walk.asc"
FSCAN = FIXTURES / "fscan_walk_L.asf"
TEXTS = [
    "pedar_walk.asc",
    "gaitpdb_walk.txt",
    "moticon_walk.txt",
    "loadsol_walk.txt",
    "stappone_walk.csv",
    "emed_step.lst",
    "fscan_walk_L.asf",
    "xsensor_walk.csv",
    "xsensor_flat_walk.csv",
    "footscan_step.xls",
    "orphe_sensor-left.csv",
]


def same(a: Recording, b: Recording) -> None:
    assert a.feet.keys() == b.feet.keys()
    for side, foot in a.feet.items():
        np.testing.assert_array_equal(foot.values, b.feet[side].values)
        np.testing.assert_array_equal(foot.time_s, b.feet[side].time_s)
        np.testing.assert_array_equal(foot.sample, b.feet[side].sample)


def text_of(name: str) -> str:
    content = (FIXTURES / name).read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return content.decode("latin-1" if name == "emed_step.lst" else "utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", TEXTS)
def test_the_encoding_does_not_matter(name: str, encoding: str, tmp_path: Path):
    (tmp_path / name).write_bytes(text_of(name).encode(encoding))
    same(read(tmp_path / name), read(FIXTURES / name))


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("name", TEXTS)
def test_line_ends_do_not_matter(name: str, end: str, tmp_path: Path):
    (tmp_path / name).write_bytes(text_of(name).replace("\n", end).encode())
    same(read(tmp_path / name), read(FIXTURES / name))


@pytest.mark.parametrize("size", [60, 1000, 4099])
@pytest.mark.parametrize("name", TEXTS)
def test_a_table_read_in_pieces_is_the_same(name: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    whole = read(FIXTURES / name)
    content = (FIXTURES / name).read_bytes()
    head = next((i for i, line in enumerate(content.split(b"\n")) if line[:9].strip()[:1].isdigit()), 0)
    size = max(size, len(b"\n".join(content.split(b"\n")[: head + 2])))
    monkeypatch.setattr(_source, "PIECE_BYTES", size)
    same(read(FIXTURES / name), whole)


def test_empty_lines_between_pieces_are_damage_and_at_the_end_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lines = (FIXTURES / "gaitpdb_walk.txt").read_bytes().splitlines(keepends=True)
    path = tmp_path / "walk.txt"
    for size in (997, 100_000):
        monkeypatch.setattr(_source, "PIECE_BYTES", size)
        path.write_bytes(b"".join([*lines[:50], b"\r\n", *lines[50:]]))
        with pytest.raises(FormatError) as e:
            read(path)
        assert e.value.line == 51
        path.write_bytes(b"".join([*lines, b"\r\n" * 900]))
        assert len(read(path).feet[Side.LEFT].sample) == len(lines)


def test_damage_far_into_a_file_is_told_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_source, "PIECE_BYTES", 20_000)
    lines = PEDAR.read_bytes().splitlines(keepends=True)
    lines[400] = lines[400].replace(b".", b"x", 5)
    (tmp_path / "a.asc").write_bytes(b"".join(lines))
    with pytest.raises(FormatError) as e:
        read(tmp_path / "a.asc")
    assert e.value.line == 401


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def other_foot() -> bytes:
    return FSCAN.read_bytes().replace(b"synthetic_walk_L", b"synthetic_walk_R")


def test_a_pair_is_one_recording_zipped_or_side_by_side(tmp_path: Path):
    files = {"a_L.asf": FSCAN.read_bytes(), "a_R.asf": other_foot()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    in_zip = read(zipped(tmp_path / "a.zip", files))
    beside = read(tmp_path / "a_L.asf", tmp_path / "a_R.asf")
    same(in_zip, beside)
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


def test_a_line_without_an_end_is_refused_and_not_kept(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes((FIXTURES / "gaitpdb_walk.txt").read_bytes() + b"1" * 9_000_000)
    with pytest.raises(FormatError, match="characters"):
        read(tmp_path / "a.txt")


def test_a_file_of_pages_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_source, "MOST_TEXT", 10_000)
    with pytest.raises(FormatError, match="in parts"):
        read(FIXTURES / "emed_step.lst")
    assert read(PEDAR).feet, "a table is read in pieces, however large"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_read_as_a_file(tmp_path: Path):
    pipe = tmp_path / "walk.asc"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(PEDAR.read_bytes()))
    writer.start()
    same(read(pipe), read(PEDAR))
    writer.join()


NAMES = {
    "pedar_walk.asc": ("synthetic_walk", "file name: Erika Mustermann.sol"),
    "moticon_walk.txt": ("Name: synthetic", "name: Erika Mustermann"),
    "loadsol_walk.txt": ("comment", "comment: Erika Mustermann, synthetic"),
    "emed_step.lst": ("synthetic_step.dat", "file: Erika Mustermann"),
    "fscan_walk_L.asf": ("synthetic_walk_L.fsx", "file name: Erika Mustermann_L.fsx"),
    "xsensor_walk.csv": ("synthetic.xsn", "file: Erika Mustermann"),
    "footscan_step.xls": ("synthetic walker", "patient name: Erika Mustermann"),
}
NEW = {
    "pedar_walk.asc": "Erika Mustermann",
    "moticon_walk.txt": "Name: Erika Mustermann",
    "loadsol_walk.txt": "comment Erika Mustermann,",
    "fscan_walk_L.asf": "Erika Mustermann_L.fsx",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_persons_name_is_kept_only_if_asked_for(name: str, tmp_path: Path):
    old, note = NAMES[name]
    text = text_of(name)
    assert old in text
    (tmp_path / name).write_text(text.replace(old, NEW.get(name, "Erika Mustermann"), 1), "utf-8")
    assert "Mustermann" not in repr(read(tmp_path / name).about)
    assert note in read(tmp_path / name, keep_names=True).about.notes


def test_salvage_of_a_whole_file_changes_nothing():
    for name in TEXTS:
        whole, salvaged = read(FIXTURES / name), read(FIXTURES / name, salvage=True)
        same(whole, salvaged)
        assert whole.about == salvaged.about


@pytest.mark.parametrize("name", ["pedar_walk.asc", "moticon_walk.txt", "stappone_walk.csv", "orphe_sensor-left.csv"])
def test_a_table_cut_in_mid_line_is_refused_there_and_its_whole_lines_salvaged(name: str, tmp_path: Path):
    content = (FIXTURES / name).read_bytes()
    cut = content[: int(0.6 * len(content))]
    cut = cut if cut[-1:] not in b"\r\n" else cut[:-5]
    (tmp_path / name).write_bytes(cut)
    line = cut.count(b"\n") + 1
    with pytest.raises(FormatError) as e:
        read(tmp_path / name)
    assert e.value.line in (line, 2, 3), "of the last line, or of the header that announces more"
    recording = read(tmp_path / name, salvage=True)
    whole = read(FIXTURES / name)
    for side, foot in recording.feet.items():
        n = len(foot.sample)
        assert n < len(whole.feet[side].sample)
        np.testing.assert_array_equal(foot.values, whole.feet[side].values[:n])
    assert sum(len(f.sample) for f in recording.feet.values()) >= 0.5 * sum(len(f.sample) for f in whole.feet.values())
    assert any(f"line {line}" in note and "salvaged" in note for note in recording.about.notes)


def test_damaged_lines_are_passed_over_and_named(tmp_path: Path):
    lines = PEDAR.read_bytes().splitlines(keepends=True)
    for i in (100, 200, 300):
        lines[i] = lines[i].replace(b".", b"x", 1)
    lines[400] = lines[400][:50] + b"\n"
    (tmp_path / "a.asc").write_bytes(b"".join(lines))
    with pytest.raises(FormatError, match="line 101"):
        read(tmp_path / "a.asc")
    recording = read(tmp_path / "a.asc", salvage=True)
    whole = read(PEDAR)
    for side, foot in recording.feet.items():
        assert foot.missing_samples == 4
        assert sorted(set(range(600)) - set(foot.sample)) == [90, 190, 290, 390]
        np.testing.assert_array_equal(foot.values, whole.feet[side].values[foot.sample])
    notes = " ".join(recording.about.notes)
    assert all(f"line {i}" in notes for i in (101, 201, 301, 401))


def test_too_much_damage_cuts_the_file_at_the_next(tmp_path: Path):
    lines = (FIXTURES / "gaitpdb_walk.txt").read_bytes().splitlines(keepends=True)
    for i in range(100, 1000, 30):
        lines[i] = b"broken\r\n"
    (tmp_path / "a.txt").write_bytes(b"".join(lines))
    recording = read(tmp_path / "a.txt", salvage=True)
    assert recording.feet[Side.LEFT].sample[-1] == 699
    assert any("all from line 701 on was left out" in note for note in recording.about.notes)


@pytest.mark.parametrize(
    ("name", "frames"),
    [("emed_step.lst", 23), ("fscan_walk_L.asf", 17), ("xsensor_walk.csv", 18), ("footscan_step.xls", 8)],
)
def test_whole_frames_of_a_cut_movie_are_salvaged(name: str, frames: int, tmp_path: Path):
    content = (FIXTURES / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(0.8 * len(content))])
    with pytest.raises(FormatError):
        read(tmp_path / name)
    found = understand(tmp_path / name, salvage=True).recording
    for foot in found.feet.values():
        assert 0.5 * frames < len(foot.sample) < frames
    assert any("salvaged: all from line" in note for note in found.about.notes)


def test_what_cannot_be_salvaged_is_refused(tmp_path: Path):
    (tmp_path / "a.asc").write_bytes(PEDAR.read_bytes().replace(b"kPa", b"bananas"))
    with pytest.raises(FormatError, match="bananas"):
        read(tmp_path / "a.asc", salvage=True)
    (tmp_path / "b.asc").write_bytes(b"\n".join(PEDAR.read_bytes().split(b"\n")[:10]) + b"\n")
    with pytest.raises(FormatError, match="no samples"):
        read(tmp_path / "b.asc", salvage=True)
