"""What goes over the wire of the live view, its control and its guided test."""

from __future__ import annotations

from typing import Any

from api.schemas import Grid, Wire
from insole.recording import Side


class StreamOut(Wire):
    """What a live page needs before its first frame."""

    id: int
    unit: str
    force_unit: str
    period_s: dict[Side, float]
    top: float
    grid: Grid
    map: dict[str, Any]
    trace: dict[str, Any]


class LiveFootOut(Wire):
    """One insole, as its connection is: see ``api.control.FootStatus``."""

    connected: bool
    name: str
    signal_dbm: int | None
    battery_pct: int | None
    rate_hz: float | None
    lost_pct: float | None


class LiveStatusOut(Wire):
    """What the source is doing: see ``api.control.LiveStatus``."""

    state: str
    text: str
    recording_id: str
    started_at: str | None
    virtual: bool
    feet: dict[str, LiveFootOut]
    recorded_s: float


class GuideTaskOut(Wire):
    """A task of a guided test; ``passed`` is null before it was tried."""

    asked: str
    outcome: str
    passed: bool | None


class GuideProgressOut(Wire):
    """How far the task is, in words; ``part`` is from 0 to 1."""

    part: float
    says: str
    trouble: str
    outcome: str
    passed: bool


class GuideOut(Wire):
    """Where a guided test is: see ``dashboards.guiding``."""

    protocol: str
    title: str
    phase: str
    at: int
    how: str
    tasks: list[GuideTaskOut]
    progress: GuideProgressOut | None
    recording_id: str
    sealed: bool


class LiveOut(Wire):
    """Whether there is a stream, how to draw it, and what the source is doing; null where it cannot be told to."""

    text: str
    stream: StreamOut | None
    status: LiveStatusOut | None
    guide: GuideOut | None


class StartIn(Wire):
    """A recording to begin: of a subject by id, or by a code that is new or known; empty is of nobody yet."""

    subject_id: str = ""
    subject_code: str = ""
    condition: str = ""
    task: str = ""
    body_mass_kg: float | None = None


class GuideIn(StartIn):
    """A guided test to begin, and what is known of the recording that holds it."""

    protocol: str
