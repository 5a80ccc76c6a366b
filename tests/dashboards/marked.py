"""A made-up language that shows which texts went through the catalogue."""

from __future__ import annotations

import re
from gettext import NullTranslations


class Marked(NullTranslations):
    """A language in which every text that went through the catalogue shows it."""

    def gettext(self, message):
        return f"[{message}]"

    def ngettext(self, msgid1, msgid2, n):
        return f"[{msgid1 if n == 1 else msgid2}]"


def unmarked(text):
    """What of a text did not go through the catalogue; texts may hold others."""
    inner = re.compile(r"\[[^\[\]]*\]")
    while inner.search(text):
        text = inner.sub("", text)
    return text
