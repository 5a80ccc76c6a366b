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

from insole.errors import InsoleError, LinkError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.live import LiveView
    from ingest.collector import Sink
    from ingest.link import Link
    from ingest.summary import Summary
    from insole.calibration_file import FootCalibration
    from insole.recording import About, Chunk, ClockFit, FootMeta, Side
    from insole.store import Store
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
    ) -> Summary:
        """Collect until the duration is over or ``stop`` is set; see ``ingest.collector.collect``.

        Raises
        ------
        LinkError
            If there is no radio, or no insole is near.
        StoreError
            If the store fails; what was appended before is kept.
        CalibrationError
            If a calibration that was given is not for the insole that is there.
        """
        from analysis.live import LiveView
        from ingest.collector import collect

        def open_sink(feet: Mapping[Side, FootMeta]) -> Sink:
            firmware = ", ".join(sorted({link.firmware for link in links if link.firmware}))
            feet, notes = self._calibrated(feet)
            told = replace(about, firmware=firmware, notes=(*about.notes, *notes))
            self.view = LiveView(feet)
            if self._store is None:
                self.state = "Showing."
                return Nowhere()
            writer = self._store.begin(datetime.now(UTC), told, feet)
            self.recording_id, self.state = writer.id, "Recording."
            return writer

        def on_chunk(chunk: Chunk, time_s: F64) -> None:
            if not self.started.is_set():
                self.zero_s = now() - chunk.arrival_s
                self.started.set()
            if self.view is not None:
                self.view.push(chunk, time_s)

        self.links, self.now = links, now
        self.state = "Looking for insoles."
        try:
            summary = await collect(
                links, open_sink=open_sink, duration_s=duration_s, stop=stop, on_chunk=on_chunk, now=now
            )
        except InsoleError as e:
            self.state = f"Stopped: {e}"
            if stop.is_set() and self.view is None:
                raise LinkError("stopped before an insole was connected; nothing was recorded") from e
            raise
        else:
            self.state = "Stopped."
            return summary
        finally:
            self.view = None

    def _calibrated(self, feet: Mapping[Side, FootMeta]) -> tuple[dict[Side, FootMeta], list[str]]:
        """The feet with the calibrations that were given, and a note for each that replaced another."""
        used, notes = dict(feet), []
        for side, foot in feet.items():
            given = self._calibrations.get(side)
            if given is None:
                continue
            used[side] = given.on(foot)
            own = "none" if foot.calibration is None else foot.calibration.id
            notes.append(f"{side} foot: calibration {given.calibration.id} used instead of the insole's own ({own})")
        return used, notes


class Nowhere:
    """A sink that keeps nothing, for a session that is only shown."""

    def append(self, chunks: Sequence[Chunk]) -> None:
        """Let them go."""

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        """Nothing to set."""

    def seal(self) -> None:
        """Nothing to seal."""


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let Ctrl-C and a polite kill set ``stop``, so that what is running can finish its work."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, stop.set)
