from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands keep their recordings; nothing is there yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("INSOLE_DATA", str(folder))
    return folder
