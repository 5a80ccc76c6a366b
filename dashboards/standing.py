"""Sway of both feet together, and the distance between them that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.options import STANCE_WIDTH_RANGE_MM
from dashboards.words import label, number, unit

if TYPE_CHECKING:
    from analysis.recipe import Study

SAID = ("sway_area_mm2", "sway_velocity_mm_per_s", "sway_rms_ml_mm", "sway_rms_ap_mm")
"""Values of both feet together that stand beside the field; all are among the page's values."""


@dataclass(frozen=True)
class StanceWidth:
    """The field for the distance between the feet's midlines, and what is known with it.

    Attributes
    ----------
    stated_mm
        What was stated, as in an address; empty where nothing was.
    range_mm
        Least and largest distance that is taken.
    sway
        Name, value and unit; empty without a stated distance.
    """

    stated_mm: str
    range_mm: tuple[float, float]
    sway: tuple[tuple[str, str, str], ...]

    @property
    def query(self) -> str:
        """What asks for the same numbers again; empty where nothing was stated."""
        return f"stance_width_mm={self.stated_mm}" if self.stated_mm else ""


def stance_width(study: Study) -> StanceWidth | None:
    """The field of a recording; None where no quiet standing of both feet asks for it and nothing was stated."""
    report, width_mm = study.report, study.options.stance_width_mm
    if width_mm is None and not any(c.code == "no_stance_width" for c in report.caveats):
        return None
    of_both = (value for name in SAID if (value := report.get(name)) is not None)
    sway = tuple((label(v.name), number(v.value, v.unit), unit(v.unit)) for v in of_both)
    return StanceWidth("" if width_mm is None else f"{width_mm:g}", STANCE_WIDTH_RANGE_MM, sway)
