"""The list, subjects, the bin and uploads as pages; and what they ask the service to do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboards.homepage import PER_PAGE
from insole.recording import About
from tests.api.conftest import recording
from tests.api.test_uploads import PEDAR, UPLOADS, send

V1 = "/api/v1"


def rows(text):
    return re.findall(r'name="recording" value="([^"]+)"', text)


@pytest.fixture
def many(store):
    made = recording(duration_s=1.0)
    about = [
        About(subject_code=f"P-{k % 7:03}", condition="shoe" if k % 2 else "barefoot") for k in range(PER_PAGE + 10)
    ]
    return [
        store.add(replace(made, started_at=made.started_at + timedelta(days=k), about=a)) for k, a in enumerate(about)
    ]


def test_a_long_list_has_pages(client, many):
    first, second = client.get("/").text, client.get("/?page=2").text
    assert rows(first) + rows(second) == many[::-1]
    assert f"1 to {PER_PAGE} of {len(many)}" in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert client.get("/?page=9").status_code == 200
    assert client.get("/?page=0").status_code == 422


def test_words_find_recordings_and_subjects(client, many):
    text = client.get("/?q=p-003 SHOE").text
    assert rows(text) == [one for k, one in reversed([*enumerate(many)]) if k % 7 == 3 and k % 2]
    assert "No subject has such a code" in text
    assert text.count('href="/subjects/') > 0
    assert re.search(r"<strong[^>]*>P-003<", client.get("/?q=p-003").text)
    nothing = client.get("/?q=%3Cb%3E").text
    assert "No recording fits" in nothing
    assert "<b>" not in nothing


def test_what_is_not_filed_is_seen_and_can_be_filed(client, store, stored):
    assert "Not filed yet" not in client.get("/").text
    loose = store.add(recording(About()))
    assert rows(client.get("/?unfiled=1").text) == [loose]
    text = client.get("/").text
    assert "Not filed yet" in text
    assert f'data-address="{V1}/recordings/{loose}"' in text
    client.patch(f"{V1}/recordings/{loose}", json={"subject_code": "P-001", "visit_date": "2026-03-02"})
    assert store.info(loose).visit_date == date(2026, 3, 2)
    assert "Not filed yet" not in client.get("/").text


def test_what_is_chosen_stays_chosen_wherever_it_stands(client, many):
    text = client.get(f"/?recording={many[0]}&recording=gone").text
    assert many[0] not in rows(text)
    assert f'data-id="{many[0]}"' in text


def test_a_subject_shows_visits_and_what_was_measured(client, store, stored):
    orthosis = store.add(recording(About(subject_code="P-001", condition="orthosis A")))
    client.delete(f"{V1}/recordings/{store.add(recording(About(subject_code='P-001', condition='gone')))}")
    subject = store.info(stored).subject_id
    text = client.get(f"/subjects/{subject}").text
    assert sorted(rows(text)) == sorted([stored, orthosis])
    assert f"/compare?recording={stored}&amp;recording={orthosis}" in text
    assert "gone" not in text
    measured = client.get(f"/subjects/{subject}/measured").text
    assert f'data-part="quality-{stored}"' in measured
    assert f'data-part="quality-{orthosis}"' in measured
    assert "One recording of this condition so far" in measured
    assert client.get("/subjects/none").status_code == 404
    assert client.get("/subjects/none/measured").status_code == 404


def test_a_recording_that_cannot_be_measured_does_not_hide_the_others(client, store, stored):
    made = recording()
    silent = store.begin(made.started_at, made.about, {side: foot.meta for side, foot in made.feet.items()}).id
    measured = client.get(f"/subjects/{store.info(stored).subject_id}/measured")
    assert measured.status_code == 200
    assert f'data-part="quality-{silent}"' in measured.text
    assert "nothing was received" in measured.text
    assert "One recording of this condition so far" in measured.text


def test_the_bin_can_be_emptied_one_by_one(client, store, stored):
    assert "The bin is empty" in client.get("/bin").text
    client.delete(f"{V1}/recordings/{stored}")
    text = client.get("/bin").text
    assert "P-001, shoe" in text
    assert f"{V1}/recordings/{stored}/restore" in text
    assert client.delete(f"{V1}/bin/{stored}").status_code == 204
    assert client.delete(f"{V1}/bin/{stored}").status_code == 404
    assert client.post(f"{V1}/recordings/{stored}/restore").status_code == 404
    kept = store.add(recording())
    assert client.delete(f"{V1}/bin/{kept}").status_code == 409
    assert store.info(kept).id == kept


def test_a_file_is_filed_under_another_day(client, store):
    token = send(client, PEDAR).json()["files"][0]["token"]
    given = {"subject_code": "P-001", "visit_date": "2026-01-05"}
    refused = client.post(f"{UPLOADS}/{token}", json={"visit_date": "2026-01-05"})
    assert refused.status_code == 409
    assert "goes with a subject" in refused.json()["detail"]
    of = client.post(f"{UPLOADS}/{token}", json=given).json()["id"]
    assert client.get(f"{V1}/recordings/{of}").json()["visit_date"] == "2026-01-05"


def test_formats_that_can_be_read_are_named(client):
    text = client.get("/upload?subject=%3Cb%3E").text
    assert "novel pedar" in text
    assert "<b>" not in text
