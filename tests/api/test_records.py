"""Subjects, visits, marks, the bin and changes of recordings, over HTTP."""

from __future__ import annotations

import pytest

from insole.recording import About, Unit
from tests.api.conftest import recording

V1 = "/api/v1"


@pytest.fixture
def subject(client):
    answer = client.post(f"{V1}/subjects", json={"code": "P-009", "body_mass_kg": 70, "shoe_size_eu": 43.5})
    assert answer.status_code == 201
    return answer.json()


@pytest.fixture
def visit(client, subject):
    answer = client.post(f"{V1}/visits", json={"subject_id": subject["id"], "date": "2026-02-03", "notes": "first"})
    assert answer.status_code == 201
    return answer.json()


def test_a_subject_from_beginning_to_end(client, subject):
    here = f"{V1}/subjects/{subject['id']}"
    assert subject | {"id": ""} == {
        "id": "",
        "code": "P-009",
        "body_mass_kg": 70.0,
        "shoe_size_eu": 43.5,
        "notes": "",
    }
    assert client.get(f"{V1}/subjects").json() == [subject]
    changed = client.patch(here, json={"code": "P-010", "body_mass_kg": None}).json()
    assert changed == {**subject, "code": "P-010", "body_mass_kg": None} == client.get(here).json()
    assert client.delete(here).status_code == 204
    assert client.get(f"{V1}/subjects").json() == []
    (binned,) = client.get(f"{V1}/bin").json()
    assert (binned["kind"], binned["id"], binned["name"], binned["with_it"]) == ("subject", subject["id"], "P-010", 0)
    assert client.post(f"{here}/restore").json() == changed
    assert client.get(f"{V1}/bin").json() == []


def test_a_visit_from_beginning_to_end(client, subject, visit):
    here = f"{V1}/visits/{visit['id']}"
    assert client.get(here).json() == visit
    assert visit["date"] == "2026-02-03"
    assert client.get(f"{V1}/visits?subject_id={subject['id']}").json() == [visit] == client.get(f"{V1}/visits").json()
    assert client.patch(here, json={"date": None, "notes": "x"}).json() == {**visit, "date": None, "notes": "x"}
    assert client.delete(here).status_code == 204
    assert client.get(here).status_code == 404
    assert client.post(f"{here}/restore").json()["notes"] == "x"


def test_a_recording_is_told_what_it_is_and_where_it_belongs(client, store, stored, visit):
    here = f"{V1}/recordings/{stored}"
    was = client.get(here).json()
    assert was["about"]["subject_code"] == "P-001"
    given = {"condition": "orthosis A", "task": "standing", "body_mass_kg": 72.5, "note": "tired"}
    now = client.patch(here, json={**given, "visit_id": visit["id"]}).json()
    assert now == client.get(here).json()
    assert (now["visit_id"], now["subject_id"], now["about"]["subject_code"]) == (
        visit["id"],
        visit["subject_id"],
        "P-009",
    )
    assert (now["about"]["condition"], now["about"]["task"], now["about"]["body_mass_kg"]) == (
        "orthosis A",
        "standing",
        72.5,
    )
    assert now["about"]["notes"] == ["tired"]
    assert [r["id"] for r in client.get(f"{V1}/recordings?visit_id={visit['id']}").json()] == [stored]
    assert [r["id"] for r in client.get(f"{V1}/recordings?subject_id={was['subject_id']}").json()] == []
    assert client.patch(here, json={"subject_code": ""}).json()["visit_id"] is None
    assert store.read(stored).about.subject_code == ""


def test_delete_and_undo(client, stored):
    here = f"{V1}/recordings/{stored}"
    before, report = client.get(here).json(), client.get(f"{here}/report").json()
    assert client.delete(here).status_code == 204
    assert client.get(f"{here}/report").status_code == 404
    assert "bin" in client.get(here).json()["detail"]
    assert client.post(f"{here}/restore").json() == before == client.get(here).json()
    assert client.get(f"{here}/report").json() == report
    subject = f"{V1}/subjects/{before['subject_id']}"
    client.delete(subject)
    assert client.get(here).status_code == 404
    client.post(f"{subject}/restore")
    assert client.get(here).json() == before


def values(client, of):
    report = client.get(f"{V1}/recordings/{of}/report").json()
    return report, {(v["name"], v["side"], v["region"], v["variant"]): v for v in report["values"]}


def bits(store, of):
    return [part for foot in store.read(of).feet.values() for part in (foot.values.tobytes(), foot.time_s.tobytes())]


def test_marks_change_the_numbers_and_undo_brings_them_back(client, store, stored):
    here = f"{V1}/recordings/{stored}/marks"
    raw = bits(store, stored)
    plain, before = values(client, stored)
    step = next(s for s in plain["steps"] if s["side"] == "left" and s["clean"])
    given = {"kind": "step", "side": "left", "start_s": step["start_s"], "stop_s": step["stop_s"], "text": "stumbled"}
    answer = client.post(here, json=given)
    assert answer.status_code == 201
    mark = answer.json()
    assert mark == {**given, "id": mark["id"]}
    report, after = values(client, stored)
    times = [s["stop_s"] - s["start_s"] for s in plain["steps"] if s["side"] == "left" and s["clean"] and s != step]
    stance = after["stance_time_s", "left", None, None]
    assert stance["n_steps"] == len(times) == before["stance_time_s", "left", None, None]["n_steps"] - 1
    assert stance["value"] == pytest.approx(sum(times) / len(times))
    assert after["steps_excluded_count", "left", None, "marked"]["value"] == 1
    assert report["software"]["options"]["marks"] == [mark]

    note = client.post(here, json={"kind": "note", "start_s": 1, "stop_s": 1, "text": "spoke"}).json()
    assert values(client, stored)[0] == report
    assert client.get(here).json() == sorted((mark, note), key=lambda m: m["start_s"])

    assert client.delete(f"{here}/{mark['id']}").status_code == 204
    assert values(client, stored)[0] == plain
    assert client.get(here).json() == [note]
    assert {b["recording_id"] for b in client.get(f"{V1}/bin").json()} == {stored}
    assert client.post(f"{here}/{mark['id']}/restore").json() == mark
    assert values(client, stored)[0] == report
    assert bits(store, stored) == raw


