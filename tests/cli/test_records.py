"""Editing, marking, deleting and restoring, as a user does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from insole.errors import ConflictError, InsoleError, NotFoundError
from insole.layout import load_layout
from insole.recording import About
from insole.store import Store
from insole.walker import Gait, Walker
from tests.cli.running import as_json, insole

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture
def walk(data: Path) -> str:
    made = Walker(Gait(duration_s=26.0, stand_s=5.0), load_layout("open-insole-16")).recording()
    with Store.open(data) as store:
        return store.add(replace(made, about=About(subject_code="S1", condition="shoe")))


def refused(*args: str) -> BaseException:
    result = insole(*args)
    assert isinstance(result.exception, InsoleError), result.output
    return result.exception


def test_edit_and_list(walk: str) -> None:
    edited = as_json("edit", walk, "--subject", "S2", "--condition", "orthosis A", "--task", "walking", "--mass", "72")
    assert (edited["subject_code"], edited["condition"], edited["body_mass_kg"]) == ("S2", "orthosis A", 72)
    (listed,) = as_json("list", "--subject", "S2")
    assert (listed["id"], listed["task"], listed["visit_id"]) == (walk, "walking", edited["visit_id"])
    assert as_json("list", "--subject", "S1") == []
    assert "there are: S1, S2" in str(refused("list", "--subject", "S3"))
    text = insole("list").stdout
    assert all(word in text for word in ("subject", "condition", "S2", "orthosis A"))
    assert "S2, orthosis A, walking, 72 kg" in insole("edit", walk, "--note", "tired").stdout
    assert as_json("edit", walk, "--subject", "")["subject_id"] is None
    assert "nothing to change" in str(refused("edit", walk))
    assert "kilograms" in str(refused("edit", walk, "--mass", "7000"))


def test_into_the_bin_and_back(walk: str) -> None:
    assert f"insole restore {walk}" in insole("delete", walk).stdout
    assert as_json("list") == []
    assert [b["id"] for b in as_json("list", "--deleted")] == [walk]
    assert walk in insole("list", "--deleted").stdout
    assert "in the bin" in str(refused("analyse", walk))
    assert insole("restore", walk).exit_code == 0
    assert [r["id"] for r in as_json("list")] == [walk]
    assert insole("list", "--deleted").stdout == "The bin is empty.\n"
    assert isinstance(refused("restore", walk), ConflictError)


def test_subjects_and_visits_are_restored_by_their_ids(walk: str, data: Path) -> None:
    with Store.open(data) as store:
        info = store.info(walk)
        store.visits.delete(str(info.visit_id))
        assert insole("restore", str(info.visit_id)).exit_code == 0
        store.subjects.delete(str(info.subject_id))
    assert insole("restore", str(info.subject_id)).exit_code == 0
    assert [r["id"] for r in as_json("list")] == [walk]


@pytest.mark.parametrize("binned", [True, False])
def test_for_good_is_asked_for_and_is_for_good(walk: str, binned: bool) -> None:
    if binned:
        insole("delete", walk)
    assert "for good?" in insole("delete", walk, "--for-good", input="n\n").stdout
    assert len(as_json("list")) + len(as_json("list", "--deleted")) == 1
    assert insole("delete", walk, "--for-good", "--yes").exit_code == 0
    assert as_json("list") == as_json("list", "--deleted") == []
    assert isinstance(refused("restore", walk), NotFoundError)


def test_what_is_in_the_bin_for_long_goes_when_the_store_is_opened(walk: str, data: Path) -> None:
    with Store.open(data, now=lambda: datetime.now(UTC) - timedelta(days=31)) as store:
        store.recordings.delete(walk)
    assert as_json("list", "--deleted") == []


def used(report: dict[str, Any]) -> dict[str, float]:
    return {v["side"]: v["value"] for v in report["values"] if v["name"] == "steps_used_count"}


def test_marks_are_used_and_named(walk: str) -> None:
    plain = as_json("analyse", walk)
    step = next(s for s in plain["steps"] if s["clean"] and s["side"] == "left")
    stretch = f"{step['start_s']}-{step['stop_s']}"
    assert "--exclude 3-5" in insole("mark", walk).stdout
    (one,) = as_json("mark", walk, "--step", stretch, "--side", "left", "--text", "stumbled")
    assert (one["kind"], one["side"], one["text"]) == ("step", "left", "stumbled")
    report = as_json("analyse", walk)
    assert used(report) == {"left": used(plain)["left"] - 1, "right": used(plain)["right"]}
    assert [m["id"] for m in report["software"]["options"]["marks"]] == [one["id"]]
    assert "Marked: step, " in insole("analyse", walk).stdout
    assert as_json("analyse", walk, "--no-marks") == plain
    assert "Stored marks that are not used: 1." in insole("analyse", walk, "--no-marks").stdout
    both = as_json("mark", walk, "--exclude", "10-12", "--standing", "1-4", "--note", "0-20", "--text", "x")
    assert {m["kind"] for m in both} == {"step", "exclude", "standing", "note"}
    kept = as_json("mark", walk, *(arg for m in both if m["kind"] != "note" for arg in ("--remove", m["id"])))
    assert [m["kind"] for m in kept] == ["note"]
    assert used(as_json("analyse", walk)) == used(plain)


def test_a_comparison_uses_the_marks(walk: str, data: Path) -> None:
    with Store.open(data) as store:
        other = store.add(replace(store.read(walk), id=""))
    last = [s["start_s"] for s in as_json("analyse", other)["steps"]][-1]
    as_json("mark", other, "--exclude", f"0-{last}")
    codes = {c["code"] for c in as_json("compare", walk, other)["refusals"]}
    assert "too_few_steps" in codes
    assert as_json("compare", walk, other, "--no-marks")["refusals"] == []


@pytest.mark.parametrize(
    "args", [("--exclude", "5"), ("--exclude", "5-3"), ("--step", "1-2"), ("--note", "1-2"), ("--remove", "none")]
)
def test_marks_that_are_none(walk: str, args: tuple[str, ...]) -> None:
    refused("mark", walk, *args)
    assert as_json("mark", walk) == []
