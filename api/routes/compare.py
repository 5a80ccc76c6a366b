"""Recordings held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query

from analysis.compare import compare
from analysis.sentences import sentences
from api.conditions import OwnBaselines, own_baselines
from api.deps import TheStore, TheStudies
from api.records import CompareOut, ComparisonsOut
from dashboards.words import label, region
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from analysis.mdc import OwnMdc
    from insole.report import Report

router = APIRouter(prefix="/api/v1/compare", tags=["compare"])

MOST_COMPARED = 4
"""Conditions side by side: what still fits a screen (our judgement)."""

Chosen = Annotated[list[str], Query(description="Ids, the baseline first")]


@router.get("")
def comparisons(
    recording: Chosen, store: TheStore, studies: TheStudies, baseline: OwnBaselines = None
) -> ComparisonsOut:
    """Each other recording against the first: what changed beyond noise, in words and in rows."""
    if not 2 <= len(set(recording)) == len(recording) <= MOST_COMPARED:
        raise AnalysisError(f"a comparison is of 2 to {MOST_COMPARED} different recordings, the baseline first")
    infos = [store.info(one) for one in recording]
    own = own_baselines(infos, baseline or (), store, studies)
    first, *others = [studies.report(info) for info in infos]
    return ComparisonsOut(
        baseline=recording[0],
        comparisons=[_compared(of, first, report, own) for of, report in zip(recording[1:], others, strict=True)],
    )


def _compared(of: str, baseline: Report, report: Report, own: OwnMdc | None) -> CompareOut:
    found = compare(baseline, report, own=own)
    said = sentences(found, label=lambda name: label(name)[:1].lower() + label(name)[1:], region=region)
    return CompareOut(recording=of, sentences=said, comparison=found.to_json())
