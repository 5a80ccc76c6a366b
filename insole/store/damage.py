"""What of a recording does not match its checksum: which foot, which values, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from insole.errors import DamagedError
from insole.store.feet import clock_of

if TYPE_CHECKING:
    import sqlalchemy as sa

Channel: TypeAlias = Literal["pressure", "inertial"]


class DamagedRowError(DamagedError):
    """A row that does not match its checksum.

    Parameters
    ----------
    damage
        Which.
    """

    def __init__(self, damage: Damage) -> None:
        self.damage = damage
        super().__init__(
            f"recording {damage.recording_id}, {damage.whereabouts} does not match its checksum: the disk or the file "
            f"is damaged. Restore a backup, or keep what is whole: insole db salvage {damage.recording_id}"
        )


WORDS: dict[Channel, str] = {"pressure": "pressures", "inertial": "inertial values"}


@dataclass(frozen=True)
class Damage:
    """A row whose values are lost.

    Attributes
    ----------
    recording_id, side
        Whose.
    channel
        ``pressure`` (with the times of its samples), or ``inertial``.
    table, seq
        ``second`` or ``block``, and which.
    start_s, stop_s
        Session seconds of its first and last sample, as far as the row still says so.
    """

    recording_id: str
    side: str
    channel: Channel
    table: str
    seq: int
    start_s: float
    stop_s: float

    @classmethod
    def of(cls, row: sa.Row[Any], foot: sa.Row[Any], table: str, channel: Channel) -> Damage:
        """Of a row that was read."""
        start_s, stop_s = clock_of(foot).to_session_s(np.array([row.first_us, row.last_us]))
        return cls(row.recording_id, row.side, channel, table, row.seq, float(start_s), float(stop_s))

    @property
    def whereabouts(self) -> str:
        """Which foot, row and time."""
        return f"{self.side} foot, {self.table} {self.seq} ({self.start_s:.3f} to {self.stop_s:.3f} s)"

    @property
    def note(self) -> str:
        """What a recording that lacks it says."""
        what = WORDS[self.channel]
        return (
            f"{what} of the {self.whereabouts} do not match their checksum and are missing: "
            "the disk or the file is damaged"
        )
