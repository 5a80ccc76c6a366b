from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from insole.recording import About
from tests.api.conftest import recording


class Outline(HTMLParser):
    """Headings, ids, addresses, inline scripts and handlers of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        self.addresses += [given[key] for key in ("src", "href", "action") if given.get(key)]
        self.inline += [key for key in given if key.startswith("on")]
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.inline.append("script")
        if tag == "html":
            self.lang = given.get("lang", "")


@pytest.fixture
def pages(client, stored, one_foot):
    compared = f"/compare?recording={stored}&recording={one_foot}"
    subject = client.get(f"/api/v1/recordings/{stored}").json()["subject_id"]
    listed = ("/", f"/?recording={stored}", "/subjects", f"/subjects/{subject}", "/bin", "/upload")
    paths = (*listed, "/live", f"/recordings/{stored}", f"/recordings/{one_foot}", compared, "/compare", "/nothing")
    return {path: client.get(path).text for path in paths}


def test_headings_are_in_order_and_there_is_one_h1(pages):
    for path, text in pages.items():
        headings = Outline(text).headings
        assert headings[0] == 1, path
        assert headings.count(1) == 1, path
        assert all(b <= a + 1 for a, b in pairwise(headings)), (path, headings)


def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_script(pages):
    for path, text in pages.items():
        outline = Outline(text)
        assert not outline.inline, path
        assert all(a.startswith(("/", "#")) and not a.startswith("//") for a in outline.addresses), path
        assert outline.lang == "en"
        assert len(outline.ids) == len(set(outline.ids)), path


def test_every_local_address_of_a_page_answers(client, pages):
    for text in pages.values():
        for address in Outline(text).addresses:
            if not address.startswith("#"):
                assert client.get(address).status_code == 200, address


def test_every_page_says_what_it_is_for_and_whom_it_answers(pages):
    for text in pages.values():
        assert "For research and education. Not for diagnosis." in text
        assert "this computer only" in text


def test_the_empty_list_says_what_to_do(client):
    text = client.get("/").text
    assert "insole import FILE" in text
    assert "insole collect --virtual" in text
    assert 'href="/live"' in text


def test_the_list_is_newest_first_and_escapes(client, store):
    store.add(recording(About(subject_code="<b>P-007</b>", condition="orthosis A & B")))
    text = client.get("/").text
    assert "&lt;b&gt;P-007&lt;/b&gt;" in text
    assert "orthosis A &amp; B" in text
    assert "8.0 s" in text


def test_a_recording_shows_the_reports_numbers(client, stored):
    report = client.get(f"/api/v1/recordings/{stored}/report").json()
    text = client.get(f"/recordings/{stored}").text
    share = next(
        v for v in report["values"] if v["name"] == "load_share_pct" and v["side"] == "left" and not v["region"]
    )
    assert f"{share['value']:.1f}" in text
    assert "200 \N{MULTIPLICATION SIGN} (right \N{MINUS SIGN} left) / (right + left)" in text
    assert "Robinson" in text
    for value in report["values"]:
        assert f'title="{value["name"]}"' in text
    for caveat in report["caveats"]:
        assert caveat["text"][1:30] in text
    assert report["software"]["algorithm"] in text
    assert "none needed, the source gives kPa" in text


def test_one_foot_has_dashes_where_two_are_needed(client, one_foot):
    text = client.get(f"/recordings/{one_foot}").text
    assert "right only" in text
    assert '<p class="big">\N{EN DASH} <span class="unit">%</span></p>' in text


def test_an_unknown_recording_is_told_in_plain_words(client):
    answer = client.get("/recordings/none")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Not found" in answer.text
    assert "Traceback" not in answer.text


def test_plotly_is_served_once_for_ever_and_only_in_its_version(client, pages):
    (address,) = re.findall(r'src="(/static/vendor/plotly-[^"]+)"', pages["/live"])
    answer = client.get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.content) > 1_000_000
    assert client.get("/static/vendor/plotly-0.0.0.min.js").status_code == 404
    assert client.get("/static/css/base.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/../app.py").status_code == 404
