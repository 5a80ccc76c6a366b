"""Recordings made one after another from a stream that goes on: each has its own zero and its own samples."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from insole.cli.session import SessionSink

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from insole.cli.session import Session
    from insole.recording import About, Chunk, ClockFit, FootMeta, Side
    from insole.store import Store, Writer


class Take:
    """One recording out of a stream.

    Parameters
    ----------
    writer
        Takes its samples.
    zero_s
        Its second zero, in session seconds of the stream.

    Attributes
    ----------
    writer, zero_s
        As given.
    stop_s
        Session second at which it ended, None while it lasts. After it only what was lost before it is taken.
    """

    def __init__(self, writer: Writer, zero_s: float) -> None:
        self.writer, self.zero_s = writer, zero_s
        self.stop_s: float | None = None
        self._first: dict[Side, int] = {}
        self._next: dict[Side, int] = {}

    def append(self, chunks: Iterable[Chunk], fits: Mapping[Side, ClockFit]) -> None:
        """Store those that belong to it, their samples counted from its first; a foot's clock before them."""
        known = set(self._first)
        own = [of_it for chunk in chunks if (of_it := self._own(chunk)) is not None]
        for side in self._first.keys() - known:
            if side in fits:
                self.set_clock(side, fits[side])
        self.writer.append(own)

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        """Store the fit, on its own time."""
        if side in self._first:
            self.writer.set_clock(side, replace(fit, offset_s=fit.offset_s - self.zero_s))

    def _own(self, chunk: Chunk) -> Chunk | None:
        if chunk.arrival_s < self.zero_s:
            return None
        over = self.stop_s is not None and chunk.arrival_s >= self.stop_s
        if over and chunk.stop_sample > self._next.get(chunk.side, 0):
            return None
        first = self._first.setdefault(chunk.side, chunk.first_sample)
        if chunk.first_sample < first:
            return None  # sent again, from before it began
        self._next[chunk.side] = max(self._next.get(chunk.side, 0), chunk.stop_sample)
        return replace(chunk, first_sample=chunk.first_sample - first, arrival_s=chunk.arrival_s - self.zero_s)


class TakeSink(SessionSink):
    """Shows a session for as long as it lasts, and records the takes that are asked for.

    Parameters
    ----------
    session
        Shows; its own store is None.
    store
        Where takes go.
    about
        What is known of every take.
    feet
        Those that are there at the beginning.
    """

    def __init__(self, session: Session, store: Store, about: About, feet: Iterable[FootMeta]) -> None:
        super().__init__(session, about, feet)
        self._store = store
        self._lock = Lock()
        self._take: Take | None = None
        self._fits: dict[Side, ClockFit] = {}

    def begin(self, about: About, started_at: datetime, zero_s: float) -> Take:
        """Begin a take at a session second. May block.

        Raises
        ------
        InsoleError
            If the store does not take it.
        """
        told = replace(
            about,
            body_mass_kg=about.body_mass_kg or self._about.body_mass_kg,
            device=self._about.device,
            firmware=self._about.firmware,
            notes=(*self._about.notes, *about.notes),
        )
        with self._lock:
            self._take = Take(self._store.begin(started_at, told, self._shown()), zero_s)
            return self._take

    def end(self, take: Take, stop_s: float) -> None:
        """Let a take end at a session second; ``finish`` seals it."""
        with self._lock:
            take.stop_s = stop_s

    def finish(self) -> None:
        """Seal the take, if there is one. May block."""
        with self._lock:
            take, self._take = self._take, None
            if take is not None:
                for side, fit in self._fits.items():
                    take.set_clock(side, fit)
                take.writer.seal()

    def add_foot(self, meta: FootMeta) -> None:
        """Show one more foot, and record it if a take is being made."""
        super().add_foot(meta)
        with self._lock:
            if self._take is not None:
                self._take.writer.add_foot(self._shown()[meta.side], self._about)

    def append(self, chunks: Sequence[Chunk]) -> None:
        """Store what belongs to the take; none at all renews its lease."""
        with self._lock:
            if self._take is not None:
                self._take.append(chunks, self._fits)

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        """Keep the fit, and store it with the take."""
        with self._lock:
            self._fits[side] = fit
            if self._take is not None:
                self._take.set_clock(side, fit)

    def seal(self) -> None:
        """The stream ended: so does the take."""
        self.finish()

    def _shown(self) -> Mapping[Side, FootMeta]:
        """The feet as they are shown: with the calibrations that were given."""
        return {} if self._session.view is None else self._session.view.feet
