from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dashboards import words
from insole.recording import Side


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (312.4, "kPa", "312"),
        (46.83, "%", "46.8"),
        (4.44, "%", "4.4"),
        (0.6782, "s", "0.68"),
        (-8.74, "%", "\N{MINUS SIGN}8.7"),
        (-0.001, "s", "0.00"),
        (12345.6, "mm²", "12\u2009346"),
        (28.0, "1", "28"),
        (0.245, "1", "0.24"),
        (None, "s", "\N{EN DASH}"),
        (float("nan"), "s", "\N{EN DASH}"),
    ],
)
def test_number(value, unit, text):
    assert words.number(value, unit) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0.0 s"), (8.44, "8.4 s"), (125.2, "2 min 05 s"), (43199.0, "11 h 59 min")]
)
def test_duration(seconds, text):
    assert words.duration(seconds) == text


def test_when_is_utc_whatever_the_zone():
    east = timezone(timedelta(hours=3))
    assert words.when(datetime(2026, 3, 1, 1, 30, tzinfo=east)) == "2026-02-28 22:30 UTC"
    assert words.when(datetime(2026, 3, 1, 1, 30, tzinfo=UTC)) == "2026-03-01 01:30 UTC"


@pytest.mark.parametrize(
    ("name", "label", "group"),
    [
        ("peak_pressure_kpa", "Peak pressure", "Pressure"),
        ("peak_force_pct_bw", "Peak force", "Force in stance"),
        ("step_time_s", "Step time", "Timing"),
        ("standing_asymmetry_pct_bw", "Standing asymmetry", "Load"),
        ("stance_time_symmetry_index_pct", "Symmetry index of stance time", "Timing"),
        ("sway_area_mm2", "Sway area", "Centre of pressure"),
        ("something_new_kpa", "Something new", "Other"),
    ],
)
def test_labels_and_groups(name, label, group):
    assert words.label(name) == label
    assert words.group(name) == group


def test_a_file_without_a_date_has_none():
    assert not words.dated(datetime(1970, 1, 1, tzinfo=UTC))
    assert words.dated(datetime(2026, 3, 1, tzinfo=UTC))


def test_findings_are_sentences():
    assert words.findings("Force", ["left foot: 3 N", "right foot: 4 N."]) == "Force. Left foot: 3 N. Right foot: 4 N."
    assert words.findings("Force", []) == "Force. Nothing was measured."


def test_regions():
    assert words.region("mth2_5") == "2nd to 5th metatarsal heads"
    assert words.region("heel_medial") == "medial heel"
    assert words.region("of_somebody") == "of somebody"
    assert words.region(None) == "whole foot"


def test_feet():
    assert words.feet(list(Side)) == "both"
    assert words.feet([Side.RIGHT]) == "right only"
    assert words.feet([]) == "none"
