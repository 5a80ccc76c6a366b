"""A vendor's file comes in by dropping or choosing it: understood first, stored when told, refused in plain words."""

from __future__ import annotations

import pytest

from tests.browser.conftest import ARTIFACTS
from tests.support import ROOT

FIXTURES = ROOT / "fixtures"
SIDES = ("left", "right")
PEDAR = FIXTURES / "pedar_walk.asc"
DROP = """([name, text]) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: files}));
        if (kind === "dragenter") window.veiled = !document.getElementById("dropping").hidden;
    }
}"""


def opened(look, path="/upload", **how):
    page = look(path, **how)
    page.wait_for_selector("body[data-upload=ready]")
    return page


def until(page, *states):
    page.wait_for_selector(f"body[data-files='{' '.join(states)}']")


@pytest.mark.parametrize("path", ["/", "/upload"])
def test_a_file_may_be_dropped_anywhere(look, store, path):
    page = opened(look, path)
    page.evaluate(DROP, [PEDAR.name, PEDAR.read_text(encoding="latin-1")])
    until(page, "understood")
    assert page.evaluate("window.veiled") is True
    assert page.locator("#dropping").is_hidden()
    card = page.locator(".file")
    for text in ("99", "50 Hz", "kPa", "Left", "Right"):
        assert text in card.locator("table").text_content()
    assert store.list() == []
    page.get_by_role("button", name="Discard").click()
    until(page, "")
    assert store.list() == []


def test_a_cut_file_says_where_it_is_wrong_and_the_others_come_in(look, store, tmp_path):
    cut = tmp_path / "cut.asc"
    cut.write_bytes(PEDAR.read_bytes()[:50_000])
    page = opened(look, forgive=("422",))
    page.locator("#choose-files").set_input_files([cut, PEDAR, FIXTURES / "moticon_walk.txt"])
    until(page, "refused", "understood", "understood")
    assert "cut.asc, line " in page.locator(".refused .why").text_content()
    page.locator("form.filing [name=subject_code]").first.fill("P-001")
    page.locator("form.filing [name=visit_date]").first.fill("2026-01-05")
    page.get_by_role("button", name="Same subject, visit and mass for all").click()
    page.screenshot(path=ARTIFACTS / "upload-many.png", full_page=True)
    page.get_by_role("button", name="Store all").click()
    until(page, "refused", "stored", "stored")
    assert [(i.about.subject_code, str(i.visit_date)) for i in store.list()] == [("P-001", "2026-01-05")] * 2


def test_a_left_and_a_right_file_are_one_walk(look, store):
    page = opened(look)
    page.locator("#choose-files").set_input_files([PEDAR, *(FIXTURES / f"orphe_sensor-{s}.csv" for s in SIDES)])
    page.wait_for_selector("body[data-files='understood understood']")
    card = page.locator(".file").nth(1)
    assert "orphe_sensor-left.csv + orphe_sensor-right.csv" in card.text_content()
    assert card.locator("tbody tr").count() == 2
    assert card.get_by_text("one foot").is_hidden()
    page.screenshot(path=ARTIFACTS / "upload-pair.png", full_page=True)
    card.get_by_role("button", name="Store it").click()
    until(page, "understood", "stored")
    (info,) = store.list()
    assert len(store.read(info.id).feet) == 2


def test_the_same_file_twice_is_recognised(look, store):
    page = opened(look)
    page.locator("#choose-files").set_input_files(PEDAR)
    until(page, "understood")
    page.get_by_role("button", name="Store it").click()
    until(page, "stored")
    page.locator("#choose-files").set_input_files(PEDAR)
    until(page, "stored", "known")
    (info,) = store.list()
    known = page.get_by_role("link", name="Open that recording")
    assert known.get_attribute("href") == f"/recordings/{info.id}"
    assert page.get_by_role("button", name="Store it").count() == 0
    page.screenshot(path=ARTIFACTS / "upload-known.png", full_page=True)
    page.get_by_role("button", name="Remove from this list").click()
    until(page, "stored")


def test_all_of_it_by_keyboard(look, store):
    page = opened(look)
    page.keyboard.press("Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == "choose-files":
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "choose-files"
    outline = "getComputedStyle(document.querySelector('.droparea label')).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.locator("#choose-files").set_input_files(PEDAR)
    until(page, "understood")
    page.locator("form.filing [name=subject_code]").focus()
    page.keyboard.type("P-001")
    page.keyboard.press("Enter")
    until(page, "stored")
    assert page.evaluate("document.activeElement.textContent") == "Open the recording"


def test_what_cannot_be_is_said_and_can_be_mended(look, store):
    page = opened(look, forgive=("422",))
    page.locator("#choose-files").set_input_files(PEDAR)
    until(page, "understood")
    mass = page.locator("form.filing [name=body_mass_kg]")
    for wrong, said in (("seventy", "is no number"), ("0.07", "outside 5 to 400 kg")):
        mass.fill(wrong)
        page.get_by_role("button", name="Store it").click()
        page.locator("form.filing .error", has_text=said).wait_for()
    mass.fill("70")
    page.get_by_role("button", name="Store it").click()
    until(page, "stored")
    assert [i.about.body_mass_kg for i in store.list()] == [70.0]
