"""One force for a whole foot gives times and loads, but no place of them."""

from __future__ import annotations

import pytest

from analysis.recipe import analyse
from insole.layout import load_layout
from insole.walker import Gait, Walker


@pytest.mark.parametrize(("layout", "known"), [("loadsol-1", False), ("loadsol-3", True)])
def test_places_of_load_are_only_told_where_sensors_have_places(layout: str, known: bool):
    report = analyse(Walker(Gait(duration_s=12.0), load_layout(layout)).recording())
    names = {value.name for value in report.values}
    assert {"cadence_spm", "load_share_pct", "peak_force_n"} <= names
    assert ("fore_load_share_pct" in names) == known
    assert ("rear_load_share_pct" in names) == known
    assert any(name.startswith(("cop_", "gait_line_")) for name in names) == known
