"""A recording on its way out: what may be said of it, and its samples, part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from insole.recording import NO_DATE, About, Recording, Side
from insole.records import FootSheet, Mark, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from analysis.recipe import Study
    from insole.recording import FootMeta, FootStream

PART_VALUES = 2_000_000
"""Values of a foot that are in memory at a time: 8 MB (our judgement)."""
LEAST_PART_S = 1.0
LONGEST_NUMBER = 16
"""Bytes of a number as text, with what stands beside it."""
ZIP_BYTES = 2**30


class Window(Protocol):
    """Gives the feet between two session seconds, half-open; None is open. One foot, or None for both."""

    def __call__(self, start_s: float | None, stop_s: float | None, side: Side | None) -> Mapping[Side, FootStream]:
        """The feet; each foot that sent a sample is there, with none where the window has none."""
        ...


@dataclass(frozen=True)
class Place:
    """Where a recording stands among those of its subject.

    Attributes
    ----------
    subject
        The subject's code as it may stand in a file's name.
    day
        Days since the subject's first recording; None where there is no date.
    run
        Its number among the subject's recordings of that day, from 1.
    date
        ISO date, where dates leave; else empty.
    """

    subject: str = "recording"
    day: int | None = None
    run: int = 1
    date: str = ""

    @property
    def label(self) -> str:
        """What its files are called."""
        when = self.date or ("" if self.day is None else f"day{self.day:03d}")
        return "_".join(part for part in (self.subject, when, str(self.run)) if part)


@dataclass(frozen=True)
class Summary:
    """A recording in the table of those that leave together."""

    label: str
    place: Place
    sheet: Sheet
    duration_s: float


def _nobody(_: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, eq=False)
class Outgoing:
    """A recording on its way out.

    Attributes
    ----------
    place
        Where it stands among those of its subject.
    sheet
        All that may be said of it.
    spans_s
        By foot: session seconds of its first sample, and of the end of its last.
    window
        Its samples, as stored.
    studied
        Makes its study, with the marks that change numbers.
    seen
        Is told of samples that went out, as they do.
    called
        What its files are called; empty: by its place.
    """

    place: Place
    sheet: Sheet
    spans_s: Mapping[Side, tuple[float, float]]
    window: Window
    studied: Callable[[], Study]
    seen: Callable[[int], None] = _nobody
    called: str = ""

    @property
    def label(self) -> str:
        """What its files are called, without an ending."""
        return self.called or self.place.label

    @property
    def start(self) -> str:
        """Where session second zero is, in words."""
        start = self.sheet.started_at
        return "the session's start" if start is None else start.isoformat()

    @property
    def may_be_large(self) -> bool:
        """Whether a file of its samples may exceed what a zip takes unless it knows beforehand."""
        return any(self.numbers_of(side) * LONGEST_NUMBER > ZIP_BYTES for side in self.metas)

    def numbers_of(self, side: Side) -> float:
        """About how many numbers a foot has."""
        meta, (start_s, stop_s) = self.metas[side], self.spans_s[side]
        return (3 + meta.layout.n_sensors + len(meta.inertial)) * meta.rate_hz * (stop_s - start_s)

    @property
    def summary(self) -> Summary:
        """What the table of those that leave together says of it."""
        starts, stops = zip(*self.spans_s.values(), strict=True)
        return Summary(self.label, self.place, self.sheet, max(stops) - min(starts))

    @cached_property
    def study(self) -> Study:
        """Its report, and what that stands on."""
        return self.studied()

    @property
    def metas(self) -> Mapping[Side, FootMeta]:
        """Its feet without their samples."""
        return {side: foot.meta for side, foot in self.sheet.feet.items()}

    def blocks(self, side: Side) -> Iterator[FootStream]:
        """The samples of a foot in order, in parts that fit into memory."""
        for start_s, stop_s in self._parts([side]):
            foot = self.window(start_s, stop_s, side)[side]
            if len(foot.sample):
                yield foot
                self.seen(len(foot.sample))

    def both(self) -> Iterator[Mapping[Side, FootStream]]:
        """The samples of all feet, in parts of the same time."""
        for start_s, stop_s in self._parts(list(self.sheet.feet)):
            feet = self.window(start_s, stop_s, None)
            yield feet
            self.seen(sum(len(foot.sample) for foot in feet.values()))

    def _parts(self, sides: Sequence[Side]) -> Iterator[tuple[float | None, float | None]]:
        """Windows that cover the feet, the first and the last open."""
        spans = [self.spans_s[side] for side in sides]
        start_s, stop_s = min(a for a, _ in spans), max(b for _, b in spans)
        metas = [self.metas[side] for side in sides]
        per_s = sum((m.layout.n_sensors + len(m.inertial)) * m.rate_hz for m in metas)
        part_s = max(LEAST_PART_S, PART_VALUES / per_s)
        edges: list[float | None] = [*np.arange(start_s, stop_s, part_s)[1:].tolist()]
        yield from pairwise([None, *edges, None])


def outgoing(recording: Recording, *, marks: Sequence[Mark] = (), called: str = "recording") -> Outgoing:
    """A recording that is in memory, to be exported with all that is known of it.

    Parameters
    ----------
    marks
        What was marked in it.
    called
        What its files are called.
    """

    def studied() -> Study:
        from analysis.options import Options
        from analysis.recipe import study

        return study(recording, Options(marks=tuple(m for m in marks if m.changes_numbers)))

    def window(start_s: float | None, stop_s: float | None, side: Side | None) -> Mapping[Side, FootStream]:
        feet = recording.feet.values() if side is None else [recording.feet[side]]
        return {foot.side: _cut(foot, start_s, stop_s) for foot in feet}

    samples = {side: len(foot.sample) for side, foot in recording.feet.items()}
    sheet = sheet_of(recording, marks=marks, dated=True, samples=samples)
    return Outgoing(Place(), sheet, _spans_s(recording), window, studied, called=called)


def sheet_of(
    recording: Recording,
    *,
    marks: Sequence[Mark],
    dated: bool,
    samples: Mapping[Side, int],
    day: int | None = None,
) -> Sheet:
    """All that may be said of a recording: without ``dated`` nothing that tells when, nor free lines."""
    start: datetime | None = recording.started_at if dated and recording.started_at != NO_DATE else None
    about = recording.about if dated else _without_traces(recording.about)
    feet = {
        side: FootSheet(foot.meta, foot.values.dtype.name, foot.clock.residual_s, samples.get(side))
        for side, foot in recording.feet.items()
    }
    return Sheet(start, day, about, feet, tuple(replace(mark, id="") for mark in marks))


def _without_traces(about: About) -> About:
    return replace(about, source_name="", source_sha256="", notes=())


def _spans_s(recording: Recording) -> dict[Side, tuple[float, float]]:
    def span(foot: FootStream) -> tuple[float, float]:
        if not len(foot.time_s):
            return 0.0, 0.0
        return float(foot.time_s[0]), float(foot.time_s[-1]) + 1 / foot.rate_hz

    return {side: span(foot) for side, foot in recording.feet.items()}


def _cut(foot: FootStream, start_s: float | None, stop_s: float | None) -> FootStream:
    start = 0 if start_s is None else int(np.searchsorted(foot.time_s, start_s))
    stop = len(foot.time_s) if stop_s is None else int(np.searchsorted(foot.time_s, stop_s))
    rows = slice(start, max(start, stop))
    inertial = None if foot.inertial is None else foot.inertial[rows]
    return replace(
        foot, sample=foot.sample[rows], time_s=foot.time_s[rows], values=foot.values[rows], inertial=inertial
    )
