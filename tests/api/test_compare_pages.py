from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest

from analysis.compare import Verdict, compare
from analysis.recipe import study
from analysis.sentences import changes
from dashboards.comparepage import FIRST_SAID
from dashboards.comparing import comparison_figures
from dashboards.words import number
from insole.recording import About
from tests.api.conftest import recording


def kept(store, condition, by=1.0, subject="P-001", **gait):
    made = recording(About(subject_code=subject, condition=condition), **{"duration_s": 18.0, "noise_kpa": 1.0, **gait})
    feet = {side: replace(foot, values=foot.values * np.float32(by)) for side, foot in made.feet.items()}
    return store.add(replace(made, feet=feet))


def page(client, *ids):
    return client.get("/compare", params={"recording": ids})


def text_of(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text))).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def two(store):
    return [kept(store, "shoe"), kept(store, "orthosis A", 0.6, seed=2)]


def test_words_and_table_are_those_of_the_analysis(client, store, two):
    answer = page(client, *two)
    assert answer.status_code == 200
    comparison = compare(*(study(store.read(i)).report for i in two))
    changed = changes(comparison)
    assert changed
    said = text_of(answer)
    assert f"{len(changed)} values changed beyond noise" in said
    assert answer.text.count('data-verdict="changed"') == len(changed)
    assert answer.text.count('data-verdict="same"') == len(comparison.of(Verdict.NO_CHANGE))
    assert answer.text.count('data-verdict="open"') == len(comparison.of(Verdict.NOT_JUDGED))
    for row in changed:
        assert f'data-label="A">{number(row.a, row.unit)}<' in answer.text
        assert f'data-label="B">{number(row.b, row.unit)}<' in answer.text
    first = said.index("more than the 15.3 % that count as change (Putti 2007)")
    assert said.index("values changed beyond noise") < first < said.index("Pressure maps") < said.index("All values")
    assert "Putti AB et al. 2007, Gait Posture 25:401" in said
    assert not re.search(r"\b(better|worse|improve)", said)


def test_the_baseline_can_be_changed_and_a_condition_taken_out(client, store, two):
    three = [*two, kept(store, "orthosis B", 0.9)]
    links = re.findall(r'href="(/compare[^"]+)"', unescape(page(client, *three).text))
    ways = [tuple(re.findall(r"recording=(\w+)", link)) for link in links]
    a, b, c = three
    assert set(ways) == {(b, c), (b, a, c), (a, c), (c, a, b), (a, b)}
    swapped = unescape(page(client, *two).text)
    assert f'href="/compare?recording={b}&recording={a}">Swap A and B' in swapped
    assert f"/api/v1/compare.pdf?recording={a}&recording={b}" in swapped
    assert "Take out" not in swapped


@pytest.mark.parametrize(
    ("gait", "subject", "says", "advice"),
    [
        ({"cadence_spm": 130.0}, "P-001", "over 10 % apart", "Consider walking again at the baseline's cadence"),
        ({"duration_s": 8.0}, "P-001", "12 or more in both recordings", "Consider recording a longer walk"),
        ({}, "P-002", "of two subjects, P-001 and P-002", "Consider choosing recordings of one person"),
    ],
)
def test_a_refusal_says_what_to_do_about_it(client, store, two, gait, subject, says, advice):
    other = kept(store, "other", subject=subject, **gait)
    answer = page(client, two[0], other)
    said = text_of(answer)
    assert says in said
    assert said.count(advice) == 1
    assert "So nothing was judged." in said
    assert "No map of the difference" in said
    assert 'data-verdict="changed"' not in answer.text


def test_fewer_than_two_are_told_how_to_choose(client, stored):
    for params in ({}, {"recording": stored}):
        answer = client.get("/compare", params=params)
        assert answer.status_code == 200
        assert "A comparison needs two to four recordings." in answer.text
    assert f'href="/?recording={stored}"' in answer.text


@pytest.mark.parametrize(
    ("choose", "status", "says"),
    [
        (lambda ids: [ids[0], "none"], 404, "none"),
        (lambda ids: [ids[0], ids[0]], 422, "named twice"),
        (lambda ids: ids, 422, "2 to 4"),
    ],
    ids=["unknown", "twice", "five"],
)
def test_what_cannot_be_compared_is_told_in_plain_words(client, store, choose, status, says):
    ids = choose([kept(store, f"shoe {i}", seed=i) for i in range(1, 6)])
    answer = page(client, *ids)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (status, "text/html")
    assert says in answer.text
    figure = client.get("/api/v1/compare/figures/peak_maps", params={"recording": ids})
    assert figure.status_code == status
    assert figure.headers["content-type"] == "application/problem+json"


