"""Tidy CSV out: every bit comes back, gaps and missing values stay so."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from insole.export import Choice
from insole.export._text import ROWS_PER_BATCH
from insole.layout import load_layout
from insole.recording import Recording, Side, Unit
from insole.walker import Gait, Walker
from tests.export.making import foot, made, recording, rows_of

SUFFIX = {Unit.COUNTS: "counts", Unit.KPA: "kpa", Unit.N: "n"}


def table_of(source: Recording) -> list[dict[str, str]]:
    return rows_of(made("csv", source)["walk.csv"])


def dictionary(source: Recording) -> list[dict[str, str]]:
    return rows_of(made("csv", source)["walk.dictionary.csv"])


def assert_comes_back(source: Recording) -> None:
    rows = table_of(source)
    for side, stream in source.feet.items():
        mine = [r for r in rows if r["side"] == side]
        names = [f"s{i:02d}_{SUFFIX[stream.unit]}" for i in range(1, stream.layout.n_sensors + 1)]
        cells = [[r[name] for name in names] for r in mine]
        values = np.array([[c or "nan" for c in row] for row in cells], float).astype(stream.values.dtype)
        np.testing.assert_array_equal(values.reshape(stream.values.shape), stream.values)
        assert [int(r["sample"]) for r in mine] == stream.sample.tolist()
        assert [float(r["time_s"]) for r in mine] == stream.time_s.tolist()
        moves = np.array([[r[c] or "nan" for c in stream.inertial_channels] for r in mine], float)
        if stream.inertial is not None:
            np.testing.assert_array_equal(moves.astype(np.float32), stream.inertial)
    assert len(rows) == sum(len(f.sample) for f in source.feet.values())


finite = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(arrays(np.float32, (3, 8), elements=finite), arrays(np.uint16, (2, 8)))
@settings(deadline=None, max_examples=60)
def test_every_bit_comes_back(floats: np.ndarray, counts: np.ndarray):
    assert_comes_back(recording(foot(Side.LEFT, floats, Unit.N), foot(Side.RIGHT, counts, Unit.COUNTS)))


MOVING = ("acc_x_g", "gyro_z_dps")


@given(arrays(np.float32, (3, 2), elements=finite | st.just(np.float32(np.nan))))
@settings(deadline=None, max_examples=60)
def test_every_inertial_bit_comes_back(inertial: np.ndarray):
    left = foot(Side.LEFT, np.zeros((3, 8), np.float32), Unit.N, inertial=inertial, inertial_channels=MOVING)
    assert_comes_back(recording(left, foot(Side.RIGHT, np.zeros((2, 8), np.float32), Unit.N)))


def test_inertial_channels_stand_after_the_pressures_and_in_the_dictionary():
    values = np.zeros((1, 8), np.float32)
    left = foot(Side.LEFT, values, Unit.N, inertial=np.array([[0.5, np.nan]], np.float32), inertial_channels=MOVING)
    quat = {"inertial": np.array([[0.25, 1]], np.float32), "inertial_channels": ("acc_x_g", "quat_w")}
    source = recording(left, foot(Side.RIGHT, values, Unit.N, **quat))
    rows = table_of(source)
    assert list(rows[0])[-4:] == ["s08_n", "acc_x_g", "gyro_z_dps", "quat_w"]
    assert [list(row.values())[-3:] for row in rows] == [["0.5", "", ""], ["0.25", "", "1"]]
    entries = dictionary(source)
    assert [e["name"] for e in entries] == list(rows[0])
    assert [e["unit"] for e in entries[-3:]] == ["g", "°/s", ""]
    assert entries[-3]["meaning"].startswith("left and right: acceleration, gravity included, x as the device")
    assert entries[-2]["meaning"].startswith("left: rotation rate, z as")


@given(st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=20, unique=True))
@settings(deadline=None, max_examples=60)
def test_every_bit_of_the_time_comes_back(times: list[float]):
    time_s = np.array(sorted(times))
    assert_comes_back(recording(foot(Side.LEFT, np.zeros((len(times), 8), np.float32), Unit.N, time_s=time_s)))


def test_a_walk_longer_than_a_batch_comes_back():
    gait = Gait(duration_s=(ROWS_PER_BATCH + 100) / 100, gaps={Side.LEFT: ((1.0, 1.5), (41.0, 41.01))})
    walk = Walker(gait, load_layout("gaitpdb-8")).recording()
    assert walk.feet[Side.LEFT].missing_samples == 51
    assert len(walk.feet[Side.RIGHT].sample) > ROWS_PER_BATCH
    assert_comes_back(walk)


def test_missing_values_are_empty_and_zero_is_zero():
    values = np.array([[np.nan, 0, 1.5, 0, 0, 0, 0, np.nan]], np.float32)
    row = table_of(recording(foot(Side.LEFT, values, Unit.N)))[0]
    assert list(row.values())[3:] == ["", "0", "1.5", "0", "0", "0", "0", ""]


def test_counts_are_whole_numbers():
    row = table_of(recording(foot(Side.LEFT, np.array([[0, 1, 4095, 7, 7, 7, 7, 65535]], np.uint16), Unit.COUNTS)))[0]
    assert list(row.values())[3:] == ["0", "1", "4095", "7", "7", "7", "7", "65535"]


def test_feet_with_other_sensors_leave_cells_empty():
    left = foot(Side.LEFT, np.ones((1, 8), np.float32), Unit.N)
    right = foot(Side.RIGHT, np.full((1, 99), 2, np.float32), Unit.KPA, "pedar-99:x")
    rows = table_of(recording(left, right))
    assert rows[0]["s08_n"] == "1"
    assert rows[0]["s99_kpa"] == ""
    assert rows[1]["s08_n"] == ""
    assert rows[1]["s99_kpa"] == "2"


def test_an_empty_recording_has_a_header_only():
    assert table_of(recording(foot(Side.LEFT, np.empty((0, 8), np.float32), Unit.N))) == []


def test_its_dictionary_names_each_column_once():
    source = recording(foot(Side.RIGHT, np.ones((2, 8), np.float32), Unit.N))
    assert [entry["name"] for entry in dictionary(source)] == list(table_of(source)[0])


def test_a_second_line_of_units():
    files = made("csv", recording(foot(Side.LEFT, np.ones((2, 8), np.float32), Unit.N)), choice=Choice(units_row=True))
    names, units, *rows = files["walk.csv"].decode().splitlines()
    assert dict(zip(names.split(","), units.split(","), strict=True))["s08_n"] == "N"
    assert units.startswith(",,s,N,")
    assert len(rows) == 2


def test_the_dictionary_gives_unit_place_and_area():
    source = recording(foot(Side.LEFT, np.ones((1, 99), np.float32), Unit.KPA, "pedar-99:x"))
    entry = dictionary(source)[3]
    layout = load_layout("pedar-99:x")
    assert entry["name"] == "s01_kpa"
    assert entry["unit"] == "kPa"
    assert f"x {layout.xy_mm[0, 0]:g} mm" in entry["meaning"]
    assert "172 mm²" in entry["meaning"]
    schematic = recording(foot(Side.LEFT, np.ones((1, 8), np.float32), Unit.N))
    assert "nominal" in dictionary(schematic)[3]["meaning"]
