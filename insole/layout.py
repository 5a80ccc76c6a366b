"""Where an insole's sensors are, how large, and to which region of the foot each belongs.

Layouts are data: one JSON file each in ``insole/layouts/``. Coordinates are in the foot
frame (origin at the rearmost point of the heel on the midline, ``+y`` to the toes, ``+x``
medial on **both** feet), so one layout serves the left and the right insole and only
figures mirror.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.errors import LayoutError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from insole.typing import F32, F64


@dataclass(frozen=True, eq=False)
class Mask:
    """A division of the foot into regions.

    Attributes
    ----------
    name
        Name of the division, for example ``zones3``.
    regions
        Names of its R regions, heel to toe.
    weight
        ``(R, S)``: the fraction of each sensor that lies in each region, 0 to 1.
    source
        Where the division is published.
    """

    name: str
    regions: tuple[str, ...]
    weight: F32
    source: str

    def members(self, region: str) -> NDArray[np.bool_]:
        """``(S,)`` true for the sensors that lie in the region, at least in part."""
        return np.asarray(self.weight[self.regions.index(region)] > 0)


@dataclass(frozen=True, eq=False)
class SensorLayout:
    """The geometry of an insole's S sensors, in the foot frame.

    Attributes
    ----------
    name
        Stable name; with a size, ``pedar-99:y``.
    title
        For people.
    xy_mm
        ``(S, 2)`` centres of the sensors.
    area_mm2
        ``(S,)`` sensitive areas. NaN where the device gives force only.
    outline_mm
        ``(K, 2)`` the insole's edge, closed.
    masks
        Divisions into regions; the first is the default.
    schematic
        True when positions are nominal, not measured: lengths (COP path, gait line) in mm
        are then only comparable within the same layout.
    source
        Where the geometry is published.
    platform
        True for a plate on the floor: values are of a barefoot step, and what only a whole
        footprint can tell (arch index, CPEI) may be asked of it, and of nothing else.
    """

    name: str
    title: str
    xy_mm: F64
    area_mm2: F64
    outline_mm: F64
    masks: Mapping[str, Mask]
    schematic: bool
    source: str
    platform: bool = False

    @property
    def n_sensors(self) -> int:
        """Number of sensors, S."""
        return int(self.xy_mm.shape[0])

    @property
    def length_mm(self) -> float:
        """Length of the insole from heel to toe."""
        return float(np.ptp(self.outline_mm[:, 1]))

    @property
    def mask(self) -> Mask:
        """The default division into regions."""
        return next(iter(self.masks.values()))

    @property
    def fore(self) -> NDArray[np.bool_]:
        """``(S,)`` true for sensors before half of the insole's length (toe side)."""
        half = float(self.outline_mm[:, 1].min()) + self.length_mm / 2
        return np.asarray(self.xy_mm[:, 1] >= half)


def layout_names() -> list[str]:
    """Names of the layouts that come with this project."""
    return sorted(p.name.removesuffix(".json") for p in _folder().iterdir() if p.name.endswith(".json"))


@cache
def load_layout(name: str) -> SensorLayout:
    """Load a layout by name.

    Parameters
    ----------
    name
        ``open-insole-16``, or with a size where the layout has several: ``pedar-99:y``.

    Raises
    ------
    LayoutError
        If there is no such layout or size, or its data contradict themselves.
    """
    base, _, size = name.partition(":")
    path = _folder() / f"{base}.json"
    if not path.is_file():
        raise LayoutError(f"there is no layout {base!r}; known: {', '.join(layout_names())}")
    return layout_from_dict(json.loads(path.read_text("utf-8")), size=size or None)