def test_a_changed_mass_changes_what_stands_on_it(client, store):
    of = store.add(recording(About(body_mass_kg=70.0), unit=Unit.KPA))
    _, before = values(client, of)
    client.patch(f"{V1}/recordings/{of}", json={"body_mass_kg": 75.0})
    report, after = values(client, of)
    assert report["recording"]["body_mass_kg"] == 75.0
    name = ("peak_force_pct_bw", "left", None, None)
    assert name in before, sorted({k[0] for k in before})
    assert after[name]["value"] == pytest.approx(before[name]["value"] * 70 / 75, rel=2e-3)


REFUSED = [
    ("post", "subjects", {"code": " "}, 422, "needs a code"),
    ("post", "subjects", {"code": "P-009"}, 409, "already"),
    ("post", "subjects", {"code": "P-2", "body_mass_kg": 0.07}, 422, "kilograms"),
    ("post", "subjects", {"code": "P-2", "body_mass_kg": "70"}, 422, "body_mass_kg"),
    ("post", "subjects", {"code": "P-2", "name": "Mr. X"}, 422, "name"),
    ("post", "subjects", {"code": 7}, 422, "code"),
    ("patch", "subjects/{subject}", {"shoe_size_eu": 260}, 422, "European size"),
    ("patch", "subjects/{subject}", {"code": None}, 422, "code"),
    ("patch", "subjects/none", {"code": "x"}, 404, "no subject"),
    ("get", "subjects/none", None, 404, "no subject"),
    ("delete", "subjects/none", None, 404, "no subject"),
    ("post", "subjects/none/restore", None, 404, "no subject"),
    ("post", "subjects/{subject}/restore", None, 409, "not in the bin"),
    ("post", "visits", {"subject_id": "none"}, 404, "no subject"),
    ("post", "visits", {"subject_id": "{subject}", "date": "2026-02-30"}, 422, "date"),
    ("post", "visits", {"subject_id": "{subject}", "date": 17}, 422, "date"),
    ("get", "visits?subject_id=none", None, 404, "no subject"),
    ("get", "visits/none", None, 404, "no visit"),
    ("patch", "visits/{visit}", {"subject_id": "none"}, 404, "no subject"),
    ("post", "visits/{visit}/restore", None, 409, "not in the bin"),
    ("patch", "recordings/{stored}", {"body_mass_kg": 7000}, 422, "kilograms"),
    ("patch", "recordings/{stored}", {"visit_id": "none"}, 404, "no visit"),
    ("patch", "recordings/{stored}", {"visit_id": "{visit}", "subject_code": "P"}, 409, "one of both"),
    ("patch", "recordings/{stored}", {"condition": "x" * 5000}, 422, "shorten"),
    ("patch", "recordings/{stored}", {"device": "mine"}, 422, "device"),
    ("patch", "recordings/none", {"task": "x"}, 404, "no recording"),
    ("post", "recordings/{stored}/restore", None, 409, "not in the bin"),
    ("post", "recordings/{stored}/marks", {"kind": "exclude", "start_s": 2, "stop_s": 1}, 422, "must end after"),
    ("post", "recordings/{stored}/marks", {"kind": "step", "start_s": 1, "stop_s": 2}, 422, "left or right"),
    ("post", "recordings/{stored}/marks", {"kind": "note", "start_s": 1, "stop_s": 2}, 422, "needs a text"),
    ("post", "recordings/{stored}/marks", {"kind": "hide", "start_s": 1, "stop_s": 2}, 422, "kind"),
    ("post", "recordings/none/marks", {"kind": "exclude", "start_s": 1, "stop_s": 2}, 404, "no recording"),
    ("get", "recordings/none/marks", None, 404, "no recording"),
    ("delete", "recordings/{stored}/marks/none", None, 404, "no mark"),
    ("post", "recordings/{stored}/marks/none/restore", None, 404, "no mark"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "says"), REFUSED)
def test_refusals_are_problems_in_plain_words_and_change_nothing(
    client, store, stored, subject, visit, method, path, body, status, says
):
    ids = {"subject": subject["id"], "visit": visit["id"], "stored": stored}
    body = body and {k: v.format(**ids) if isinstance(v, str) else v for k, v in body.items()}
    before = store.subjects.list(), store.visits.list(), [(i.id, i.about, i.visit_id) for i in store.list()]
    answer = client.request(method, f"{V1}/{path.format(**ids)}", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    assert before == (store.subjects.list(), store.visits.list(), [(i.id, i.about, i.visit_id) for i in store.list()])
    assert store.marks.list(stored) == []


def test_another_origin_changes_nothing(client, subject):
    headers = {"origin": "http://evil.example"}
    assert client.patch(f"{V1}/subjects/{subject['id']}", json={"code": "x"}, headers=headers).status_code == 403
    assert client.post(f"{V1}/subjects", json={"code": "x"}, headers=headers).status_code == 403
