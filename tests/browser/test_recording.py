"""A recording's page in use: the map's ways of showing, one moment everywhere, and marks that change the numbers."""

from __future__ import annotations

import pytest

from insole.recording import Side
from tests.browser.conftest import ARTIFACTS
from tests.browser.test_pages import Z, drawn, overflow

MAP = "document.querySelector('[data-figure=pressure_map]')"
FORCE = "document.querySelector('[data-figure=force]')"


@pytest.fixture
def page(look, stored):
    return drawn(look, stored)


@pytest.fixture
def marked(page):
    page.wait_for_selector("body[data-marks=ready]")
    return page


def used(page):
    """Stances used of the left and the right foot, as their tile says."""
    tile = page.locator(".tile", has=page.get_by_role("heading", name="Stances used"))
    return [int(tile.locator(f".{side} .big").text_content()) for side in Side]


def until_used(page, left, right):
    page.wait_for_function(
        "([l, r]) => { const t = [...document.querySelectorAll('.tile')].at(-1);"
        " return t.querySelector('.left .big').textContent == l && t.querySelector('.right .big').textContent == r; }",
        arg=[str(left), str(right)],
    )
    page.wait_for_selector("body[data-marks=ready][data-figures=drawn]")


def test_sensors_one_by_one_and_smoothed(page):
    smooth = page.evaluate(Z)
    page.get_by_label("Sensors", exact=True).check(force=True)
    page.wait_for_selector("[data-drawn=sensors]")
    fine = page.evaluate(f"[...new Set({MAP}.data[0].z.flat())].filter((v) => v !== null).length")
    assert fine <= 31  # of 32 sensors one is dead: no colour is between two of them
    assert page.evaluate(f"{MAP}.data[4].visible") is True
    page.locator("#fig-pressure_map").screenshot(path=ARTIFACTS / "map-sensors.png")
    page.get_by_label("Smoothed", exact=True).check(force=True)
    page.wait_for_selector("[data-drawn=smooth]")
    assert page.evaluate(Z) == smooth


def test_regions_come_and_go_and_say_force_in_body_weight(page):
    said = page.evaluate(f"{MAP}.data[6].hovertext")
    assert len(said) == 16
    assert all("kPa" in text for text in said)
    assert any("% of body weight" in text for text in said)
    page.get_by_role("checkbox", name="Regions").uncheck()
    page.wait_for_function(f"() => {MAP}.data[6].visible === false && {MAP}.data[5].visible === false")


def test_arrow_keys_go_sample_by_sample(page):
    page.get_by_label("Moment", exact=True).check(force=True)
    page.locator("#moment").fill("5")
    page.locator("#moment").focus()
    for key, at in (("ArrowRight", "5.01"), ("ArrowRight", "5.02"), ("ArrowLeft", "5.01"), ("PageUp", "5.11")):
        page.keyboard.press(key)
        page.wait_for_selector(f'[data-at="{at}"]')


def test_a_moment_shows_the_centres_and_their_way(page):
    page.get_by_label("Moment", exact=True).check(force=True)
    page.locator("#moment").fill("5.48")
    page.wait_for_selector('[data-at="5.48"]')
    way = page.locator("[data-figure=pressure_map]").get_attribute("data-way")
    assert max(int(points) for points in way.split()) > 5
    painted = (
        "(c) => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
    )
    assert page.locator(".layer.above").evaluate(painted) > 3
    page.locator("#fig-pressure_map").screenshot(path=ARTIFACTS / "map-moment.png")


def test_force_and_map_show_one_moment(page):
    plot = page.locator("[data-figure=force]")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    page.wait_for_selector("[data-view=moment]")
    assert page.get_by_label("Moment", exact=True).is_checked()
    at = float(page.locator("#moment").input_value())
    assert 10 < at < 20
    left = page.evaluate(f"parseFloat({FORCE}.querySelector('.cursor').style.left)")
    assert left == pytest.approx(box["width"] / 2, abs=3)
    assert page.locator(".cursor").is_visible()


