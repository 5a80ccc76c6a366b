"""Quiet standing: found where it is, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence import Evidence
from analysis.options import Options
from analysis.prepare import prepare
from analysis.recipe import analyse, study
from ingest.files import read
from insole.layout import load_layout
from insole.recording import Recording, Side, Unit
from insole.records import Mark, MarkKind
from insole.units import weight_n
from insole.walker import Gait, Walker
from tests.analysis import made
from tests.support import shared

if TYPE_CHECKING:
    from analysis.standing import Stretch
    from insole.typing import F64

L, R = Side.LEFT, Side.RIGHT
LAYOUT = load_layout("open-insole-16")
STILL = np.array([1.0, 1.0, 0.5, 0.5]) / 3
"""A standing foot's load on four sensors: two thirds on the heel."""


def standing_in(recording: Recording, *marks: Mark) -> tuple[Stretch, ...]:
    return Evidence(prepare(recording), options=Options(marks=marks)).standing


def feet(left_n: F64, right_n: F64, **about: float) -> Recording:
    """Two feet by their forces at 100 Hz."""
    return made.recording(made.stream(L, left_n[:, None] * STILL), made.stream(R, right_n[:, None] * STILL), **about)


def level(n: float, seconds: float) -> F64:
    return np.full(round(100 * seconds), n)


@pytest.mark.parametrize("unit", [Unit.KPA, Unit.COUNTS])
@pytest.mark.parametrize("index", [-60.0, -9.0, 0.0, 12.0, 120.0])
@pytest.mark.parametrize("noise_kpa", [0.0, 2.0])
def test_the_walkers_asymmetry_within_a_tenth_of_a_point(index: float, noise_kpa: float, unit: Unit) -> None:
    walker = Walker(
        Gait(load_symmetry_index_pct=index, noise_kpa=noise_kpa, stand_s=20, duration_s=35, rate_hz=100), LAYOUT
    )
    found = study(walker.recording(unit=unit))
    assert found.report.get("standing_asymmetry_pct_bw").value == pytest.approx(
        walker.truth.standing_asymmetry_pct_bw, abs=0.1
    )
    for side, share in walker.truth.load_share_pct.items():
        assert found.report.get("standing_load_share_pct", side=side).value == pytest.approx(share, abs=0.05)
    (stretch,) = found.standing
    assert stretch.start_s == 0
    assert 17 < stretch.stop_s <= 19.5, "less the shift of weight before the first step"


def test_loads_of_a_still_stand() -> None:
    found = made.keyed(analyse(feet(level(200, 8), level(300, 8))))
    expected = {
        ("standing_time_s", None): 8.0,
        ("standing_asymmetry_pct_bw", None): 20.0,
        ("standing_load_share_pct", L): 40.0,
        ("standing_load_share_pct", R): 60.0,
        **{("standing_fore_load_share_pct", side): 100 / 3 for side in (L, R, None)},
        **{("standing_rear_load_share_pct", side): 200 / 3 for side in (L, R, None)},
    }
    standing = {key[:2]: value for key, value in found.items() if key[0].startswith("standing")}
    assert standing == pytest.approx(expected, rel=1e-6)


def test_both_feet_lean_as_their_forces_do() -> None:
    heel, toes = np.array([1, 1, 0, 0]) / 2, np.array([0, 0, 1, 1]) / 2
    left, right = np.full((800, 1), 300.0) * heel, np.full((800, 1), 100.0) * toes
    report = analyse(made.recording(made.stream(L, left), made.stream(R, right)))
    assert report.get("standing_rear_load_share_pct", side=L).value == pytest.approx(100)
    assert report.get("standing_fore_load_share_pct", side=R).value == pytest.approx(100)
    assert report.get("standing_fore_load_share_pct").value == pytest.approx(25)


def walked(stands_s: tuple[float, ...]) -> tuple[Recording, list[tuple[float, float]]]:
    """Ten seconds of walking between times of standing, and when those are."""
    left, right, spans, now = [], [], [], 0.0
    for k, seconds in enumerate(stands_s):
        if k:
            steps = made.stances(1000, every=110, on=66)[:, 0] * 4
            left.append(steps)
            right.append(np.roll(steps, 55))
            now += 10
        left.append(level(330, seconds))
        right.append(level(370, seconds))
        spans.append((now, now + seconds))
        now += seconds
    return feet(np.concatenate(left), np.concatenate(right)), [s for s in spans if s[0] < s[1]]


