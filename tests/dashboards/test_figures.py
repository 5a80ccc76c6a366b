"""The contract of every registered figure, and what each of them shows."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from dashboards.feet import inside, place
from dashboards.figure import figures
from dashboards.figures.gait_line import line_of
from dashboards.figures.stance_force import stance_curves
from dashboards.theme import DARK, LIGHT, recolour
from insole.recording import Side

NAMES = list(figures())
STUDIES = ["walk", "one_foot", "no_steps", "with_gaps", "all_zero", "counts", "newtons", "nothing_measured"]


@pytest.fixture(params=STUDIES)
def any_study(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_works_for_every_kind_of_recording(name, any_study):
    figure = figures()[name]
    json.loads(figure.build(any_study).to_json())
    said = figure.alt(any_study)
    assert said.endswith(".")
    assert "nan" not in said.lower()


@pytest.mark.parametrize("name", NAMES)
def test_every_figures_axes_carry_units(name, walk):
    layout = figures()[name].build(walk).to_plotly_json()["layout"]
    shown = [v for k, v in layout.items() if k.startswith(("xaxis", "yaxis")) and v.get("visible") is not False]
    titles = [axis["title"]["text"] for axis in shown if axis.get("title", {}).get("text")]
    assert all(title.endswith(")") and "(" in title for title in titles)
    assert titles or name == "pressure_map"


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_in_the_light_palette_and_turns_dark(name, walk):
    drawn = figures()[name].build(walk).to_json()
    dark = recolour(drawn, DARK)
    assert dark != drawn
    assert not [colour for colour in asdict(LIGHT).values() if f'"{colour}"' in dark]


@pytest.mark.parametrize(("name", "unit"), [("counts", "counts"), ("newtons", "N")])
def test_the_map_and_the_force_say_the_unit_they_have(request, name, unit):
    study = request.getfixturevalue(name)
    assert figures()["pressure_map"].build(study).data[0].colorbar.ticksuffix == f" {unit}"
    assert f"Force ({unit})" in figures()["force"].build(study).to_json()
    assert f" {unit}" in figures()["pressure_map"].alt(study)


def test_figures_stand_in_order_and_begin_with_the_map():
    assert NAMES[0] == "pressure_map"
    assert [f.order for f in figures().values()] == sorted(f.order for f in figures().values())


def test_balance_shows_the_reports_shares(walk):
    bars = figures()["balance"].build(walk).data
    both = {bar.text.split()[0]: bar.x[0] for bar in bars if bar.y[0] == "Both feet"}
    assert both["Left"] == walk.report.get("load_share_pct", side=Side.LEFT).value
    assert both["Left"] + both["Right"] == pytest.approx(100)
    assert both["Right"] > both["Left"]
    share = walk.report.get("load_share_pct", side=Side.LEFT).value
    assert f"Left foot: {share:.1f} % of the load" in figures()["balance"].alt(walk)


def test_force_curves_break_at_a_gap(with_gaps):
    left = figures()["force"].build(with_gaps).data[0]
    time_s, force = np.asarray(left.x), np.asarray(left.y)
    hole = time_s[np.isnan(force)]
    assert hole.size
    assert hole.min() >= 4.99
    assert hole.max() <= 5.5
    assert left.connectgaps is False


def test_force_marks_every_stance_once(walk):
    for side, lane in (("left", 1.0), ("right", 0.0)):
        marks = [t for t in figures()["force"].build(walk).data if t.yaxis == "y2" and lane in (t.y or ())]
        starts = sorted(x for t in marks for x in t.x[0::3])
        assert starts == pytest.approx([s.start_s for s in walk.steps[Side(side)]])


def test_gait_line_runs_forward_inside_the_insole(walk):
    for side, foot in walk.walk.feet.items():
        mean, sd = line_of(walk, side)
        assert mean.shape == sd.shape == (101, 2)
        assert mean[-1, 1] > mean[0, 1] + foot.layout.length_mm / 3
        assert inside(place(side, mean, foot.layout), place(side, foot.layout.outline_mm, foot.layout)).all()


def test_gait_line_needs_steps(no_steps):
    assert line_of(no_steps, Side.LEFT) is None


def test_stance_curves_have_two_peaks_and_a_trough(walk):
    for side, foot in walk.walk.feet.items():
        clean = [step for step in walk.steps[side] if step.clean]
        curves = stance_curves(foot, clean)
        assert curves.shape == (len(clean), 101)
        mean = curves.mean(axis=0)
        assert mean[:45].max() > mean[50] < mean[55:].max()


def test_pressure_map_says_where_the_highest_pressure_is(walk):
    foot = walk.walk.feet[Side.LEFT]
    peaks = np.nanmax(foot.values, axis=0)
    said = figures()["pressure_map"].alt(walk)
    assert f"Left foot: highest {peaks.max():.0f} kPa at sensor {peaks.argmax() + 1}," in said
