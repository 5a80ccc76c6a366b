"""Arch index and CPEI in reports, and of a real step against a peer's numbers."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.metrics.platform import centre_mm, pressures_kpa
from analysis.plate.arch import arch_index
from analysis.plate.excursion import cpei_pct
from analysis.plate.footprint import cell_pitch_mm, footprint
from analysis.recipe import analyse, study
from ingest.files import read
from insole.recording import Recording, Side, Unit
from tests.analysis import made
from tests.support import shared

if TYPE_CHECKING:
    from analysis.plate.footprint import Footprint
    from insole.report import Report
    from insole.typing import F64


def codes(report: Report) -> set[str]:
    return {c.code for c in report.caveats}


def values(report: Report, side: Side = Side.RIGHT) -> tuple[float, ...]:
    return tuple(v.value for name in ("arch_index", "cpei_pct") if (v := report.get(name, side=side)))


@pytest.mark.parametrize("side", Side)
def test_a_step_on_a_plate_has_both_values_on_either_side(side: Side) -> None:
    report = analyse(made.recording(made.plate_step(side)))
    assert values(report, side) == pytest.approx((1 / 3, 25 / 3))
    assert not codes(report) & {"not_a_platform", "no_footprint"}


def test_insoles_have_neither_and_one_caveat_says_so() -> None:
    report = analyse(made.rectangular_walk())
    assert not values(report)
    assert [c.side for c in report.caveats if c.code == "not_a_platform"] == [None]
    mixed = analyse(made.recording(made.plate_step(), made.stream(Side.LEFT, made.stances(300, every=110, on=66))))
    assert len(values(mixed)) == 2
    assert not values(mixed, Side.LEFT)


def changed(**changes: object) -> Recording:
    return made.changed(made.recording(made.plate_step()), **changes)


@pytest.mark.parametrize(
    ("recording", "word"),
    [
        (changed(values=lambda f: f.values * 0), "no cell"),
        (changed(values=lambda f: f.values * (np.arange(250) < 80)), "long"),
        (changed(values=lambda f: f.values.astype(np.uint16), unit=Unit.COUNTS), "calibration"),
        (changed(values=lambda f: np.tile(f.values.max(axis=0), (25, 1))), "travel"),
    ],
    ids=["unloaded", "heel only", "uncalibrated", "standing"],
)
def test_what_cannot_be_measured_is_absent_and_says_why(recording: Recording, word: str) -> None:
    report = analyse(recording)
    assert not values(report)
    assert [word in c.text for c in report.caveats if c.code == "no_footprint"] == [True]


def test_newtons_on_a_plate_are_turned_into_pressures() -> None:
    report = analyse(changed(values=lambda f: f.values / np.float32(10), unit=Unit.N))
    assert values(report) == pytest.approx((1 / 3, 25 / 3), rel=1e-5)


def test_missing_samples_and_noise_below_the_threshold_do_not_move_the_numbers() -> None:
    def noisy(f: object) -> F64:
        noise = np.random.default_rng(1).uniform(-4, 4, (27, 250)).astype(np.float32)
        noise[:25] += made.plate_step().values
        noise[26] = np.nan
        return np.where(noise > 50, np.round(noise, -2), noise)

    recording = changed(values=noisy, sample=np.arange(27), time_s=np.arange(27) / 100)
    assert values(analyse(recording)) == pytest.approx((1 / 3, 25 / 3))


# ------------------------------------------------------------------ a real step


def table(name: str) -> list[dict[str, str]]:
    with shared(f"reference/pressuRe/{name}.csv").open() as f:
        return list(csv.DictReader(f))


def scalar(metric: str) -> float:
    return next(float(row["value"]) for row in table("scalars") if row["metric"] == metric)


@pytest.fixture(scope="module")
def step() -> Recording:
    return read(shared("data/emed/emed_test.lst"))


@pytest.fixture(scope="module")
def pressure(step: Recording) -> F64:
    return pressures_kpa(study(step).walk.feet[Side.RIGHT])


@pytest.fixture(scope="module")
def found(step: Recording, pressure: F64) -> Footprint:
    xy = step.feet[Side.RIGHT].layout.xy_mm
    return footprint(pressure.max(axis=0), xy, cell_pitch_mm(xy))


@pytest.mark.shared
def test_the_real_step_has_the_peers_arch_index_and_cpei(step: Recording) -> None:
    arch, cpei = values(analyse(step))
    assert cpei == pytest.approx(scalar("cpei"), abs=0.01)
    assert arch == pytest.approx(scalar("arch_index"), rel=1e-10)


@pytest.mark.shared
def test_cpei_is_the_peers_to_the_last_digit_where_it_rounds_two_thirds(found: Footprint, pressure: F64) -> None:
    cop = centre_mm(pressure, found.xy_mm)
    assert cpei_pct(found, cop, trisection=0.667) == pytest.approx(scalar("cpei"), rel=1e-10)


@pytest.mark.shared
def test_one_rigid_move_takes_every_centre_of_pressure_to_the_peers(found: Footprint, pressure: F64) -> None:
    theirs = np.array([[float(r["x_coord"]), float(r["y_coord"])] for r in table("cop_emed")]) * 1000
    ours = centre_mm(pressure, found.xy_mm) * [-1, 1]  # +x is medial here, to the plate's right there
    corner = (found.xy_mm * [-1, 1]).min(axis=0) - found.pitch_mm / 2
    assert ours - corner == pytest.approx(theirs, rel=1e-6)


@pytest.mark.shared
@pytest.mark.parametrize("degrees", [-20, -10, 10, 20])
def test_the_real_step_turned_on_the_plate_keeps_its_numbers(found: Footprint, pressure: F64, degrees: float) -> None:
    xy, pitch = found.xy_mm, found.pitch_mm
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    x, y = np.meshgrid(np.arange(-200, 201, 5.0), np.arange(-100, 351, 5.0))
    cells = np.column_stack([x.ravel(), y.ravel()])
    inside = np.stack(np.meshgrid(*[np.array([-2, 0, 2]) / 5 * pitch[0]] * 2), axis=-1).reshape(-1, 2)
    source = np.rint(((cells[:, None] + inside) @ turn.T - xy.min(axis=0)) / pitch).astype(int)
    n = np.rint(np.ptp(xy, axis=0) / pitch).astype(int) + 1
    on = ((source >= 0) & (source < n)).all(axis=-1)
    peak = np.zeros(n)
    peak[tuple(np.rint((xy - xy.min(axis=0)) / pitch).astype(int).T)] = found.peak_kpa
    turned = footprint(np.where(on, peak[tuple((source * on[..., None]).T)].T, 0).mean(axis=1), cells, pitch)
    cop = centre_mm(pressure, xy)
    assert arch_index(turned, cop @ turn) == pytest.approx(arch_index(found, cop), abs=0.02)
    assert cpei_pct(turned, cop @ turn) == pytest.approx(cpei_pct(found, cop), abs=2.5)
