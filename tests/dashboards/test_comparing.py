"""Conditions held against each other: every figure for every kind of recording, and what each shows."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from analysis.compare import Row, Verdict
from analysis.mdc import Mdc
from analysis.recipe import study
from dashboards.comparetable import bar, line
from dashboards.comparing import NAME_CHARS, compared, comparison_figures, named
from dashboards.footmap import MAP, MISSING, SENSORS
from dashboards.maps import mean_values, peak_values
from dashboards.theme import CHANGE_SCALE, DARK, LIGHT, PRESSURE_SCALE, recolour
from insole.errors import AnalysisError
from insole.recording import About, Side
from tests.dashboards.conftest import walked

NAMES = list(comparison_figures())
STUDIES = ["softer", "one_foot", "no_steps", "with_gaps", "all_zero", "counts", "newtons", "nothing_measured"]


def scaled(by, condition, **gait):
    """A walk of at least twelve steps of each foot, every pressure times ``by``."""
    recording = walked(**{"duration_s": 18.0, "noise_kpa": 1.0, **gait})
    feet = {side: replace(foot, values=foot.values * np.float32(by)) for side, foot in recording.feet.items()}
    return study(replace(recording, feet=feet, about=About("P-001", condition)))


@pytest.fixture(scope="module")
def hard():
    return scaled(1.0, "shoe", dead_sensors={Side.LEFT: (9,)})


@pytest.fixture(scope="module")
def softer():
    return scaled(0.6, "orthosis A", seed=2)


@pytest.fixture(scope="module")
def pair(hard, softer):
    return compared([hard, softer])


@pytest.fixture(scope="module")
def four(hard, softer):
    return compared([hard, softer, scaled(0.9, "orthosis B"), scaled(1.2, "x" * 90)])


@pytest.fixture(params=STUDIES)
def any_pair(request, hard):
    return compared([hard, request.getfixturevalue(request.param)])


def drawn(name, of):
    return {plot.key: plot.build() for plot in comparison_figures()[name].plots(of) if plot.build}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_works_for_every_kind_of_recording_whichever_is_the_baseline(name, any_pair):
    for of in (any_pair, compared(any_pair.studies[::-1])):
        plots = comparison_figures()[name].plots(of)
        assert len({plot.key for plot in plots}) == len(plots) > 0
        for plot in plots:
            assert plot.alt.endswith(".")
            assert "nan" not in plot.alt.lower()
            if plot.build:
                json.loads(plot.build().to_json())


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_turns_dark(name, four):
    for figure in drawn(name, four).values():
        dark = recolour(figure.to_json(), DARK)
        assert f'"{LIGHT.ink}"' not in dark
        assert f'"{DARK.ink}"' in dark


@pytest.mark.parametrize(("name", "values"), [("peak_maps", peak_values), ("mean_maps", mean_values)])
def test_maps_stand_on_one_scale_and_differences_on_one_that_is_symmetric(name, values, four):
    figures = drawn(name, four)
    assert list(figures) == ["a", "b", "c", "d", "b-a", "c-a", "d-a"]
    ranges = {key: (figure.data[MAP].zmin, figure.data[MAP].zmax) for key, figure in figures.items()}
    assert len({ranges[key] for key in "abcd"}) == len({ranges[f"{key}-a"] for key in "bcd"}) == 1
    highest = max(np.nanmax(v) for s in four.studies for v in values(s.walk).values())
    assert ranges["a"][0] == 0
    assert ranges["a"][1] >= highest
    assert ranges["b-a"][0] == -ranges["b-a"][1]
    assert figures["a"].data[MAP].colorscale != figures["b-a"].data[MAP].colorscale
    assert PRESSURE_SCALE != CHANGE_SCALE
    assert figures["b-a"].data[MAP].colorbar.ticktext[2] == "0"
    assert figures["b-a"].data[MAP].colorbar.ticktext[-1].endswith(" kPa")


def test_a_sensor_missing_in_either_is_ringed_in_the_difference_and_has_no_number(pair, hard, softer):
    lost = np.isnan(peak_values(hard.walk)[Side.LEFT])
    assert lost.sum() == 1
    for of in (pair, compared([softer, hard])):
        figure = drawn("peak_maps", of)["b-a"]
        assert len(figure.data[MISSING].x) == 1
        assert figure.data[SENSORS].text[int(lost.argmax())] == "Left, sensor 10: no value"


def test_a_difference_is_the_other_minus_the_baseline(pair, hard, softer):
    change = peak_values(softer.walk)[Side.RIGHT] - peak_values(hard.walk)[Side.RIGHT]
    figure = drawn("peak_maps", pair)["b-a"]
    low = int(change.argmin())
    assert (
        f"\N{MINUS SIGN}{-change.min():.0f} kPa"
        in figure.data[SENSORS].text[hard.walk.feet[Side.LEFT].layout.n_sensors + low]
    )
    alt = next(p.alt for p in comparison_figures()["peak_maps"].plots(pair) if p.key == "b-a")
    assert f"Right: from \N{MINUS SIGN}{-change.min():.0f} at" in alt


def test_regions_carry_the_reports_difference(pair):
    figure = drawn("peak_maps", pair)["b-a"]
    texts = [a.text for a in figure.layout.annotations if a.name == "region"]
    rows = [r for r in pair.comparisons[0].rows if r.name == "peak_pressure_kpa" and r.region]
    assert len(texts) == len(rows)
    assert all(text.startswith("\N{MINUS SIGN}") for text in texts)
    at = [(a.x, a.y) for a in figure.layout.annotations if a.name == "region"]
    assert len(set(at)) == len(at)


def test_other_insoles_have_no_difference_and_the_page_says_why(hard, newtons, counts):
    for other in (newtons, counts):
        plots = {p.key: p for p in comparison_figures()["peak_maps"].plots(compared([hard, other]))}
        assert plots["b-a"].build is None
        assert len(plots["b-a"].alt) > 20


def test_curves_tell_conditions_by_line_and_letter_and_feet_by_colour(four):
    figures = drawn("stance_force", four)
    assert list(figures) == ["left", "right"]
    for side, ink in (("left", LIGHT.left), ("right", LIGHT.right)):
        lines = figures[side].data
        assert [line.line.dash for line in lines] == ["solid", "dash", "dot", "dashdot"]
        assert {line.line.color for line in lines} == {ink}
        assert [a.text for a in figures[side].layout.annotations] == [f"<b>{letter}</b>" for letter in "ABCD"]
    tops = {figure.layout.yaxis.range for figure in figures.values()}
    assert len(tops) == 1


def test_two_conditions_have_bands_and_four_have_none(pair, four):
    assert len(drawn("stance_force", pair)["left"].data) == 4
    assert len(drawn("stance_force", four)["left"].data) == 4


def test_forces_in_different_units_do_not_lie_over_each_other(hard, counts):
    (plot,) = comparison_figures()["stance_force"].plots(compared([hard, counts]))
    assert plot.build is None
    assert "different units" in plot.alt


def test_equal_gait_lines_lie_on_each_other(hard):
    plots = comparison_figures()["gait_lines"].plots(
        compared([hard, scaled(0.5, "half", dead_sensors={Side.LEFT: (9,)})])
    )
    for plot in plots:
        assert plot.alt == "B lies on A, mean over stance."
        a, b = plot.build().data[1:]
        assert np.asarray(a.x) == pytest.approx(np.asarray(b.x), abs=0.5)


def test_names_are_short_and_letters_always_there(four):
    assert [name[0] for name, _study in four.named] == list("ABCD")
    assert all(len(name) <= NAME_CHARS + 5 for name, _study in four.named)
    nameless = study(replace(walked(), about=About("P-001")))
    assert named("C", nameless) == "C"


@pytest.mark.parametrize("n", [0, 1, 5])
def test_a_comparison_is_of_two_to_four(hard, n):
    with pytest.raises(AnalysisError, match="2 to 4"):
        compared([hard] * n)


def row(difference, interval, verdict, least=10.0, **more):
    mdc = None if least is None else Mdc(least, "Somebody 2020, a journal", "Somebody 2020", 10.0)
    shown = {"name": "peak_pressure_kpa", "unit": "kPa", "side": Side.LEFT, "region": "heel", "variant": None, **more}
    return Row(
        **shown,
        a=100.0,
        b=100.0 + difference,
        difference=difference,
        difference_pct=difference,
        interval=interval,
        mdc=mdc,
        verdict=verdict,
        why="" if mdc else "no_mdc",
    )


def test_a_bar_is_in_units_of_the_change_that_counts():
    found = bar(row(-10.0, (-20.0, 0.0), Verdict.NO_CHANGE))
    assert (found.low, found.high) == pytest.approx((50 - 50 / 3, 50 + 50 / 3))
    assert (found.start, found.at, found.stop) == pytest.approx((50 - 100 / 3, 50 - 50 / 3, 50))


def test_a_bar_ends_at_its_edge_and_nothing_is_drawn_of_what_is_not_judged():
    found = bar(row(500.0, (20.0, 980.0), Verdict.CHANGED))
    assert (found.at, found.stop) == (100, 100)
    assert bar(row(5.0, None, Verdict.NOT_JUDGED, least=None)) is None


@pytest.mark.parametrize(
    ("difference", "verdict", "least", "kind", "symbol", "words"),
    [
        (30.0, Verdict.CHANGED, 10.0, "changed", "▲", "changed, higher"),
        (-30.0, Verdict.CHANGED, 10.0, "changed", "▼", "changed, lower"),
        (3.0, Verdict.NO_CHANGE, 10.0, "same", "=", "no change beyond noise"),
        (30.0, Verdict.NOT_JUDGED, None, "open", "?", "not judged: no published threshold"),
    ],
)
def test_a_verdict_is_a_symbol_and_words(difference, verdict, least, kind, symbol, words):
    found = line(row(difference, (difference - 1, difference + 1), verdict, least=least))
    assert (found.kind, found.symbol, found.verdict) == (kind, symbol, words)
    assert found.least == ("" if least is None else "± 10.0")
    assert found.source == ("" if least is None else "Somebody 2020, a journal")


def test_differences_carry_their_sign():
    found = line(row(-3.0, (-5.0, 1.0), Verdict.NO_CHANGE))
    assert found.difference == "\N{MINUS SIGN}3.00"
    assert found.interval == "\N{MINUS SIGN}5.00 to +1.00"


def test_the_judged_pair_changed_where_it_was_made_softer(pair):
    changed = pair.comparisons[0].of(Verdict.CHANGED)
    assert {r.name for r in changed} == {"peak_pressure_kpa"}
    assert all(r.difference < 0 for r in changed)
    assert len({r.side for r in changed}) == 2


def test_figures_stand_in_order_and_maps_come_first():
    orders = [f.order for f in comparison_figures().values()]
    assert all(a <= b for a, b in pairwise(orders))
    assert [f.view for f in comparison_figures().values()][:2] == ["Peak", "Mean"]
