"""One collecting session: insoles to store and, at the same time, to the live view."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from insole.errors import InsoleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.live import LiveView
    from ingest.link import Link
    from ingest.sink import Sink
    from ingest.summary import Summary
    from insole.calibration_file import FootCalibration
    from insole.recording import About, Chunk, ClockFit, FootMeta, Side
    from insole.store import Store, Writer
    from insole.typing import F64


class Session:
    """Collects into a store and keeps a live view; the service's ``LiveSource``.

    Parameters
    ----------
    store
        Where the recording goes; None keeps nothing and only shows.
    calibrations
        By side; used in place of the insole's own.

    Attributes
    ----------
    view
        The stream of now; None before it starts and after it ended.
    state
        What the session is doing, in words.
    recording_id
        The recording being made; empty until the first foot is connected.
    links
        The insoles it collects from.
    now, zero_s
        The clock of arrivals, and the session's second zero on it; known once ``started`` is set.
    started
        Set when the first sample comes.
    stop
        Set when it is to end.
    """

    def __init__(
        self, store: Store | None, *, calibrations: Mapping[Side, FootCalibration] = MappingProxyType({})
    ) -> None:
        self.view: LiveView | None = None
        self.state = "Starting."
        self.recording_id = ""
        self.links: Sequence[Link] = ()
        self.now: Callable[[], float] = time.monotonic
        self.zero_s = 0.0
        self.started = asyncio.Event()
        self.stop = asyncio.Event()
        self._store = store
        self._calibrations = calibrations

    async def run(
        self,
        links: Sequence[Link],
        *,
        about: About,
        duration_s: float | None,
        stop: asyncio.Event,
        now: Callable[[], float] = time.monotonic,
        clock_every_s: float | None = None,
        sink: Callable[[Session, About, Iterable[FootMeta]], Sink] | None = None,
    ) -> Summary:
        """Collect until the duration is over or ``stop`` is set; see ``ingest.collector.collect``.

        Parameters
        ----------
        clock_every_s
            How often the sink is told of the clocks; None is as often as a recording needs that ends with the session.
        sink
            Makes where samples go; a ``SessionSink`` if left out.

        Raises
        ------
        LinkError
            If there is no radio, or no insole is near.
        StoreError
            If the store fails; what was appended before is kept.
        CalibrationError
            If a calibration is not for the insole that is there.
        """
        from ingest.collector import CLOCK_EVERY_S, collect

        def on_chunk(chunk: Chunk, time_s: F64) -> None:
            if not self.started.is_set():
                self.zero_s = now() - chunk.arrival_s
                self.started.set()
            if self.view is not None:
                self.view.push(chunk, time_s)

        self.links, self.now, self.stop = links, now, stop
        self.state = "Looking for insoles."
        try:
            summary = await collect(
                links,
                open_sink=lambda feet: (sink or SessionSink)(self, about, feet.values()),
                duration_s=duration_s,
                stop=stop,
                on_chunk=on_chunk,
                now=now,
                clock_every_s=clock_every_s or CLOCK_EVERY_S,
            )
        except InsoleError as e:
            self.state = f"Stopped: {e}"
            raise
        else:
            self.state = "Stopped."
            return summary
        finally:
            self.view = None

    def begin(self, about: About, feet: Mapping[Side, FootMeta]) -> Writer | None:
        """Show these feet and, if there is a store, begin to record them; None if nothing is kept."""
        from analysis.live import LiveView

        self.view = LiveView(feet)
        if self._store is None:
            self.state = "Showing."
            return None
        writer = self._store.begin(datetime.now(UTC), about, feet)
        self.recording_id, self.state = writer.id, "Recording."
        return writer

    def calibrated(self, foot: FootMeta) -> tuple[FootMeta, tuple[str, ...]]:
        """The foot with the calibration that was given, and a note if that replaced another.

        Raises
        ------
        CalibrationError
            If what was given is not for this insole.
        """
        given = self._calibrations.get(foot.side)
        if given is None:
            return foot, ()
        own = "none" if foot.calibration is None else foot.calibration.id
        note = f"{foot.side} foot: calibration {given.calibration.id} used instead of the insole's own ({own})"
        return given.on(foot), (note,)


class SessionSink:
    """Where a session's samples go: into the store, if there is one. A foot that comes later is shown as well.

    Parameters
    ----------
    session
        Whose sink it is.
    about
        What is known of the recording besides its samples.
    feet
        Those that are there at the beginning.
    """

    def __init__(self, session: Session, about: About, feet: Iterable[FootMeta]) -> None:
        self._session, self._about = session, about
        self._writer = session.begin(*self._told(feet))

    def add_foot(self, meta: FootMeta) -> None:
        """Record and show one more foot."""
        about, feet = self._told([meta])
        if self._writer is not None:
            self._writer.add_foot(feet[meta.side], about)
        if self._session.view is not None:
            self._session.view = self._session.view.joined_by(feet[meta.side])

    def append(self, chunks: Sequence[Chunk]) -> None:
        """Store them."""
        if self._writer is not None:
            self._writer.append(chunks)

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        """Store it."""
        if self._writer is not None:
            self._writer.set_clock(side, fit)

    def seal(self) -> None:
        """Finish the recording."""
        if self._writer is not None:
            self._writer.seal()

    def _told(self, feet: Iterable[FootMeta]) -> tuple[About, dict[Side, FootMeta]]:
        """What is known now that these feet are there, and the feet with the calibrations that were given."""
        used = [self._session.calibrated(foot) for foot in feet]
        firmware = ", ".join(sorted({link.firmware for link in self._session.links if link.firmware}))
        notes = (*self._about.notes, *(note for _, told in used for note in told))
        self._about = replace(self._about, firmware=firmware, notes=notes)
        return self._about, {foot.side: foot for foot, _ in used}


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let Ctrl-C and a polite kill set ``stop``, so that what is running can finish its work."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, stop.set)
