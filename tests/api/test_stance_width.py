"""The distance between the feet is stated in an address, and nothing of it is kept."""

from __future__ import annotations

import pytest

from analysis.options import Options
from analysis.recipe import analyse
from dashboards.words import number
from tests.api.conftest import recording
from tests.dashboards.report.paper import whole


@pytest.fixture
def standing(store):
    return store.add(recording(stand_s=40.0, duration_s=40.0, noise_kpa=1.0))


def test_the_page_asks_for_it_where_both_feet_stand(client, standing, stored):
    assert 'name="stance_width_mm"' in client.get(f"/recordings/{standing}").text
    assert 'name="stance_width_mm"' not in client.get(f"/recordings/{stored}").text


def test_sway_is_that_of_the_analysis_and_every_link_keeps_it(client, store, standing):
    width = {"stance_width_mm": 140}
    area = analyse(store.read(standing), Options(stance_width_mm=140.0)).get("sway_area_mm2")
    page = client.get(f"/recordings/{standing}", params=width).text
    assert f">{number(area.value, area.unit)} mm²<" in page
    assert 'data-query="stance_width_mm=140"' in page
    for kind in ("report", "report.pdf"):
        assert f'href="/api/v1/recordings/{standing}/{kind}?stance_width_mm=140"' in page
    values = client.get(f"/api/v1/recordings/{standing}/report", params=width).json()["values"]
    (of_both,) = (v for v in values if v["name"] == "sway_area_mm2" and v["side"] is None)
    assert of_both["value"] == area.value
    assert "stancewidth140mm" in whole(client.get(f"/api/v1/recordings/{standing}/report.pdf", params=width).content)


def test_it_is_not_kept(client, standing):
    plain = client.get(f"/api/v1/recordings/{standing}/report").json()
    client.get(f"/recordings/{standing}", params={"stance_width_mm": 140})
    assert client.get(f"/api/v1/recordings/{standing}/report").json() == plain
    assert all(v["side"] for v in plain["values"] if v["name"] == "sway_area_mm2")


@pytest.mark.parametrize("width", ["14", "5000", "nan", "inf", "wide"])
@pytest.mark.parametrize(
    "address", ["/recordings/{}", "/api/v1/recordings/{}/report", "/api/v1/recordings/{}/figures/butterfly"]
)
def test_a_distance_that_no_feet_have_is_refused(client, standing, address, width):
    answer = client.get(address.format(standing), params={"stance_width_mm": width})
    assert answer.status_code == 422
    assert "stance" in answer.text
