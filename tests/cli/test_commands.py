"""Each command as a user runs it, in this process."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from insole.cli import main
from insole.cli.demo import import_example
from insole.errors import InsoleError
from insole.layout import load_layout
from insole.store import Store
from insole.walker import Gait, Walker
from tests.cli.running import as_json, insole
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path


PEDAR = ROOT / "fixtures" / "pedar_walk.asc"
GAITPDB = ROOT / "fixtures" / "gaitpdb_walk.txt"


pytestmark = pytest.mark.usefixtures("data")


def test_import_list_analyse_export_delete(tmp_path: Path) -> None:
    (imported,) = as_json("import", PEDAR, "--subject", "S1", "--condition", "orthosis A", "--mass", "72")
    assert imported["new"] is True

    (listed,) = as_json("list")
    assert listed["id"] == imported["id"]
    assert (listed["subject_code"], listed["condition"], listed["sides"]) == ("S1", "orthosis A", ["left", "right"])

    report = as_json("analyse", imported["id"])
    assert report["recording"]["body_mass_kg"] == 72
    names = {v["name"] for v in report["values"]}
    assert {"force_mean_n", "load_share_pct", "load_symmetry_index_pct", "cadence_spm"} <= names

    exported = as_json("export", imported["id"], "-o", tmp_path / "walk.csv")
    names = ("walk.csv", "walk.dictionary.csv", "walk.recording.json")
    assert [str(tmp_path / name) for name in names] == exported["files"]
    rows = list(csv.DictReader((tmp_path / "walk.csv").read_text("utf-8").splitlines()))
    assert len(rows) == sum(f["samples"] for f in imported["feet"])

    assert insole("delete", imported["id"], "--yes").exit_code == 0
    assert as_json("list") == []


def test_a_file_gives_the_same_values_as_the_store() -> None:
    (imported,) = as_json("import", GAITPDB)
    assert as_json("analyse", GAITPDB)["values"] == as_json("analyse", imported["id"])["values"]


def test_the_same_file_twice_is_one_recording() -> None:
    (first,) = as_json("import", PEDAR)
    (second,) = as_json("import", PEDAR)
    assert second == {"path": str(PEDAR), "id": first["id"], "new": False}
    assert len(as_json("list")) == 1


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    bad = tmp_path / "cut.asc"
    bad.write_bytes(PEDAR.read_bytes()[:50_000])
    result = insole("import", bad, GAITPDB, "--json")
    assert result.exit_code == 2
    cut, good = json.loads(result.stdout)
    assert "cut.asc, line" in cut["error"]
    assert good["new"] is True
    assert [r["id"] for r in as_json("list")] == [good["id"]]


def test_a_folder_is_its_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for source in (PEDAR, GAITPDB):
        (tmp_path / "in" / source.name).write_bytes(source.read_bytes())
    assert len(as_json("import", tmp_path / "in")) == 2


@pytest.mark.parametrize("mass", ["0.07", "7000"])
def test_an_absurd_mass_is_refused(mass: str) -> None:
    result = insole("import", PEDAR, "--mass", mass, "--json")
    assert result.exit_code == 2
    assert "kilograms" in result.stdout
    assert as_json("list") == []


def test_an_empty_store_says_what_to_do_next() -> None:
    result = insole("list")
    assert "insole import" in result.stdout
    assert "insole collect --virtual" in result.stdout


def test_tables_for_people() -> None:
    (imported,) = as_json("import", PEDAR, "--subject", "S1")
    listing = insole("list").stdout
    assert imported["id"] in listing
    assert "S1" in listing
    table = insole("analyse", imported["id"]).stdout
    assert "load_symmetry_index_pct" in table
    assert "not for diagnosis" in table


def test_errors_are_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["insole", "analyse", "no-such-recording"])
    with pytest.raises(SystemExit) as stopped:
        main.run()
    assert stopped.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("insole: ")
    assert "no-such-recording" in said.err
    assert "Traceback" not in said.err


def test_the_demo_imports_its_example_once(data: Path) -> None:
    store = Store.open(data)
    assert import_example(store) == import_example(store)
    (info,) = store.list()
    store.close()
    assert info.about.subject_code == "example"


def test_the_main_job_on_a_real_pedar_recording() -> None:
    """Numbers of an independent reading of the same file (and of its steps, by hand)."""
    (imported,) = as_json("import", shared("data/pedar/pedar_example.asc"))
    values = as_json("analyse", imported["id"], "--as-measured")["values"]

    def value(name: str, side: str) -> float:
        found = [v["value"] for v in values if (v["name"], v["side"], v["region"]) == (name, side, None)]
        return float(found[0])

    assert value("force_mean_n", "left") == pytest.approx(382.1, abs=0.1)
    assert value("force_mean_n", "right") == pytest.approx(509.4, abs=0.1)
    assert value("force_max_n", "left") == pytest.approx(850.1, abs=0.1)
    assert value("force_max_n", "right") == pytest.approx(987.8, abs=0.1)
    assert (value("steps_count", "left"), value("steps_count", "right")) == (9, 8)
    assert value("stride_time_s", "left") == pytest.approx(1.295, abs=0.01)
    assert value("stride_time_s", "right") == pytest.approx(1.290, abs=0.01)


def test_stretches_are_left_out_or_marked_as_standing(tmp_path: Path) -> None:
    gait = Gait(stand_s=8.0, duration_s=25.0)
    with Store.open(tmp_path / "data") as store:
        walk = store.add(Walker(gait, load_layout("open-insole-16")).recording())
    asked = ("analyse", walk, "--data", tmp_path / "data", "--exclude", "12-14.5", "--standing", "1-6")
    report = as_json(*asked, "--stance-width", "180", "--mask", "zones3")
    values = {(v["name"], v["side"], v["region"], v["variant"]): v["value"] for v in report["values"]}
    assert values["standing_time_s", None, None, None] == pytest.approx(5.0, abs=0.02)
    assert values["steps_excluded_count", "left", None, "marked"] >= 2
    assert {region for _, _, region, _ in values} == {None, "heel", "midfoot", "forefoot"}
    assert report["software"]["options"]["stance_width_mm"] == 180
    assert [m["kind"] for m in report["software"]["options"]["marks"]] == ["exclude", "standing"]


@pytest.mark.parametrize("stretch", ["12", "b-c", "9-3"])
def test_a_stretch_that_is_none_is_refused_in_words(stretch: str) -> None:
    result = insole("analyse", PEDAR, "--exclude", stretch)
    assert isinstance(result.exception, InsoleError)
    assert "12-15.5" in str(result.exception) or "must end after" in str(result.exception)
