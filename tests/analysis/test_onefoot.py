"""Standing on one leg: forces with answers on paper, and one recording of real quiet standing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.onefoot import one_foot_stand
from insole.errors import CalibrationError, RecordingError
from insole.recording import FootStream, Recording, Side, Unit
from insole.units import weight_n
from tests.analysis import made
from tests.support import shared

MASS_KG = 70.0
WEIGHT_N = weight_n(MASS_KG)


def on_both_then_left(*, reads: float = 1.0, sd_share: float = 0.01, alone_s: float = 8.0) -> Recording:
    """2 s on both feet, some on the left alone, 2 s on both, at 100 Hz; the left insole reads a part of the truth."""
    time_s = np.arange(round(100 * (alone_s + 4))) / 100
    alone = (time_s >= 2) & (time_s < 2 + alone_s)
    wave = 1 + sd_share * np.sqrt(2) * np.sin(2 * np.pi * 2 * time_s)
    left = np.where(alone, 1.0, 0.5) * wave * WEIGHT_N * reads
    right = np.where(alone, 0.0, 0.5) * WEIGHT_N
    sensors = np.full(4, 0.25)
    return made.recording(
        made.stream(Side.LEFT, left[:, None] * sensors), made.stream(Side.RIGHT, right[:, None] * sensors)
    )


def stand(recording: Recording, side: Side = Side.LEFT) -> Any:
    return one_foot_stand(recording, side, body_mass_kg=MASS_KG)


@pytest.mark.parametrize("reads", [0.8, 0.95, 1.0, 1.09, 1.3])
def test_the_ratio_is_what_the_insole_reads_of_body_weight(reads: float) -> None:
    found = stand(on_both_then_left(reads=reads))
    assert found.ratio == pytest.approx(reads, rel=1e-3)
    assert found.within_tolerance == (abs(reads - 1) <= 0.1)
    assert (found.start_s, found.stop_s) == pytest.approx((2.0, 10.0), abs=0.02)
    assert found.force_sd_n == pytest.approx(0.01 * WEIGHT_N * reads, rel=0.05)
    assert found.other_seen


def test_feet_and_sides_can_be_exchanged() -> None:
    one, other = stand(on_both_then_left()), stand(made.swapped(on_both_then_left()), Side.RIGHT)
    assert replace(one, side=Side.RIGHT) == other


def test_the_longest_of_several_stands_is_weighed() -> None:
    short, long = on_both_then_left(reads=0.9, alone_s=4), on_both_then_left(reads=1.1, alone_s=6)
    feet = [made.stream(side, np.concatenate([short.feet[side].values, long.feet[side].values])) for side in Side]
    assert stand(made.recording(*feet)).ratio == pytest.approx(1.1, rel=1e-3)


def test_the_other_foot_on_the_ground_is_no_stand_on_one_leg() -> None:
    with pytest.raises(CalibrationError, match="no steady stand of 3 s on the right foot alone"):
        stand(on_both_then_left(), Side.RIGHT)
    with pytest.raises(CalibrationError, match="no steady stand"):
        stand(on_both_then_left(alone_s=2.8))
    assert stand(on_both_then_left(alone_s=3.2)).ratio == pytest.approx(1.0, rel=1e-3)


def test_walking_and_swaying_are_no_stand() -> None:
    for recording in (made.rectangular_walk(), on_both_then_left(sd_share=0.06)):
        with pytest.raises(CalibrationError, match="no steady stand"):
            stand(recording)


def test_lost_packets_do_not_end_a_stand_but_a_long_gap_does() -> None:
    whole = on_both_then_left()
    index = np.arange(1200)

    def without(lost: Any) -> Recording:
        return made.changed(
            whole,
            sample=lambda f: f.sample[~lost],
            time_s=lambda f: f.time_s[~lost],
            values=lambda f: f.values[~lost],
        )

    found = stand(without(index % 50 < 5))
    assert (found.start_s, found.stop_s) == pytest.approx((2.0, 10.0), abs=0.07)
    assert found.ratio == pytest.approx(1.0, rel=2e-3)
    cut = stand(without((index >= 500) & (index < 600)))
    assert (cut.start_s, cut.stop_s) == pytest.approx((6.0, 10.0), abs=0.25)


def test_another_foot_that_is_silent_proves_nothing() -> None:
    """Its gap is not taken for a lifted foot."""
    whole = on_both_then_left()
    kept = whole.feet[Side.RIGHT].time_s < 2
    right = whole.feet[Side.RIGHT]
    silent = FootStream(**{**vars(right), **{k: vars(right)[k][kept] for k in ("sample", "time_s", "values")}})
    with pytest.raises(CalibrationError, match="no steady stand"):
        stand(replace(whole, feet={**whole.feet, Side.RIGHT: silent}))


def alone(recording: Recording) -> Recording:
    return replace(recording, feet={Side.LEFT: recording.feet[Side.LEFT]})


def test_one_foot_only_goes_by_steadiness_and_says_so() -> None:
    found = stand(alone(on_both_then_left(reads=0.8)))
    assert found.ratio == pytest.approx(0.8, rel=1e-3)
    assert not found.other_seen


def test_one_foot_only_at_half_the_weight_may_be_standing_on_both() -> None:
    both = made.recording(made.stream(Side.LEFT, np.full((1000, 4), WEIGHT_N * 0.55 / 4)))
    with pytest.raises(CalibrationError, match="as in standing on both feet"):
        stand(both)


@pytest.mark.parametrize("reads", [0.3, 2.5])
def test_an_absurd_ratio_is_refused(reads: float) -> None:
    with pytest.raises(CalibrationError, match=f"{reads:.2f} of the weight of 70 kg"):
        stand(on_both_then_left(reads=reads))


def test_a_foot_without_newtons_is_refused() -> None:
    counts = np.full((1000, 4), 500)
    raw = made.recording(made.stream(Side.LEFT, counts, unit=Unit.COUNTS))
    empty = made.recording(made.stream(Side.LEFT, np.empty((0, 4))), made.stream(Side.RIGHT, counts))
    for recording in (raw, empty):
        with pytest.raises(CalibrationError, match="not known in N"):
            stand(recording)


@pytest.mark.parametrize("mass", [0.0, -70.0, 70_000.0, np.nan])
def test_an_absurd_mass_is_refused(mass: float) -> None:
    with pytest.raises(RecordingError, match="kilograms"):
        one_foot_stand(on_both_then_left(), Side.LEFT, body_mass_kg=mass)


@pytest.mark.shared
def test_real_standing_on_both_feet() -> None:
    """A loadsol recording of quiet standing, stated weight 558.2 N: steady throughout, and not taken for one leg."""
    text = shared("data/loadsol/test_poids.txt").read_text("latin-1")
    rows = [line.split("\t") for line in text.splitlines()[4:] if line.count("\t") > 15]
    layout = made.layout4(area_mm2=None)

    def insole(side: Side, time: int, zones: tuple[int, ...]) -> FootStream:
        force = np.array([[float(row[c]) for c in zones] for row in rows])
        frame = np.rint([200 * float(row[time]) for row in rows]).astype(np.int64)
        frame, first = np.unique(np.where(force[:, 0] >= 0, frame, -1), return_index=True)  # -1 N is missing
        four = np.column_stack([force, np.zeros(len(force))])[first]
        return made.stream(side, four[1:], layout=layout, unit=Unit.N, rate_hz=200.0, sample=frame[1:])

    left, right = insole(Side.LEFT, 0, (1, 2, 3)), insole(Side.RIGHT, 12, (13, 14, 15))
    weighed = one_foot_stand(made.recording(left), Side.LEFT, body_mass_kg=299.9 / weight_n(1.0))
    assert weighed.stop_s - weighed.start_s > 5
    assert weighed.ratio == pytest.approx(1.0, abs=0.01)
    mass_kg = 558.2 / weight_n(1.0)
    with pytest.raises(CalibrationError, match=r"reads 0\.54 of body weight, as in standing on both feet"):
        one_foot_stand(made.recording(left), Side.LEFT, body_mass_kg=mass_kg)
    with pytest.raises(CalibrationError, match="no steady stand"):
        one_foot_stand(made.recording(left, right), Side.LEFT, body_mass_kg=mass_kg)
