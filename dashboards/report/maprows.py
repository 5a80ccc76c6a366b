"""The conditions' maps side by side, and what each differs by from the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import KeepTogether, Spacer

from dashboards.language import N_, _
from dashboards.maps import unit_of
from dashboards.report.maps import Maps, change_scale, differences, empty_map, no_map, scale_of
from dashboards.report.paper import fitting
from dashboards.report.tables import HEAD_SPACE_PT, side_by_side
from dashboards.report.type import BOLD, HEAD_PT, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from analysis.compare import Comparison
    from analysis.recipe import Study

ONE_ROW_SHARE, TWO_ROWS_SHARE = 0.34, 0.195
"""Height of a row of maps, of the text's height, where there is one row and where there are two (our judgement)."""

NOTE = N_(
    "Seen from above, toes up, all on one scale. Colour: each sensor's largest value of the recording, and its "
    "difference from A. Numbers: peak pressure of the region in kPa, mean over the stances used, and its difference. "
    "White in an outline: no sensor. Hatched: a sensor without a value."
)


def map_rows(
    studies: Sequence[Study], comparisons: Sequence[Comparison], letters: str, width: float, height: float
) -> list[Any]:
    """Peak maps of all conditions on one scale, then difference maps on another.

    Two conditions and their difference stand in one row; with more, differences stand below.
    """
    two = len(studies) == 2
    each = width / (3 if two else len(studies))
    high = height * (ONE_ROW_SHARE if two else TWO_ROWS_SHARE)
    peaks = [
        (_title(letter, study, each), _peak(studies, study, each, high))
        for study, letter in zip(studies, letters, strict=False)
    ]
    changes = _changes(studies, comparisons, letters, each, high)
    rows = _rows([*peaks, *changes], each) if two else [*_rows(peaks, each), *_rows([("", ""), *changes], each)]
    return [KeepTogether([*rows, line(_(NOTE), "small")])]


def _rows(cells: Sequence[tuple[Any, Any]], each: float) -> list[Any]:
    titles, drawn = zip(*cells, strict=True)
    return [Spacer(0, HEAD_SPACE_PT), *(side_by_side(part, [each] * len(cells)) for part in (titles, drawn))]


def _title(letter: str, study: Study, width: float) -> Any:
    condition = study.walk.about.condition
    return line(fitting(f"{letter} ({condition})" if condition else letter, width - 8, HEAD_PT, BOLD), "head")


def _peak(studies: Sequence[Study], study: Study, width: float, height: float) -> Any:
    why = no_map(study)
    if why:
        return empty_map(why, width)
    alike = [s for s in studies if not no_map(s) and unit_of(s.walk) == unit_of(study.walk)]
    return Maps(study, scale_of(alike)).peak(width, height)


def _changes(
    studies: Sequence[Study], comparisons: Sequence[Comparison], letters: str, width: float, height: float
) -> list[tuple[Any, Any]]:
    first = studies[0]
    found = [
        {} if _refused(first, study, c) else differences(first, study)
        for study, c in zip(studies[1:], comparisons, strict=True)
    ]
    alike = [s for s in studies if not no_map(s) and unit_of(s.walk) == unit_of(first.walk)]
    cells = []
    for letter, change, comparison in zip(letters[1:], found, comparisons, strict=False):
        drawn = (
            Maps(first, change_scale(found, scale_of(alike))).change(change, comparison, width, height)
            if change
            else empty_map(_("There is no map of the difference: these two were not compared."), width)
        )
        cells.append((line(f"{letter} \N{MINUS SIGN} A", "head"), drawn))
    return cells


def _refused(first: Study, other: Study, comparison: Comparison) -> bool:
    """Whether the pressures of the two are not held against each other."""
    return bool(comparison.refusals) or bool(no_map(first)) or bool(no_map(other))
