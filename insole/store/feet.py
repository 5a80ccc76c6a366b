"""A foot's and a recording's facts, to rows and back."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from insole.calibration import calibration_from_dict, calibration_to_dict
from insole.errors import StoreError
from insole.layout import layout_from_dict, layout_to_dict
from insole.recording import About, ClockFit, FootMeta, Side, Unit

if TYPE_CHECKING:
    import sqlalchemy as sa


def foot_row(recording_id: str, meta: FootMeta, *, dtype: str | None = None) -> dict[str, Any]:
    """The row of a foot without samples, on the identity clock.

    Parameters
    ----------
    dtype
        Type of its values; by default what a device sends: uint16 counts, float32 kPa or N.
    """
    return {
        "recording_id": recording_id,
        "side": meta.side.value,
        "unit": meta.unit.value,
        "dtype": dtype or ("uint16" if meta.unit is Unit.COUNTS else "float32"),
        "sensors": meta.layout.n_sensors,
        "rate_hz": float(meta.rate_hz),
        "saturation": None if meta.saturation is None else float(meta.saturation),
        "layout": layout_to_dict(meta.layout),
        "calibration": None if meta.calibration is None else calibration_to_dict(meta.calibration),
        "inertial": list(meta.inertial) or None,
        "samples": 0,
        "first_us": None,
        "last_us": None,
        **clock_columns(ClockFit()),
    }


def foot_meta(row: sa.Row[Any]) -> FootMeta:
    """What ``foot_row`` wrote."""
    return FootMeta(
        side=Side(row.side),
        layout=layout_from_dict(row.layout),
        unit=Unit(row.unit),
        rate_hz=row.rate_hz,
        calibration=None if row.calibration is None else calibration_from_dict(row.calibration),
        saturation=row.saturation,
        inertial=tuple(row.inertial or ()),
    )


def clock_columns(fit: ClockFit) -> dict[str, float | None]:
    """The columns of a clock fit.

    Raises
    ------
    StoreError
        If time would not run forward by it.
    """
    if not (math.isfinite(fit.offset_s) and math.isfinite(fit.rate) and fit.rate > 0):
        raise StoreError(f"a clock with offset {fit.offset_s} s and rate {fit.rate} does not run forward; fit again")
    residual_s = None if fit.residual_s is None else float(fit.residual_s)
    return {"clock_offset_s": float(fit.offset_s), "clock_rate": float(fit.rate), "clock_residual_s": residual_s}


def clock_of(row: sa.Row[Any]) -> ClockFit:
    """The clock fit of a foot's row."""
    return ClockFit(row.clock_offset_s, row.clock_rate, row.clock_residual_s)


def about_row(about: About) -> dict[str, Any]:
    """The JSON form, without the subject's code: that is the subject's, and may change."""
    return {key: value for key, value in {**asdict(about), "notes": list(about.notes)}.items() if key != "subject_code"}


def about_of(data: dict[str, Any], subject_code: str | None) -> About:
    """What ``about_row`` wrote, with the code of the subject it belongs to; an unknown field has its default."""
    return About(**{**data, "subject_code": subject_code or "", "notes": tuple(data.get("notes", ()))})