@pytest.mark.parametrize("stands_s", [(9, 0), (0, 9), (0, 9, 0), (7, 12, 8)])
def test_standing_before_between_and_after_walking(stands_s: tuple[float, ...]) -> None:
    recording, spans = walked(stands_s)
    found = standing_in(recording)
    assert len(found) == len(spans)
    for stretch, (start_s, stop_s) in zip(found, spans, strict=True):
        assert start_s <= stretch.start_s < start_s + 1.8
        assert stop_s - 1.8 < stretch.stop_s <= stop_s
        assert not stretch.marked
    assert analyse(recording).get("standing_asymmetry_pct_bw").value == pytest.approx(100 * 40 / 700, abs=1e-4)


@pytest.mark.parametrize("cadence_spm", [25.0, 40.0, 60.0, 84.0, 110.0])
@pytest.mark.parametrize("stance_pct", [62.0, 75.0, 79.0])
@pytest.mark.parametrize("mass_kg", [None, 70.0])
def test_walking_is_never_standing(cadence_spm: float, stance_pct: float, mass_kg: float | None) -> None:
    gait = Gait(cadence_spm=cadence_spm, stance_pct=stance_pct, noise_kpa=1.0, duration_s=40)
    walk = Walker(gait, LAYOUT).recording()
    both = made.recording(*walk.feet.values(), body_mass_kg=mass_kg)
    one = made.recording(walk.feet[R], body_mass_kg=mass_kg)
    assert standing_in(both) == standing_in(one) == ()
    assert analyse(both).get("standing_time_s").value == 0
    assert analyse(both).get("standing_asymmetry_pct_bw") is None


@pytest.mark.shared
@pytest.mark.parametrize("name", ["GaCo02_01", "GaPt14_01", "JuCo02_01", "JuPt01_01", "SiCo01_01", "SiPt02_01"])
def test_published_walks_hold_no_standing(name: str) -> None:
    assert standing_in(read(shared(f"data/gaitpdb/{name}.txt"))) == ()


def test_shuffling_without_lifting_the_feet_is_not_quiet() -> None:
    t = np.arange(3000) / 100
    swing = 150 * np.sin(2 * np.pi * 0.5 * t)
    assert standing_in(feet(350 + swing, 350 - swing)) == ()


def test_sitting_is_not_standing() -> None:
    seated = feet(level(85, 20), level(85, 20), body_mass_kg=70.0)
    assert standing_in(seated) == ()
    up = feet(*[np.concatenate([level(85, 20), level(350, 8), level(85, 20)])] * 2)
    (stretch,) = standing_in(up)
    assert 20 < stretch.start_s < stretch.stop_s < 28


def test_sitting_down_slowly_ends_a_stretch() -> None:
    force = np.concatenate([level(350, 20), np.linspace(350, 100, 1500)])
    (stretch,) = standing_in(feet(force, force))
    assert stretch.stop_s < 26
    assert analyse(feet(force, force)).get("standing_time_s").value > 18


@pytest.mark.parametrize("area_mm2", [[1000.0] * 4, None])
def test_insoles_lying_about_are_not_standing(area_mm2: list[float] | None) -> None:
    layout = made.layout4(area_mm2=area_mm2)
    values = np.full((2000, 4), 2.0) + np.random.default_rng(3).normal(0, 0.05, (2000, 4))
    assert standing_in(made.recording(*(made.stream(side, values, layout=layout) for side in Side))) == ()


def test_standing_without_areas_has_shares() -> None:
    layout = made.layout4(area_mm2=None)
    values = np.full((2000, 1), 60.0) * STILL
    report = analyse(made.recording(*(made.stream(s, values * k, layout=layout) for s, k in ((L, 1), (R, 3)))))
    assert report.get("standing_asymmetry_pct_bw").value == pytest.approx(50)


