"""What the page says first: every sentence from the report's values, and no more than they carry."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dashboards.summary import beyond_spread, summary
from insole.recording import Side
from insole.report import Report, Value

EVERY = ["walk", "one_foot", "no_steps", "with_gaps", "all_zero", "counts", "newtons", "nothing_measured"]


def made(*values, **feet):
    return Report({"feet": {"left": {"rate_hz": 100.0}, "right": {"rate_hz": 100.0}, **feet}}, {}, values)


def both(name, left, right, unit, sd=None, n=20, region=None):
    pairs = zip(Side, (left, right), strict=True)
    return [Value(name, x, unit, side=side, n_steps=n, sd=sd, region=region) for side, x in pairs]


def walked(left, right, sd):
    values = [
        *both("load_share_pct", 100 * left / (left + right), 100 * right / (left + right), "%"),
        *both("force_time_integral_ns", left, right, "N·s", sd=sd),
        Value("cadence_spm", 110.0, "steps/min"),
    ]
    return made(*values)


@pytest.mark.parametrize("name", EVERY)
def test_every_kind_of_recording_has_whole_sentences(request, name):
    said = summary(request.getfixturevalue(name).report)
    assert 1 <= len(said) <= 6
    assert all(re.fullmatch(r"[A-Z0-9].*\.", text) and "nan" not in text and "{" not in text for text in said)


def test_a_difference_beyond_the_spread_is_said_with_its_side():
    assert summary(walked(400, 600, 30))[0].startswith("The right foot bears more, 60.0 % of the load against 40.0 %")
    assert summary(walked(600, 400, 30))[0].startswith("The left foot bears more, 60.0 % of the load against 40.0 %")


def test_a_difference_within_the_spread_is_no_difference():
    said = summary(walked(490, 510, 100))[0]
    assert said.startswith("Left and right bear alike, to within the spread")
    assert beyond_spread(walked(490, 510, 100), "force_time_integral_ns") is False


def test_without_a_spread_nothing_is_judged():
    said = summary(walked(400, 600, None))[0]
    assert said == "In walking the left foot bears 40.0 % of the load and the right 60.0 %."
    assert beyond_spread(walked(400, 600, None), "force_time_integral_ns") is None


@pytest.mark.parametrize(("right", "word"), [(230.0, "within the 15.3 %"), (260.0, "beyond the 15.3 %")])
def test_peaks_are_held_against_the_published_change(right, word):
    said = summary(made(*both("peak_pressure_kpa", 200.0, right, "kPa")))
    assert any(word in text and "Putti 2007" in text for text in said)


def test_where_the_highest_pressure_is(walk):
    top = max((v for v in walk.report.values if v.name == "peak_pressure_kpa" and v.region), key=lambda v: v.value)
    text = next(t for t in summary(walk.report) if t.startswith("The highest pressures"))
    assert text.index(f"{top.value:.0f} kPa under the {top.side} foot") < text.index(" and ")


@pytest.mark.parametrize(("right", "word"), [(0.70, "on the right last 100 ms longer"), (0.601, "last alike")])
def test_times_of_stance(right, word):
    assert any(word in text for text in summary(made(*both("stance_time_s", 0.6, right, "s", sd=0.01))))


def test_one_step_says_nothing_of_spread():
    said = summary(made(*both("stance_time_s", 0.6, 0.7, "s", n=1)))
    assert said[0] == "Stances last 0.60 s on the left and 0.70 s on the right."


@pytest.mark.parametrize(("n", "word"), [(12, "as many as are advised"), (11, "take them with care")])
def test_how_sure(n, word):
    values = [Value("steps_used_count", float(n), "1", side=side) for side in Side]
    assert word in summary(made(*values))[-1]


def test_one_foot_speaks_of_one_foot(one_foot):
    assert not any("left" in text.lower() for text in summary(one_foot.report))


def test_standing(no_steps):
    said = summary(no_steps.report)
    assert any("of quiet standing" in text for text in said)


def test_nothing_measured_says_so(nothing_measured):
    bare = replace(nothing_measured.report, recording={}, values=())
    assert summary(bare) == ("Nothing could be measured in this recording.",)
