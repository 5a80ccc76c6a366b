"""What a reader of a report may choose, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insole.errors import AnalysisError

if TYPE_CHECKING:
    from insole.records import Mark


@dataclass(frozen=True)
class Options:
    """How a recording is to be analysed. The defaults are what every report uses unless told.

    Attributes
    ----------
    mask
        Name of the layout's division into regions; None for its first. A foot whose layout
        has no such mask has no regions, and a caveat says so.
    zero
        Take off what each sensor reads in swing (``analysis.zero``).
    marks
        What a person marked; their order does not matter, and notes change no number.
    stance_width_mm
        Distance between the feet's midlines in quiet standing. Without it there is no sway of
        both feet together, because the insoles do not know where they stand.
    findings
        Hold the values against the cited rules (``analysis.findings``); off unless a
        clinician turns it on.
    """

    mask: str | None = None
    zero: bool = True
    marks: tuple[Mark, ...] = ()
    stance_width_mm: float | None = None
    findings: bool = False

    def __post_init__(self) -> None:
        width = self.stance_width_mm
        if width is not None and not STANCE_WIDTH_RANGE_MM[0] <= width <= STANCE_WIDTH_RANGE_MM[1]:
            low, high = STANCE_WIDTH_RANGE_MM
            raise AnalysisError(f"a stance width of {width} mm is outside {low:g} to {high:g} mm; give it in mm")


STANCE_WIDTH_RANGE_MM = (30.0, 1000.0)
"""Distances between the feet's midlines that we take to be a typing error outside of (our judgement)."""
