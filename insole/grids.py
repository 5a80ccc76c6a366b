"""Layouts of matrix sensors: a grid of equal cells becomes sensors, an outline and regions.

Tekscan, XSENSOR and emed files hold matrices. Which of a matrix's cells exist, and how large
they are, stands in the file, so these layouts are built when it is read.

Regions are drawn by straight lines, and a cell that a line cuts belongs to both sides by its
area. What is published, with the R package pressuRe (``automask``, MIT): heel, midfoot and
forefoot meet at 27 and 55 % of the length; the lines between the metatarsal heads fan out from
where the medial and the lateral edge line meet, at 30, 47, 64 and 81 % of the angle between
them; the hallux is the medial 33 % of the toes' width. Our judgement: an edge line is the
longest straight edge of the convex hull on its side; widths are taken between the edge lines;
toes begin at 85 % of the length, straight across; a footprint's length is taken along the
bisector of its edge lines, an insole's along the grid; lines are not bent along low pressure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from insole.errors import LayoutError
from insole.layout import layout_from_dict

if TYPE_CHECKING:
    from typing import Any

    from insole.layout import SensorLayout
    from insole.typing import F64, I64, Bool

HEEL_END = 0.27
"""End of the heel, of the length from the heel (pressuRe ``automask``)."""
MIDFOOT_END = 0.55
"""End of the midfoot (the same)."""
TOES_START = 0.85
"""Start of the toes (our judgement; pressuRe divides pedar insoles so)."""
METATARSAL_LINES = (0.30, 0.47, 0.64, 0.81)
"""Lines between the metatarsal heads, of the angle between the edge lines, from medial (pressuRe ``automask``)."""
HALLUX_WIDTH = 0.33
"""Width of the hallux, of the width at the toes, from medial (the same)."""
PARTS = 16
"""A cell's share of a region is counted on this many points a side (our judgement)."""
SIDEWARDS = 0.7
"""An edge of the hull belongs to a side if its normal points there within about 45 degrees (our judgement)."""
MOST_CELLS = 20_000
"""More cells are taken for a damaged file (our judgement; the largest plate here has 6080)."""

ZONES3 = ("heel", "midfoot", "forefoot")
ZONES9 = ("heel", "midfoot", "mth1", "mth2", "mth3", "mth4", "mth5", "hallux", "toes")
SOURCE = "percentages as published with the R package pressuRe (automask); lines straight, see insole/grids.py"


class Edge(NamedTuple):
    """A straight edge of the foot: a point on it and its outward unit normal, ``(2,)`` each, mm."""

    point: F64
    normal: F64

    def inward(self, xy: F64) -> F64:
        """Distance of ``(..., 2)`` points from the edge, positive inside, in mm."""
        return np.asarray((self.point - xy) @ self.normal)


def grid_layout(
    *,
    name: str,
    title: str,
    source: str,
    present: Bool,
    pitch_mm: tuple[float, float],
    area_mm2: float | None = None,
    footprint: Bool | None = None,
    platform: bool = False,
) -> SensorLayout:
    """Build the layout of a matrix; its sensors are the cells that are present.

    Sensors are numbered from heel to toe, and lateral to medial within a row: the order in
    which ``values[:, present]`` lists them.

    Parameters
    ----------
    name, title, source
        As in ``SensorLayout``.
    present
        ``(R, C)`` which cells exist; row 0 is the heel's, column 0 the lateral one.
    pitch_mm
        Distance of cells across and along the foot.
    area_mm2
        Sensitive area of a cell; by default all of it.
    footprint
        ``(R, C)`` the cells that the outline encloses and that have the length and width of
        which regions are parts; by default all that are present. For a plate: those loaded.
    platform
        As in ``SensorLayout``.

    Returns
    -------
    The layout, with the masks ``zones3`` and ``zones9``. A region without cells is left out.

    Raises
    ------
    LayoutError
        If no cell is present or in the footprint, there are absurdly many, or a pitch or
        area is not positive.
    """
    foot, pitch = _checked(name, present, present if footprint is None else footprint & present, pitch_mm)
    outline = _outline(foot) * pitch
    origin = np.array([np.ptp(outline[:, 0]) / 2 + outline[:, 0].min(), outline[:, 1].min()])
    outline -= origin
    corner = np.argwhere(present)[:, ::-1] * pitch - origin
    data: dict[str, Any] = {
        "name": name,
        "title": title,
        "source": source,
        "schematic": False,
        "platform": platform,
        "xy_mm": corner + pitch / 2,
        "area_mm2": np.full(len(corner), pitch.prod() if area_mm2 is None else area_mm2),
        "outline_mm": outline,
        "masks": _masks(corner, pitch, outline, along_grid=not platform),
    }
    return layout_from_dict(data)


