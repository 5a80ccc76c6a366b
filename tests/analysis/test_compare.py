"""What counts as a change, and what is refused."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.compare import Comparison, Row, Verdict, compare
from analysis.mdc import own_mdc, own_of, passing_by_chance
from analysis.recipe import analyse
from analysis.sentences import sentences
from insole.errors import AnalysisError
from insole.layout import load_layout
from insole.recording import Side
from insole.report import Report, Value
from insole.walker import Gait, Walker
from tests.analysis import made
from tests.analysis.reports import peak, report, stance


def only(c: Comparison, name: str = "peak_pressure_kpa") -> Row:
    (row,) = [r for r in c.rows if r.name == name]
    return row


def test_a_change_beyond_the_published_limit_and_its_own_interval() -> None:
    """Welch: equal spread and steps give 38 degrees of freedom, t = 2.024394."""
    row = only(compare(report(peak(280)), report(peak(216))))
    assert (row.difference, row.verdict) == (-64, Verdict.CHANGED)
    assert row.difference_pct == pytest.approx(-100 * 64 / 280)
    half = 2.024394 * math.sqrt(2 * 8**2 / 20)
    assert row.interval == pytest.approx((-64 - half, -64 + half), abs=1e-4)
    assert row.mdc is not None
    assert row.mdc.value == pytest.approx(0.153 * 280)
    assert "Putti" in row.mdc.source


def test_unequal_spread_has_welch_s_degrees_of_freedom() -> None:
    """(4 + 1)²/(4²/3 + 1²/15) = 4.62963 degrees of freedom, worked out by hand."""
    from analysis.student import t_quantile

    row = only(compare(report(peak(200, 4.0, n=4)), report(peak(260, 4.0, n=16))))
    assert row.interval is not None
    half = t_quantile(0.975, 25 / (16 / 3 + 1 / 15)) * math.sqrt(5)
    assert row.interval[1] - row.difference == pytest.approx(half)


@pytest.mark.parametrize(
    ("b", "sd", "verdict"),
    [
        (280 - 42.7, 8.0, Verdict.NO_CHANGE),  # 15.25 %
        (280 - 43.0, 8.0, Verdict.CHANGED),  # 15.36 %
        (280 + 43.0, 8.0, Verdict.CHANGED),
        (216.0, 150.0, Verdict.NO_CHANGE),  # beyond the limit, but the steps scatter too much
    ],
)
def test_both_limits_must_be_passed(b: float, sd: float, verdict: Verdict) -> None:
    assert only(compare(report(peak(280, sd)), report(peak(b, sd)))).verdict is verdict


def test_an_in_shoe_limit_does_not_hold_for_a_plate() -> None:
    row = only(compare(report(peak(300), platform=True), report(peak(200), platform=True)))
    assert (row.verdict, row.why) == (Verdict.NOT_JUDGED, "no_mdc")


def test_the_same_recording_twice_is_no_retest() -> None:
    one = report(peak(280))
    with pytest.raises(AnalysisError, match="given twice"):
        own_mdc((one, one))


def test_without_a_published_limit_or_steps_nothing_is_judged_and_the_numbers_are_shown() -> None:
    c = compare(report(stance(0.7), Value("load_symmetry_index_pct", 3.0, "%")), report(stance(0.9)))
    row = only(c, "stance_time_s")
    assert (row.verdict, row.why) == (Verdict.NOT_JUDGED, "no_mdc")
    assert row.interval is not None
    assert {r.name for r in c.rows} == {"stance_time_s", "cadence_spm"}, "only what both have"
    without_steps = Value("peak_pressure_kpa", 200, "kPa", side=Side.LEFT)
    assert only(compare(report(without_steps), report(without_steps))).why == "no_interval"


def test_own_baselines_are_preferred_and_one_pair_is_1_96_times_its_difference() -> None:
    own = own_mdc((report(peak(280), stance(0.70)), report(peak(250), stance(0.71))))
    c = compare(report(peak(280), stance(0.70)), report(peak(224), stance(0.75)), own=own)
    assert only(c).mdc is not None
    assert only(c).mdc.value == pytest.approx(1.96 * 30)  # type: ignore[union-attr]
    assert only(c).verdict is Verdict.NO_CHANGE, "56 kPa pass 15.3 %, not these 58.8 kPa"
    assert only(c, "stance_time_s").verdict is Verdict.CHANGED, "0.05 s pass 1.96 · 0.01 s"
    assert [caveat.code for caveat in c.caveats] == ["few_baselines"]
    assert "of 100 values that did not change, up to 30 would pass it" in c.caveats[0].text


def test_several_pairs_are_pooled_and_a_lucky_one_is_not_taken_for_no_noise() -> None:
    lucky = report(peak(280)), report(peak(280))
    noise = math.sqrt(2 * 8**2 / 20)
    assert own_mdc(lucky).values["peak_pressure_kpa", Side.RIGHT, "hallux", None] == pytest.approx(1.96 * noise)
    pairs = [(report(peak(280)), report(peak(280 + d))) for d in (30, -40, 20, -10, 5)]
    pooled = own_mdc(*pairs)
    rms = math.sqrt((30**2 + 40**2 + 20**2 + 10**2 + 5**2) / 5)
    assert pooled.values["peak_pressure_kpa", Side.RIGHT, "hallux", None] == pytest.approx(1.96 * rms)
    assert compare(report(peak(280)), report(peak(200)), own=pooled).caveats == ()


@pytest.mark.parametrize("pairs", [1, 2, 5, 40])
def test_how_often_chance_passes_is_what_many_subjects_show(pairs: int) -> None:
    d = np.random.default_rng(pairs).normal(0, 3, (20_000, pairs + 1))
    passed = np.abs(d[:, 0]) > 1.96 * np.sqrt((d[:, 1:] ** 2).mean(axis=1))
    assert passing_by_chance(pairs) == pytest.approx(float(passed.mean()), abs=0.01)


def test_baselines_that_do_not_belong_are_refused() -> None:
    with pytest.raises(AnalysisError, match="at least two baseline"):
        own_mdc()
    with pytest.raises(AnalysisError, match="not repeats of each other: cadence"):
        own_mdc((report(), report(cadence_spm=140)))
    with pytest.raises(AnalysisError, match=r"not repeats of each other.*two subjects"):
        own_mdc((report(subject="S1"), report(subject="S1")), (report(subject="S2"), report(subject="S2")))
    own = own_mdc((report(subject="S1"), report(subject="S1")))
    with pytest.raises(AnalysisError, match=r"do not belong to these recordings.*S1 and S2"):
        compare(report(subject="S2"), report(subject="S2"), own=own)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cadence_spm": 122.0}, "other_cadence"),
        ({"cadence_spm": None}, "no_cadence"),
        ({"steps": 11}, "too_few_steps"),
        ({"algorithm": "2"}, "other_algorithm"),
        ({"subject": "S2"}, "other_subject"),
    ],
)
def test_walks_that_cannot_be_compared_get_no_verdict(change: dict[str, Any], code: str) -> None:
    values = peak(280), stance(0.7)
    a, b = report(*values, subject="S1"), report(peak(180), stance(0.7), **{"subject": "S1", **change})
    for c in (compare(a, b), compare(b, a)):
        assert code in [caveat.code for caveat in c.refusals]
        assert {r.verdict for r in c.rows} == {Verdict.NOT_JUDGED}
        assert {r.why for r in c.rows} == {"refused"}
        assert all(r.interval is None and r.mdc is None for r in c.rows)
        assert sentences(c)[-1] == "So nothing was judged."


def test_the_limits_themselves_are_still_compared() -> None:
    c = compare(report(peak(280), steps=12), report(peak(200), cadence_spm=121.0, steps=12))
    assert c.refusals == ()
    one_code_missing = compare(report(subject="S1"), report())
    assert one_code_missing.refusals == ()


@pytest.mark.parametrize(
    ("foot", "code"),
    [
        ({"calibration": {"id": "cal-2"}}, "other_calibration"),
        ({"calibration": None}, "other_calibration"),
        ({"layout": "five"}, "other_layout"),
        ({"mask": "three"}, "other_mask"),
        ({"unit": "counts"}, "other_unit"),
    ],
)
def test_other_insoles_leave_only_times(foot: dict[str, Any], code: str) -> None:
    own = own_mdc((report(peak(280), stance(0.70)), report(peak(281), stance(0.701))))
    c = compare(report(peak(280), stance(0.7)), report(peak(180), stance(0.8), **foot), own=own)
    assert [caveat.code for caveat in c.refusals] == [code, code]
    assert only(c).why == "refused"
    assert only(c, "stance_time_s").verdict is Verdict.CHANGED
    assert any("only times are compared" in s for s in sentences(c))


def test_feet_that_are_not_in_both_are_left_out() -> None:
    left = report(peak(280, side=Side.LEFT), sides=[Side.LEFT])
    assert [c.code for c in compare(left, report(peak(280), sides=[Side.RIGHT])).refusals] == ["no_common_foot"]
    both = compare(left, report(peak(200, side=Side.LEFT), peak(300)))
    assert only(both).side is Side.LEFT


NUMBERS = st.tuples(st.floats(20, 600), st.floats(0, 60), st.integers(2, 60))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4))
def test_exchanging_the_conditions_negates_every_difference(
    rows: list[tuple[tuple[float, float, int], tuple[float, float, int]]],
) -> None:
    def of(which: int) -> Report:
        given = [row[which] for row in rows]
        return report(*(peak(v, sd, region=f"r{i}", n=n) for i, (v, sd, n) in enumerate(given)))

    there, back = compare(of(0), of(1)), compare(of(1), of(0))
    for r, s in zip(there.rows, back.rows, strict=True):
        assert s.difference == -r.difference
        if r.interval is not None and s.interval is not None:
            assert s.interval == pytest.approx((-r.interval[1], -r.interval[0]))


@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_nothing_differs_from_itself(numbers: list[tuple[float, float, int]]) -> None:
    one = report(*(peak(v, sd, region=f"r{i}", n=n) for i, (v, sd, n) in enumerate(numbers)))
    c = compare(one, one)
    peaks = [r for r in c.rows if r.name == "peak_pressure_kpa"]
    assert {r.verdict for r in peaks} == {Verdict.NO_CHANGE}
    assert {r.difference for r in c.rows} == {0.0}
    assert "Nothing changed beyond noise." in sentences(c)


def test_words() -> None:
    shoe = report(peak(280), stance(0.7), condition="shoe")
    said = sentences(compare(shoe, report(peak(216), stance(0.7), condition="orthosis A")))
    assert said[0] == (
        "Right hallux: peak pressure is 23 % lower with orthosis A than with shoe "
        "(280 to 216 kPa; 95 % interval of the difference \N{MINUS SIGN}69.1 to \N{MINUS SIGN}58.9); "
        "more than the 15.3 % that count as change (Putti 2007)."
    )
    barefoot = sentences(compare(report(peak(216), condition="barefoot"), shoe))
    assert "30 % higher with shoe than barefoot (216 to 280 kPa" in barefoot[0]
    unnamed = sentences(compare(report(peak(216)), report(peak(280))))
    assert "in the second recording than in the first recording" in unnamed[0]
    own = own_mdc((report(peak(280)), report(peak(290))))
    assert "19.6 kPa that count as change (own baselines, 1 pair)" in sentences(compare(shoe, barely(shoe), own=own))[0]


def test_words_when_nothing_can_be_judged() -> None:
    said = sentences(compare(report(stance(0.7)), report(stance(0.9))))
    assert said[0] == "Nothing could be judged."
    assert said[1].startswith("2 values were not judged: no published figure says here")


def barely(shoe: Report) -> Report:
    return report(peak(240), stance(0.7), condition=shoe.recording["condition"])


def test_json_is_plain() -> None:
    c = compare(report(peak(280)), report(peak(216)))
    data = json.loads(json.dumps(c.to_json(), allow_nan=False))
    (row,) = [r for r in data["rows"] if r["name"] == "peak_pressure_kpa"]
    assert (row["verdict"], row["side"], row["mdc"]["short"]) == ("changed", "right", "Putti 2007")
    assert set(data) == {"a", "b", "rows", "refusals", "caveats"}


def test_two_walks_of_the_walker_differ_where_the_load_moved_and_nowhere_else() -> None:
    layout = load_layout("open-insole-16")
    a = analyse(Walker(Gait(noise_kpa=3), layout).recording())
    same = analyse(Walker(Gait(noise_kpa=3, seed=2), layout).recording())
    moved = analyse(Walker(Gait(noise_kpa=3, seed=2, load_symmetry_index_pct=40), layout).recording())
    assert compare(a, same).of(Verdict.CHANGED) == ()
    changed = compare(a, moved).of(Verdict.CHANGED)
    assert {(r.name, r.difference > 0) for r in changed if r.side is Side.RIGHT} == {("peak_pressure_kpa", True)}
    assert {(r.name, r.difference > 0) for r in changed if r.side is Side.LEFT} == {("peak_pressure_kpa", False)}
    json.dumps(compare(a, moved).to_json(), allow_nan=False)


def test_recordings_without_steps_are_refused_with_the_reason() -> None:
    standing = made.recording(made.stream(Side.LEFT, [[80.0] * 4] * 500))
    c = compare(analyse(standing), analyse(standing))
    assert {caveat.code for caveat in c.refusals} == {"too_few_steps", "no_cadence"}


def shares(pct: float) -> Report:
    return report(Value("load_share_pct", pct, "%", side=Side.LEFT))


def test_values_without_steps_are_judged_by_many_baselines_only() -> None:
    pairs = [(shares(50.0), shares(50.0 + d)) for d in (0.4, -0.3, 0.5, -0.2, 0.1)]
    changed = only(compare(shares(50.0), shares(47.0), own=own_mdc(*pairs)), "load_share_pct")
    same = only(compare(shares(50.0), shares(50.4), own=own_mdc(*pairs)), "load_share_pct")
    few = only(compare(shares(50.0), shares(47.0), own=own_mdc(*pairs[:4])), "load_share_pct")
    assert [row.verdict for row in (changed, same)] == [Verdict.CHANGED, Verdict.NO_CHANGE]
    assert (few.verdict, few.why) == (Verdict.NOT_JUDGED, "no_interval")


def test_a_symmetry_index_has_the_interval_of_its_sides() -> None:
    def walk(left: float, right: float) -> Report:
        index = Value("stance_time_symmetry_index_pct", 200 * (right - left) / (right + left), "%", variant="robinson")
        sides = [
            Value("stance_time_s", t, "s", side=s, n_steps=20, sd=0.01)
            for s, t in zip(Side, (left, right), strict=True)
        ]
        return report(*sides, index)

    row = only(compare(walk(0.7, 0.7), walk(0.7, 0.77)), "stance_time_symmetry_index_pct")
    assert row.interval is not None
    assert row.interval[0] < row.difference < row.interval[1]
    # t(19) = 2.0930 on √(sd² + resolution²)/√20, first order in both sides, both walks as squares
    half = 2.0930 * math.sqrt(2 * 0.01**2 / 20)
    halves = [400 / (0.7 + r) ** 2 * math.hypot(0.7, r) * half for r in (0.7, 0.77)]
    assert row.interval[1] - row.difference == pytest.approx(math.hypot(*halves), rel=1e-3)


def test_baselines_are_paired_as_they_are_named():
    first, again, other, later = (report(peak(kpa)) for kpa in (280, 290, 300, 330))
    assert own_of([]) is None
    found = own_of([first, again, other, later])
    assert found.pairs == 2
    assert found.values == own_mdc((first, again), (other, later)).values
    assert found.values != own_mdc((first, other), (again, later)).values
    with pytest.raises(AnalysisError, match="in pairs, and 3 were given"):
        own_of([first, again, other])
