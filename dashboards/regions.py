"""The table of regions: both feet and their difference, beside what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.norms import SOURCE, Norm, norm_of
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.recipe import Study
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
    """One region: a cell for each of the table's values, and the published peak pressure, where there is one."""

    region: str
    cells: tuple[Cell, ...]
    published: Norm | None


@dataclass(frozen=True)
class RegionTable:
    """The table of regions.

    Attributes
    ----------
    columns
        Name and unit of each value.
    rows
        A region each, in the report's order, heel to toe.
    source
        Whose published means stand beside the peak pressures; empty where none fits.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[RegionRow, ...]
    source: str


def region_table(study: Study) -> RegionTable | None:
    """The table of a recording; None where it has no regions."""
    report = study.report
    units = {(v.name, v.variant): v.unit for v in report.values if v.region is not None}
    shown = [(name, variant) for name, variant in COLUMNS if _measured(units, name, variant)]
    pressures = any(name == "peak_pressure_kpa" for name, _ in shown)
    if pressures:
        shown = [(name, variant) for name, variant in shown if "force" not in name]
    shown = shown[:MOST]
    regions = dict.fromkeys(v.region for v in report.values if v.region is not None and v.name in {n for n, _ in shown})
    if not regions:
        return None
    norms = {region: norm_of(region, study.walk) if pressures else None for region in regions if region is not None}
    rows = (
        RegionRow(region, tuple(_cell(report, name, region, variant) for name, variant in shown), norm)
        for region, norm in norms.items()
    )
    columns = tuple((name, next(u for (n, _), u in units.items() if n == name)) for name, _ in shown)
    return RegionTable(columns, tuple(rows), SOURCE if any(norms.values()) else "")


def _measured(units: dict[tuple[str, str | None], str], name: str, variant: str | None) -> bool:
    return any(n == name and variant in (None, v) for n, v in units)


def _cell(report: Report, name: str, region: str, variant: str | None) -> Cell:
    left, right = (report.get(name, side=side, region=region, variant=variant) for side in Side)
    return Cell(left, right)
