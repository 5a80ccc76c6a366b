"""What holds for every metric and every recording."""

from __future__ import annotations

import json
import math
import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence import Evidence
from analysis.options import Options
from analysis.recipe import analyse, metrics, study
from insole.layout import layout_from_dict, layout_to_dict, load_layout
from insole.recording import FootStream, Recording, Side, Unit
from insole.report import Value
from insole.walker import Gait, Walker
from tests.analysis import made
from tests.support import ROOT

SIGNED = re.compile(r"_(symmetry_(index|angle)|asymmetry)_pct(_bw)?$")
FORCES = ("_n", "_kpa", "_kpas", "_ns", "_n_per_s", "_kpa_per_h")
NOTHING = np.empty((0, 4))


plain = made.every


def strange_recordings() -> dict[str, Recording]:
    walk = made.stances(1500, every=110, on=66, first=20)
    standing = np.full((1500, 4), 80.0) + np.sin(np.arange(1500) / 30)[:, None]
    left, right = Side.LEFT, Side.RIGHT
    return {
        "both empty": made.recording(made.stream(left, NOTHING), made.stream(right, NOTHING)),
        "one empty": made.recording(made.stream(left, walk), made.stream(right, NOTHING)),
        "all NaN": made.recording(made.stream(left, walk * np.nan), made.stream(right, walk * np.nan)),
        "one foot": made.recording(made.stream(right, walk)),
        "standing": made.recording(made.stream(left, standing), made.stream(right, standing)),
        "unloaded": made.recording(made.stream(left, walk * 0), made.stream(right, walk * 0)),
        "below zero": made.recording(made.stream(left, walk * 0 - 5), made.stream(right, walk * 0 - 5)),
        "one sample": made.recording(made.stream(left, [[1, 2, 3, 4]]), made.stream(right, [[0, 0, 0, 0]])),
        "one step": made.recording(made.stream(left, walk[:100]), made.stream(right, walk[:100])),
        "two steps": made.recording(made.stream(left, walk[:230]), made.stream(right, walk[:230])),
        "one stands": made.recording(made.stream(left, walk), made.stream(right, standing)),
        "apart": made.recording(made.stream(left, walk), made.stream(right, walk, start_s=100)),
        "raw counts": made.recording(made.stream(left, walk, unit=Unit.COUNTS), made.stream(right, walk)),
        "no areas": made.recording(made.stream(left, walk, layout=made.layout4(area_mm2=None))),
        "every second sample": made.recording(made.stream(left, walk[::2], sample=np.arange(0, 1500, 2))),
    }


@pytest.mark.parametrize("name", strange_recordings())
def test_strange_recordings_give_a_report_with_the_reason(name: str) -> None:
    report = analyse(strange_recordings()[name])
    report.to_json()  # refuses what is not finite
    assert report.caveats
    assert all(c.text and c.text[0].islower() for c in report.caveats)


def test_metrics_emit_what_they_declare_and_every_name_is_in_the_dictionary() -> None:
    dictionary = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")
    rows = {m[1]: m[2] for m in re.finditer(r"^\| `(\w+)` \| ([^|]+?) \|", dictionary, re.MULTILINE)}
    declared = {name: unit for metric in metrics().values() for name, unit in metric.units.items()}
    assert declared == rows
    assert len(declared) == sum(len(m.units) for m in metrics().values()), "two metrics emit one name"
    gait = Gait(stand_s=35, duration_s=110, load_symmetry_index_pct=10)
    walked = study(Walker(gait, load_layout("open-insole-16")).recording())
    plate = study(made.recording(made.plate_step()))
    options = Options(stance_width_mm=200)
    emitted = set()
    for metric, walk in product(metrics().values(), (walked.walk, plate.walk)):
        for answer in metric.measure(Evidence(walk, options=options)):
            if isinstance(answer, Value):
                assert metric.units[answer.name] == answer.unit
                emitted.add(answer.name)
    assert emitted == set(declared)


def test_every_caveat_and_every_metric_is_explained() -> None:
    method = (ROOT / "docs" / "clinical-method.md").read_text("utf-8")
    sources = [p.read_text("utf-8") for p in (ROOT / "analysis").rglob("*.py")]
    codes = {m[1] for text in sources for m in re.finditer(r'Caveat\(\s*"(\w+)"', text)}
    assert len(codes) > 10
    assert not [code for code in codes if f"`{code}`" not in method]
    constants = {m[1] for text in sources for m in re.finditer(r"^([A-Z][A-Z_]+) = [(\d.-]", text, re.MULTILINE)}
    shown = {
        "STUCK_ROWS_PER_S",
        "MIDFOOT",
        "REASONS",
        "BLOCK_ROWS",
        "EDGE_TOLERANCE",
        "MOST_ROWS",
        "GAIT_LINE_POINTS",
        "MOST_TRACE",
        "TINY",
        "MOST_TERMS",
        "MOST_DF",
    }
    assert not [c for c in constants - shown if f"`{c}`" not in method]


GAITS = st.builds(
    Gait,
    load_symmetry_index_pct=st.sampled_from([0.0, -12.5, 30.0]),
    cadence_spm=st.sampled_from([80.0, 111.0, 130.0]),
    stance_pct=st.sampled_from([58.0, 62.0, 70.0]),
    duration_s=st.just(12.0),
    noise_kpa=st.sampled_from([0.0, 2.0]),
    stand_s=st.sampled_from([0.0, 2.0]),
)


