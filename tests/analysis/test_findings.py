"""Rules: well formed, cited, and silent unless a value is surely beyond its threshold."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from analysis.findings import find
from analysis.options import Options
from analysis.recipe import analyse
from analysis.rule import BANNED, Rule, load_rules, rule_from_json
from analysis.uncertainty import half_width
from dashboards.words import LABELS
from insole.errors import AnalysisError
from insole.layout import layout_from_dict, layout_names, load_layout
from insole.recording import Side
from insole.report import Report, Severity, Value
from insole.walker import Gait, Walker
from tests.analysis import made
from tests.analysis.reports import peak, report, stance
from tests.support import ROOT

GIVEN: dict[str, Any] = {
    "code": "high",
    "severity": "watch",
    "title": "high peak pressure",
    "value": "peak_pressure_kpa",
    "sides": ["left", "right"],
    "regions": ["hallux"],
    "comparison": "above",
    "threshold": 300,
    "least_steps": 12,
    "text": "Consider looking again.",
    "source": "Somebody 2020",
    "evidence": "weak",
    "applies_to": "in_shoe",
}


def rule(**changes: Any) -> Rule:
    return rule_from_json("high", json.dumps({k: v for k, v in {**GIVEN, **changes}.items() if v is not ...}))


def codes(r: Report) -> set[str]:
    return {f.code for f in find(r)}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"treshold": 3}, "unknown keys treshold"),
        ({"source": ...}, "no source"),
        ({"source": " "}, "source must be"),
        ({"evidence": "good"}, "evidence is 'good'; it must be one of judgement, moderate, strong, weak"),
        ({"evidence": "judgement"}, "must say that the threshold is our judgement"),
        ({"severity": "alarm"}, "severity is 'alarm'"),
        ({"comparison": ">"}, "comparison is '>'"),
        ({"applies_to": "all"}, "applies_to is 'all'"),
        ({"threshold": "300"}, "threshold is '300'"),
        ({"threshold": True}, "threshold is True"),
        ({"margin": -1}, "margin is -1"),
        ({"both_sides": "yes"}, "both_sides must be"),
        ({"sides": []}, "sides are"),
        ({"sides": ["hind"]}, "sides are"),
        ({"regions": "hallux"}, "regions must be a list"),
        ({"text": "High pressure."}, "what to consider"),
        ({"text": "Consider: it is caused by the shoe."}, "more than an association"),
        ({"code": "low"}, "name of the file"),
    ],
)
def test_a_bad_rule_is_refused_with_its_file_and_the_reason(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(AnalysisError, match=r"high\.json") as refused:
        rule(**changes)
    assert says in str(refused.value)


@pytest.mark.parametrize("text", ["{", "[]", "3", '{"code": "high", "threshold": NaN}'])
def test_what_is_no_rule_at_all_is_refused(text: str) -> None:
    with pytest.raises(AnalysisError, match=r"high\.json"):
        rule_from_json("high", text)


def test_every_rule_names_values_and_regions_that_exist_and_its_source() -> None:
    dictionary = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")
    method = (ROOT / "docs" / "clinical-method.md").read_text("utf-8")
    names = {*re.findall(r"^\| `(\w+)` \|", dictionary, re.MULTILINE), *LABELS}
    regions: set[str] = set()
    for name in layout_names():
        data = json.loads((ROOT / "insole" / "layouts" / f"{name}.json").read_text("utf-8"))
        sizes = list(data.get("sizes", [None]))
        regions |= {r for m in layout_from_dict(data, size=sizes[0]).masks.values() for r in m.regions}
    assert len(load_rules()) >= 8
    for r in load_rules():
        assert {r.value, r.symmetry_of or r.value} <= names, r.code
        assert {*r.regions, *r.relative_to} <= regions, r.code
        assert re.search(r"\d{4}|[Oo]ur judgement", r.source), r.code
        assert f"`{r.code}`" in method, r.code
        assert f"{r.threshold:g}" in method, r.code


def test_reported_only_if_beyond_by_more_than_the_value_is_unsure() -> None:
    value = peak(310, 20.0)
    unsure = half_width(value, 100)
    assert unsure == pytest.approx(9.36, abs=0.01)
    assert find(report(value), [rule(threshold=310 - unsure - 0.01)])
    assert not find(report(value), [rule(threshold=310 - unsure + 0.01)])
    assert not find(report(peak(310, 20.0, n=11)), [rule(threshold=100)])
    assert not find(report(peak(310), platform=True), [rule(threshold=100)])
    assert find(report(peak(310), platform=True), [rule(threshold=100, applies_to="platform")])


def test_a_value_whose_uncertainty_is_not_known_needs_a_margin() -> None:
    bare = Value("gait_line_asymmetry_pct", -18.5, "%")
    given = {"value": bare.name, "sides": ["both"], "regions": ..., "comparison": "size_above", "least_steps": 0}
    assert not find(report(bare), [rule(**given, threshold=16)])
    assert find(report(bare), [rule(**given, threshold=16, margin=2)])
    assert not find(report(bare), [rule(**given, threshold=16, margin=3)])


def test_below_and_other_sides_and_regions() -> None:
    assert find(report(peak(100)), [rule(comparison="below", threshold=200)])
    assert not find(report(peak(300)), [rule(comparison="below", threshold=200)])
    assert not find(report(peak(400)), [rule(sides=["left"])])
    assert not find(report(peak(400)), [rule(regions=["heel"])])
    assert not find(report(peak(400)), [rule(regions=...)])
    assert find(report(peak(400, region=None)), [rule(regions=...)])


def test_a_finding_says_what_and_why_and_how_sure_the_source_is() -> None:
    (finding,) = find(report(peak(512, 20)), [rule(threshold=446.4)])
    assert finding.text == (
        "Right hallux: high peak pressure, 512 ± 9.36 kPa, threshold 446 kPa. Consider looking again."
    )
    assert finding.because == ("peak_pressure_kpa",)
    assert (finding.severity, finding.source, finding.evidence) == (Severity.WATCH, "Somebody 2020", "weak")


@pytest.mark.parametrize(
    ("code", "values", "too_little"),
    [
        ("standing_asymmetry", [Value("standing_asymmetry_pct_bw", -9.9, "%")], [-9.7]),
        ("heel_peak_pressure", [peak(365, 20, region="heel_medial")], [360]),
        ("hallux_peak_pressure", [peak(460, 20)], [450]),
        ("mth1_peak_pressure", [peak(400, 20, region="mth1")], [390]),
        ("mth2_peak_pressure", [peak(360, 20, region="mth2_3")], [350]),
        (
            "stride_time_variability",
            [Value("stride_time_cv_pct", 4.0, "%", side=side, n_steps=40) for side in Side],
            [4.0, 2.9],  # one foot alone may be a missed step
        ),
        ("gait_line_asymmetry", [Value("gait_line_asymmetry_pct", 18.1, "%", variant="robinson")], [17.9]),
    ],
)
def test_each_rule_speaks_beyond_its_threshold_and_not_just_at_it(
    code: str, values: list[Value], too_little: list[float]
) -> None:
    assert codes(report(*values, steps=40)) == {code}
    nearer = [Value(**{**vars(v), "value": x}) for v, x in zip(values, too_little, strict=True)]
    assert codes(report(*nearer)) == set()


def test_stride_variability_needs_thirty_strides() -> None:
    def cv(n: int) -> Report:
        return report(*(Value("stride_time_cv_pct", 9.0, "%", side=side, n_steps=n) for side in Side))

    assert codes(cv(29)) == set()
    assert codes(cv(30)) == {"stride_time_variability"}


def test_stance_time_symmetry_is_judged_with_the_sides_uncertainty() -> None:
    def walk(sd: float, n: int = 20) -> Report:
        index = Value("stance_time_symmetry_index_pct", 11.76, "%", variant="robinson")
        return report(index, stance(0.64, sd, side=Side.LEFT, n=n), stance(0.72, sd, n=n))

    assert codes(walk(0.01)) == {"stance_time_symmetry"}
    assert codes(walk(0.05)) == set()
    assert codes(walk(0.001, n=11)) == set()


def test_the_ratio_of_metatarsal_heads_is_to_the_mean_of_the_others() -> None:
    def heads(one: float, sd: float = 5.0) -> Report:
        return report(
            peak(one, sd, region="mth1"), peak(210, sd, region="mth2_3"), peak(190, sd, region="mth4_5"), peak(900)
        )

    assert "mth_ratio" in codes(heads(270))
    assert "mth_ratio" not in codes(heads(259))
    assert "mth_ratio" not in codes(heads(270, sd=60))
    alone = report(peak(300, region="mth1"))
    assert codes(alone) == set()
    ratio = next(f for f in find(heads(280)) if f.code == "mth_ratio")
    assert "Right metatarsal head 1" in ratio.text
    assert "1.40 ±" in ratio.text


def test_findings_are_off_unless_asked_for_and_an_even_walk_has_none() -> None:
    heavy = Walker(Gait(noise_kpa=1, body_mass_kg=130), load_layout("open-insole-16")).recording()
    assert analyse(heavy).findings == ()
    found = analyse(heavy, Options(findings=True))
    assert {"heel_peak_pressure", "mth1_peak_pressure", "mth2_peak_pressure"} <= {f.code for f in found.findings}
    assert json.loads(json.dumps(found.to_json()))["findings"][0]["evidence"] == "moderate"
    even = Walker(Gait(noise_kpa=1), load_layout("open-insole-16")).recording()
    assert analyse(even, Options(findings=True)).findings == ()


def test_a_recording_without_steps_has_no_findings() -> None:
    standing = made.recording(*(made.stream(side, [[900.0] * 4] * 500) for side in Side))
    assert analyse(standing, Options(findings=True)).findings == ()


def test_no_sentence_says_more_than_an_association() -> None:
    for r in load_rules():
        assert not [w for w in BANNED if w in r.text.lower()]
