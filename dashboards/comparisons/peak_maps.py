"""Where the largest pressures of each condition are, and by how much they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.comparing import ComparisonFigure
from dashboards.comparisons._maps import map_plots
from dashboards.language import N_
from dashboards.maps import peak_values

if TYPE_CHECKING:
    from dashboards.comparing import Compared, Plot


def plots(compared: Compared) -> list[Plot]:
    """Each sensor's largest value of the recording; on the regions, peak pressure over the stances used."""
    return map_plots(compared, peak_values, "peak_pressure_kpa")


FIGURE = ComparisonFigure(
    name="peak_maps",
    title=N_("Peak pressure"),
    plots=plots,
    order=10,
    view=N_("Peak"),
    note=N_(
        "Seen from above, toes up; all conditions on one scale. Colour: each sensor's largest value of the recording. "
        "Numbers: peak pressure of the region in kPa, mean over the stances used. "
        "A crossed ring is a sensor without a value; in a difference, without one in either."
    ),
)
