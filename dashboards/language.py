"""Words in the reader's language. English stands in the code; catalogues in ``locale/`` hold the others.

Text that a person reads goes through ``_`` where it is used, or is only marked with ``N_`` where it
is declared; ``python scripts/words.py`` collects all of it, scripts and templates too, in
``locale/insole.pot``. Which language is spoken is a matter of the request (``speaking``).
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations, translation
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCALE = Path(__file__).resolve().parent / "locale"
DOMAIN = "insole"
ENGLISH = "en"

_spoken: ContextVar[tuple[str, NullTranslations]] = ContextVar("spoken", default=(ENGLISH, NullTranslations()))


def _(text: str) -> str:
    """``text`` in the language that is spoken."""
    return _spoken.get()[1].gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """``one`` or ``many``, whichever the language that is spoken uses for ``n``."""
    return _spoken.get()[1].ngettext(one, many, n)


def N_(text: str) -> str:  # noqa: N802 (the name that gettext's tools know)
    """``text`` itself, marked for the catalogue; whoever shows it calls ``_``."""
    return text


def spoken() -> str:
    """The language that is spoken, as in HTML's ``lang``."""
    return _spoken.get()[0]


def languages() -> tuple[str, ...]:
    """The languages that there are: English, and those with a compiled catalogue."""
    return (ENGLISH, *sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


@contextmanager
def speaking(language: str, words: NullTranslations | None = None) -> Iterator[None]:
    """Speak a language for a while.

    Parameters
    ----------
    language
        One of ``languages()``; anything else is English.
    words
        Its catalogue, where it is not to be looked up.
    """
    token = _spoken.set((language, words or _catalogue(language)))
    try:
        yield
    finally:
        _spoken.reset(token)


def wanted(accept: str) -> str:
    """The first of ``languages()`` that a browser's ``Accept-Language`` asks for; English if none is."""
    ranked = []
    for place, part in enumerate(accept.split(",")):
        tag, _sep, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), place, tag.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    there = languages()
    return next((tag for _weight, _place, tag in sorted(ranked) if tag in there), ENGLISH)


def script_words() -> dict[str, str]:
    """The catalogue for the pages' scripts: English to the spoken language; empty for English."""
    words = _spoken.get()[1]
    if not isinstance(words, GNUTranslations):
        return {}
    catalogue: dict[object, str] = words._catalog  # type: ignore[attr-defined]  # noqa: SLF001 (gettext offers no view)
    return {source: text for source, text in catalogue.items() if isinstance(source, str) and source}


@cache
def _catalogue(language: str) -> NullTranslations:
    return translation(DOMAIN, LOCALE, [language], fallback=True)
