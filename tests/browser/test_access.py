"""WCAG 2.2 AA as far as a program can tell: axe finds nothing serious on any page."""

from __future__ import annotations

import pytest

from tests.browser.conftest import compared, serious

PAGES = ["list", "empty list", "recording", "live", "streaming", "problem", "compare", "nothing to compare"]


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
    page = look(at, scheme=scheme, forgive=("404",))
    if name in ("recording", "compare"):
        page.wait_for_selector("body[data-figures=drawn]")
    if name == "streaming":
        service.feed()
        page.wait_for_selector("#stream:visible")
    assert serious(page) == []
