"""What a figure of the recording's page is; each is one file in ``dashboards/figures``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insole.registry import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import plotly.graph_objects as go

    from analysis.recipe import Study


@dataclass(frozen=True)
class Figure:
    """A figure and how to say in words what it shows.

    Attributes
    ----------
    name
        Its address: ``/api/v1/recordings/{id}/figures/{name}``.
    title
        Its heading on the page.
    build
        Draws it, in the colours of ``theme.LIGHT``; works with one foot and with no steps.
    alt
        Its finding in a sentence or two, for those who cannot see it.
    note
        How to read it: shown under the figure. Empty where nothing needs saying.
    order
        Its place on the page; figures of the same order stand by title.
    wide
        True when it needs the page's whole width.
    part
        Which part of the page it stands in: ``map``, ``curves``, ``symmetry`` or ``time``.
    """

    name: str
    title: str
    build: Callable[[Study], go.Figure]
    alt: Callable[[Study], str]
    note: str = ""
    order: int = 100
    wide: bool = False
    part: str = "curves"


def figures() -> Mapping[str, Figure]:
    """Every figure by name, in the order of the page."""
    found = discover("dashboards.figures", "FIGURE", Figure)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[1].title)))
