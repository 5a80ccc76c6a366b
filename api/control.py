"""What the service asks of insoles that it does not know: connect, record, stop. The roof does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from api.live import LiveSource
from insole.errors import NotNowError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from insole.recording import About, Side

NO_CONTROL = (
    "This server was started without insoles, so it cannot record. "
    "Stop it and start it with insole serve, or insole demo for virtual insoles."
)


class LiveState(StrEnum):
    """What a source of live streams is doing."""

    IDLE = "idle"
    LOOKING = "looking"
    READY = "ready"
    RECORDING = "recording"
    STOPPING = "stopping"
    FAILED = "failed"


@dataclass(frozen=True)
class FootStatus:
    """One insole, as its connection is.

    Attributes
    ----------
    connected
        Whether it is streaming, or was a moment ago.
    name
        Its address, or whatever tells it from others.
    signal_dbm
        As it was received when it was found last; None if unknown.
    battery_pct
        As last read; None if unknown.
    rate_hz
        Samples that arrived in a second, of late; None before the first second.
    lost_pct
        Part of the samples of late that is missing; None before the first.
    """

    connected: bool
    name: str
    signal_dbm: int | None = None
    battery_pct: int | None = None
    rate_hz: float | None = None
    lost_pct: float | None = None


@dataclass(frozen=True)
class LiveStatus:
    """What the source is doing, and how its insoles are.

    Attributes
    ----------
    state
        In one word, for programs.
    text
        In a sentence, for people.
    recording_id, started_at
        Of the recording being made or, in ``READY``, of the one that was made last; empty and None before the first.
    virtual
        Whether the insoles are a model.
    feet
        By side.
    """

    state: LiveState
    text: str
    recording_id: str = ""
    started_at: datetime | None = None
    virtual: bool = False
    feet: Mapping[Side, FootStatus] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "state": str(self.state),
            "text": self.text,
            "recording_id": self.recording_id,
            "started_at": None if self.started_at is None else self.started_at.isoformat(),
            "virtual": self.virtual,
            "feet": {str(side): vars(foot) for side, foot in self.feet.items()},
        }


@runtime_checkable
class LiveControl(LiveSource, Protocol):
    """A live source that can be told what to do. Its calls are made in the service's own loop."""

    @property
    def status(self) -> LiveStatus:
        """How it is now."""
        ...

    @property
    def recorded_s(self) -> float:
        """Seconds of the recording being made so far; 0 without one."""
        ...

    @property
    def zero_s(self) -> float:
        """The second zero of the recording being made, or made last, in the stream's seconds; 0 before the first."""
        ...

    async def connect(self) -> None:
        """Begin to look for the insoles; they are shown once they are there, and not recorded.

        Raises
        ------
        NotNowError
            If it is at it already.
        """
        ...

    async def start(self, about: About) -> None:
        """Begin a recording; of insoles that are not there yet, as soon as they are.

        Raises
        ------
        NotNowError
            If one is being made.
        InsoleError
            If the store does not take it.
        """
        ...

    async def stop(self) -> None:
        """End the recording and seal it; the insoles stay, and are shown. Returns once it is sealed.

        Raises
        ------
        NotNowError
            If none is being made.
        """
        ...

    async def disconnect(self) -> None:
        """Let the insoles go; a recording being made is sealed."""
        ...

    def instruct(self, activity: str) -> None:
        """Tell the person on virtual insoles what to do (an ``insole.walker.Activity``); others hear it themselves."""
        ...


def controlled(source: LiveSource) -> LiveControl:
    """The source, if it can be told what to do.

    Raises
    ------
    NotNowError
        If it cannot.
    """
    if not isinstance(source, LiveControl):
        raise NotNowError(NO_CONTROL)
    return source
