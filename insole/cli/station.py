"""Insoles that stay connected and are shown, and recordings that begin and end when the page says so."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from api.control import LiveState, LiveStatus
from insole.cli.pulse import Pulse
from insole.cli.session import Session
from insole.cli.take import TakeSink
from insole.errors import InsoleError, NotNowError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractAsyncContextManager

    from analysis.live import LiveView
    from insole.cli.insoles import Insoles
    from insole.cli.take import Take
    from insole.recording import About, FootMeta
    from insole.store import Store
    from insole.walker import Actor

REST_S = 1.0
"""How long the end of a recording waits for what is still on its way: twice as long as samples wait
for the store, and long enough to ask once for what was lost (our judgement)."""

CLOCK_EVERY_S = 0.5
"""How often the clocks are told: a recording may end at any moment, and ends with a fit of its own time."""

TEXT = {
    LiveState.IDLE: "The insoles are not connected.",
    LiveState.LOOKING: "Looking for insoles.",
    LiveState.READY: "Connected. Nothing is being recorded.",
    LiveState.RECORDING: "Recording.",
    LiveState.STOPPING: "Ending: what is still on its way is stored.",
}


class Station:
    """Shows insoles and records them when told; the service's ``LiveControl``.

    Parameters
    ----------
    store
        Where recordings go.
    insoles
        Finds the insoles, anew at each ``connect``.
    is_virtual
        Whether they are a model.

    Attributes
    ----------
    recording_id, started_at
        Of the recording being made, or made last.
    """

    def __init__(
        self, store: Store, insoles: Callable[[], AbstractAsyncContextManager[Insoles]], *, is_virtual: bool = False
    ) -> None:
        self.recording_id = ""
        self.started_at: datetime | None = None
        self._store, self._insoles, self._virtual = store, insoles, is_virtual
        self._session, self._pulse = self._new_session()
        self._sink: TakeSink | None = None
        self._take: Take | None = None
        self._actor: Actor | None = None
        self._wish: About | None = None
        self._failure, self._zero_s = "", 0.0
        self._ending = False
        self._running: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    @property
    def view(self) -> LiveView | None:
        """The stream of now."""
        return self._session.view

    @property
    def state(self) -> str:
        """What it is doing, in words."""
        return self._failure or TEXT[self._state]

    @property
    def status(self) -> LiveStatus:
        """How it is now."""
        return LiveStatus(
            state=self._state,
            text=self.state,
            recording_id=self.recording_id,
            started_at=self.started_at,
            virtual=self._virtual,
            feet=self._pulse.feet() if self._running is not None else {},
        )

    @property
    def recorded_s(self) -> float:
        """Seconds of the recording being made so far."""
        return 0.0 if self._take is None else max(0.0, self._now_s() - self._take.zero_s)

    @property
    def zero_s(self) -> float:
        """The second zero of the recording being made, or made last, in the session's seconds."""
        return self._zero_s

    async def connect(self) -> None:
        """Look for the insoles and show them."""
        if self._running is not None:
            raise NotNowError("the insoles are connected already, or being looked for")
        self._failure, self._stop = "", asyncio.Event()
        self._session, self._pulse = self._new_session()
        self._running = asyncio.create_task(self._run())

    async def start(self, about: About) -> None:
        """Begin a recording, now or as soon as the insoles are there."""
        if self._wish is not None or self._take is not None:
            raise NotNowError("a recording is being made already; stop it first")
        self._wish = about
        if self._running is None:
            await self.connect()
        elif self._session.started.is_set():
            await self._begin()

    async def stop(self) -> None:
        """End the recording and seal it; the insoles stay."""
        if self._take is None or self._sink is None or self._ending:
            if self._wish is None:
                raise NotNowError("no recording is being made")
            self._wish = None  # it had not begun
            return
        self._ending = True
        try:
            self._sink.end(self._take, self._now_s())
            await asyncio.sleep(REST_S)
            await asyncio.to_thread(self._sink.finish)
        finally:
            self._take, self._ending = None, False

    async def disconnect(self) -> None:
        """Let the insoles go; a recording being made is sealed."""
        self._wish = None
        self._stop.set()
        if self._running is not None:
            await asyncio.wait([self._running])

    def instruct(self, activity: str) -> None:
        """Tell the person on virtual insoles what to do."""
        from insole.walker import Activity

        if self._actor is not None:
            self._actor.act(Activity(activity))

    @property
    def _state(self) -> LiveState:
        if self._running is None:
            return LiveState.FAILED if self._failure else LiveState.IDLE
        if self._ending or self._stop.is_set():
            return LiveState.STOPPING
        if self._take is not None:
            return LiveState.RECORDING
        return LiveState.READY if self._session.view is not None and self._wish is None else LiveState.LOOKING

    def _new_session(self) -> tuple[Session, Pulse]:
        session = Session(None)
        return session, Pulse(session)

    def _now_s(self) -> float:
        """Session seconds."""
        return self._session.now() - self._session.zero_s

    async def _run(self) -> None:
        """Show the insoles until told to let them go; a failure is told, and the service stays up."""
        first = asyncio.create_task(self._begin_with_first_sample())
        showing = asyncio.create_task(self._show())
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([showing, stopping], return_when=asyncio.FIRST_COMPLETED)
            if self._session.view is None:
                showing.cancel()  # still looking
            await asyncio.wait([showing])
            if not showing.cancelled() and (error := showing.exception()) is not None:
                raise error
        except InsoleError as e:
            self._failure = str(e)
        finally:
            for task in (first, stopping):
                task.cancel()
            await asyncio.gather(first, stopping, return_exceptions=True)
            self._sink = self._take = self._actor = self._wish = self._running = None

    async def _show(self) -> None:
        async with self._insoles() as insoles:
            self._actor = insoles.actor
            await self._session.run(
                insoles.links,
                about=insoles.about,
                duration_s=None,
                stop=self._stop,
                now=insoles.now,
                sink=self._open,
                clock_every_s=CLOCK_EVERY_S,
            )

    def _open(self, session: Session, about: About, feet: Iterable[FootMeta]) -> TakeSink:
        self._sink = TakeSink(session, self._store, about, feet)
        return self._sink

    async def _begin_with_first_sample(self) -> None:
        await self._session.started.wait()
        if self._wish is not None:
            try:
                await self._begin()
            except InsoleError as e:
                self._failure = str(e)
                self._stop.set()

    async def _begin(self) -> None:
        about, sink = self._wish, self._sink
        if about is None or sink is None:
            return
        started_at = datetime.now(UTC)
        try:
            self._take = await asyncio.to_thread(partial(sink.begin, about, started_at, self._now_s()))
        finally:
            self._wish = None
        self.recording_id, self.started_at, self._zero_s = self._take.writer.id, started_at, self._take.zero_s
