"""Studies that a report must be able to print, each once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.options import Options
from analysis.recipe import study
from dashboards.report import pdf_of_recording
from ingest.files import read
from insole.layout import load_layout
from insole.recording import About, Side, Unit
from insole.records import Mark, MarkKind
from insole.walker import Gait, Walker
from tests.support import ROOT

LAYOUT = load_layout("open-insole-16")
PEDAR = load_layout("pedar-99:x")
ABOUT = About(subject_code="P-001", condition="shoe", task="walking", body_mass_kg=70.0)
LONG = About(
    subject_code="S-" + "x" * 120 + " Ωмега",
    condition="orthosis with a pad and a wedge " * 6,
    task="walking" * 30,
    body_mass_kg=70.5,
    device="insole " * 30,
    source_name="f" * 200 + ".asc",
    source_sha256="ab" * 32,
    notes=tuple(f"note {i} <b>&amp; {'word ' * 40}\nnext line\x07" for i in range(12)),
)


def walk_of(layout=LAYOUT, about=ABOUT, **gait):
    chosen = {"duration_s": 20.0, "noise_kpa": 2.0, "load_symmetry_index_pct": 10.0, **gait}
    return replace(Walker(Gait(**chosen), layout).recording(), about=about)


def changed(recording, values, **other):
    """The recording with each foot's values made anew."""
    feet = {s: replace(f, values=values(np.array(f.values)), **other) for s, f in recording.feet.items()}
    return replace(recording, feet=feet)


def one(recording, side):
    return replace(recording, feet={side: recording.feet[side]})


def left_missing(recording):
    left = recording.feet[Side.LEFT]
    lost = replace(left, values=np.full_like(left.values, np.nan))
    return replace(recording, feet={Side.LEFT: lost, Side.RIGHT: recording.feet[Side.RIGHT]})


MAKERS = {
    "usual": lambda: study(walk_of()),
    "99 sensors in nine regions, some dead, a gap": lambda: study(
        walk_of(PEDAR, gaps={Side.LEFT: ((5.0, 5.5),)}, dead_sensors={Side.LEFT: (9, 60)}), Options(mask="zones9")
    ),
    "long words, marks, findings": lambda: study(
        walk_of(about=LONG),
        Options(
            marks=(Mark(MarkKind.EXCLUDE, 0.0, 1.5), Mark(MarkKind.EXCLUDE, 3.0, 4.0, Side.LEFT)),
            findings=True,
            stance_width_mm=120.0,
        ),
    ),
    "one foot": lambda: study(one(walk_of(), Side.RIGHT)),
    "no steps": lambda: study(walk_of(stand_s=20.0)),
    "counts": lambda: study(changed(walk_of(), lambda v: (v * 6 + 200).round().astype(np.uint16), unit=Unit.COUNTS)),
    "force only": lambda: study(changed(walk_of(), lambda v: v, unit=Unit.N)),
    "all zero": lambda: study(changed(walk_of(), np.zeros_like)),
    "nothing measured": lambda: study(changed(walk_of(), lambda v: np.full_like(v, np.nan))),
    "a matrix of cells": lambda: study(read(ROOT / "fixtures" / "fscan_walk_L.asf")),
    "a step on a plate": lambda: study(read(ROOT / "fixtures" / "emed_step.lst")),
    "force zones": lambda: study(read(ROOT / "fixtures" / "loadsol_walk.txt")),
    "a foot without a value": lambda: study(left_missing(walk_of())),
}


@pytest.fixture(scope="session")
def made():
    """Ask it for a study by name; each is made once."""
    found = {}

    def give(name):
        if name not in found:
            found[name] = MAKERS[name]()
        return found[name]

    return give


@pytest.fixture(params=list(MAKERS))
def any_study(request, made):
    return made(request.param)


@pytest.fixture(scope="session")
def printed():
    """Ask it for the report of a study on A4; each is made once."""
    found = {}

    def give(study):
        if id(study) not in found:
            found[id(study)] = study, pdf_of_recording(study)
        return found[id(study)][1]

    return give


@pytest.fixture
def any_pdf(any_study, printed):
    return printed(any_study)


@pytest.fixture(scope="session")
def usual(made):
    return made("usual")


@pytest.fixture(scope="session")
def conditions():
    """Shoe, two orthoses of which one changes much, and barefoot at another speed."""
    names = ("shoe", "orthosis A", "orthosis B", "barefoot")
    gaits = ({}, {"load_symmetry_index_pct": 60.0}, {"load_symmetry_index_pct": 15.0}, {"cadence_spm": 140.0})
    return [
        study(walk_of(about=replace(ABOUT, condition=name), seed=seed, **gait))
        for seed, (name, gait) in enumerate(zip(names, gaits, strict=True), 1)
    ]