def test_a_zoom_brings_the_windows_own_samples(page):
    page.evaluate(f"Plotly.relayout({FORCE}, {{'xaxis.range[0]': 4, 'xaxis.range[1]': 6}})")
    page.wait_for_selector("[data-window='?start_s=4&stop_s=6']")
    x = page.evaluate(f"{FORCE}.data[0].x")
    assert len(x) == 200
    page.evaluate(f"Plotly.relayout({FORCE}, {{'xaxis.autorange': true}})")
    page.wait_for_selector("[data-window=all]")
    assert page.evaluate(f"{FORCE}.data[0].x.length") > 2000


def test_a_stretch_is_left_out_and_comes_back(marked):
    before = used(marked)
    marked.get_by_label("From (s)").fill("10")
    marked.get_by_label("To (s)").fill("15")
    marked.get_by_role("button", name="Leave out this stretch").click()
    item = marked.get_by_role("listitem").filter(has_text="Left out · 10.00–15.00 s")
    item.wait_for()
    marked.wait_for_selector("body[data-marks=ready][data-figures=drawn]")
    less = used(marked)
    assert all(b - 7 < a < b - 2 for a, b in zip(less, before, strict=True))
    marked.locator("#fig-force").screenshot(path=ARTIFACTS / "marks.png")
    item.get_by_role("button", name="Undo").click()
    until_used(marked, *before)
    marked.get_by_role("button", name="Mark again").click()
    until_used(marked, *less)


def test_a_step_is_not_used_and_used_again(marked):
    left, right = used(marked)
    first = marked.locator("#stance option", has_text="Left").filter(has_text=", used").nth(3)
    marked.locator("#stance").select_option(first.get_attribute("value"))
    marked.get_by_role("button", name="Do not use this step").click()
    until_used(marked, left - 1, right)
    assert "not used" in marked.locator("#stance option:checked").text_content()
    marked.get_by_role("button", name="Use it").click()
    until_used(marked, left, right)
    assert "not used" not in marked.locator("#stance option:checked").text_content()


def test_a_click_on_a_stance_chooses_it(marked):
    plot = marked.locator("[data-figure=force]")
    plot.scroll_into_view_if_needed()
    lane = marked.evaluate(f"(() => {{ const y = {FORCE}._fullLayout.yaxis2; return y._offset + y.d2p(0); }})()")
    x = marked.evaluate(
        f"{FORCE}._fullLayout.xaxis.d2p({FORCE}._fullData.find((t) => t.yaxis === 'y2' && t.y[0] === 0).x[3])"
    )
    edge = marked.evaluate(f"{FORCE}._fullLayout._size.l")
    box = plot.bounding_box()
    marked.mouse.click(box["x"] + edge + x + 8, box["y"] + lane)
    marked.wait_for_function("() => document.activeElement.id === 'stance-use'")
    chosen = marked.locator("#stance option:checked").text_content()
    assert chosen.startswith("Right")


def test_a_note_changes_no_number(marked):
    before = used(marked)
    marked.get_by_role("button", name="Add note").click()
    marked.get_by_label("From (s)").fill("3")
    marked.get_by_role("button", name="Add note").click()
    assert marked.get_by_text("Write the note first.").is_visible()
    marked.get_by_label("Note", exact=True).fill("stumbled <b>here</b>")
    marked.get_by_role("button", name="Add note").click()
    marked.get_by_text("Note · 3.00 s · stumbled <b>here</b>").wait_for()
    marked.wait_for_selector("body[data-marks=ready]")
    assert used(marked) == before


def test_a_drag_fills_the_fields(marked):
    marked.get_by_label("Drag to select").check(force=True)
    plot = marked.locator("[data-figure=force]")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    y = box["y"] + box["height"] / 3
    marked.mouse.move(box["x"] + box["width"] * 0.4, y)
    marked.mouse.down()
    marked.mouse.move(box["x"] + box["width"] * 0.5, y, steps=4)
    marked.mouse.move(box["x"] + box["width"] * 0.6, y, steps=4)
    marked.mouse.up()
    marked.wait_for_function("() => Number(document.getElementById('mark-to').value) > 0")
    start, stop = (float(marked.locator(f"#mark-{end}").input_value()) for end in ("from", "to"))
    assert 8 < start < stop < 22


def test_nothing_is_wider_than_a_small_phone(look, stored):
    page = drawn(look, stored, width=360, height=740)
    assert overflow(page) == 0
    page.screenshot(path=ARTIFACTS / "phone-recording-360.png", full_page=True)
