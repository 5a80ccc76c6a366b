"""How the analysis writes names and numbers in its sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insole.recording import Side


UNIT_WORDS = frozenset({"pct", "bw", "kpa", "kpas", "n", "ns", "s", "mm", "mm2", "spm", "count", "per", "h"})
"""How names of values end."""


def without_unit(name: str) -> str:
    """A value's name as words: ``peak_pressure_kpa`` is ``peak pressure``."""
    words = name.split("_")
    while len(words) > 1 and words[-1] in UNIT_WORDS:
        words.pop()
    return " ".join(words)


def words_of(region: str) -> str:
    """A region's name as words: ``heel_medial`` is ``heel medial``, ``mth2_5`` ``metatarsal heads 2 to 5``."""
    heads = re.fullmatch(r"mth(\d)(?:_(\d))?", region)
    if heads is None:
        return region.replace("_", " ")
    return f"metatarsal heads {heads[1]} to {heads[2]}" if heads[2] else f"metatarsal head {heads[1]}"


def where(side: Side | None, region: str | None) -> str:
    """``Right hallux``, ``Left foot``, ``Both feet``."""
    if side is None:
        return "Both feet" if region is None else upper_first(region)
    return f"{upper_first(str(side))} {region or 'foot'}"


MINUS = "\N{MINUS SIGN}"


def amount(value: float) -> str:
    """A number with about three digits and a true minus sign."""
    size = abs(value)
    if size == 0:
        return "0"
    return f"{value:.{0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3}f}".replace("-", MINUS)


def with_unit(value: float, unit: str) -> str:
    """A number and its unit; a bare count or ratio has none."""
    return amount(value) if unit == "1" else f"{amount(value)} {unit}"


def upper_first(text: str) -> str:
    """Text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