def test_counts_that_were_never_lifted_say_nothing() -> None:
    rng = np.random.default_rng(4)
    counts = {side: 500 + rng.integers(0, 9, (2000, 4)) for side in Side}
    recording = made.recording(*(made.stream(side, c, unit=Unit.COUNTS) for side, c in counts.items()))
    assert standing_in(recording) == standing_in(recording, Mark(MarkKind.STANDING, 0, 20)) == ()


def test_a_slow_shift_of_weight_is_averaged_and_a_quick_one_ends_the_stretch() -> None:
    slow = np.concatenate([level(450, 5), np.linspace(450, 250, 1000), level(250, 5)])
    report = analyse(feet(slow, 700 - slow))
    assert report.get("standing_time_s").value == pytest.approx(20)
    assert report.get("standing_asymmetry_pct_bw").value == pytest.approx(0, abs=1e-4)
    quick = np.concatenate([level(450, 8), level(250, 8)])
    first, second = standing_in(feet(quick, 700 - quick))
    assert first.stop_s < 8 < second.start_s


@pytest.mark.parametrize(("rows", "parts"), [(1, 1), (14, 1), (30, 2)])
def test_a_gap_ends_a_stretch_only_if_it_could_hide_a_step(rows: int, parts: int) -> None:
    keep = np.flatnonzero((np.arange(2000) < 900) | (np.arange(2000) >= 900 + rows))
    values = np.full((2000, 1), 350.0) * STILL
    recording = made.recording(made.stream(L, values), made.stream(R, values[keep], sample=keep))
    assert len(standing_in(recording)) == parts
    time_s = analyse(recording).get("standing_time_s").value
    assert time_s <= 20 - rows / 100 + 1e-9, "no sample is counted that was not measured"
    assert time_s > 19.4


def test_a_force_only_device_whose_packets_drop_out_while_a_person_stands() -> None:
    # As a loadsol does: three zones in N at 200 Hz, packets of 11 samples lost now and then.
    geometry = {"xy_mm": [[0, 40], [20, 180], [-20, 180]], "area_mm2": None}
    layout = made.layout4(**geometry, masks={"z": {"source": "a test", "regions": {"heel": [1], "fore": [2, 3]}}})
    zones = {L: [107.0, 95.0, 92.0], R: [145.0, 64.0, 60.0]}
    streams = []
    for side, start in ((L, 40), (R, 100)):
        keep = np.flatnonzero((np.arange(1100) - start) % 160 >= 11)
        values = np.tile(zones[side], (1100, 1))[keep]
        streams.append(made.stream(side, values, layout=layout, unit=Unit.N, rate_hz=200.0, sample=keep))
    recording = made.recording(*streams)
    (stretch,) = standing_in(recording)
    assert stretch.duration_s == pytest.approx(5.5, abs=0.005)
    report = analyse(recording)
    assert report.get("standing_asymmetry_pct_bw").value == pytest.approx(100 * (269 - 294) / (269 + 294))
    assert report.get("standing_time_s").value == pytest.approx(5.5 * (1 - 2 * 11 / 160), abs=0.06)


def test_feet_in_unlike_units_both_stand_and_are_not_compared() -> None:
    values = np.full((2000, 1), 300.0) * STILL
    left = made.stream(L, values)
    right = made.stream(R, values, layout=made.layout4(area_mm2=None))
    report = analyse(made.recording(left, right))
    assert report.get("standing_time_s").value == pytest.approx(20)
    assert report.get("standing_rear_load_share_pct", side=R).value == pytest.approx(200 / 3)
    assert report.get("standing_load_share_pct", side=R) is None
    assert report.get("standing_rear_load_share_pct") is None
    lying = made.stream(R, values * 0.001, layout=made.layout4(area_mm2=None))
    assert standing_in(made.recording(left, lying)) == ()


def test_one_foot_stands_without_a_share_between_feet() -> None:
    both = Walker(Gait(stand_s=20, duration_s=30), LAYOUT).recording()
    recording = made.recording(both.feet[L])
    report = analyse(recording)
    assert report.get("standing_time_s").value == pytest.approx(18.5, abs=0.5)
    assert report.get("standing_load_share_pct", side=L) is None
    assert report.get("standing_asymmetry_pct_bw") is None
    fore, rear = (report.get(f"standing_{half}_load_share_pct", side=L).value for half in ("fore", "rear"))
    assert fore + rear == pytest.approx(100)
    assert rear > fore
    assert report.get("standing_fore_load_share_pct") is None


