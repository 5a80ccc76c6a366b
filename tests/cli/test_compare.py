"""``insole compare`` and ``insole analyse --findings`` as a user runs them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from insole.cli import main
from insole.errors import AnalysisError
from insole.layout import load_layout
from insole.recording import Recording
from insole.store import Store
from insole.walker import Gait, Walker
from tests.cli.running import insole
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path


PEDAR = ROOT / "fixtures" / "pedar_walk.asc"


pytestmark = pytest.mark.usefixtures("data")


def stored(data: Path, condition: str, **gait: Any) -> str:
    walk = Walker(Gait(noise_kpa=2, duration_s=20, **gait), load_layout("open-insole-16")).recording()
    about = replace(walk.about, condition=condition, subject_code="S1")
    with Store.open(data) as store:
        return store.add(Recording("", walk.started_at, walk.feet, about))


def test_words_first_then_the_tables(data: Path) -> None:
    shoe = stored(data, "shoe")
    orthosis = stored(data, "orthosis A", load_symmetry_index_pct=40, seed=2)
    result = insole("compare", shoe, orthosis)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    titles = [line.strip() for line in lines]
    said = [line for line in lines if ": peak pressure is " in line]
    assert lines[: len(said)] == said  # pressures first
    assert any(s.startswith("Left foot: peak pressure is 20 % lower with orthosis A than with shoe (") for s in said)
    assert all("Putti 2007" in s for s in said)
    assert any(line.startswith("A is shoe, subject S1, ") for line in lines)
    assert titles.index("changed") < titles.index("not judged")
    assert "load_symmetry_index_pct (robinson)" in result.stdout
    assert lines[-1] == "For research and education; not for diagnosis."


def test_own_baselines_and_json(data: Path) -> None:
    ids = [stored(data, "shoe", seed=seed) for seed in (1, 2, 3)]
    result = insole("compare", ids[0], ids[2], "--baseline", ids[0], "--baseline", ids[1], "--json")
    assert result.exit_code == 0, result.output
    comparison = json.loads(result.stdout)
    sources = {row["mdc"]["short"] for row in comparison["rows"] if row["mdc"]}
    assert sources == {"own baselines, 1 pair"}
    assert [c["code"] for c in comparison["caveats"]] == ["few_baselines"]


def test_the_mask_decides_the_regions(data: Path) -> None:
    ids = [stored(data, name, seed=i + 1) for i, name in enumerate(("shoe", "orthosis A"))]
    result = insole("compare", *ids, "--mask", "zones3", "--json")
    assert result.exit_code == 0, result.output
    comparison = json.loads(result.stdout)
    assert {foot["mask"] for foot in comparison["a"]["feet"].values()} == {"zones3"}
    assert {row["region"] for row in comparison["rows"]} == {None, "heel", "midfoot", "forefoot"}
    refused = insole("compare", *ids, "--mask", "no-such-mask")
    assert isinstance(refused.exception, AnalysisError)
    assert "known: zones8, zones3" in str(refused.exception)


def test_what_cannot_be_compared_is_said_plainly_and_is_no_failure() -> None:
    result = insole("compare", PEDAR, PEDAR)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[:3] == [
        "Left foot: 8 and 8 steps; a comparison needs 12 or more in both recordings (Arts & Bus 2011).",
        "Right foot: 8 and 8 steps; a comparison needs 12 or more in both recordings (Arts & Bus 2011).",
        "So nothing was judged.",
    ]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["compare", PEDAR, PEDAR, "--baseline", PEDAR], "baselines come in pairs, and 1 were given"),
        (["compare", PEDAR, PEDAR, "--baseline", PEDAR, "--baseline", PEDAR], "a baseline was given twice"),
        (["compare", PEDAR, "nobody"], "nobody"),
    ],
)
def test_what_was_asked_wrongly_is_refused(
    args: list[Any], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["insole", *map(str, args)])
    with pytest.raises(SystemExit) as stopped:
        main.run()
    assert stopped.value.code == 2
    assert says in capsys.readouterr().err


def test_findings_are_printed_with_their_source_only_when_asked_for(data: Path) -> None:
    heavy = stored(data, "shoe", body_mass_kg=130.0)
    assert "Evidence" not in insole("analyse", heavy).stdout
    said = insole("analyse", heavy, "--findings").stdout
    assert "Watch: Left heel medial: high peak pressure" in said
    assert "Evidence: moderate. Putti AB et al. 2007" in said
    light = stored(data, "shoe", body_mass_kg=60.0)
    assert "No value lies beyond a cited threshold" in insole("analyse", light, "--findings").stdout


@pytest.mark.shared
def test_two_real_people_are_not_compared() -> None:
    result = insole("compare", shared("data/gaitpdb/GaCo02_01.txt"), shared("data/gaitpdb/GaPt14_01.txt"), "--json")
    refused = [c["code"] for c in json.loads(result.stdout)["refusals"]]
    assert refused == ["other_subject"]


@pytest.mark.shared
def test_a_real_walk_does_not_differ_from_itself() -> None:
    walk = shared("data/gaitpdb/JuCo02_01.txt")
    rows = json.loads(insole("compare", walk, walk, "--json").stdout)["rows"]
    assert len(rows) > 40
    assert {row["difference"] for row in rows} == {0.0}
    assert "changed" not in {row["verdict"] for row in rows}
