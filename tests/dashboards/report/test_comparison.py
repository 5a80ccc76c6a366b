from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.compare import Verdict, compare
from analysis.mdc import own_mdc
from analysis.sentences import sentences
from analysis.wording import upper_first
from dashboards.report import PAPERS, pdf_of_comparison
from dashboards.report.changes import ALWAYS
from dashboards.report.paper import MARGIN_PT
from dashboards.words import label, region
from insole.errors import AnalysisError
from insole.recording import Side
from tests.dashboards.report.paper import follows, lines, outside, overlaps, pages, whole, written


def compared(studies, **more):
    return [compare(studies[0].report, other.report, **more) for other in studies[1:]]


def low(name):
    return label(name)[:1].lower() + label(name)[1:]


def signed(value, unit):
    return written(value, unit, signed=True)


def cells_of(row):
    """A row of the comparison's JSON as it must be printed."""
    place = (
        "both feet"
        if row["side"] is None
        else f"{row['side']} {'foot' if row['region'] is None else region(row['region'])}"
    )
    ends = "–" if row["interval"] is None else " to ".join(signed(x, row["unit"]) for x in row["interval"])
    return [
        upper_first(place),
        written(row["a"], row["unit"]),
        written(row["b"], row["unit"]),
        signed(row["difference"], row["unit"]),
        ends,
        written(row["mdc"] and row["mdc"]["value"], row["unit"]),
    ]


def joined(found):
    """Cells, where a wrapped place is one again."""
    return " | ".join(found).replace("metatarsal | heads", "metatarsal heads")


def test_two_conditions_fill_two_pages(conditions):
    assert len(pages(pdf_of_comparison(conditions[:2], compared(conditions[:2])))) == 2


@pytest.mark.parametrize("number", [2, 3, 4])
def test_each_condition_is_named_drawn_and_held_against_the_first(conditions, number):
    studies = conditions[:number]
    first = pages(pdf_of_comparison(studies, compared(studies)))[0]
    assert follows(first, ["A, baseline", *"BCD"[: number - 1]])
    for letter, study in zip("ABCD", studies, strict=False):
        assert f"{letter} ({study.walk.about.condition})" in first
    for letter in "BCD"[: number - 1]:
        assert f"{letter} − A" in first


@pytest.mark.parametrize(("number", "paper"), [(2, "a4"), (2, "letter"), (3, "letter"), (4, "a4")])
def test_nothing_overlaps_and_nothing_leaves_the_paper(conditions, number, paper):
    pdf = pdf_of_comparison(conditions[:number], compared(conditions[:number]), paper=paper)
    assert overlaps(pdf) == []
    assert outside(pdf, PAPERS[paper], MARGIN_PT) == []


def test_the_words_are_those_of_the_analysis_and_many_are_cut_short(conditions):
    comparisons = compared(conditions[:2])
    said = sentences(comparisons[0], label=low, region=region)
    changed = len(comparisons[0].of(Verdict.CHANGED))
    text = whole(pdf_of_comparison(conditions[:2], comparisons))
    printed = [sentence for sentence in said if "".join(sentence.split()) in text]
    assert changed > 7
    assert printed == [*said[:6], *said[changed:]]
    assert f"{changed - 6}morevalueschanged;thetablenamesthem." in text


def test_the_table_is_that_of_the_json(conditions):
    comparison = compared(conditions[:2])[0]
    text = joined(lines(pdf_of_comparison(conditions[:2], [comparison])))
    kept = left_out = 0
    for row in comparison.to_json()["rows"]:
        if row["verdict"] != "not judged" or (row["name"] in ALWAYS and row["region"] is None):
            assert " | ".join(cells_of(row)) in text, row
            kept += 1
        else:
            left_out += 1
    assert kept > 20
    assert f"{left_out} further values were not judged" in text


def test_verdicts_follow_the_rows(conditions):
    comparison = compared(conditions[:2])[0]
    text = joined(lines(pdf_of_comparison(conditions[:2], [comparison])))
    verdicts = re.findall(r"\| (changed|no change|not judged)(?= \|)", text)
    assert verdicts.count("changed") == len(comparison.of(Verdict.CHANGED))
    assert verdicts.count("no change") == len(comparison.of(Verdict.NO_CHANGE))


def test_the_differences_on_the_map_are_those_of_the_json(conditions):
    comparison = compared(conditions[:2])[0]
    first = pages(pdf_of_comparison(conditions[:2], [comparison]))[0]
    on_map = first[first.index("B − A") :]
    for row in comparison.to_json()["rows"]:
        if row["name"] == "peak_pressure_kpa" and row["region"]:
            assert signed(row["difference"], row["unit"]) in on_map


def test_a_refusal_is_said_plainly_and_nothing_is_drawn_or_judged(conditions):
    studies = [conditions[0], conditions[3]]
    pdf = pdf_of_comparison(studies, compared(studies))
    text = whole(pdf)
    assert "sowalkagainatonespeed.Sonothingwasjudged." in text
    assert "Thereisnomapofthedifference" in text
    cells = lines(pdf)
    assert "refused" in cells
    assert "changed" not in cells
    assert "no change" not in cells


def test_own_baselines_are_named_as_the_source(conditions):
    own = own_mdc((conditions[0].report, conditions[2].report))
    text = whole(pdf_of_comparison(conditions[:2], compared(conditions[:2], own=own)))
    assert "Leastchange:Ownbaselines,1pair" in text


@pytest.mark.parametrize(
    "other",
    [
        "one foot",
        "counts",
        "force only",
        "no steps",
        "nothing measured",
        "a matrix of cells",
        "long words, marks, findings",
    ],
)
def test_conditions_that_have_little_in_common(made, usual, other):
    studies = [made(other), usual]
    pdf = pdf_of_comparison(studies, compared(studies))
    assert overlaps(pdf) == []
    assert outside(pdf, PAPERS["a4"], MARGIN_PT) == []


def test_a_foot_that_only_one_condition_has_is_in_no_difference(made, usual):
    right = made("one foot")
    studies = [usual, right]
    comparison = compared(studies)[0]
    assert {row.side for row in comparison.rows} <= {Side.RIGHT, None}
    first = pages(pdf_of_comparison(studies, [comparison]))[0]
    soles = first[first.index("A (shoe)") :]
    assert (soles.count("Left"), soles.count("Right")) == (1, 3)


def test_what_is_of_all_conditions_is_printed_once(conditions):
    cells = lines(pdf_of_comparison(conditions[:2], compared(conditions[:2])))
    assert sum(line.startswith("Software.") for line in cells) == 1
    other = replace(
        conditions[1], walk=replace(conditions[1].walk, about=replace(conditions[1].walk.about, notes=("a note",)))
    )
    cells = lines(pdf_of_comparison([conditions[0], other], compared(conditions[:2])))
    assert "Notes of B. A note." in cells


@pytest.mark.parametrize("number", [1, 5])
def test_one_or_five_are_no_comparison(conditions, number):
    studies = [*conditions, *conditions][:number]
    with pytest.raises(AnalysisError, match="2 to 4 recordings"):
        pdf_of_comparison(studies, compared(studies))
