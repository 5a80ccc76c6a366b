"""Fault plans: what the words mean, what is refused, and that the radio does what the plan says."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.virtual.faults import Drop, FaultPlan, parse_plan
from insole.errors import InsoleError
from insole.recording import Side

L, R = Side.LEFT, Side.RIGHT


pytestmark = pytest.mark.virtual_time


def test_the_plan_of_the_manual() -> None:
    plan = parse_plan(drop=["left:5s@12s"], loss=["right:2%"], jitter=["20ms"], drift=["50ppm"])
    assert plan.drops == (Drop(L, 12.0, 17.0),)
    assert plan.loss == {R: 0.02}
    assert plan.jitter_s == {L: 0.02, R: 0.02}
    assert plan.drift_ppm == {L: 50.0, R: 50.0}


def test_nothing_is_a_plan_too() -> None:
    plan = parse_plan()
    assert plan.drops == ()
    assert not any(plan.loses(side, n) or plan.late_s(side, n) for side in Side for n in range(100))


@pytest.mark.parametrize(
    ("text", "drops"),
    [
        ("5s@12s", [Drop(L, 12, 17), Drop(R, 12, 17)]),
        ("RIGHT: 500ms @ 1.5min", [Drop(R, 90, 90.5)]),
        ("left:1h@0s", [Drop(L, 0, 3600)]),
    ],
)
def test_ways_to_write_a_drop(text: str, drops: list[Drop]) -> None:
    assert list(parse_plan(drop=[text]).drops) == drops


@pytest.mark.parametrize(
    ("option", "texts", "why"),
    [
        ("drop", ["5s"], "needs a duration and a time"),
        ("drop", ["5s@"], "'' is not a number"),
        ("drop", ["5@12s"], "'5' is not a number with its unit"),
        ("drop", ["middle:5s@12s"], "'middle' is no side"),
        ("drop", ["0s@12s"], "more than 0 s"),
        ("drop", ["5s@-1s"], "begins at 0 s"),
        ("drop", ["left:5s@12s", "2s@16s"], "dropped again at 16 s"),
        ("loss", ["2"], "'2' is not a number with its unit"),
        ("loss", ["101%"], "0 to 100 %"),
        ("loss", ["-1%"], "0 to 100 %"),
        ("loss", ["2%", "left:3%"], "left foot has two"),
        ("jitter", ["2s"], "0 to 1000 ms"),
        ("jitter", ["nan ms"], "not a number"),
        ("drift", ["1e99ppm"], "not a number"),
        ("drift", ["501ppm"], "-500 to 500 ppm"),
        ("drift", ["left:50ppm:1"], "is no side"),
    ],
)
def test_what_makes_no_sense_is_refused_with_an_example(option: str, texts: list[str], why: str) -> None:
    with pytest.raises(InsoleError, match=rf"--{option}|dropped again") as refused:
        parse_plan(**{option: texts})
    assert why in str(refused.value)


@given(st.sampled_from(["drop", "loss", "jitter", "drift"]), st.text(alphabet="0159.-+smh%p@: leftrigh", max_size=14))
def test_any_text_is_a_plan_or_an_error_of_ours(option: str, text: str) -> None:
    try:
        plan = parse_plan(**{option: [text]})
    except InsoleError:
        return
    assert plan.drops or plan.loss or plan.jitter_s or plan.drift_ppm


def test_chance_is_even_the_same_each_time_and_each_foots_own() -> None:
    plan = parse_plan(loss=["2%"], jitter=["20ms"])
    lost = {side: np.array([plan.loses(side, n) for n in range(5000)]) for side in Side}
    late = np.array([plan.late_s(L, n) for n in range(5000)])
    assert all(0.015 < lost[side].mean() < 0.025 for side in Side)
    assert (lost[L] != lost[R]).any()
    assert np.array_equal(lost[L], [parse_plan(loss=["left:2%"]).loses(L, n) for n in range(5000)])
    assert 0 <= late.min() < 0.001
    assert 0.019 < late.max() < 0.02
    assert late.mean() == pytest.approx(0.01, abs=0.0005)
    assert abs(np.corrcoef(late[lost[L]], np.arange(lost[L].sum()))[0, 1]) < 0.5


class FakePair:
    """Notes what is asked of it; its time runs as fast as it is waited for."""

    def __init__(self, *sides: Side) -> None:
        self.insoles = dict.fromkeys(sides)
        self.time_s, self.cuts = 100.0, []

    def now(self) -> float:
        return self.time_s

    async def until(self, when_s: float) -> None:
        await asyncio.sleep(0)
        self.time_s = max(self.time_s, when_s)

    async def cut(self, side: Side, seconds: float) -> None:
        self.cuts.append((side, self.time_s, seconds))


@pytest.mark.parametrize(("side", "cuts"), [(L, [(L, 1012.0, 5.0)]), (R, [(R, 1003.0, 1.0), (R, 1020.0, 2.0)])])
async def test_drops_come_at_their_times_to_the_foot_that_is_there(side: Side, cuts: list[object]) -> None:
    pair = FakePair(side)
    await parse_plan(drop=["left:5s@12s", "right:1s@3s", "right:2s@20s"]).play(pair, 1000.0)
    assert pair.cuts == cuts


def test_a_plan_without_loss_or_jitter_leaves_the_radio_alone() -> None:
    FaultPlan().apply(FakePair(L, R))
