"""What the tests of commands share; those marked ``virtual_time`` run in it, as those of ``ingest`` do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.ingest.virtual_time import VirtualLoop

if TYPE_CHECKING:
    from pathlib import Path


def pytest_asyncio_loop_factories(config, item):
    """The loop of each test."""
    if item.get_closest_marker("virtual_time"):
        return {"virtual time": VirtualLoop}
    return {"real time": asyncio.new_event_loop}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands keep their recordings; nothing is there yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("INSOLE_DATA", str(folder))
    return folder
