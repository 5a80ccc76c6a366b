"""Real recordings, against what others computed from the same files."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from analysis.evidence import Evidence
from analysis.prepare import prepare
from analysis.recipe import analyse
from ingest.files import read
from insole.recording import Recording, Side
from tests.analysis import made
from tests.support import shared

pytestmark = pytest.mark.shared
L, R = Side.LEFT, Side.RIGHT


def pedar() -> Recording:
    return read(shared("data/pedar/pedar_example.asc"))


def table(name: str) -> list[dict[str, str]]:
    with shared(f"reference/pressuRe/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_force_of_every_frame_is_the_peers() -> None:
    walk, curve = prepare(pedar()), table("curve_pedar")
    for side, column in ((L, "force_L_N"), (R, "force_R_N")):
        expected = np.array([float(row[column]) for row in curve])
        np.testing.assert_allclose(walk.feet[side].force, expected, atol=1e-6, rtol=0)


def test_forces_steps_and_strides_of_the_pedar_walk() -> None:
    report = analyse(pedar())
    expected = {L: (382.1, 850.1, 9, 7, 1.295), R: (509.4, 987.8, 8, 6, 1.290)}
    for side, (mean, most, steps, used, stride) in expected.items():
        assert report.get("force_mean_n", side=side).value == pytest.approx(mean, abs=0.05)
        assert report.get("force_max_n", side=side).value == pytest.approx(most, abs=0.05)
        assert report.get("steps_count", side=side).value == steps
        assert report.get("steps_used_count", side=side).value == used
        assert report.get("stride_time_s", side=side).value == pytest.approx(stride, abs=0.01)
        assert report.get("dead_sensors_count", side=side).value == 0
        share = report.get("load_share_pct", side=side).value
        means = [report.get("force_mean_n", side=s).value for s in Side]
        assert share == pytest.approx(100 * report.get("force_mean_n", side=side).value / sum(means), abs=1e-9)


def test_steps_of_the_pedar_walk_are_the_peers() -> None:
    evidence = Evidence(prepare(pedar()))
    for side in Side:
        theirs = [
            (int(row["FON"]) - 1, int(row["FOFF"]) - 1)  # they count frames from 1
            for row in table("select_steps_pedar_all")
            if row["side"].lower() == side
        ]
        ours = evidence.steps[side]
        assert len(ours) == len(theirs)
        for step, (on, off) in zip(ours, theirs, strict=True):
            assert 0 <= on - step.start <= 3  # theirs is the crossing of 10 %, ours of 5 %
            assert step.stop == pytest.approx(off, abs=1)


def test_peaks_of_the_pedar_walk_are_the_peers() -> None:
    report = analyse(pedar())
    regions = {"hindfoot": "rearfoot", "midfoot": "midfoot", "forefoot": "forefoot", "toes": "toes"}
    rows = [r for r in table("mask_analysis_pedar_pedar_mask1") if r["partial_sensors"] == "FALSE"]
    for theirs, ours in (("press_peak_sensor", "peak_pressure_kpa"), ("force_peak", "peak_force_n")):
        for side in Side:
            for mask, region in regions.items():
                name = f"{side[0].upper()}_{mask}_mask"
                peaks = [float(r["value"]) for r in rows if r["variable"] == theirs and r["mask_name"] == name]
                clean = peaks[1:-1]  # the first and the last step are not clean
                found = report.get(ours, side=side, region=region)
                assert found.n_steps == len(clean)
                assert found.value == pytest.approx(np.mean(clean), rel=1e-5)


GAITPDB = {  # file: stances L/R, cadence /min, symmetry index % without the first and last 10 s
    "GaCo02_01": (105, 107, 109.1, 0.9),
    "GaPt14_01": (117, 118, 120.0, -24.8),
    "JuCo02_01": (37, 36, 113.2, -1.2),
    "JuPt01_01": (71, 71, 109.1, -5.8),
    "SiCo01_01": (93, 94, 95.2, -3.1),
    "SiPt02_01": (108, 107, 107.9, 2.2),
}


@pytest.mark.parametrize("name", GAITPDB)
def test_gaitpdb_walks(name: str) -> None:
    path = shared(f"data/gaitpdb/{name}.txt")
    left, right, cadence, index = GAITPDB[name]
    recording = read(path)
    report = analyse(recording)
    assert report.get("steps_count", side=L).value == pytest.approx(left, abs=2)
    assert report.get("steps_count", side=R).value == pytest.approx(right, abs=2)
    assert report.get("cadence_spm").value == pytest.approx(cadence, abs=1)
    totals = np.loadtxt(path)[:, 17:].mean(axis=0)
    for side, total in zip(Side, totals, strict=True):
        assert report.get("force_mean_n", side=side).value == pytest.approx(total, abs=1e-3)
    whole = 200 * (totals[1] - totals[0]) / totals.sum()
    assert report.get("load_symmetry_index_pct").value == pytest.approx(whole, abs=1e-3)
    inner = made.changed(
        recording,
        sample=lambda f: f.sample[1000:-1000],
        time_s=lambda f: f.time_s[1000:-1000],
        values=lambda f: f.values[1000:-1000],
    )
    assert analyse(inner).get("load_symmetry_index_pct").value == pytest.approx(index, abs=0.1)


def moticon_total_force(side: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and the vendor's own total force of one foot; rows without it left out."""
    lines = shared("data/moticon/230927_102114.txt").read_text("utf-8").splitlines()
    names = next(line for line in reversed(lines) if line.startswith("#")).removeprefix("# ").split("\t")
    column = names.index(f"{side} total force[N]")
    rows = [cells for line in lines if line[:1].isdigit() and len(cells := line.split("\t")) > column and cells[column]]
    return np.array([float(c[0]) for c in rows]), np.array([float(c[column]) for c in rows])


@pytest.mark.parametrize("side", list(Side))
def test_events_of_a_moticon_walk_are_the_vendors(side: Side) -> None:
    time_s, force = moticon_total_force(side)
    sample = np.rint(time_s * 100).astype(int)
    layout = made.layout4()
    stream = made.stream(side, force[:, None] * np.full(4, 0.25), layout=layout, sample=sample)
    steps = Evidence(prepare(made.recording(stream))).steps[side]
    with shared("reference/moticon/steps_230927_102114.csv").open(encoding="utf-8", newline="") as file:
        theirs = [r for r in csv.DictReader(file) if r["side"].lower() == side]
    for row in theirs:
        step = min(steps, key=lambda s: abs(s.start_s - float(row["hs_time"])))
        assert step.start_s == pytest.approx(float(row["hs_time"]), abs=0.010)
        assert step.stop_s == pytest.approx(float(row["to_time"]), abs=0.010)
