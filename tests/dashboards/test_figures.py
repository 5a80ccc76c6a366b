"""The contract of every registered figure, and what each of them shows."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace

import numpy as np
import pytest

from analysis.options import Options
from analysis.recipe import study
from dashboards.feet import inside, place
from dashboards.figure import figures
from dashboards.figures.butterfly import of_foot, together
from dashboards.figures.force import curve, lane
from dashboards.figures.gait_line import line_of
from dashboards.figures.pressure_map import REGIONS, SATURATED
from dashboards.figures.stance_force import stance_curves
from dashboards.figures.symmetry import rows_of
from dashboards.regionmap import region_maxima, regions_of
from dashboards.theme import DARK, LIGHT, recolour
from dashboards.words import number
from insole.recording import Side
from insole.report import Step
from tests.dashboards.conftest import walked

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
    for side, height in (("left", 1.0), ("right", 0.0)):
        marks = [t for t in figures()["force"].build(walk).data if t.yaxis == "y2" and height in (t.y or ())]
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


def test_forces_of_a_window_are_its_samples(walk):
    foot = walk.walk.feet[Side.LEFT]
    part = curve(foot, 3.0, 4.0)
    rows = (foot.time_s >= 3) & (foot.time_s < 4)
    np.testing.assert_allclose(part["x"], foot.time_s[rows], atol=1e-3)
    np.testing.assert_allclose(part["y"], foot.force[rows], rtol=1e-6)


def test_symmetry_shows_robinsons_index_and_its_band(walk):
    rows = {row.name: row for row in rows_of(walk.report)}
    for name, of in (("force_time_integral_ns", "impulse"), ("peak_force_n", "peak_force"), ("stance_time_s", None)):
        index = walk.report.get(f"{of or 'stance_time'}_symmetry_index_pct").value
        assert rows[name].index_pct == pytest.approx(index)
    figure = figures()["symmetry"].build(walk)
    bands = {round(shape.y0 + 0.38): shape.x1 for shape in figure.layout.shapes if shape.type == "rect"}
    for place_of, row in enumerate(rows.values()):
        assert bands[place_of] == pytest.approx(row.spread_pct)


def test_the_published_change_is_marked_at_peak_pressure_alone(walk):
    figure = figures()["symmetry"].build(walk)
    names = [row.name for row in rows_of(walk.report)]
    marks = figure.data[1]
    assert list(marks.x) == [-15.3, 15.3]
    assert {names[y] for y in marks.y} == {"peak_pressure_kpa"}
    assert all("Putti" in text for text in marks.hovertext)


def test_symmetry_says_which_side_and_whether_it_is_noise(walk):
    said = figures()["symmetry"].alt(walk)
    assert re.search(r"Force-time integral: [\d.]+ % more on the right, beyond the spread", said)
    assert re.search(r"Stance time: [\d.]+ % more on the (left|right), within the spread", said)


def test_timing_shows_the_reports_means(walk):
    for trace, side in zip(figures()["timing"].build(walk).data, Side, strict=True):
        assert trace.x[0] == walk.report.get("stance_pct", side=side).value


def test_a_butterfly_needs_a_stated_stance_width(walk):
    assert together(walk) is None
    assert "not stated" in figures()["butterfly"].alt(walk)
    stated = study(walked(), Options(stance_width_mm=200.0))
    path = together(stated)
    across = path[np.isfinite(path[:, 0]), 0]
    assert across.min() < -60
    assert across.max() > 60
    assert "200 mm apart" in figures()["butterfly"].alt(stated)


def test_alone_each_foot_of_a_butterfly_stays_on_its_side(walk):
    for side, sign in ((Side.LEFT, -1), (Side.RIGHT, 1)):
        path = of_foot(walk, side)
        assert (sign * path[np.isfinite(path[:, 0]), 0] > 0).all()


def test_saturated_sensors_are_marked_on_the_map(walk):
    foot = walk.walk.feet[Side.LEFT]
    full = replace(walk.walk, feet={**walk.walk.feet, Side.LEFT: replace(foot, saturated=(2,))})
    marks = figures()["pressure_map"].build(replace(walk, walk=full)).data[SATURATED]
    np.testing.assert_allclose([marks.x[0], marks.y[0]], place(Side.LEFT, foot.layout.xy_mm[2:3], foot.layout)[0])
    assert len(marks.x) == 1


def test_regions_on_the_map_hold_their_highest_sensor(walk):
    shown = figures()["pressure_map"].build(walk).data[REGIONS]
    tops = [
        region_maxima(regions_of(walk, side), np.nanmax(foot.values, axis=0)) for side, foot in walk.walk.feet.items()
    ]
    assert list(shown.text) == [number(v, "kPa") for of in tops for v in of.values()]


def test_many_stances_become_few_bars():
    steps = [Step(Side.LEFT, 0, 1, k * 1.0, k + 0.6) for k in range(5000)]
    x = np.asarray(lane(Side.LEFT, steps, clean=True)["x"])
    assert x.size < 3 * 3000
    assert (np.nanmin(x), np.nanmax(x)) == (0.0, 4999.6)
