from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from dashboards import render
from dashboards.homepage import Asked, home_page
from insole.report import Caveat, Finding, Report, Severity
from insole.store import Some


def said(**feet):
    return Report({"feet": feet}, {}, ())


MINE = {"calibration": {"id": "bladder-7", "made_on": "2026-02-01", "method": "bladder"}, "unit": "counts"}
NONE = {"calibration": None, "unit": "counts"}
KPA = {"calibration": None, "unit": "kPa"}


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (said(left=MINE, right=MINE), "bladder-7 of 2026-02-01"),
        (said(left=NONE, right=NONE), "not calibrated"),
        (said(left=KPA), "none needed, the source gives kPa"),
        (said(left=MINE, right=NONE), "Left: bladder-7 of 2026-02-01; Right: not calibrated"),
        (Report({}, {}, ()), "not calibrated"),
    ],
)
def test_calibration(report, text):
    assert render.calibration(report) == text


def test_findings_and_caveats_are_shown_with_their_source_and_escaped(walk, info):
    report = replace(
        walk.report,
        findings=(Finding("x", Severity.WATCH, "Peak <b>high</b>", ("peak_pressure_kpa",), "Someone 2020"),),
        caveats=(Caveat("y", "left foot: 3 sensors & more"),),
    )
    text = render.recording_page(info, replace(walk, report=report))
    assert "Peak &lt;b&gt;high&lt;/b&gt;" in text
    assert "Someone 2020" in text
    assert "Left foot: 3 sensors &amp; more." in text


def test_a_recording_that_still_grows_says_so(walk, info):
    said = "Still recording. The numbers are of what is stored so far."
    assert said in render.recording_page(replace(info, state="recording"), walk)
    assert said not in render.recording_page(info, walk)


def test_provenance_names_the_source(walk, info):
    about = replace(info.about, source_name="walk.asc", source_sha256="ab" * 32)
    lines = dict(render.provenance(replace(info, about=about), walk.report))
    assert lines["Zero"] == "taken in swing"
    assert "Options" not in lines
    assert lines["Source"] == "walk.asc"
    assert lines["SHA-256"] == "ab" * 32
    assert lines["Algorithm"] == walk.report.software["algorithm"]


@pytest.mark.parametrize("name", ["one_foot", "no_steps", "all_zero", "counts", "newtons", "nothing_measured"])
def test_every_kind_of_recording_has_a_page(request, info, name):
    text = render.recording_page(info, request.getfixturevalue(name))
    assert not re.search(r"\bnan\b", text.lower())
    assert "In short" in text
    assert "Quality" in text


def test_without_a_measurement_there_is_no_empty_figure(info, nothing_measured):
    text = render.recording_page(info, nothing_measured)
    assert "data-figure" not in text
    assert "nothing to draw" in text


def test_a_recording_without_a_date_says_so(walk, info):
    undated = replace(info, started_at=datetime(1970, 1, 1, tzinfo=UTC))
    home = home_page(Asked(), Some((undated,), 1), Some((), 0))
    for text in (render.recording_page(undated, walk), home):
        assert "no date" in text
        assert "1970" not in text


def test_a_name_that_a_template_misspells_is_an_error():
    with pytest.raises(UndefinedError):
        render.environment().from_string("{{ nothing }}").render()


def test_problem_page():
    text = render.problem_page(404, "Not found", "there is no <x>")
    assert "There is no &lt;x&gt;.</p>" in text
    assert "404" in text
