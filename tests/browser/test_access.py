"""WCAG 2.2 AA as far as a program can tell: axe finds nothing serious on any page."""

from __future__ import annotations

import pytest

from tests.browser.conftest import compared, serious
from tests.support import ROOT

PAGES = [
    *("list", "empty list", "recording", "live", "streaming", "problem", "compare", "nothing to compare"),
    *("subject", "empty subject", "subjects", "bin", "upload", "dialog"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(look, service, request, name, scheme):
    stored = "none" if name == "empty list" else request.getfixturevalue("stored")
    at = {
        "recording": f"/recordings/{stored}",
        "live": "/live",
        "streaming": "/live",
        "problem": "/recordings/none",
    }.get(name, "/")
    if "compare" in name:
        at = "/compare" if name.startswith("nothing") else compared(*request.getfixturevalue("pair"))
    if name in ("subjects", "bin", "upload"):
        at = f"/{name}"
    if "subject" in name and name != "subjects":
        made = request.getfixturevalue("store").subjects
        at = f"/subjects/{made.find('P-001').id if name == 'subject' else made.add('P-002').id}"
    if name == "bin":
        request.getfixturevalue("store").recordings.delete(stored)
    page = look(at, scheme=scheme, forgive=("404",))
    if name == "subject":
        page.wait_for_selector("body[data-measured=ready]")
    if name == "upload":
        page.locator("#choose-files").set_input_files(ROOT / "fixtures" / "pedar_walk.asc")
        page.wait_for_selector("body[data-files=understood]")
    if name == "dialog":
        page.get_by_role("button", name="New subject").click()
    if name in ("recording", "compare"):
        page.wait_for_selector("body[data-figures=drawn]")
    if name == "streaming":
        service.feed()
        page.wait_for_selector("#stream:visible")
    assert serious(page) == []
