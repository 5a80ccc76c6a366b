from __future__ import annotations

import base64

import numpy as np
import pytest
from starlette.testclient import TestClient

from analysis.recipe import study
from api.routes.drawings import MOST_FRAMES
from dashboards.figure import figures
from dashboards.theme import DARK, LIGHT
from dashboards.words import sentence
from insole.errors import AnalysisError, DamagedError, StoreError
from insole.recording import Side
from tests.api.conftest import recording


def address(of: str, rest: str = "") -> str:
    return f"/api/v1/recordings/{of}{rest}"


def test_list_and_one(client, stored, one_foot):
    listed = client.get("/api/v1/recordings").json()
    assert {r["id"] for r in listed} == {stored, one_foot}
    one = client.get(address(stored)).json()
    assert one in listed
    assert one["sides"] == ["left", "right"]
    assert one["sensors"] == {"left": 16, "right": 16}
    assert one["about"]["condition"] == "shoe"
    assert one["duration_s"] == pytest.approx(8.0)


def test_the_report_is_exactly_the_analysis_report(client, store, stored):
    expected = study(store.read(stored)).report.to_json()
    assert client.get(address(stored, "/report")).json() == expected


@pytest.mark.parametrize("name", list(figures()))
def test_figures_in_both_themes(client, stored, name):
    light = client.get(address(stored, f"/figures/{name}"))
    dark = client.get(address(stored, f"/figures/{name}?theme=dark"))
    assert light.json()["name"] == name
    assert light.json()["alt"] == dark.json()["alt"]
    assert {"data", "layout"} <= set(light.json()["figure"])
    assert LIGHT.muted in light.text
    assert LIGHT.muted not in dark.text
    assert DARK.muted in dark.text


def test_an_unknown_figure_or_theme(client, stored):
    answer = client.get(address(stored, "/figures/pie"))
    assert answer.status_code == 404
    assert "pressure_map" in answer.json()["detail"]
    assert client.get(address(stored, "/figures/force?theme=pink")).status_code == 422


def decoded(foot):
    return np.frombuffer(base64.b64decode(foot["values"]), "<f4").reshape(-1, foot["sensors"])


def test_frames_are_the_samples_of_their_moments(client, store, stored):
    got = client.get(address(stored, "/frames?start_s=2&stop_s=4")).json()
    assert len(got["time_s"]) == 50
    assert got["time_s"][:2] == pytest.approx([2.0, 2.04])
    walk = study(store.read(stored)).walk
    for side, foot in walk.feet.items():
        rows = [np.abs(foot.time_s - t).argmin() for t in got["time_s"]]
        np.testing.assert_array_equal(decoded(got["feet"][side]), foot.values[rows])


def test_frames_of_a_long_window_are_bounded(client, store):
    of = store.add(recording(duration_s=60.0))
    got = client.get(address(of, "/frames")).json()
    assert len(got["time_s"]) == MOST_FRAMES
    assert got["time_s"][-1] < 60


@pytest.mark.parametrize("window", ["start_s=4&stop_s=4", "start_s=9&stop_s=20", "start_s=3&stop_s=1"])
def test_an_empty_window_is_told(client, stored, window):
    answer = client.get(address(stored, f"/frames?{window}"))
    assert answer.status_code == 422
    assert "runs from 0 s" in answer.json()["detail"]


@pytest.mark.parametrize("window", ["start_s=nan", "start_s=inf", "stop_s=soon"])
def test_a_window_that_is_no_number(client, stored, window):
    answer = client.get(address(stored, f"/frames?{window}"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_map_views(client, store, stored):
    got = client.get(address(stored, "/map")).json()
    walk = study(store.read(stored)).walk
    peak = np.nanmax(walk.feet[Side.LEFT].values, axis=0)
    np.testing.assert_allclose(got["views"]["peak"]["left"], peak, atol=0.051)
    assert got["top"] >= peak.max()
    assert set(got["grid"]["feet"]) == {"left", "right"}
    assert (got["start_s"], got["stop_s"]) == pytest.approx((0, 7.99))


def test_one_foot_has_a_map_of_one(client, one_foot):
    assert set(client.get(address(one_foot, "/map")).json()["grid"]["feet"]) == {"right"}


def test_what_is_deleted_is_gone_from_every_address(client, stored):
    client.get(address(stored, "/report"))
    assert client.delete(address(stored)).status_code == 204
    for rest in ("", "/report", "/map", "/figures/force"):
        answer = client.get(address(stored, rest))
        assert answer.status_code == 404
        assert answer.json()["kind"] == "NotFoundError"
    assert client.delete(address(stored)).status_code == 404


@pytest.mark.parametrize(
    ("error", "status"), [(StoreError("locked"), 503), (DamagedError("block 3"), 503), (AnalysisError("broken"), 422)]
)
def test_our_errors_become_problem_details(app, stored, monkeypatch, error, status):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(app.state.store, "info", fail)
    with TestClient(app, base_url="http://localhost") as client:
        answer = client.get(address(stored))
        page = client.get(f"/recordings/{stored}")
    assert answer.status_code == page.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": answer.json()["title"],
        "status": status,
        "detail": str(error),
        "kind": type(error).__name__,
    }
    assert sentence(str(error)) in page.text


def test_health(client, stored):
    assert client.get("/healthz").json() == {"status": "ok", "recordings": 1}


def test_the_schema_names_every_route(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/recordings/{recording_id}/figures/{name}" in paths
    assert "/api/v1/live" in paths
