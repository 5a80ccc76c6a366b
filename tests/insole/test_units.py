from __future__ import annotations

import math

import pytest

from insole.errors import UnitError
from insole.units import dps_per, force_n, g_per, kpa_per, n_per, weight_n


@pytest.mark.parametrize(
    ("unit", "kpa"),
    [("kPa", 1.0), ("N/cm²", 10.0), ("N/cm2", 10.0), ("MPa", 1000.0), ("bar", 100.0), (" mmHg ", 101.325 / 760)],
)
def test_pressures_by_their_definitions(unit: str, kpa: float) -> None:
    assert kpa_per(unit) == pytest.approx(kpa, rel=1e-15)


def test_psi_is_a_pound_force_on_a_square_inch() -> None:
    inch_mm = 25.4
    pound_on_an_inch_kpa = n_per("lbf") / inch_mm**2 * 1000
    assert kpa_per("psi") == pytest.approx(pound_on_an_inch_kpa, rel=1e-12)


def test_one_psi_is_the_threshold_that_xsensor_writes_in_mmhg() -> None:
    assert kpa_per("psi") / kpa_per("mmHg") == pytest.approx(51.715, abs=0.001)


def test_forces_by_their_definitions() -> None:
    assert n_per("kN") == 1000
    assert n_per("kgf") == weight_n(1.0) == 9.80665


def test_pressure_on_an_area_is_force() -> None:
    assert force_n(10.0, 100.0) == pytest.approx(1.0)  # 1 N/cm² on 1 cm²


def test_a_turn_is_two_pi_radians_and_360_degrees() -> None:
    assert dps_per("rad/s") * 2 * math.pi == pytest.approx(360, rel=1e-15)
    assert dps_per("dps") == dps_per("deg/s") == dps_per("°/s") == 1


def test_accelerations_by_the_standard_gravity() -> None:
    assert g_per("m/s²") * 9.80665 == g_per("m/s2") * 9.80665 == pytest.approx(1, rel=1e-15)
    assert (g_per("g"), g_per("mg")) == (1, 0.001)


@pytest.mark.parametrize("read", [kpa_per, n_per, g_per, dps_per])
def test_an_unknown_unit_is_refused_with_the_known_ones(read: object) -> None:
    assert callable(read)
    with pytest.raises(UnitError, match=r"'stone' is not a unit of .* known: "):
        read("stone")


def test_a_unit_of_the_other_quantity_is_refused() -> None:
    with pytest.raises(UnitError, match="pressure"):
        kpa_per("N")
    with pytest.raises(UnitError, match="force"):
        n_per("kPa")
