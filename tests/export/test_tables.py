"""Steps, regions, values and centres of pressure: the numbers of the report, and what they are means of."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from analysis.options import Options
from analysis.recipe import Study, study
from ingest.files import read
from insole.cli.export import FORMATS
from insole.export import Choice, exporter, exporters, files_of, outgoing
from insole.recording import FootStream, Recording, Side
from insole.records import Mark, MarkKind
from tests.export.making import made, rows_of
from tests.support import ROOT, shared

PEDAR = ROOT / "fixtures" / "pedar_walk.asc"
MEANS = (
    ("peak_force_n", None),
    ("force_time_integral_ns", None),
    ("peak_pressure_kpa", None),
    ("mean_peak_pressure_kpa", None),
    ("pressure_time_integral_kpas", "novel"),
    ("pressure_time_integral_kpas", "melai"),
    ("contact_area_mm2", None),
    ("contact_time_pct", None),
)


@pytest.fixture(scope="module")
def walk() -> Recording:
    return read(PEDAR)


@pytest.fixture(scope="module")
def found(walk: Recording) -> Study:
    return study(walk)


def assert_means_are_the_reports(source: Recording, of: Study) -> None:
    regions = rows_of(made("regions", source)["walk.csv"])
    compared = 0
    for name, variant in MEANS:
        column = f"{name}_{variant}" if variant else name
        numbers = defaultdict(list)
        for row in regions:
            if row[column]:
                numbers[row["side"], row["region"]].append(float(row[column]))
        for (side, region), values in numbers.items():
            value = of.report.get(name, side=Side(side), region=region or None, variant=variant)
            assert value is not None
            assert value.n_steps == len(values)
            assert np.mean(values) == pytest.approx(value.value, rel=1e-12)
            compared += 1
        reported = [v for v in of.report.values if v.name == name and v.variant == variant]
        assert len(reported) == len(numbers)
    assert compared


def test_means_over_regions_of_steps_are_the_reports(walk: Recording, found: Study):
    assert_means_are_the_reports(walk, found)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["pedar/pedar_example.asc", "moticon/230927_102114.txt", "gaitpdb/GaCo02_01.txt"])
def test_means_over_regions_of_published_steps_are_the_reports(name: str):
    source = read(shared(f"data/{name}"))
    assert_means_are_the_reports(source, study(source))


def test_steps_are_those_of_the_report(walk: Recording, found: Study):
    rows = rows_of(made("steps", walk)["walk.csv"])
    for side in Side:
        mine, steps = [row for row in rows if row["side"] == side], found.steps[side]
        assert [(float(r["start_s"]), float(r["stop_s"]), r["why"]) for r in mine] == [
            (s.start_s, s.stop_s, s.why) for s in steps
        ]
        assert [row["clean"] for row in mine] == [str(int(s.clean)) for s in steps]
        assert all(bool(row["peak_force_n"]) == (row["clean"] == "1") for row in mine)
        strides = [float(row["stride_time_s"]) for row in mine if row["stride_time_s"]]
        value = found.report.get("stride_time_s", side=side)
        assert value is not None
        assert np.mean(strides) == pytest.approx(value.value)
        assert len(strides) == value.n_steps


def test_whole_feet_stand_in_both_tables(walk: Recording):
    steps, regions = (rows_of(made(name, walk)["walk.csv"]) for name in ("steps", "regions"))
    whole = {(r["side"], r["step"]): r["peak_pressure_kpa"] for r in regions if not r["region"]}
    assert whole == {(s["side"], s["step"]): s["peak_pressure_kpa"] for s in steps if s["clean"] == "1"}


def test_values_are_the_reports_to_the_last_bit(walk: Recording, found: Study):
    rows = rows_of(made("values", walk)["walk.csv"])
    assert [(r["name"], r["side"], r["region"], float(r["value"]), r["unit"], r["variant"]) for r in rows] == [
        (v.name, v.side or "", v.region or "", v.value, v.unit, v.variant or "") for v in found.report.values
    ]
    assert {row["algorithm"] for row in rows} == {found.report.software["algorithm"]}
    assert {row["recording"] for row in rows} == {"walk"}


def test_marks_change_what_leaves_as_they_change_the_report(walk: Recording):
    marks = (Mark(MarkKind.EXCLUDE, 0.0, 4.0),)
    expected = study(walk, Options(marks=marks)).report
    (table, *_) = files_of(exporter("values"), [outgoing(walk, marks=marks)], Choice())
    rows = rows_of(b"".join(table.chunks()))
    assert [float(row["value"]) for row in rows] == [v.value for v in expected.values]
    assert expected.values != study(walk).report.values


def test_centres_of_pressure_are_those_that_are_drawn(walk: Recording, found: Study):
    rows = rows_of(made("cop", walk)["walk.csv"])
    for side, foot in found.walk.feet.items():
        mine = [row for row in rows if row["side"] == side]
        cop = np.array([[float(row[f"cop_{axis}_mm"] or "nan") for axis in "xy"] for row in mine])
        np.testing.assert_array_equal(cop, found.cop[side])
        np.testing.assert_array_equal([float(row["force_n"] or "nan") for row in mine], foot.force)
        np.testing.assert_array_equal([float(row["time_s"]) for row in mine], foot.time_s)


def test_both_feet_side_by_side_are_the_rows_of_each(walk: Recording):
    left = walk.feet[Side.LEFT]
    kept = np.delete(np.arange(len(left.sample)), [3, 4, 40])
    fewer = cut(left, kept)
    source = Recording("", walk.started_at, {Side.LEFT: fewer, Side.RIGHT: walk.feet[Side.RIGHT]}, walk.about)
    rows = rows_of(made("csv-wide", source)["walk.csv"])
    assert len(rows) == len(left.sample)
    assert [i for i, row in enumerate(rows) if not row["left_sample"]] == [3, 4, 40]
    for side, foot in source.feet.items():
        mine = [row for row in rows if row[f"{side}_sample"]]
        assert [int(row[f"{side}_sample"]) for row in mine] == foot.sample.tolist()
        assert [float(row["time_s"]) for row in mine] == foot.time_s.tolist()
        values = np.array([[float(row[f"{side}_s{i:02d}_kpa"]) for i in range(1, 100)] for row in mine], np.float32)
        np.testing.assert_array_equal(values, foot.values)


def test_two_clocks_are_interleaved_and_nothing_is_resampled(walk: Recording):
    right = walk.feet[Side.RIGHT]
    later = cut(right, np.arange(len(right.sample)), shift_s=0.0031)
    source = Recording("", walk.started_at, {Side.LEFT: walk.feet[Side.LEFT], Side.RIGHT: later}, walk.about)
    rows = rows_of(made("csv-wide", source)["walk.csv"])
    assert len(rows) == len(walk.feet[Side.LEFT].sample) + len(right.sample)
    assert all(bool(row["left_sample"]) != bool(row["right_sample"]) for row in rows)
    times = [float(row["time_s"]) for row in rows]
    assert times == sorted(times)


def cut(foot: FootStream, rows: np.ndarray, *, shift_s: float = 0.0) -> FootStream:
    parts = {"sample": foot.sample[rows], "time_s": foot.time_s[rows] + shift_s, "values": foot.values[rows]}
    return FootStream(side=foot.side, layout=foot.layout, unit=foot.unit, rate_hz=foot.rate_hz, **parts)


@pytest.mark.parametrize("name", ["csv", "csv-wide", "parquet", "steps", "regions", "cop", "values"])
def test_each_column_is_in_the_dictionary(name: str, walk: Recording):
    files = made(name, walk)
    if name == "parquet":
        from pyarrow import BufferReader, parquet

        schema = parquet.read_schema(BufferReader(files["walk.parquet"]))
        columns = schema.names
        assert schema.field("s01_kpa").metadata[b"unit"] == b"kPa"
    else:
        columns = files["walk.csv"].decode().partition("\n")[0].split(",")
    entries = rows_of(files["walk.dictionary.csv"])
    assert [entry["name"] for entry in entries] == list(columns)
    assert all(entry["meaning"] for entry in entries)


def test_every_format_is_found_and_named_where_it_is_asked_for():
    assert set(FORMATS.replace(" or ", ", ").split(", ")) == set(exporters())
    assert all(form.title for form in exporters().values())
