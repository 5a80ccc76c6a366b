from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from analysis.mdc import mdc_of
from analysis.metrics.step_counts import FEW_STEPS
from analysis.recipe import study
from dashboards.norms import IN_SHOE_PEAK_PRESSURE
from dashboards.render import INTENDED_USE
from dashboards.report import PAPERS, pdf_of_recording
from dashboards.report.key import ROWS, UNITS
from dashboards.report.paper import MARGIN_PT
from dashboards.report.regions import COLUMNS, MOST
from dashboards.report.type import shown
from dashboards.summary import summary
from dashboards.words import label, region
from dashboards.words import unit as unit_of
from ingest.files import read
from insole.errors import AnalysisError
from insole.recording import Side
from insole.report import Finding, Severity
from tests.dashboards.report.paper import body, follows, lines, outside, overlaps, pages, whole, written
from tests.support import shared

SIDES = ("left", "right")


def json_value(studied, name, side=None, region=None, variant=None):
    """A value straight from the JSON, or None."""
    for v in studied.report.to_json()["values"]:
        if (v["name"], v["side"], v["region"]) == (name, side, region) and variant in (None, v["variant"]):
            return v
    return None


def cell(value, *, sd=False, signed=False):
    if value is None:
        return "–"
    return written(value["value"], value["unit"], sd=value["sd"] if sd else None, signed=signed)


@pytest.mark.parametrize("paper", list(PAPERS))
def test_a_usual_recording_fills_two_pages_of_the_paper_asked_for(usual, paper):
    reader = PdfReader(BytesIO(pdf_of_recording(usual, paper=paper)))
    assert len(reader.pages) == 2
    assert [float(x) for x in reader.pages[0].mediabox[2:]] == pytest.approx(PAPERS[paper], abs=0.001)


def test_an_unknown_paper_is_refused(usual):
    with pytest.raises(AnalysisError, match="choose a4 or letter"):
        pdf_of_recording(usual, paper="a3")


def test_every_page_says_what_it_is_for_who_made_it_and_its_number(usual):
    found = pages(pdf_of_recording(usual))
    for i, page in enumerate(found, 1):
        assert INTENDED_USE in page
        software = usual.report.software
        assert any(
            re.fullmatch(rf"insole {re.escape(software['insole'])}, algorithm .+ · +page {i} of 2", s) for s in page
        )


def test_the_document_tells_its_language_title_and_the_recordings_date(usual):
    at = datetime(2024, 2, 29, 23, 5, tzinfo=UTC)
    reader = PdfReader(BytesIO(pdf_of_recording(replace(usual, walk=replace(usual.walk, started_at=at)))))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 (a PDF object)
    assert "P-001" in reader.metadata.title
    assert reader.metadata.creation_date == at


KEY_HEAD = ["Left", "Right", "Symmetry (%)", "Counts as change"]


def test_key_figures_are_those_of_the_json(any_study, any_pdf):
    wanted = []
    for name, symmetry in ROWS:
        left, right = (json_value(any_study, name, side) for side in SIDES)
        if left or right:
            unit = UNITS.get(name) or unit_of((left or right)["unit"])
            index = json_value(any_study, symmetry) if symmetry else None
            title = f"{label(name)} ({unit})" if unit else label(name)
            wanted.append([title, cell(left, sd=True), cell(right, sd=True), cell(index, signed=True)])
    cells = body(any_pdf, "Key figures", "Mean ± standard", KEY_HEAD)
    cadence = json_value(any_study, "cadence_spm")
    if cadence is not None:
        assert cells[-3:] == ["Cadence (steps/min), both feet", cell(cadence), "–"]
        cells = cells[:-3]
    assert [cells[i : i + 4] for i in range(0, len(cells), 5)] == wanted


def test_the_change_that_counts_is_the_published_one(usual):
    values = [usual.report.get("peak_pressure_kpa", side=side) for side in Side]
    sizes = " / ".join(written(mdc_of(v, platform=False).value) for v in values)
    assert f"{sizes} (Putti 2007)" in lines(pdf_of_recording(usual))


def test_the_region_table_is_that_of_the_json(any_study, any_pdf):
    found = lines(any_pdf)
    values = [v for v in any_study.report.to_json()["values"] if v["region"] is not None]
    names = {v["name"] for v in values}
    columns = [c for c in COLUMNS if c[0] in names][:MOST]
    for name in dict.fromkeys(v["region"] for v in values):
        wanted = [
            cell(json_value(any_study, value, side, name, variant)) for value, variant, _ in columns for side in SIDES
        ]
        if columns[0][0] == "peak_pressure_kpa" and not any(f.layout.platform for f in any_study.walk.feet.values()):
            norm = IN_SHOE_PEAK_PRESSURE.get(name)
            wanted[2:2] = [] if norm is None else [f"{written(norm.mean_kpa)} ± {written(norm.sd_kpa)}"]
        assert follows(found, [region(name).capitalize(), *wanted]), name


def test_the_numbers_on_the_maps_are_those_of_the_json(usual):
    page = pages(pdf_of_recording(usual))[0]
    maps = page[page.index("Mean pressure") : page.index("Key figures")]
    for name in ("peak_pressure_kpa", "load_share_pct"):
        for value in usual.report.to_json()["values"]:
            if value["name"] == name and value["region"]:
                assert cell(value) in maps