def layout_from_dict(data: dict[str, Any], *, size: str | None = None) -> SensorLayout:
    """Build a layout from its JSON form (see ``docs/conventions.md``, Layout files).

    Parameters
    ----------
    data
        ``name``, ``title``, ``source``, ``schematic``, ``xy_mm``, ``area_mm2``,
        ``outline_mm``, ``masks``; instead of the three geometry keys it may have ``sizes``,
        a mapping of size code to those keys.
    size
        Size code, needed where the layout has ``sizes``.

    Raises
    ------
    LayoutError
        If keys are missing, shapes disagree, an area is not positive, or a region names a
        sensor that does not exist.
    """
    name = str(data.get("name", "?"))
    geometry = data
    if "sizes" in data:
        sizes = data["sizes"]
        if size not in sizes:
            raise LayoutError(f"layout {name!r} needs a size, one of {', '.join(sorted(sizes))}; got {size!r}")
        geometry, name = sizes[size], f"{name}:{size}"
    elif size is not None:
        raise LayoutError(f"layout {name!r} has one size only; ask for it without {size!r}")
    try:
        xy = _array(geometry["xy_mm"], 2)
        areas = geometry["area_mm2"]
        area = np.full(len(xy), np.nan) if areas is None else np.asarray(areas, float)
        outline = _array(geometry["outline_mm"], 2)
        masks = {key: _mask(name, key, value, len(xy)) for key, value in data["masks"].items()}
        layout = SensorLayout(
            name=name,
            title=str(data["title"]),
            xy_mm=xy,
            area_mm2=area,
            outline_mm=outline,
            masks=MappingProxyType(masks),
            schematic=bool(data["schematic"]),
            source=str(data["source"]),
            platform=bool(data.get("platform", False)),
        )
    except (KeyError, TypeError, ValueError) as e:
        raise LayoutError(f"layout {name!r} is not a layout: {e!r}") from e
    _check(layout)
    return layout


def layout_to_dict(layout: SensorLayout) -> dict[str, Any]:
    """The JSON form of a layout, as ``layout_from_dict`` reads it (one size, its full name)."""
    return {
        "name": layout.name,
        "title": layout.title,
        "source": layout.source,
        "schematic": layout.schematic,
        **({"platform": True} if layout.platform else {}),
        "xy_mm": layout.xy_mm.tolist(),
        "area_mm2": None if np.isnan(layout.area_mm2).any() else layout.area_mm2.tolist(),
        "outline_mm": layout.outline_mm.tolist(),
        "masks": {
            mask.name: {
                "source": mask.source,
                "regions": {
                    region: [[int(i) + 1, float(row[i])] for i in np.flatnonzero(row)]
                    for region, row in zip(mask.regions, mask.weight, strict=True)
                },
            }
            for mask in layout.masks.values()
        },
    }


def _folder() -> Any:
    return files("insole") / "layouts"


def _array(rows: object, columns: int) -> F64:
    a = np.asarray(rows, float)
    if a.ndim != 2 or a.shape[1] != columns:
        raise ValueError(f"expected (n, {columns}), got {a.shape}")
    return a


def _mask(layout: str, name: str, data: dict[str, Any], n: int) -> Mask:
    regions = data["regions"]
    weight = np.zeros((len(regions), n), np.float32)
    for row, members in enumerate(regions.values()):
        for member in members:
            number, fraction = member if isinstance(member, list) else (member, 1.0)
            if not 1 <= number <= n or not 0 < fraction <= 1:
                raise LayoutError(f"layout {layout!r}, mask {name!r}: no sensor {number} with fraction {fraction}")
            weight[row, number - 1] = fraction
    return Mask(name=name, regions=tuple(regions), weight=weight, source=str(data["source"]))


def _check(layout: SensorLayout) -> None:
    for key in ("xy_mm", "area_mm2", "outline_mm"):
        getattr(layout, key).flags.writeable = False
    if layout.area_mm2.shape != (layout.n_sensors,):
        raise LayoutError(f"layout {layout.name!r}: {layout.n_sensors} positions, {layout.area_mm2.size} areas")
    if np.any(layout.area_mm2 <= 0):
        raise LayoutError(f"layout {layout.name!r}: an area is not positive")
    if not layout.masks:
        raise LayoutError(f"layout {layout.name!r} has no mask")
    for mask in layout.masks.values():
        mask.weight.flags.writeable = False
        if np.any(mask.weight.sum(axis=0) > 1 + 1e-5):
            raise LayoutError(f"layout {layout.name!r}, mask {mask.name!r}: a sensor belongs to more than one whole")
