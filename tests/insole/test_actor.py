"""An actor does as told, and never takes back a sample that was given."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insole.layout import load_layout
from insole.recording import Side
from insole.units import weight_n
from insole.walker import Activity, Actor, Gait, Walker

LAYOUT = load_layout("open-insole-16")
WEIGHT_N = weight_n(70.0)
SHIFT = 50  # samples of half a second


def forces(actor: Actor, first: int, n: int) -> dict[Side, np.ndarray]:
    return {side: actor.pressure_kpa(side, first, n) @ LAYOUT.area_mm2 / 1000 for side in Side}


def test_until_told_it_walks_as_a_walker_does() -> None:
    gait = Gait(noise_kpa=1.0, dead_sensors={Side.LEFT: (3,)})
    for side in Side:
        assert np.array_equal(
            Actor(gait, LAYOUT).pressure_kpa(side, 90, 400), Walker(gait, LAYOUT).pressure_kpa(side, 90, 400)
        )


@pytest.mark.parametrize(
    ("activity", "left", "right"),
    [(Activity.STAND, 0.45, 0.55), (Activity.LEFT_LEG, 1.0, 0.0), (Activity.RIGHT_LEG, 0.0, 1.0)],
)
def test_it_stands_as_told_and_carries_its_weight(activity: Activity, left: float, right: float) -> None:
    actor = Actor(Gait(load_symmetry_index_pct=20.0), LAYOUT)
    assert actor.act(activity) == SHIFT
    force = forces(actor, 2 * SHIFT, 1000)
    assert force[Side.LEFT] == pytest.approx(left * WEIGHT_N, rel=1e-5, abs=1e-3)
    assert force[Side.RIGHT] == pytest.approx(right * WEIGHT_N, rel=1e-5, abs=1e-3)


def test_weight_shifts_without_a_jump() -> None:
    actor = Actor(Gait(), LAYOUT)
    actor.act(Activity.STAND)
    forces(actor, 0, 500)
    start = actor.act(Activity.LEFT_LEG)
    assert start == 500
    force = forces(actor, 480, 200)
    assert np.abs(np.diff(force[Side.LEFT])).max() < 0.05 * WEIGHT_N
    assert sum(force.values()) == pytest.approx(WEIGHT_N, rel=1e-5)
    assert force[Side.RIGHT][20 + SHIFT :] == pytest.approx(0.0, abs=1e-3)


def test_it_walks_on_after_standing_and_is_asked_once_for_the_same() -> None:
    actor = Actor(Gait(), LAYOUT)
    actor.act(Activity.STAND)
    forces(actor, 0, 300)
    actor.act(Activity.WALK)
    assert actor.act(Activity.WALK) >= 300
    walked = Walker(Gait(), LAYOUT).pressure_kpa(Side.LEFT, 400, 200)
    assert np.array_equal(actor.pressure_kpa(Side.LEFT, 400, 200), walked)


@settings(max_examples=40, deadline=None)
@given(
    told=st.lists(st.tuples(st.integers(1, 300), st.sampled_from(Activity)), max_size=5),
    cut=st.integers(1, 200),
)
def test_a_sample_given_once_never_changes(told: list[tuple[int, Activity]], cut: int) -> None:
    actor, sent = Actor(Gait(noise_kpa=1.0), LAYOUT), 0
    live: dict[Side, list[np.ndarray]] = {side: [] for side in Side}
    for n, activity in [*told, (200, Activity.WALK)]:
        actor.act(activity)
        for side in Side:
            live[side].append(actor.pressure_kpa(side, sent, n))
        sent += n
    for side in Side:
        once = np.concatenate(live[side])
        again = [actor.pressure_kpa(side, at, min(cut, sent - at)) for at in range(0, sent, cut)]
        assert np.array_equal(np.concatenate(again), once)
