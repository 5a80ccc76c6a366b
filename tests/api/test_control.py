"""What a page can ask of insoles: a source that only writes down what it was told."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.control import FootStatus, LiveControl, LiveState, LiveStatus
from insole.errors import LinkError, NotNowError
from insole.recording import Side

LIVE = "/api/v1/live"


class Source:
    """A control whose insoles always do as told."""

    def __init__(self):
        self.view, self.told, self.now, self.fails = None, [], LiveState.READY, None
        self.zero_s = 0.0

    @property
    def state(self):
        return f"It is {self.now}."

    @property
    def recorded_s(self):
        return 12.34

    @property
    def status(self):
        feet = {Side.LEFT: FootStatus(True, "AA:01", -61, 80, 99.5, 0.4), Side.RIGHT: FootStatus(False, "AA:02")}
        return LiveStatus(self.now, self.state, "r1", feet=feet)

    async def connect(self):
        self.told.append("connect")

    async def disconnect(self):
        self.told.append("disconnect")

    async def start(self, about):
        if self.fails:
            raise self.fails
        if self.now is LiveState.RECORDING:
            raise NotNowError("a recording is being made already; stop it first")
        self.now = LiveState.RECORDING
        self.told.append(about)

    async def stop(self):
        if self.now is not LiveState.RECORDING:
            raise NotNowError("no recording is being made")
        self.now = LiveState.READY

    def instruct(self, activity):
        self.told.append(activity)


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def client(store, source):
    with TestClient(create_app(store, live=source), base_url="http://localhost") as opened:
        yield opened


def test_the_fake_is_what_the_service_takes_for_a_control(source):
    assert isinstance(source, LiveControl)


def test_the_status_says_how_each_insole_is(client):
    said = client.get(LIVE).json()["status"]
    assert (said["state"], said["text"], said["recorded_s"]) == ("ready", "It is ready.", 12.3)
    assert said["feet"]["left"] == {
        "connected": True,
        "name": "AA:01",
        "signal_dbm": -61,
        "battery_pct": 80,
        "rate_hz": 99.5,
        "lost_pct": 0.4,
    }
    assert said["feet"]["right"]["lost_pct"] is None


def test_connect_and_disconnect_are_passed_on(client, source):
    assert client.post(f"{LIVE}/connect").status_code == 200
    assert client.post(f"{LIVE}/disconnect").status_code == 200
    assert source.told == ["connect", "disconnect"]


def test_a_recording_is_of_a_new_subject(client, source):
    asked = {"subject_code": " P-1 ", "condition": "shoe", "task": "walking", "body_mass_kg": 72.5}
    assert client.post(f"{LIVE}/start", json=asked).json()["state"] == "recording"
    (about,) = source.told
    assert (about.subject_code, about.condition, about.task, about.body_mass_kg) == ("P-1", "shoe", "walking", 72.5)


@pytest.mark.parametrize("by", ["subject_id", "subject_code"])
def test_or_of_a_known_one_whose_mass_is_on_file(client, store, source, by):
    subject = store.subjects.add("P-2", body_mass_kg=81.0)
    asked = {by: subject.id if by == "subject_id" else "P-2"}
    assert client.post(f"{LIVE}/start", json=asked).status_code == 200
    assert (source.told[0].subject_code, source.told[0].body_mass_kg) == ("P-2", 81.0)


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"subject_id": "s-none"}, 404, "subject"),
        ({"body_mass_kg": 1.0}, 422, "mass"),
        ({"weight": 70}, 422, "weight"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_begins(client, source, asked, status, words):
    answer = client.post(f"{LIVE}/start", json=asked)
    assert (answer.status_code, source.told) == (status, [])
    assert words in answer.json()["detail"]


def test_what_does_not_go_now_is_a_conflict_in_plain_words(client):
    assert client.post(f"{LIVE}/stop").status_code == 409
    assert client.post(f"{LIVE}/start", json={}).status_code == 200
    again = client.post(f"{LIVE}/start", json={})
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "a recording is being made already; stop it first",
    )
    assert client.post(f"{LIVE}/stop").json()["state"] == "ready"


def test_a_failure_of_the_radio_is_told(client, source):
    source.fails = LinkError("the radio is switched off; switch it on")
    answer = client.post(f"{LIVE}/start", json={})
    assert (answer.status_code, answer.json()["detail"]) == (422, "the radio is switched off; switch it on")


@pytest.mark.parametrize("path", ["connect", "disconnect", "start", "stop", "guide"])
def test_without_insoles_the_answer_says_what_to_do(store, path):
    with TestClient(create_app(store), base_url="http://localhost") as client:
        answer = client.post(f"{LIVE}/{path}", json={"protocol": "walking"} if path == "guide" else {})
    assert answer.status_code == 409
    assert "insole serve" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["task", "end", "next", "finish"])
def test_no_guided_test_runs_before_one_began(client, path):
    answer = client.post(f"{LIVE}/guide/{path}")
    assert (answer.status_code, answer.json()["detail"]) == (409, "no guided test is running; begin one first")


def test_a_guided_test_needs_a_protocol_that_there_is_and_both_insoles(client, source):
    unknown = client.post(f"{LIVE}/guide", json={"protocol": "jumping"})
    assert unknown.status_code == 404
    assert "walking" in unknown.json()["detail"]
    answer = client.post(f"{LIVE}/guide", json={"protocol": "walking"})
    assert (answer.status_code, source.told) == (409, [])
    assert "both insoles" in answer.json()["detail"]


def test_each_message_of_the_stream_says_what_the_insoles_do(client):
    with client.websocket_connect("ws://localhost/api/v1/live/ws") as socket:
        message = socket.receive_json()
    assert message["status"]["state"] == "ready"
    assert message["guide"] is None
