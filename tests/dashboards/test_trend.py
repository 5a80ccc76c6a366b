"""Over visits: what changed beyond noise is said, nothing else is, and the drawing is the numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.trend import Measured, trend
from dashboards.trend.judged import courses
from dashboards.trend.plot import BOTTOM, MOST_DAYS, TOP, plot, ticks
from insole.recording import Side

PEAK = "peak_pressure_kpa"


@pytest.fixture
def visits(info, long_walk):
    """Builds visits of a subject: each with what peak pressures are multiplied by; None is a visit without a report."""

    def made(*times, condition="shoe"):
        about = replace(info.about, condition=condition)
        return [
            Measured(
                replace(info, id=f"r{k}", visit_date=date(2026, 1, 5 + k), about=about),
                None if by is None else scaled(long_walk.report, by),
                "it is damaged" if by is None else "",
            )
            for k, by in enumerate(times)
        ]

    return made


def scaled(report, by):
    values = [
        replace(v, value=v.value * by, sd=None if v.sd is None else v.sd * by) if v.name == PEAK else v
        for v in report.values
    ]
    return replace(report, values=tuple(values))


def peak_of(report, side):
    return report.get(PEAK, side=side).value


def figure(found, title):
    return next(f for f in found.figures if f.title == title)


def test_a_change_beyond_what_is_repeatable_is_said_and_marked(visits):
    found = trend(visits(1.0, 0.95, 0.7))
    assert found.said[0].startswith("Peak pressure, left: changed beyond noise, \N{MINUS SIGN}30.0")
    peak = figure(found, "Peak pressure, left")
    assert [dot.changed for dot in peak.plot.traces[0].dots] == [False, False, True]
    assert "15.3" in peak.note
    assert "Putti 2007" in peak.note
    assert [row[-1] for row in peak.rows] == ["", "no change beyond noise", "changed"]
    assert peak.says == found.said[0]


def test_within_it_nothing_is_said_to_have_changed(visits):
    found = trend(visits(1.0, 1.2, 1.1))
    assert found.said[0] == "No change beyond noise: peak pressure, left and peak pressure, right."
    assert "no change beyond noise" in figure(found, "Peak pressure, right").says


def test_what_has_no_threshold_has_no_verdict_and_says_why(visits):
    found = trend(visits(1.0, 1.0))
    cadence = figure(found, "Cadence")
    assert "not judged" in cadence.says
    assert "No published figure" in cadence.note
    assert cadence.plot.band is None
    assert any("without a verdict" in text for text in found.said)


def test_another_speed_is_refused_not_judged(visits):
    measured = visits(1.0, 0.5)
    faster = replace(
        measured[1].report,
        values=tuple(
            replace(v, value=v.value * 1.3) if v.name == "cadence_spm" else v for v in measured[1].report.values
        ),
    )
    found = trend([measured[0], replace(measured[1], report=faster)])
    assert any("cadence" in text.lower() for text in found.refused)
    assert found.said == ("Whether anything changed beyond noise cannot be said here.",)
    assert not any(d.changed for f in found.figures for t in f.plot.traces for d in t.dots)


def test_one_recording_is_no_trend(visits):
    found = trend(visits(1.0))
    assert "a second one" in found.said[0]
    assert found.figures == ()
    assert trend([]).choices == ()


def test_a_visit_without_a_report_breaks_the_line_and_is_named(visits):
    found = trend(visits(1.0, None, 0.9))
    (trace,) = figure(found, "Peak pressure, left").plot.traces
    assert len(trace.dots) == 2
    assert trace.lines == ()
    assert found.without == (("2026-01-06", "it is damaged"),)
    assert figure(found, "Peak pressure, left").rows[1][2] == ("\N{EN DASH}",)
    nothing = trend(visits(None))
    assert nothing.figures == ()
    assert "was measured" in nothing.said[0]
    assert nothing.without


def test_conditions_are_kept_apart_and_can_be_chosen(visits):
    measured = [*visits(1.0, 0.9), *visits(0.5, condition="orthosis A")]
    found = trend(measured)
    assert [(c.name, c.n, c.chosen) for c in found.choices] == [
        ("shoe, walking", 2, True),
        ("orthosis A, walking", 1, False),
    ]
    other = trend(measured, ("orthosis A", "walking"))
    assert [c.chosen for c in other.choices] == [False, True]
    assert "a second one" in other.said[0]
    assert trend(measured, ("barefoot", "walking")).choices == found.choices


def test_the_band_is_what_counts_around_the_first_value(visits):
    measured = visits(1.0, 0.9)
    (course,), _held = courses(measured, [(PEAK, Side.LEFT)])
    drawn = plot([course])
    first, second = drawn.traces[0].dots
    kpa = peak_of(measured[0].report, Side.LEFT)
    px_per_kpa = (second.y - first.y) / (0.1 * kpa)
    top, height = drawn.band
    assert top + height / 2 == pytest.approx(first.y, abs=0.1)
    assert height / px_per_kpa == pytest.approx(2 * 0.153 * kpa, rel=0.01)


@given(st.lists(st.one_of(st.none(), st.floats(0.01, 50)), min_size=1, max_size=12))
def test_whatever_was_measured_is_in_the_picture(visits_once, times):
    measured = visits_once(*times)
    found, _held = courses(measured, [(PEAK, Side.LEFT), ("load_symmetry_index_pct", None)])
    for course in found:
        drawn = plot([course])
        assert [d for t in drawn.traces for d in t.dots if not TOP - 0.01 <= d.y <= BOTTOM + 0.01] == []
        assert 2 <= len(drawn.ticks) <= 6
        assert len(drawn.days) <= MOST_DAYS


@pytest.fixture(scope="session")
def visits_once(long_walk, tmp_path_factory):
    from insole.store import Store
    from tests.dashboards.conftest import walked

    with Store.open(tmp_path_factory.mktemp("visits")) as store:
        info = store.info(store.add(walked()))

    def made(*times):
        days = [replace(info, id=f"r{k}", visit_date=date(2026, 1, 5 + k)) for k in range(len(times))]
        reports = [None if by is None else scaled(long_walk.report, by) for by in times]
        return [Measured(day, report, "") for day, report in zip(days, reports, strict=True)]

    return made


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4))
def test_ticks_are_round_and_between(low, span):
    found = ticks(low, low + span)
    assert 2 <= len(found) <= 5
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) + 1e-6 for tick in found)
    steps = {round((b - a) / span, 6) for a, b in pairwise(found)}
    assert len(steps) <= 1 or max(steps) - min(steps) < 1e-5
