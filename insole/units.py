"""Units, converted once, at the edge.

Inside the project a number's unit stands in its name and is always one of: kPa, N, mm,
mm², s, Hz, kg, g, degrees per second (dps). Everything else is converted here, by the importer or calibration that
met it.
"""

from __future__ import annotations

import math

from insole.errors import UnitError

GRAVITY_M_PER_S2 = 9.80665
"""Standard gravity (3rd CGPM, 1901)."""

KPA_PER_UNIT = {
    "kpa": 1.0,
    "pa": 0.001,
    "mpa": 1000.0,
    "psi": 6.894757293168361,
    "mmhg": 0.13332236842105263,
    "n/cm²": 10.0,
    "n/cm2": 10.0,
    "bar": 100.0,
}
"""kPa in one of the unit. Exact by definition: psi = 1 lbf/in² (NIST SP 811), mmHg = 101.325/760 kPa."""

N_PER_UNIT = {"n": 1.0, "kn": 1000.0, "lbf": 4.4482216152605, "kgf": GRAVITY_M_PER_S2}
"""Newtons in one of the unit (NIST SP 811)."""

G_PER_UNIT = {"g": 1.0, "mg": 0.001, "m/s²": 1 / GRAVITY_M_PER_S2, "m/s2": 1 / GRAVITY_M_PER_S2}
"""Standard gravities in one of the unit of acceleration."""

DPS_PER_UNIT = {"dps": 1.0, "deg/s": 1.0, "°/s": 1.0, "rad/s": 180 / math.pi}
"""Degrees per second in one of the unit of rotation."""


def kpa_per(unit: str) -> float:
    """How many kPa are in one ``unit`` of pressure.

    Raises
    ------
    UnitError
        If the unit is not a known unit of pressure.
    """
    return _per(unit, KPA_PER_UNIT, "pressure")


def n_per(unit: str) -> float:
    """How many newtons are in one ``unit`` of force.

    Raises
    ------
    UnitError
        If the unit is not a known unit of force.
    """
    return _per(unit, N_PER_UNIT, "force")


def g_per(unit: str) -> float:
    """How many standard gravities are in one ``unit`` of acceleration.

    Raises
    ------
    UnitError
        If the unit is not a known unit of acceleration.
    """
    return _per(unit, G_PER_UNIT, "acceleration")


def dps_per(unit: str) -> float:
    """How many degrees per second are in one ``unit`` of rotation rate.

    Raises
    ------
    UnitError
        If the unit is not a known unit of rotation rate.
    """
    return _per(unit, DPS_PER_UNIT, "rotation rate")


def _per(unit: str, table: dict[str, float], quantity: str) -> float:
    try:
        return table[unit.strip().lower()]
    except KeyError:
        known = ", ".join(sorted(table))
        raise UnitError(f"{unit!r} is not a unit of {quantity} known here; known: {known}") from None


def weight_n(body_mass_kg: float) -> float:
    """Body weight in newtons from a mass in kg."""
    return body_mass_kg * GRAVITY_M_PER_S2


def force_n(pressure_kpa: float, area_mm2: float) -> float:
    """Force in newtons of a pressure in kPa on an area in mm² (1 kPa·mm² = 1 mN)."""
    return pressure_kpa * area_mm2 * N_PER_KPA_MM2


N_PER_KPA_MM2 = 1e-3
"""1 kPa on 1 mm² is one thousandth of a newton."""
