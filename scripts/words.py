"""Collect every text that a person reads on a page into ``dashboards/locale/insole.pot``.

``python scripts/words.py`` writes it again; a test fails when it is stale. A translator copies it
to ``locale/de/LC_MESSAGES/insole.po``, fills it in, and ``python scripts/words.py compile`` makes
what the service reads.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent / "dashboards"
POT = ROOT / "locale" / "insole.pot"
METHODS = [("**.py", "python"), ("pages/**.html", "jinja2.ext.babel_extract"), ("static/**.js", "javascript")]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "gettext": None}
OPTIONS = {"pages/**.html": {"silent": "false", "trimmed": "true"}}


def catalogue() -> bytes:
    """The template of all catalogues: sorted, without dates and line numbers, the same for the same texts."""
    found = Catalog(project="insole", charset="utf-8", fuzzy=False)
    for path, _line, message, comments, context in extract_from_dir(
        ROOT, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        found.add(message, None, [(Path(path).as_posix(), 0)], auto_comments=comments, context=context)
    out = BytesIO()
    write_po(out, found, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return out.getvalue()


def main() -> None:
    """Write the template, or compile the catalogues."""
    if sys.argv[1:] == ["compile"]:
        CommandLineInterface().run(["pybabel", "compile", "-d", str(POT.parent), "-D", "insole"])
        return
    POT.parent.mkdir(exist_ok=True)
    POT.write_bytes(catalogue())
    print(f"{POT.relative_to(ROOT.parent)}: {catalogue().count(b'msgid ')} texts")


if __name__ == "__main__":
    main()