def test_names_are_escaped(client, store, two):
    nasty = kept(store, "<script>alert(1)</script>& B", 0.9)
    text = page(client, two[0], nasty).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("name", list(comparison_figures()))
def test_figures_are_what_the_page_has_places_for(client, two, name):
    answer = client.get(f"/api/v1/compare/figures/{name}", params={"recording": two, "theme": "dark"})
    assert answer.status_code == 200
    found = answer.json()
    assert found["name"] == name
    shown = page(client, *two).text
    part = shown[shown.index(f'data-comparison="{name}"') :]
    places = re.findall(r'data-plot="([^"]+)" role="img" aria-label="([^"]+)"', part)[: len(found["plots"])]
    assert [(p["key"], p["alt"]) for p in found["plots"]] == [(key, unescape(alt)) for key, alt in places]
    assert '"#16202a"' not in json.dumps(found)


def test_an_unknown_figure_is_named(client, two):
    answer = client.get("/api/v1/compare/figures/nothing", params={"recording": two})
    assert answer.status_code == 404
    assert "peak_maps" in answer.json()["detail"]


def test_the_list_offers_whole_recordings_to_choose(client, two):
    text = client.get("/").text
    assert set(re.findall(r'name="recording" value="(\w+)"', text)) == set(two)
    assert '<form id="choose" class="choose" action="/compare" method="get"' in text


@pytest.fixture
def repeats(store):
    """Two further walks of the first of ``two``'s condition."""
    return [kept(store, "shoe", 1.02, seed=5), kept(store, "Shoe ", 0.99, seed=6)]


def boxes(answer):
    """Own baselines that the page offers, and which of them are chosen."""
    found = re.findall(r'name="baseline" value="(\w+)"( checked)?', answer.text)
    return {value: bool(checked) for value, checked in found}


def test_own_baselines_are_offered_of_the_baselines_condition(client, store, two, repeats):
    kept(store, "shoe", subject="P-002")
    kept(store, "orthosis A", seed=7)
    answer = page(client, *two)
    assert boxes(answer) == dict.fromkeys([two[0], *repeats], False)
    assert set(boxes(page(client, two[0], two[1], repeats[0]))) == {two[0], repeats[1]}


def test_what_is_judged_by_own_baselines_says_so_and_every_link_keeps_them(client, two, repeats):
    answer = client.get("/compare", params={"recording": two, "baseline": repeats})
    assert answer.status_code == 200
    said = text_of(answer)
    assert "Judged by own baselines: 2 recordings of this subject" in said
    assert "own baselines, 1 pair: 1.96" in said
    assert "what counts as a change is from one pair of baselines" in said.lower()
    assert boxes(answer) == {two[0]: False, **dict.fromkeys(repeats, True)}
    text = unescape(answer.text)
    asked = f"recording={two[0]}&recording={two[1]}"
    judged = f"{asked}&baseline={repeats[0]}&baseline={repeats[1]}"
    assert f'data-query="{judged}"' in text
    assert f'href="/api/v1/compare.pdf?{judged}"' in text
    assert f'href="/compare?{asked}#own"' in text
    first, more = (part.split("</ol>")[0].count("<li>") for part in answer.text.split('<ol class="changes"')[1:])
    assert (first, first + more) == (FIRST_SAID, answer.text.count('data-verdict="changed"'))
    assert f'href="/compare?recording={two[1]}&recording={two[0]}">Swap A and B' in text


def test_with_unfit_baselines_the_page_stays_as_it_is_without_them(client, two, repeats):
    answer = client.get("/compare", params={"recording": two, "baseline": repeats[:1]})
    assert answer.status_code == 422
    said = text_of(answer)
    assert "These baselines are not used: Baselines come in pairs, and 1 were given" in said
    assert boxes(answer)[repeats[0]]
    assert "baseline=" not in unescape(answer.text)
    assert answer.text.count("data-verdict") == page(client, *two).text.count("data-verdict")


def test_without_repeats_the_page_says_what_to_record(client, store, two):
    said = text_of(page(client, *two))
    assert (
        "no other recording of the baseline's condition and task. Consider recording one: take the insoles out" in said
    )
    loose = kept(store, "shoe", subject="")
    assert "The baseline belongs to no subject" in text_of(page(client, loose, two[1]))
