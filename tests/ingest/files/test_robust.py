"""Files as they come: in any encoding, cut, damaged, too large, with names in them."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.files import _source, read, understand
from insole.errors import FormatError
from insole.recording import Side
from tests.ingest.files.alike import unlike
from tests.support import ROOT

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


def text_of(name: str) -> str:
    content = (FIXTURES / name).read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return content.decode("latin-1" if name == "emed_step.lst" else "utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", TEXTS)
def test_the_encoding_does_not_matter(name: str, encoding: str, tmp_path: Path):
    (tmp_path / name).write_bytes(text_of(name).encode(encoding))
    assert unlike(read(tmp_path / name), read(FIXTURES / name)) == []


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("name", TEXTS)
def test_line_ends_do_not_matter(name: str, end: str, tmp_path: Path):
    (tmp_path / name).write_bytes(text_of(name).replace("\n", end).encode())
    assert unlike(read(tmp_path / name), read(FIXTURES / name)) == []


def test_decimal_commas_do_not_matter(tmp_path: Path):
    (tmp_path / "walk.asc").write_bytes(PEDAR.read_bytes().replace(b".", b","))
    assert unlike(read(tmp_path / "walk.asc"), read(PEDAR)) == []


@pytest.mark.parametrize("size", [60, 1000, 4099])
@pytest.mark.parametrize("name", TEXTS)
def test_a_table_read_in_pieces_is_the_same(name: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    whole = read(FIXTURES / name)
    content = (FIXTURES / name).read_bytes()
    head = next((i for i, line in enumerate(content.split(b"\n")) if line[:9].strip()[:1].isdigit()), 0)
    size = max(size, len(b"\n".join(content.split(b"\n")[: head + 2])))
    monkeypatch.setattr(_source, "PIECE_BYTES", size)
    assert unlike(read(FIXTURES / name), whole) == []


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
    assert unlike(read(pipe), read(PEDAR)) == []
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
        assert unlike(whole, salvaged) == []
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
    assert name != "pedar_walk.asc" or any("announces" in note for note in recording.about.notes)


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


def test_frames_before_the_damaged_one_are_salvaged(tmp_path: Path):
    content, whole = FSCAN.read_bytes(), read(FSCAN).feet[Side.LEFT]
    start = content.index(b"Frame 10")
    (tmp_path / FSCAN.name).write_bytes(content[:start] + content[start:].replace(b",", b";", 40))
    found = read(tmp_path / FSCAN.name, salvage=True)
    foot = found.feet[Side.LEFT]
    assert len(foot.sample) == 9 < len(whole.sample)
    assert any(note.startswith("salvaged: all from line") for note in found.about.notes)


def test_what_cannot_be_salvaged_is_refused(tmp_path: Path):
    (tmp_path / "a.asc").write_bytes(PEDAR.read_bytes().replace(b"kPa", b"bananas"))
    with pytest.raises(FormatError, match="bananas"):
        read(tmp_path / "a.asc", salvage=True)
    (tmp_path / "b.asc").write_bytes(b"\n".join(PEDAR.read_bytes().split(b"\n")[:10]) + b"\n")
    with pytest.raises(FormatError, match="no samples"):
        read(tmp_path / "b.asc", salvage=True)
