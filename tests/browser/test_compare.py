from __future__ import annotations

from dataclasses import replace

import pytest

from insole.layout import load_layout
from insole.recording import About, Side
from insole.walker import Gait, Walker
from tests.browser.conftest import ARTIFACTS, LAYOUT, compared, keep, serious

CHOSEN = "[...document.querySelectorAll('#choose li .name')].map((e) => e.textContent)"
LONG = "an orthosis with a very long name, a heel cushion of six millimetres and a metatarsal pad"


def drawn(look, *ids, **how):
    page = look(compared(*ids), **how)
    page.wait_for_selector("body[data-figures=drawn]")
    assert page.locator("[data-plot][data-state=failed]").count() == 0
    return page


def listed(look, **how):
    page = look("/", **how)
    page.wait_for_selector("body[data-choose=ready]")
    return page


def rows(page):
    return page.locator(".against tr[data-verdict]:visible").count()


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_from_the_list_to_the_comparison_by_keyboard(look, pair):
    page = listed(look)
    assert page.locator("#choose").is_hidden()
    for condition in ("shoe", "orthosis A"):
        page.get_by_role("checkbox", name=condition).focus()
        page.keyboard.press("Space")
    assert page.evaluate(CHOSEN) == ["shoe", "orthosis A"]
    page.screenshot(path=ARTIFACTS / "list-chosen.png")
    page.get_by_role("button", name="Compare 2 recordings").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-figures=drawn]")
    assert page.url.endswith(compared(*pair))
    assert page.locator(".baseline .name").text_content() == "shoe"
    assert page.locator(".changes li").first.text_content().startswith(("Left", "Right"))
    for plot in page.locator("[data-plot]:visible").all():
        assert plot.get_attribute("data-state") == "drawn"
        assert len(plot.get_attribute("aria-label")) > 20
    page.screenshot(path=ARTIFACTS / "compare.png", full_page=True)


def test_the_first_chosen_is_the_baseline_until_it_is_changed(look, pair):
    page = listed(look)
    page.get_by_role("checkbox", name="orthosis A").check()
    assert page.get_by_role("button", name="Compare", exact=True).is_disabled()
    page.get_by_role("checkbox", name="shoe").check()
    assert page.evaluate(CHOSEN) == ["orthosis A", "shoe"]
    page.get_by_role("button", name="Make shoe the baseline").click()
    assert page.evaluate(CHOSEN) == ["shoe", "orthosis A"]
    page.get_by_role("button", name="Compare 2 recordings").click()
    page.wait_for_url(f"**{compared(*pair)}")
    page.get_by_role("link", name="Swap A and B").click()
    page.wait_for_url(f"**{compared(*reversed(pair))}")
    page.get_by_role("link", name="Choose others").click()
    page.wait_for_selector("body[data-choose=ready]")
    assert page.evaluate(CHOSEN) == ["orthosis A", "shoe"]


def test_four_is_the_most(look, store):
    for i in range(6):
        keep(store, f"shoe {i}", duration_s=4.0)
    page = listed(look)
    for i in range(4):
        page.get_by_role("checkbox", name=f"shoe {i}").check()
    assert page.locator("input[name=recording]:disabled").count() == 2
    assert "no more than four" in page.locator("#choose [role=status]").text_content()
    page.get_by_role("checkbox", name="shoe 0").uncheck()
    assert page.locator("input[name=recording]:disabled").count() == 0
    assert page.evaluate(CHOSEN)[0] == "shoe 1"
    page.get_by_role("button", name="Clear").click()
    assert page.locator("#choose").is_hidden()


def test_what_has_the_focus_is_not_under_the_bar(look, store):
    for i in range(14):
        keep(store, f"shoe {i:02}", duration_s=2.0)
    page = listed(look, height=600)
    boxes = page.locator("input[name=recording]")
    boxes.first.check()
    for _ in range(2 * boxes.count()):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.matches('input[name=recording]')"):
            continue
        page.wait_for_function(
            "() => document.activeElement.getBoundingClientRect().bottom <= "
            "document.getElementById('choose').getBoundingClientRect().top"
        )


