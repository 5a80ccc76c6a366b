"""Steps: complete stances, which of them stand for steady walking, and strides."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.contacts import find_contacts, footprint
from analysis.judging import judged
from analysis.levels import levels_of, plausible_weight_n
from insole.report import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.contacts import Contact
    from analysis.walk import FootWalk, Walk
    from insole.recording import Side


@dataclass(frozen=True)
class Stride:
    """From one foot-on to the next of the same foot, both stances clean and nothing between them unknown.

    Attributes
    ----------
    side
        Which foot.
    start_s, off_s, stop_s
        Foot-on, foot-off, next foot-on.
    """

    side: Side
    start_s: float
    off_s: float
    stop_s: float

    @property
    def duration_s(self) -> float:
        """Stride time."""
        return self.stop_s - self.start_s

    @property
    def stance_s(self) -> float:
        """Time on the ground."""
        return self.off_s - self.start_s

    @property
    def swing_s(self) -> float:
        """Time off the ground."""
        return self.stop_s - self.off_s


def contacts_of(walk: Walk) -> Mapping[Side, tuple[Contact, ...]]:
    """Every contact of each foot, also those that are not complete; of a platform, the one footprint."""
    weight_n = plausible_weight_n(walk)
    return MappingProxyType({side: _contacts(foot, weight_n) for side, foot in walk.feet.items()})


def _contacts(foot: FootWalk, body_weight_n: float | None) -> tuple[Contact, ...]:
    if foot.layout.platform:
        return footprint(foot)
    if foot.baseline is None:
        return ()
    walking = foot.force[foot.baseline.walking]
    return find_contacts(foot, levels_of(walking, in_newtons=foot.in_newtons, body_weight_n=body_weight_n))


def find_steps(walk: Walk) -> Mapping[Side, tuple[Step, ...]]:
    """Find the complete stances of each foot: foot-on to foot-off inside the recording.

    Returns
    -------
    Steps of each foot in order of time. ``clean`` is false for those that the means leave
    out; ``analysis.judging`` says which and why.
    """
    found = contacts_of(walk)
    return MappingProxyType({side: steps_of(of_side, judged(of_side)) for side, of_side in found.items()})


def steps_of(contacts: Sequence[Contact], reasons: Sequence[str]) -> tuple[Step, ...]:
    """Complete contacts of one foot as steps, clean where ``analysis.judging.judged`` gave no reason against."""
    return tuple(
        Step(c.side, c.start, c.stop, c.start_s, c.stop_s, clean=not why, why=why)
        for c, why in zip(contacts, reasons, strict=True)
        if c.complete
    )


def strides_of(contacts: Sequence[Contact], reasons: Sequence[str]) -> tuple[Stride, ...]:
    """Strides between successive clean stances of one foot."""
    return tuple(
        Stride(a.side, a.start_s, a.stop_s, b.start_s)
        for a, b, why_a, why_b in zip(contacts[:-1], contacts[1:], reasons[:-1], reasons[1:], strict=True)
        if not why_a and not why_b and b.follows
    )
