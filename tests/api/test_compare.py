"""Comparisons and trends are those of the analysis, with the marks of each recording."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from analysis.compare import compare
from analysis.mdc import own_mdc
from analysis.recipe import analyse
from analysis.sentences import sentences
from dashboards.words import label, region
from insole.recording import About, Recording, Side
from insole.records import Mark, MarkKind
from tests.api.conftest import recording

COMPARE = "/api/v1/compare"


def walk(store, *, days=0, condition="shoe", **gait):
    made = recording(About(subject_code="P-001", condition=condition, task="walking"), **{"duration_s": 20.0, **gait})
    return store.add(replace(made, started_at=made.started_at + timedelta(days=days)))


@pytest.fixture
def three(store):
    return [walk(store), walk(store, condition="orthosis A", body_mass_kg=105.0), walk(store, days=1)]


def test_a_comparison_is_that_of_the_analysis(client, store, three):
    got = client.get(COMPARE, params={"recording": three}).json()
    assert got["baseline"] == three[0]
    assert [c["recording"] for c in got["comparisons"]] == three[1:]
    first = analyse(store.read(three[0]))
    for one in got["comparisons"]:
        expected = compare(first, analyse(store.read(one["recording"])))
        low = sentences(expected, label=lambda n: label(n)[:1].lower() + label(n)[1:], region=region)
        assert one["sentences"] == low
        assert [(r["name"], r["difference"], r["verdict"]) for r in one["comparison"]["rows"]] == [
            (r.name, r.difference, r.verdict) for r in expected.rows
        ]
        assert one["comparison"]["refusals"] == []
    assert any("orthosis A" in said for said in got["comparisons"][0]["sentences"])


def test_recordings_that_cannot_be_compared_say_why(client, store, three):
    client.patch(f"/api/v1/recordings/{three[1]}", json={"subject_code": "P-002"})
    (one,) = client.get(COMPARE, params={"recording": three[:2]}).json()["comparisons"]
    assert [c["code"] for c in one["comparison"]["refusals"]] == ["other_subject"]
    assert "two subjects" in one["sentences"][0]


def test_marks_are_heeded(client, store, three):
    steps = [s for s in analyse(store.read(three[0])).steps if s.clean and s.side is Side.LEFT]
    store.marks.add(three[0], Mark(MarkKind.EXCLUDE, 0.0, steps[-1].start_s))
    (one,) = client.get(COMPARE, params={"recording": three[:2]}).json()["comparisons"]
    assert "too_few_steps" in {c["code"] for c in one["comparison"]["refusals"]}


@pytest.mark.parametrize("chosen", [[0], [0, 0], [0, 1, 2, 0], [0, 1, 2, 3, 4]])
def test_how_many_can_be_compared(client, three, chosen):
    ids = [*three, "a", "b"]
    answer = client.get(COMPARE, params={"recording": [ids[k] for k in chosen]})
    assert answer.status_code == 422
    assert "2 to 4 different" in answer.json()["detail"]


def test_none_or_an_unknown_one(client, three):
    assert client.get(COMPARE).status_code == 422
    assert client.get(COMPARE, params={"recording": [three[0], "none"]}).status_code == 404


def trend(client, of, **params):
    return client.get(f"/api/v1/subjects/{of}/trend", params=params)


def test_a_trend_is_absent_where_it_was_not_measured(client, store, three):
    both = recording(About(subject_code="P-001", condition="one foot"), duration_s=20.0)
    alone = Recording("", both.started_at + timedelta(days=2), {Side.RIGHT: both.feet[Side.RIGHT]}, both.about)
    one_foot = store.add(alone)
    subject = store.info(three[0]).subject_id
    got = trend(client, subject, value="stance_time_s", side="left").json()
    assert (got["unit"], got["side"], got["region"]) == ("s", "left", None)
    assert sorted(p["recording_id"] for p in got["points"]) == sorted(three)
    assert [p["date"] for p in got["points"]] == sorted(p["date"] for p in got["points"])
    assert [(g["recording_id"], g["condition"]) for g in got["without"]] == [(one_foot, "one foot")]
    assert "not measured" in got["without"][0]["why"]
    for point in got["points"]:
        value = analyse(store.read(point["recording_id"])).get("stance_time_s", side=Side.LEFT)
        assert (point["value"], point["sd"], point["n_steps"]) == (value.value, value.sd, value.n_steps)
    right = trend(client, subject, value="peak_pressure_kpa", side="right", region="heel_medial").json()
    assert len(right["points"]) == 4


def test_what_no_trend_can_be_of(client, store, three):
    subject = store.info(three[0]).subject_id
    assert "no value" in trend(client, subject, value="beauty").json()["detail"]
    assert trend(client, subject, value="beauty").status_code == 404
    assert trend(client, subject).status_code == 422
    assert trend(client, subject, value="stance_time_s", side="middle").status_code == 422
    assert trend(client, "none", value="stance_time_s").status_code == 404


@pytest.fixture
def repeated(store):
    """A shoe, an orthosis, and two further walks in the shoe."""
    lighter = walk(store, condition="orthosis A", seed=2, load_symmetry_index_pct=8.0)
    return [walk(store), lighter, walk(store, days=1, seed=3, body_mass_kg=70.5), walk(store, days=2, seed=4)]


def test_own_baselines_are_what_the_analysis_judges_by(client, store, repeated):
    shoe, orthosis, *repeats = repeated
    asked = {"recording": [shoe, orthosis], "baseline": repeats}
    (got,) = client.get(COMPARE, params=asked).json()["comparisons"]
    a, b, *own = (analyse(store.read(one)) for one in (shoe, orthosis, *repeats))
    expected = compare(a, b, own=own_mdc((own[0], own[1])))
    assert [(r["name"], r["verdict"], r["mdc"] and r["mdc"]["value"]) for r in got["comparison"]["rows"]] == [
        (r.name, r.verdict, r.mdc and r.mdc.value) for r in expected.rows
    ]
    stance = next(r for r in got["comparison"]["rows"] if r["name"] == "stance_time_s")
    assert stance["mdc"]["short"] == "own baselines, 1 pair"
    assert [c["code"] for c in got["comparison"]["caveats"]] == ["few_baselines"]
    (without,) = client.get(COMPARE, params={"recording": [shoe, orthosis]}).json()["comparisons"]
    assert next(r for r in without["comparison"]["rows"] if r["name"] == "stance_time_s")["mdc"] is None


def test_the_baseline_may_be_one_of_its_own_pair(client, repeated):
    shoe, orthosis, again, _later = repeated
    answer = client.get(COMPARE, params={"recording": [shoe, orthosis], "baseline": [shoe, again]})
    assert answer.status_code == 200


UNFIT = {
    "one": (lambda ids, _store: ids[2:3], 422, "baselines come in pairs, and 1 were given"),
    "twice": (lambda ids, _store: [ids[2], ids[2]], 422, "named twice"),
    "the one that is judged": (lambda ids, _store: [ids[2], ids[1]], 422, "is judged in this comparison"),
    "another condition": (lambda ids, store: [ids[2], walk(store, condition="orthosis B")], 422, "no repeat"),
    "at another speed": (
        lambda ids, store: [ids[2], walk(store, cadence_spm=140.0)],
        422,
        "not repeats of each other: cadence",
    ),
    "unknown": (lambda ids, _store: [ids[2], "none"], 404, "none"),
}


@pytest.mark.parametrize(("choose", "status", "says"), UNFIT.values(), ids=list(UNFIT))
@pytest.mark.parametrize("address", [COMPARE, "/api/v1/compare.pdf", "/api/v1/compare/figures/peak_maps", "/compare"])
def test_unfit_baselines_are_told_in_plain_words(client, store, repeated, address, choose, status, says):
    asked = {"recording": repeated[:2], "baseline": choose(repeated, store)}
    answer = client.get(address, params=asked)
    assert answer.status_code == status
    said = answer.text if address == "/compare" else answer.json()["detail"]
    assert says.casefold() in said.casefold()
