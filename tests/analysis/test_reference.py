"""Real recordings, against what a peer (pressuRe 0.2.7) computed from the same files.

The peer zeroes nothing, finds steps at one level (10 % of the range) and counts a sensor above
0 kPa as loaded; so these tests ask our own functions for the same.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.contacts import find_contacts
from analysis.evidence import Evidence
from analysis.levels import Levels
from analysis.options import Options
from analysis.prepare import prepare
from analysis.recipe import analyse
from analysis.stances import Stances, stances_of
from ingest.files import read
from insole.recording import Recording, Side
from insole.report import Step
from tests.support import shared

if TYPE_CHECKING:
    from analysis.walk import FootWalk, Walk

pytestmark = pytest.mark.shared
L, R = Side.LEFT, Side.RIGHT

REGIONS = {
    1: ("zones4", {"hindfoot": "rearfoot", "midfoot": "midfoot", "forefoot": "forefoot", "toes": "toes"}),
    3: (
        "zones9",
        {
            "medial_hindfoot": "heel_medial",
            "lateral_hindfoot": "heel_lateral",
            "medial_midfoot": "midfoot_medial",
            "lateral_midfoot": "midfoot_lateral",
            "MTPJ1": "mth1",
            "MTPJ23": "mth2_3",
            "MTPJ45": "mth4_5",
            "hallux": "hallux",
            "lesser_toes": "toes",
        },
    ),
}
"""The peer's masks: the name of ours, and the peer's regions to ours."""


def pedar() -> Recording:
    return read(shared("data/pedar/pedar_example.asc"))


@cache
def walk() -> Walk:
    return prepare(pedar(), zero=False)


def table(name: str) -> list[dict[str, str]]:
    with shared(f"reference/pressuRe/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def peers_level(foot: FootWalk) -> Levels:
    low, high = float(foot.force.min()), float(foot.force.max())
    level = low + 0.1 * (high - low)
    return Levels(swing=low, on=level, off=level, least_peak=low, loaded=high)


def peers_steps(side: Side) -> list[tuple[int, int]]:
    rows = [r for r in table("select_steps_pedar_all") if r["side"].lower() == side]
    return [(int(r["FON"]), int(r["FOFF"])) for r in rows]


def test_force_of_every_frame_is_the_peers() -> None:
    curve = table("curve_pedar")
    for side, column in ((L, "force_L_N"), (R, "force_R_N")):
        expected = np.array([float(row[column]) for row in curve])
        np.testing.assert_allclose(walk().feet[side].force, expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize("side", list(Side))
def test_step_frames_at_the_peers_level_are_the_peers(side: Side) -> None:
    foot = walk().feet[side]
    found = [c for c in find_contacts(foot, peers_level(foot)) if c.complete]
    assert [(c.start + 1, c.stop + 1) for c in found] == peers_steps(side)  # they count frames from 1


@pytest.mark.parametrize("side", list(Side))
def test_step_frames_at_our_levels_are_near_the_peers(side: Side) -> None:
    ours, theirs = Evidence(walk()).steps[side], peers_steps(side)
    assert len(ours) == len(theirs)
    for step, (on, off) in zip(ours, theirs, strict=True):
        assert 0 <= on - 1 - step.start <= 3  # theirs is the crossing of 10 %, ours of 5 %
        assert step.stop == pytest.approx(off - 1, abs=1)


def stances(side: Side, mask: str) -> Stances:
    """The peer's steps, which take in the first frame after foot-off."""
    foot = walk().feet[side]
    steps = [Step(side, on - 1, off, 0.0, 0.0) for on, off in peers_steps(side)]
    found = stances_of(foot, steps, mask=foot.layout.masks[mask], threshold_kpa=0.0)
    assert found is not None
    return found


def our_values(s: Stances) -> dict[str, np.ndarray]:
    ever_m2 = np.where(s.ever_mm2 > 0, s.ever_mm2, np.nan) * 1e-6
    return {
        "press_peak_sensor": s.most(s.peak),
        "press_peak_mask": s.most(s.force) / ever_m2 * 1e-3,
        "pti_1": s.total(s.peak),
        "pti_2": s.integral(s.force) / ever_m2 * 1e-3,
        "fti": s.integral(s.force),
        "force_peak": s.most(s.force),
        "contact_area_peak": s.most(s.area_mm2) * 1e-6,
    }


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("number", REGIONS)
def test_every_value_of_every_step_and_region_is_the_peers(number: int, side: Side) -> None:
    mask, names = REGIONS[number]
    s = stances(side, mask)
    ours = our_values(s)
    cycles = [k for k, row in enumerate(table("select_steps_pedar_all"), 1) if row["side"].lower() == side]
    compared = 0
    for row in table(f"mask_analysis_pedar_pedar_mask{number}"):
        if row["side"].lower() != side or row["variable"] not in ours:
            continue  # the peer's dpli is not among our values
        region = names[row["mask_name"].split("_", 1)[1].removesuffix("_mask")]
        value = ours[row["variable"]][cycles.index(int(row["cycle"])), s.regions.index(region)]
        theirs = np.nan if row["value"] == "NA" else float(row["value"])
        assert value == pytest.approx(theirs, rel=1e-9, abs=1e-15, nan_ok=True), row
        compared += 1
    assert compared == 2 * len(ours) * len(cycles) * len(names)  # with and without partial sensors


def test_peaks_of_the_report_are_the_means_of_the_peers_steps() -> None:
    report = analyse(pedar(), Options(zero=False))
    rows = [r for r in table("mask_analysis_pedar_pedar_mask1") if r["partial_sensors"] == "FALSE"]
    for theirs, ours in (("press_peak_sensor", "peak_pressure_kpa"), ("force_peak", "peak_force_n")):
        for side in Side:
            for mask, region in REGIONS[1][1].items():
                name = f"{side[0].upper()}_{mask}_mask"
                peaks = [float(r["value"]) for r in rows if r["variable"] == theirs and r["mask_name"] == name]
                clean = peaks[1:-1]  # the first and the last step are not clean
                found = report.get(ours, side=side, region=region)
                assert found.n_steps == len(clean)
                assert found.value == pytest.approx(np.mean(clean), rel=1e-9)


def test_a_mask_that_is_asked_for_gives_its_regions() -> None:
    report = analyse(pedar(), Options(mask="zones9"))
    regions = {v.region for v in report.values} - {None}
    assert regions == set(REGIONS[3][1].values())


def test_the_centre_of_pressure_moves_as_the_peers() -> None:
    """Theirs weighs by pressure on a unit grid, ours by force in mm: the courses agree to a few mm."""
    rows = table("DERIVED_cop_pedar_grid_units")
    evidence = Evidence(walk())
    for side in Side:
        y = np.array(
            [float(r[f"{side[0].upper()}_y"]) if r[f"{side[0].upper()}_y"] not in {"NA", ""} else np.nan for r in rows]
        )
        cop, foot = evidence.cop[side], evidence.walk.feet[side]
        loaded = np.isfinite(cop[:, 1]) & np.isfinite(y) & (foot.force > 200)
        ratio = np.polyfit(y[loaded], cop[loaded, 1], 1)
        assert np.abs(np.polyval(ratio, y[loaded]) - cop[loaded, 1]).max() < 3
