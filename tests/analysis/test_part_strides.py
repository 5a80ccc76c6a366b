"""How far the strides cut at a recording's ends move the symmetry index, and that the report says so."""

from __future__ import annotations

import re

import pytest

from analysis.recipe import analyse
from insole.layout import load_layout
from insole.recording import Side
from insole.walker import Gait, Walker

LAYOUT = load_layout("open-insole-16")


@pytest.mark.parametrize("first_step", list(Side))
@pytest.mark.parametrize("duration_s", [5.0, 8.3, 10.3, 20.0, 30.0, 47.7])
def test_an_even_walk_is_off_by_no_more_than_is_said(duration_s: float, first_step: Side) -> None:
    report = analyse(Walker(Gait(duration_s=duration_s, first_step=first_step), LAYOUT).recording())
    index = report.get("load_symmetry_index_pct")
    (caveat,) = [c for c in report.caveats if c.code == "part_strides"]
    bound = re.search(r"up to (\d+) points", caveat.text)
    assert index is not None
    assert bound is not None
    assert abs(index.value) <= float(bound.group(1)) + 0.5


def test_a_long_walk_needs_no_word_of_it() -> None:
    report = analyse(Walker(Gait(duration_s=120), LAYOUT).recording())
    assert not [c for c in report.caveats if c.code == "part_strides"]
