"""Each task of a guided test, on streams whose answer is known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.guided import GuidedTest, Phase, marks
from analysis.live import LiveView
from analysis.options import Options
from analysis.protocol import OneLeg, Protocol, Stand, Walk, protocols
from analysis.recipe import analyse
from insole.errors import NotNowError
from insole.layout import load_layout
from insole.recording import Chunk, FootMeta, Side, Unit
from insole.records import MarkKind
from insole.walker import Activity, Actor, Gait
from tests.analysis import made

LAYOUT = load_layout("open-insole-16")
RATE_HZ = 100
LEFT, RIGHT = Side
TICK = 20  # samples between frames


class Stream:
    """A live view that is fed forces, and a guided test that watches it."""

    def __init__(self, *tasks):
        self.view = LiveView({side: FootMeta(side, LAYOUT, Unit.KPA, RATE_HZ) for side in Side}, clock=lambda: 0.0)
        self.test = GuidedTest(Protocol("made", "Made", tasks), in_newtons=True)
        self.at, self.since = 0, {}

    def begin(self):
        self.look()
        self.test.begin(self.at / RATE_HZ)

    def send(self, samples):
        """``(n, S)`` kPa by side; a foot that is left out is silent."""
        n = len(next(iter(samples.values())))
        for first in range(0, n, TICK):
            for side, values in samples.items():
                part = values[first : first + TICK]
                at = self.at + first + np.arange(len(part))
                self.view.push(Chunk(side, int(at[0]), part, at * 10_000, 0.0), at / RATE_HZ)
            self.look()
        self.at += n

    def look(self):
        frame = self.view.frame(self.since)
        self.since = {side: foot.next for side, foot in frame.feet.items()}
        self.test.feed(frame)

    def force(self, seconds, left, right):
        """Bear so many N for so many seconds, spread evenly; a function is one of time."""
        time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        both = {LEFT: left, RIGHT: right}
        newtons = {
            s: np.broadcast_to(f(time_s) if callable(f) else f, time_s.shape) for s, f in both.items() if f is not None
        }
        area = LAYOUT.area_mm2.sum() / 1000
        self.send({s: np.repeat(n[:, None] / area, 16, 1).astype(np.float32) for s, n in newtons.items()})


def standing(seconds=10.0):
    stream = Stream(Stand(seconds))
    stream.begin()
    return stream


def test_standing_still_ends_once_it_was_long_enough():
    stream = standing()
    stream.force(9.8, 350, 350)
    assert stream.test.phase is Phase.RUNNING
    assert stream.test.progress.got == pytest.approx(9.8, abs=0.11)
    stream.force(0.4, 350, 350)
    assert stream.test.phase is Phase.ENDED
    assert stream.test.progress.passed


def test_slow_sway_is_standing_still():
    stream = standing()
    stream.force(11, lambda t: 350 + 50 * np.sin(t * 0.4), lambda t: 350 - 50 * np.sin(t * 0.4))
    assert stream.test.progress.passed


def test_who_wobbles_does_not_stand_still():
    stream = standing()
    stream.force(20, lambda t: 350 + 100 * np.sin(4 * t), lambda t: 350 - 100 * np.sin(4 * t))
    assert stream.test.phase is Phase.RUNNING
    assert stream.test.progress.got < 2
    assert stream.test.progress.trouble == "moving"


def test_a_step_in_between_begins_the_count_anew_and_the_longest_part_counts():
    stream = standing()
    stream.force(6, 350, 350)
    stream.force(0.5, 700, 0)
    stream.force(3, 350, 350)
    found = stream.test.progress
    assert not found.passed
    assert found.got == pytest.approx(5.0, abs=0.2)  # the second before it moves does not count
    assert found.now < 3.1


@pytest.mark.parametrize(("left", "right", "side"), [(0, 700, LEFT), (700, 20, RIGHT), (0, 0, LEFT)])
def test_standing_needs_both_feet_loaded(left, right, side):
    stream = standing()
    stream.force(15, left, right)
    assert stream.test.progress.got == 0
    assert (stream.test.progress.trouble, stream.test.progress.side) == ("not_loaded", side)


def test_a_silent_foot_is_said_and_what_it_would_have_sent_does_not_count():
    stream = standing()
    stream.force(4, 350, 350)
    stream.force(8, 350, None)
    assert stream.test.progress.trouble == "no_signal"
    assert stream.test.progress.got == pytest.approx(4.0, abs=0.2)


def test_a_task_that_never_gets_there_is_given_up():
    stream = Stream(Stand(10.0, most_s=15.0))
    stream.begin()
    stream.force(16, 350, 0)
    assert stream.test.phase is Phase.ENDED
    assert not stream.test.progress.passed


def test_on_one_leg():
    stream = Stream(OneLeg(LEFT, 5.0))
    stream.begin()
    stream.force(2, 350, 350)
    assert (stream.test.progress.trouble, stream.test.progress.side) == ("not_lifted", RIGHT)
    stream.force(5.2, 700, 10)
    assert stream.test.progress.passed
    assert stream.test.progress.start_s == pytest.approx(2.0, abs=0.11)


def test_a_foot_that_bears_half_while_both_stand_is_not_taken_for_one_that_swings():
    stream = Stream(OneLeg(LEFT, 8.0))
    stream.force(20, 350, 350)
    stream.begin()
    stream.force(8.2, 700, 0)
    assert stream.test.progress.passed
    assert stream.view.frame().feet[LEFT].force == pytest.approx(700, abs=1)


def test_the_wrong_leg_is_told_and_does_not_count():
    stream = Stream(OneLeg(LEFT, 5.0))
    stream.begin()
    stream.force(8, 0, 700)
    assert stream.test.progress.got == 0
    assert (stream.test.progress.trouble, stream.test.progress.side) == ("wrong_leg", LEFT)


def test_a_foot_that_touches_down_begins_the_count_anew():
    stream = Stream(OneLeg(RIGHT, 5.0))
    stream.begin()
    for _ in range(4):
        stream.force(3, 0, 700)
        stream.force(0.3, 200, 500)
    assert not stream.test.progress.passed
    assert stream.test.progress.got == pytest.approx(3.0, abs=0.2)


def step(stream, side):
    """A tenth of a second on both feet, then 0.4 s on one; the other comes off the ground."""
    stream.force(0.1, 400, 400)
    stream.force(0.4, *((700, 0) if side is LEFT else (0, 700)))


def walked(task):
    """A stream that has seen steps, so that it knows how a foot swings; the task begins while the right foot stands."""
    stream = Stream(task)
    for _ in range(6):
        step(stream, LEFT)
        step(stream, RIGHT)
    stream.begin()
    stream.force(0.1, 0, 700)
    return stream


def test_nineteen_usable_steps_are_not_twenty():
    stream = walked(Walk(20))
    for i in range(23):  # twelve left and eleven right, of which an analysis leaves out the first and the last
        step(stream, (LEFT, RIGHT)[i % 2])
    step(stream, RIGHT)  # the last begins, and the one before it is over
    assert stream.test.phase is Phase.RUNNING
    assert (stream.test.progress.got, stream.test.progress.steps) == (19, (10, 9))
    step(stream, LEFT)
    assert stream.test.phase is Phase.ENDED
    assert (stream.test.progress.got, stream.test.progress.passed) == (20, True)


def test_limping_on_one_foot_is_no_walk():
    stream = walked(Walk(20))
    for _ in range(30):
        stream.force(0.6, 700, 350)
        stream.force(0.4, 0, 350)
    assert stream.test.phase is Phase.RUNNING
    assert stream.test.progress.got == 10
    assert (stream.test.progress.trouble, stream.test.progress.side) == ("one_sided", RIGHT)


def test_the_way_through_a_protocol_with_a_task_repeated():
    stream = Stream(Stand(5.0), OneLeg(LEFT, 5.0))
    test = stream.test
    for wrong in (test.end,):
        with pytest.raises(NotNowError, match="begin it"):
            wrong()
    stream.begin()
    with pytest.raises(NotNowError, match="end it"):
        test.begin(0.0)
    stream.force(2, 350, 350)
    test.end()
    assert not test.best(0).progress.passed
    stream.begin()
    stream.force(6, 350, 350)
    assert test.best(0).progress.passed
    test.go_on()
    assert (test.phase, test.at, test.progress) == (Phase.READY, 1, None)
    stream.begin()
    stream.force(6, 700, 0)
    test.go_on()
    assert test.phase is Phase.OVER
    with pytest.raises(NotNowError, match="over"):
        test.begin(9.0)
    made = marks(test, zero_s=1.0)
    assert [m.kind for m in made] == [MarkKind.NOTE, MarkKind.STANDING, MarkKind.NOTE, MarkKind.EXCLUDE]
    assert (made[1].start_s, made[1].stop_s) == pytest.approx((1.0, 6.0), abs=0.11)
    assert made[0].text == "Guided test made, 1 of 2: stand still on both feet, 5 s: got what it needs."


def test_a_task_that_was_left_out_leaves_no_mark():
    stream = Stream(Stand(5.0), Walk(4))
    stream.test.go_on()
    stream.test.go_on()
    assert marks(stream.test, zero_s=0.0) == ()


@pytest.mark.parametrize("name", protocols())
def test_every_protocol_can_be_passed_by_who_does_as_told(name):
    protocol = protocols()[name]
    stream = Stream(*protocol.tasks)
    actor = Actor(Gait(noise_kpa=1.0, load_symmetry_index_pct=8.0), LAYOUT)
    doing = {"stand": Activity.STAND, "walk": Activity.WALK}
    for task in protocol.tasks:
        actor.act(doing.get(task.kind) or Activity(f"{task.side} leg"))
        stream.begin()
        while stream.test.phase is Phase.RUNNING:
            stream.send({side: actor.pressure_kpa(side, stream.at, TICK) for side in Side})
        assert stream.test.progress.passed, task
        stream.test.go_on()
    assert stream.test.phase is Phase.OVER


def test_the_analysis_profits_from_the_marks():
    protocol = protocols()["balance-and-walking"]
    stream, actor = Stream(*protocol.tasks), Actor(Gait(noise_kpa=1.0, load_symmetry_index_pct=8.0), LAYOUT)
    sent = {side: [] for side in Side}

    def send():
        samples = {side: actor.pressure_kpa(side, stream.at, TICK) for side in Side}
        for side in Side:
            sent[side].append(samples[side])
        stream.send(samples)

    for task in protocol.tasks:
        actor.act({"stand": Activity.STAND, "walk": Activity.WALK}.get(task.kind) or Activity(f"{task.side} leg"))
        stream.begin()
        while stream.test.phase is Phase.RUNNING:
            send()
        stream.test.go_on()
    taken = made.recording(*(made.stream(side, np.concatenate(sent[side]), layout=LAYOUT) for side in Side))
    report = analyse(taken, Options(marks=marks(stream.test, zero_s=0.0)))
    assert report.get("standing_time_s").value == pytest.approx(30, abs=0.2)
    assert report.get("standing_asymmetry_pct_bw").value == pytest.approx(4.0, abs=0.2)
    assert report.get("load_symmetry_index_pct").value == pytest.approx(8.0, abs=1.0)
    for side in Side:
        assert report.get("sway_area_mm2", side=side) is not None
        assert report.get("steps_used_count", side=side).value >= 10
        assert report.get("stance_time_s", side=side).value == pytest.approx(actor.truth.stance_time_s, abs=0.01)
    assert max(step.stop_s for step in report.steps if step.clean) <= stream.test.best(2).start_s