def first_sentences(pdf):
    page = pages(pdf)[0]
    stop = next(i for i, line in enumerate(page) if line in ("Highest pressure", "Pressure under the feet"))
    return " ".join(page[page.index("In short") + 1 : stop])


def test_the_first_sentences_are_those_of_the_page(any_study, any_pdf):
    said = re.sub(r"\s", "", first_sentences(any_pdf))
    assert said.startswith(re.sub(r"\s", "", "".join(summary(any_study.report))))


def test_every_number_in_the_first_sentences_is_in_the_json_or_between_two_of_it(any_study, any_pdf):
    said = re.sub(r"\d(st|nd|rd|th)", "", first_sentences(any_pdf))
    said = re.sub(r"\((Arts & Bus 2011|Putti 2007)\)", "", said)
    values = any_study.report.to_json()["values"]
    known = {cell(v, signed=signed) for v in values for signed in (False, True)}
    known |= {n for c in any_study.report.caveats for n in re.findall(r"\d+(?:\.\d+)?", c.text)}
    known |= {"15.3", str(FEW_STEPS)}
    peaks, stances = (
        [json_value(any_study, name, side) for side in SIDES] for name in ("peak_pressure_kpa", "stance_time_s")
    )
    if all(peaks):
        left, right = (v["value"] for v in peaks)
        known.add(written(200 * abs(right - left) / (right + left), "%"))
    if all(stances):
        known.add(f"{abs(1000 * (stances[1]['value'] - stances[0]['value'])):.0f}")
    for printed in re.findall(r"[+−]?\d+(?: \d{3})*(?:\.\d+)?", said):
        assert printed in known, (printed, said)


def test_quality_is_that_of_the_json(any_study, any_pdf):
    found = lines(any_pdf)
    for side in any_study.report.to_json()["recording"]["feet"]:
        names = ("wear_time_s", "gap_time_s", "lost_packets_count", "dead_sensors_count", "drift_kpa_per_h")
        used, all_found = (json_value(any_study, name, side) for name in ("steps_used_count", "steps_count"))
        stances = "–" if used is None else f"{cell(used)} of {cell(all_found)}"
        wanted = [side.capitalize(), stances, *(cell(json_value(any_study, name, side)) for name in names)]
        assert follows(found, wanted), wanted


def test_every_caveat_is_among_the_limits(any_study, any_pdf):
    text = whole(any_pdf)
    for caveat in any_study.report.caveats:
        assert "".join(shown(caveat.text).split())[1:] in text


def test_nothing_overlaps_and_nothing_leaves_the_paper(any_study, any_pdf):
    for paper, size in PAPERS.items():
        pdf = any_pdf if paper == "a4" else pdf_of_recording(any_study, paper=paper)
        assert overlaps(pdf) == []
        assert outside(pdf, size, MARGIN_PT) == []


def test_long_words_are_printed_whole(made):
    about = made("long words, marks, findings").walk.about
    text = whole(pdf_of_recording(made("long words, marks, findings")))
    for long in (about.subject_code, about.condition, about.device, about.source_name, about.source_sha256):
        assert "".join(shown(long).split()) in text
    assert "exclude3to4sontheleft" in text
    assert "stancewidth120mm" in text


def test_notes_are_text_and_not_markup(made):
    text = whole(pdf_of_recording(made("long words, marks, findings")))
    assert "Note11<b>&amp;word" in text


def test_findings_name_their_source_and_evidence(usual):
    finding = Finding("x", Severity.WATCH, "Heel is high.", ("peak_pressure_kpa",), "Someone 2020", "weak")
    text = whole(pdf_of_recording(replace(usual, report=replace(usual.report, findings=(finding,)))))
    assert "Watch.Heelishigh.Evidence:weak.Someone2020." in text


def test_what_is_absent_is_said(made):
    assert "insolesmeasureforceonly,sothereisnopressuremap" in whole(pdf_of_recording(made("force only")))
    assert "Nosamplewasmeasured,sothereisnomap" in whole(pdf_of_recording(made("nothing measured")))
    assert "Nostancewasused" in whole(pdf_of_recording(made("no steps")))
    assert "Leftfoot:notcalibrated" in whole(pdf_of_recording(made("counts")))
    assert "Leftfoot:sensors10,61withoutsignal" in whole(
        pdf_of_recording(made("99 sensors in nine regions, some dead, a gap"))
    )


@pytest.mark.parametrize("condition", ["barefoot", " Barefoot"])
def test_barefoot_nothing_stands_beside_in_shoe_means(usual, condition):
    walk = replace(usual.walk, about=replace(usual.walk.about, condition=condition))
    assert "Published" in lines(pdf_of_recording(usual))
    assert "Published" not in lines(pdf_of_recording(replace(usual, walk=walk)))


@pytest.mark.shared
@pytest.mark.parametrize(
    "file",
    [
        "pedar/pedar_example.asc",
        "moticon/230927_102114.txt",
        "loadsol/test_poids.txt",
        "gaitpdb/GaPt14_01.txt",
        "fscan/P01L.asf",
        "xsensor/walk_4kmh.csv",
        "emed/emed_test.lst",
        "stappone/stappone_example.csv",
    ],
)
def test_real_recordings_fill_two_pages_without_overlap(file):
    pdf = pdf_of_recording(study(read(shared(f"data/{file}"))))
    assert len(pages(pdf)) == 2
    assert overlaps(pdf) == []
    assert outside(pdf, PAPERS["a4"], MARGIN_PT) == []
