"""A calibration as a file: which foot's it is, and of which layout, so that a wrong one is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from insole.calibration import AnyCalibration, calibration_from_dict, calibration_to_dict
from insole.disk import write_whole
from insole.errors import CalibrationError, FormatError
from insole.recording import Side, Unit

if TYPE_CHECKING:
    from insole.recording import FootMeta


@dataclass(frozen=True, eq=False)
class FootCalibration:
    """A calibration and the insole that it belongs to.

    Attributes
    ----------
    side
        Which foot's insole.
    layout
        Name of its layout.
    calibration
        The calibration.
    """

    side: Side
    layout: str
    calibration: AnyCalibration

    def on(self, foot: FootMeta) -> FootMeta:
        """The same foot with this calibration in place of its own.

        Raises
        ------
        CalibrationError
            As ``check``.
        """
        self.check(foot)
        return replace(foot, calibration=self.calibration)

    def check(self, foot: FootMeta) -> None:
        """Refuse a foot that this calibration is not for.

        Raises
        ------
        CalibrationError
            If the side, the layout or the number of sensors differs, or the foot sends no counts.
        """
        mine, name = self.calibration, f"calibration {self.calibration.id!r}"
        if foot.side is not self.side:
            raise CalibrationError(f"{name} is for the {self.side} insole, not for the {foot.side} one")
        if foot.layout.name != self.layout:
            raise CalibrationError(
                f"{name} is for layout {self.layout!r}, the {foot.side} foot has {foot.layout.name!r}"
            )
        if foot.layout.n_sensors != mine.n_sensors:
            raise CalibrationError(
                f"{name} is for {mine.n_sensors} sensors, the {foot.side} foot has {foot.layout.n_sensors}"
            )
        if foot.unit is not Unit.COUNTS:
            raise CalibrationError(
                f"the {foot.side} foot's values are {foot.unit}, not counts; it needs no calibration"
            )


def write_calibration(path: Path | str, found: FootCalibration) -> None:
    """Write it as JSON; a file of that name is replaced, whole or not at all.

    Raises
    ------
    CalibrationError
        If the file cannot be written.
    """
    path = Path(path)
    data = {"side": str(found.side), "layout": found.layout, **calibration_to_dict(found.calibration)}
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    try:
        write_whole(path, text)
    except OSError as e:
        raise CalibrationError(f"{path} cannot be written ({e.strerror}); choose another place") from e


def read_calibration(path: Path | str) -> FootCalibration:
    """Read what ``write_calibration`` wrote.

    Raises
    ------
    FormatError
        If there is no such file, or it is not a calibration file.
    """
    path = Path(path)
    try:
        data: Any = json.loads(path.read_text("utf-8"))
    except OSError as e:
        raise FormatError(f"cannot be read ({e.strerror}); check the path", path=path) from e
    except UnicodeDecodeError as e:
        raise FormatError("this is not a calibration file, it is not text", path=path) from e
    except json.JSONDecodeError as e:
        raise FormatError(f"this is not a calibration file ({e.msg})", path=path, line=e.lineno) from e
    if not isinstance(data, dict) or data.get("side") not in list(Side) or not isinstance(data.get("layout"), str):
        raise FormatError("it does not say which side and layout it is for; make it with insole calibrate", path=path)
    try:
        return FootCalibration(Side(data["side"]), data["layout"], calibration_from_dict(data))
    except CalibrationError as e:
        raise FormatError(str(e), path=path) from e
