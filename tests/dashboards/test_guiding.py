"""A guided test in words: every trouble and every outcome is said, and of the right foot."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from analysis import taskcheck
from analysis.guided import GuidedTest, Phase
from analysis.protocol import OneLeg, Protocol, Stand, Walk, protocols
from analysis.taskcheck import Progress
from dashboards.guiding import TITLES, asked, guide_to_json, how, outcome, protocol_title, trouble
from dashboards.language import speaking
from insole.recording import Side
from tests.dashboards.test_language import Marked, unmarked

LEFT, RIGHT = Side
TASKS = (Stand(30.0), Walk(20), OneLeg(LEFT, 10.0), OneLeg(RIGHT, 10.0))
CODES = ("no_signal", "not_loaded", "moving", "wrong_leg", "not_lifted", "one_sided")
OF_ONE_FOOT = ("not_loaded", "wrong_leg", "not_lifted", "one_sided")
NOTHING = Progress(0.0, 30.0, 0.0)


ASKED = (
    "Stand still, both feet, 30 s",
    "Walk, 20 steps",
    "Stand on the left leg, 10 s",
    "Stand on the right leg, 10 s",
)


@pytest.mark.parametrize(("task", "text"), list(zip(TASKS, ASKED, strict=True)))
def test_what_is_asked(task, text):
    assert asked(task) == text
    assert how(task).endswith(".")


def test_every_trouble_that_a_check_knows_is_said():
    known = {value for name, value in vars(taskcheck).items() if name.isupper() and isinstance(value, str)}
    assert known == set(CODES)
    assert trouble(NOTHING) == ""


@pytest.mark.parametrize("code", CODES)
def test_a_trouble_is_said_of_the_foot_it_is_about(code):
    said = {side: trouble(replace(NOTHING, trouble=code, side=side)) for side in Side}
    assert all(text.endswith(".") for text in said.values())
    if code in OF_ONE_FOOT:
        assert said[LEFT].replace("left", "right") == said[RIGHT] != said[LEFT]
    else:
        assert said[LEFT] == said[RIGHT]


@pytest.mark.parametrize(
    ("task", "got", "text"),
    [
        (TASKS[0], 30.0, "Got what it needs."),
        (TASKS[0], 12.3, "Not enough: 12 of 30 s without a break."),
        (TASKS[1], 19.0, "Not enough: 19 of 20 usable steps."),
        (TASKS[2], 0.0, "Not enough: 0 of 10 s without a break."),
    ],
)
def test_what_came_of_it(task, got, text):
    assert outcome(task, Progress(got, task.need, 0.0)) == text


def test_every_protocol_of_the_project_has_a_title_in_the_catalogue():
    assert {name: protocol.title for name, protocol in protocols().items()} == TITLES
    assert protocol_title(Protocol("own", "Our own", TASKS)) == "Our own"


def test_where_a_test_is_as_plain_json_in_each_phase():
    test = GuidedTest(Protocol("made", "Made", TASKS), in_newtons=True)
    said = []
    for do in (lambda: None, lambda: test.begin(0.0), test.end, test.go_on):
        do()
        said.append(guide_to_json(test))
    assert [each["phase"] for each in said] == [Phase.READY, Phase.RUNNING, Phase.ENDED, Phase.READY]
    assert [each["at"] for each in said] == [0, 0, 0, 1]
    assert [each["progress"] is None for each in said] == [True, False, False, True]
    assert said[1]["progress"]["says"] == "0 of 30 s"
    assert said[2]["progress"]["outcome"] == "Not enough: 0 of 30 s without a break."
    assert [task["passed"] for task in said[3]["tasks"]] == [False, None, None, None]
    assert json.loads(json.dumps(said, allow_nan=False)) == said


def test_every_text_went_through_the_catalogue():
    with speaking("xx", Marked()):
        texts = [f(task) for task in TASKS for f in (asked, how)]
        texts += [outcome(task, Progress(got, task.need, 0.0)) for task in TASKS for got in (0.0, 99.0)]
        texts += [trouble(replace(NOTHING, trouble=code, side=side)) for code in CODES for side in Side]
        texts += [protocol_title(protocol) for protocol in protocols().values()]
    assert not [text for text in texts if re.search(r"[A-Za-z]{2}", unmarked(text))]
