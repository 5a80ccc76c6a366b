"""A person who does as told: each activity's forces, and samples that never change once they were asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insole.layout import load_layout
from insole.recording import Side
from insole.units import N_PER_KPA_MM2, weight_n
from insole.walker import Activity, Actor, Gait, Walker

LAYOUT = load_layout("open-insole-16")
GAIT = Gait(load_symmetry_index_pct=10.0)
WEIGHT_N = weight_n(GAIT.body_mass_kg)


def force(actor, side, first, n):
    return actor.pressure_kpa(side, first, n) @ LAYOUT.area_mm2 * N_PER_KPA_MM2


@pytest.mark.parametrize("side", Side)
def test_until_told_they_walk_as_the_walker_does(side):
    assert np.array_equal(
        Actor(GAIT, LAYOUT).pressure_kpa(side, 0, 500), Walker(GAIT, LAYOUT).pressure_kpa(side, 0, 500)
    )


@pytest.mark.parametrize(
    ("activity", "shares"),
    [(Activity.STAND, (0.475, 0.525)), (Activity.LEFT_LEG, (1.0, 0.0)), (Activity.RIGHT_LEG, (0.0, 1.0))],
)
def test_standing_bears_the_whole_weight_where_told(activity, shares):
    actor = Actor(GAIT, LAYOUT)
    assert actor.act(activity) == 50, "weight has shifted by then"
    for side, share in zip(Side, shares, strict=True):
        assert force(actor, side, 110, 300) == pytest.approx(np.full(300, share * WEIGHT_N), abs=0.2)


def test_weight_shifts_without_a_jump():
    actor = Actor(GAIT, LAYOUT)
    force(actor, Side.LEFT, 0, 333)
    assert actor.act(Activity.RIGHT_LEG) == 333
    walked = np.abs(np.diff(force(Actor(GAIT, LAYOUT), Side.RIGHT, 0, 300))).max()
    assert np.abs(np.diff(force(actor, Side.RIGHT, 300, 200))).max() <= walked + 0.02 * WEIGHT_N


@given(st.lists(st.sampled_from(list(Activity)), max_size=5), st.integers(1, 400))
def test_a_sample_that_was_asked_for_never_changes(told, n):
    actor = Actor(GAIT, LAYOUT)
    first = actor.pressure_kpa(Side.LEFT, 0, n)
    for activity in told:
        start = actor.act(activity)
        assert start >= n
        assert actor.activity is activity
    later = actor.pressure_kpa(Side.LEFT, 0, n + 700)
    assert np.array_equal(later[:n], first)
    assert np.array_equal(actor.pressure_kpa(Side.LEFT, n, 700), later[n:])
