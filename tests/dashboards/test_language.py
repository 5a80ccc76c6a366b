"""Every text on a page comes from the catalogue, and the catalogue is up to date."""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest

from dashboards.comparepage import choose_page, compare_page
from dashboards.comparing import compared
from dashboards.language import N_, _, languages, ngettext, speaking, spoken, wanted
from dashboards.render import environment, list_page, live_page, problem_page
from scripts.words import POT, catalogue


class Marked(NullTranslations):
    """A language in which every text that went through the catalogue shows it."""

    def gettext(self, message):
        return f"[{message}]"

    def ngettext(self, msgid1, msgid2, n):
        return f"[{msgid1 if n == 1 else msgid2}]"


class Texts(HTMLParser):
    """What a reader of a page sees or hears, outside of code, of what is data, and of the analysis' English."""

    SAID = ("aria-label", "alt", "title", "placeholder", "data-label")
    SILENT = frozenset({"script", "style", "code", "time", "data"})

    def __init__(self, page):
        super().__init__()
        self.found, self.inside = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "link", "img", "input", "br"}:
            self.inside.append("data" if dict(attrs).get("lang") == "en" else tag)
        if dict(attrs).get("lang") != "en":
            self.found += [value for name, value in attrs if name in self.SAID and value]

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() not in {tag, "data"}:
            pass

    def handle_data(self, data):
        if data.strip() and not self.SILENT & set(self.inside):
            self.found.append(data.strip())


def without_marked(text):
    """What is left of a text without what went through the catalogue, texts within texts too."""
    while (less := re.sub(r"\[[^\[\]]*\]", "", text)) != text:
        text = less
    return text


def untranslated(page, *data):
    """Texts of a page in ``Marked`` that did not go through the catalogue and are not data."""
    texts = [without_marked(text) for text in Texts(page).found]
    words = [text.removesuffix("\u00b7 insole").strip() for text in texts if re.search(r"[A-Za-z]{2}", text)]
    return [text for text in words if text not in {"", "insole", *data}]


def test_the_catalogue_has_every_text_of_the_code():
    assert POT.read_bytes() == catalogue(), "python scripts/words.py"


def test_english_is_what_stands_in_the_code():
    assert (_("Left"), N_("Left"), spoken()) == ("Left", "Left", "en")
    assert [ngettext("%s foot", "%s feet", n) % n for n in (1, 2)] == ["1 foot", "2 feet"]


def test_a_language_is_spoken_for_a_while():
    with speaking("xx", Marked()):
        assert (_("Left"), spoken()) == ("[Left]", "xx")
    assert (_("Left"), spoken()) == ("Left", "en")


@pytest.mark.parametrize("accept", ["", "de", "de-CH, fr;q=0.9", "en-GB,de;q=0.3", "*", ";q=", "en;q=x", "a" * 500])
def test_what_a_browser_wants_is_a_language_that_there_is(accept):
    assert wanted(accept) in languages()


@pytest.mark.parametrize(
    ("page", "data"),
    [
        (lambda: list_page([]), ()),
        (live_page, ()),
        (lambda: problem_page(404, "Nothing here", "There is no page."), ("Nothing here", "There is no page.")),
    ],
    ids=["no recordings", "live", "problem"],
)
def test_every_text_of_a_page_went_through_the_catalogue(page, data):
    environment.cache_clear()
    with speaking("xx", Marked()):
        assert untranslated(page(), *data) == []


def test_every_text_of_the_compare_page_went_through_the_catalogue(walk, one_foot, info):
    found = compared([walk, one_foot])
    names = {text for value in walk.report.values for text in (value.name, f"({value.variant})")}
    units = {value.unit for value in walk.report.values}
    conditions = {"P-001", "A (shoe)", "B (shoe)", "shoe"}
    environment.cache_clear()
    with speaking("xx", Marked()):
        page = compare_page([info, info], found)
        assert untranslated(page, *names, *units, *conditions) == []
    with speaking("xx", Marked()):
        assert untranslated(choose_page([])) == []
