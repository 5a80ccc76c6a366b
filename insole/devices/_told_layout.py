"""A layout that is known only from what an insole says: its sensors, in the reference insole's outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.layout import layout_from_dict, load_layout

if TYPE_CHECKING:
    from insole.layout import SensorLayout
    from insole.typing import F64

WIDTH_MM, LENGTH_MM = 95.0, 265.0
"""Of the reference insole (EU 42), which nominal positions are placed on."""


def told_layout(
    name: str,
    *,
    title: str,
    source: str,
    xy_mm: F64,
    area_mm2: F64 | None = None,
    length_mm: float = LENGTH_MM,
    schematic: bool,
) -> SensorLayout:
    """The layout of an insole that says where its sensors are.

    Parameters
    ----------
    name, title, source
        As in ``SensorLayout``.
    xy_mm
        ``(S, 2)`` positions in the foot frame.
    area_mm2
        ``(S,)``; None where there are none.
    length_mm
        To which the outline is scaled.
    schematic
        Whether the positions are nominal.

    Raises
    ------
    LayoutError
        If they are no layout.
    """
    reference = load_layout("open-insole-16")
    third = np.clip((xy_mm[:, 1] * 3 // length_mm).astype(int), 0, 2)
    regions = {r: (np.flatnonzero(third == i) + 1).tolist() for i, r in enumerate(("heel", "midfoot", "forefoot"))}
    return layout_from_dict(
        {
            "name": name,
            "title": title,
            "source": source,
            "schematic": schematic,
            "xy_mm": xy_mm.tolist(),
            "area_mm2": None if area_mm2 is None else area_mm2.tolist(),
            "outline_mm": (reference.outline_mm * (length_mm / reference.length_mm)).tolist(),
            "masks": {
                "zones3": {
                    "source": "Thirds of the insole's length: our judgement",
                    "regions": {region: members for region, members in regions.items() if members},
                }
            },
        }
    )
