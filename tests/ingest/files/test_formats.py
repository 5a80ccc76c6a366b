"""Finding a file's format, whatever it is called, and refusing what is none."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from ingest.files import Format, Source, formats, read
from insole.errors import FormatError
from tests.support import ROOT, shared

PEDAR = ROOT / "fixtures" / "pedar_walk.asc"
GAITPDB = ROOT / "fixtures" / "gaitpdb_walk.txt"
MOTICON = ROOT / "fixtures" / "moticon_walk.txt"
DEVICES = [
    (PEDAR, "novel pedar, size x"),
    (GAITPDB, "Ultraflex"),
    (MOTICON, "Moticon OpenGo, size 6"),
    (ROOT / "fixtures" / "loadsol_walk.txt", "novel loadsol, 3 zones a foot"),
    (ROOT / "fixtures" / "stappone_walk.csv", "stappone"),
]
EXAMPLES = [
    p for p in sorted((ROOT / "fixtures").iterdir()) if p.suffix in {".asc", ".asf", ".csv", ".lst", ".txt", ".xls"}
]


def text_of(path: Path) -> str:
    with path.open("rb") as file:
        return Source(path, file).beginning


def test_formats_are_found():
    assert set(formats()) >= {"emed", "fscan", "gaitpdb", "loadsol", "moticon", "pedar", "stappone", "xsensor"}


@pytest.mark.parametrize(("example", "device"), DEVICES)
@pytest.mark.parametrize("name", ["walk", "walk.dat", "walk.asc", "walk.txt", "walk.CSV"])
def test_content_decides_not_the_name(example: Path, device: str, name: str, tmp_path: Path):
    path = tmp_path / name
    shutil.copy(example, path)
    recording = read(path)
    assert recording.about.device.startswith(device)
    assert recording.about.source_name == name
    assert recording.about.source_sha256 == hashlib.sha256(example.read_bytes()).hexdigest()
    assert recording.id == ""


def test_each_file_is_claimed_once():
    for path in EXAMPLES:
        head = text_of(path)
        of_name = max((name for name in formats() if path.name.startswith(f"{name}_")), key=len)
        assert [f.name for f in formats().values() if f.sniff(head)] == [of_name]


@pytest.mark.parametrize("name", ["GaCo02_10.txt", "../../GaCo02_10.txt", r"C:\x\GaCo02_10.txt"])
def test_an_upload_keeps_its_own_name_without_its_folders(name: str):
    about = read(GAITPDB, name=name).about
    assert about.source_name == "GaCo02_10.txt"
    assert about.subject_code == "GaCo02"
    assert about.condition.startswith("dual task")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\r\n", "empty"),
        (b"hello\n", "no known format"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        ("sensor type: x".encode("utf-16"), "no known format"),
    ],
)
def test_what_is_no_recording_is_refused(content: bytes, words: str, tmp_path: Path):
    path = tmp_path / "walk.asc"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=words) as e:
        read(path)
    assert e.value.path.name == "walk.asc"


def test_the_refusal_names_the_known_formats(tmp_path: Path):
    (tmp_path / "a.txt").write_text("1,2,3\n")
    with pytest.raises(FormatError) as e:
        read(tmp_path / "a.txt")
    assert all(f.title in str(e.value) for f in formats().values())


def test_folders_missing_and_unreadable_paths_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(FormatError, match="folder"):
        read(tmp_path)
    with pytest.raises(FormatError, match="no such file"):
        read(tmp_path / "gone.asc")
    with pytest.raises(FormatError, match="cannot be read"):
        read("a\0b")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FormatError, match="Permission denied"):
        read(PEDAR)


def test_two_claims_are_decided_by_the_suffix_or_refused(monkeypatch: pytest.MonkeyPatch):
    real = formats()["gaitpdb"]
    rival = Format(name="rival", title="a rival", suffixes=(".riv",), sniff=real.sniff, read=real.read)
    monkeypatch.setattr("ingest.files._format.formats", lambda: {"gaitpdb": real, "rival": rival})
    assert read(GAITPDB).about.device.startswith("Ultraflex")
    with pytest.raises(FormatError, match=r"several formats.*a rival: \.riv"):
        read(GAITPDB, name="walk.dat")


NO_RECORDINGS = {
    "LICENSE.md",
    "SHA256SUMS.txt",
    "demographics.txt",
    "format.txt",
    "insole_sensor_areas_mm2.csv",
    "insole_sensor_polygons.csv",
}


@pytest.mark.shared
def test_published_files_are_claimed_by_their_makers_format_alone():
    """Each folder is called like its format; those of formats that we do not read yet are claimed by none."""
    kinds = {".asc", ".asf", ".csv", ".lst", ".txt"}
    paths = [p for p in sorted(shared("data").glob("*/*")) if p.suffix in kinds and p.name not in NO_RECORDINGS]
    assert len(paths) >= 10
    for path in paths:
        claims = [f.name for f in formats().values() if f.sniff(text_of(path))]
        assert claims == [name for name in (path.parent.name,) if name in formats()], path.name
