"""Steps: complete stances, which of them stand for steady walking, and strides."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from analysis.contacts import find_contacts
from analysis.levels import levels_of, plausible_weight_n
from insole.report import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.contacts import Contact
    from analysis.walk import Walk
    from insole.recording import Side

LONG_STANCE = 1.5
"""A stance longer than this times the foot's median is standing or turning (our judgement)."""

LONG_SWING = 3.0
"""A swing longer than this times the foot's median ends a bout of walking (our judgement)."""


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
    """Every contact of each foot, also those that are not complete."""
    body_weight_n = plausible_weight_n(walk)
    return MappingProxyType(
        {
            side: find_contacts(foot, levels_of(foot.force, in_newtons=foot.in_newtons, body_weight_n=body_weight_n))
            for side, foot in walk.feet.items()
        }
    )


def find_steps(
    walk: Walk, *, contacts: Mapping[Side, tuple[Contact, ...]] | None = None
) -> Mapping[Side, tuple[Step, ...]]:
    """Find the complete stances of each foot: foot-on to foot-off inside the recording.

    Parameters
    ----------
    contacts
        From ``contacts_of``; found here when None.

    Returns
    -------
    Steps of each foot in order of time. ``clean`` is false for the first and the last of a
    bout of walking, for stances with missing samples, and for long ones (standing, turning);
    the means leave these out.
    """
    found = contacts_of(walk) if contacts is None else contacts
    return MappingProxyType({side: steps_of(of_side) for side, of_side in found.items()})


def steps_of(contacts: Sequence[Contact]) -> tuple[Step, ...]:
    """Complete contacts of one foot as steps, each judged clean or why not."""
    return tuple(
        Step(c.side, c.start, c.stop, c.start_s, c.stop_s, clean=not why, why=why)
        for c, why in zip(contacts, judged(contacts), strict=True)
        if c.complete
    )


def strides_of(contacts: Sequence[Contact]) -> tuple[Stride, ...]:
    """Strides between successive clean stances of one foot."""
    reasons = judged(contacts)
    return tuple(
        Stride(a.side, a.start_s, a.stop_s, b.start_s)
        for a, b, why_a, why_b in zip(contacts[:-1], contacts[1:], reasons[:-1], reasons[1:], strict=True)
        if not why_a and not why_b and b.follows
    )


def judged(contacts: Sequence[Contact]) -> tuple[str, ...]:
    """Why each contact is left out of the means; empty for a clean one.

    ``cut`` (not complete), ``gap``, ``long``, ``first``, ``last``.
    """
    complete = [c.duration_s for c in contacts if c.complete]
    if not complete:
        return tuple("gap" if c.gap and not c.cut else "cut" for c in contacts)
    longest_s = LONG_STANCE * float(np.median(complete))
    still = [c.cut or c.duration_s > longest_s for c in contacts]
    pause = _pauses(contacts)
    last = len(contacts) - 1
    reasons = []
    for k, c in enumerate(contacts):
        starts = k == 0 or pause[k - 1] or still[k - 1]
        stops = k == last or pause[k] or still[k + 1]
        reasons.append(_why(c, long=c.duration_s > longest_s, first=starts, last=stops))
    return tuple(reasons)


def _pauses(contacts: Sequence[Contact]) -> list[bool]:
    """Whether the time between each pair of successive contacts is a pause in the walk."""
    between = [b.start_s - a.stop_s for a, b in pairwise(contacts)]
    longest_s = LONG_SWING * float(np.median(between)) if between else 0.0
    return [s > longest_s for s in between]


def _why(contact: Contact, *, long: bool, first: bool, last: bool) -> str:
    reasons = {
        "cut": contact.cut,
        "gap": contact.gap or not contact.complete,
        "long": long,
        "first": first,
        "last": last,
    }
    return next((why for why, holds in reasons.items() if holds), "")
