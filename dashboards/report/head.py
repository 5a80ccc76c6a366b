"""The head of the first page: what was recorded, of whom, when and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.render import INTENDED_USE
from dashboards.report.type import line
from dashboards.words import dated, duration, feet, number, when

if TYPE_CHECKING:
    from typing import Any

    from analysis.recipe import Study

UNKNOWN = "not given"


def head(title: str, pairs: Any) -> list[Any]:
    """Title, what the report is for, and the facts."""
    return [line(title, "title"), line(INTENDED_USE, "strong"), pairs]


def facts_of(study: Study) -> list[tuple[str, str]]:
    """What is known about a recording, as pairs of name and text."""
    report, about = study.report, study.walk.about
    mass = about.body_mass_kg
    return [
        ("Subject", about.subject_code or UNKNOWN),
        ("Date", when(study.walk.started_at) if dated(study.walk.started_at) else "the source gives none"),
        ("Condition", about.condition or UNKNOWN),
        ("Task", about.task or UNKNOWN),
        ("Body mass", UNKNOWN if mass is None else f"{number(mass)} kg"),
        ("Duration", duration(report.recording["duration_s"])),
        ("Device", " ".join(part for part in (about.device, about.firmware) if part) or UNKNOWN),
        ("Feet", feet(list(study.walk.feet))),
    ]
