"""Every layout that comes with the project keeps the same contract; a broken one is refused."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import insole
from insole.errors import LayoutError
from insole.layout import SensorLayout, layout_from_dict, layout_names, layout_to_dict, load_layout

if TYPE_CHECKING:
    from insole.typing import F64, Bool

FOLDER = Path(insole.__file__).parent / "layouts"

KNOWN_REGIONS = {
    "rearfoot", "heel", "heel_medial", "heel_lateral",
    "midfoot", "midfoot_medial", "midfoot_lateral", "arch_medial", "arch_lateral",
    "forefoot", "forefoot_medial", "forefoot_lateral", "forefoot_central", "metatarsals",
    "mth1", "mth2", "mth3", "mth4", "mth5", "mth2_3", "mth2_4", "mth4_5", "mth2_5", "hallux", "toes", "lesser_toes",
    "medial", "lateral", "foot",
}  # fmt: skip


def every_layout() -> list[str]:
    names = []
    for path in sorted(FOLDER.glob("*.json")):
        sizes = json.loads(path.read_text("utf-8")).get("sizes")
        names += [f"{path.stem}:{size}" for size in sizes] if sizes else [path.stem]
    return names


@pytest.fixture(params=every_layout())
def layout(request: pytest.FixtureRequest) -> SensorLayout:
    return load_layout(request.param)


def inside(points: F64, outline: F64) -> Bool:
    """Which points lie in the polygon: by the number of edges that a ray to the right crosses."""
    (x0, y0), (x1, y1) = outline.T, np.roll(outline, -1, axis=0).T
    x, y = points[:, :1], points[:, 1:]
    spans = (y0 <= y) != (y1 <= y)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    return np.asarray(np.count_nonzero(spans & (x < crossing), axis=1) % 2 == 1)


def area_mm2(outline: F64) -> float:
    following = np.roll(outline, -1, axis=0)
    return abs(float(np.sum(outline[:, 0] * following[:, 1] - following[:, 0] * outline[:, 1]))) / 2


def test_inside_knows_a_square() -> None:
    square = np.array([[0, 0], [2, 0], [2, 2], [0, 2], [0, 0.0]])
    points = np.array([[1, 1], [3, 1], [-1, 1], [1, 3], [1, -1], [0.1, 1.9]])
    assert inside(points, square).tolist() == [True, False, False, False, False, True]
    assert area_mm2(square) == 4


def test_sensors_lie_inside_the_outline(layout: SensorLayout) -> None:
    assert inside(layout.xy_mm, layout.outline_mm).all()


def test_the_outline_is_a_closed_foot(layout: SensorLayout) -> None:
    np.testing.assert_array_equal(layout.outline_mm[0], layout.outline_mm[-1])
    width_mm = np.ptp(layout.outline_mm[:, 0])
    assert 1.8 < layout.length_mm / width_mm < 4


def test_areas_are_positive_and_fit_into_the_insole(layout: SensorLayout) -> None:
    if np.isnan(layout.area_mm2).any():
        assert np.isnan(layout.area_mm2).all()
    else:
        assert (layout.area_mm2 > 0).all()
        assert layout.area_mm2.sum() <= 1.05 * area_mm2(layout.outline_mm)


def test_no_two_sensors_are_in_one_place(layout: SensorLayout) -> None:
    assert len(np.unique(layout.xy_mm, axis=0)) == layout.n_sensors


def test_regions_are_known_and_cover_each_sensor_once(layout: SensorLayout) -> None:
    for mask in layout.masks.values():
        assert set(mask.regions) <= KNOWN_REGIONS
        assert mask.source
        np.testing.assert_allclose(mask.weight.sum(axis=0), 1, atol=1e-5, err_msg=mask.name)
        for region in mask.regions:
            assert mask.members(region).any(), region


def test_regions_lie_where_their_names_say(layout: SensorLayout) -> None:
    for mask in layout.masks.values():
        at = {region: layout.xy_mm[mask.members(region)].mean(axis=0) for region in mask.regions}
        for part in ("heel", "midfoot", "arch"):
            if f"{part}_medial" in at:
                assert at[f"{part}_medial"][0] > at[f"{part}_lateral"][0]
        along = [at[region][1] for region in ("heel", "midfoot", "forefoot", "toes") if region in at]
        assert along == sorted(along)
        if "mth1" in at and "hallux" in at:
            assert at["mth1"][1] < at["hallux"][1]


def test_both_halves_of_the_insole_have_sensors(layout: SensorLayout) -> None:
    if layout.n_sensors == 1:
        assert layout.mask.regions == ("foot",)
        return
    assert layout.fore.any()
    assert not layout.fore.all()
    assert layout.xy_mm[layout.fore, 1].min() > layout.xy_mm[~layout.fore, 1].max()


def test_json_brings_it_back(layout: SensorLayout) -> None:
    again = layout_from_dict(json.loads(json.dumps(layout_to_dict(layout))))
    for key in ("xy_mm", "area_mm2", "outline_mm"):
        np.testing.assert_array_equal(getattr(again, key), getattr(layout, key))
    for key in ("name", "title", "schematic", "source", "n_sensors", "length_mm"):
        assert getattr(again, key) == getattr(layout, key)
    assert list(again.masks) == list(layout.masks)
    for name, mask in layout.masks.items():
        assert again.masks[name].regions == mask.regions
        np.testing.assert_array_equal(again.masks[name].weight, mask.weight)


def test_geometry_cannot_be_changed(layout: SensorLayout) -> None:
    for a in (layout.xy_mm, layout.area_mm2, layout.outline_mm, layout.mask.weight):
        with pytest.raises(ValueError, match="read-only"):
            a[0] = 0


def test_names_are_those_of_the_files() -> None:
    assert layout_names() == sorted(p.stem for p in FOLDER.glob("*.json"))
    assert "open-insole-16" in layout_names()


def test_the_reference_insole() -> None:
    layout = load_layout("open-insole-16")
    assert (layout.n_sensors, layout.length_mm) == (16, 265)
    assert np.ptp(layout.outline_mm[:, 0]) == 95
    assert layout.mask.name == "zones8"
    assert layout.xy_mm[layout.mask.members("mth1"), 1] > layout.xy_mm[layout.mask.members("mth2_5"), 1].min()
    assert ((layout.area_mm2 >= 250) & (layout.area_mm2 <= 550)).all()
    assert load_layout("open-insole-16") is layout


SMALL: dict[str, Any] = {
    "name": "two",
    "title": "Two sensors",
    "source": "this test",
    "schematic": True,
    "xy_mm": [[0, 10], [5, 90]],
    "area_mm2": [100, 200],
    "outline_mm": [[-20, 0], [20, 0], [20, 100], [-20, 100], [-20, 0]],
    "masks": {"zones": {"source": "this test", "regions": {"heel": [1], "forefoot": [[2, 0.75]]}}},
}


def test_fractions_and_halves_of_a_small_layout() -> None:
    layout = layout_from_dict(SMALL)
    np.testing.assert_array_equal(layout.mask.weight, [[1, 0], [0, 0.75]])
    assert layout.fore.tolist() == [False, True]
    assert layout.length_mm == 100


def test_a_layout_of_forces_has_no_areas() -> None:
    layout = layout_from_dict(SMALL | {"area_mm2": None})
    assert np.isnan(layout.area_mm2).all()
    assert layout_to_dict(layout)["area_mm2"] is None


def test_one_of_several_sizes() -> None:
    geometry = {key: SMALL[key] for key in ("xy_mm", "area_mm2", "outline_mm")}
    sized = {key: value for key, value in SMALL.items() if key not in geometry} | {"sizes": {"m": geometry}}
    assert layout_from_dict(sized, size="m").name == "two:m"
    for size in (None, "xl"):
        with pytest.raises(LayoutError, match="needs a size, one of m"):
            layout_from_dict(sized, size=size)
    with pytest.raises(LayoutError, match="one size only"):
        layout_from_dict(SMALL, size="m")


@pytest.mark.parametrize("key", sorted(SMALL.keys() - {"name"}))
def test_a_missing_key_is_refused(key: str) -> None:
    broken = copy.deepcopy(SMALL)
    del broken[key]
    with pytest.raises(LayoutError, match=key):
        layout_from_dict(broken)


def regions(members: dict[str, list[Any]]) -> dict[str, Any]:
    return {"masks": {"m": {"source": "this test", "regions": members}}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"xy_mm": [[0, 1, 2], [3, 4, 5]]}, "not a layout"),
        ({"xy_mm": [[0, "heel"], [1, 2]]}, "not a layout"),
        ({"area_mm2": [100]}, "2 positions, 1 areas"),
        ({"area_mm2": [100, 0]}, "area is not positive"),
        ({"masks": {}}, "no mask"),
        (regions({"heel": [0]}), "no sensor 0"),
        (regions({"heel": [3]}), "no sensor 3"),
        (regions({"heel": [[1, 1.5]]}), "fraction 1.5"),
        (regions({"heel": [[1, 0]]}), "fraction 0"),
        (regions({"heel": [1], "toes": [1]}), "more than one whole"),
    ],
)
def test_a_layout_that_contradicts_itself_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(LayoutError, match=says):
        layout_from_dict(SMALL | change)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LayoutError, match=r"no layout 'glass-slipper'; known: .*open-insole-16"):
        load_layout("glass-slipper")
