"""The report of two to four conditions: what changed by more than noise, in words first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import PageBreak

from analysis.compare import Verdict
from analysis.sentences import sentences
from dashboards.language import N_, _, ngettext
from dashboards.report.changes import change_table, sources
from dashboards.report.curves import conditions
from dashboards.report.head import facts_of, head
from dashboards.report.maprows import map_rows
from dashboards.report.method import limits_box, made_by, method_box
from dashboards.report.paper import bind, size_of
from dashboards.report.tables import side_by_side, table
from dashboards.report.type import line
from dashboards.words import label, region, sentence
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from analysis.compare import Comparison
    from analysis.recipe import Study

TITLE = N_("Plantar pressure, conditions compared")

LETTERS = "ABCD"
"""Names of the conditions in tables and legends; A is the baseline."""

CURVE_SHARE = 0.155
"""Height of the curves, of the text's height (our judgement)."""

MOST_CHANGES = {2: 6, 3: 4, 4: 3}
"""Changes that are told in words of each condition, by how many there are: so many fit on the first page."""

NAME_CHARS = 40
"""Characters of a condition's name in headings and legends."""

HOW = N_(
    "Changed: the difference is larger than what counts as a change, and its 95 % interval over steps (Welch) excludes "
    "zero. No change: no change beyond noise. Not judged: no published figure and no own baselines, or no interval."
)


def pdf_of_comparison(studies: Sequence[Study], comparisons: Sequence[Comparison], *, paper: str = "a4") -> bytes:
    """The report of conditions of one subject.

    Parameters
    ----------
    studies
        Two to four; the first is the baseline.
    comparisons
        Of each study but the first with the baseline, in the same order (``analysis.compare.compare``).
    paper
        ``a4`` or ``letter``.

    Returns
    -------
    A PDF file; byte for byte the same for the same input and software.

    Raises
    ------
    AnalysisError
        If there are fewer than two conditions or more than four, or no such paper.
    """
    if not 2 <= len(studies) <= len(LETTERS) or len(comparisons) != len(studies) - 1:
        raise AnalysisError(f"a comparison is of 2 to {len(LETTERS)} recordings, and {len(studies)} were given")
    width, height = size_of(paper)
    story = [
        *_first_page(studies, comparisons, width, height),
        PageBreak(),
        *_second_page(studies, comparisons, width, height),
    ]
    about = studies[0].walk.about.subject_code
    title = f"{_(TITLE)}, {about}" if about else _(TITLE)
    return bind(
        story,
        paper=paper,
        title=title,
        about=title,
        made_by=made_by(studies[0].report),
        made_at=studies[0].walk.started_at,
    )


def _first_page(studies: Sequence[Study], comparisons: Sequence[Comparison], width: float, height: float) -> list[Any]:
    story = head(_(TITLE), _facts(studies, width))
    for letter, study, comparison in zip(LETTERS[1:], studies[1:], comparisons, strict=False):
        title = _("{this} against {baseline}, in short")
        story.append(line(title.format(this=_named(letter, study), baseline=_named("A", studies[0])), "head"))
        story += [line(text) for text in _in_short(comparison, MOST_CHANGES[len(studies)])]
    return [*story, *map_rows(studies, comparisons, LETTERS, width, height)]


def _in_short(comparison: Comparison, most: int) -> list[str]:
    """What changed and what did not, in words; of many changes the clearest, and how many more there are."""
    said = sentences(comparison, label=_low, region=region)
    changed = len(comparison.of(Verdict.CHANGED))
    first = len(comparison.refusals) + most
    more = changed - most
    if more <= 1:
        return said
    text = ngettext(
        "{n} more value changed; the table names it.", "{n} more values changed; the table names them.", more
    )
    return [*said[:first], text.format(n=more), *said[first + more :]]


def _facts(studies: Sequence[Study], width: float) -> Any:
    """A column for each condition."""
    columns = [facts_of(study) for study in studies]
    rows = [[name, *(column[i][1] for column in columns)] for i, (name, _text) in enumerate(columns[0])]
    letters = [_("{letter}, baseline").format(letter=LETTERS[0]), *LETTERS[1 : len(studies)]]
    first = 0.14 * width
    each = (width - first) / len(studies)
    return table([["", *letters], *rows], [first, *[each] * len(studies)], words=range(len(studies) + 1))


def _named(letter: str, study: Study) -> str:
    """A condition by its letter and the beginning of its name; the whole name stands in the head."""
    name = study.walk.about.condition
    if len(name) > NAME_CHARS:
        name = name[:NAME_CHARS].rstrip() + "…"
    return f"{letter} ({name})" if name else letter


def _low(name: str) -> str:
    return label(name)[:1].lower() + label(name)[1:]


def _second_page(studies: Sequence[Study], comparisons: Sequence[Comparison], width: float, height: float) -> list[Any]:
    half, high = width / 2, CURVE_SHARE * height
    names = [
        _named(letter, study) if len(studies) == 2 else letter for letter, study in zip(LETTERS, studies, strict=False)
    ]
    curves = conditions(studies, names, half, high)
    story = [line(_("Force in a stance"), "head"), side_by_side(curves, [half] * len(curves))]
    story.append(line(_("Mean over the stances used, from foot-on to foot-off."), "small"))
    for letter, study, comparison in zip(LETTERS[1:], studies[1:], comparisons, strict=False):
        title = _("%(this)s against %(baseline)s")
        story.append(line(title % {"this": _named(letter, study), "baseline": _named("A", studies[0])}, "head"))
        story += change_table(comparison, ("A", letter), width)
    least = _("Least change: {source}")
    story += [line(_(HOW), "small")]
    story += [line(least.format(source=sentence(source)), "small") for source in sources(comparisons)]
    return [*story, *method_box(studies, LETTERS), *limits_box(studies, LETTERS)]
