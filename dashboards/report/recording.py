"""The report of one recording: two pages, unless there is much to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import PageBreak, Spacer

from dashboards.language import N_, _
from dashboards.report.curves import both_feet
from dashboards.report.head import facts_of, head
from dashboards.report.key import key_figures
from dashboards.report.lines import gait_lines
from dashboards.report.maps import Maps, empty_map, no_map, region_labels, scale_of
from dashboards.report.method import findings_box, limits_box, made_by, method_box, subject
from dashboards.report.paper import bind, size_of
from dashboards.report.quality import quality_box
from dashboards.report.regions import region_table
from dashboards.report.summary import summary
from dashboards.report.tables import HEAD_SPACE_PT, facts, side_by_side
from dashboards.report.type import line

if TYPE_CHECKING:
    from typing import Any

    from analysis.recipe import Study

TITLE = N_("Plantar pressure report")

MAP_SHARE, CURVE_SHARE = 0.38, 0.25
"""Heights of the maps and of the curves, of the text's height (our judgement: what else stands there still fits)."""


STANCE_NOTE = N_(
    "Mean and one standard deviation over the stances used; left solid, right dashed. The way of the centre of "
    "pressure begins at the dot; its band is the deviation across the foot."
)


def pdf_of_recording(study: Study, *, paper: str = "a4") -> bytes:
    """The report of a recording, to be printed and handed over.

    Parameters
    ----------
    study
        Of the recording.
    paper
        ``a4`` or ``letter``.

    Returns
    -------
    A PDF file; byte for byte the same for the same recording, options and software. Two pages for a
    usual recording.

    Raises
    ------
    AnalysisError
        If there is no such paper.
    """
    width, height = size_of(paper)
    story = [*_first_page(study, width, height), PageBreak(), *_second_page(study, width, height)]
    about = subject(study)
    title = f"{_(TITLE)}, {about}" if about else _(TITLE)
    return bind(
        story, paper=paper, title=title, about=title, made_by=made_by(study.report), made_at=study.walk.started_at
    )


def _first_page(study: Study, width: float, height: float) -> list[Any]:
    said = [line(text) for text in summary(study)]
    return [
        *head(_(TITLE), facts(facts_of(study), width)),
        line(_("In short"), "head"),
        *said,
        *_maps(study, width, MAP_SHARE * height),
        *key_figures(study, width),
    ]


def _maps(study: Study, width: float, height: float) -> list[Any]:
    why = no_map(study)
    if why:
        return [line(_("Pressure under the feet"), "head"), empty_map(why, width)]
    maps, half = Maps(study, scale_of([study])), width / 2
    titles = side_by_side([line(_("Highest pressure"), "head"), line(_("Mean pressure"), "head")], [half, half])
    drawn = side_by_side([maps.peak(half, height), maps.mean(half, height)], [half, half])
    return [Spacer(0, HEAD_SPACE_PT), titles, drawn, line(_map_note(study), "small")]


def _map_note(study: Study) -> str:
    if region_labels(study, "peak_pressure_kpa"):
        numbers = _(
            "Numbers, left: peak pressure of the region in kPa, mean over the stances used; right: share of the "
            "foot's load in %."
        )
    else:
        numbers = _("Numbers, right: share of the foot's load in %.")
    colours = _(
        "Seen from above, toes up. Colour, left: each sensor's largest value of the recording; right: its mean."
    )
    return " ".join([colours, numbers, _("White in an outline: no sensor. Hatched: a sensor without a value.")])


def _second_page(study: Study, width: float, height: float) -> list[Any]:
    return [
        *_stances(study, width, CURVE_SHARE * height),
        *region_table(study, width),
        *findings_box(study.report),
        *quality_box(study, width),
        *method_box([study]),
        *limits_box([study]),
    ]


def _stances(study: Study, width: float, height: float) -> list[Any]:
    """Force curves and gait lines, or that there are none."""
    if not any(study.clean.values()):
        return [
            line(_("Force and centre of pressure in a stance"), "head"),
            line(_("No stance was used, so there are none.")),
        ]
    wide, narrow = 0.60 * width, 0.40 * width
    titles = [line(_("Force in a stance"), "head"), line(_("Centre of pressure in stance"), "head")]
    drawn = [both_feet(study, wide, height), gait_lines(study, narrow, height)]
    return [*(side_by_side(part, [wide, narrow]) for part in (titles, drawn)), line(_(STANCE_NOTE), "small")]
