"""A server whose live page records from virtual insoles, and a guided test gone through on it."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from insole.cli.insoles import virtual
from insole.cli.station import Station
from tests.browser.conftest import ARTIFACTS, Service, serious

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from analysis.protocol import Protocol
    from insole.store import Store


@contextmanager
def on_virtual_insoles(store: Store, protocol: Protocol, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A server with a station, as ``insole serve --virtual`` has it, and one guided test to choose."""
    monkeypatch.setattr("api.guidance.protocols", lambda: {protocol.name: protocol})
    monkeypatch.setattr("dashboards.render.protocols", lambda: {protocol.name: protocol})
    station = Station(store, virtual("open16"), is_virtual=True)
    made = Service(store, station)
    made.start()
    try:
        yield made
        asyncio.run_coroutine_threadsafe(station.disconnect(), made.loop).result(60)
    finally:
        made.stop()


def guide(page, protocol, *, see=False):
    """Through a guided test by keyboard alone; each screen is looked at if asked."""
    page.get_by_role("button", name="Guided test").press("Enter")
    page.get_by_role("button", name="Begin the test").press("Enter")
    for task in protocol.tasks:
        page.wait_for_selector("#task-begin:focus")
        page.keyboard.press("Enter")
        page.wait_for_selector("body[data-guide=running]")
        if see:
            page.screenshot(path=ARTIFACTS / f"live-guide-{task.kind}.png")
            assert serious(page) == []
        page.wait_for_selector("#task-outcome:has-text('Got what it needs.')")
        page.wait_for_selector("#task-next:focus")
        page.keyboard.press("Enter")
    page.get_by_text("The test is over, and got what it needs.").wait_for()
    if see:
        page.screenshot(path=ARTIFACTS / "live-guide-done.png")
