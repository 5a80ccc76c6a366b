"""What is kept, in use: made, filed, changed, moved, deleted, brought back; and found again among many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from insole.recording import About
from insole.walker import Gait, Walker
from tests.browser.conftest import ARTIFACTS, LAYOUT, keep
from tests.browser.test_pages import overflow
from tests.support import ROOT

PEDAR = ROOT / "fixtures" / "pedar_walk.asc"
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
LONG_CODE = "P-a-pseudonym-of-sixty-four-characters-which-nobody-should-choose"[:64]
LONG = "an orthosis with a very long name, a heel cushion of six millimetres and a metatarsal pad"


@pytest.fixture
def visits(store):
    """Three visits of one person; peak pressures fall by more than noise until the last."""
    made = Walker(Gait(duration_s=18.0, noise_kpa=1.0), LAYOUT).recording()
    for k, by in enumerate((1.0, 0.95, 0.7)):
        for condition in ("shoe", "orthosis A"):
            feet = {side: replace(foot, values=foot.values * by) for side, foot in made.feet.items()}
            about = About(subject_code="P-001", condition=condition, task="walking", body_mass_kg=70.0)
            store.add(replace(made, started_at=FIRST + timedelta(days=28 * k), feet=feet, about=about))
    return store.subjects.find("P-001").id


def home(look, path="/", **how):
    page = look(path, **how)
    page.wait_for_selector("body[data-choose=ready]")
    return page


def subject(look, of, **how):
    page = look(f"/subjects/{of}", **how)
    page.wait_for_selector("body[data-measured=ready]")
    return page


def fill(page, **fields):
    dialog = page.locator("dialog[open]")
    for name, value in fields.items():
        dialog.locator(f"[name={name}]").fill(value)
    dialog.locator("[type=submit]").click()


def message(page, text):
    page.locator(".message", has_text=text).wait_for()


def test_a_new_subject_a_file_edited_moved_deleted_and_brought_back(look, store):
    page = home(look)
    page.get_by_role("button", name="New subject").click()
    fill(page, code="P-001", body_mass_kg="72,5", shoe_size_eu="43")
    page.wait_for_url("**/subjects/*")
    assert page.get_by_text("72.5 kg").is_visible()
    page.screenshot(path=ARTIFACTS / "subject-empty.png")

    page.get_by_role("link", name="Bring in a file").click()
    page.wait_for_selector("body[data-upload=ready]")
    page.locator("#choose-files").set_input_files(PEDAR)
    page.wait_for_selector("body[data-files=understood]")
    form = page.locator("form.filing")
    assert form.locator("[name=subject_code]").input_value() == "P-001"
    page.wait_for_function("() => document.querySelector('form.filing [name=body_mass_kg]').value === '72.5'")
    form.locator("[name=condition]").fill("shoe")
    form.locator("[name=visit_date]").fill("2026-01-05")
    page.screenshot(path=ARTIFACTS / "upload.png", full_page=True)
    page.get_by_role("button", name="Store it").click()
    page.wait_for_selector("body[data-files=stored]")
    (info,) = store.list()
    assert (info.about.subject_code, info.about.condition, info.about.body_mass_kg) == ("P-001", "shoe", 72.5)
    assert info.visit_date == date(2026, 1, 5)

    page.get_by_role("link", name="Open the recording").click()
    page.wait_for_selector("body[data-figures=drawn]")
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="P-001").click()
    page.wait_for_selector("body[data-measured=ready]")
    page.get_by_role("button", name="Edit or move").click()
    fill(page, condition="orthosis A", subject_code="P-007", visit_date="2026-02-01")
    message(page, "Saved.")
    assert page.get_by_text("No recording of this visit yet.").is_visible()
    moved = store.info(info.id)
    assert (moved.about.subject_code, moved.about.condition, moved.visit_date) == (
        "P-007",
        "orthosis A",
        date(2026, 2, 1),
    )

    page.goto(page.url.rsplit("/", 1)[0] + f"/{moved.subject_id}")
    page.wait_for_selector("body[data-measured=ready]")
    page.get_by_role("button", name="Delete: orthosis A").click()
    message(page, "The recording is in the bin.")
    assert store.list() == []
    page.screenshot(path=ARTIFACTS / "subject-undo.png")
    page.get_by_role("button", name="Undo").click()
    message(page, "Brought back.")
    assert [i.id for i in store.list()] == [info.id]
    assert store.info(info.id).visit_id == moved.visit_id


def test_visits_are_made_changed_and_deleted(look, store):
    of = store.subjects.add("P-001").id
    page = look(f"/subjects/{of}")
    page.get_by_role("button", name="New visit").click()
    fill(page, date="2026-01-05", notes="first")
    message(page, "Made.")
    page.get_by_role("button", name="Edit the visit of 2026-01-05").click()
    fill(page, notes="left shoe worn")
    message(page, "Saved.")
    assert page.get_by_text("left shoe worn").is_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Edit the visit of 2026-01-05"
    page.get_by_role("button", name="Delete the visit of 2026-01-05").click()
    message(page, "The visit is in the bin")
    page.get_by_role("button", name="Undo").click()
    message(page, "Brought back.")
    assert [(v.date, v.notes) for v in store.visits.list(of)] == [(date(2026, 1, 5), "left shoe worn")]


def test_what_is_refused_is_said_where_it_was_written(look, store):
    store.subjects.add("P-001")
    page = home(look, forgive=("409", "422"))
    page.get_by_role("button", name="New subject").click()
    error = page.locator("dialog[open] .error")
    for code, mass, said in (
        ("", "", "Give a code"),
        ("P-001", "", "There is a subject 'P-001' already"),
        ("P-002", "heavy", "“heavy” is no number"),
        ("P-002", "700", "outside 5 to 400 kg"),
    ):
        fill(page, code=code, body_mass_kg=mass)
        error.filter(has_text=said).wait_for()
    page.screenshot(path=ARTIFACTS / "dialog-error.png")
    page.get_by_role("button", name="Cancel").click()
    assert page.locator("dialog[open]").count() == 0
    assert [s.code for s in store.subjects.list()] == ["P-001"]


def test_another_mass_changes_the_numbers(look, stored, store):
    page = look(f"/recordings/{stored}")
    page.wait_for_selector("body[data-figures=drawn]")
    page.get_by_role("button", name="Edit…").click()
    page.screenshot(path=ARTIFACTS / "edit-recording.png")
    fill(page, body_mass_kg="140", note="carried a load")
    message(page, "Saved")
    page.wait_for_selector("body[data-figures=drawn]")
    assert page.get_by_text("140 kg").is_visible()
    about = store.info(stored).about
    assert (about.body_mass_kg, about.notes, about.condition) == (140.0, ("carried a load",), "orthosis A")
    assert store.info(stored).visit_date is not None
    assert "carried a load" in page.locator(".provenance").text_content()


def test_percent_of_body_weight_follows_the_mass(look, stored):
    def percent():
        page.wait_for_selector("body[data-figures=drawn]")
        row = page.locator("#h-values ~ details tr", has=page.locator('[title="peak_force_pct_bw"]')).first
        return float(row.locator("td.num").first.text_content().split("±")[0].replace("\u2009", ""))

    page = look(f"/recordings/{stored}")
    before = percent()
    page.get_by_role("button", name="Edit…").click()
    fill(page, body_mass_kg="77")
    message(page, "Saved")
    assert percent() == pytest.approx(before * 70 / 77, rel=0.02)


def test_the_bin_gives_back_or_asks_before_it_is_for_good(look, store, pair):
    for one in pair:
        store.recordings.delete(one)
    page = look("/bin")
    page.screenshot(path=ARTIFACTS / "bin.png")
    page.get_by_role("row", name="shoe").get_by_role("button", name="Restore").click()
    message(page, "Restored.")
    assert [i.id for i in store.list()] == [pair[0]]
    page.get_by_role("button", name="Delete for good").click()
    assert "orthosis A" in page.locator("dialog[open]").text_content()
    page.get_by_role("button", name="Cancel").click()
    assert [b.id for b in store.bin.list()] == [pair[1]]
    page.get_by_role("button", name="Delete for good").click()
    page.locator("dialog[open] [type=submit]").click()
    message(page, "Deleted for good.")
    assert page.get_by_text("The bin is empty.").is_visible()
    assert store.bin.list() == []


def test_the_trend_of_three_visits_in_words_and_figures(look, visits):
    page = subject(look, visits)
    said = page.locator(".trend .summary li").all_text_contents()
    assert said[0].startswith("Peak pressure, left: changed beyond noise")
    charts = page.locator("svg.course")
    assert charts.count() == 5
    for chart in charts.all():
        assert chart.get_attribute("role") == "img"
        assert len(chart.get_attribute("aria-label")) > 20
    assert page.locator("figure", has_text="Peak pressure, left").locator("circle.changed").count() == 1
    page.screenshot(path=ARTIFACTS / "subject.png", full_page=True)
    page.locator("#trend-of").select_option(label="orthosis A, walking (3)")
    page.wait_for_function("() => document.getElementById('trend-of').selectedOptions[0].text.startsWith('orthosis')")
    page.wait_for_selector("body[data-measured=ready]")
    assert charts.count() == 5


def test_conditions_of_a_visit_are_compared(look, visits):
    page = subject(look, visits)
    page.get_by_role("link", name="Compare these conditions").first.click()
    page.wait_for_selector("body[data-figures=drawn]")
    assert page.locator(".conditions .name").all_text_contents() == ["shoe", "orthosis A"]


def test_one_types_and_finds_and_what_is_chosen_stays(look, store, visits):
    for k in range(60):
        keep(store, f"shoe {k:02}", duration_s=1.0)
    page = home(look)
    page.screenshot(path=ARTIFACTS / "home.png", full_page=True)
    page.get_by_role("checkbox", name="shoe 59").check()
    page.keyboard.press("Control+k")
    page.keyboard.type("ORTH p-001")
    page.wait_for_selector("body[data-found='ORTH p-001']")
    assert page.locator("input[name=recording]").count() == 3
    assert page.url.endswith("/?q=ORTH+p-001")
    assert page.locator("#q-says").text_content().endswith("3 recordings found")
    page.get_by_role("checkbox").first.check()
    assert page.locator("#choose li .name").all_text_contents() == ["shoe 59", "orthosis A"]
    page.get_by_role("button", name="Remove shoe 59").click()
    assert page.locator("#choose li .name").all_text_contents() == ["orthosis A"]
    page.get_by_role("searchbox").fill("no such thing")
    page.get_by_text("No recording fits.").wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Show all"


def test_what_is_not_filed_is_filed_from_the_list(look, store):
    made = Walker(Gait(duration_s=2.0), LAYOUT).recording()
    one = store.add(replace(made, started_at=FIRST, about=About(condition="shoe")))
    page = home(look)
    page.get_by_role("link", name="Not filed yet").click()
    page.wait_for_url("**?*")
    page.wait_for_selector("body[data-choose=ready]")
    page.get_by_role("button", name="File the recording").click()
    assert page.locator("dialog[open] [name=visit_date]").input_value() == "2026-01-05"
    fill(page, subject_code="P-009")
    message(page, "Saved.")
    info = store.info(one)
    assert (info.about.subject_code, info.visit_date) == ("P-009", date(2026, 1, 5))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["home", "subjects", "subject", "bin", "upload", "nothing"])
def test_nothing_is_wider_than_a_phone(look, store, name, scheme):
    of = ""
    if name != "nothing":
        made = Walker(Gait(duration_s=8.0), LAYOUT).recording()
        about = About(subject_code=LONG_CODE, condition=LONG, task=LONG, device=LONG)
        of = store.info(store.add(replace(made, started_at=FIRST, about=about))).subject_id
        store.add(replace(made, started_at=FIRST, about=replace(about, condition=f"{LONG}, the second")))
        store.subjects.edit(of, notes="W" * 200)
        store.recordings.delete(store.add(replace(made, about=about)))
    at = {"home": "/", "nothing": "/", "subject": f"/subjects/{of}"}.get(name, f"/{name}")
    page = look(at, width=360, height=800, scheme=scheme)
    if name == "subject":
        page.wait_for_selector("body[data-measured=ready]")
    if name == "upload":
        page.locator("#choose-files").set_input_files(PEDAR)
        page.wait_for_selector("body[data-files=understood]")
    assert overflow(page) == 0
    page.screenshot(path=ARTIFACTS / f"phone-{name}-{scheme}.png", full_page=True)
    if name in ("home", "subject"):
        page.locator("[data-opens]").first.click()
        assert overflow(page) == 0
        page.screenshot(path=ARTIFACTS / f"phone-{name}-dialog-{scheme}.png")
