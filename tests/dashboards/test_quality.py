"""The quality box: closed and one line when all is well, open and ordered when not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboards.quality import TOUCHES, at_a_glance, quality
from insole.recording import Side
from insole.report import Caveat


def changed(study, *, caveats=None, **recording):
    report = study.report
    report = replace(report, recording={**report.recording, **recording})
    return replace(study, report=report if caveats is None else replace(report, caveats=caveats))


def check(study, what):
    return next(c for c in quality(study).checks if c.what == what)


@pytest.fixture
def clean(long_walk):
    return changed(long_walk, caveats=())


def test_all_well_is_one_line(clean):
    found = quality(clean)
    assert found.well, found
    assert found.line == "Nothing speaks against these numbers."


def test_gaps_and_dead_sensors_are_said_with_their_foot(with_gaps):
    found = quality(with_gaps)
    assert not found.well
    assert check(with_gaps, "Gaps").found.startswith("Left: 0.50 s, 50 samples lost; Right: none")
    assert check(with_gaps, "Sensors").found == "Left: 1 without signal; Right: all measure"
    assert found.line == "3 things to know: Stances, Gaps, Sensors."


@pytest.mark.parametrize("name", ["walk", "one_foot", "no_steps", "all_zero", "counts", "newtons", "nothing_measured"])
def test_every_caveat_is_said_once(request, name):
    study = request.getfixturevalue(name)
    found = quality(study)
    said = [text for _title, texts in found.groups for text in texts] + list(found.rest)
    assert len(said) == len(set(said)) == len({c.text for c in study.report.caveats})


def test_the_most_important_comes_first(clean):
    texts = {code: f"text {code}" for _t, codes in TOUCHES for code in codes}
    shuffled = tuple(Caveat(code, text) for code, text in sorted(texts.items(), key=lambda item: item[1][::-1]))
    groups = quality(changed(clean, caveats=shuffled)).groups
    assert [t for _title, group in groups for t in group] == [
        f"Text {code}." for _t, codes in TOUCHES for code in codes
    ]


def test_what_was_not_measured_does_not_open_the_box(clean):
    found = quality(changed(clean, caveats=(Caveat("no_mass", "body mass is not known"),)))
    assert found.well
    assert found.rest == ("Body mass is not known.",)


def test_standing_needs_no_stances(no_steps):
    assert check(no_steps, "Stances").well
    assert not any("no complete step" in text for _t, texts in quality(no_steps).groups for text in texts)


@pytest.mark.parametrize(("ms", "well"), [(9.0, True), (11.0, False)])
def test_clocks_agree_to_within_a_sample(clean, ms, well):
    of = check(changed(clean, sync_uncertainty_ms=ms), "Left to right in time")
    assert of.well is well
    assert "ms" in of.found


def test_calibration_says_id_date_and_error(clean):
    feet = clean.report.recording["feet"]
    mine = {"id": "bladder-7", "made_on": "2026-02-01", "method": "bladder", "fit_error_kpa": 3.2}
    feet = {side: {**foot, "calibration": mine} for side, foot in feet.items()}
    assert check(changed(clean, feet=feet), "Calibration").found == "bladder-7 of 2026-02-01, error 3.20 kPa"


def test_counts_without_calibration_are_not_well(counts):
    assert not check(counts, "Calibration").well
    assert check(counts, "Calibration").found == "none"


def test_one_foot_has_no_clocks_to_compare(one_foot):
    assert "Left to right in time" not in {c.what for c in quality(one_foot).checks}


def test_saturated_sensors_are_counted(walk):
    left = replace(walk.walk.feet[Side.LEFT], saturated=(3, 4))
    feet = {**walk.walk.feet, Side.LEFT: left}
    study = replace(walk, walk=replace(walk.walk, feet=feet))
    assert check(study, "Sensors").found.startswith("Left: 2 at the end of their range")


def test_a_cut_stride_of_a_short_walk_is_in_the_box_and_in_no_list(clean):
    cut = changed(clean, caveats=(Caveat("part_strides", "a part of a stride is at an end"),))
    assert at_a_glance(cut.report).watch == ()
    assert quality(cut).groups == (("Steps", ("A part of a stride is at an end.",)),)
    both = (Caveat("part_strides", "a part"), Caveat("one_hump", "one hump"))
    assert at_a_glance(changed(clean, caveats=both).report).watch == ("Steps",)
