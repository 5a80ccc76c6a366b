"""Which foot a footprint on a plate is of, and where its toes are, where a file does not say.

Both are judged from the pressures alone, and said in the recording's notes. Both rules are
our judgement; in the one published step that we have, another program finds the same foot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.recording import Side

if TYPE_CHECKING:
    from insole.typing import F64, Bool

LEAST_TRAVEL = 0.2
"""A centre of pressure that travels less, of the footprint's length, does not tell the direction (our judgement)."""
LEAST_BEND = 1.0
"""A midfoot that is offset by less than a cell does not tell the side well (our judgement)."""
STANCE_ENDS = 0.1
"""Part of the frames at either end of a stance whose centre of pressure is compared (our judgement)."""


def ever_loaded(kpa: F64) -> Bool:
    """``(R, C)`` cells of ``(n, R, C)`` pressures that are above zero in any picture."""
    return np.asarray((kpa > 0).any(axis=0), np.bool_)


def loaded_box(kpa: F64) -> F64:
    """The smallest part of the matrix that holds every cell ever loaded.

    Parameters
    ----------
    kpa
        ``(n, R, C)`` pressures.

    Returns
    -------
    ``(n, r, c)``; empty where no cell is loaded. Cells in it that are never loaded measured zero.
    """
    loaded = ever_loaded(kpa)
    rows, columns = np.flatnonzero(loaded.any(axis=1)), np.flatnonzero(loaded.any(axis=0))
    if not rows.size:
        return kpa[:, :0, :0]
    return kpa[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def heel_below(kpa: F64) -> bool | None:
    """Whether the step went from the last rows to the first: a walking foot lands on its heel.

    Parameters
    ----------
    kpa
        ``(n, R, C)`` pressures of one step, at least one of them above zero.

    Returns
    -------
    None where the centre of pressure hardly travels (standing, or toes first).
    """
    load = kpa.sum(axis=2)
    load = load[load.any(axis=1)]
    centre = load @ np.arange(load.shape[1]) / load.sum(axis=1)
    few = max(1, round(STANCE_ENDS * len(centre)))
    travel = (centre[-few:].mean() - centre[:few].mean()) / load.shape[1]
    return None if abs(travel) < LEAST_TRAVEL else bool(travel < 0)


def bend(footprint: Bool) -> float:
    """How far the midfoot lies off the line from heel to forefoot: to the lateral side, as the arch is medial.

    Parameters
    ----------
    footprint
        ``(R, C)`` cells ever loaded; the heel at either end.

    Returns
    -------
    Cells; positive towards higher columns. The middle third of the length is compared with the outer ones.
    """
    rows, columns = np.nonzero(footprint)
    third = np.minimum(3 * rows // footprint.shape[0], 2)
    if len(np.unique(third)) < 3:
        return 0.0
    (y0, x0), (y1, x1), (y2, x2) = ((rows[third == k].mean(), columns[third == k].mean()) for k in range(3))
    return float(x1 - (x0 + (x2 - x0) * (y1 - y0) / (y2 - y0)))


def in_foot_frame(kpa: F64) -> tuple[F64, Side, tuple[str, ...]]:
    """Turn a footprint so that row 0 is the heel's and column 0 the lateral one.

    A file's picture is taken as seen from above: with the toes at its top and the medial side
    at its left it is of a right foot.

    Parameters
    ----------
    kpa
        ``(n, R, C)`` pressures of one step as a file lists them, first row at the top.

    Returns
    -------
    The same pressures turned, the foot, and notes on how well both are known.
    """
    below = heel_below(kpa)
    toes_up = kpa if below is not False else kpa[:, ::-1, ::-1]
    lateral_right = bend(ever_loaded(toes_up))
    side = Side.RIGHT if lateral_right >= 0 else Side.LEFT
    notes = [f"the file names no foot; the arch of its footprint is that of a {side} foot"]
    if abs(lateral_right) < LEAST_BEND:
        notes.append("the arch hardly shows: the foot may be the other one")
    if below is None:
        notes.append("the pressure does not move from heel to toes; the toes are taken to be in the file's first rows")
    heel_first = toes_up[:, ::-1]
    return (heel_first[..., ::-1] if side is Side.RIGHT else heel_first), side, tuple(notes)
