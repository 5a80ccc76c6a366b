"""The page that compares recordings, and its figures."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.conditions import OwnBaselines, conditions, offered
from api.deps import Theme, TheStore, TheStudies
from api.schemas import ComparisonFigureOut
from dashboards.comparepage import Own, choose_page, compare_page
from dashboards.comparing import comparison_figures
from dashboards.language import _
from dashboards.theme import PALETTES, recolour
from insole.errors import AnalysisError, NotFoundError

router = APIRouter(tags=["compare"])

Chosen = Annotated[list[str], Query(description="Two to four recordings; the first is the baseline")]


@router.get("/compare", include_in_schema=False, response_class=HTMLResponse)
def page(
    store: TheStore,
    studies: TheStudies,
    recording: Annotated[list[str] | None, Query()] = None,
    baseline: OwnBaselines = None,
) -> HTMLResponse:
    """Two to four recordings held against the first; with fewer, how to choose some.

    Own baselines that are not fit leave the page as it is without them, and it says why.
    """
    if not recording or len(recording) == 1:
        return HTMLResponse(choose_page(recording or []))
    asked, unfit = baseline or [], ""
    try:
        infos, found = conditions(recording, store, studies, asked)
    except AnalysisError as e:
        infos, found = conditions(recording, store, studies)  # raises again where the baselines are not to blame
        unfit = str(e)
    own = Own(tuple(offered(infos, store)), tuple(asked), unfit)
    return HTMLResponse(compare_page(infos, found, own), status_code=422 if unfit else 200)


@router.get("/api/v1/compare/figures/{name}", response_model=ComparisonFigureOut)
def figure(
    name: str,
    recording: Chosen,
    store: TheStore,
    studies: TheStudies,
    *,
    theme: Theme = "light",
    baseline: OwnBaselines = None,
) -> Response:
    """One figure of a comparison: its drawings as Plotly's JSON, and in words."""
    found = comparison_figures().get(name)
    if found is None:
        raise NotFoundError(f"there is no figure {name!r}; there are {', '.join(comparison_figures())}")
    _infos, compared = conditions(recording, store, studies, baseline or ())
    drawn = []
    for plot in found.plots(compared):
        if plot.build is None:
            continue
        words = json.dumps({"key": plot.key, "title": plot.title, "alt": plot.alt})
        drawn.append(f'{words[:-1]}, "figure": {recolour(plot.build().to_json(), PALETTES[theme])}}}')
    head = json.dumps({"name": found.name, "title": _(found.title)})
    return Response(f'{head[:-1]}, "plots": [{", ".join(drawn)}]}}', media_type="application/json")
