"""Recordings of a store on their way out: one, a subject's, or all; each under a name that tells no date."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from insole.export._outgoing import Outgoing, Place, sheet_of
from insole.recording import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from analysis.recipe import Study
    from insole.export._exporter import Choice
    from insole.recording import FootStream, Side
    from insole.store import Info, Store

UNFILED = "recording"
"""Stands for a subject where there is none."""


def gather(
    store: Store,
    infos: Iterable[Info],
    choice: Choice,
    *,
    studied: Callable[[Info], Study] | None = None,
    seen: Callable[[int], None] | None = None,
    called: str = "",
) -> Iterator[Outgoing]:
    """Recordings of a store, to be exported: by subject, and by time within one.

    Parameters
    ----------
    store
        Open as long as any of them is being written.
    infos
        Which; those of which nothing was received are passed over.
    choice
        Whether dates leave.
    studied
        Makes the study of a recording; None: as ``insole analyse`` does.
    seen
        Is told of samples that went out.
    called
        What the files of a single one are called; empty: by subject, day and number.
    """
    by_subject: dict[str, list[Info]] = {}
    for info in infos:
        if info.sides:
            by_subject.setdefault(info.subject_id or "", []).append(info)
    names = _names({key: group[0].about.subject_code for key, group in by_subject.items()})
    for key in sorted(by_subject, key=lambda key: names[key]):
        siblings = store.list(subject_id=key) if key else by_subject[key]
        places = _places(names[key], siblings, is_filed=bool(key), dated=choice.dated)
        for info in sorted(by_subject[key], key=_by_time):
            place = places[info.id]
            made = _outgoing(store, info, place, choice, studied or (lambda of: _study(store, of)))
            yield replace(made, called=called, seen=seen or made.seen)


def _outgoing(store: Store, info: Info, place: Place, choice: Choice, studied: Callable[[Info], Study]) -> Outgoing:
    def window(start_s: float | None, stop_s: float | None, side: Side | None) -> Mapping[Side, FootStream]:
        return store.read(info.id, start_s=start_s, stop_s=stop_s, side=side).feet

    nothing = store.read(info.id, start_s=0.0, stop_s=0.0)  # no samples, but all that is known
    marks = store.marks.list(info.id)
    samples = info.samples if info.state == "sealed" else {}
    sheet = sheet_of(nothing, marks=marks, dated=choice.dated, samples=samples, day=place.day)
    return Outgoing(place, sheet, info.spans_s, window, lambda: studied(info))


def _study(store: Store, info: Info) -> Study:
    from analysis.options import Options
    from analysis.recipe import study

    marks = tuple(mark for mark in store.marks.list(info.id) if mark.changes_numbers)
    return study(store.read(info.id), Options(marks=marks))


def _places(name: str, siblings: Sequence[Info], *, is_filed: bool, dated: bool) -> dict[str, Place]:
    """Where each of a subject's recordings stands."""
    days = {info.id: _day(info) for info in siblings}
    known = [day for day in days.values() if day is not None]
    first = min(known, default=None)
    runs: dict[date | None, int] = {}
    places = {}
    for info in sorted(siblings, key=_by_time):
        day = days[info.id]
        runs[day] = runs.get(day, 0) + 1
        offset = None if day is None or first is None or not is_filed else (day - first).days
        places[info.id] = Place(name, offset, runs[day], day.isoformat() if dated and day else "")
    return places


def _day(info: Info) -> date | None:
    """The day that it is filed under, or on which it began."""
    if info.visit_date is not None:
        return info.visit_date
    return None if info.started_at == NO_DATE else info.started_at.date()


def _by_time(info: Info) -> tuple[object, ...]:
    return (info.started_at, info.id)


def _names(codes: Mapping[str, str]) -> dict[str, str]:
    """A name for each subject that is safe in a file's name, and no other's."""
    names: dict[str, str] = {}
    for key, code in sorted(codes.items(), key=lambda item: (item[1], item[0])):
        name = wanted = re.sub(r"[^A-Za-z0-9-]+", "-", code).strip("-") or UNFILED
        number = 1
        while name.casefold() in {taken.casefold() for taken in names.values()}:
            number += 1
            name = f"{wanted}-{number}"
        names[key] = name
    return names
