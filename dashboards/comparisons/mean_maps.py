"""Where each condition's load is on the average, and by how much that differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.comparing import ComparisonFigure
from dashboards.comparisons._maps import map_plots
from dashboards.language import N_
from dashboards.maps import mean_values

if TYPE_CHECKING:
    from dashboards.comparing import Compared, Plot


def plots(compared: Compared) -> list[Plot]:
    """Each sensor's mean over the recording; on the regions, their share of the foot's load."""
    return map_plots(compared, mean_values, "load_share_pct")


FIGURE = ComparisonFigure(
    name="mean_maps",
    title=N_("Mean pressure"),
    plots=plots,
    order=11,
    view=N_("Mean"),
    note=N_(
        "Seen from above, toes up; all conditions on one scale. Colour: each sensor's mean over the recording. "
        "Numbers: the region's share of the foot's load in percent. "
        "A crossed ring is a sensor without a value; in a difference, without one in either."
    ),
)
