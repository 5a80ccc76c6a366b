from __future__ import annotations

import asyncio
import json

import numpy as np
import pytest
from starlette.testclient import TestClient

from analysis.live import LiveView
from api.app import create_app
from api.live import FRAMES_PER_S, IN_FLIGHT, Flow, NoLive, frame_to_json, send_frames
from insole.layout import load_layout
from insole.recording import Chunk, FootMeta, Side, Unit
from insole.walker import Gait, Walker

SOCKET = "ws://localhost/api/v1/live/ws"
LAYOUT = load_layout("open-insole-16")
WALKER = Walker(Gait(load_symmetry_index_pct=20.0), LAYOUT)


class Source:
    """A live source that a test plays with."""

    def __init__(self, view=None, state="Searching for insoles"):
        self.view = view
        self.state = state


def new_view(*sides):
    return LiveView({side: FootMeta(side, LAYOUT, Unit.KPA, 100.0) for side in sides or tuple(Side)}, clock=lambda: 0.0)


def push(view, first, n):
    at = np.arange(first, first + n)
    for side in view.feet:
        chunk = Chunk(side, first, WALKER.pressure_kpa(side, first, n), at * 10_000, (first + n) / 100)
        view.push(chunk, at / 100)


@pytest.fixture
def view():
    made = new_view()
    push(made, 0, 500)
    return made


def client_of(store, source):
    return TestClient(create_app(store, live=source), base_url="http://localhost")


def test_without_a_stream(client):
    assert client.get("/api/v1/live").json() == {
        "text": NoLive.state,
        "stream": None,
        "status": None,
        "guide": None,
    }


def test_what_a_page_needs_before_the_first_frame(store, view):
    with client_of(store, Source(view)) as client:
        light = client.get("/api/v1/live").json()["stream"]
        dark = client.get("/api/v1/live?theme=dark").json()["stream"]
    assert (light["unit"], light["force_unit"], light["top"]) == ("kPa", "N", 300.0)
    assert light["period_s"] == {"left": 0.01, "right": 0.01}
    assert [trace["meta"] for trace in light["trace"]["data"]] == ["left", "right"]
    assert len(light["map"]["data"][2]["x"]["bdata"]) > 0, "every sensor is still missing"
    assert light["map"] != dark["map"]
    assert light["grid"] == dark["grid"]


def test_frames_arrive_and_none_is_sent_before_there_is_room(store, view):
    with client_of(store, Source(view)) as client, client.websocket_connect(SOCKET) as socket:
        first, second = socket.receive_json(), socket.receive_json()
        assert (first["kind"], first["n"], second["n"]) == ("frame", 1, 2)
        assert len(first["feet"]["left"]["trace_s"]) == 500
        assert second["feet"]["left"]["trace_s"] == []
        push(view, 500, 30)
        socket.send_text("2")
        third = socket.receive_json()
    assert third["n"] == 3
    assert third["time_s"] == pytest.approx(5.29)
    assert len(third["feet"]["right"]["trace_s"]) == 30
    shares = [third["feet"][side]["load_share_pct"] for side in ("left", "right")]
    assert sum(shares) == pytest.approx(100, abs=0.11)
    assert shares[1] > shares[0]


def test_a_stream_that_comes_and_goes(store, view, monkeypatch):
    monkeypatch.setattr("api.live.IDLE_S", 0.01)
    source = Source()
    with client_of(store, source) as client, client.websocket_connect(SOCKET) as socket:
        for number in (1, 2):
            assert socket.receive_json() == {"kind": "idle", "n": number, "text": "Searching for insoles"}
        source.view = view
        socket.send_text("1")
        assert socket.receive_json()["kind"] == "frame"
        source.view, source.state = None, "The insoles were switched off"
        socket.send_text("3")
        assert socket.receive_json() == {"kind": "idle", "n": 4, "text": "The insoles were switched off"}


def test_nonsense_from_a_client_is_no_answer(store, view):
    with client_of(store, Source(view)) as client, client.websocket_connect(SOCKET) as socket:
        for _ in range(2):
            socket.receive_json()
        for text in ("drawn", "-1", "٣", "9" * 400, "1.5", ""):
            socket.send_text(text)
        socket.send_text("1")
        assert socket.receive_json()["n"] == 3


async def test_flow_never_lets_more_than_its_number_out():
    flow = Flow()
    assert [await flow.next() for _ in range(IN_FLIGHT)] == [1, 2]
    waiting = asyncio.ensure_future(flow.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    flow.drawn(10**9)  # what was never sent cannot have been drawn
    assert await waiting == 3
    assert await flow.next() == 4
    flow.drawn(1)  # an old number takes nothing back
    waiting = asyncio.ensure_future(flow.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()


async def test_frames_are_computed_no_more_often_than_they_can_be_shown():
    view = new_view()
    asked = []
    plain = view.frame

    def frame(since=None):
        asked.append(asyncio.get_running_loop().time())
        return plain(since)

    view.frame = frame
    flow, enough = Flow(), asyncio.Event()

    async def send(message):
        flow.drawn(message["n"])
        if message["n"] == 6:
            enough.set()

    task = asyncio.ensure_future(send_frames(Source(view), flow, send))
    await enough.wait()
    task.cancel()
    assert asked[5] - asked[0] >= 5 / FRAMES_PER_S - 0.005


async def test_a_new_stream_begins_its_trace_anew():
    source, sent = Source(new_view()), []
    push(source.view, 0, 50)
    flow = Flow()

    class DoneError(Exception):
        pass

    async def send(message):
        sent.append(message)
        flow.drawn(message["n"])
        if len(sent) == 2:
            source.view = new_view(Side.LEFT)
            push(source.view, 0, 20)
        if len(sent) == 3:
            raise DoneError

    with pytest.raises(DoneError):
        await send_frames(source, flow, send)
    assert [len(m["feet"]["left"]["trace_s"]) for m in sent] == [50, 0, 20]
    assert sent[1]["stream"] != sent[2]["stream"]


def test_a_frame_is_strict_json_before_any_sample_too(view):
    for of in (view, new_view()):
        text = json.dumps(frame_to_json(of.frame()), allow_nan=False)
        assert json.loads(text)["feet"].keys() == {"left", "right"}
    assert frame_to_json(new_view().frame())["feet"]["left"]["values"] == [None] * 16
