"""Guided tests over a live source: the recording that holds one, its checks while it runs, its marks at the end."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from analysis.guided import GuidedTest, Phase, marks
from analysis.protocol import OneLeg, Stand, protocols
from api.control import LiveState, controlled
from dashboards.guiding import guide_to_json
from insole.errors import InsoleError, NotFoundError, NotNowError
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.protocol import Task
    from api.control import LiveControl
    from api.live import LiveSource
    from insole.recording import About
    from insole.store import Store

TICK_S = 0.1
"""How often a running test looks at the stream: as often as its checks tell apart."""

REST = "stand"
"""What a person does between tasks (an ``insole.walker.Activity``)."""

_log = logging.getLogger(__name__)


class Guidance:
    """The guided test of a service; there is one at a time.

    Parameters
    ----------
    source
        Whose stream is checked and recorded.
    store
        Where its marks go.

    Attributes
    ----------
    test
        The one that runs or was the last; None before.
    recording_id
        Of the recording it is in; empty before.
    sealed
        Whether that is over: the recording is whole and marked.
    """

    def __init__(self, source: LiveSource, store: Store) -> None:
        self._source, self._store = source, store
        self.test: GuidedTest | None = None
        self.recording_id, self.sealed = "", False
        self._running: asyncio.Task[None] | None = None

    async def begin(self, protocol: str, about: About) -> None:
        """Begin a recording and, in it, a test; its first task waits for ``task``.

        Raises
        ------
        NotFoundError
            If there is no such protocol.
        NotNowError
            If both insoles are not there, or something is being recorded.
        """
        control = controlled(self._source)
        found = protocols().get(protocol)
        if found is None:
            raise NotFoundError(f"there is no guided test {protocol!r}; there are {', '.join(protocols())}")
        view = control.view
        if view is None or len(view.feet) < 2:
            raise NotNowError("a guided test needs both insoles; connect them first")
        await control.start(about)
        control.instruct(REST)
        self.test, self.sealed = GuidedTest(found, in_newtons=view.force_unit == "N"), False
        self.recording_id = control.status.recording_id
        self._running = asyncio.create_task(self._run(control, self.test))

    def task(self) -> None:
        """Begin the task, or begin it again.

        Raises
        ------
        NotNowError
            If that is not possible now.
        """
        control, test = self._now()
        test.begin(self._time_s(control))
        control.instruct(activity_of(test.task))

    def end(self) -> None:
        """End the task that runs with what there is.

        Raises
        ------
        NotNowError
            If none runs.
        """
        control, test = self._now()
        test.end()
        control.instruct(REST)

    async def go_on(self) -> None:
        """Go to the next task; after the last the recording is sealed.

        Raises
        ------
        NotNowError
            If a task runs.
        """
        _control, test = self._now()
        test.go_on()
        if test.phase is Phase.OVER:
            await self.finish()

    async def finish(self) -> None:
        """End the test with what there is, seal its recording and mark it.

        Raises
        ------
        NotNowError
            If no test runs.
        """
        control, test = self._now()
        if test.phase is Phase.RUNNING:
            test.end()
        if control.status.state is LiveState.RECORDING:
            await control.stop()
        if self._running is not None:
            await asyncio.wait([self._running])

    def to_json(self) -> dict[str, Any] | None:
        """Where it is; None before the first."""
        if self.test is None:
            return None
        return {**guide_to_json(self.test), "recording_id": self.recording_id, "sealed": self.sealed}

    async def _run(self, control: LiveControl, test: GuidedTest) -> None:
        """Feed the test for as long as its recording is made, then mark that."""
        zero_s, since = control.zero_s, dict[Side, int]()
        while (state := control.status.state) in {LiveState.RECORDING, LiveState.STOPPING}:
            if state is LiveState.RECORDING and (view := control.view) is not None:
                frame = view.frame(since)
                since = {side: foot.next for side, foot in frame.feet.items()}
                running = test.phase is Phase.RUNNING
                test.feed(frame)
                if running and test.phase is not Phase.RUNNING:
                    control.instruct(REST)
            await asyncio.sleep(TICK_S)
        if test.phase is Phase.RUNNING:
            test.end()  # the recording ended under it
        await asyncio.to_thread(self._mark, test, zero_s)
        control.instruct("walk")
        self.sealed = True

    def _mark(self, test: GuidedTest, zero_s: float) -> None:
        try:
            for mark in marks(test, zero_s=zero_s):
                self._store.marks.add(self.recording_id, mark)
            self._store.recordings.edit(self.recording_id, note=f"Guided test {test.protocol.name}.")
        except InsoleError as e:
            _log.warning("recording %s could not be marked: %s", self.recording_id, e)

    def _now(self) -> tuple[LiveControl, GuidedTest]:
        if self.test is None or self._running is None or self._running.done():
            raise NotNowError("no guided test is running; begin one first")
        return controlled(self._source), self.test

    def _time_s(self, control: LiveControl) -> float:
        view = control.view
        return 0.0 if view is None else view.frame(dict.fromkeys(view.feet, 2**62)).time_s


def activity_of(task: Task) -> str:
    """What a person does in a task, as an ``insole.walker.Activity``."""
    if isinstance(task, Stand):
        return REST
    return f"{task.side} leg" if isinstance(task, OneLeg) else "walk"
