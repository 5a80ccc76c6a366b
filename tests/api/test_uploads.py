"""A vendor's file: understood first, stored when told, never left behind."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from api.uploads import MOST_HELD, VALID_FOR, Uploads
from ingest.files import read
from insole.errors import StoreFullError
from tests.ingest.files.makers import moticon_with_events
from tests.support import ROOT

UPLOADS = "/api/v1/uploads"
PEDAR = ROOT / "fixtures" / "pedar_walk.asc"
LEFT, RIGHT = (ROOT / "fixtures" / f"orphe_sensor-{side}.csv" for side in ("left", "right"))
MOTICON = ROOT / "fixtures" / "moticon_walk.txt"
GAITPDB = ROOT / "fixtures" / "gaitpdb_walk.txt"


class Clock:
    def __init__(self):
        self.at = datetime(2026, 1, 2, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def clock(app, store):
    made = Clock()
    app.state.uploads = Uploads(store, now=made)
    return made


def send(client, *paths, **more):
    return client.post(UPLOADS, files=[("file", (p.name, p.read_bytes())) for p in paths], **more)


def test_what_was_understood_is_shown_and_nothing_is_stored(client, store, temporary):
    answer = send(client, PEDAR)
    assert answer.status_code == 201
    (one,) = answer.json()["files"]
    expected = read(PEDAR)
    assert one["name"] == PEDAR.name
    assert one["format"] == expected.about.device
    assert one["duration_s"] == pytest.approx(expected.duration_s)
    assert one["sha256"] == expected.about.source_sha256
    assert one["warnings"] == list(expected.about.notes)
    assert {s: (f["sensors"], f["rate_hz"], f["samples"]) for s, f in one["feet"].items()} == {
        str(s): (f.layout.n_sensors, f.rate_hz, len(f.sample)) for s, f in expected.feet.items()
    }
    assert one["stored_as"] is None
    assert store.list() == []
    (held,) = temporary.iterdir()
    assert held.stat().st_mode & 0o777 == 0o700


def test_stored_under_a_subject_it_is_the_file(client, store, temporary):
    token = send(client, PEDAR).json()["files"][0]["token"]
    given = {"subject_code": "P1", "condition": "orthosis A", "task": "walking", "body_mass_kg": 72.5}
    answer = client.post(f"{UPLOADS}/{token}", json=given)
    assert answer.status_code == 201
    stored, expected = store.read(answer.json()["id"]), read(PEDAR)
    assert {k: getattr(stored.about, k) for k in given} == given
    assert stored.about.source_name == PEDAR.name
    for side, foot in expected.feet.items():
        np.testing.assert_array_equal(stored.feet[side].values, foot.values)
    assert [s.code for s in store.subjects.list()] == ["P1"]
    assert [*temporary.iterdir()] == []
    assert client.post(f"{UPLOADS}/{token}", json={}).status_code == 404

    again = send(client, PEDAR).json()["files"][0]
    assert again["stored_as"] == answer.json()["id"]
    refused = client.post(f"{UPLOADS}/{again['token']}", json={})
    assert refused.status_code == 409
    assert answer.json()["id"] in refused.json()["detail"]


def test_what_the_file_says_stays_unless_said_otherwise(client, store):
    token = send(client, GAITPDB).json()["files"][0]["token"]
    of = client.post(f"{UPLOADS}/{token}", json={}).json()["id"]
    assert store.info(of).about == read(GAITPDB).about


def test_what_the_maker_marked_is_kept_and_changes_no_number(client, tmp_path):
    (tmp_path / "walk.txt").write_bytes(moticon_with_events())
    tokens = [send(client, path).json()["files"][0]["token"] for path in (tmp_path / "walk.txt", MOTICON)]
    marked, plain = (client.post(f"{UPLOADS}/{token}", json={}).json()["id"] for token in tokens)
    marks = client.get(f"/api/v1/recordings/{marked}/marks").json()
    assert [(m["kind"], m["text"]) for m in marks][:2] == [("event", "heel strike"), ("event", "toe-off")]
    reports = [client.get(f"/api/v1/recordings/{of}/report").json() for of in (marked, plain)]
    assert reports[0]["values"] == reports[1]["values"]
    refused = client.post(
        f"/api/v1/recordings/{plain}/marks", json={"kind": "event", "start_s": 1, "stop_s": 1, "text": "x"}
    )
    assert refused.status_code == 422


def test_a_bad_word_is_refused_and_the_file_is_still_there(client, store):
    token = send(client, PEDAR).json()["files"][0]["token"]
    for bad in ({"body_mass_kg": 0.07}, {"subject_code": "a\nb"}, {"weight": 7}):
        assert client.post(f"{UPLOADS}/{token}", json=bad).status_code == 422
    assert store.list() == []
    assert client.post(f"{UPLOADS}/{token}", json={}).status_code == 201


def test_two_files_of_one_walk_become_one_recording(client, store, temporary):
    sent = {p.name: send(client, p).json()["files"][0] for p in (RIGHT, PEDAR, LEFT)}
    (pair,) = client.post(f"{UPLOADS}/pairs", json={"tokens": [one["token"] for one in sent.values()]}).json()["pairs"]
    assert pair["of"] == [sent[LEFT.name]["token"], sent[RIGHT.name]["token"]]
    assert set(pair["file"]["feet"]) == {"left", "right"}
    assert client.post(f"{UPLOADS}/{pair['of'][0]}", json={}).status_code == 404
    stored = store.read(client.post(f"{UPLOADS}/{pair['file']['token']}", json={}).json()["id"])
    expected = read(LEFT, RIGHT)
    assert stored.about.source_sha256 == expected.about.source_sha256
    assert stored.about.source_name == f"{LEFT.name} + {RIGHT.name}"
    for side, foot in expected.feet.items():
        assert np.array_equal(stored.feet[side].values, foot.values, equal_nan=True)
    assert len([*temporary.iterdir()]) == 1, "only the pedar file is still held"


def test_two_of_one_foot_or_of_other_names_stay_apart(client, tmp_path):
    other = tmp_path / "another_sensor-right.csv"
    other.write_bytes(RIGHT.read_bytes())
    tokens = [send(client, p).json()["files"][0]["token"] for p in (LEFT, LEFT, other)]
    assert client.post(f"{UPLOADS}/pairs", json={"tokens": tokens}).json() == {"pairs": []}
    assert client.post(f"{UPLOADS}/pairs", json={"tokens": ["gone"]}).status_code == 404
    assert client.post(f"{UPLOADS}/{tokens[2]}", json={}).status_code == 201


def test_a_bad_file_says_where_it_is_wrong(client, store, tmp_path, temporary):
    cut = tmp_path / "cut.asc"
    cut.write_bytes(PEDAR.read_bytes()[:50_000])
    answer = send(client, cut)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("cut.asc, line ")
    assert answer.json()["kind"] == "FormatError"
    assert [*temporary.iterdir()] == []
    both = send(client, cut, PEDAR).json()
    assert [f["name"] for f in both["files"]] == [PEDAR.name]
    assert both["refused"] == [{"name": "cut.asc", "detail": answer.json()["detail"]}]


@pytest.mark.parametrize("name", ["../../etc/passwd.asc", "C:\\walks\\a walk.asc", "ü" * 300 + ".asc", "a\x00b.asc"])
def test_a_name_is_never_a_path(client, temporary, name):
    answer = client.post(UPLOADS, files=[("file", (name, PEDAR.read_bytes()))])
    (one,) = answer.json()["files"]
    assert "/" not in one["name"]
    assert "\\" not in one["name"]
    assert [p.name for p in temporary.rglob("*") if p.is_file()] == ["file"]


def test_it_is_held_for_a_while_only(client, clock, temporary):
    token = send(client, PEDAR).json()["files"][0]["token"]
    clock.at += VALID_FOR - timedelta(seconds=1)
    other = send(client, GAITPDB).json()["files"][0]["token"]
    clock.at += timedelta(seconds=1)
    answer = client.post(f"{UPLOADS}/{token}", json={})
    assert answer.status_code == 404
    assert "send it again" in answer.json()["detail"]
    assert len([*temporary.iterdir()]) == 1
    assert client.delete(f"{UPLOADS}/{other}").status_code == 204
    assert client.delete(f"{UPLOADS}/{other}").status_code == 404
    assert [*temporary.iterdir()] == []


def test_the_oldest_of_too_many_is_forgotten(client, clock, temporary):
    tokens = []
    for _ in range(MOST_HELD + 1):
        clock.at += timedelta(seconds=1)
        tokens += [send(client, GAITPDB).json()["files"][0]["token"]]
    assert len([*temporary.iterdir()]) == MOST_HELD
    assert client.delete(f"{UPLOADS}/{tokens[0]}").status_code == 404
    assert client.delete(f"{UPLOADS}/{tokens[1]}").status_code == 204


def test_nothing_is_left_when_the_service_stops(app, temporary):
    from starlette.testclient import TestClient

    with TestClient(app, base_url="http://localhost") as client:
        send(client, PEDAR)
        assert len([*temporary.iterdir()]) == 1
    assert [*temporary.iterdir()] == []


@pytest.mark.parametrize("length_told", [True, False])
def test_too_much_is_refused_while_it_comes(client, app, store, temporary, length_told):
    app.state.uploads = Uploads(store, most_bytes=5000)
    taken = 0

    def parts():
        nonlocal taken
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.asc"\r\n\r\n'
        for _ in range(100):
            taken += 1000
            yield b"0" * 1000
        yield b"\r\n--x--\r\n"

    headers = {"content-type": "multipart/form-data; boundary=x"}
    content = b"".join(parts()) if length_told else parts()
    answer = client.post(UPLOADS, content=content, headers=headers)
    assert answer.status_code == 413
    assert "send fewer" in answer.json()["detail"]
    assert [*temporary.iterdir()] == []


def test_what_is_no_form(client):
    assert client.post(UPLOADS, json={}).status_code == 415
    broken = {"content-type": "multipart/form-data"}
    assert client.post(UPLOADS, content=b"x", headers=broken).status_code == 400
    assert client.post(UPLOADS, files={"file": ("", b"")}).status_code == 400
    many = client.post(UPLOADS, files=[("file", ("a", b"a"))] * 9)
    assert many.status_code == 400
    assert "Too many files" in many.json()["detail"]


def test_a_full_disk_is_told(client, app, monkeypatch, temporary):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.uploads.shutil.copyfileobj", full)
    answer = send(client, PEDAR)
    assert answer.status_code == 503
    assert answer.json()["kind"] == StoreFullError.__name__
    assert [*temporary.iterdir()] == []


def test_another_page_cannot_send(client):
    assert send(client, PEDAR, headers={"origin": "http://evil.example"}).status_code == 403
