"""The sheet of an exported recording: all that is known of it besides its samples, as JSON.

An export carries it (a CSV in a file beside it, Parquet in its metadata), so that a recording comes
back as it was: units, layouts and calibrations are in no column.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from insole.calibration import calibration_from_dict, calibration_to_dict
from insole.errors import RecordsError
from insole.layout import layout_from_dict, layout_to_dict
from insole.recording import About, FootMeta, Side, Unit
from insole.records.mark import Mark, MarkKind

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
"""Of the sheet's form."""
DTYPES = ("uint16", "float32")
"""Types of a foot's values."""


@dataclass(frozen=True, eq=False)
class FootSheet:
    """One foot without its samples.

    Attributes
    ----------
    meta
        What it is.
    dtype
        Type of its values, of ``DTYPES``.
    residual_s
        How well its times are known; None where that is not said.
    samples
        How many it has, so that a table that was cut is noticed; None while it is being recorded.
    """

    meta: FootMeta
    dtype: str
    residual_s: float | None = None
    samples: int | None = None


@dataclass(frozen=True, eq=False)
class Sheet:
    """A recording without its samples.

    Attributes
    ----------
    started_at
        Aware UTC; None where the date is unknown or withheld.
    day
        Days since the subject's first recording; None where there is no date.
    about
        What is known of it, as far as it may leave.
    feet
        By side.
    marks
        Without their ids.
    """

    started_at: datetime | None
    day: int | None
    about: About
    feet: Mapping[Side, FootSheet]
    marks: tuple[Mark, ...] = ()


def sheet_to_dict(sheet: Sheet) -> dict[str, Any]:
    """The JSON form of a sheet."""
    return {
        "insole": VERSION,
        "started_at": None if sheet.started_at is None else sheet.started_at.isoformat(),
        "day": sheet.day,
        "about": {**asdict(sheet.about), "notes": list(sheet.about.notes)},
        "feet": {str(side): _foot(foot) for side, foot in sheet.feet.items()},
        "marks": [mark_to_dict(mark) for mark in sheet.marks],
    }


def mark_to_dict(mark: Mark) -> dict[str, Any]:
    """A mark without its id, in plain types."""
    side = None if mark.side is None else str(mark.side)
    return {"kind": str(mark.kind), "start_s": mark.start_s, "stop_s": mark.stop_s, "side": side, "text": mark.text}


def sheet_from_dict(data: Any) -> Sheet:
    """Read what ``sheet_to_dict`` wrote.

    Raises
    ------
    InsoleError
        If it is of another form, or something in it cannot be.
    """
    try:
        if data["insole"] != VERSION:
            raise RecordsError(f"the sheet has form {data['insole']!r}, this version knows {VERSION}; update insole")
        start = data["started_at"]
        about = {**data["about"], "notes": tuple(map(str, data["about"]["notes"]))}
        return Sheet(
            started_at=None if start is None else datetime.fromisoformat(start).astimezone(UTC),
            day=None if data["day"] is None else int(data["day"]),
            about=About(**{key: _plain(value) for key, value in about.items()}),
            feet=MappingProxyType({Side(side): _read_foot(Side(side), foot) for side, foot in data["feet"].items()}),
            marks=tuple(_read_mark(mark) for mark in data["marks"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as e:
        raise RecordsError(f"this is not the sheet of an exported recording: {e!r}; export it again") from e


def _foot(foot: FootSheet) -> dict[str, Any]:
    meta = foot.meta
    return {
        "unit": str(meta.unit),
        "dtype": foot.dtype,
        "samples": foot.samples,
        "rate_hz": meta.rate_hz,
        "saturation": meta.saturation,
        "inertial": list(meta.inertial),
        "clock_residual_s": foot.residual_s,
        "calibration": None if meta.calibration is None else calibration_to_dict(meta.calibration),
        "layout": layout_to_dict(meta.layout),
    }


def _read_foot(side: Side, data: dict[str, Any]) -> FootSheet:
    if data["dtype"] not in DTYPES:
        raise ValueError(f"dtype is {data['dtype']!r}")
    calibration = data["calibration"]
    meta = FootMeta(
        side=side,
        layout=layout_from_dict(data["layout"]),
        unit=Unit(data["unit"]),
        rate_hz=_number(data["rate_hz"], least=0.0),
        calibration=None if calibration is None else calibration_from_dict(calibration),
        saturation=None if data["saturation"] is None else _number(data["saturation"]),
        inertial=tuple(map(str, data["inertial"])),
    )
    residual_s, samples = data["clock_residual_s"], data["samples"]
    return FootSheet(
        meta,
        data["dtype"],
        residual_s=None if residual_s is None else _number(residual_s),
        samples=None if samples is None else int(samples),
    )


def _read_mark(data: dict[str, Any]) -> Mark:
    side = None if data["side"] is None else Side(data["side"])
    return Mark(MarkKind(data["kind"]), _number(data["start_s"]), _number(data["stop_s"]), side, text=str(data["text"]))


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or not (value is None or isinstance(value, str | int | float | tuple)):
        raise TypeError(f"{value!r} is no text and no number")
    return value


def _number(value: Any, *, least: float = float("-inf")) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least < value < float("inf"):
        raise ValueError(f"{value!r} is not a number that can stand here")
    return float(value)
