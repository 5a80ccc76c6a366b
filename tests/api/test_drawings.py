"""What the page draws by itself: fine cells and regions, centres at moments, force in a window."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from analysis.recipe import study
from dashboards.feet import place
from dashboards.series import MOST_POINTS
from insole.recording import Side
from tests.api.conftest import recording


def address(of, rest):
    return f"/api/v1/recordings/{of}{rest}"


def test_the_map_knows_sensors_as_areas_and_regions(client, store, stored):
    got = client.get(address(stored, "/map")).json()
    walked = study(store.read(stored))
    cells = got["cells"]
    for side, foot in walked.walk.feet.items():
        of = cells["feet"][side]
        assert set(of["sensor"]) == set(range(foot.layout.n_sensors))
        x = cells["x0_mm"] + cells["step_mm"] * (np.array(of["cell"]) % cells["nx"])
        assert (x < 0).all() if side is Side.LEFT else (x > 0).all()
        known = got["feet"][side]
        np.testing.assert_allclose(known["newton_per_value"], foot.newton_per_value, atol=1e-6)
        for region in known["regions"]:
            value = walked.report.get("peak_pressure_kpa", side=side, region=region["name"])
            assert region["peak_kpa"] == value.value
    assert got["step_s"] == 0.01


def test_moments_as_fine_as_samples_with_their_centres(client, store, stored):
    got = client.get(address(stored, "/frames?start_s=2&stop_s=3&step_s=0.01")).json()
    assert got["time_s"] == pytest.approx(np.arange(2, 3, 0.01))
    walked = study(store.read(stored))
    for side, foot in walked.walk.feet.items():
        sent = np.frombuffer(base64.b64decode(got["feet"][side]["centre_mm"]), "<f4").reshape(-1, 2)
        rows = slice(*np.searchsorted(foot.time_s, [2 - 1e-9, 3 - 1e-9]))
        np.testing.assert_allclose(sent, place(side, walked.cop[side][rows], foot.layout), atol=1e-3)
        assert np.isnan(sent).any()


@pytest.mark.parametrize("step", ["0", "-1", "nan", "0.0001"])
def test_a_step_that_is_none(client, stored, step):
    assert client.get(address(stored, f"/frames?step_s={step}")).status_code == 422


def test_the_force_of_a_window_is_its_samples(client, store, stored):
    got = client.get(address(stored, "/force?start_s=2&stop_s=3")).json()
    assert got["unit"] == "N"
    for side, foot in study(store.read(stored)).walk.feet.items():
        rows = (foot.time_s >= 2) & (foot.time_s < 3)
        assert got["feet"][side]["time_s"] == pytest.approx(foot.time_s[rows])
        assert got["feet"][side]["force"] == pytest.approx(foot.force[rows], abs=0.06)


def test_the_force_of_a_long_recording_is_short_and_keeps_its_peak(client, store):
    of = store.add(recording(duration_s=120.0))
    got = client.get(address(of, "/force")).json()
    for side, foot in study(store.read(of)).walk.feet.items():
        assert len(got["feet"][side]["force"]) <= MOST_POINTS < foot.force.size
        assert max(f for f in got["feet"][side]["force"] if f is not None) == pytest.approx(foot.force.max(), abs=0.06)


@pytest.mark.parametrize("window", ["start_s=4&stop_s=4", "start_s=100&stop_s=110", "start_s=-9&stop_s=-3"])
def test_an_empty_window_is_told(client, stored, window):
    answer = client.get(address(stored, f"/force?{window}"))
    assert answer.status_code == 422
    assert "runs from 0 s" in answer.json()["detail"]
