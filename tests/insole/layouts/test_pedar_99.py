"""The pedar layout against the published outlines, areas and masks, and against a walk."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pytest

from ingest.files import read
from insole.layout import SensorLayout, load_layout
from insole.recording import Side
from tests.support import shared

SIZES = ["u", "v", "w", "x", "y", "uw", "xw", "vw"]
BASE = {"uw": "u", "vw": "v", "xw": "x"}
ROWS = [5, *[7] * 12, 6, 4]
ENDS = np.cumsum(ROWS)
STARTS = ENDS - ROWS


@cache
def outlines() -> dict[int, np.ndarray]:
    """Corners of each drawn sensor, by number: 1 to 99 is one foot, 101 to 199 the other."""
    with shared("data/pedar/insole_sensor_polygons.csv").open() as file:
        rows = list(csv.reader(file))[1:]
    return {int(r[0]): np.array(r[1:], float).reshape(-1, 2) for r in rows if r[1] not in ("", "NA")}


def area_and_centre(corners: np.ndarray) -> tuple[float, float, float]:
    (x, y), (u, v) = corners.T, np.roll(corners, -1, axis=0).T
    cross = x * v - u * y
    area = cross.sum() / 2
    return abs(area), ((x + u) * cross).sum() / 6 / area, ((y + v) * cross).sum() / 6 / area


def drawn(first: int) -> np.ndarray:
    """``(99, 3)`` drawn area and centre of the foot whose sensor 1 is ``first``."""
    return np.array([area_and_centre(outlines()[i]) for i in range(first, first + 99)])


@cache
def areas() -> dict[str, np.ndarray]:
    with shared("data/pedar/insole_sensor_areas_mm2.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {size: np.array([float(row[size]) for row in rows]) for size in SIZES}


@pytest.mark.shared
@pytest.mark.parametrize("size", SIZES)
def test_areas_are_the_published_ones(size: str):
    np.testing.assert_array_equal(load_layout(f"pedar-99:{size}").area_mm2, areas()[size])


@pytest.mark.shared
@pytest.mark.parametrize("first", [1, 101])
@pytest.mark.parametrize("size", SIZES)
def test_positions_are_the_drawn_centres_scaled_by_area(size: str, first: int):
    drawing, base = drawn(first), BASE.get(size, size)
    along = np.sqrt(areas()[base].sum() / drawing[:, 0].sum())
    across = along * areas()[size].sum() / areas()[base].sum()
    medial = np.sign(drawing[0, 1] - drawing[4, 1])  # low numbers to +x
    expected = drawing[:, 1:] * [medial * across, along]
    shift = load_layout(f"pedar-99:{size}").xy_mm - expected
    np.testing.assert_allclose(shift, np.broadcast_to(shift.mean(axis=0), shift.shape), rtol=0, atol=0.11)


@pytest.mark.shared
@pytest.mark.parametrize("first", [1, 101])
def test_low_numbers_of_a_row_are_medial_on_both_drawings(first: int):
    _, x, y = drawn(first).T
    assert all(np.ptp(y[a:b]) < 0.03 for a, b in zip(STARTS, ENDS, strict=True)), "the rows go across"
    to_low = np.sign(x[0] - x[4])
    for a, b in zip(STARTS, ENDS, strict=True):
        assert (np.diff(x[a:b]) * to_low < 0).all()
    low = np.array([x[a] for a in STARTS]) * to_low
    high = np.array([x[b - 1] for b in ENDS]) * to_low
    bulge_low = low[10:13].max() - low[2:5].max()
    bulge_high = high[2:5].min() - high[10:13].min()
    assert bulge_low > 0.05 > 0.01 > bulge_high, "the forefoot widens to the low numbers, the other edge is straight"
    assert (x[95:99].mean() - x[5:26].mean()) * to_low > 0.05, "the tip of the toes leans to the low numbers"
    assert low[:8].min() < low[10:13].max() - 0.05, "the low edge is hollow before the forefoot: the arch"


@pytest.mark.shared
@pytest.mark.parametrize("side", list(Side))
def test_a_walk_loads_the_high_edge_of_the_midfoot_more(side: Side):
    mean_kpa = read(shared("data/pedar/pedar_example.asc")).feet[side].values.mean(axis=0)
    for a, b in zip(STARTS[4:8], ENDS[4:8], strict=True):
        assert mean_kpa[b - 1] > mean_kpa[a]


@pytest.mark.shared
@pytest.mark.parametrize(("mask", "table"), [("zones4", "pedar_pedar_mask1"), ("zones9", "pedar_pedar_mask3")])
def test_masks_are_those_of_another_program(mask: str, table: str):
    order = {
        "zones4": ["hindfoot", "midfoot", "forefoot", "toes"],
        "zones9": [
            *("medial_hindfoot", "lateral_hindfoot", "medial_midfoot", "lateral_midfoot"),
            *("MTPJ1", "MTPJ23", "MTPJ45", "hallux", "lesser_toes"),
        ],
    }[mask]
    with shared(f"reference/pressuRe/mask_sensor_fraction_{table}.csv").open() as file:
        rows = list(csv.DictReader(file))
    for first, letter in ((0, "L"), (99, "R")):
        theirs = [[float(row[f"{letter}_{name}_mask"]) for row in rows[first : first + 99]] for name in order]
        np.testing.assert_allclose(load_layout("pedar-99:y").masks[mask].weight, theirs, atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_the_layout_is_sound(size: str):
    layout = load_layout(f"pedar-99:{size}")
    assert layout.n_sensors == 99
    assert layout.mask.name == "zones4"
    for mask in layout.masks.values():
        np.testing.assert_array_equal(mask.weight.sum(axis=0), 1)
    assert outside(layout).size == 0
    assert layout.outline_mm[:, 1].min() == 0
    np.testing.assert_array_equal(layout.outline_mm[0], layout.outline_mm[-1])
    heel = layout.outline_mm[layout.outline_mm[:, 1] < 60]
    assert abs(heel[:, 0].max() + heel[:, 0].min()) < 3, "the heel is centred"


def test_larger_sizes_are_longer_and_wide_ones_wider():
    lengths = [load_layout(f"pedar-99:{s}").length_mm for s in "uvwxy"]
    assert lengths == sorted(lengths)
    assert 225 < lengths[0] < lengths[-1] < 295
    for wide, base in BASE.items():
        a, b = load_layout(f"pedar-99:{wide}"), load_layout(f"pedar-99:{base}")
        assert a.length_mm == pytest.approx(b.length_mm, abs=0.2)
        assert np.ptp(a.xy_mm[:, 0]) > 1.1 * np.ptp(b.xy_mm[:, 0])


def outside(layout: SensorLayout) -> np.ndarray:
    """Numbers of the sensors that are outside the outline (ray casting)."""
    x, y = layout.xy_mm[:, :1], layout.xy_mm[:, 1:]
    (x1, y1), (x2, y2) = layout.outline_mm[:-1].T, layout.outline_mm[1:].T
    spans = (y1 > y) != (y2 > y)
    slope = (x2 - x1) / np.where(y2 == y1, np.inf, y2 - y1)
    crossings = (spans & (x < x1 + (y - y1) * slope)).sum(axis=1)
    return np.flatnonzero(crossings % 2 == 0) + 1
