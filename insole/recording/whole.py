"""A left and a right stream on one session clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from insole.errors import RecordingError
from insole.recording.about import About
from insole.side import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from insole.recording.streams import FootStream


@dataclass(frozen=True, eq=False)
class Recording:
    """A left and a right stream (or one of them) on one session clock.

    Attributes
    ----------
    id
        Stable identifier; empty until a store gives one.
    started_at
        Aware UTC wall time of session second zero.
    feet
        One or two streams, by side.
    about
        Everything else known.
    """

    id: str
    started_at: datetime
    feet: Mapping[Side, FootStream]
    about: About = field(default_factory=About)

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise RecordingError("a recording's start needs a time zone (UTC); give an aware datetime")
        if not self.feet:
            raise RecordingError("a recording needs at least one foot")
        for side, foot in self.feet.items():
            if foot.side is not side:
                raise RecordingError(f"the stream given as {side} says that it is {foot.side}")
        ordered = {s: self.feet[s] for s in Side if s in self.feet}
        object.__setattr__(self, "feet", MappingProxyType(ordered))

    @property
    def duration_s(self) -> float:
        """From the first sample of either foot to the last, plus one sample period."""
        spans = [(f.time_s[0], f.time_s[-1] + 1 / f.rate_hz) for f in self.feet.values() if f.time_s.size]
        return float(max(b for _, b in spans) - min(a for a, _ in spans)) if spans else 0.0
