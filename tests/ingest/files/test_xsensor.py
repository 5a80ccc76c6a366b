"""XSENSOR exports: our example, a published walk, and what goes wrong in files."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fixtures.grids import MATRICES
from ingest.files import read
from insole.errors import FormatError
from insole.recording import FootStream, Side, Unit
from tests.support import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "fixtures" / "xsensor_walk.csv"


@pytest.fixture
def text() -> str:
    return EXAMPLE.read_text("utf-8-sig")


@pytest.fixture
def reread(tmp_path: Path):
    def write_and_read(text: str):
        path = tmp_path / "walk.csv"
        path.write_bytes(text.encode("utf-8-sig"))
        return read(path)

    return write_and_read


def force_n(foot: FootStream) -> np.ndarray:
    return foot.values.astype(float) @ foot.layout.area_mm2 * 1e-3


def said(text: str, field: str) -> dict[Side, np.ndarray]:
    """What a file says of each foot in every frame."""
    found = re.findall(rf"SENSOR,[^,\n]*-([LR])F(?:(?!SENSELS).)*?\n{re.escape(field)},([\d.]+)", text, re.DOTALL)
    return {side: np.array([float(v) for s, v in found if s.lower() == side[0]]) for side in Side}


def test_every_value_of_the_example_is_read():
    matrix = next(m for m in MATRICES if m.name == EXAMPLE.name)
    recording = read(EXAMPLE)
    for side in Side:
        foot = recording.feet[side]
        np.testing.assert_allclose(
            foot.values, matrix.matrices(side)[:, matrix.present] * matrix.kpa_per_unit, rtol=1e-6
        )
        assert foot.unit is Unit.KPA
        np.testing.assert_allclose(foot.time_s, np.arange(18) * 0.07, atol=1e-6)
        np.testing.assert_array_equal(foot.sample, np.arange(18))
        assert foot.rate_hz == pytest.approx(1 / 0.07)
    assert recording.started_at == datetime(2025, 3, 6, 23, 59, 59, tzinfo=UTC), "and ends after midnight"
    assert recording.about.device == "XSENSOR SYN16-DFM"


@pytest.mark.shared
def test_load_and_contact_area_of_a_published_walk_are_the_vendors():
    path = shared("data/xsensor/walk_4kmh.csv")
    recording = read(path)
    text = path.read_text("utf-8-sig")
    load, area = said(text, "Est. Load (N)"), said(text, "Contact Area (cm²)")
    for side in Side:
        foot = recording.feet[side]
        assert len(foot.sample) == 101
        np.testing.assert_allclose(force_n(foot), load[side], rtol=0, atol=0.02)
        np.testing.assert_allclose((foot.values > 0) @ foot.layout.area_mm2 / 100, area[side], rtol=0, atol=0.01)
        assert foot.layout.area_mm2[0] == pytest.approx(86 * 86 / 100, rel=0.003)
        assert foot.missing_samples == 0
    assert recording.started_at == datetime(2022, 8, 16, 8, 21, 17, 982000, tzinfo=UTC)
    assert any("4 of the insole's cells never" in note for note in recording.about.notes)


@pytest.mark.shared
def test_orientation_of_a_published_walk():
    """What it was settled by: toe-off is at the hallux, and the step begins at the heel."""
    recording = read(shared("data/xsensor/walk_4kmh.csv"))
    left = recording.feet[Side.LEFT]
    mask = left.layout.masks["zones9"]
    assert left.values[:, mask.members("hallux")].max() == left.values.max()
    for foot in recording.feet.values():
        load = force_n(foot)
        along = (foot.values @ foot.layout.xy_mm[:, 1])[load > 0] / foot.values.sum(axis=1)[load > 0]
        assert np.median(np.diff(along)) > 0
        medial = foot.values @ np.where(foot.layout.xy_mm[:, 0] > 0, 1.0, 0.0)
        midfoot = foot.layout.masks["zones3"].members("midfoot")
        assert (foot.values[:, midfoot] @ foot.layout.xy_mm[midfoot, 0]).sum() < 0
        assert medial.any()


def test_files_without_comma_lines_read_the_same(text: str, reread):
    found = reread(re.sub(r"\n,+(?=\n)", "", text))
    for side in Side:
        np.testing.assert_array_equal(found.feet[side].values, read(EXAMPLE).feet[side].values)


@pytest.mark.parametrize(("unit", "factor"), [("kPa", 1.0), ("psi", 6.894757293168361)])
def test_units(unit: str, factor: float, text: str, reread):
    """Loads are in N whatever the unit, so they are scaled with it."""
    ratio = factor / 0.13332236842105263
    scaled = re.sub(r"Est. Load \(N\),([\d.]+)", lambda m: f"Est. Load (N),{float(m[1]) * ratio / 100:.2f}", text)
    scaled = re.sub(
        r"SENSELS(.*?)(?=SENSOR|GROUP|FRAME)",
        lambda m: re.sub(r"\d+\.\d+", lambda v: f"{float(v[0]) / 100:.4f}", m[0]),
        scaled,
        flags=re.DOTALL,
    )
    found = reread(scaled.replace("Units:,mmHg", f"Units:,{unit}"))
    expected = read(EXAMPLE).feet[Side.LEFT].values * ratio / 100
    np.testing.assert_allclose(found.feet[Side.LEFT].values, expected, rtol=1e-3, atol=1e-3)


def frames(text: str) -> list[str]:
    return re.split(r"(?=^FRAME,)", text, flags=re.MULTILINE)


def test_a_left_out_frame_is_a_gap(text: str, reread):
    parts = frames(text)
    del parts[5]
    foot = reread("".join(parts)).feet[Side.LEFT]
    assert foot.missing_samples == 1
    assert foot.sample.tolist() == [0, 1, 2, 3, *range(5, 18)]


def test_one_foot_alone_is_read(text: str, reread):
    alone = re.sub(r"^SENSOR,SYN16-DFM-RF.*?(?=^GROUP)", "", text, flags=re.MULTILINE | re.DOTALL)
    assert list(reread(alone).feet) == [Side.LEFT]


def test_a_persons_name_is_not_kept(text: str, reread):
    assert "Mustermann" not in repr(reread(text.replace("synthetic.xsn", "Erika Mustermann.xsn")).about)


@pytest.mark.parametrize("change", ["duplicate", "swap"])
def test_frames_out_of_order_are_refused(change: str, text: str, reread):
    parts = frames(text)
    if change == "duplicate":
        parts.insert(5, parts[4])
    else:
        parts[5], parts[6] = parts[6], parts[5]
    with pytest.raises(FormatError, match="does not follow the one before") as e:
        reread("".join(parts))
    assert e.value.line is not None


def changed(old: str, new: str):
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (changed("Units:,mmHg", "Units:,bananas"), "not a unit of pressure"),
        (changed("Units:,mmHg", "Units:,kPa"), "the file gives"),
        (changed("2025 Mar 06", "2025 Mar 36"), "date is none"),
        (changed("2025 Mar 06", "2025 Xyz 06"), "date is none"),
        (changed("Time, 23:59:59.070", "Time, 23:59:59.009"), "does not follow"),
        (changed("Time, 23:59:59.070", "Time, 11:00:00.000"), "does not follow"),
        (changed("Date, ", "Day, "), "no number, date or time"),
        (changed("Rows,16", "Rows,15"), "other parts"),
        (changed("Rows,16", "Rows,17"), "16 rows, not 17"),
        (changed("Rows,16", "Rows,9999"), "no insole"),
        (changed("Columns,7", "Columns,0"), "no insole"),
        (changed("-LF S0001", "-XF S0001"), "no insole"),
        (changed("SENSOR,SYN16-DFM-RF", "SENSOR,SYN16-DFM-LF"), "one insole a foot"),
        (changed("SENSOR,SYN16-DFM-RF", "SENSOR,SYN17-DFM-RF"), "change within the file"),
        (changed("Total Area (cm²),", "Total Area (cm²),9"), "change within the file"),
        (lambda text: text.replace("Total Area (cm²),2", "Total Area (cm²),92"), "do not fit"),
        (lambda text: re.sub(r"Est. Load \(N\),(?!0)", "Est. Load (N),9", text, count=1), "the file gives"),
        (lambda text: text[: text.rindex("FRAME,")] + "FRAME,", "no number"),
        (lambda text: text[: text.rindex("GROUP")], "other parts"),
        (
            lambda text: text[: text.index("FRAME,")] + text[text.index("FRAME,") :].replace("FRAME", "FROM"),
            "no known format",
        ),
    ],
)
def test_damage_is_refused(change, words: str, text: str, reread):
    with pytest.raises(FormatError, match=words):
        reread(change(text))


def test_a_damaged_cell_is_refused_at_its_line(text: str, reread):
    lines = text.split("\n")
    row = next(i for i, line in enumerate(lines) if line.startswith("SENSELS")) + 2 * 5
    lines[row] = "x" + lines[row]
    with pytest.raises(FormatError, match="column 1 holds 'x") as e:
        reread("\n".join(lines))
    assert e.value.line == row + 1


def test_every_cut_is_refused(text: str, reread):
    for cut in [*range(1, len(text) - 30, 1499), len(text.rstrip("\n,")) - 2]:
        with pytest.raises(FormatError):
            reread(text[:cut])
