"""A clinician's whole way: a new subject, two conditions, compared, corrected, noted, and handed over as a PDF."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from analysis.protocol import Protocol, Stand, Walk
from tests.browser.conftest import ARTIFACTS
from tests.browser.guiding import guide, on_virtual_insoles
from tests.browser.test_upload import DROP, PEDAR

SHORT = Protocol("short", "Short", (Stand(3.0), Walk(24)))
CONDITIONS = ("shoe", "orthosis A")


@pytest.fixture
def service(store, monkeypatch):
    with on_virtual_insoles(store, SHORT, monkeypatch) as made:
        yield made


@pytest.mark.timeout(400)  # two recordings in real time, each with a wait and twelve steps of each foot
def test_from_a_new_subject_to_the_report_in_hand(look, store):
    page = look("/")
    page.wait_for_selector("body[data-choose=ready]")
    page.get_by_role("button", name="New subject").click()
    page.locator("dialog[open] [name=code]").fill("P-001")
    page.locator("dialog[open] [name=body_mass_kg]").fill("70")
    page.locator("dialog[open] [type=submit]").click()
    page.wait_for_url("**/subjects/*")

    measured = [measure(page, condition) for condition in CONDITIONS]
    infos = [store.info(one) for one in measured]
    assert [(i.about.subject_code, i.about.condition, i.state) for i in infos] == [
        ("P-001", condition, "sealed") for condition in CONDITIONS
    ]
    assert infos[0].visit_id == infos[1].visit_id

    bring_in_a_pedar_file(page)
    compare(page, measured)
    correct(page, store, measured[1])
    report(page, measured[1], infos[1])


def measure(page, condition):
    """A guided test in one condition; the recording's id."""
    page.get_by_role("link", name="Live", exact=True).click()
    connect = page.get_by_role("button", name="Connect the insoles")
    connect.or_(page.locator("#stream")).locator("visible=true").first.wait_for()
    if connect.is_visible():
        connect.click()
    page.wait_for_selector("#stream:visible")
    page.get_by_label("Subject", exact=True).select_option(label="P-001")
    page.get_by_label("Condition", exact=True).select_option(condition)
    guide(page, SHORT)
    page.locator("#guide-link").click()
    page.wait_for_selector("body[data-figures=drawn]")
    return page.url.rsplit("/", 1)[1]


def bring_in_a_pedar_file(page):
    """Dropped on the list, understood, and stored under the same subject."""
    page.get_by_role("link", name="Recordings", exact=True).first.click()
    page.wait_for_selector("body[data-upload=ready]")
    page.evaluate(DROP, [PEDAR.name, PEDAR.read_text(encoding="latin-1")])
    page.wait_for_selector("body[data-files=understood]")
    page.locator("form.filing [name=subject_code]").fill("P-001")
    page.get_by_role("button", name="Store it").click()
    page.wait_for_selector("body[data-files=stored]")


def compare(page, measured):
    """The two conditions side by side; the words say what changed, or that nothing did."""
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2])
    page.wait_for_selector("body[data-choose=ready]")
    for condition in CONDITIONS:
        page.get_by_role("checkbox", name=condition).check()
    page.get_by_role("button", name="Compare 2 recordings").click()
    page.wait_for_selector("body[data-figures=drawn]")
    assert all(one in page.url for one in measured)
    page.screenshot(path=ARTIFACTS / "way-compare.png", full_page=True)
    said = page.locator("section", has=page.get_by_role("heading", name="What changed"))
    text = said.text_content()
    assert "needs" not in text
    assert "orthosis A" in text


def correct(page, store, recording_id):
    """A stretch left out and a note, on the page of a condition."""
    page.get_by_role("link", name="Open the recording of B").click()
    page.wait_for_selector("body[data-marks=ready][data-figures=drawn]")
    page.get_by_label("From (s)").fill("0")
    page.get_by_label("To (s)").fill("1")
    page.get_by_role("button", name="Leave out this stretch").click()
    page.get_by_role("listitem").filter(has_text="Left out · 0.00–1.00 s").wait_for()
    page.wait_for_selector("body[data-marks=ready][data-figures=drawn]")
    page.get_by_label("Note", exact=True).fill("felt firm")
    page.get_by_role("button", name="Add note").click()
    page.get_by_text("felt firm").wait_for()
    assert {mark.kind.value for mark in store.marks.list(recording_id)} >= {"exclude", "note"}


def report(page, recording_id, info):
    """The PDF of the page's button says whose it is, in which condition, and that a stretch is left out."""
    address = page.get_by_role("link", name="Report as PDF").get_attribute("href")
    assert recording_id in address
    answer = page.request.get(page.url.split("/recordings")[0] + address)
    assert answer.ok
    (ARTIFACTS / "way-report.pdf").write_bytes(answer.body())
    text = "\n".join(one.extract_text() for one in PdfReader(BytesIO(answer.body())).pages)
    for said in ("P-001", info.about.condition, "research"):
        assert said in text
