"""The first page: find a subject or a recording, make one, choose recordings to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dashboards.render import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insole.store import Info, Seen, Some

PER_PAGE = 50
"""Recordings, or subjects on their own page, that stand on a page (our judgement)."""

SUBJECTS_FIRST = 8
"""Subjects above the list: those that something was stored of last (our judgement)."""


@dataclass(frozen=True)
class Asked:
    """What of the list is asked for.

    Attributes
    ----------
    text
        Words to look for.
    unfiled
        Only recordings that belong to no subject.
    page
        From 1.
    """

    text: str = ""
    unfiled: bool = False
    page: int = 1

    @property
    def offset(self) -> int:
        """How many stand on the pages before."""
        return (self.page - 1) * PER_PAGE

    def query(self, *, page: int = 1, unfiled: bool | None = None) -> str:
        """The same with another page, or of all or only those that are not filed, as an address' query."""
        only = self.unfiled if unfiled is None else unfiled
        given = {"q": self.text, "unfiled": "1" if only else "", "page": str(page) if page > 1 else ""}
        return urlencode({key: value for key, value in given.items() if value})


@dataclass(frozen=True)
class Pager:
    """Where one is in a long list.

    Attributes
    ----------
    first, last, total
        The rows shown, counted from 1, and all that there are.
    before, after
        Addresses of the pages beside; empty where there is none.
    """

    first: int
    last: int
    total: int
    before: str
    after: str


def pager(asked: Asked, shown: int, total: int, address: str) -> Pager:
    """Where the page that was asked for is."""
    more = asked.offset + shown < total
    return Pager(
        first=asked.offset + 1,
        last=asked.offset + shown,
        total=total,
        before=f"{address}?{asked.query(page=asked.page - 1)}" if asked.page > 1 else "",
        after=f"{address}?{asked.query(page=asked.page + 1)}" if more else "",
    )


def home_page(
    asked: Asked, recordings: Some[Info], subjects: Some[Seen], *, chosen: Sequence[Info] = (), unfiled: int = 0
) -> str:
    """Subjects and recordings that were asked for; what to do next when there is none at all.

    Parameters
    ----------
    recordings, subjects
        A page of the recordings, and the first subjects.
    chosen
        Recordings that are chosen for a comparison already, on this page of the list or not.
    unfiled
        How many recordings belong to no subject.
    """
    nothing = not (asked.text or asked.unfiled or recordings.total or subjects.total)
    return (
        environment()
        .get_template("home.html")
        .render(
            asked=asked,
            recordings=recordings,
            subjects=subjects,
            chosen=chosen,
            unfiled=unfiled,
            nothing=nothing,
            pager=pager(asked, len(recordings.items), recordings.total, "/"),
            here="recordings",
        )
    )


def subjects_page(asked: Asked, subjects: Some[Seen]) -> str:
    """All subjects, a page at a time."""
    where = pager(asked, len(subjects.items), subjects.total, "/subjects")
    return environment().get_template("subjects.html").render(asked=asked, subjects=subjects, pager=where, here="")