def test_the_mean_is_drawn_when_it_is_asked_for_and_numbers_can_be_hidden(look, pair):
    page = drawn(look, *pair)
    mean = page.locator("#fig-mean_maps [data-plot=a]")
    assert mean.get_attribute("data-state") is None
    page.get_by_label("Mean", exact=True).check(force=True)
    page.wait_for_selector("#fig-mean_maps [data-plot='b-a'][data-state=drawn]")
    assert page.locator("#fig-peak_maps").is_hidden()
    numbers = "document.querySelectorAll('#fig-mean_maps .annotation-text').length"
    before = page.evaluate(numbers)
    page.get_by_label("Values of regions").uncheck()
    page.wait_for_function(f"() => {numbers} < {before}")


def test_the_table_is_filtered(look, pair):
    page = drawn(look, *pair)
    changed = page.locator(".changes li").count()
    assert changed
    assert rows(page) == changed
    page.get_by_label("All judged").check(force=True)
    judged = rows(page)
    page.get_by_label("Everything").check(force=True)
    assert changed <= judged < rows(page)
    page.get_by_role("radio", name="Changed").check(force=True)
    page.get_by_role("button", name="Putti 2007").first.click()
    assert page.locator(".source:popover-open").text_content().startswith("Putti AB et al. 2007")


@pytest.mark.parametrize("kind", ["one foot", "standing", "force only", "four"])
def test_unusual_conditions_are_compared_too(look, store, pair, kind):
    page = drawn(look, *pair[: 2 if kind == "four" else 1], *unusual(store, kind), width=1280, scheme="dark")
    assert page.locator("main h1").text_content().startswith("Compare")
    page.screenshot(path=ARTIFACTS / f"compare-{kind.replace(' ', '-')}.png", full_page=True)


def unusual(store, kind):
    if kind == "four":
        return [keep(store, LONG, by=0.9), keep(store, "fast", cadence_spm=130.0)]
    if kind == "standing":
        return [keep(store, "standing", stand_s=18.0)]
    layout = load_layout("gaitpdb-8") if kind == "force only" else LAYOUT
    made = Walker(Gait(duration_s=18), layout).recording()
    feet = {Side.LEFT: made.feet[Side.LEFT]} if kind == "one foot" else made.feet
    return [store.add(replace(made, feet=feet, about=About(subject_code="P-001", condition=kind)))]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(look, store, pair, scheme):
    page = drawn(look, *pair, keep(store, LONG), width=360, height=800, scheme=scheme)
    for radio in page.get_by_label("Everything").all():
        radio.check(force=True)
    assert overflow(page) == 0
    page.screenshot(path=ARTIFACTS / f"phone-compare-{scheme}.png", full_page=True)


def test_the_figures_follow_the_theme(look, pair):
    page = drawn(look, *pair)
    ink = "document.querySelector('#fig-stance_force [data-plot=left]').layout.font.color"
    assert page.evaluate(ink) == "#16202a"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => {ink} === '#e8edf1'")


@pytest.mark.parametrize("width", [360, 1280])
def test_own_baselines_are_chosen_on_the_page(look, store, pair, width):
    for seed in (5, 6):
        keep(store, "shoe", seed=seed)
    page = drawn(look, *pair, width=width)
    before = page.locator('.against tr[data-verdict="open"]').count()
    boxes = page.locator("input[name=baseline]")
    assert boxes.count() == 3
    for box in (1, 2):
        boxes.nth(box).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Judge by own baselines").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Judged by own baselines: 2 recordings").wait_for()
    page.wait_for_selector("body[data-figures=drawn]")
    assert page.locator("[data-plot][data-state=failed]").count() == 0
    assert page.locator('.against tr[data-verdict="open"]').count() < before
    assert page.locator("input[name=baseline]:checked").count() == 2
    page.get_by_label("All judged").check(force=True)
    assert page.get_by_role("button", name="own baselines, 1 pair").first.is_visible()
    assert overflow(page) == 0
    assert serious(page) == []
    page.screenshot(path=ARTIFACTS / f"compare-own-{width}.png", full_page=True)
    page.get_by_role("link", name="Judge by published figures only").click()
    page.wait_for_url(f"**{compared(*pair)}*")
    assert page.locator("input[name=baseline]:checked").count() == 0
