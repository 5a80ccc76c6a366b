from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.security import why_refused

SOCKET = "ws://localhost/api/v1/live/ws"


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]", "[::1]:8000", "LOCALHOST"])
def test_this_computers_names_are_welcome(client, host):
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[", "10.0.0.5"]
)
def test_other_names_are_refused(client, host):
    answer = client.get("/healthz", headers={"host": host})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_origins_change_nothing(client, store, stored, headers):
    assert client.delete(f"/api/v1/recordings/{stored}", headers=headers).status_code == 403
    assert store.info(stored).id == stored


@pytest.mark.parametrize("headers", [{}, {"origin": "http://localhost", "sec-fetch-site": "same-origin"}])
def test_own_pages_and_programs_may_delete(client, store, stored, headers):
    assert client.delete(f"/api/v1/recordings/{stored}", headers=headers).status_code == 204
    assert store.list() == []


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"host": "evil.example"}])
def test_a_socket_of_another_page_is_refused(client, headers):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(SOCKET, headers=headers):
        pass


@pytest.mark.parametrize("headers", [{}, {"origin": "http://localhost"}])
def test_a_socket_of_an_own_page_or_a_program_is_welcome(client, headers):
    with client.websocket_connect(SOCKET, headers=headers) as socket:
        assert socket.receive_json()["kind"] == "idle"


@pytest.mark.parametrize(
    "path", ["/", "/live", "/static/css/base.css", "/api/v1/recordings", "/nothing", "/recordings/none"]
)
def test_every_answer_has_the_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src" not in policy, "scripts fall back to default-src 'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_even_a_defect_has_the_headers(app, monkeypatch):
    monkeypatch.setattr(app.state.store.finder, "recordings", lambda *_asked, **_more: 1 / 0)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        answer = client.get("/")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert "x-content-type-options" in answer.headers


def test_reading_needs_no_origin():
    scope = {"type": "http", "method": "GET", "headers": [(b"host", b"localhost"), (b"origin", b"http://evil.example")]}
    assert why_refused(scope) is None
