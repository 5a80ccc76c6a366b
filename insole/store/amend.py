"""What may change of a sealed recording: not its samples, but how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from insole.calibration import calibration_to_dict
from insole.errors import StoreError
from insole.recording import Side, Unit
from insole.store import tables
from insole.store.binning import living

if TYPE_CHECKING:
    from datetime import datetime

    from insole.calibration import AnyCalibration
    from insole.store.audit import Change


def set_calibration(change: Change, recording_id: str, side: Side, calibration: AnyCalibration) -> None:
    """Replace the calibration of a foot of a sealed recording; its samples stay as they are.

    The recording's notes say which one was replaced, and when. Setting the one that is there
    already changes nothing.

    Raises
    ------
    NotFoundError
        If there is no such recording.
    StoreError
        If it is still being recorded, has no such foot, the foot's values are not counts of as
        many sensors, or its present calibration has the same id and other numbers.
    """
    r, f, connection = tables.recording, tables.foot, change.connection
    row = living(connection, "recording", recording_id, lock=True)
    if row.state != "sealed":
        raise StoreError(f"recording {recording_id} is being recorded; set its calibration when it has ended")
    here = (f.c.recording_id == recording_id, f.c.side == side.value)
    foot = connection.execute(sa.select(f).where(*here)).one_or_none()
    if foot is None:
        raise StoreError(f"recording {recording_id} has no {side} foot")
    _check(foot, side, calibration)
    before, after = foot.calibration, calibration_to_dict(calibration)
    if after == before:
        return
    if before is not None and before["id"] == calibration.id:
        raise StoreError(
            f"the {side} foot has a calibration {calibration.id!r} with other numbers; give the new one its own id"
        )
    connection.execute(sa.update(f).where(*here).values(calibration=after))
    about = {**row.about, "notes": [*row.about.get("notes", ()), _note(side, before, calibration, change.at)]}
    connection.execute(sa.update(r).where(r.c.id == recording_id).values(about=about))
    change.changed("recording", recording_id, row.about, about)


def _check(foot: sa.Row[Any], side: Side, calibration: AnyCalibration) -> None:
    if foot.unit != Unit.COUNTS.value:
        raise StoreError(f"the {side} foot's values are {foot.unit}, not counts; it needs no calibration")
    if foot.sensors != calibration.n_sensors:
        raise StoreError(
            f"calibration {calibration.id!r} is for {calibration.n_sensors} sensors, "
            f"the {side} foot has {foot.sensors}; take its own"
        )


def _note(side: Side, before: dict[str, Any] | None, after: AnyCalibration, now: datetime) -> str:
    replaced = "none" if before is None else before["id"]
    return f"{side} foot: calibration {after.id} replaced {replaced} on {now:%Y-%m-%d}"
