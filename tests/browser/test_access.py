"""WCAG 2.2 AA as far as a program can tell: axe finds nothing serious on any page."""

from __future__ import annotations

import pytest

from tests.browser.conftest import compared

Axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe

PAGES = ["list", "empty list", "recording", "live", "problem", "compare", "nothing to compare"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(look, request, name, scheme):
    stored = "none" if name == "empty list" else request.getfixturevalue("stored")
    at = {"recording": f"/recordings/{stored}", "live": "/live", "problem": "/recordings/none"}.get(name, "/")
    if "compare" in name:
        at = "/compare" if name.startswith("nothing") else compared(*request.getfixturevalue("pair"))
    page = look(at, scheme=scheme, forgive=("404",))
    if name in ("recording", "compare"):
        page.wait_for_selector("body[data-figures=drawn]")
    found = Axe().run(page, options=RULES).response["violations"]
    serious = [v for v in found if v["impact"] in {"serious", "critical"}]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in serious] == []
