"""Recordings as files, over HTTP and from the pages. That the bytes are the command line's is in ``tests/cli``."""

from __future__ import annotations

import io
import re
import zipfile

from insole.export import exporters


def test_a_recording_is_a_zip_with_its_dictionary(client, stored):
    answer = client.get(f"/api/v1/recordings/{stored}/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="insole-csv.zip"'
    assert answer.headers["cache-control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"P-001_day000_1.csv", "P-001_day000_1.dictionary.csv", "recordings.csv"} <= set(names)


def test_the_formats_are_listed(client):
    listed = client.get("/api/v1/exports").json()
    assert [one["name"] for one in listed] == list(exporters())


def test_what_cannot_be_exported_is_a_problem_and_no_half_file(client, store, stored):
    for address, status in (
        (f"/api/v1/recordings/{stored}/export?format=xlsx", 422),
        ("/api/v1/recordings/nosuchid/export", 404),
        ("/api/v1/subjects/nosuchid/export", 404),
        (f"/api/v1/subjects/{store.subjects.add(code='P-9').id}/export", 422),
    ):
        answer = client.get(address)
        assert answer.status_code == status, address
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_pages_link_to_each_format_that_can_be_made(client, store, stored):
    ready = {name for name, form in exporters().items() if form.is_ready}
    subject = store.info(stored).subject_id
    for page, address in (
        (f"/recordings/{stored}", f"/api/v1/recordings/{stored}/export"),
        (f"/subjects/{subject}", f"/api/v1/subjects/{subject}/export"),
    ):
        text = client.get(page).text
        assert set(re.findall(rf'href="{address}\?format=([a-z0-9-]+)"', text)) == ready


def test_numbers_are_those_of_the_page(client, stored):
    report = client.get(f"/api/v1/recordings/{stored}/report").json()
    answer = client.get(f"/api/v1/recordings/{stored}/export?format=values")
    table = zipfile.ZipFile(io.BytesIO(answer.content)).read("P-001_day000_1.csv").decode().splitlines()
    assert len(table) - 1 == len(report["values"])
