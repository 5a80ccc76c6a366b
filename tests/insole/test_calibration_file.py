from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from insole.calibration import Calibration, calibration_to_dict
from insole.calibration_file import FootCalibration, read_calibration, write_calibration
from insole.errors import CalibrationError, FormatError
from insole.layout import load_layout
from insole.recording import FootMeta, Side, Unit

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = load_layout("open-insole-16")
MINE = Calibration("c", date(2026, 1, 2), "bladder", np.arange(16) / 7, np.full(16, 1 / 7), 0.25)
FOUND = FootCalibration(Side.LEFT, LAYOUT.name, MINE)
META = FootMeta(Side.LEFT, LAYOUT, Unit.COUNTS, 100.0)


def test_what_is_written_is_read_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "left.json"
    path.write_text("older")
    write_calibration(path, FOUND)
    back = read_calibration(path)
    assert (back.side, back.layout) == (Side.LEFT, "open-insole-16")
    assert calibration_to_dict(back.calibration) == calibration_to_dict(MINE)
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "left.json"
    path.write_text("older")
    broken = replace(MINE)
    object.__setattr__(broken, "fit_error_kpa", float("nan"))
    with pytest.raises(ValueError, match="JSON"):
        write_calibration(path, replace(FOUND, calibration=broken))
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(CalibrationError, match="cannot be written"):
        write_calibration(tmp_path / "none" / "left.json", FOUND)


def test_it_is_put_on_its_own_foot_only() -> None:
    assert FOUND.on(META).calibration is MINE
    for other, says in [
        (replace(META, side=Side.RIGHT), "for the left insole, not for the right"),
        (replace(META, layout=load_layout("pedar-99:y")), "layout 'open-insole-16'"),
        (replace(META, layout=replace(load_layout("gaitpdb-8"), name=LAYOUT.name)), "16 sensors, the left foot has 8"),
        (replace(META, unit=Unit.KPA), "needs no calibration"),
    ]:
        with pytest.raises(CalibrationError, match=says):
            FOUND.on(other)


GOOD = {"side": "left", "layout": "l", **calibration_to_dict(MINE)}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1: this is not a calibration file"),
        (b'{\n  "side": left }', "line 2: this is not a calibration file"),
        (b"\xff\xfe\x00", "not text"),
        (b"[]", "which side"),
        (json.dumps({**GOOD, "side": "middle"}).encode(), "which side"),
        (json.dumps({**GOOD, "side": ["left"]}).encode(), "which side"),
        (json.dumps({**GOOD, "layout": 3}).encode(), "which side"),
        (json.dumps({**GOOD, "offset": [1.0]}).encode(), "each sensor needs"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "id"}).encode(), "not a calibration"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=says):
        read_calibration(path)


def test_no_file_is_said(tmp_path: Path) -> None:
    for missing in (tmp_path / "none.json", tmp_path):
        with pytest.raises(FormatError, match="cannot be read"):
            read_calibration(missing)


def test_any_cut_of_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    write_calibration(path, FOUND)
    whole: Any = path.read_bytes().rstrip()
    for stop in range(0, len(whole), 7):
        path.write_bytes(whole[:stop])
        with pytest.raises(FormatError):
            read_calibration(path)
