"""Which stances stand for steady walking, and why the others are left out of the means."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from insole.records import MarkKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.contacts import Contact
    from insole.records import Mark
    from insole.typing import F64

LONG_STANCE = 1.5
"""A stance longer than this times the foot's median is standing (our judgement)."""

LONG_SWING = 3.0
"""A swing longer than this times the foot's median ends a bout of walking (our judgement)."""

TURN_SD = 3.0
"""A stance or swing further from the foot's median than this many standard deviations, as the median
absolute deviation tells them, is taken for a turn or a stumble (our judgement)."""

TURN_LEAST_SHARE = 0.15
"""And further than this part of the median, so that a very even walk keeps all its steps (our judgement)."""

LEAST_FOR_TURN = 6
"""Steps from which a spread is known well enough to find turns (our judgement)."""

SD_OF_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

REASONS = ("cut", "gap", "marked", "shuffle", "long", "first", "last", "turn")
"""Why a stance may be left out; the first that holds is given."""


def judged(contacts: Sequence[Contact], *, marks: Sequence[Mark] = ()) -> tuple[str, ...]:
    """Why each contact of one foot is left out of the means; empty for a clean one.

    ``cut``: not complete. ``gap``: with missing samples beside its events, or too many within.
    ``marked``: excluded by a person, with a stretch or by itself. ``shuffle``: loaded twice without leaving the ground.
    ``long``: standing. ``first``, ``last`` of a bout of walking. ``turn``: far from the others
    in stance or swing time.
    """
    if not contacts:
        return ()
    long_s = LONG_STANCE * _median([c.duration_s for c in contacts if c.complete])
    still = [c.cut or c.duration_s > long_s for c in contacts]
    pause, last = _pauses(contacts), len(contacts) - 1
    turns = _turns(contacts, still=still, pause=pause)
    unmarked = {step_meant(contacts, m) for m in marks if m.kind is MarkKind.STEP}
    holds = {
        "cut": [c.cut for c in contacts],
        "gap": [c.gap or not c.complete for c in contacts],
        "marked": [k in unmarked or _touches(c, marks) for k, c in enumerate(contacts)],
        "shuffle": [c.loadings > 1 for c in contacts],
        "long": [c.duration_s > long_s for c in contacts],
        "first": [k == 0 or pause[k - 1] or still[k - 1] for k in range(len(contacts))],
        "last": [k == last or pause[k] or still[k + 1] for k in range(len(contacts))],
        "turn": turns,
    }
    if contacts[0].whole:
        holds = {"gap": holds["gap"], "marked": holds["marked"]}
    return tuple(next((why for why in holds if holds[why][k]), "") for k in range(len(contacts)))


def _median(numbers: Sequence[float]) -> float:
    return float(np.median(numbers)) if numbers else float("inf")


def _pauses(contacts: Sequence[Contact]) -> list[bool]:
    """Whether the time between each pair of successive contacts is a pause in the walk."""
    between = [b.start_s - a.stop_s for a, b in pairwise(contacts)]
    longest_s = LONG_SWING * _median(between)
    return [s > longest_s for s in between]


def step_meant(contacts: Sequence[Contact], mark: Mark) -> int | None:
    """Which contact of a foot a mark means: the one that shares most time with it.

    So a mark keeps its stance when an improved algorithm, or another zero, moves foot-on a little.

    Parameters
    ----------
    contacts
        Of one foot.

    Returns
    -------
    Its place among them; None if the mark is of the other foot or meets no contact.
    """
    shared = [min(c.stop_s, mark.stop_s) - max(c.start_s, mark.start_s) for c in contacts if c.side is mark.side]
    if not shared or max(shared) <= 0:
        return None
    return int(np.argmax(shared))


def _touches(contact: Contact, marks: Sequence[Mark]) -> bool:
    """Whether the contact lies in part in a stretch that is to be left out."""
    return any(
        m.kind is MarkKind.EXCLUDE
        and m.side in {None, contact.side}
        and contact.start_s < m.stop_s
        and m.start_s < contact.stop_s
        for m in marks
    )


def _turns(contacts: Sequence[Contact], *, still: Sequence[bool], pause: Sequence[bool]) -> list[bool]:
    """Whether each contact, or the swing before it, took an unusual time."""
    stance = np.array([c.duration_s if c.complete and not s else np.nan for c, s in zip(contacts, still, strict=True)])
    swing = np.full(len(contacts), np.nan)
    for k, (a, b) in enumerate(pairwise(contacts)):
        if not pause[k] and b.follows:
            swing[k + 1] = b.start_s - a.stop_s
    return [bool(a or b) for a, b in zip(_outliers(stance), _outliers(swing), strict=True)]


def _outliers(times_s: F64) -> list[bool]:
    """Whether each time is far from the median of all; NaN is not."""
    known = times_s[np.isfinite(times_s)]
    if known.size < LEAST_FOR_TURN:
        return [False] * times_s.size
    median = float(np.median(known))
    away = np.abs(times_s - median)
    spread = SD_OF_MAD * float(np.nanmedian(away))
    return [bool(a > max(TURN_SD * spread, TURN_LEAST_SHARE * median)) for a in away]
