"""A guided test while it runs: which task, how far, what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from analysis.liveloads import LiveLoads
from analysis.protocol import OneLeg, Stand
from analysis.standing import LEAST_STANDING_S
from analysis.taskcheck import Progress, progress
from insole.errors import NotNowError
from insole.records import Mark, MarkKind

if TYPE_CHECKING:
    from analysis.live import LiveFrame
    from analysis.protocol import Protocol, Task


class Phase(StrEnum):
    """Where a guided test is."""

    READY = "ready"
    RUNNING = "running"
    ENDED = "ended"
    OVER = "over"


@dataclass(frozen=True)
class Attempt:
    """One try at a task.

    Attributes
    ----------
    task
        Which, from 0.
    start_s, stop_s
        Session seconds, ``[start, stop)``.
    progress
        What came of it.
    """

    task: int
    start_s: float
    stop_s: float
    progress: Progress


class GuidedTest:
    """One run through a protocol. A person begins each task; it ends by itself once it has what it needs.

    Parameters
    ----------
    protocol
        What is asked.
    in_newtons
        Whether the live view's forces are in N.

    Attributes
    ----------
    protocol
        As given.
    phase, at
        Where it is, and at which task, from 0.
    progress
        Of the task that runs or has ended; None before.
    attempts
        All tries so far, repeated ones too, by time.
    """

    def __init__(self, protocol: Protocol, *, in_newtons: bool) -> None:
        self.protocol = protocol
        self.phase, self.at = Phase.READY, 0
        self.progress: Progress | None = None
        self.attempts: list[Attempt] = []
        self._in_newtons = in_newtons
        self._loads = LiveLoads(0.0, most_s=0.0)

    @property
    def task(self) -> Task:
        """The task that is next, runs or has ended."""
        return self.protocol.tasks[self.at]

    def begin(self, now_s: float) -> None:
        """Begin the task, or begin it again.

        Parameters
        ----------
        now_s
            Session time of the newest sample.

        Raises
        ------
        NotNowError
            If one runs, or the test is over.
        """
        self._require(Phase.READY, Phase.ENDED)
        self._loads = LiveLoads(now_s, most_s=self.task.most_s)
        self.progress = progress(self.task, self._loads, in_newtons=self._in_newtons)
        self.phase = Phase.RUNNING

    def feed(self, frame: LiveFrame) -> None:
        """Take in the newest frame; between tasks it is left alone."""
        if self.phase is not Phase.RUNNING:
            return
        self._loads.push(frame)
        self.progress = progress(self.task, self._loads, in_newtons=self._in_newtons)
        if self.progress.passed or self._loads.now_s - self._loads.start_s >= self.task.most_s:
            self.end()

    def end(self) -> None:
        """End the task with what there is.

        Raises
        ------
        NotNowError
            If none runs.
        """
        self._require(Phase.RUNNING)
        if self.progress is not None:
            self.attempts.append(Attempt(self.at, self._loads.start_s, self._loads.now_s, self.progress))
        self.phase = Phase.ENDED

    def go_on(self) -> None:
        """Go to the next task, with what this one got; after the last the test is over.

        Raises
        ------
        NotNowError
            If a task runs, or the test is over.
        """
        self._require(Phase.READY, Phase.ENDED)
        self.progress = None
        last = self.at + 1 == len(self.protocol.tasks)
        self.phase = Phase.OVER if last else Phase.READY
        self.at += not last

    def best(self, task: int) -> Attempt | None:
        """The try that counts: the last that got what it needs, or else the one that got most; None without a try."""
        tries = [attempt for attempt in self.attempts if attempt.task == task]
        passed = [attempt for attempt in tries if attempt.progress.passed]
        return passed[-1] if passed else max(tries, key=lambda a: a.progress.got, default=None)

    def _require(self, *phases: Phase) -> None:
        if self.phase not in phases:
            raise NotNowError(
                "this task is running; end it first"
                if self.phase is Phase.RUNNING
                else "the guided test is over"
                if self.phase is Phase.OVER
                else "no task is running; begin it first"
            )


def marks(test: GuidedTest, *, zero_s: float) -> tuple[Mark, ...]:
    """What a recording of the test is to be marked with, so that its analysis profits.

    A note for each task, with what came of it. The quiet part of a stand is marked as standing, from which
    then all values of standing are. What stands on one leg is left out of the steps.

    Parameters
    ----------
    zero_s
        The recording's second zero, in session seconds.
    """
    made: list[Mark] = []
    for number, task in enumerate(test.protocol.tasks):
        attempt = test.best(number)
        if attempt is None:
            continue
        start_s, stop_s = max(attempt.start_s - zero_s, 0.0), attempt.stop_s - zero_s
        made.append(Mark(MarkKind.NOTE, start_s, max(stop_s, start_s), text=said_of(test, number)))
        found = attempt.progress
        if isinstance(task, Stand) and found.got >= LEAST_STANDING_S:
            made.append(Mark(MarkKind.STANDING, max(found.start_s - zero_s, 0.0), found.stop_s - zero_s))
        if isinstance(task, OneLeg) and start_s < stop_s:
            made.append(Mark(MarkKind.EXCLUDE, start_s, stop_s, text=said(task)))
    return tuple(made)


def said(task: Task) -> str:
    """A task in words, as recordings keep it."""
    if isinstance(task, Stand):
        return f"stand still on both feet, {task.seconds:g} s"
    if isinstance(task, OneLeg):
        return f"stand on the {task.side} leg, {task.seconds:g} s"
    return f"walk, {task.steps} steps"


def said_of(test: GuidedTest, number: int) -> str:
    """A task and what came of it, as recordings keep it."""
    task, attempt = test.protocol.tasks[number], test.best(number)
    start = f"Guided test {test.protocol.name}, {number + 1} of {len(test.protocol.tasks)}: {said(task)}"
    if attempt is None:
        return f"{start}: not done."
    found, unit = attempt.progress, "steps" if task.kind == "walk" else "s"
    if found.passed:
        return f"{start}: got what it needs."
    return f"{start}: {found.got:.0f} of {found.need:.0f} {unit}."