@settings(max_examples=12, deadline=None)
@given(gait=GAITS)
def test_swapping_the_feet_exchanges_sides_and_flips_signs(gait: Gait) -> None:
    walk = Walker(gait, load_layout("open-insole-16")).recording()
    before, after = plain(analyse(walk)), plain(analyse(made.swapped(walk)))
    flipped = {
        (name, side and side.other, region, variant): -value if SIGNED.search(name) and variant != "unsigned" else value
        for (name, side, region, variant), value in before.items()
    }
    assert after == pytest.approx(flipped, rel=1e-9, abs=1e-9)
    assert any(SIGNED.search(name) for name, *_ in before)


@settings(max_examples=12, deadline=None)
@given(gait=GAITS, factor=st.sampled_from([0.8, 2.0, 3.0]))
def test_scaling_force_scales_forces_and_leaves_shares_and_times(gait: Gait, factor: float) -> None:
    walk = made.recording(*Walker(gait, load_layout("open-insole-16")).recording().feet.values())
    before = plain(analyse(walk))
    after = plain(analyse(made.changed(walk, values=lambda f: f.values * np.float32(factor))))
    scaled = {k: v * (factor if k[0].endswith(FORCES) else 1) for k, v in before.items()}
    fixed = {k for k in scaled if k[0].startswith(("contact_", "mean_peak")) or k[3] == "melai"}
    kept = {k: v for k, v in scaled.items() if k not in fixed}
    assert len(kept) > 100
    assert {k: after[k] for k in kept} == pytest.approx(kept, rel=1e-4, abs=1e-4)
    assert {k for k in after if k not in fixed} == set(kept)


@settings(max_examples=8, deadline=None)
@given(gait=GAITS, shift_s=st.sampled_from([1.0, 64.0, 5000.0]), first=st.sampled_from([0, 7, 10**9]))
def test_when_it_began_does_not_matter(gait: Gait, shift_s: float, first: int) -> None:
    walk = Walker(gait, load_layout("open-insole-16")).recording()
    later = made.changed(walk, time_s=lambda f: f.time_s + shift_s, sample=lambda f: f.sample + first)
    assert plain(analyse(later)) == pytest.approx(plain(analyse(walk)), rel=1e-6, abs=1e-6)


@settings(max_examples=8, deadline=None)
@given(gait=GAITS, seed=st.integers(0, 1000))
def test_the_order_of_the_sensors_does_not_matter(gait: Gait, seed: int) -> None:
    layout = load_layout("open-insole-16")
    order = np.random.default_rng(seed).permutation(layout.n_sensors)
    number = {int(old) + 1: new + 1 for new, old in enumerate(order)}
    data = layout_to_dict(layout)
    for key in ("xy_mm", "area_mm2"):
        data[key] = [data[key][i] for i in order]
    for mask in data["masks"].values():
        mask["regions"] = {r: [[number[n], w] for n, w in members] for r, members in mask["regions"].items()}
    shuffled = layout_from_dict(data)
    walk = Walker(gait, layout).recording()
    other = made.changed(walk, layout=shuffled, values=lambda f: f.values[:, order])
    assert plain(analyse(other)) == pytest.approx(plain(analyse(walk)), rel=1e-5, abs=1e-5)


@settings(max_examples=10, deadline=None)
@given(gait=GAITS.filter(lambda g: not g.load_symmetry_index_pct and not g.noise_kpa))
def test_an_even_walk_has_no_asymmetry(gait: Gait) -> None:
    one = Walker(gait, load_layout("open-insole-16")).recording().feet[Side.LEFT]
    mirror = FootStream(**{**vars(one), "side": Side.RIGHT})
    report = analyse(made.recording(one, mirror))
    signed = {v.name: v.value for v in report.values if SIGNED.search(v.name)}
    assert len(signed) >= 6
    assert all(math.isclose(v, 0, abs_tol=1e-9) for v in signed.values())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from([0.0, 15.0, 40.0, 120.0, 200.0, np.nan, -20.0])), max_size=30
    ),
    st.integers(0, 3),
    st.sampled_from(list(Unit)),
)
def test_no_recording_breaks_the_analysis(pieces: list[tuple[int, float]], lost: int, unit: Unit) -> None:
    values = np.repeat([v for _, v in pieces], [n for n, _ in pieces])[:, None] * np.array([1, 1, 0.5, 2])
    keep = np.flatnonzero(np.arange(len(values)) % 50 >= lost)
    if unit is Unit.COUNTS:
        values = np.clip(np.nan_to_num(values), 0, None)
    left = made.stream(Side.LEFT, values[keep].reshape(-1, 4), sample=keep, unit=unit)
    right = made.stream(Side.RIGHT, values[::-1].reshape(-1, 4), unit=unit, start_s=0.003)
    report = analyse(made.recording(left, right, body_mass_kg=70.0))
    assert all(math.isfinite(value.value) for value in report.values)
    assert json.loads(json.dumps(report.to_json(), allow_nan=False)) == report.to_json()
