"""For all tests: a slow machine is no failure, so Hypothesis sets no deadlines; no test finds the user's own store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import postgres as server

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("insole", deadline=None)
settings.load_profile("insole")

os.environ.pop("INSOLE_DATABASE", None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[server.Server]:
    """A PostgreSQL server that is quick and forgets all in a power cut; skips where none is installed."""
    if server.programs() is None:
        pytest.skip("needs PostgreSQL's initdb and postgres (Debian: apt install postgresql)")
    started = server.Server()
    yield started
    started.stop()
