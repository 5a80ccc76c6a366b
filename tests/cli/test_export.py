"""``insole export``: the bytes of the service, under the names that were asked for."""

from __future__ import annotations

import csv
import zipfile
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from insole.errors import ExportError, NotFoundError
from insole.export import exporters
from insole.store import Store
from tests.cli.running import as_json, insole
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WALKS = [ROOT / "fixtures" / name for name in ("moticon_walk.txt", "gaitpdb_walk.txt")]
READY = [name for name, form in exporters().items() if form.is_ready]


pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture
def ids() -> list[str]:
    return [one["id"] for one in as_json("import", *WALKS, "--subject", "P-01")]


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.mark.parametrize("name", READY)
def test_command_line_and_service_give_the_same_bytes(name: str, ids: list[str], data: Path, tmp_path: Path) -> None:
    as_json("export", ids[0], "--format", name, "-o", tmp_path / "one.zip")
    as_json("export", "--subject", "P-01", "--format", name, "-o", tmp_path / "all.zip")
    with Store.open(data) as store, TestClient(create_app(store), base_url="http://localhost") as client:
        subject = store.info(ids[0]).subject_id
        one = client.get(f"/api/v1/recordings/{ids[0]}/export", params={"format": name})
        every = client.get(f"/api/v1/subjects/{subject}/export", params={"format": name})
    assert (one.status_code, every.status_code) == (200, 200)
    assert one.content == (tmp_path / "one.zip").read_bytes()
    assert every.content == (tmp_path / "all.zip").read_bytes()
    assert len(names_in(tmp_path / "all.zip")) > len(names_in(tmp_path / "one.zip"))


def test_choices_are_the_services_too(ids: list[str], data: Path, tmp_path: Path) -> None:
    as_json("export", ids[0], "--with-dates", "--units-row", "-o", tmp_path / "one.zip")
    with Store.open(data) as store, TestClient(create_app(store), base_url="http://localhost") as client:
        given = {"with_dates": True, "units_row": True}
        answer = client.get(f"/api/v1/recordings/{ids[0]}/export", params=given)
    assert answer.content == (tmp_path / "one.zip").read_bytes()
    assert any("2025-03-06" in name for name in names_in(tmp_path / "one.zip"))


def test_one_recording_has_the_name_that_was_asked_for(ids: list[str], tmp_path: Path) -> None:
    said = as_json("export", ids[0], "-o", tmp_path / "walk.csv")
    names = ["walk.csv", "walk.dictionary.csv", "walk.recording.json"]
    assert said == {"ids": ids[:1], "format": "csv", "files": [str(tmp_path / name) for name in names]}
    as_json("export", ids[0], "-o", tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as one:
        assert one.read("P-01_day000_1.csv") == (tmp_path / "walk.csv").read_bytes()
    (again,) = as_json("import", tmp_path / "walk.csv")
    assert again["new"]


def test_a_cohort_goes_into_a_folder_or_a_zip(ids: list[str], tmp_path: Path) -> None:
    result = insole("export", "--all", "--format", "values", "-o", tmp_path / "cohort")
    assert result.exit_code == 0, result.output
    assert "Wrote 6 files" in result.output
    rows = list(csv.DictReader((tmp_path / "cohort" / "recordings.csv").read_text("utf-8").splitlines()))
    assert len(rows) == len(ids)
    assert all((tmp_path / "cohort" / f"{row['recording']}.csv").is_file() for row in rows)
    as_json("export", "--all", "--format", "values", "-o", tmp_path / "cohort.zip")
    assert sorted(names_in(tmp_path / "cohort.zip")) == sorted(p.name for p in (tmp_path / "cohort").iterdir())


def test_what_is_there_is_replaced_only_when_told(ids: list[str], tmp_path: Path) -> None:
    (tmp_path / "walk.csv").write_text("mine")
    refused = insole("export", ids[0], "-o", tmp_path / "walk.csv")
    assert isinstance(refused.exception, ExportError)
    assert "--force" in str(refused.exception)
    assert (tmp_path / "walk.csv").read_text() == "mine"
    assert insole("export", ids[0], "-o", tmp_path / "walk.csv", "--force").exit_code == 0
    assert (tmp_path / "walk.csv").read_text().startswith("side,sample,time_s")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["-o", "a.csv"], "say which recordings"),
        (["ID", "--all", "-o", "a.csv"], "say which recordings"),
        (["ID"], "say where to write"),
        (["ID", "-o", "a.txt"], "end it in .zip or .csv"),
        (["ID", "--format", "bids", "-o", "a.tsv"], "name a folder"),
        (["--all", "-o", "a.csv"], "takes one recording, and there are 2"),
        (["ID", "--format", "xlsx", "-o", "a.zip"], "there is no format 'xlsx'"),
    ],
)
def test_what_cannot_be_is_told(given: list[str], words: str, ids: list[str], tmp_path: Path) -> None:
    args = [ids[0] if one == "ID" else str(tmp_path / one) if one.startswith("a.") else one for one in given]
    result = insole("export", *args)
    assert isinstance(result.exception, ExportError)
    assert words in str(result.exception)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("a.")]


def test_nothing_is_left_where_nothing_can_be_exported(data: Path, tmp_path: Path) -> None:
    assert isinstance(insole("export", "--all", "-o", tmp_path / "a.zip").exception, ExportError)
    assert isinstance(insole("export", "nosuchid", "-o", tmp_path / "a.zip").exception, NotFoundError)
    assert isinstance(insole("export", "--subject", "X", "-o", tmp_path / "a.zip").exception, NotFoundError)
    assert [path for path in tmp_path.iterdir() if path != data] == []
