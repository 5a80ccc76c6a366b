from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from analysis.compare import compare
from analysis.recipe import study
from dashboards.report import pdf_of_comparison, pdf_of_recording
from insole.recording import About
from tests.api.conftest import recording


def address(of):
    return f"/api/v1/recordings/{of}/report.pdf"


def compared(*ids, **more):
    return "/api/v1/compare.pdf", {"params": {"recording": ids, **more}}


@pytest.fixture
def two(store):
    named = (About(subject_code="Mustermann", condition=name) for name in ("shoe", "orthosis A"))
    return [store.add(recording(about, seed=seed)) for seed, about in enumerate(named, 1)]


def test_the_report_is_the_dashboards_report(client, store, stored):
    answer = client.get(address(stored))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content == pdf_of_recording(study(store.read(stored)))


def test_the_paper_can_be_chosen(client, stored):
    answer = client.get(address(stored), params={"paper": "letter"})
    assert PdfReader(BytesIO(answer.content)).pages[0].mediabox[2] == 612
    assert client.get(address(stored), params={"paper": "a3"}).status_code == 422


def test_a_comparison_holds_the_others_against_the_first(client, store, two):
    url, options = compared(*two)
    answer = client.get(url, **options)
    studies = [study(store.read(i)) for i in two]
    assert answer.content == pdf_of_comparison(studies, [compare(studies[0].report, studies[1].report)])
    url, options = compared(*reversed(two))
    assert client.get(url, **options).content != answer.content


def test_file_names_tell_nothing_of_the_person_and_nothing_is_kept(client, two):
    url, options = compared(*two)
    for answer in (client.get(address(two[0])), client.get(url, **options)):
        name = answer.headers["content-disposition"]
        assert two[0] in name
        assert "mustermann" not in name.lower()
        assert name.endswith('.pdf"')
        assert answer.headers["cache-control"] == "no-store"


def test_one_five_or_twice_the_same_are_no_comparison(client, two):
    for ids in (two[:1], [two[0], two[0]], [*two, *two, two[0]]):
        url, options = compared(*ids)
        assert client.get(url, **options).status_code == 422


def test_unknown_recordings_are_not_found(client, stored):
    assert client.get(address("r00000000000000000")).status_code == 404
    url, options = compared(stored, "r00000000000000000")
    assert client.get(url, **options).status_code == 404


def test_a_recording_that_still_grows_has_no_report_yet(client, store, stored, monkeypatch):
    growing = replace(store.info(stored), state="recording")
    monkeypatch.setattr(type(store), "info", lambda _store, _id: growing)
    answer = client.get(address(stored))
    assert answer.status_code == 422
    assert "once it has been stopped" in answer.json()["detail"]


def test_the_api_says_that_these_are_pdf(client):
    described = client.get("/api/v1/openapi.json").json()["paths"]
    for path in ("/api/v1/recordings/{recording_id}/report.pdf", "/api/v1/compare.pdf"):
        assert list(described[path]["get"]["responses"]["200"]["content"]) == ["application/pdf"]
