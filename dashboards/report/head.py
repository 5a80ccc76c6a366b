"""The head of the first page: what was recorded, of whom, when and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.language import N_, _
from dashboards.render import INTENDED_USE
from dashboards.report.type import line
from dashboards.words import dated, duration, feet, number, when

if TYPE_CHECKING:
    from typing import Any

    from analysis.recipe import Study

UNKNOWN = N_("not given")


def head(title: str, pairs: Any) -> list[Any]:
    """Title, what the report is for, and the facts."""
    return [line(title, "title"), line(_(INTENDED_USE), "strong"), pairs]


def facts_of(study: Study) -> list[tuple[str, str]]:
    """What is known about a recording, as pairs of name and text."""
    report, about = study.report, study.walk.about
    mass, unknown = about.body_mass_kg, _(UNKNOWN)
    return [
        (_("Subject"), about.subject_code or unknown),
        (_("Date"), when(study.walk.started_at) if dated(study.walk.started_at) else _("the source gives none")),
        (_("Condition"), about.condition or unknown),
        (_("Task"), about.task or unknown),
        (_("Body mass"), unknown if mass is None else f"{number(mass)} kg"),
        (_("Duration"), duration(report.recording["duration_s"])),
        (_("Device"), " ".join(part for part in (about.device, about.firmware) if part) or unknown),
        (_("Feet"), feet(list(study.walk.feet))),
    ]
