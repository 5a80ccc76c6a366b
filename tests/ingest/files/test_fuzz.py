"""Any damage to a file gives a recording or a ``FormatError``, never another error or half a walk.

``INSOLE_FUZZ`` is how many files of each format are damaged; ``python -m benchmarks.fuzz_files`` damages
thousands, and watches time and memory.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from ingest.files import load_mapping, understand
from tests.ingest.files.fuzz import DAMAGES, attempt, cases, check

if TYPE_CHECKING:
    from pathlib import Path

COUNT = int(os.environ.get("INSOLE_FUZZ", "126"))


@pytest.mark.parametrize("format_", cases())
def test_damage_never_surprises(format_: str, tmp_path: Path):
    rng = random.Random(format_)
    outcomes = [attempt(cases()[format_], DAMAGES[k % len(DAMAGES)], rng, tmp_path) for k in range(COUNT)]
    assert True in outcomes, "nothing was read, so only refusing was tried"
    assert False in outcomes, "no damage was noticed, so nothing was tried"


@pytest.mark.parametrize("format_", cases())
def test_the_undamaged_example_is_whole(format_: str, tmp_path: Path):
    case = cases()[format_]
    for name, content in case.files.items():
        (tmp_path / name).write_bytes(content)
    mapping = load_mapping(tmp_path / case.mapping) if case.mapping else None
    found = understand(tmp_path / next(iter(case.files)), mapping=mapping)
    assert found.format.name == format_
    check(found.recording)
