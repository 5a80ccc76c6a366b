"""Inertial values beside the samples of a row.

They have a column and a checksum of their own: damage to them is told and hides no pressure,
and rows of recordings without them are as they always were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from insole.store import codec
from insole.store.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from insole.recording import Side
    from insole.typing import F32


def beside(place: tuple[str, Side, int], inertial: F32 | None, pack: Callable[[F32], bytes]) -> dict[str, bytes | None]:
    """The columns of a row's ``(C, n)`` inertial values; empty ones if it has none."""
    if inertial is None:
        return {"inertial": None, "inertial_checksum": None}
    data = pack(inertial)
    return {"inertial": data, "inertial_checksum": codec.checksum(*place, "inertial", data)}


def from_beside(
    row: sa.Row[Any], foot: sa.Row[Any], table: str, unpack: Callable[[bytes], F32], lost: list[Damage]
) -> F32 | None:
    """The ``(C, n)`` values that ``beside`` wrote; None where there are none.

    Parameters
    ----------
    lost
        If they do not match their checksum, which is added here, and they are None.
    """
    if row.inertial is None:
        return None
    if codec.checksum(row.recording_id, row.side, row.seq, "inertial", row.inertial) != row.inertial_checksum:
        lost.append(Damage.of(row, foot, table, "inertial"))
        return None
    return unpack(row.inertial)


def side_by_side(parts: list[tuple[F32 | None, int]]) -> F32 | None:
    """``(C, n)`` values end to end; NaN for a part (of so many samples) that has none, None where no part has any."""
    given = [values for values, _ in parts if values is not None]
    if not given:
        return None
    none = np.float32(np.nan)
    channels = len(given[0])
    return np.concatenate([np.full((channels, n), none) if a is None else a for a, n in parts], axis=1)
