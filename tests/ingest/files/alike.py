"""Whether two recordings hold the same samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.recording import Recording


def unlike(a: Recording, b: Recording) -> list[str]:
    """What differs between two recordings' samples, to the bit; nothing where they are the same."""
    if a.feet.keys() != b.feet.keys():
        return ["feet"]
    return [
        f"{side} {name}"
        for side, foot in a.feet.items()
        for name in ("values", "time_s", "sample")
        if not np.array_equal(
            getattr(foot, name), getattr(b.feet[side], name), equal_nan=getattr(foot, name).dtype.kind == "f"
        )
    ]
