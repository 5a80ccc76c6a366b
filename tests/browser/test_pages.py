from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dashboards.figure import figures
from insole.layout import load_layout
from insole.recording import Side, Unit
from insole.walker import Gait, Walker
from tests.browser.conftest import ARTIFACTS

FIGURES = list(figures())
RINGS = "document.querySelector('[data-figure=pressure_map]').data[2].x.length"
Z = "JSON.stringify(document.querySelector('[data-figure=pressure_map]').data[0].z)"


def drawn(look, stored, **how):
    page = look(f"/recordings/{stored}", **how)
    page.wait_for_selector("body[data-figures=drawn][data-map=ready]")
    page.wait_for_selector("[data-view=peak]")
    return page


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_from_the_list_to_a_recording(look, stored):
    page = look("/")
    page.screenshot(path=ARTIFACTS / "list.png")
    page.get_by_role("row").nth(1).get_by_role("rowheader").get_by_role("link").click()
    page.wait_for_selector("h1:has-text('P-001')")
    assert page.url.endswith(f"/recordings/{stored}")


def test_the_empty_list(look):
    page = look("/")
    assert page.get_by_text("insole import FILE").is_visible()
    page.screenshot(path=ARTIFACTS / "list-empty.png")


def test_every_figure_is_drawn(look, stored):
    page = drawn(look, stored)
    for name in FIGURES:
        plot = page.locator(f"[data-figure={name}]")
        assert plot.get_attribute("data-state") == "drawn"
        assert plot.locator("svg.main-svg").count() > 0
        assert len(plot.get_attribute("aria-label")) > 30
    page.screenshot(path=ARTIFACTS / "recording.png", full_page=True)


@pytest.mark.parametrize("kind", ["standing", "one foot", "counts", "force only"])
def test_unusual_recordings_are_drawn_too(look, store, kind):
    page = drawn(look, store.add(unusual(kind)))
    for name in FIGURES:
        assert page.locator(f"[data-figure={name}]").get_attribute("data-state") == "drawn"
    page.screenshot(path=ARTIFACTS / f"recording-{kind.replace(' ', '-')}.png", full_page=True)


def unusual(kind):
    if kind == "force only":
        return Walker(Gait(duration_s=10), load_layout("gaitpdb-8")).recording()
    stand_s = 20.0 if kind == "standing" else 0.0
    walker = Walker(Gait(duration_s=10, stand_s=stand_s, noise_kpa=1.0), load_layout("open-insole-16"))
    if kind == "counts":
        made = walker.recording(unit=Unit.COUNTS)
        return replace(made, feet={side: replace(foot, calibration=None) for side, foot in made.feet.items()})
    made = walker.recording()
    return replace(made, feet={Side.LEFT: made.feet[Side.LEFT]}) if kind == "one foot" else made


def test_the_map_changes_with_its_view_and_with_time(look, stored):
    page = drawn(look, stored)
    seen = {page.evaluate(Z)}
    page.get_by_label("Mean", exact=True).check(force=True)
    page.wait_for_selector("[data-view=mean]")
    seen.add(page.evaluate(Z))
    page.get_by_label("Moment", exact=True).check(force=True)
    page.wait_for_selector("[data-view=moment]")
    for time in ("5.48", "12.00"):
        page.locator("#moment").fill(time)
        page.wait_for_selector(f'[data-said="{float(time):g}"]')
        seen.add(page.evaluate(Z))
    assert len(seen) == 4
    assert page.locator("#moment-at").text_content() == "12.00 s"
    page.screenshot(path=ARTIFACTS / "moment.png")


def test_the_browser_paints_what_the_server_paints(look, stored, service):
    page = drawn(look, stored)
    painted = json.loads(page.evaluate(Z))
    drawn_again = page.evaluate(
        """async (url) => {
            const {figure} = await (await fetch(url)).json();
            const other = document.createElement("div");
            await Plotly.newPlot(other, figure.data, figure.layout);
            return JSON.stringify(other._fullData[0].z.map ? [...other._fullData[0].z].map((r) => [...r].map(
                (v) => Number.isNaN(v) ? null : v)) : null);
        }""",
        f"{service.url}/api/v1/recordings/{stored}/figures/pressure_map",
    )
    served = json.loads(drawn_again)
    assert len(served) == len(painted)
    for a, b in zip(painted, served, strict=True):
        assert [x is None for x in a] == [y is None for y in b]
        assert [x for x in a if x is not None] == pytest.approx([y for y in b if y is not None], abs=0.3)


