"""C3D and MATLAB, as the libraries that others use read them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.recipe import study
from ingest.files import read
from insole.errors import ExportError
from insole.export import exporter, files_of, outgoing
from insole.recording import Side
from insole.records import Mark, MarkKind
from tests.export.making import PLAIN, made
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WALK = ROOT / "fixtures" / "moticon_walk.txt"
MARKS = (Mark(MarkKind.EVENT, 1.5, 1.5, Side.LEFT, text="stumbled"),)


def test_c3d_holds_force_and_centre_on_the_foots_own_grid(tmp_path: Path):
    ezc3d = pytest.importorskip("ezc3d", reason="needs the extra c3d")
    source, found = read(WALK), study(read(WALK))
    files = made("c3d", source, marks=MARKS)
    for side, foot in found.walk.feet.items():
        (tmp_path / "a.c3d").write_bytes(files[f"walk.{side}.c3d"])
        read_back = ezc3d.c3d(str(tmp_path / "a.c3d"))
        expected = np.column_stack([foot.force, found.cop[side]]).astype(np.float32).T
        np.testing.assert_array_equal(read_back["data"]["analogs"][0].astype(np.float32), expected)
        parameters = read_back["parameters"]
        assert parameters["ANALOG"]["LABELS"]["value"] == ["FORCE", "COPX", "COPY"]
        assert parameters["ANALOG"]["UNITS"]["value"] == ["N", "mm", "mm"]
        assert parameters["POINT"]["RATE"]["value"] == [foot.rate_hz]
        assert parameters["INSOLE"]["START_S"]["value"] == pytest.approx([foot.time_s[0]])
        minutes, seconds = parameters["EVENT"]["TIMES"]["value"]
        events = dict(zip(60 * minutes + seconds + foot.time_s[0], parameters["EVENT"]["LABELS"]["value"], strict=True))
        strikes = [time_s for time_s, label in events.items() if label == "Foot Strike"]
        assert strikes == pytest.approx([step.start_s for step in found.steps[side]], abs=1e-4)
        assert ("stumbled" in events.values()) == (side is Side.LEFT)


def test_a_long_foot_is_several_c3d_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ezc3d = pytest.importorskip("ezc3d", reason="needs the extra c3d")
    monkeypatch.setattr("insole.export.c3d.MOST_FRAMES", 100)
    source = read(WALK)
    files = made("c3d", source)
    found = study(source)
    parts = []
    for number in (1, 2, 3):
        (tmp_path / "a.c3d").write_bytes(files[f"walk.right.{number}.c3d"])
        parts.append(ezc3d.c3d(str(tmp_path / "a.c3d"))["data"]["analogs"][0, 0])
    force = found.walk.feet[Side.RIGHT].force
    np.testing.assert_array_equal(np.concatenate(parts), force.astype(np.float32))


def test_matlab_holds_the_samples_and_what_is_known():
    scipy_io = pytest.importorskip("scipy.io", reason="needs the extra matlab")
    source = read(ROOT / "fixtures" / "orphe_sensor-left.csv")
    files = made("mat", source, marks=MARKS)
    found = scipy_io.loadmat(io.BytesIO(files["walk.mat"]), squeeze_me=True, struct_as_record=False)
    left, foot = found["left"], source.feet[Side.LEFT]
    np.testing.assert_array_equal(left.values, foot.values)
    np.testing.assert_array_equal(left.time_s, foot.time_s)
    np.testing.assert_array_equal(left.inertial, foot.inertial)
    assert tuple(left.inertial_channels) == foot.inertial_channels
    assert (left.unit, left.rate_hz) == (foot.unit, foot.rate_hz)
    assert (found["marks"].text, found["marks"].start_s) == ("stumbled", 1.5)
    assert b"2026" not in files["walk.mat"][:128]


@pytest.mark.parametrize(("name", "module", "extra"), [("c3d", "ezc3d", "c3d"), ("mat", "scipy.io", "matlab")])
def test_what_is_not_installed_is_told_with_its_extra(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    (first, *_) = files_of(exporter(name), [outgoing(read(WALK))], PLAIN)
    with pytest.raises(ExportError, match=rf"pip install 'insole\[{extra}\]'"):
        list(first.chunks())
