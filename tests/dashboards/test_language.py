"""Every text on a page comes from the catalogue, and the catalogue is up to date."""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest

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
        self.found += [value for name, value in attrs if name in self.SAID and value]

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() not in {tag, "data"}:
            pass

    def handle_data(self, data):
        if data.strip() and not self.SILENT & set(self.inside):
            self.found.append(data.strip())


def untranslated(page, *data):
    """Texts of a page in ``Marked`` that did not go through the catalogue and are not data."""
    texts = [re.sub(r"\[[^\[\]]*\]", "", text) for text in Texts(page).found]
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