def test_a_missing_sensor_is_a_ring_and_a_gap_makes_all_of_a_foot_rings(look, stored):
    page = drawn(look, stored)
    assert page.evaluate(RINGS) == 1
    page.get_by_label("Moment", exact=True).check(force=True)
    page.locator("#moment").fill("8.28")
    page.wait_for_selector('[data-said="8.28"]')
    assert page.evaluate(RINGS) == 17
    assert page.get_by_text("Right foot: no samples at this moment.").is_visible()


def test_play_moves_the_slider(look, stored):
    page = drawn(look, stored)
    page.get_by_label("Moment", exact=True).check(force=True)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => Number(document.getElementById('moment').value) > 0.5")
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Play").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_until_it_is_chosen(look, stored, scheme):
    page = drawn(look, stored, scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = "document.querySelector('[data-figure=force]').layout.font.color"
    grounds = {"light": "rgb(246, 247, 248)", "dark": "rgb(15, 20, 24)"}
    inks = {"light": "#16202a", "dark": "#e8edf1"}
    assert (page.evaluate(ground), page.evaluate(ink)) == (grounds[scheme], inks[scheme])
    page.screenshot(path=ARTIFACTS / f"recording-{scheme}.png", full_page=True)
    other = {"light": "dark", "dark": "light"}[scheme]
    while page.locator("#theme").text_content().lower() != f"theme: {other}":
        page.locator("#theme").click()
    page.wait_for_function(f"() => {ink} === '{inks[other]}'")
    assert page.evaluate(ground) == grounds[other]
    page.reload()
    assert page.evaluate(ground) == grounds[other]


def test_on_a_phone_the_themes_button_leaves_room_and_keeps_its_names(look):
    page = look("/", width=360, height=800)
    button = page.locator("#theme")
    button.wait_for()
    clipped = "(() => { const nav = document.querySelector('.top nav'); return nav.scrollWidth - nav.clientWidth; })()"
    assert page.evaluate(clipped) <= 0
    for theme in ("automatic", "light", "dark"):
        named = page.get_by_role("button", name=f"Theme: {theme}", exact=True)
        assert named.bounding_box()["width"] < 60
        named.click()
    assert page.get_by_role("button", name="Theme: automatic", exact=True).is_visible()


@pytest.mark.parametrize("path", ["list", "recording", "live", "problem"])
def test_nothing_is_wider_than_a_phone(look, stored, path):
    at = {"list": "/", "recording": f"/recordings/{stored}", "live": "/live", "problem": "/recordings/none"}[path]
    page = look(at, width=390, height=844, forgive=("404",))
    if path == "recording":
        page.wait_for_selector("body[data-map=ready]")
        page.locator("details").evaluate_all("all => all.forEach(d => { d.open = true })")
    assert overflow(page) == 0
    page.screenshot(path=ARTIFACTS / f"phone-{path}.png", full_page=True)


def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(look, stored):
    page = drawn(look, stored)
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name"))
        assert page.evaluate(
            "(e => getComputedStyle(e).outlineStyle !== 'none' || e.matches('.switch input'))(document.activeElement)"
        )
    assert reached[:4] == ["Skip to content", "insole", "Recordings", "Live"]
    assert "view" in reached
    page.keyboard.press("ArrowRight")


def test_delete_asks_first(look, stored, store, service):
    page = drawn(look, stored)
    page.get_by_role("button", name="Delete recording").click()
    page.get_by_role("button", name="Keep").click()
    assert store.info(stored).id == stored
    page.get_by_role("button", name="Delete recording").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url(service.url + "/subjects/*")
    assert store.list() == []
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(service.url + f"/recordings/{stored}")
    assert store.info(stored).id == stored
