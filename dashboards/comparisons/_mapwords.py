"""What maps and their differences show, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.wording import upper_first
from dashboards.language import _
from dashboards.maps import unit_of
from dashboards.report.maps import no_map, shown_feet
from dashboards.words import number, side_name, signed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.recipe import Study
    from insole.recording import Side
    from insole.typing import F64


def said(study: Study, found: Mapping[Side, F64]) -> str:
    """The highest sensor of each foot, and how many have no value."""
    if not found:
        return no_map(study)
    unit, said = unit_of(study.walk), []
    for side in shown_feet(study):
        values = found[side]
        known = np.isfinite(values)
        if not known.any():
            said.append(_("%(foot)s: no sensor has a value.") % {"foot": side_name(side)})
            continue
        sensor = int(np.nanargmax(values))
        said.append(
            _("%(foot)s: highest %(value)s, %(where)s %% of the insole's length from the heel.")
            % {
                "foot": side_name(side),
                "value": with_unit(float(values[sensor]), unit),
                "where": _along(study, side, sensor),
            }
        )
        said += _lost(side, int((~known).sum()))
    return " ".join(said)


def said_change(study: Study, change: Mapping[Side, F64], other: str) -> str:
    """The largest fall and the largest rise of each foot."""
    unit = unit_of(study.walk)
    said = [_("%(other)s minus the baseline.") % {"other": upper_first(other)}]
    for side, values in change.items():
        known = np.isfinite(values)
        if not known.any():
            said.append(_("%(foot)s: no sensor has a value.") % {"foot": side_name(side)})
            continue
        low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
        said.append(
            _("%(foot)s: from %(low)s at %(low_at)s %% to %(high)s at %(high_at)s %% of the insole's length.")
            % {
                "foot": side_name(side),
                "low": signed(float(values[low]), unit),
                "high": with_unit(float(values[high]), unit, plus=True),
                "low_at": _along(study, side, low),
                "high_at": _along(study, side, high),
            }
        )
        said += _lost(side, int((~known).sum()))
    return " ".join(said)


def with_unit(value: float, unit: str, *, plus: bool = False) -> str:
    """A number and its unit, with its sign where asked; in words where there is none."""
    if not np.isfinite(value):
        return _("no value")
    return f"{signed(value, unit) if plus else number(value, unit)} {unit}"


def _lost(side: Side, n: int) -> list[str]:
    return [_("%(foot)s: sensors without a value: %(n)s.") % {"foot": side_name(side), "n": n}] if n else []


def _along(study: Study, side: Side, sensor: int) -> str:
    layout = study.walk.feet[side].layout
    share = (layout.xy_mm[sensor, 1] - layout.outline_mm[:, 1].min()) / layout.length_mm
    return f"{100 * share:.0f}"
