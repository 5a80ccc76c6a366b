"""What is drawn: sensors as large as they are, missing ones hatched, values in their colours."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from dashboards.feet import inside
from dashboards.norms import norm_of
from dashboards.report.cells import cells_of
from dashboards.report.maps import Maps, change_scale, differences, scale_of
from dashboards.report.paper import fitting
from dashboards.report.plot import broken, round_top
from dashboards.report.scale import COLOURS, Scale
from dashboards.report.soles import paint_map, soles_of, spot_in
from dashboards.report.type import REGULAR, amount, plus, shown
from insole.grids import grid_layout
from insole.layout import layout_names, load_layout
from insole.recording import Side
from insole.report import Value


def area(polygon):
    x, y = polygon.T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2


def every_layout():
    sizes = {"moticon-16": "moticon-16:4", "pedar-99": "pedar-99:x"}
    return [load_layout(sizes.get(name, name)) for name in layout_names()]


def test_cells_of_a_matrix_are_its_cells():
    present = np.ones((12, 5), bool)
    present[4:8, :2] = False
    layout = grid_layout(name="g", title="g", source="made", present=present, pitch_mm=(7.0, 5.0))
    cells = cells_of(layout)
    for cell, at in zip(cells, layout.xy_mm, strict=True):
        assert inside(at[None], cell).all()
    neighbours = (np.hypot(*(layout.xy_mm[:, None] - layout.xy_mm[None]).transpose(2, 0, 1)) < 8.7).sum(axis=1) - 1
    assert (neighbours == 8).sum() > 10
    for cell, number in zip(cells, neighbours, strict=True):
        if number == 8:  # cut on all sides
            assert area(cell) == pytest.approx(35.0)


@pytest.mark.parametrize("layout", every_layout(), ids=lambda layout: layout.name)
def test_cells_hold_their_sensor_and_do_not_overlap(layout):
    cells = cells_of(layout)
    rng = np.random.default_rng(1)
    low, high = layout.outline_mm.min(axis=0), layout.outline_mm.max(axis=0)
    points = rng.uniform(low, high, (4000, 2))
    hits = np.sum([inside(points, cell) for cell in cells], axis=0)
    assert hits.max() <= 1
    for cell, at in zip(cells, layout.xy_mm, strict=True):
        assert inside(at[None], cell).all()


@pytest.mark.parametrize("layout", every_layout(), ids=lambda layout: layout.name)
def test_soles_fit_into_their_box(layout):
    soles = soles_of(dict.fromkeys(Side, layout))
    for width, height in ((120.0, 300.0), (400.0, 100.0)):
        spot = spot_in(soles, width, height)
        points = np.vstack([spot(sole.outline_mm) for sole in soles])
        assert (points >= -1e-9).all()
        assert (points <= np.array([width, height]) + 1e-9).all()


def painted(values, scale):
    """The drawing operations of a map of a 16-sensor insole."""
    layout = load_layout("open-insole-16")
    soles = soles_of({Side.LEFT: layout})
    into = BytesIO()
    canvas = Canvas(into, pageCompression=0, invariant=1)
    paint_map(
        canvas,
        soles,
        spot_in(soles, 200, 300),
        {Side.LEFT: values} if values is not None else {},
        scale=scale,
        labels={},
    )
    canvas.save()
    return PdfReader(BytesIO(into.getvalue())).pages[0].get_contents().get_data().decode("latin-1")


def fills(drawn):
    """Colours that areas were filled with, and how many outlines each had."""
    found, colour, count = {}, None, 0
    for operation in drawn.split("\n"):
        if match := re.fullmatch(r"([\d.]+ [\d.]+ [\d.]+) rg", operation.strip()):
            colour, count = match[1], 0
        count += len(re.findall(r"\bh\b", operation))
        if re.search(r"\bB\*?\s*$|\bb\*?\s*$", operation.strip()):
            found[colour] = found.get(colour, 0) + count
            count = 0
    return found


def test_a_missing_sensor_is_hatched_and_never_the_colour_of_zero():
    scale = Scale(100.0, "kPa")
    whole, lost = np.zeros(16), np.zeros(16)
    lost[[3, 7]] = np.nan
    assert sum(fills(painted(whole, scale)).values()) == 16
    assert sum(fills(painted(lost, scale)).values()) == 14
    assert sum(fills(painted(None, scale)).values()) == 0
    hatches = [painted(v, scale).count(" l S") for v in (whole, lost, None)]
    assert hatches[0] == 0
    assert 0 < hatches[1] < hatches[2]


def test_a_scale_goes_from_zero_to_its_top_and_a_change_both_ways():
    one, both = Scale(200.0, "kPa"), Scale(50.0, "kPa", both_ways=True)
    assert one.index(np.array([-5.0, 0.0, 200.0, 900.0])).tolist() == [0, 0, COLOURS - 1, COLOURS - 1]
    assert both.index(np.array([-50.0, 50.0])).tolist() == [0, COLOURS - 1]
    low, high = both.index(np.array([-10.0, 10.0]))
    assert low + high == COLOURS - 1
    brightness = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in one.colours]
    assert (np.diff(brightness) > -0.002).all()  # in grey, more is never darker
    assert brightness[-1] - brightness[0] > 0.6


def test_all_maps_of_a_report_share_one_scale(conditions):
    scale = scale_of(conditions)
    peaks = [v.max() for s in conditions for v in (np.nanmax(f.values) for f in s.walk.feet.values()) if np.isfinite(v)]
    assert scale.top >= max(peaks)
    assert scale.unit == "kPa"
    change = differences(conditions[0], conditions[1])
    both_ways = change_scale([change], scale)
    assert both_ways.top >= max(np.nanmax(np.abs(v)) for v in change.values())
    noise = {side: np.full_like(v, 0.01 * scale.top) for side, v in change.items()}
    assert np.ptp(change_scale([noise], scale).index(np.array([-1.0, 1.0]) * 0.01 * scale.top)) < COLOURS / 8


def test_differences_are_second_less_first(conditions):
    a, b = conditions[:2]
    change = differences(a, b)
    for side in Side:
        wanted = np.nanmax(b.walk.feet[side].values, axis=0) - np.nanmax(a.walk.feet[side].values, axis=0)
        np.testing.assert_allclose(change[side], wanted, atol=1e-4)


def test_a_map_is_as_large_as_was_asked(usual):
    assert Maps(usual, scale_of([usual])).peak(200.0, 250.0).wrap(500, 500) == (200.0, 250.0)


@given(st.floats(1e-6, 1e9))
def test_the_top_of_an_axis_is_round_and_near(largest):
    top = round_top(largest)
    assert largest * (1 - 1e-9) <= top <= 2 * largest


@given(st.text(max_size=300), st.floats(20, 300))
def test_a_line_that_is_made_to_fit_fits(text, width):
    assert stringWidth(fitting(text, width, 7.0), REGULAR, 7.0) <= width
    assert all(stringWidth(part, REGULAR, 7.0) <= width for part in broken(text, width, 7.0))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=100))
def test_text_holds_only_what_the_typeface_has_and_stays_so(text):
    out = shown(text)
    assert shown(out) == out
    assert "\n" not in out


def test_characters_that_the_typeface_has_not_are_told_apart():
    assert shown("Ω1") != shown("Ψ1")
    assert shown("Я") == "[U+042F]"
    assert shown("5\u20091") == "5\u00a01"
    assert shown("−1 ± 2 °") == "−1 ± 2 °"
    assert shown("a\nb\x07") == "a b"


def test_numbers_are_written_as_on_the_pages():
    assert amount(None) == "–"
    assert amount(Value("x_kpa", 1234.5, "kPa", sd=3.21), spread=True) == "1\u00a0234 ± 3.21"
    assert amount(Value("x_pct", -3.26, "%"), signed=True) == "−3.3"
    assert amount(Value("x_pct", 3.26, "%"), signed=True) == "+3.3"
    assert plus(0.001, "%") == "0.0"
    assert plus(-0.001, "%") == "0.0"


def test_published_means_stand_beside_regions_of_their_name_in_the_shoe(made, usual):
    assert norm_of("hallux", usual.walk).mean_kpa == 280.4
    assert norm_of("heel_medial", usual.walk) is None
    assert norm_of("mth2_5", usual.walk) is None
    assert norm_of("heel", made("a step on a plate").walk) is None
    assert norm_of("heel", made("force only").walk) is None
