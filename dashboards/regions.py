"""The table of regions: both feet and their difference, beside what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.means import PublishedMeans, beside
from insole.recording import Side

if TYPE_CHECKING:
    from insole.report import Report, Value

COLUMNS = (
    ("peak_pressure_kpa", None),
    ("pressure_time_integral_kpas", "novel"),
    ("peak_force_n", None),
    ("force_time_integral_ns", None),
    ("contact_time_pct", None),
    ("contact_area_mm2", None),
)
"""Values of regions, and which definition of them is shown."""

MOST = 4
"""Values shown: pressures and contact where there are pressures, else forces."""


@dataclass(frozen=True)
class Cell:
    """One value of one region.

    Attributes
    ----------
    left, right
        None where it was not measured.
    """

    left: Value | None
    right: Value | None

    @property
    def difference(self) -> float | None:
        """Right minus left; None without either."""
        return None if self.left is None or self.right is None else self.right.value - self.left.value


@dataclass(frozen=True)
class RegionRow:
    """One region: a cell for each of the table's values, and the published mean and deviation."""

    region: str
    cells: tuple[Cell, ...]
    published: tuple[float, float] | None


@dataclass(frozen=True)
class RegionTable:
    """The table of regions.

    Attributes
    ----------
    columns
        Name and unit of each value.
    rows
        A region each, in the report's order, heel to toe.
    means
        The study set beside the peak pressures; None where none fits.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[RegionRow, ...]
    means: PublishedMeans | None


def region_table(report: Report) -> RegionTable | None:
    """The table of a report; None where it has no regions."""
    units = {(v.name, v.variant): v.unit for v in report.values if v.region is not None}
    shown = [(name, variant) for name, variant in COLUMNS if _measured(units, name, variant)]
    if any(name == "peak_pressure_kpa" for name, _ in shown):
        shown = [(name, variant) for name, variant in shown if "force" not in name]
    shown = shown[:MOST]
    regions = dict.fromkeys(v.region for v in report.values if v.region is not None and v.name in {n for n, _ in shown})
    if not shown or not regions:
        return None
    means = beside(report, "peak_pressure_kpa")
    rows = (
        RegionRow(
            region,
            tuple(_cell(report, name, region, variant) for name, variant in shown),
            None if means is None else means.regions.get(region),
        )
        for region in regions
        if region is not None
    )
    columns = tuple((name, next(u for (n, _), u in units.items() if n == name)) for name, _ in shown)
    return RegionTable(columns, tuple(rows), means)


def _measured(units: dict[tuple[str, str | None], str], name: str, variant: str | None) -> bool:
    return any(n == name and variant in (None, v) for n, v in units)


def _cell(report: Report, name: str, region: str, variant: str | None) -> Cell:
    left, right = (report.get(name, side=side, region=region, variant=variant) for side in Side)
    return Cell(left, right)
