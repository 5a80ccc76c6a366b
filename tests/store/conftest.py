from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from insole.store import Store
from tests.store.samples import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    with Store.open(tmp_path, now=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for many examples, each with recordings of its own."""
    with Store.open(tmp_path_factory.mktemp("store")) as opened:
        yield opened
