from __future__ import annotations

import json

import pytest

from insole.recording import Side
from insole.report import Caveat, Finding, Report, Severity, Step, Value

PEAK = Value("peak_pressure_kpa", 210.0, "kPa", side=Side.LEFT, region="hallux", n_steps=12, sd=8.5)
PTI_NOVEL = Value("pressure_time_integral_kpas", 60.0, "kPa·s", side=Side.LEFT, variant="novel")
PTI_MELAI = Value("pressure_time_integral_kpas", 35.0, "kPa·s", side=Side.LEFT, variant="melai")
CADENCE = Value("cadence_spm", 110.0, "steps/min")


def report(*values: Value) -> Report:
    return Report(
        recording={"id": "r1"},
        software={"version": "0"},
        values=values,
        findings=(Finding("high", Severity.WATCH, "…", ("peak_pressure_kpa",), "a source"),),
        caveats=(Caveat("gap", "A stretch is missing.", Side.RIGHT),),
        steps=(Step(Side.LEFT, 10, 75, 0.1, 0.75, clean=False, why="first"),),
    )


def test_a_value_is_found_by_name_side_region_and_variant() -> None:
    r = report(PEAK, PTI_NOVEL, PTI_MELAI, CADENCE)
    assert r.get("cadence_spm") is CADENCE
    assert r.get("peak_pressure_kpa", side=Side.LEFT, region="hallux") is PEAK
    assert r.get("pressure_time_integral_kpas", side=Side.LEFT, variant="melai") is PTI_MELAI
    assert r.get("pressure_time_integral_kpas", side=Side.LEFT) is PTI_NOVEL


@pytest.mark.parametrize(
    "value",
    [("peak_pressure_kpa", None, None), ("peak_pressure_kpa", Side.RIGHT, "hallux"), ("cadence_spm", Side.LEFT, None)],
)
def test_a_value_of_another_side_or_region_is_not_it(value: tuple[str, Side | None, str | None]) -> None:
    name, side, region = value
    assert report(PEAK, CADENCE).get(name, side=side, region=region) is None


def test_json_holds_every_part_as_plain_types() -> None:
    data = json.loads(json.dumps(report(PEAK).to_json(), allow_nan=False))
    assert data["recording"] == {"id": "r1"}
    assert data["values"] == [
        {
            "name": "peak_pressure_kpa",
            "value": 210.0,
            "unit": "kPa",
            "side": "left",
            "region": "hallux",
            "n_steps": 12,
            "variant": None,
            "sd": 8.5,
        }
    ]
    assert data["findings"][0]["severity"] == "watch"
    assert data["findings"][0]["because"] == ["peak_pressure_kpa"]
    assert data["caveats"] == [{"code": "gap", "text": "A stretch is missing.", "side": "right"}]
    assert data["steps"][0]["why"] == "first"


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_not_a_number_never_leaves(bad: float) -> None:
    with pytest.raises(ValueError, match=r"absent: cadence_spm"):
        report(PEAK, Value("cadence_spm", bad, "steps/min")).to_json()
