"""Every text on a page comes from the catalogue, and the catalogue is up to date."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from analysis.options import Options
from analysis.recipe import study
from dashboards.comparepage import Own, choose_page, compare_page
from dashboards.comparing import compared
from dashboards.figure import figures
from dashboards.homepage import Asked, home_page, subjects_page
from dashboards.language import N_, _, languages, ngettext, speaking, spoken, wanted
from dashboards.recordspages import bin_page, upload_page
from dashboards.render import environment, live_page, problem_page, recording_page
from dashboards.subjectpage import measured_parts, subject_page
from dashboards.trend import Measured
from dashboards.words import when
from insole.recording import About
from insole.records import Subject, Visit
from insole.store import Binned, Seen, Some
from insole.store.bin import KEPT_FOR
from scripts.words import POT, catalogue
from tests.dashboards.conftest import walked
from tests.dashboards.marked import Marked, unmarked

DELETED = datetime(2026, 1, 5, tzinfo=UTC)
BINNED = [
    Binned("subject", "s1", "P-001", DELETED, DELETED + KEPT_FOR, 3, None),
    Binned("visit", "v1", "", DELETED, DELETED + KEPT_FOR, 0, None, "P-001"),
    Binned("recording", "r1", "2026-01-05T09:00:00+00:00", DELETED, DELETED + KEPT_FOR, 0, None, "P-001", "shoe"),
    Binned("mark", "m1", "exclude 1 to 2 s", DELETED, DELETED + KEPT_FOR, 0, "r1"),
]


class Texts(HTMLParser):
    """What a reader of a page sees or hears, outside of code and of what is data.

    Data says so: ``translate="no"`` or a language of its own.
    """

    SAID = ("aria-label", "alt", "title", "placeholder", "data-label")
    SILENT = frozenset({"script", "style", "code", "time", "data"})

    def __init__(self, page):
        super().__init__()
        self.found, self.inside = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "link", "img", "input", "br"}:
            given = dict(attrs)
            data = given.get("translate") == "no" or ("lang" in given and tag != "html")
            self.inside.append((tag, data or tag in self.SILENT))
        self.found += [value for name, value in attrs if name in self.SAID and value]

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not any(silent for _tag, silent in self.inside):
            self.found.append(data.strip())


def untranslated(page, *data):
    """Texts of a page in ``Marked`` that did not go through the catalogue and are not data."""
    texts = [unmarked(text) for text in Texts(page).found]
    words = [text.removesuffix("\u00b7 insole").strip() for text in texts if re.search(r"[A-Za-z]{2}", text)]
    return [text for text in words if text not in {"", "insole", *data}]


def test_the_catalogue_has_every_text_of_the_code():
    assert POT.read_bytes() == catalogue(), "python scripts/words.py"


def test_english_is_what_stands_in_the_code():
    assert (_("Left"), N_("Left"), spoken()) == ("Left", "Left", "en")
    assert [ngettext("%s foot", "%s feet", n) % n for n in (1, 2)] == ["1 foot", "2 feet"]


def test_a_language_is_spoken_for_a_while():
    with speaking("xx", Marked()):
        assert (_("Left"), spoken()) == ("[Left]", "xx")
    assert (_("Left"), spoken()) == ("Left", "en")


@pytest.mark.parametrize("accept", ["", "de", "de-CH, fr;q=0.9", "en-GB,de;q=0.3", "*", ";q=", "en;q=x", "a" * 500])
def test_what_a_browser_wants_is_a_language_that_there_is(accept):
    assert wanted(accept) in languages()


@pytest.mark.parametrize(
    ("page", "data"),
    [
        (lambda: home_page(Asked(), Some((), 0), Some((), 0)), ()),
        (lambda: home_page(Asked("x", page=2), Some((), 120), Some((), 0), unfiled=2), ()),
        (lambda: subjects_page(Asked(), Some((), 0)), ()),
        (lambda: bin_page([], KEPT_FOR), ()),
        (lambda: bin_page(BINNED, KEPT_FOR), ()),
        (lambda: upload_page(["novel pedar"], subject_code="P-001"), ()),
        (live_page, ("dBm", "Hz")),
        (lambda: problem_page(404, "Nothing here", "There is no page."), ("Nothing here", "There is no page.")),
    ],
    ids=["nothing", "nothing found", "no subject", "empty bin", "bin", "upload", "live", "problem"],
)
def test_every_text_of_a_page_went_through_the_catalogue(page, data):
    environment.cache_clear()
    with speaking("xx", Marked()):
        assert untranslated(page(), *data) == []


def test_every_text_of_the_lists_and_of_a_subjects_page_went_through_the_catalogue(info, walk, one_foot):
    subject = Subject("P-001", info.subject_id, 70.0, 43.0, "a note")
    visits = [Visit(subject.id, date(2026, 1, 5), info.visit_id, "tired"), Visit(subject.id)]
    other = replace(info, id="r2", about=replace(info.about, condition="orthosis A"))
    loose = replace(info, id="r3", subject_id=None, state="recording")
    seen = Some((Seen(subject, 3, info.started_at), Seen(subject, 0, None)), 9)
    bare = replace(info, id="r4", about=About())
    measured = [
        Measured(info, walk.report),
        Measured(replace(info, id="r5"), one_foot.report),
        Measured(replace(info, id="r6"), None, "nothing was received"),
        Measured(other, walk.report),
        Measured(bare, None, "nothing was received"),
    ]
    environment.cache_clear()
    with speaking("xx", Marked()):
        pages = [
            home_page(Asked(), Some((info, other, loose), 130), seen, chosen=[info], unfiled=1),
            subjects_page(Asked(), seen),
            subject_page(subject, visits, [other, info]),
            subject_page(subject, [], []),
            measured_parts(subject, measured),
            measured_parts(subject, measured, ("", "")),
        ]
    at = when(info.started_at)
    boxes = [f": {code}{condition}, {at}" for code in ("", "P-001, ") for condition in ("shoe", "orthosis A")]
    for page in pages:
        assert untranslated(page, "P-001", *boxes) == []


UNITS = {"kPa", "steps/min", "SHA-256", "Python", "NumPy", "kPa/h"}


@pytest.mark.parametrize("name", ["walk", "one_foot", "no_steps", "with_gaps", "counts", "newtons", "nothing_measured"])
def test_every_text_of_a_recordings_page_went_through_the_catalogue(request, info, name):
    study = request.getfixturevalue(name)
    environment.cache_clear()
    with speaking("xx", Marked()):
        page = recording_page(info, study)
    names = {v.name for v in study.report.values}
    title = f"{info.about.subject_code} {when(info.started_at)}"
    assert untranslated(page, title, *UNITS, *names) == []


@pytest.mark.parametrize("name", list(figures()))
@pytest.mark.parametrize("study", ["walk", "no_steps"])
def test_every_text_of_a_figure_went_through_the_catalogue(request, name, study):
    with speaking("xx", Marked()):
        drawn = figures()[name].build(request.getfixturevalue(study)).to_plotly_json()
        said = figures()[name].alt(request.getfixturevalue(study))
    assert not re.search(r"[A-Za-z]{2}", unmarked(said.replace("\N{NO-BREAK SPACE}", " ")))
    layout = drawn["layout"]
    axes = [axis for key, axis in layout.items() if key.startswith(("xaxis", "yaxis"))]
    texts = [axis.get("title", {}).get("text") or "" for axis in axes]
    texts += [text for axis in axes for text in axis.get("ticktext") or ()]
    texts += [a["text"] for a in layout.get("annotations", ())] + [t.get("name") or "" for t in drawn["data"]]
    assert not [text for text in texts if re.search(r"[A-Za-z]{2}", unmarked(text))]


def test_every_text_of_the_compare_page_went_through_the_catalogue(walk, one_foot, info):
    found = compared([walk, one_foot])
    names = {text for value in walk.report.values for text in (value.name, f"({value.variant})")}
    units = {value.unit for value in walk.report.values}
    conditions = {"P-001", "A (shoe)", "B (shoe)", "shoe"}
    environment.cache_clear()
    with speaking("xx", Marked()):
        page = compare_page([info, info], found)
        assert untranslated(page, *names, *units, *conditions) == []
    owns = [
        Own((info, replace(info, id="r9")), (info.id, "r9")),
        Own(unfit="a baseline was given twice"),
        Own((info, replace(info, id="r9"))),
    ]
    with speaking("xx", Marked()):
        for own in owns:
            assert untranslated(compare_page([info, info], found, own), *names, *units, *conditions) == []
        loose = replace(info, subject_id=None)
        assert untranslated(compare_page([loose, loose], found), *names, *units, *conditions) == []
    with speaking("xx", Marked()):
        assert untranslated(choose_page([])) == []


@pytest.mark.parametrize(("stand_s", "width_mm"), [(40.0, None), (40.0, 140.0), (10.0, 140.0)])
def test_every_text_of_the_field_for_the_stance_width_went_through_the_catalogue(info, stand_s, width_mm):
    stood = study(walked(duration_s=40.0, stand_s=stand_s), Options(stance_width_mm=width_mm))
    environment.cache_clear()
    with speaking("xx", Marked()):
        page = recording_page(info, stood)
    names = {v.name for v in stood.report.values}
    assert 'id="stance-width"' in page
    assert untranslated(page, f"{info.about.subject_code} {when(info.started_at)}", *UNITS, *names) == []
