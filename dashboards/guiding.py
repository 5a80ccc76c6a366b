"""A guided test in words: what a person is asked to do, how far they are, what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.guided import Phase
from analysis.protocol import OneLeg, Stand
from analysis.taskcheck import MOVING, NO_SIGNAL, NOT_LIFTED, NOT_LOADED, ONE_SIDED, WRONG_LEG
from dashboards.language import N_, _
from insole.recording import Side

if TYPE_CHECKING:
    from typing import Any

    from analysis.guided import GuidedTest
    from analysis.protocol import Protocol, Task
    from analysis.taskcheck import Progress

TITLES = {
    "standing-and-walking": N_("Standing and walking"),
    "balance-and-walking": N_("Standing, walking, one leg"),
    "walking": N_("Walking only"),
}
"""Of the protocols that come with the project; others show their own."""


def protocol_title(protocol: Protocol) -> str:
    """What a protocol is called."""
    return _(TITLES.get(protocol.name, protocol.title))


def asked(task: Task) -> str:
    """What to do, in a few words: ``Stand on the left leg, 10 s``."""
    if isinstance(task, Stand):
        return _("Stand still, both feet, {n} s").format(n=f"{task.seconds:g}")
    if isinstance(task, OneLeg):
        left = task.side is Side.LEFT
        text = _("Stand on the left leg, {n} s") if left else _("Stand on the right leg, {n} s")
        return text.format(n=f"{task.seconds:g}")
    return _("Walk, {n} steps").format(n=task.steps)


def how(task: Task) -> str:
    """What to tell the person before it."""
    if isinstance(task, Stand):
        return _("Stand upright and still, feet apart as usual, arms at your sides, and look straight ahead.")
    if isinstance(task, OneLeg):
        return _("Lift the other foot off the floor and hold it there. Stay near something to hold on to.")
    return _("Walk at your usual pace, as straight as the room allows. Turns are fine: what is odd is left out.")


def trouble(progress: Progress) -> str:
    """What is in the way now, in a sentence; empty if nothing."""
    left = progress.side is Side.LEFT
    said = {
        NO_SIGNAL: _("An insole is silent: what it measured is not known."),
        NOT_LOADED: _("The left foot bears too little.") if left else _("The right foot bears too little."),
        MOVING: _("Moving: wait until the weight is still."),
        WRONG_LEG: _("This is the wrong leg: stand on the left one.")
        if left
        else _("This is the wrong leg: stand on the right one."),
        NOT_LIFTED: _("The left foot is not lifted yet.") if left else _("The right foot is not lifted yet."),
        ONE_SIDED: _("Fewer steps of the left foot were usable.")
        if left
        else _("Fewer steps of the right foot were usable."),
    }
    return said.get(progress.trouble, "")


def outcome(task: Task, progress: Progress) -> str:
    """What came of a task that has ended."""
    if progress.passed:
        return _("Got what it needs.")
    got, need = f"{progress.got:.0f}", f"{progress.need:.0f}"
    if task.kind == "walk":
        text = _("Not enough: {got} of {need} usable steps.")
    else:
        text = _("Not enough: {got} of {need} s without a break.")
    return text.format(got=got, need=need)


def guide_to_json(test: GuidedTest) -> dict[str, Any]:
    """Where a guided test is, for its page."""
    tasks = []
    for number, task in enumerate(test.protocol.tasks):
        best = test.best(number)
        tasks.append(
            {
                "asked": asked(task),
                "outcome": "" if best is None else outcome(task, best.progress),
                "passed": None if best is None else best.progress.passed,
            }
        )
    return {
        "protocol": test.protocol.name,
        "title": protocol_title(test.protocol),
        "phase": str(test.phase),
        "at": test.at,
        "how": how(test.task),
        "tasks": tasks,
        "progress": _progress(test),
    }


def _progress(test: GuidedTest) -> dict[str, Any] | None:
    found = test.progress
    if found is None:
        return None
    ended = test.phase is Phase.ENDED
    unit = _("steps") if test.task.kind == "walk" else _("s")
    return {
        "part": round(min(found.now if not ended else found.got, found.need) / found.need, 3),
        "says": _("{got} of {need} {unit}").format(
            got=f"{min(found.got if ended else found.now, found.need):.0f}", need=f"{found.need:.0f}", unit=unit
        ),
        "trouble": "" if ended else trouble(found),
        "outcome": outcome(test.task, found) if ended else "",
        "passed": found.passed,
    }
