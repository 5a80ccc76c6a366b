"""A subject's page: visits, the recordings of each, and what was measured in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.comparepage import address
from dashboards.comparing import LETTERS
from dashboards.quality import Glance, at_a_glance
from dashboards.render import environment
from dashboards.trend import trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.trend import Measured
    from insole.records import Subject, Visit
    from insole.store import Info


@dataclass(frozen=True)
class Came:
    """A visit with its recordings.

    Attributes
    ----------
    visit
        When.
    recordings
        The first made first.
    compare
        Address of the comparison of its conditions; empty where there are not two.
    """

    visit: Visit
    recordings: tuple[Info, ...]
    compare: str


def subject_page(subject: Subject, visits: Sequence[Visit], recordings: Sequence[Info]) -> str:
    """A subject, with no number that has to be measured first: ``measured_parts`` brings those.

    Parameters
    ----------
    visits
        The latest first.
    recordings
        All of the subject, the latest first.
    """
    came = [_came(visit, recordings) for visit in visits]
    return (
        environment()
        .get_template("subject.html")
        .render(subject=subject, visits=came, recordings=list(recordings), here="recordings")
    )


def measured_parts(subject: Subject, measured: Sequence[Measured], of: tuple[str, str] | None = None) -> str:
    """The parts of a subject's page that are measured: the trend, and each recording's quality.

    Parameters
    ----------
    measured
        All recordings, the first made first.
    of
        Condition and task of the trend; None for those with the most visits.
    """
    return (
        environment()
        .get_template("subject/measured.html")
        .render(
            subject=subject,
            trend=trend(measured, of),
            glances={m.info.id: Glance("", (m.why,)) if m.report is None else at_a_glance(m.report) for m in measured},
        )
    )


def _came(visit: Visit, recordings: Sequence[Info]) -> Came:
    theirs = tuple(info for info in reversed(recordings) if info.visit_id == visit.id)
    first_of = {(i.about.condition, i.about.task): i.id for i in reversed(theirs) if i.state == "sealed"}
    ids = [info.id for info in theirs if info.id in first_of.values()][: len(LETTERS)]
    return Came(visit, theirs, address(ids) if len(ids) > 1 else "")
