"""``insole report`` as a user runs it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from insole.errors import InsoleError
from insole.layout import load_layout
from insole.store import Store
from insole.walker import Gait, Walker
from tests.cli.running import insole
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path


PEDAR = ROOT / "fixtures" / "pedar_walk.asc"


pytestmark = pytest.mark.usefixtures("data")


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def stored(data: Path, condition: str, seed: int) -> str:
    walk = Walker(Gait(duration_s=15, seed=seed), load_layout("open-insole-16")).recording()
    with Store.open(data) as store:
        return store.add(replace(walk, about=replace(walk.about, condition=condition)))


def test_of_a_file(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    result = insole("report", PEDAR, "-o", out, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"recordings": [str(PEDAR)], "file": str(out), "bytes": out.stat().st_size}
    assert "pedar_walk.asc" in text_of(out)


def test_of_stored_recordings_compared(data: Path, tmp_path: Path) -> None:
    ids = [stored(data, name, i) for i, name in enumerate(("shoe", "orthosis A"), 1)]
    result = insole("report", *ids, "-o", tmp_path / "both.pdf", "--paper", "letter")
    assert result.exit_code == 0, result.output
    assert "B (orthosis A) against A (shoe), in short" in text_of(tmp_path / "both.pdf")
    assert PdfReader(tmp_path / "both.pdf").pages[0].mediabox[2] == 612


def test_options_decide_regions_and_findings(tmp_path: Path) -> None:
    result = insole("report", PEDAR, "-o", tmp_path / "x.pdf", "--mask", "zones9", "--findings")
    assert result.exit_code == 0, result.output
    assert "Hallux" in text_of(tmp_path / "x.pdf")


def test_a_file_is_replaced_only_with_force(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    out.write_text("mine")
    refused = insole("report", PEDAR, "-o", out)
    assert isinstance(refused.exception, InsoleError)
    assert "--force" in str(refused.exception)
    assert out.read_text() == "mine"
    assert insole("report", PEDAR, "-o", out, "--force").exit_code == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = insole("report", PEDAR, "-o", tmp_path / "nowhere" / "report.pdf")
    assert isinstance(result.exception, InsoleError)
    assert "cannot be written" in str(result.exception)


def test_five_are_too_many(tmp_path: Path) -> None:
    result = insole("report", *[PEDAR] * 5, "-o", tmp_path / "x.pdf")
    assert isinstance(result.exception, InsoleError)
    assert "2 to 4 recordings" in str(result.exception)
    assert not (tmp_path / "x.pdf").exists()