def _checked(name: str, present: Bool, foot: Bool, pitch_mm: tuple[float, float]) -> tuple[Bool, F64]:
    """The footprint and the pitch, if a layout can be made of them."""
    if not foot.any() or present.size > MOST_CELLS:
        raise LayoutError(f"layout {name!r}: {int(foot.sum())} cells in a matrix of {present.size}; export again")
    pitch = np.array(pitch_mm, float)
    if not (np.isfinite(pitch).all() and (pitch > 0).all()):
        raise LayoutError(f"layout {name!r}: cells of {pitch_mm[0]} x {pitch_mm[1]} mm; export again")
    return foot, pitch


def edge_lines(outline_mm: F64) -> tuple[Edge, Edge]:
    """The medial and the lateral edge line of a foot: the longest edge of its hull on each side.

    Parameters
    ----------
    outline_mm
        ``(K, 2)`` corners of the outline, foot frame.
    """
    hull = _hull(outline_mm)
    side = np.roll(hull, -1, axis=0) - hull
    length = np.hypot(*side.T)
    normal = np.column_stack([side[:, 1], -side[:, 0]]) / length[:, None]
    medial = int(np.argmax(np.where(normal[:, 0] > SIDEWARDS, length, 0)))
    lateral = int(np.argmax(np.where(normal[:, 0] < -SIDEWARDS, length, 0)))
    return Edge(hull[medial], normal[medial]), Edge(hull[lateral], normal[lateral])


def across(xy_mm: F64, medial: Edge, lateral: Edge) -> F64:
    """How far across the foot points lie: 0 on the medial edge line, 1 on the lateral one.

    A fraction of the angle at the lines' intersection; of the distance where they are parallel.

    Parameters
    ----------
    xy_mm
        ``(..., 2)`` points.
    medial, lateral
        The foot's edge lines.
    """
    from_medial, from_lateral = medial.inward(xy_mm), lateral.inward(xy_mm)
    angle = float(np.arccos(np.clip(-medial.normal @ lateral.normal, -1, 1)))
    if angle < 1e-6:
        return np.asarray(from_medial / (from_medial + from_lateral))
    part = np.arctan2(from_medial * np.sin(angle), from_lateral + from_medial * np.cos(angle))
    return np.asarray(part / angle)


def _outline(foot: Bool) -> F64:
    """Closed ``(K, 2)`` polygon around the cells, in cells: up the lateral side, down the medial one."""
    rows = np.flatnonzero(foot.any(axis=1))
    first = foot[rows].argmax(axis=1)
    last = foot.shape[1] - foot[rows, ::-1].argmax(axis=1)
    y = np.stack([rows, rows + 1], axis=1).ravel()
    up = np.column_stack([np.repeat(first, 2), y])
    down = np.column_stack([np.repeat(last, 2), y])[::-1]
    return np.vstack([up, down, up[:1]]).astype(float)


def _hull(points: F64) -> F64:
    """Corners of the convex hull, counter-clockwise (Andrew 1979, doi 10.1016/0020-0190(79)90072-3)."""
    ordered = [(float(x), float(y)) for x, y in np.unique(points, axis=0)]

    def chain(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        kept: list[tuple[float, float]] = []
        for p in points:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], p) <= 0:
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1]))


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _masks(corner: F64, pitch: F64, outline: F64, *, along_grid: bool) -> dict[str, Any]:
    """The JSON form of both masks. Regions are convex: a cell with all corners in one lies in it."""
    medial, lateral = edge_lines(outline)
    axis = np.array([0.0, 1.0]) if along_grid else _bisector(medial, lateral)
    ends = outline @ axis

    def zone9(unit: F64, cells: F64) -> I64:
        """``(n, k)`` numbers of the regions in which points at parts of cells lie."""
        points = cells[:, None, :] + unit * pitch
        along = (points @ axis - ends.min()) / np.ptp(ends)
        wide = across(points, medial, lateral)
        fore = np.where(along < TOES_START, 2 + np.digitize(wide, METATARSAL_LINES), 7 + (wide >= HALLUX_WIDTH))
        return np.where(along >= MIDFOOT_END, fore, np.digitize(along, (HEEL_END,)))

    corners = zone9(np.array([(0, 0), (0, 1), (1, 0), (1, 1)]), corner)
    cut = (corners != corners[:, :1]).any(axis=1)
    ticks = (np.arange(PARTS) + 0.5) / PARTS
    zones = np.repeat(corners[:, :1], PARTS**2, axis=1)
    zones[cut] = zone9(np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2), corner[cut])
    share = np.array([(zones == number).mean(axis=1) for number in range(len(ZONES9))])
    zones3 = np.vstack([share[:2], share[2:].sum(axis=0)])
    return {"zones3": _mask(ZONES3, zones3), "zones9": _mask(ZONES9, share)}


def _bisector(medial: Edge, lateral: Edge) -> F64:
    """Direction to the toes halfway between the edge lines."""
    x, y = medial.normal - lateral.normal
    return np.array([-y, x]) / float(np.hypot(x, y))


def _mask(regions: tuple[str, ...], share: F64) -> dict[str, Any]:
    members = {
        region: [[int(i) + 1, float(row[i])] for i in np.flatnonzero(row)]
        for region, row in zip(regions, share, strict=True)
        if row.any()
    }
    return {"source": SOURCE, "regions": members}
