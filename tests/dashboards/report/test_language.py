"""A report in the language that is spoken: all that is not data comes from the catalogue."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from analysis.compare import compare
from analysis.mdc import PUBLISHED
from analysis.sentences import sentences
from dashboards.comparepage import _low
from dashboards.language import speaking
from dashboards.norms import SOURCE
from dashboards.report import pdf_of_comparison, pdf_of_recording
from dashboards.report.changes import sources
from dashboards.report.type import shown
from dashboards.words import region, sentence
from insole.report import Finding, Severity
from tests.dashboards.marked import Marked, unmarked
from tests.dashboards.report.paper import lines

FINDING = Finding("x", Severity.WATCH, "Heel is high.", ("peak_pressure_kpa",), "Someone 2020", "weak")


def in_marked(make):
    """The PDF in a language in which every text that went through the catalogue stands in brackets."""
    with speaking("xx", Marked()):
        return make()


def close(text):
    """Text without spaces, as wrapping cannot change it."""
    return "".join(text.split())


def left_over(pdf, *data):
    """Words of a PDF that stand in no brackets and are not of the data; not of lines that are cut to fit."""
    text = unmarked(close(" ".join(line for line in lines(pdf) if not line.endswith("…")))).replace("·", "")
    for part in sorted({unmarked(close(shown(part))) for part in data if part}, key=len, reverse=True):
        text = text.replace(part, "|")
    return re.findall(r"[A-Za-z]*[a-z]{2}[A-Za-z]*", text)


def data_of(study):
    """What a recording, its analysis and its software say of themselves, in no language of a reader."""
    report, about = study.report, study.walk.about
    yield from (about.subject_code, about.condition, about.task, about.device, about.firmware)
    yield from (about.source_name, about.source_sha256, sentence(SOURCE), "steps/min", "counts", "mm", "min", "kg")
    yield from (published.short for published in PUBLISHED)
    yield from (sentence(note) for note in about.notes)
    yield from (sentence(caveat.text) for caveat in report.caveats)
    yield from (f"{name} {report.software[name.lower()]}" for name in ("Python", "numpy"))


def untranslated(pdf, *studies, more=()):
    return left_over(pdf, *(part for study in studies for part in data_of(study)), *more)


def test_a_report_follows_the_language(any_study):
    asked = replace(any_study, report=replace(any_study.report, findings=(FINDING,)))
    pdf = in_marked(lambda: pdf_of_recording(asked))
    assert untranslated(pdf, asked, more=(FINDING.text, FINDING.source)) == []


@pytest.mark.parametrize("number", [2, 4])
def test_a_comparison_follows_the_language(conditions, number):
    studies = conditions[:number]
    found = [compare(studies[0].report, other.report) for other in studies[1:]]
    with speaking("xx", Marked()):
        pdf = pdf_of_comparison(studies, found)
        said = [text for one in found for text in sentences(one, label=_low, region=region)]
    assert untranslated(pdf, *studies, more=(*map(unmarked, said), *map(sentence, sources(found)))) == []


def test_the_document_says_which_language_it_speaks(usual):
    reader = PdfReader(BytesIO(in_marked(lambda: pdf_of_recording(usual))))
    assert reader.trailer["/Root"]["/Lang"] == "xx"
    assert reader.metadata.title.startswith("[Plantar pressure report]")