def test_a_heavy_mass_makes_light_feet_seated() -> None:
    recording = feet(level(140, 20), level(140, 20), body_mass_kg=600 / weight_n(1))
    assert standing_in(recording) == ()


def test_marks_take_the_place_of_searching() -> None:
    recording, _ = walked((9, 9))
    marks = (
        Mark(MarkKind.STANDING, 2, 4),
        Mark(MarkKind.STANDING, 3, 5, L),
        Mark(MarkKind.STANDING, 27, 99),
        Mark(MarkKind.STANDING, 200, 300),
    )
    found = standing_in(recording, *marks)
    assert [(s.start_s, s.stop_s) for s in found] == [(2, 5), (27, pytest.approx(28))]
    assert all(s.marked for s in found)
    assert analyse(recording, Options(marks=marks)).get("standing_time_s").value == pytest.approx(4)


def test_nothing_is_looked_for_in_an_excluded_stretch() -> None:
    recording, _ = walked((9, 9))
    (only,) = standing_in(recording, Mark(MarkKind.EXCLUDE, 0, 8))
    assert only.start_s > 19
    assert not only.marked


def test_a_marked_stretch_without_samples_says_so() -> None:
    values = np.full((2000, 1), 350.0) * STILL
    keep = np.r_[0:900, 1200:2000]
    recording = made.recording(made.stream(L, values), made.stream(R, values[keep], sample=keep))
    report = analyse(recording, Options(marks=(Mark(MarkKind.STANDING, 9.5, 11.5),)))
    assert report.get("standing_time_s").value == 0
    assert report.get("standing_load_share_pct", side=L) is None
    assert "no_standing" in {c.code for c in report.caveats}


def test_a_marked_stretch_without_load_says_so() -> None:
    recording, _ = walked((9, 9))
    nothing = made.changed(recording, values=lambda f: f.values * np.float32(0))
    report = analyse(nothing, Options(marks=(Mark(MarkKind.STANDING, 1, 8),)))
    assert report.get("standing_asymmetry_pct_bw") is None
    assert "no_load" in {c.code for c in report.caveats}


STANDS = st.builds(
    Gait,
    stand_s=st.floats(6, 40),
    load_symmetry_index_pct=st.floats(-100, 100),
    cadence_spm=st.floats(60, 130),
    stance_pct=st.floats(55, 76),
    noise_kpa=st.sampled_from([0.0, 1.5]),
    rate_hz=st.sampled_from([25.0, 50.0, 100.0]),
    duration_s=st.just(48.0),
    body_mass_kg=st.floats(40, 120),
)


@settings(max_examples=12, deadline=None)
@given(gait=STANDS, factor=st.sampled_from([0.7, 2.5]), known_mass=st.booleans())
def test_any_stand_before_any_walk(gait: Gait, factor: float, known_mass: bool) -> None:
    walker = Walker(gait, LAYOUT)
    recording = walker.recording()
    if not known_mass:
        recording = made.recording(*recording.feet.values())
    (stretch,) = standing_in(recording)
    assert stretch.start_s < 0.2
    assert gait.stand_s - 3 < stretch.stop_s <= gait.stand_s - 0.4
    values = made.keyed(analyse(recording))
    index = values["standing_asymmetry_pct_bw", None, None]
    assert index == pytest.approx(walker.truth.standing_asymmetry_pct_bw, abs=0.6)  # noise at 25 Hz
    swapped = made.keyed(analyse(made.swapped(recording)))
    assert swapped["standing_asymmetry_pct_bw", None, None] == pytest.approx(-index, abs=1e-9)
    if not known_mass:
        scaled = made.keyed(analyse(made.changed(recording, values=lambda f: f.values * np.float32(factor))))
        standing = {k: v for k, v in values.items() if k[0].startswith(("standing", "sway"))}
        assert {k: scaled.get(k) for k in standing} == pytest.approx(standing, rel=1e-4, abs=1e-3)
