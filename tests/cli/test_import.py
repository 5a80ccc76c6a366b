"""``insole import``: what is understood before anything is stored, pairs, mapping files and damage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from insole.records import MarkKind
from insole.store import Store
from tests.cli.running import as_json, insole
from tests.ingest.files.makers import MAPPING, moticon_with_events, wide_csv
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path


PEDAR = ROOT / "fixtures" / "pedar_walk.asc"
MOTICON = ROOT / "fixtures" / "moticon_walk.txt"
FSCAN = ROOT / "fixtures" / "fscan_walk_L.asf"


pytestmark = pytest.mark.usefixtures("data")


def test_describe_says_what_is_understood_and_stores_nothing(data: Path) -> None:
    (found,) = as_json("import", "--describe", MOTICON)
    assert (found["format"], found["name"]) == ("moticon", MOTICON.name)
    left = found["feet"]["left"]
    assert (left["sensors"], left["unit"], left["rate_hz"], left["areas"]) == (16, "kPa", 50, True)
    assert left["samples"] + left["missing"] == round((left["to_s"] - left["from_s"]) * 50) + 1
    assert any("names no zone" in note for note in found["warnings"])
    assert not data.exists()

    page = insole("import", "--describe", MOTICON).stdout
    assert f"{left['samples']} samples" in page
    assert found["sha256"] in page
    assert not data.exists()


def test_describe_counts_gaps(tmp_path: Path) -> None:
    lines = MOTICON.read_text("utf-8").splitlines(keepends=True)
    del lines[60:63], lines[80]
    (tmp_path / "walk.txt").write_text("".join(lines), "utf-8")
    (found,) = as_json("import", "--describe", tmp_path / "walk.txt")
    left = found["feet"]["left"]
    assert (left["missing"], left["gaps"], left["longest_gap_s"]) == (4, 2, pytest.approx(0.06))


def test_a_damaged_file_is_described_as_such(tmp_path: Path) -> None:
    (tmp_path / "cut.asc").write_bytes(PEDAR.read_bytes()[:50_000])
    result = insole("import", "--describe", tmp_path / "cut.asc", "--json")
    assert result.exit_code == 2
    assert "cut.asc, line" in json.loads(result.stdout)[0]["error"]


def test_what_is_whole_is_imported_when_asked_for(tmp_path: Path) -> None:
    content = PEDAR.read_bytes()
    (tmp_path / "cut.asc").write_bytes(content[:-700])
    assert insole("import", tmp_path / "cut.asc").exit_code == 2
    assert as_json("list") == []
    (whole,) = as_json("import", PEDAR)
    (part,) = as_json("import", "--salvage", tmp_path / "cut.asc")
    assert part["feet"][0]["samples"] == whole["feet"][0]["samples"] - 1
    assert len(as_json("list")) == 2


def test_a_left_and_a_right_file_are_one_recording(tmp_path: Path) -> None:
    (tmp_path / "walk_L.asf").write_bytes(FSCAN.read_bytes())
    (tmp_path / "walk_R.asf").write_bytes(FSCAN.read_bytes().replace(b"_L", b"_R"))
    (found,) = as_json("import", tmp_path)
    assert [foot["side"] for foot in found["feet"]] == ["left", "right"]
    (again,) = as_json("import", tmp_path / "walk_R.asf", tmp_path / "walk_L.asf")
    assert (again["id"], again["new"]) == (found["id"], False)


def test_any_csv_with_a_mapping_file(tmp_path: Path) -> None:
    (tmp_path / "walk.csv").write_text(wide_csv(), "utf-8")
    (tmp_path / "my.toml").write_text(MAPPING, "utf-8")
    assert insole("import", tmp_path / "walk.csv").exit_code == 2
    (found,) = as_json("import", "--describe", tmp_path / "walk.csv", "--mapping", tmp_path / "my.toml")
    assert found["format"] == "mapped"
    left, right = found["feet"]["left"], found["feet"]["right"]
    assert (left["highest"], right["highest"]) == (40, 80)  # 16 / 4 and 16 / 2 N/cm² in kPa
    assert (left["rate_hz"], left["inertial"]) == (100, ["acc_x_g"])
    assert found["not_understood"] == ["other"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('column = "t"', 'colum = "t"', "there is no key time.colum; known: column, rate_hz, unit"),
        ('column = "t"', 'column = "time"', "time"),
        ('unit = "ms"', 'unit = "fortnight"', "possible: 's', 'ms'"),
        ('unit = "N/cm2"', 'unit = "stone"', "stone"),
        ('name = "moticon-16:6"', 'name = "moticon-61"', "moticon-16"),
        ('sensors = "R{n}"', 'sensors = "X{n}"', "X1"),
        ("[left]", "[left", "not TOML"),
    ],
)
def test_a_wrong_mapping_file_says_which_key_and_what_is_possible(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    assert MAPPING.count(old) >= 1
    (tmp_path / "walk.csv").write_text(wide_csv(), "utf-8")
    (tmp_path / "my.toml").write_text(MAPPING.replace(old, new), "utf-8")
    result = insole("import", tmp_path / "walk.csv", "--mapping", tmp_path / "my.toml")
    assert result.exit_code != 0
    assert words in result.output + str(result.exception)


def test_what_the_maker_marked_is_in_the_store(data: Path, tmp_path: Path) -> None:
    (tmp_path / "walk.txt").write_bytes(moticon_with_events())
    (imported,) = as_json("import", tmp_path / "walk.txt")
    with Store.open(data) as store:
        marks = store.marks.list(imported["id"])
    assert [(m.kind, round(m.start_s, 6), m.text) for m in marks] == [
        (MarkKind.EVENT, 1.02, "heel strike"),
        (MarkKind.EVENT, 1.62, "toe-off"),
        (MarkKind.EVENT, 2.02, "heel strike"),
        (MarkKind.EVENT, 2.04, "mark 99"),
    ]
