"""One collecting session: insoles to store and, at the same time, to the live view."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from insole.errors import InsoleError
from insole.walker import Gait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.live import LiveView
    from ingest.collector import Sink
    from ingest.link import Link
    from ingest.summary import Summary
    from insole.calibration_file import FootCalibration
    from insole.recording import About, Chunk, FootMeta, Side
    from insole.store import Store, Writer
    from insole.typing import F64

VIRTUAL_GAIT = Gait(cadence_spm=120.0, load_symmetry_index_pct=8.0, noise_kpa=1.0)
"""What the virtual insoles walk: a stride a second, a little more load on the right, some noise."""


class Session:
    """Collects into a store and keeps a live view; the service's ``LiveSource``.

    Parameters
    ----------
    store
        Where the recording goes.
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
    samples
        Samples received so far, by side.
    """

    def __init__(self, store: Store, *, calibrations: Mapping[Side, FootCalibration] = MappingProxyType({})) -> None:
        self.view: LiveView | None = None
        self.state = "Starting."
        self.recording_id = ""
        self.samples: dict[Side, int] = {}
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
            writer: Writer = self._store.begin(datetime.now(UTC), told, feet)
            self.recording_id = writer.id
            self.view = LiveView(feet)
            self.samples = dict.fromkeys(feet, 0)
            self.state = "Recording."
            return writer

        def on_chunk(chunk: Chunk, time_s: F64) -> None:
            self.samples[chunk.side] += len(chunk.samples)
            if self.view is not None:
                self.view.push(chunk, time_s)

        self.state = "Looking for insoles."
        try:
            summary = await collect(
                links, open_sink=open_sink, duration_s=duration_s, stop=stop, on_chunk=on_chunk, now=now
            )
        except InsoleError as e:
            self.state = f"Stopped: {e}"
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


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let Ctrl-C and a polite kill set ``stop``, so that what is running can finish its work."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, stop.set)


def walker_answers(gait: Gait) -> dict[str, Any]:
    """What the virtual insoles walk, as an analysis should find it, by the names of the values."""
    from insole.layout import load_layout
    from insole.walker import Walker

    truth = Walker(gait, load_layout(VIRTUAL_LAYOUT)).truth
    return {
        "cadence_spm": truth.cadence_spm,
        "stride_time_s": truth.stride_time_s,
        "stance_time_s": truth.stance_time_s,
        "double_support_pct": truth.double_support_pct,
        "load_symmetry_index_pct": truth.load_symmetry_index_pct,
        "load_share_pct": {str(side): share for side, share in truth.load_share_pct.items()},
    }


VIRTUAL_LAYOUT = "open-insole-16"
