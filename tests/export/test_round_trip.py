"""What was exported comes back: the same recording, bit for bit, from CSV, Parquet and BIDS."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ingest.files import understand
from insole.calibration import Calibration
from insole.export import Choice, exporter, files_of, outgoing, zipped
from insole.layout import load_layout
from insole.recording import ClockFit, FootStream, Recording, Side, Unit
from insole.records import Mark, MarkKind
from insole.walker import Gait, Walker
from tests.export.making import PLAIN, foot, made, put, recording, same
from tests.support import ROOT, shared

FORMATS = ("csv", "parquet", "bids")
EXAMPLES = (
    "pedar_walk.asc",
    "gaitpdb_walk.txt",
    "moticon_walk.txt",
    "loadsol_walk.txt",
    "stappone_walk.csv",
    "emed_step.lst",
    "fscan_walk_L.asf",
    "xsensor_walk.csv",
    "orphe_sensor-left.csv",
)
PUBLISHED = (
    "pedar/pedar_example.asc",
    "moticon/230927_102114.txt",
    "loadsol/test_pointe_1_05_02.txt",
    "gaitpdb/GaCo02_01.txt",
    "stappone/stappone_example.csv",
    "emed/emed_test.lst",
    "xsensor/walk_4kmh.csv",
)
MARKS = (
    Mark(MarkKind.EXCLUDE, 0.1, 0.2, text='=turned, "round"\nand round'),
    Mark(MarkKind.EVENT, 0.25, 0.25, Side.LEFT, text="heel strike"),
)


def back(name: str, source: Recording, *, marks: tuple[Mark, ...] = (), choice: Choice = PLAIN) -> Any:
    """What is understood of an export, as a zip."""
    files = files_of(exporter(name), [outgoing(source, marks=marks, called="walk")], choice)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "walk.zip"
        path.write_bytes(b"".join(zipped(files)))
        return understand(path)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_each_format_comes_back(name: str, example: str):
    expected = understand(ROOT / "fixtures" / example).recording
    found = back(name, expected)
    same(found.recording, expected)
    assert found.recording.started_at == expected.started_at
    assert found.recording.about.device == expected.about.device


@pytest.mark.shared
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("published", PUBLISHED)
def test_a_published_recording_comes_back(name: str, published: str):
    expected = understand(shared(f"data/{published}"))
    found = back(name, expected.recording, marks=expected.marks)
    same(found.recording, expected.recording)
    assert name == "bids" or found.marks == expected.marks


force_n = st.floats(-1000, 1000, width=32) | st.just(np.float32(np.nan)) | st.just(np.float32(-0.0))
motion = st.floats(-1e5, 1e5, width=32) | st.just(np.float32(np.nan))


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
@settings(deadline=None, max_examples=25)
def test_any_values_gaps_and_times_come_back(name: str, data: st.DataObject):
    """Also rows in which everything is missing: they were samples, and still are."""

    def any_foot(side: Side) -> FootStream:
        n = data.draw(st.integers(1, 6))
        counts = data.draw(st.booleans())
        values = data.draw(arrays(np.uint16, (n, 8)) if counts else arrays(np.float32, (n, 8), elements=force_n))
        values = values if counts else np.where(np.arange(n * 8).reshape(n, 8) == 0, np.float32(1.5), values)
        steps_us = data.draw(arrays(np.int64, n, elements=st.integers(1, 10**9)))
        given = {
            "sample": np.cumsum(data.draw(arrays(np.int64, n, elements=st.integers(1, 10**6)))),
            "time_s": np.cumsum(steps_us) * 1e-6,
            "inertial": data.draw(arrays(np.float32, (n, 2), elements=motion)),
            "inertial_channels": ("acc_x_g", "quat_w"),
            "saturation": data.draw(st.none() | st.floats(1, 1e4)),
            "rate_hz": data.draw(st.floats(1, 1000)),
        }
        return foot(side, values, Unit.COUNTS if counts else Unit.N, **given)

    sides = data.draw(st.sampled_from([tuple(Side), (Side.LEFT,), (Side.RIGHT,)]))
    expected = recording(*(any_foot(side) for side in sides))
    found = back(name, expected).recording
    same(found, expected)
    for side, theirs in expected.feet.items():
        np.testing.assert_array_equal(np.signbit(found.feet[side].values), np.signbit(theirs.values))


def walk(seconds: float = 3.0) -> Recording:
    """Counts with a calibration and gaps, from two clocks."""
    gait = Gait(duration_s=seconds, gaps={Side.LEFT: ((1.0, 1.5),)})
    walked = Walker(gait, load_layout("open-insole-16")).recording()
    calibration = Calibration("left-1", date(2025, 1, 1), "bench", np.full(16, 20.0), np.full(16, 0.5), 1.0)
    feet = []
    for side, one in walked.feet.items():
        counts = np.nan_to_num(np.asarray(one.values, np.float64)).astype(np.uint16)
        given = {"sample": one.sample, "time_s": one.time_s, "clock": ClockFit(0.0, 1.0, 2e-4)}
        feet.append(foot(side, counts, Unit.COUNTS, "open-insole-16", calibration=calibration, **given))
    about = {"subject_code": "P-1", "condition": "shoe", "task": "walking", "body_mass_kg": 70.5, "notes": ("ran",)}
    return recording(*feet, **about)


@pytest.mark.parametrize("name", FORMATS)
def test_calibrations_and_what_is_known_come_back(name: str):
    expected = walk()
    found = back(name, expected, choice=Choice(dated=True)).recording
    same(found, expected)
    for key in ("subject_code", "condition", "task", "body_mass_kg"):
        assert getattr(found.about, key) == getattr(expected.about, key)
    assert found.started_at == expected.started_at
    if name != "bids":
        assert found.about.notes == expected.about.notes
        assert found.feet[Side.LEFT].clock.residual_s == 2e-4


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_marks_come_back_as_they_were_written(name: str):
    assert back(name, walk(), marks=MARKS).marks == MARKS


@pytest.mark.parametrize("name", ["csv", "csv-wide", "parquet", "bids"])
def test_parts_are_one_whatever_their_size(name: str, monkeypatch: pytest.MonkeyPatch):
    source = walk(4.0)
    whole = made(name, source)
    monkeypatch.setattr("insole.export._outgoing.PART_VALUES", 1600)
    parts = made(name, source)
    if name == "parquet":  # row groups differ, rows do not
        from pyarrow import BufferReader, parquet

        tables = [parquet.read_table(BufferReader(files["walk.parquet"])) for files in (whole, parts)]
        assert tables[0].equals(tables[1])
        assert parquet.ParquetFile(BufferReader(parts["walk.parquet"])).num_row_groups > 2
    else:
        assert parts == whole


@pytest.mark.parametrize("name", ["csv", "csv-wide"])
def test_a_line_of_units_does_no_harm(name: str, tmp_path: Path):
    source = understand(ROOT / "fixtures" / "moticon_walk.txt").recording
    plain, with_units = made(name, source), made(name, source, choice=Choice(units_row=True))
    assert with_units["walk.csv"].splitlines()[2:] == plain["walk.csv"].splitlines()[1:]
    if name == "csv":
        put(with_units, tmp_path)
        same(understand(tmp_path / "walk.csv").recording, source)
