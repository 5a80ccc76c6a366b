"""Conditions held against each other, and what a figure of their page is; each is one file in ``comparisons``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.compare import compare
from dashboards.language import _
from insole.errors import AnalysisError
from insole.recording import Side
from insole.registry import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import plotly.graph_objects as go

    from analysis.compare import Comparison
    from analysis.mdc import OwnMdc
    from analysis.recipe import Study

LETTERS = "ABCD"
"""Names of the conditions; A is the baseline."""

NAME_CHARS = 28
"""Characters of a condition's name in headings and legends; the head of the page has it whole (our judgement)."""

DASHES = ("solid", "dash", "dot", "dashdot")
"""Line styles of the conditions: colours tell the feet."""


@dataclass(frozen=True, eq=False)
class Compared:
    """Two to four conditions, and what each differs by from the first.

    Attributes
    ----------
    studies
        The conditions; the first is the baseline.
    comparisons
        Of each of the others with the baseline.
    """

    studies: tuple[Study, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def letters(self) -> str:
        """A letter for each condition."""
        return LETTERS[: len(self.studies)]

    @property
    def others(self) -> tuple[tuple[str, Study, Comparison], ...]:
        """Letter, study and comparison of each condition but the baseline."""
        return tuple(zip(self.letters[1:], self.studies[1:], self.comparisons, strict=True))

    @property
    def sides(self) -> tuple[Side, ...]:
        """The feet that were measured in any of the conditions."""
        return tuple(side for side in Side if any(side in study.walk.feet for study in self.studies))

    @property
    def named(self) -> tuple[tuple[str, Study], ...]:
        """Every condition with its letter and short name."""
        return tuple((named(letter, study), study) for letter, study in zip(self.letters, self.studies, strict=True))


def compared(studies: Sequence[Study], own: OwnMdc | None = None) -> Compared:
    """Hold each condition against the first.

    Parameters
    ----------
    studies
        Two to four; the first is the baseline.
    own
        What counts as a change, from the subject's own repeated baselines; None for what is published.

    Raises
    ------
    AnalysisError
        If there are fewer than two conditions or more than four, or the own baselines do not belong to them.
    """
    if not 2 <= len(studies) <= len(LETTERS):
        raise AnalysisError(f"a comparison is of 2 to {len(LETTERS)} recordings, and {len(studies)} were given")
    first, *rest = studies
    return Compared(tuple(studies), tuple(compare(first.report, other.report, own=own) for other in rest))


def named(letter: str, study: Study) -> str:
    """``B (orthosis A)``; the letter alone where the condition has no name."""
    name = study.walk.about.condition
    if len(name) > NAME_CHARS:
        name = name[:NAME_CHARS].rstrip() + "…"
    return f"{letter} ({name})" if name else letter


def foot_name(side: Side) -> str:
    """A foot, as the heading of a drawing."""
    return _("Left foot") if side is Side.LEFT else _("Right foot")


@dataclass(frozen=True, eq=False)
class Plot:
    """One drawing of a figure.

    Attributes
    ----------
    key
        Its name within the figure, the same for the same kind of conditions.
    title
        Its heading.
    alt
        Its finding in a sentence or two; where there is nothing to draw, why.
    build
        Draws it, in the colours of ``theme.LIGHT``; None where there is nothing to draw.
    column
        The condition under which it stands, from 1, where drawings stand in rows; 0: wherever there is room.
    """

    key: str
    title: str
    alt: str
    build: Callable[[], go.Figure] | None
    column: int = 0


@dataclass(frozen=True)
class ComparisonFigure:
    """A figure of the page that compares, made of one or more drawings.

    Attributes
    ----------
    name
        Its address: ``/api/v1/compare/figures/{name}``.
    title
        Its heading on the page.
    plots
        Its drawings; works with two to four conditions, one foot, no steps, different insoles.
    note
        How to read it.
    order
        Its place on the page.
    view
        Its name in the choice of maps; empty for a figure that always shows.
    """

    name: str
    title: str
    plots: Callable[[Compared], Sequence[Plot]]
    note: str = ""
    order: int = 100
    view: str = ""


def comparison_figures() -> Mapping[str, ComparisonFigure]:
    """Every figure by name, in the order of the page."""
    found = discover("dashboards.comparisons", "FIGURE", ComparisonFigure)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[1].name)))
