"""What goes over the wire. Reports go as ``Report.to_json`` gives them, figures as Plotly's JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from insole.recording import Side

ThemeName = Literal["light", "dark"]
PaperName = Literal["a4", "letter"]


class Wire(BaseModel):
    """Base of all wire types: exact types, nothing unknown, no NaN."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class AboutOut(Wire):
    """What is known about a recording."""

    subject_code: str
    condition: str
    body_mass_kg: float | None
    task: str
    device: str
    firmware: str
    source_name: str
    source_sha256: str
    notes: list[str]


class RecordingOut(Wire):
    """One recording, without its samples."""

    id: str
    started_at: datetime
    duration_s: float
    state: str
    sides: list[Side]
    sensors: dict[Side, int]
    about: AboutOut
    subject_id: str | None
    visit_id: str | None
    visit_date: date | None


class FigureOut(Wire):
    """A figure: Plotly's JSON, and what it shows in words."""

    name: str
    title: str
    alt: str
    figure: dict[str, Any]


class PlotOut(Wire):
    """One drawing of a comparison's figure: Plotly's JSON, and what it shows in words."""

    key: str
    title: str
    alt: str
    figure: dict[str, Any]


class ComparisonFigureOut(Wire):
    """A figure of a comparison."""

    name: str
    title: str
    plots: list[PlotOut]


class GridFoot(Wire):
    """The cells of one foot: row by row ``k`` sensors and weights for each cell."""

    cell: list[int]
    k: int
    sensor: list[int]
    weight: list[float]
    xy_mm: list[list[float]]


class Grid(Wire):
    """How sensor values become colours: see ``dashboards.feet.PageGrid``."""

    nx: int
    ny: int
    feet: dict[Side, GridFoot]


class CellsFoot(Wire):
    """The fine cells of one foot, and the sensor each belongs to."""

    cell: list[int]
    sensor: list[int]


class Cells(Wire):
    """The sensors as areas, on a fine grid: see ``dashboards.cells.FineGrid``."""

    x0_mm: float
    y0_mm: float
    step_mm: float
    nx: int
    ny: int
    feet: dict[Side, CellsFoot]


class RegionOut(Wire):
    """A region of one foot: ``share`` is the part of each sensor in it; values are means over steps."""

    name: str
    label: str
    share: list[float]
    peak_kpa: float | None
    peak_force_pct_bw: float | None


class FootOut(Wire):
    """What the map knows of one foot besides its cells.

    ``newton_per_value``: force of one unit of each sensor, null where that is not known;
    ``saturated``: columns that reached the end of their range.
    """

    regions: list[RegionOut]
    newton_per_value: list[float] | None
    saturated: list[int]


Sensors = dict[Side, list[float | None]]
"""A value for each sensor by side; null is missing."""


class MapOut(Wire):
    """Everything the pressure map shows besides moments.

    ``step_s`` is the time from one sample to the next; ``weight_n`` is body weight, null
    where the mass is not known or the forces do not agree with it.
    """

    unit: str
    top: float
    start_s: float
    stop_s: float
    step_s: float
    weight_n: float | None
    views: dict[str, Sensors]
    grid: Grid
    cells: Cells
    feet: dict[Side, FootOut]


class FramesFoot(Wire):
    """One foot: base64 of little-endian float32, NaN is missing.

    ``values``: moments × sensors; ``centre_mm``: moments × 2, the centre of pressure on the page.
    """

    sensors: int
    values: str
    centre_mm: str


class FramesOut(Wire):
    """What all sensors measured at evenly spaced moments."""

    unit: str
    time_s: list[float]
    feet: dict[Side, FramesFoot]


class SeriesFoot(Wire):
    """Force of one foot over time; null in gaps."""

    time_s: list[float]
    force: list[float | None]


class SeriesOut(Wire):
    """Force of both feet in a window, its largest and smallest values kept however long it is."""

    unit: str
    feet: dict[Side, SeriesFoot]


class Health(Wire):
    """The service answers and the store can be read."""

    status: Literal["ok"]
    recordings: int
